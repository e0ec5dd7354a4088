"""What clinicians' verdicts on a lesson come to: one pure function. No rows, no pages, no clock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

UNREVIEWED = "Written from published guidance. Not yet reviewed by a clinician."
"""What stands on everything nobody has signed off; keep it in step with templates/learning/_review_status.html."""


@dataclass(frozen=True)
class SignOffRecord:
    """One clinician's word on one state of a lesson: signed off, or changes asked for. `body` is as people say it.

    `number` tells which of two at the same moment came later.
    """

    digest: str
    is_signed: bool
    reviewer_id: int
    name: str
    role: str
    body: str
    at: datetime
    number: int = 0


@dataclass(frozen=True)
class ReviewStatus:
    """Where a lesson stands: who signed it off and who asks for changes, newest first.

    `before` is the newest signature on an earlier state of a lesson that nobody has spoken about since.
    """

    signed: tuple[SignOffRecord, ...] = ()
    asked: tuple[SignOffRecord, ...] = ()
    before: SignOffRecord | None = None

    @property
    def is_signed(self) -> bool:
        """Whether at least one clinician has signed it off and none asks for changes."""
        return bool(self.signed) and not self.asked

    @property
    def state(self) -> str:
        """One of signed, changes, waiting."""
        if self.asked:
            return "changes"
        return "signed" if self.signed else "waiting"


def review_status(verdicts: Sequence[SignOffRecord], digest: str) -> ReviewStatus:
    """What these verdicts, all on one lesson, say about its state with this digest.

    Of each reviewer the newest verdict on that state counts. One who asks for changes is not outvoted: the lesson is
    not signed off until they sign it, or until it changed. Verdicts on another state say nothing about this one.
    """
    newest = {one.reviewer_id: one for one in sorted(verdicts, key=_moment) if one.digest == digest}
    said = sorted(newest.values(), key=_moment, reverse=True)
    signed, asked = tuple(v for v in said if v.is_signed), tuple(v for v in said if not v.is_signed)
    earlier = (
        [one for one in verdicts if one.is_signed and one.digest != digest] if not said else []
    )
    return ReviewStatus(signed, asked, max(earlier, key=_moment, default=None))


@dataclass(frozen=True)
class CourseStatus:
    """What can honestly be said of a whole course; `is_signed` when every lesson is signed off."""

    words: str
    is_signed: bool = False


def status_of(lessons: Collection[ReviewStatus]) -> CourseStatus:
    """What these review statuses, one for each lesson, come to for their course."""
    signed = sum(one.is_signed for one in lessons)
    if not signed:
        return CourseStatus(UNREVIEWED)
    if signed < len(lessons):
        rest = "The rest is written from published guidance and not yet reviewed."
        return CourseStatus(
            f"Lessons signed off by a clinician: {signed} of {len(lessons)}. {rest}"
        )
    whole = "Its one lesson is" if signed == 1 else f"All {signed} lessons are"
    return CourseStatus(f"{whole} signed off by a clinician.", is_signed=True)


def _moment(verdict: SignOffRecord) -> tuple[datetime, int]:
    return verdict.at, verdict.number
