"""What a trainer's weekly and a manager's monthly digest say, and who is due one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from courses.dashboards.attention import AttentionReason
from courses.dashboards.members import Member, members_on
from courses.dashboards.queries import title_of
from courses.people.models import Assignment, Cohort, Membership, Organisation, User
from courses.reminders.models import Digest, LearnerNote, Nudge
from courses.reminders.queries import rows_of
from courses.reminders.schedule import CAP, WEEK
from courses.reminders.team_figures import Person, TeamFigures, figures_of

NAMED = 8  # learners a digest names for each reason; the page has all


@dataclass(frozen=True)
class Group:
    """The learners with one reason: so many are named, and how many more there are."""

    heading: str
    names: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class WeekOfCohorts:
    """A trainer's week. `reminded` is how many reminders went to their learners in seven days."""

    groups: tuple[Group, ...]
    never_started: int
    reminded: int

    def __bool__(self) -> bool:
        return bool(self.groups) or self.never_started > 0


def memberships_due(role: str, kind: str, now: datetime) -> QuerySet[Membership]:
    """Current memberships of active people in this role who had no such digest lately.

    Who has two memberships of a role in one organisation has one: the database sees to that.
    """
    lately = Digest.objects.filter(
        user=OuterRef("user"),
        organisation=OuterRef("organisation"),
        kind=kind,
        at__gt=now - CAP,
    )
    current = Membership.objects.current().filter(role=role, user__is_active=True)
    return current.exclude(Exists(lately)).order_by("pk")


def week_of_cohorts(trainer: User, organisation: Organisation, now: datetime) -> WeekOfCohorts:
    """The learners who need this trainer, in their open cohorts of one organisation.

    Only who learns in a cohort is in it, and never the trainer themselves. Nine SQL queries at
    most.
    """
    cohorts = Cohort.objects.trained_by(trainer).open().filter(organisation=organisation)
    assignments = Assignment.objects.filter(cohort__in=cohorts, course__retired_at=None)
    rows = list(assignments.select_related("cohort__organisation", "course"))
    learners = []
    for learner in members_on(rows, now):
        if learner.user_id != trainer.pk and not learner.is_completed:
            learners.append(learner)
    groups = [
        _group("Asked you for something", learners, AttentionReason.ASKS),
        _group("No attempts left", learners, AttentionReason.NO_ATTEMPTS),
        _group("Past their due date", learners, AttentionReason.OVERDUE),
        _group("Not seen for two weeks", learners, AttentionReason.QUIET),
        _group("Due within a week", learners, AttentionReason.DUE_SOON),
        _group("Not passed in two attempts", learners, AttentionReason.FAILED_TWICE),
        _group("Very sure of a wrong answer about safety", learners, AttentionReason.UNSAFE),
    ]
    never = {row.user_id for row in learners if not row.has_started}
    since = now - WEEK
    notes = LearnerNote.objects.in_cohorts(cohorts).sent().filter(at__gt=since)
    nudges = Nudge.objects.filter(cohort__in=cohorts, sent_at__gt=since)
    reminded = notes.exclude(user=trainer).count() + nudges.exclude(user=trainer).count()
    named = tuple(group for group in groups if group.names)
    return WeekOfCohorts(named, len(never), reminded)


def _group(heading: str, learners: Iterable[Member], reason: AttentionReason) -> Group:
    # By the most pressing reason, so that nobody stands in the mail twice for one course.
    rows = [row for row in learners if row.attention_reasons[:1] == (reason,)]
    names = tuple(f"{row.name}, {title_of(row.assignment)}" for row in rows[:NAMED])
    return Group(heading, names, len(rows) - len(names))


def month_of_teams(organisation: Organisation, now: datetime) -> list[TeamFigures]:
    """An organisation's learners by team, in numbers that name nobody. One SQL query."""
    membership = Membership.objects.current().filter(
        user=OuterRef("user"), organisation=organisation
    )
    # A sub-team counts with its team of the first level.
    team = membership.filter(team__isnull=False).order_by("pk")
    in_force = rows_of(organisation).annotate(
        team=Subquery(team.values("team__name")[:1]),
        parent=Subquery(team.values("team__parent__name")[:1]),
    )
    people: dict[int, Person] = {}
    fields = ("user", "team", "parent", "due_at", "completed_at", "enrolment")
    for user, team_name, parent_name, due_at, completed_at, enrolment in in_force.values_list(
        *fields
    ):
        person = people.setdefault(user, Person(parent_name or team_name or ""))
        person.has_started = person.has_started or enrolment is not None
        person.has_completed = person.has_completed or completed_at is not None
        is_overdue = due_at is not None and due_at < now and completed_at is None
        person.is_overdue = person.is_overdue or is_overdue
    return figures_of(people.values())
