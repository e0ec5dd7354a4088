"""What is stored about readiness, for one organisation: counts of groups, headcounts, answers.

Every function has a fixed number of SQL queries, whatever the number of staff, teams and courses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q

from courses.learning.models import Enrolment, PlanOutcome
from courses.library.queries import CatalogueEntry
from courses.people.models import Membership, Organisation, Team, User
from courses.people.suppression import is_small
from courses.readiness.coverage import (
    NO_TEAM,
    CoverageTable,
    Group,
    GroupCount,
    Headcount,
    TrendPoint,
    coverage_table,
    newest_headcounts,
    trend_of,
)
from courses.readiness.currency import DEFAULT_MONTHS, Level, end_of, limits_of, month_ends
from courses.readiness.models import Expectation, LocalPlanAnswer, StaffInPost
from courses.readiness.plan_questions import (
    QUESTIONS,
    PlanQuestion,
    PlanSummary,
    is_stale,
    summary_of,
)
from courses.web.raw_sql import parameter
from courses.web.shared_forms import stamp_of

ALL_COURSES, EXPECTED = "all", "expected"
TREND_MONTHS = 12
PROFESSIONS = tuple(User.Profession.values)

# A person is counted once a day: `MAX` takes the team made last of those they are in at once, and
# makes one of several memberships. What is known of each person is fetched once for all days.
# Written as SQL, since groups of groups over a list of values are more than the ORM takes.
COUNTS = """
    WITH limits (number, profession, until, since{needs}) AS (VALUES {values}),
    facts AS {kept} (
        SELECT membership.user_id, membership.team_id, membership.started_at,
               membership.ended_at, person.profession{moments}
          FROM courses_membership membership
          JOIN courses_user person ON person.id = membership.user_id{joins}
         WHERE membership.organisation_id = %s)
    SELECT number, team_id, COUNT(*), SUM(is_current), SUM(is_trained)
      FROM (SELECT limits.number, MAX(facts.team_id) AS team_id,
                   MAX(CASE WHEN {current} THEN 1 ELSE 0 END) AS is_current,
                   MAX(CASE WHEN {trained} THEN 1 ELSE 0 END) AS is_trained
              FROM facts
              JOIN limits ON limits.profession = facts.profession
             WHERE facts.started_at < limits.until
               AND (facts.ended_at IS NULL OR facts.ended_at >= limits.until)
             GROUP BY limits.number, facts.user_id) people
     GROUP BY number, team_id
