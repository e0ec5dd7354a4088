"""Who is trained and current of the staff in post: counted, suppressed, as of a day, and on a page."""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from courses.assessment.models import Attempt
from courses.learning.actions import enrol, submit_attempt
from courses.learning.lesson_actions import begin_lesson, finish_step
from courses.learning.models import Enrolment, LessonRecord
from courses.library.queries import catalogue, content_of
from courses.people.models import Membership, Organisation, Team, User
from courses.readiness.actions import enter_staff_in_post, set_expectation
from courses.readiness.charts import trend_chart
from courses.readiness.coverage import Cell, GroupCount, Headcount, TrendPoint, coverage_table
from courses.readiness.currency import DEFAULT_MONTHS, month_ends, months_before
from courses.readiness.entries import StaffEntry
from courses.readiness.models import StaffInPost
from courses.readiness.queries import (
    ALL_COURSES,
    EXPECTED,
    coverage_of,
    expectations_of,
    group_counts,
    levels_of,
)
from courses.web.dates import LONDON
from tests.conftest import Cast, answer_all, begin_quiz, tried

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
DAY = date(2026, 3, 31)
URL = "/organisations/riverside/coverage/"


@pytest.fixture
def service(cast: Cast) -> Organisation:
    """Tess's organisation, which she and Mo manage."""
    return cast.cohort.organisation


def staff(
    organisation: Organisation,
    number: int,
    profession: str = "health-visitor",
    team: Team | None = None,
    completed_at: datetime | None = None,
) -> list[User]:
    """So many members since 2020, who have completed the course at this moment, if at any."""
    people = []
    course = catalogue()[0]
    for _ in range(number):
        email = f"p{User.objects.count()}@example.org"
        user = User.objects.create(email=email, name="Somebody", profession=profession)
        started = datetime(2020, 1, 1, tzinfo=UTC)
        Membership.objects.create(
            user=user, organisation=organisation, team=team, started_at=started
        )
        if completed_at:
            Enrolment.objects.create(
                user=user,
                course_id=course.course_id,
                edition_id=course.edition_id,
                completed_at=completed_at,
            )
        people.append(user)
    return people


def in_post(
    manager: User,
    organisation: Organisation,
    number: int | None,
    *,
    team: Team | None = None,
    profession: str = "health-visitor",
    as_of: date = date(2026, 1, 1),
) -> int:
    pk = team.pk if team else None
    entry = StaffEntry(pk, profession, number, as_of, "Staff record")
    return enter_staff_in_post(manager, organisation, [entry], timezone.now())


def total_on(organisation: Organisation, day: date, selection: str = "tiny"):
    levels = levels_of(selection, catalogue(), expectations_of(organisation))
    return coverage_of(organisation, levels, day, with_trend=False).table.total


def test_it_works(cast, service, sign_in):
    staff(service, 8, completed_at=NOON)
    staff(service, 4)
    in_post(cast.mo, service, 16)
    page = sign_in(cast.mo).get(f"{URL}?on=2026-03-31").content.decode()
    assert "8 of 16 in post are trained and current (50%)" in page
    assert "All courses, as of Tuesday 31 March 2026 (end of day)" in page
    assert "<td>8 of 16 <small>(50%)</small></td>" in page


def test_the_day_itself_counts_to_its_last_second_in_london(cast, service):
    in_post(cast.mo, service, 20)
    last_second = datetime(2026, 3, 31, 23, 59, 59, tzinfo=LONDON)
    staff(service, 5, completed_at=last_second)
    staff(service, 6, completed_at=last_second + timedelta(seconds=1))
    assert total_on(service, DAY).current == 5
    assert total_on(service, DAY + timedelta(days=1)).current == 11


def test_who_left_counts_until_they_left(cast, service):
    people = staff(service, 6, completed_at=NOON)
    left_at = datetime(2026, 4, 10, 9, tzinfo=UTC)
    Membership.objects.filter(user__in=people).update(ended_at=left_at)
    assert total_on(service, date(2026, 4, 9)).current == 6
    assert total_on(service, date(2026, 4, 10)).current == 0


