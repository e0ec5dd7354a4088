"""Marking again after a key was corrected: a recorded run over all attempts that met the item. It may only raise.

The corrected item is the newest edition's. What a new pass completes is concluded in learning.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import transaction

from courses.assessment.actions import Refused, is_comparable
from courses.assessment.items import score_item
from courses.assessment.models import Attempt, ItemScore, Regrade, RegradedAttempt
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
class Regraded:
    """A run: its row, how many attempts it looked at and raised, and those that are passed now and were not before."""

    regrade: Regrade
    looked_at: int
    raised: int
    newly_passed: tuple[Attempt, ...]

    def __add__(self, more: "Regraded") -> "Regraded":
        """This run with what was found of it later."""
        looked_at, raised = self.looked_at + more.looked_at, self.raised + more.raised
        return Regraded(self.regrade, looked_at, raised, (*self.newly_passed, *more.newly_passed))


@transaction.atomic
def regrade_item(
    actor: User, course: Course, item_key: str, reason: str, now: datetime
) -> Regraded:
    """Marks one item of every scored attempt of a course again, by the newest edition's key.

    Marks that would fall stay; a pass is never taken back. Run twice, the second raises nothing.
    Runs over one course come one after the other; call `remark_late` once this one is committed.

    Raises:
        NotComparable: the newest edition has no such item, or an attempt met it with other options.
    """
    locked = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    item = content_of(locked.edition_id).item(item_key) if locked.edition_id else None
    if not item:
        raise NotComparable(f"{item_key} is not in the newest edition. Nothing was changed.")
    fields = {
        "course": locked,
        "edition_id": locked.edition_id,
        "item_key": item_key,
        "reason": reason,
    }
    regrade = Regrade.objects.create(run_by=actor, run_at=now, **fields)
    done = _regrade_all(regrade, item)
    details = {"item": item_key, "attempts": done.looked_at}
    AuditEvent.objects.create(actor=actor, action="regrade_item", details=details, at=now)
    return done


@transaction.atomic
def regrade_late(regrade: Regrade) -> Regraded:
    """Marks again what was handed in while a run was on, by the old key and unseen by the run.

    What is handed in from now on sees the run's row (`answering_queries.answers_to_score`), so this is complete.
    """
    item = content_of(regrade.edition_id).item(regrade.item_key)
    assert item is not None, "the run looked the item up in this very edition"
    Course.objects.select_for_update(no_key=True).get(pk=regrade.course_id)
    open_now = Attempt.objects.filter(course=regrade.course_id, state=Attempt.State.OPEN)
    for _ in _locked(list(open_now.order_by("pk").values_list("pk", flat=True))):
        pass  # whoever is handing one in has done so now
    return _regrade_all(regrade, item)


def _regrade_all(regrade: Regrade, item: content.Item) -> Regraded:
    """Every scored attempt that met the item and that this run has not looked at yet."""
    met = ItemScore.objects.filter(attempt__course=regrade.course_id, item_key=item.key)
    scored = met.filter(attempt__state=Attempt.State.SCORED).exclude(
        attempt__regrades__regrade=regrade
    )
    found = []
    for attempts in _locked(list(scored.order_by("attempt").values_list("attempt", flat=True))):
        rows = ItemScore.objects.filter(attempt__in=attempts, item_key=item.key)
        scores = {row.attempt_id: row for row in rows}
        # One may have been voided while we waited.
        still = [attempt for attempt in attempts if attempt.state == Attempt.State.SCORED]
        found += [_regrade_one(regrade, item, attempt, scores[attempt.pk]) for attempt in still]
    raised = [one for one in found if one.earned_after > one.earned_before]
    newly = tuple(one.attempt for one in found if one.passed_after and not one.passed_before)
    return Regraded(regrade, len(found), len(raised), newly)


def _locked(ids: list[int]) -> Iterator[list[Attempt]]:
    """These attempts as they are once nobody else changes them, locked until the transaction ends.

    In the order of their ids, as everything that locks several does (`grants.reset_quiz` too), so
    that nothing waits in a circle; and before anything of them is read, so that nothing read is
    out of date. At most a thousand a query.
    """
    for start in range(0, len(ids), 1000):
        rows = Attempt.objects.filter(pk__in=ids[start : start + 1000])
        yield list(rows.order_by("pk").select_for_update())


def _regrade_one(
    regrade: Regrade, item: content.Item, attempt: Attempt, row: ItemScore
) -> RegradedAttempt:
    course = content_of(attempt.edition_id)
    met = course.item(item.key)
    if met is None or not is_comparable(met, item):
        what = f"{item.key} had other options in edition {attempt.edition_id}; give the new one a key of its own."
        raise NotComparable(f"{what} Nothing was changed.")
    before, was_passed = row.earned, bool(attempt.passed)
    after = max(before, score_item(item, row.answer).marks)
    if after > before:
        row.earned = after
        row.save(update_fields=["earned"])
        _total(attempt, course, item)
    fields = {"earned_before": before, "earned_after": after, "passed_before": was_passed}
    return RegradedAttempt.objects.create(
        regrade=regrade, attempt=attempt, passed_after=bool(attempt.passed), **fields
    )


def _total(attempt: Attempt, course: content.Course, item: content.Item) -> None:
    """The attempt's marks and pass from its item scores, exactly, with the corrected item in place of the old."""
    items, scores = [], []
    for key, answer, earned in attempt.item_scores.values_list("item_key", "answer", "earned"):
        one = item if key == item.key else course.item(key)
        if one:
            exact = score_item(
                one, answer
            )  # a mark that an earlier run raised is not what this key gives
            items.append(one)
            scores.append(exact if exact.marks == earned else Score(Fraction(earned), 1))
    total = score_attempt(scores)
    attempt.earned = total.marks
    attempt.passed = bool(attempt.passed) or is_passed(items, scores, pass_mark_of(attempt))
    attempt.save(update_fields=["earned", "passed"])
