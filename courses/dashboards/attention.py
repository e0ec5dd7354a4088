"""Why a learner needs their trainer's attention: a rule from facts.

The facts come from `queries`.
"""

from datetime import datetime, timedelta
from enum import Enum

from courses.learning.queries import EnrolmentProgress

QUIET = timedelta(days=14)  # begun, not finished, and not seen for this long
REMINDER_PAUSE = timedelta(days=3)  # between two reminders of one course to one person


class AttentionReason(Enum):
    """Why a learner needs their trainer, the most pressing first.

    The values are the words on the page. The names are stored with each nudge, in lower case:
    they stay. Who asked comes before who is late, and both before who never came.
    """

    ASKS = "Waits for your answer"
    NO_ATTEMPTS = "No attempts left"
    OVERDUE = "Overdue"
    QUIET = "Not seen for two weeks"
    NEVER_STARTED = "Never started"

    @property
    def rank(self) -> int:
        """Its place among all reasons: 0 for the most pressing."""
        return list(AttentionReason).index(self)


# Learners without a reason come after all that have one.
NO_REASON_RANK = len(AttentionReason)


def attention_reasons(
    enrolment_progress: EnrolmentProgress | None,
    *,
    joined_at: datetime,
    is_overdue: bool,
    has_request: bool,
    extra_attempts: int,
    cohort_decides: bool,
    now: datetime,
) -> tuple[AttentionReason, ...]:
    """The reasons of one learner of a cohort on one course, the most pressing first.

    None once the course is completed. `enrolment_progress` None: never started. `has_request`:
    a request for an accommodation is pending. `extra_attempts` is how many were granted.
    `cohort_decides` False: the trainers of another cohort decide about this learner's attempts,
    so requests and attempts used up are theirs to see.
    """
    if enrolment_progress and enrolment_progress.is_completed:
        return ()
    reasons = []
    if has_request and cohort_decides:
        reasons.append(AttentionReason.ASKS)
    if cohort_decides and _has_used_up(enrolment_progress, extra_attempts, joined_at):
        reasons.append(AttentionReason.NO_ATTEMPTS)
    if is_overdue:
        reasons.append(AttentionReason.OVERDUE)
    if enrolment_progress is None:
        reasons.append(AttentionReason.NEVER_STARTED)
        return tuple(reasons)
    # Who joined lately has not been quiet in this cohort, however long they were away.
    seen_at = max(enrolment_progress.last_seen_at, joined_at)
    if now - seen_at > QUIET:
        reasons.append(AttentionReason.QUIET)
    return tuple(reasons)


def _has_used_up(
    enrolment_progress: EnrolmentProgress | None, extra_attempts: int, joined_at: datetime
) -> bool:
    """Whether all attempts at a final quiz, with those granted, are scored and none is passed.

    Not where all were taken before joining: the cohort's trainers do not see those, and the
    learner can ask.
    """
    if enrolment_progress is None:
        return False
    for final in enrolment_progress.progress.finals:
        taken = enrolment_progress.attempts_at(final.quiz.key)
        if final.is_passed or len(taken) < final.quiz.attempts + extra_attempts:
            continue
        # One that is open, or not marked yet, may still be passed.
        if not all(attempt.is_scored for attempt in taken):
            continue
        if taken[-1].opened_at >= joined_at:
            return True
    return False