def test_who_has_two_roles_or_two_teams_is_one_person(cast, service):
    first = Team.objects.create(organisation=service, name="North")
    second = Team.objects.create(organisation=service, name="South")
    for user in staff(service, 6, team=second, completed_at=NOON):
        Membership.objects.create(
            user=user, organisation=service, role="trainer", team=first, started_at=NOON
        )
    counts = group_counts(service, levels_of("tiny", catalogue(), {}), [DAY])
    assert [(row.team_id, row.current) for row in counts if row.current] == [(second.pk, 6)]


def test_a_completion_is_current_for_three_years_or_as_long_as_is_set_for_the_role(cast, service):
    staff(service, 6, completed_at=NOON)
    assert total_on(service, date(2029, 3, 31)).current == 6
    assert total_on(service, date(2029, 4, 1)).current == 0
    set_expectation(cast.mo, service, "health-visitor", ["tiny"], "For babies", 12, "", NOON)
    assert total_on(service, date(2027, 3, 31)).current == 6
    assert total_on(service, date(2027, 4, 1)).current == 0


def test_only_roles_of_which_something_is_expected_count_for_it(cast, service):
    staff(service, 6, completed_at=NOON)
    staff(service, 7, "camhs", completed_at=NOON)
    assert not total_on(service, DAY, EXPECTED).is_listed
    set_expectation(cast.mo, service, "camhs", ["tiny"], "For babies", 36, "", NOON)
    assert total_on(service, DAY, EXPECTED).current == 7


def test_staff_in_post_that_is_not_known_is_never_zero(cast, service):
    staff(service, 6, completed_at=NOON)
    total = total_on(service, DAY)
    assert (total.staff, total.percent, total.words) == (None, None, "6 of ?")


def test_what_is_known_for_some_groups_only_gives_no_percent(cast, service):
    staff(service, 6, completed_at=NOON)
    staff(service, 6, "camhs", completed_at=NOON)
    in_post(cast.mo, service, 20)
    total = total_on(service, DAY)
    assert (total.words, total.percent) == ("12 of 20 + ?", None)
    assert "not known for 1 group" in total.long_words


def test_more_trained_than_in_post_is_said_and_is_no_percent_over_a_hundred(cast, service, sign_in):
    staff(service, 12, completed_at=NOON)
    in_post(cast.mo, service, 10)
    total = total_on(service, DAY)
    assert total.is_beyond
    assert total.percent is None
    page = sign_in(cast.mo).get(URL).content.decode()
    assert "more than the 10 said to be in post: check staff in post" in page
    assert "<li>No team, Health visitor</li>" in page


def test_a_percent_is_rounded_down_so_that_a_hundred_is_everybody(cast, service):
    staff(service, 999, completed_at=NOON)
    in_post(cast.mo, service, 1000)
    assert total_on(service, DAY).percent == 99


def test_the_newest_day_counts_and_a_later_entry_of_a_day_replaces_it(cast, service):
    in_post(cast.mo, service, 20, as_of=date(2026, 1, 1))
    in_post(cast.mo, service, 30, as_of=date(2026, 2, 1))
    in_post(cast.mo, service, 25, as_of=date(2026, 1, 1))
    assert total_on(service, date(2026, 1, 15)).staff == 25
    assert total_on(service, date(2026, 2, 15)).staff == 30
    assert total_on(service, date(2025, 12, 31)).staff is None
    in_post(cast.mo, service, None, as_of=date(2026, 3, 1))
    assert total_on(service, DAY).staff is None
    assert StaffInPost.objects.count() == 4


def test_the_same_entry_again_adds_nothing(cast, service):
    assert in_post(cast.mo, service, 20) == 1
    assert in_post(cast.mo, service, 20) == 0
    assert in_post(cast.mo, service, None, profession="camhs") == 0
    assert StaffInPost.objects.count() == 1


def test_fewer_than_five_people_show_nowhere(cast, service, sign_in):
    north = Team.objects.create(organisation=service, name="North")
    south = Team.objects.create(organisation=service, name="South")
    staff(service, 3, team=north, completed_at=NOON)
    staff(service, 17, team=south, completed_at=NOON)
    staff(service, 9, "camhs", team=north, completed_at=NOON)
    staff(service, 8, "camhs", team=south, completed_at=NOON)
    for team in (north, south):
        for profession in ("health-visitor", "camhs"):
            in_post(cast.mo, service, 30, team=team, profession=profession)
    client = sign_in(cast.mo)
    page = client.get(URL).content.decode()
    table = page[page.index('id="coverage-table"') : page.index("How to read")]
    assert "3 of" not in table
    assert table.count(">Hidden<") == 4
    assert "37 of 120" in table
    lines = client.get(f"{URL}csv/").content.decode("utf-8-sig").split("\r\n")
    assert next(line.split('","')[2:] for line in lines if line.startswith('"20')) == [
        "North",
        "Health visitor",
        "hidden",
        'hidden"',
    ]


