"""Why a learner needs their trainer's attention: a rule from facts.

The facts come from `queries`, for a table with everything, and from `members`, for a first page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from courses.library.content import Quiz

QUIET = timedelta(days=14)  # begun, not finished, and not seen for this long
DUE_SOON = timedelta(days=7)  # before the due date
NEW = timedelta(days=7)  # after joining: nobody is chased for not having started yet
REMINDER_PAUSE = timedelta(days=3)  # between two reminders of one course to one person


class AttentionReason(Enum):
    """Why a learner needs their trainer, the most pressing first.

    The values are the words on the page. The names are stored with each nudge, in lower case:
    they stay. Who asked comes first, then who cannot go on without a trainer, then who is late,
    away or soon due, then who finds it hard; who never came is last, as one press reminds them all.
    """

    ASKS = "Waits for your answer"
    NO_ATTEMPTS = "No attempts left"
    OVERDUE = "Overdue"
    QUIET = "Not seen for two weeks"
    DUE_SOON = "Due within a week"
    FAILED_TWICE = "Not passed in two attempts"
    UNSAFE = "Very sure of a wrong answer about safety"
    NEVER_STARTED = "Never started"

    @property
    def rank(self) -> int:
        """Its place among all reasons: 0 for the most pressing."""
        return list(AttentionReason).index(self)


# Learners without a reason come after all that have one.
NO_REASON_RANK = len(AttentionReason)


@dataclass(frozen=True)
class Take:
    """One attempt at a final quiz that counts. `is_scored` False: it is open, or not marked yet."""

    pk: int
    opened_at: datetime
    is_scored: bool
    is_passed: bool


@dataclass(frozen=True)
class CourseFacts:
    """What a learner has done on a course, as far as it decides whether they need their trainer.

    `takes` is by quiz key, the first attempt first. `finals` are the final quizzes of the
    learner's edition.
    """

    is_completed: bool
    last_seen_at: datetime
    finals: Sequence[Quiz]
    takes: Mapping[str, Sequence[Take]]

    @property
    def last_failed(self) -> list[Take]:
        """The last attempt at each final quiz where it is scored and none was passed."""
        if self.is_completed or not self.takes:
            return []
        failed = []
        for quiz in self.finals:
            takes = self.takes.get(quiz.key)
            if takes and takes[-1].is_scored and not any(take.is_passed for take in takes):
                failed.append(takes[-1])
        return failed


def attention_reasons(
    facts: CourseFacts | None,
    *,
    joined_at: datetime,
    due_at: datetime | None,
    unsafe: int,
    has_request: bool,
    extra_attempts: Mapping[str, int],
    cohort_decides: bool,
    is_open: bool,
    now: datetime,
) -> tuple[AttentionReason, ...]:
    """The reasons of one learner of a cohort on one course, the most pressing first.

    None once the course is completed. `facts` None: never started. `due_at` None: no due date.
    `unsafe` is how many items about a baby's safety they were very sure of and wrong in, in the
    attempts of `last_failed`. `has_request`: a request for an accommodation is pending.
    `extra_attempts` is how many were granted, by quiz key. `cohort_decides` False: the trainers of
    another cohort decide about this learner's attempts, so requests and attempts used up are
    theirs to see. `is_open` False: the course is retired, so who has not begun it cannot, and
    needs nothing.
    """
    if facts.is_completed if facts else not is_open:
        return ()
    is_overdue = due_at is not None and due_at < now
    # Who joined lately has not been quiet in this cohort, however long they were away.
    seen_at = max(facts.last_seen_at, joined_at) if facts else now
    has_used_up = failed_twice = False
    if facts and facts.takes:
        has_used_up = cohort_decides and _has_used_up(facts, extra_attempts, joined_at)
        failed_twice = not has_used_up and _has_failed_twice(facts, joined_at)
    found = (
        (AttentionReason.ASKS, has_request and cohort_decides),
        (AttentionReason.NO_ATTEMPTS, has_used_up),
        (AttentionReason.OVERDUE, is_overdue),
        (AttentionReason.QUIET, now - seen_at > QUIET),
        (AttentionReason.DUE_SOON, due_at is not None and now <= due_at <= now + DUE_SOON),
        (AttentionReason.FAILED_TWICE, failed_twice),
        (AttentionReason.UNSAFE, facts is not None and unsafe > 0),
        (AttentionReason.NEVER_STARTED, facts is None),
    )
    return tuple(reason for reason, holds in found if holds)


def _has_used_up(
    facts: CourseFacts, extra_attempts: Mapping[str, int], joined_at: datetime
) -> bool:
    """Whether all attempts at a final quiz, with those granted, are scored and none is passed.

    Not where all were taken before joining: the cohort's trainers do not see those, and the
    learner can ask.
    """
    for quiz in facts.finals:
        takes = facts.takes.get(quiz.key, ())
        if not takes or len(takes) < quiz.attempts + extra_attempts.get(quiz.key, 0):
            continue
        # One that is open, or not marked yet, may still be passed.
        has_failed = all(take.is_scored and not take.is_passed for take in takes)
        if has_failed and takes[-1].opened_at >= joined_at:
            return True
    return False


def _has_failed_twice(facts: CourseFacts, joined_at: datetime) -> bool:
    """Whether two attempts at a final quiz since joining are scored, and none is passed."""
    for quiz in facts.finals:
        takes = facts.takes.get(quiz.key, ())
        if any(take.is_passed for take in takes):
            continue
        failed = [take for take in takes if take.is_scored and take.opened_at >= joined_at]
        if len(failed) >= 2:
            return True
    return False
