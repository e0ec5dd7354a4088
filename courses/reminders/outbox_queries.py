"""What was sent to whom, and why not: the rows of the mail page, and of one learner."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, Exists, F, OuterRef, QuerySet, Value

from courses.library.queries import content_of
from courses.people.models import (
    Assignment,
    Cohort,
    CohortMembership,
    Membership,
    Organisation,
    User,
)
from courses.reminders.models import (
    Digest,
    LearnerNote,
    Nudge,
    ReminderRun,
    mail_state,
    note_state,
)
from courses.reminders.schedule import DAY, Obstacle, Reason

STATES = {
    "sent": "Sent",
    "waiting": "Waiting",
    "failed": "Not delivered",
    "not-sent": "Not sent",
}
BY_HAND = "by-hand"  # a reminder that a trainer sent, beside the values of `Reason`
ALARM = {Digest.Kind.WEEKLY: 9 * DAY, Digest.Kind.MONTHLY: 40 * DAY}  # since the last one
RUN_ALARM = timedelta(hours=26)  # a timer may call once a day


@dataclass(frozen=True)
class SentRow:
    """One reminder to a learner. `state` is one of STATES; `why` is why it was not sent, or "".

    `is_member`: they are in the cohort now, so that there is a page of theirs.
    """

    at: datetime
    name: str
    learner_key: UUID
    cohort_key: UUID
    cohort: str
    course_key: str
    title: str
    what: str
    state: str
    why: str
    is_member: bool

    @property
    def state_words(self) -> str:
        return STATES[self.state]


FIELDS = (
    "at",
    "state",
    "what",
    "why",
    "name",
    "learner_key",
    "cohort_key",
    "cohort_name",
    "course_key",
    "edition",
    "is_member",
)
BOTH = {"name": F("user__name"), "learner_key": F("user__key")}


@dataclass(frozen=True)
class Outbox:
    """Reminders to learners: the notes sent by the clock, and those by a trainer's hand.

    Both are QuerySets annotated with FIELDS, which type hints cannot say.
    """

    notes: Any
    nudges: Any

    def counts(self) -> dict[str, int]:
        """How many there are in each of STATES, in two SQL queries."""
        counts = dict.fromkeys(STATES, 0)
        for rows in (self.notes, self.nudges):
            for state, number in rows.order_by().values_list("state").annotate(number=Count("pk")):
                counts[state] += number
        return counts

    def newest_first(self, state: str = "") -> Any:
        """All of them as one list that can be counted and sliced; `state` "": of every state.

        A slice of it is for `as_rows`.
        """
        notes, nudges = self.notes.order_by(), self.nudges.order_by()
        if state:
            notes, nudges = notes.filter(state=state), nudges.filter(state=state)
        rows = notes.values_list(*FIELDS, named=True)
        both = rows.union(nudges.values_list(*FIELDS, named=True), all=True)
        # Notes of one run have the same moment: by name too, so that pages do not overlap.
        return both.order_by("-at", "name", "learner_key", "course_key", "cohort_key")


def outbox_of(cohorts: QuerySet[Cohort]) -> Outbox:
    """Every reminder to learners of these cohorts."""
    notes = LearnerNote.objects.in_cohorts(cohorts).annotate(
        state=note_state(),
        what=F("reason"),
        why=F("obstacle"),
        cohort_key=F("assignment__cohort__key"),
        cohort_name=F("assignment__cohort__name"),
        course_key=F("assignment__course__key"),
        edition=F("assignment__course__edition"),
        is_member=_is_member("assignment__cohort"),
        **BOTH,
    )
    nudges = Nudge.objects.filter(cohort__in=cohorts).annotate(
        at=F("sent_at"),
        state=mail_state(),
        what=Value(BY_HAND, output_field=CharField()),
        why=Value("", output_field=CharField()),
        cohort_key=F("cohort__key"),
        cohort_name=F("cohort__name"),
        course_key=F("course__key"),
        edition=F("course__edition"),
        is_member=_is_member("cohort"),
        **BOTH,
    )
    return Outbox(notes, nudges)


def _is_member(cohort: str) -> Exists:
    """Inside a query of reminders: whether the learner is in the cohort now."""
    current = CohortMembership.objects.current()
    return Exists(current.filter(user=OuterRef("user"), cohort=OuterRef(cohort)))


def outbox_of_learner(assignment: Assignment, user_id: int) -> Outbox:
    """Every reminder of this course to one learner of its cohort."""
    outbox = outbox_of(Cohort.objects.filter(pk=assignment.cohort_id))
    notes = outbox.notes.filter(user=user_id, assignment=assignment)
    nudges = outbox.nudges.filter(user=user_id, course=assignment.course_id)
    return Outbox(notes, nudges)


def as_rows(rows: Any) -> list[SentRow]:
    """A slice of `Outbox.newest_first` as a page shows it; titles come from memory."""
    reasons = {reason.value: reason.words for reason in Reason} | {BY_HAND: "By a trainer’s hand"}
    obstacles = {obstacle.value: obstacle.words for obstacle in Obstacle} | {"": ""}
    shown = []
    for row in rows:
        title = content_of(row.edition).title if row.edition else row.course_key
        shown.append(
            SentRow(
                at=row.at,
                name=row.name,
                learner_key=row.learner_key,
                cohort_key=row.cohort_key,
                cohort=row.cohort_name,
                course_key=row.course_key,
                title=title,
                what=reasons[row.what],
                state=row.state,
                why=obstacles[row.why],
                is_member=row.is_member,
            )
        )
    return shown


@dataclass(frozen=True)
class DigestLine:
    """The last digest of a trainer or manager. `last` None: there was none yet.

    `is_late`: the next one should have come by now.
    """

    name: str
    kind: str
    last: Digest | None
    is_late: bool


def digest_lines(
    organisation: Organisation,
    now: datetime,
    began_at: datetime | None,
    only: User | None = None,
) -> list[DigestLine]:
    """The last digest of each trainer and manager of an organisation, the late ones first.

    Only who leads has a digest: who learns is in `outbox_of`. `only` narrows to one person. Nobody
    waits for a digest from before `began_at`, when this site began to remind; None: it never did,
    and that they have waited since they lead. Two SQL queries.
    """
    members = Membership.objects.current().filter(organisation=organisation, user__is_active=True)
    if only:
        members = members.filter(user=only)
    kinds = {
        Membership.Role.TRAINER: Digest.Kind.WEEKLY,
        Membership.Role.MANAGER: Digest.Kind.MONTHLY,
    }
    last: dict[tuple[int, str], Digest] = {}
    for digest in Digest.objects.of(organisation).with_state().order_by("at", "pk"):
        last[digest.user_id, digest.kind] = digest
    lines = []
    rows = members.filter(role__in=kinds).select_related("user").order_by("user__name", "pk")
    for member in rows:
        kind = kinds[Membership.Role(member.role)]
        newest = last.get((member.user_id, kind))
        since = newest.at if newest else max(member.started_at, began_at or member.started_at)
        lines.append(DigestLine(str(member.user), kind.label, newest, now - since > ALARM[kind]))
    return sorted(lines, key=lambda line: not line.is_late)


def reminder_run() -> ReminderRun:
    """When reminders were last looked at on this site; all None where they never were."""
    return ReminderRun.objects.first() or ReminderRun()


def is_stopped(last: datetime | None, now: datetime) -> bool:
    """Whether that is so long ago that nobody is reminded any more; False before the first run."""
    return last is not None and now - last > RUN_ALARM