"""
# The parts of it that there are of each course; {n} is the course's place in the list.
JOIN = """
          LEFT JOIN courses_enrolment taken_{n}
            ON taken_{n}.user_id = membership.user_id AND taken_{n}.course_id = %s"""
TRAINED = "(need_{n} = 0 OR moment_{n} < limits.until)"
CURRENT = "(need_{n} = 0 OR (moment_{n} >= limits.since AND moment_{n} < limits.until))"


def _counts_sql(courses: int, limits: int, *, has_several_days: bool) -> str:
    """The query for so many courses and limits; its parameters are those of `group_counts`."""

    def parts(part: str, between: str = "") -> str:
        return between.join(part.format(n=number) for number in range(courses))

    row = "(%s, %s, %s, %s{})".format(", %s" * courses)
    return COUNTS.format(
        # Of one day PostgreSQL makes one plan with all cores; of several it would fetch each anew.
        kept="MATERIALIZED" if has_several_days else "NOT MATERIALIZED",
        needs=parts(", need_{n}"),
        moments=parts(", taken_{n}.completed_at AS moment_{n}"),
        joins=parts(JOIN),
        current=parts(CURRENT, " AND "),
        trained=parts(TRAINED, " AND "),
        values=", ".join([row] * limits),
    )


def group_counts(
    organisation: Organisation, levels: Mapping[str, Level], days: Sequence[date]
) -> list[GroupCount]:
    """The members on each of these days, counted by team and professional role; one SQL query.

    A member is who has a membership of the organisation, in any role, at the end of the day in
    London. A professional role is what the person says it is now: its history is not kept. The
    moments of completion are counted as they were written, so a certificate that was withdrawn
    afterwards still counts. Roles without a course in `levels` are not there.
    """
    limits = limits_of(levels, days)
    if not limits:
        return []
    course_ids = sorted({pk for limit in limits for pk in limit.course_ids})
    values: list[Any] = []
    for number, limit in enumerate(limits):
        values += [number, limit.profession, _stored(limit.until), _stored(limit.since)]
        values += [int(pk in limit.course_ids) for pk in course_ids]
    sql = _counts_sql(len(course_ids), len(limits), has_several_days=len(days) > 1)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *course_ids, organisation.pk])
        rows = cursor.fetchall()
    counts = []
    for number, team, people, current, trained in rows:
        limit, lapsed = limits[number], trained - current
        counts.append(GroupCount(limit.day, team, limit.profession, people, current, lapsed))
    return counts


def _stored(moment: datetime) -> Any:
    return parameter(Enrolment, "completed_at", moment)


def staff_stamp(organisation: Organisation) -> str:
    """What changes whenever numbers of staff in post are entered; "" before the first ones."""
    newest = StaffInPost.objects.filter(organisation=organisation).order_by("-pk").first()
    return stamp_of(newest.entered_at if newest else None)


def headcount_rows(
    organisation: Organisation, day: date, professions: Sequence[str] = PROFESSIONS
) -> list[tuple[Group, Headcount, date]]:
    """What is known of staff in post on this day, in the order in which it counts; one query."""
    known = StaffInPost.objects.known_on(organisation, day).filter(profession__in=professions)
    fields = known.values_list("team", "profession", "headcount", "as_of", "source")
    rows: list[tuple[Group, Headcount, date]] = []
    for team, profession, number, as_of, source in fields:
        rows.append(((team, profession), Headcount(number, as_of, source), as_of))
    return rows


def headcounts_on(
    rows: Sequence[tuple[Group, Headcount, date]], day: date
) -> dict[Group, Headcount]:
    """The headcount of each group that counts on a day, from `headcount_rows` of that or later."""
    return newest_headcounts((group, entry) for group, entry, as_of in rows if as_of <= day)


def teams_of(organisation: Organisation) -> list[tuple[int | None, str]]:
    """Teams in their tree's order by id and name, with their parent's before it; one query.

    The last one is that of people in no team.
    """
    rows = Team.objects.filter(organisation=organisation).select_related("parent")
    named = []
    for team in rows:
        label = f"{team.parent.name}: {team.name}" if team.parent else team.name
        named.append((team.pk, label))
    named.sort(key=lambda pair: (pair[1].casefold(), pair[0]))
    return [*named, (None, NO_TEAM)]


def expectations_of(organisation: Organisation) -> dict[str, Expectation]:
    """The newest expectation of each professional role that has one; one SQL query."""
    newest = {}
    for row in Expectation.objects.filter(organisation=organisation).order_by("pk"):
        newest[row.profession] = row
    return newest


def levels_of(
    selection: str, courses: Sequence[CatalogueEntry], expectations: Mapping[str, Expectation]
) -> dict[str, Level]:
    """What each role must have completed to be counted.

    Args:
        selection: the key of a course, `ALL_COURSES`, or `EXPECTED` for what the organisation
            expects of each role.
    """
    levels = {}
    for profession in PROFESSIONS:
        expectation = expectations.get(profession)
        months = expectation.months if expectation else DEFAULT_MONTHS
        if selection == EXPECTED:
            wanted = expectation.course_keys if expectation else []
        elif selection == ALL_COURSES:
            wanted = [entry.content.key for entry in courses]
        else:
            wanted = [selection]
        ids = [entry.course_id for entry in courses if entry.content.key in wanted]
        levels[profession] = Level(tuple(ids), months)
    return levels


@dataclass(frozen=True)
class Coverage:
    """One organisation's coverage on one day: the table, and how the total came to be."""

    day: date
    table: CoverageTable
    trend: list[TrendPoint]
    newest_as_of: date | None


def coverage_of(
    organisation: Organisation, levels: Mapping[str, Level], day: date, *, with_trend: bool = True
) -> Coverage:
    """Coverage at the end of a day, with twelve months before it; four SQL queries.

    `newest_as_of` is the latest day of a number of staff in post that was used; None: there is
    none. Without the trend it is three queries, and the trend is empty.
    """
    counted = [profession for profession, level in levels.items() if level.course_ids]
    rows = headcount_rows(organisation, day, counted)
    headcounts = headcounts_on(rows, day)
    counts = group_counts(organisation, levels, [day])
    table = coverage_table(counts, headcounts, teams_of(organisation), counted)
    trend: list[TrendPoint] = []
    if with_trend:
        days = month_ends(day, TREND_MONTHS)
        by_day = {each: headcounts_on(rows, each) for each in days}
        trend = trend_of(group_counts(organisation, levels, days), by_day)
    newest = max((entry.as_of for entry in headcounts.values()), default=None)
    return Coverage(day, table, trend, newest)


@dataclass(frozen=True)
class RoleRow:
    """A professional role as inspectors read training: level, reason, currency, application.

    `courses` are titles of what is expected; empty: nothing is. `coverage` is the total of the
    role in words. `applied` is how many people say that they carried out a plan of theirs; None:
    too few to be shown.
    """

    profession: str
    label: str
    courses: tuple[str, ...]
    reason: str
    months: int
    coverage: str
    percent: str
    applied: int | None

    @property
    def applied_words(self) -> str:
        if self.applied is None:
            return "Fewer than 5"
        return str(self.applied) if self.applied else "None yet"


