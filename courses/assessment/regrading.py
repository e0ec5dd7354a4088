"""Regrading: an item's key was corrected, so all attempts that met the item are scored again.

The corrected key is the newest edition's. A regrade is stored, and may only raise marks. What a new
pass completes is settled in `learning`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
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
    """The item is gone, or its options changed too, so that old answers cannot be scored by it."""


@dataclass(frozen=True)
class Regraded:
    """What a regrade did: its row, how many attempts it looked at, and how many it raised.

    `newly_passed` are the attempts that are passed now and were not before.
    """

    regrade: Regrade
    looked_at: int
    raised: int
    newly_passed: tuple[Attempt, ...]

    def __add__(self, more: "Regraded") -> "Regraded":
        """This regrade with what it did later."""
        return Regraded(
            self.regrade,
            self.looked_at + more.looked_at,
            self.raised + more.raised,
            (*self.newly_passed, *more.newly_passed),
        )


@transaction.atomic
def regrade_item(
    actor: User, course: Course, item_key: str, reason: str, now: datetime
) -> Regraded:
    """Scores one item of every scored attempt of a course again, by the newest edition's key.

    Marks that would fall stay; a pass is never taken back. Run twice, the second raises nothing.
    Regrades of one course wait for each other. Call `regrade_late` once this one is committed.

    Raises:
        NotComparable: the newest edition has no such item, or an attempt met it with other options.
    """
    # Regrades of one course wait here for each other.
    locked = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    edition_id = locked.edition_id
    item = content_of(edition_id).item(item_key) if edition_id else None
    if not edition_id or not item:
        raise NotComparable(f"{item_key} is not in the newest edition. Nothing was changed.")
    regrade = Regrade.objects.create(
        course=locked,
        edition_id=edition_id,
        item_key=item_key,
        reason=reason,
        run_by=actor,
        run_at=now,
    )
    regraded = _regrade_all(regrade, item)
    details = {"item": item_key, "attempts": regraded.looked_at}
    AuditEvent.objects.create(actor=actor, action="regrade_item", details=details, at=now)
    return regraded


@transaction.atomic
def regrade_late(regrade: Regrade) -> Regraded:
    """Scores again what was submitted while a regrade ran: it did not see it, nor it the regrade.

    What is submitted from now on sees the regrade's row (`answering_queries`), so this is
    complete.
    """
    item = content_of(regrade.edition_id).item(regrade.item_key)
    assert item is not None, "the regrade looked the item up in this very edition"
    Course.objects.select_for_update(no_key=True).get(pk=regrade.course_id)
    open_now = Attempt.objects.filter(course=regrade.course_id, state=Attempt.State.OPEN)
    ids = list(open_now.order_by("pk").values_list("pk", flat=True))
    for _ in _locked(ids):
        pass  # the lock is had once a submission that is under way has been committed
    return _regrade_all(regrade, item)


def _regrade_all(regrade: Regrade, item: content.Item) -> Regraded:
    """Scores the item again in every scored attempt that this regrade has not looked at yet."""
    rows: list[RegradedAttempt] = []
    for attempts in _locked(_not_yet_regraded(regrade, item)):
        scores = ItemScore.objects.filter(attempt__in=attempts, item_key=item.key)
        score_by_attempt = {score.attempt_id: score for score in scores}
        # Some may have been voided while this waited for the lock.
        scored = [attempt for attempt in attempts if attempt.state == Attempt.State.SCORED]
        for attempt in scored:
            row = _regrade_one(regrade, item, attempt, score_by_attempt[attempt.pk])
            rows.append(row)
    raised = sum(row.earned_after > row.earned_before for row in rows)
    newly = tuple(row.attempt for row in rows if row.passed_after and not row.passed_before)
    return Regraded(regrade, len(rows), raised, newly)


def _not_yet_regraded(regrade: Regrade, item: content.Item) -> list[int]:
    """The ids of the scored attempts that met the item, in ascending order."""
    scores = ItemScore.objects.filter(
        item_key=item.key,
        attempt__course=regrade.course_id,
        attempt__state=Attempt.State.SCORED,
    )
    scores = scores.exclude(attempt__regrades__regrade=regrade)
    return list(scores.order_by("attempt").values_list("attempt", flat=True))


def _locked(ids: list[int]) -> Iterator[list[Attempt]]:
    """These attempts, at most a thousand at a time, each locked until the transaction ends.

    They are locked in the order of their ids, as everything that locks several does
    (`accommodations.reset_quiz` too), so that nothing waits in a circle; and before anything of
    them is read, so that nothing read is out of date.
    """
    for start in range(0, len(ids), 1000):
        rows = Attempt.objects.filter(pk__in=ids[start : start + 1000])
        yield list(rows.order_by("pk").select_for_update())


def _regrade_one(
    regrade: Regrade, item: content.Item, attempt: Attempt, score: ItemScore
) -> RegradedAttempt:
    """Scores the item again in one attempt, and stores what it was before and is now."""
    course = content_of(attempt.edition_id)
    met = course.item(item.key)
    if met is None or not is_comparable(met, item):
        raise NotComparable(
            f"{item.key} had other options in edition {attempt.edition_id}; "
            "give the new one a key of its own. Nothing was changed."
        )
    before, was_passed = score.earned, bool(attempt.passed)
    # A regrade only raises: nobody loses marks because an author was wrong.
    after = max(before, score_item(item, score.answer).marks)
    if after > before:
        score.earned = after
        score.save(update_fields=["earned"])
        _sum_up(attempt, course, item)
    return RegradedAttempt.objects.create(
        regrade=regrade,
        attempt=attempt,
        earned_before=before,
        earned_after=after,
        passed_before=was_passed,
        passed_after=bool(attempt.passed),
    )


def _sum_up(attempt: Attempt, course: content.Course, corrected: content.Item) -> None:
    """Stores the attempt's marks and pass from its item scores, with the corrected item."""
    items, scores = [], []
    for key, answer, earned in attempt.item_scores.values_list("item_key", "answer", "earned"):
        item = corrected if key == corrected.key else course.item(key)
        if item:
            items.append(item)
            scores.append(_exact_score(item, answer, earned))
    total = score_attempt(scores)
    attempt.earned = total.marks
    # A pass is never taken back.
    attempt.passed = bool(attempt.passed) or is_passed(items, scores, pass_mark_of(attempt))
    attempt.save(update_fields=["earned", "passed"])


def _exact_score(item: content.Item, answer: object, earned: Decimal) -> Score:
    """The score whose stored marks, rounded to four places, are `earned`."""
    score = score_item(item, answer)
    if score.marks == earned:
        return score
    # An earlier regrade raised it: this key gives less.
    return Score(Fraction(earned), 1)