def test_a_hidden_cell_does_not_even_hold_its_number():
    counts = [GroupCount(DAY, None, "camhs", 9, 4, 0)]
    known = {(None, "camhs"): Headcount(9, DAY, "Staff record")}
    table = coverage_table(counts, known, [(None, "No team")], ["camhs"])
    assert table.total.is_hidden
    assert (table.total.current, table.total.staff) == (0, None)
    assert table.rows[0].cells[0].words == "Hidden"


def completions_again(organisation: Organisation, day: date) -> dict[tuple[int | None, str], int]:
    """Counted from the rows of lessons and attempts, person by person: who was current when."""
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), LONDON)
    since = datetime.combine(months_before(day, DEFAULT_MONTHS), datetime.min.time(), LONDON)
    counted: dict[tuple[int | None, str], int] = defaultdict(int)
    for user in User.objects.all():
        members = [
            membership
            for membership in user.memberships.filter(organisation=organisation)
            if membership.started_at < end
            and (membership.ended_at is None or membership.ended_at >= end)
        ]
        moment = _finished_at(user)
        if members and moment and since <= moment < end:
            team = max(row.team_id or 0 for row in members) or None
            counted[team, user.profession] += 1
    return dict(counted)


def _finished_at(user: User) -> datetime | None:
    """When the last part of the course was finished; None while one is not."""
    enrolment = user.enrolments.first()
    if not enrolment:
        return None
    course = content_of(enrolment.edition_id)
    moments = []
    for lesson in course.lessons:
        record = LessonRecord.objects.filter(enrolment=enrolment, lesson_key=lesson.key).first()
        moments.append(record and record.completed_at)
    for quiz in course.finals:
        passed = Attempt.objects.filter(
            user=user, course=enrolment.course, quiz_key=quiz.key, state="scored", passed=True
        )
        first = passed.order_by("submitted_at").first()
        moments.append(first and first.submitted_at)
    return None if None in moments else max(moments)


def walk(user: User, course, moment: datetime, parts: int) -> None:
    """Takes a person through so many parts of the course: its lessons, then its final quiz."""
    enrolment = enrol(user, course, moment)
    lessons = content_of(enrolment.edition_id).lessons
    for number, lesson in enumerate(lessons[:parts]):
        at = moment + timedelta(hours=number)
        record = begin_lesson(enrolment, lesson, at)
        for step in lesson.steps:
            finish_step(record, lesson, step, tried(lesson), at)
            record.refresh_from_db()
    if parts > len(lessons):
        attempt = begin_quiz(user, course)
        answer_all(user, attempt, right=parts > len(lessons) + 1)
        submit_attempt(user, attempt.key, timezone.now())


def test_every_cell_is_what_a_recount_from_the_lesson_rows_gives(course, cast, service):
    dice = random.Random(7)
    teams = [None, *(Team.objects.create(organisation=service, name=name) for name in "AB")]
    now = timezone.now()
    for number in range(36):
        profession = dice.choice(["health-visitor", "camhs", "gp"])
        user = User.objects.create(email=f"r{number}@example.org", profession=profession)
        started = now - timedelta(days=dice.randrange(1, 400))
        for role in dice.choice([["learner"], ["learner", "trainer"]]):
            ended = dice.choice([None, None, started + timedelta(days=dice.randrange(1, 400))])
            Membership.objects.create(
                user=user,
                organisation=service,
                role=role,
                team=dice.choice(teams),
                started_at=started,
                ended_at=ended,
            )
        walk(user, course, now - timedelta(days=dice.randrange(1, 300)), dice.randrange(0, 6))
    completed = Enrolment.objects.exclude(completed_at=None)
    assert completed.count() > 8
    today = timezone.localdate()
    levels = levels_of("tiny", catalogue(), {})
    for day in (today, today - timedelta(days=1), today + timedelta(days=1000)):
        counts = group_counts(service, levels, [day])
        cells = {row.group: row.current for row in counts if row.current}
        assert cells == completions_again(service, day), day


