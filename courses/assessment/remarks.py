"""Marking again after a key was corrected: a recorded run over all attempts that met the item. It may only raise.

The corrected item is the newest edition's. What a new pass completes is concluded in learning.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import transaction

from courses.assessment.actions import Refused
from courses.assessment.items import parts_of, score_item
from courses.assessment.models import Attempt, ItemScore, Remark, RemarkedAttempt
from courses.assessment.queries import pass_mark_of
from courses.assessment.scoring import Score, is_passed, score_attempt
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.audit import AuditEvent
from courses.people.models import User


class NotComparable(Refused):
    """The item is gone, or its options changed too, so what was answered cannot be read against it."""


@dataclass(frozen=True)
class Remarked:
    """A run: its row, how many attempts it looked at and raised, and those that are passed now and were not before."""

    remark: Remark
    looked_at: int
    raised: int
    newly_passed: tuple[Attempt, ...]


@transaction.atomic
def remark_item(actor: User, course: Course, item_key: str, reason: str, now: datetime) -> Remarked:
    """Marks one item of every scored attempt of a course again, by the newest edition's key.

    Marks that would fall stay; a pass is never taken back. Run twice, the second raises nothing.

    Raises:
        NotComparable: the newest edition has no such item, or an attempt met it with other options.
    """
    item = content_of(course.edition_id).item(item_key) if course.edition_id else None
    if not item:
        raise NotComparable(f"{item_key} is not in the newest edition. Nothing was changed.")
    fields = {"course": course, "edition_id": course.edition_id, "item_key": item_key, "reason": reason}
    remark = Remark.objects.create(run_by=actor, run_at=now, **fields)
    rows = ItemScore.objects.filter(attempt__course=course, attempt__state=Attempt.State.SCORED, item_key=item_key)
    found = [_remark_one(remark, item, row) for row in rows.select_related("attempt").select_for_update(of=("self",))]
    AuditEvent.objects.create(
        actor=actor, deed="remark_item", details={"item": item_key, "attempts": len(found)}, at=now
    )
    raised = [one for one in found if one.earned_after > one.earned_before]
    newly = tuple(one.attempt for one in found if one.passed_after and not one.passed_before)
    return Remarked(remark, len(found), len(raised), newly)


def _remark_one(remark: Remark, item: content.Item, row: ItemScore) -> RemarkedAttempt:
    attempt, before = row.attempt, row.earned
    course = content_of(attempt.edition_id)
    met = course.item(item.key)
    if met is None or sorted(parts_of(met)) != sorted(parts_of(item)):
        what = f"{item.key} had other options in edition {attempt.edition_id}; give the new one a key of its own."
        raise NotComparable(f"{what} Nothing was changed.")
    after = max(before, score_item(item, row.answer).marks)
    was_passed = bool(attempt.passed)
    if after > before:
        row.earned = after
        row.save(update_fields=["earned"])
        _total(attempt, course, item)
    fields = {"earned_before": before, "earned_after": after, "passed_before": was_passed}
    return RemarkedAttempt.objects.create(remark=remark, attempt=attempt, passed_after=bool(attempt.passed), **fields)


def _total(attempt: Attempt, course: content.Course, item: content.Item) -> None:
    """The attempt's marks and pass from its item scores, exactly, with the corrected item in place of the old."""
    items, scores = [], []
    for key, answer, earned in attempt.item_scores.values_list("item_key", "answer", "earned"):
        one = item if key == item.key else course.item(key)
        if one:
            exact = score_item(one, answer)  # a mark that an earlier run raised is not what this key gives
            items.append(one)
            scores.append(exact if exact.marks == earned else Score(Fraction(earned), 1))
    total = score_attempt(scores)
    attempt.earned = total.marks
    attempt.passed = bool(attempt.passed) or is_passed(items, scores, pass_mark_of(attempt))
    attempt.save(update_fields=["earned", "passed"])