def role_rows(
    organisation: Organisation,
    courses: Sequence[CatalogueEntry],
    expectations: Mapping[str, Expectation],
    day: date,
) -> list[RoleRow]:
    """One row for each role with staff in post, members or an expectation; four SQL queries."""
    levels = levels_of(EXPECTED, courses, expectations)
    table = coverage_of(organisation, levels, day, with_trend=False).table
    applied = _applied_by_role(organisation, day)
    titles = {entry.content.key: entry.content.title for entry in courses}
    members = _professions_in(organisation, day)
    rows = []
    for profession in PROFESSIONS:
        expectation = expectations.get(profession)
        total = table.of_role(profession)
        if not (expectation or total or profession in members):
            continue
        keys = expectation.course_keys if expectation else []
        people = applied.get(profession, 0)
        row = RoleRow(
            profession=profession,
            label=str(User.Profession(profession).label),
            courses=tuple(titles[key] for key in keys if key in titles),
            reason=expectation.reason if expectation else "",
            months=expectation.months if expectation else DEFAULT_MONTHS,
            coverage=total.words if total and keys else "",
            percent=total.percent_words if total and keys else "",
            applied=None if is_small(people) else people,
        )
        rows.append(row)
    return rows


def _members_on(organisation: Organisation, until: datetime) -> Q:
    """Memberships of an organisation that last beyond this moment, as a filter of memberships."""
    has_not_ended = Q(ended_at=None) | Q(ended_at__gte=until)
    return Q(organisation=organisation, started_at__lt=until) & has_not_ended


def _professions_in(organisation: Organisation, day: date) -> set[str]:
    """The professional roles of the members at the end of a day; one SQL query."""
    members = Membership.objects.filter(_members_on(organisation, end_of(day)))
    return set(members.values_list("user__profession", flat=True).distinct())


def _applied_by_role(organisation: Organisation, day: date) -> dict[str, int]:
    """How many members of each role say that they carried out a plan, while they were members.

    People are counted and not plans, and no word of what they wrote is read; one SQL query.
    """
    until = end_of(day)
    members = Membership.objects.filter(_members_on(organisation, until))
    outcomes = PlanOutcome.objects.filter(
        outcome=PlanOutcome.Outcome.DONE,
        answered_at__lt=until,
        plan__enrolment__user__memberships__in=members,
        answered_at__gte=F("plan__enrolment__user__memberships__started_at"),
    )
    person = "plan__enrolment__user"
    rows = outcomes.values_list(f"{person}__profession").annotate(
        people=Count(person, distinct=True)
    )
    return dict(rows)


@dataclass(frozen=True)
class QuestionRow:
    """A question of the local plan with its newest answer, None where nobody has answered it.

    `is_stale`: it was last checked more than a year ago.
    """

    question: PlanQuestion
    answer: LocalPlanAnswer | None
    is_stale: bool = False

    @property
    def words(self) -> str:
        """The answer in words, with whether it needs checking again."""
        if not self.answer:
            return "Not answered yet"
        words = str(LocalPlanAnswer.Answer(self.answer.answer).label)
        return f"{words}, check again" if self.is_stale else words


@dataclass(frozen=True)
class LocalPlan:
    """The answers about a local plan, one row a question in their order, and their numbers."""

    rows: list[QuestionRow]
    summary: PlanSummary

    @property
    def groups(self) -> list[tuple[str, list[QuestionRow]]]:
        """The rows under the headings of the page."""
        headings = list(dict.fromkeys(row.question.group for row in self.rows))
        grouped = []
        for heading in headings:
            rows = [row for row in self.rows if row.question.group == heading]
            grouped.append((heading, rows))
        return grouped


def local_plan_of(organisation: Organisation, today: date) -> LocalPlan:
    """The newest answer to each question at the end of a day; one SQL query."""
    newest: dict[str, LocalPlanAnswer] = {}
    given_by_then = LocalPlanAnswer.objects.filter(
        organisation=organisation, answered_at__lt=end_of(today)
    )
    answers = given_by_then.order_by("pk")
    for answer in answers:
        newest[answer.question] = answer
    rows = []
    for question in QUESTIONS:
        newest_answer = newest.get(question.key)
        stale = newest_answer is not None and is_stale(newest_answer.checked_on, today)
        rows.append(QuestionRow(question, newest_answer, stale))
    given = [(row.answer.answer, row.answer.checked_on) for row in rows if row.answer]
    return LocalPlan(rows, summary_of(given, today))


def answers_to(organisation: Organisation, question: str) -> list[LocalPlanAnswer]:
    """Every answer to one question, newest first, with who gave it; one SQL query."""
    answers = LocalPlanAnswer.objects.filter(organisation=organisation, question=question)
    return list(answers.select_related("answered_by").order_by("-pk"))
