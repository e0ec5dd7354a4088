"""Which reminder a learner gets, when, and why none: rules from facts.

No rows, no mails and no clock live here. The facts are fetched in `queries`, and `notes` acts on
them. These are rules of our own: peers' learners complain of nagging without an off switch
(WordPress/Learn issue 1782) and of days that shift with the clocks (PEERS.md, case 25).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

from courses.web.dates import LONDON

DAY, WEEK = timedelta(days=1), timedelta(days=7)
NOTICE = 8 * DAY  # a due date is announced eight to one days before: in one hour of one's own
QUIET = 14 * DAY  # begun, not completed, and not seen for this long
OVERDUE_WEEKS = 3  # so many weekly notes after a due date, then no more
LATEST = 2 * DAY  # after one's own hour: a timer that runs once a day misses nobody
CAP = timedelta(days=6, hours=12)  # between two notes; half a day less than a week, for late runs
TRAINERS_PAUSE = 3 * DAY  # after a reminder by a trainer's hand
FIRST_HOUR, LAST_HOUR = 6, 21  # that one can choose; no change of the clocks is among them


class Reason(Enum):
    """Why a note is sent, the most pressing first. The values are stored: they stay."""

    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    COME_BACK = "come-back"

    @property
    def words(self) -> str:
        return {"due-soon": "Due soon", "overdue": "Overdue", "come-back": "Come back"}[self.value]


class Obstacle(Enum):
    """Why a note is not sent, the most lasting first. The values are stored: they stay."""

    ACCOUNT_CLOSED = "account-closed"
    LEFT = "left"
    COHORT_CLOSED = "cohort-closed"
    COURSE_RETIRED = "course-retired"
    COMPLETED = "completed"
    SWITCHED_OFF = "switched-off"
    DATE_MOVED = "date-moved"

    @property
    def words(self) -> str:
        return OBSTACLE_WORDS[self]


OBSTACLE_WORDS = {
    Obstacle.ACCOUNT_CLOSED: "their account is closed",
    Obstacle.LEFT: "they have left the cohort, or it no longer has the course",
    Obstacle.COHORT_CLOSED: "the cohort is closed",
    Obstacle.COURSE_RETIRED: "the course is retired",
    Obstacle.COMPLETED: "they have completed the course",
    Obstacle.SWITCHED_OFF: "they have switched reminders off",
    Obstacle.DATE_MOVED: "the due date was moved before the mail left",
}


@dataclass(frozen=True)
class OwnTime:
    """When a person wants their reminders: a weekday (0 is Monday) and an hour, in London."""

    weekday: int = 0
    hour: int = 8

    def week_of(self, now: datetime) -> datetime:
        """The last own moment that is not after `now`, in UTC: it begins a week of one's own."""
        local = now.astimezone(LONDON)
        day = local.date() - timedelta(days=(local.weekday() - self.weekday) % 7)
        moment = self._at(day)
        return moment if moment <= now else self._at(day - WEEK)

    def next_after(self, moment: datetime) -> datetime:
        """The first own moment after this one, in UTC."""
        return self._at(self.week_of(moment).astimezone(LONDON).date() + WEEK)

    def next_hour_after(self, moment: datetime) -> datetime:
        """The first own hour after this moment, whatever the weekday, in UTC."""
        day = moment.astimezone(LONDON).date()
        at = self._at(day)
        return at if at > moment else self._at(day + DAY)

    def is_past_hour(self, now: datetime) -> bool:
        """Whether the own hour of this day has come."""
        return now.astimezone(LONDON).hour >= self.hour

    def _at(self, day: date) -> datetime:
        # By the clock on the wall, so that eight o'clock stays eight when the clocks change.
        return datetime.combine(day, time(self.hour), LONDON).astimezone(UTC)


@dataclass(frozen=True)
class Facts:
    """A learner of a cohort on one of its courses.

    `due_at` is the end of their own due date; None: there is none. `known_at` is when they could
    know of it: the latest of joining, being given the course, and an extension. `last_seen_at` is
    when they were last on the course; None: they never began, or it was not asked.
    `is_asked_back`: they had the note of this time away, `is_announced`: that of this due date.
    """

    due_at: datetime | None
    known_at: datetime
    last_seen_at: datetime | None = None
    is_active: bool = True
    is_member: bool = True
    is_cohort_open: bool = True
    is_retired: bool = False
    is_completed: bool = False
    wants_reminders: bool = True
    is_asked_back: bool = False
    is_announced: bool = False

    @property
    def due_period(self) -> str:
        """The period of the one note that announces this due date; "": there is none."""
        return _day(self.due_at) if self.due_at else ""

    @property
    def away_period(self) -> str:
        """The period of the one come-back note of this time away; "": they never began."""
        return _day(self.last_seen_at) if self.last_seen_at else ""

    def has_due_day(self, period: str) -> bool:
        """Whether a note of this period names the due date as it is now; see `note_of`."""
        return self.due_at is not None and period.startswith(self.due_period)


@dataclass(frozen=True)
class DueNote:
    """A note whose moment has come. `period` makes it the only one of its reason; see `note_of`."""

    reason: Reason
    period: str


