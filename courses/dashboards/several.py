"""One action for several learners of a table: each for itself, and what came of it in words.

The actions themselves are in `people.cohort_actions` and, for reminders, in the package above.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from courses.dashboards.members import Member
from courses.dashboards.queries import Learner
from courses.people import cohort_actions
from courses.people.due_dates import end_of_day
from courses.people.models import Assignment, Cohort, User
from courses.people.permissions import (
    CohortArchived,
    CohortClosed,
    NoLongerHere,
    OnOneself,
    Refused,
)

MOST = 100  # learners at once: a page of the table has fifty
Row = TypeVar("Row", bound=Member)


class NobodyChosen(Refused):
    """No learner was chosen."""


class TooMany(Refused):
    """More learners were chosen than one press may act on."""


class PassedAlready(Refused):
    """The learner has completed the course, so no date matters to them."""


class SameDate(Refused):
    """The learner has this date already."""


class LaterAlready(Refused):
    """The learner has longer than this: giving several a later date takes nothing from anybody."""


# Refusals of what was asked for, and not of one learner.
ABOUT_ALL = (cohort_actions.NotLater, cohort_actions.NoDueDate, CohortArchived, CohortClosed)
# How a message says why some were left out, after "3 not:".
REASONS: Mapping[type[Refused], str] = {
    OnOneself: "your own row",
    NoLongerHere: "no longer in this cohort",
    PassedAlready: "passed already",
    SameDate: "had this date already",
    LaterAlready: "has longer already",
    cohort_actions.ThereAlready: "in that cohort already",
}


@dataclass(frozen=True)
class Outcome:
    """How many an action was done for, and the refusals of the others."""

    done: int
    refusals: tuple[Refused, ...]

    @property
    def common_refusal(self) -> str:
        """Why it was done for nobody, where that lies in what was asked for; otherwise empty."""
        if self.done:
            return ""
        about_all = [str(row) for row in self.refusals if isinstance(row, ABOUT_ALL)]
        return about_all[0] if about_all else ""

    def words(self, verb: str, reasons: Mapping[type[Refused], str] = REASONS) -> str:
        """As "Reminded 14. 3 not: reminded in the last three days." with `verb` "Reminded"."""
        sentences = [f"{verb} {self.done or 'nobody'}."]
        counts = Counter(reasons.get(type(row), str(row).rstrip(".")) for row in self.refusals)
        sentences += [f"{count} not: {reason}." for reason, count in counts.items()]
        return " ".join(sentences)


def chosen_among(keys: Collection[str], learners: Sequence[Row]) -> list[Row]:
    """The learners with these keys, as a form has them; keys of nobody here are left out.

    Raises:
        NobodyChosen: there is no key.
        TooMany: there are more than `MOST`.
    """
    if not keys:
        raise NobodyChosen("Choose at least one learner in the table. Nothing was changed.")
    if len(keys) > MOST:
        raise TooMany(f"Choose at most {MOST} learners at once. Nothing was changed.")
    return [learner for learner in learners if str(learner.key) in keys]


def act_on_each(
    keys: Collection[str], learners: Sequence[Row], act: Callable[[Row], object]
) -> Outcome:
    """Acts on each learner with one of these keys, each in a transaction of its own.

    A key of nobody here counts as somebody who left while the page was open.

    Raises:
        NobodyChosen, TooMany: see `chosen_among`; nothing is done.
    """
    chosen = chosen_among(keys, learners)
    outcome = act_on_all(chosen, act)
    gone = (NoLongerHere("They have left the cohort."),) * (len(keys) - len(chosen))
    return Outcome(outcome.done, outcome.refusals + gone)


def act_on_all(learners: Iterable[Row], act: Callable[[Row], object]) -> Outcome:
    """Acts on each of these, each in a transaction of its own; who is refused stops no other."""
    done = 0
    refusals: list[Refused] = []
    for learner in learners:
        try:
            act(learner)
        except Refused as refusal:
            refusals.append(refusal)
        else:
            done += 1
    return Outcome(done, tuple(refusals))


def extend_due_dates(
    trainer: User,
    assignment: Assignment,
    keys: Collection[str],
    learners: Sequence[Learner],
    due: date,
    reason: str,
    now: datetime,
) -> Outcome:
    """Gives each of these learners until the end of another day, as `extend_due_date` does one.

    Raises:
        NobodyChosen, TooMany: see `chosen_among`.
    """
    users = User.objects.in_bulk([learner.user_id for learner in learners])

    def extend(learner: Learner) -> None:
        if learner.is_completed:
            raise PassedAlready(f"{learner.name} has passed.")
        if learner.extended_to and learner.extended_to > end_of_day(due):
            raise LaterAlready(f"{learner.name} has longer.")
        user = users[learner.user_id]
        extension = cohort_actions.extend_due_date(trainer, assignment, user, due, reason, now)
        if extension.granted_at != now:
            raise SameDate(f"{learner.name} had this date.")

    return act_on_each(keys, learners, extend)


def move_learners(
    trainer: User,
    cohort: Cohort,
    to_cohort: Cohort,
    keys: Collection[str],
    learners: Sequence[Learner],
    now: datetime,
) -> Outcome:
    """Moves each of these learners to another cohort, as `move_learner` does one.

    Raises:
        NobodyChosen, TooMany: see `chosen_among`.
    """
    users = User.objects.in_bulk([learner.user_id for learner in learners])

    def move(learner: Learner) -> None:
        cohort_actions.move_learner(trainer, cohort, to_cohort, users[learner.user_id], now)

    return act_on_each(keys, learners, move)
