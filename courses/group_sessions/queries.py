"""Who came to which group session, and the participatory CPD minutes that come of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from courses.group_sessions.models import Attendance, GroupSession
from courses.people.models import Cohort, CohortMembership, User


@dataclass(frozen=True)
class Participation:
    """One person's group sessions, the newest first, each attendance with its session and cohort.

    `minutes` are participatory CPD minutes: of the sessions after which they wrote their own line.
    `taken_back` are attendances that count no more: the session was voided, or a trainer took the
    person off it.
    """

    attendances: list[Attendance]
    taken_back: list[Attendance]

    @property
    def minutes(self) -> int:
        return sum(row.session.minutes for row in self.written)

    @property
    def written(self) -> list[Attendance]:
        """Sessions that count."""
        return [row for row in self.attendances if row.written_at]

    @property
    def unwritten(self) -> list[Attendance]:
        """Sessions that wait for a line."""
        return [row for row in self.attendances if not row.written_at]


@dataclass(frozen=True)
class AttendanceState:
    """What a trainer sees of one person at a session: never the words."""

    user_key: str
    name: str
    has_written: bool


@dataclass(frozen=True)
class RecordedSession:
    """A session as its cohort's trainers see it.

    `present` are those who came and are in the cohort now, by name. `left` is how many came and
    have left the cohort since: their names are not for its trainers any more.
    """

    session: GroupSession
    present: tuple[AttendanceState, ...]
    left: int

    @property
    def came(self) -> int:
        return len(self.present) + self.left

    @property
    def written(self) -> int:
        """How many of those present have written their line."""
        return sum(state.has_written for state in self.present)


def participation_of(user: User) -> Participation:
    """This person's group sessions; one SQL query.

    Source of the rule: participatory learning needs interaction with others, and a record of it
    (NMC, E3 in references.yaml).
    """
    rows = Attendance.objects.filter(user=user)
    rows = rows.select_related("session__cohort", "session__led_by", "session__voided_by")
    counting: list[Attendance] = []
    taken_back: list[Attendance] = []
    for row in rows.order_by("-session__held_on", "-session__pk"):
        (counting if row.is_in_force else taken_back).append(row)
    return Participation(counting, taken_back)


def recorded_sessions_of(cohort: Cohort) -> list[RecordedSession]:
    """Every session of a cohort, voided ones too, the newest first; three SQL queries."""
    sessions = cohort.group_sessions.select_related("led_by", "voided_by")
    return _recorded(cohort, sessions.order_by("-held_on", "-pk"))


def recorded_session(session: GroupSession) -> RecordedSession:
    """One session as in `recorded_sessions_of`."""
    return _recorded(session.cohort, [session])[0]


def _recorded(cohort: Cohort, sessions: Iterable[GroupSession]) -> list[RecordedSession]:
    sessions = list(sessions)
    states: dict[int, list[AttendanceState]] = {session.pk: [] for session in sessions}
    left = dict.fromkeys(states, 0)
    current = CohortMembership.objects.current().filter(cohort=cohort)
    members = set(current.values_list("user_id", flat=True))
    # Without the line: it never comes near a trainer's page.
    rows = Attendance.objects.filter(session__in=sessions, removed_at=None)
    columns = ("session_id", "user_id", "user__key", "user__name", "written_at")
    for session_id, user_id, key, name, written_at in rows.values_list(*columns):
        if user_id in members:
            states[session_id].append(AttendanceState(str(key), name, written_at is not None))
        else:
            left[session_id] += 1
    recorded = []
    for session in sessions:
        present = sorted(states[session.pk], key=lambda state: state.name.casefold())
        recorded.append(RecordedSession(session, tuple(present), left[session.pk]))
    return recorded


def members_besides(user: User, cohort: Cohort) -> list[User]:
    """Who can be ticked by this trainer: the cohort's learners now, but themselves, by name."""
    current = CohortMembership.objects.current().filter(cohort=cohort).exclude(user=user)
    return list(User.objects.filter(pk__in=current.values("user")).order_by("name", "pk"))
