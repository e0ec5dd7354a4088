"""The review status of a lesson and of a course, computed from sign-offs. No database, no clock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

UNREVIEWED = "Written from published guidance. Not yet reviewed by a clinician."
"""What stands on everything nobody has signed off.

Keep it in step with templates/learning/_review_status.html.
"""


@dataclass(frozen=True)
class SignOffRecord:
    """One clinician's decision on one state of a lesson: signed off, or changes asked for.

    `digest` names the state (see `material`). `body` is who registers the clinician. `number`
    orders two records of the same moment: the higher one is the later.
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
    """Who signed a lesson off and who asks for changes, each with the newest record first.

    `before` is the newest signature on an earlier state, where there is no record on this one.
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
        """ "signed", "changes" or "waiting"."""
        if self.asked:
            return "changes"
        return "signed" if self.signed else "waiting"


def review_status(records: Sequence[SignOffRecord], digest: str) -> ReviewStatus:
    """The status of the state of a lesson that has this digest.

    Of each reviewer the newest record on that state counts. A request for changes is not outvoted:
    the lesson is not signed off until that reviewer signs it, or until it has changed. Records on
    another state do not count.

    Args:
        records: all of one lesson, in any order.
    """
    on_this_state = [record for record in records if record.digest == digest]
    newest_of_reviewer = {}
    for record in sorted(on_this_state, key=_order):
        newest_of_reviewer[record.reviewer_id] = record
    if not newest_of_reviewer:
        earlier = [record for record in records if record.is_signed]
        return ReviewStatus(before=max(earlier, key=_order, default=None))
    newest_first = sorted(newest_of_reviewer.values(), key=_order, reverse=True)
    signed = tuple(record for record in newest_first if record.is_signed)
    asked = tuple(record for record in newest_first if not record.is_signed)
    return ReviewStatus(signed, asked)


def _order(record: SignOffRecord) -> tuple[datetime, int]:
    return record.at, record.number


@dataclass(frozen=True)
class CourseStatus:
    """The review status of a whole course in words; `is_signed`: every lesson is signed off."""

    words: str
    is_signed: bool = False


def status_of(lessons: Collection[ReviewStatus]) -> CourseStatus:
    """The status of a course from those of its lessons."""
    signed = sum(lesson.is_signed for lesson in lessons)
    if not signed:
        return CourseStatus(UNREVIEWED)
    if signed < len(lessons):
        rest = "The rest is written from published guidance and not yet reviewed."
        return CourseStatus(
            f"Lessons signed off by a clinician: {signed} of {len(lessons)}. {rest}"
        )
    subject = "Its one lesson is" if signed == 1 else f"All {signed} lessons are"
    return CourseStatus(f"{subject} signed off by a clinician.", is_signed=True)