def obstacle_of(facts: Facts) -> Obstacle | None:
    """What keeps every note of this course from this learner, the most lasting first; or None."""
    holds = {
        Obstacle.ACCOUNT_CLOSED: not facts.is_active,
        Obstacle.LEFT: not facts.is_member,
        Obstacle.COHORT_CLOSED: not facts.is_cohort_open,
        Obstacle.COURSE_RETIRED: facts.is_retired,
        Obstacle.COMPLETED: facts.is_completed,
        Obstacle.SWITCHED_OFF: not facts.wants_reminders,
    }
    for obstacle, is_so in holds.items():
        if is_so:
            return obstacle
    return None


def note_of(facts: Facts, own_time: OwnTime, now: datetime) -> DueNote | None:
    """The note of this course whose moment has come, whatever stands in its way; None: none has.

    | reason    | when                                                       | period             |
    |-----------|------------------------------------------------------------|--------------------|
    | due soon  | see `due_soon_at`; until the due date                      | the due date       |
    | overdue   | one's own moment in each of the three weeks after the date | due date and week  |
    | come back | one's own moment after 14 days away; not once it is due    | the day last seen  |
    """
    due_at = facts.due_at
    if due_at and now <= due_at and _is_due_soon(facts, own_time, now):
        return DueNote(Reason.DUE_SOON, facts.due_period)
    week = own_time.week_of(now)
    if now > week + LATEST or not is_good_hour(week, own_time, now):
        return None
    if due_at and due_at < week <= due_at + OVERDUE_WEEKS * WEEK:
        return DueNote(Reason.OVERDUE, f"{facts.due_period}/{_day(week)}")
    seen_at = facts.last_seen_at
    is_overdue = due_at is not None and due_at < now
    if seen_at and not is_overdue and max(seen_at, facts.known_at) + QUIET <= week:
        return DueNote(Reason.COME_BACK, facts.away_period)
    return None


def may_come_back(facts: Facts, own_time: OwnTime, now: datetime) -> bool:
    """Whether a come-back note can be due, so that it matters when they were last seen."""
    is_overdue = facts.due_at is not None and facts.due_at < now
    return not is_overdue and now <= own_time.week_of(now) + LATEST


def due_soon_at(facts: Facts, own_time: OwnTime) -> datetime | None:
    """When a due date is announced: the last own moment that is a day or more before it.

    Where the learner could not know of the date by then, the first own hour after they could.
    None: there is no due date, or no such hour before it.
    """
    if facts.due_at is None:
        return None
    moment = own_time.week_of(facts.due_at - DAY)
    if facts.known_at > moment:
        moment = own_time.next_hour_after(facts.known_at)
    return moment if moment < facts.due_at else None


def next_note_at(facts: Facts, own_time: OwnTime, now: datetime) -> tuple[Reason, datetime] | None:
    """The next note that would come if nothing changed, and when; None: none would."""
    coming = []
    announced_at = due_soon_at(facts, own_time)
    if announced_at and not facts.is_announced:
        at = announced_at
        if at < now:  # it was held back by another mail
            is_now = is_good_hour(announced_at, own_time, now)
            at = now if is_now else own_time.next_hour_after(now)
        if facts.due_at and at < facts.due_at:
            coming.append((Reason.DUE_SOON, at))
    if facts.last_seen_at and not facts.is_asked_back:
        quiet_at = max(facts.last_seen_at, facts.known_at) + QUIET
        at = own_time.week_of(quiet_at)
        at = at if at >= quiet_at else own_time.next_after(quiet_at)
        at = at if at > now else own_time.next_after(now)
        # Once a date is announced, the course is spoken of.
        until = announced_at or facts.due_at
        if until is None or at < until:
            coming.append((Reason.COME_BACK, at))
    if facts.due_at:
        at = own_time.next_after(max(facts.due_at, now))
        if at <= facts.due_at + OVERDUE_WEEKS * WEEK:
            coming.append((Reason.OVERDUE, at))
    return min(coming, key=lambda note: note[1], default=None)


def is_held(last_note: datetime | None, last_nudge: datetime | None, now: datetime) -> bool:
    """Whether a person had a note this week, or a trainer's reminder in the last three days."""
    had_note = last_note is not None and now < last_note + CAP
    had_nudge = last_nudge is not None and now < last_nudge + TRAINERS_PAUSE
    return had_note or had_nudge


def month_of(now: datetime, own_time: OwnTime) -> datetime:
    """The first own moment of this month in London, in UTC: when a monthly digest is due."""
    first = now.astimezone(LONDON).date().replace(day=1)
    before = datetime.combine(first, time(), LONDON).astimezone(UTC) - timedelta(seconds=1)
    return own_time.next_after(before)


def _is_due_soon(facts: Facts, own_time: OwnTime, now: datetime) -> bool:
    moment = due_soon_at(facts, own_time)
    return moment is not None and is_good_hour(moment, own_time, now)


def is_good_hour(moment: datetime, own_time: OwnTime, now: datetime) -> bool:
    """Whether what was due at `moment` may be sent at this hour.

    A run that is late waits for the own hour of the day, so that nobody is woken; one that is a
    day late may come from a timer that runs once a night, and is better than none.
    """
    return moment <= now and (own_time.is_past_hour(now) or now >= moment + DAY)


def _day(moment: datetime) -> str:
    return moment.astimezone(LONDON).date().isoformat()