def test_several_days_at_once_are_each_of_them_alone(cast, service):
    staff(service, 6, completed_at=NOON)
    staff(service, 3, "camhs", completed_at=NOON + timedelta(days=40))
    levels = levels_of(ALL_COURSES, catalogue(), {})
    days = month_ends(date(2026, 6, 30), 12)
    together = group_counts(service, levels, days)
    alone = [row for day in days for row in group_counts(service, levels, [day])]
    assert sorted(map(repr, together)) == sorted(map(repr, alone))


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 1, 15), 36, date(2023, 1, 15)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
    ],
)
def test_months_before(day, months, earlier):
    assert months_before(day, months) == earlier


def test_the_ends_of_months():
    assert month_ends(date(2026, 3, 15), 2) == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 15),
    ]


def test_so_many_queries_whatever_the_size(cast, service, sign_in, django_assert_num_queries):
    client = sign_in(cast.mo)
    client.get(URL)
    counts = []
    for _ in range(2):
        with django_assert_num_queries(QUERIES):
            client.get(URL)
        counts.append(User.objects.count())
        for name in ("North", "South"):
            team = Team.objects.create(organisation=service, name=f"{name} {len(counts)}")
            staff(service, 6, "camhs", team=team, completed_at=NOON)
            in_post(cast.mo, service, 20, team=team, profession="camhs")
    assert counts[1] > counts[0]


QUERIES = 14


def test_a_manager_of_another_organisation_finds_nothing(cast, service, sign_in):
    olga = sign_in(cast.olga)
    for path in ("coverage/", "coverage/csv/", "plan/", "readiness/", "readiness/pdf/"):
        assert olga.get(f"/organisations/riverside/{path}").status_code == 404, path


def test_a_trainer_reads_and_does_not_change(cast, service, sign_in):
    Membership.objects.filter(user=cast.tess, role="manager").update(ended_at=timezone.now())
    tess = sign_in(cast.tess)
    page = tess.get(URL).content.decode()
    assert "Enter staff in post" not in page
    assert "A manager of the organisation can enter it." in page
    assert "What is expected of each role" in page
    for path in ("staff-in-post/", "expectations/camhs/", "plan/babies-named/"):
        assert tess.get(f"/organisations/riverside/{path}").status_code == 404, path
        assert tess.post(f"/organisations/riverside/{path}").status_code == 404, path


def test_an_empty_organisation_is_told_what_to_do(cast, sign_in):
    Membership.objects.filter(organisation__slug="hillview", role="learner").delete()
    page = sign_in(cast.olga).get("/organisations/hillview/coverage/").content.decode()
    assert "Staff in post is not known yet, so there is no share." in page
    assert "Enter staff in post" in page


@pytest.mark.parametrize("day", ["2099-01-01", "1999-01-01", "x", "31.3.2026"])
def test_a_day_that_is_none_is_said_and_today_is_shown(cast, service, sign_in, day):
    response = sign_in(cast.mo).get(URL, {"on": day})
    assert response.status_code == 400
    assert "There is a problem" in response.content.decode() or "Error" in response.content.decode()


def test_the_line_breaks_where_nobody_is_listed_or_the_number_is_hidden():
    listed, few = Cell(8, 20), Cell(0, None, is_hidden=True)
    nobody = Cell(0, None, is_listed=False)
    days = [DAY + timedelta(days=number) for number in range(6)]
    cells = [nobody, listed, listed, few, listed, listed]
    chart = trend_chart([TrendPoint(*pair) for pair in zip(days, cells, strict=True)])
    assert chart and len(chart.dots) == 4
    assert [len(line.split()) for line in chart.lines] == [2, 2]
    assert trend_chart([TrendPoint(DAY, nobody), TrendPoint(DAY, listed)]) is None


def test_trend_and_table_say_the_same_of_today(cast, service):
    staff(service, 8, completed_at=NOON)
    in_post(cast.mo, service, 16)
    shown = coverage_of(service, levels_of("tiny", catalogue(), {}), timezone.localdate())
    assert len(shown.trend) == 13
    assert shown.trend[-1].total == shown.table.total
