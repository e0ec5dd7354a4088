"""Deeds of an attempt: open it, save a response, hand it in, grant one more. Rules of scoring live elsewhere."""

import hmac
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, OuterRef, Subquery

from courses.assessment.forms import Event
from courses.assessment.items import Answer, parts_of, score_item
from courses.assessment.models import Attempt, ExtraAttempt, ItemScore, Response
from courses.assessment.scoring import Score, is_passed, score_attempt
from courses.library import content
from courses.library.queries import content_of
from courses.people.audit import AuditEvent
from courses.people.models import User


class Refused(Exception):
    """A deed that cannot be done; the message says what happened, what is safe and what to do, in plain words."""


class AttemptsUsedUp(Refused):
    """All attempts the rule allows, and all granted, are taken."""


class NotOpen(Refused):
    """The attempt was handed in or voided; its answers no longer change."""


class StaleAnswer(Refused):
    """A newer answer to this item is saved already; it stays."""


def _shuffled(keys: Iterable[str], attempt_key: uuid.UUID, purpose: str) -> list[str]:
    """The keys in an order drawn from the attempt and a secret: the same again for this attempt, unlike any other's."""

    def mark(key: str) -> bytes:
        text = f"{purpose}:{attempt_key}:{key}"
        return hmac.digest(settings.SECRET_KEY.encode(), text.encode(), "sha256")

    return sorted(keys, key=mark)


def draw_items(course: content.Course, quiz: content.Quiz, attempt_key: uuid.UUID) -> list[dict[str, Any]]:
    """The items of an attempt, in their order, each with its options in theirs.

    First one of each parallel group with critical items, so that safety is always asked; then one of each other group;
    then more.
    """
    pool = {item.key: item for item in course.pool(quiz.key)}
    order = _shuffled(pool, attempt_key, "draw")
    first = list({pool[key].parallel: key for key in reversed(order)}.values())
    by_draw = _shuffled(first, attempt_key, "draw") + [key for key in order if key not in first]
    critical = {pool[key].parallel for key in pool if pool[key].critical}
    drawn = sorted(by_draw, key=lambda key: not (key in first and pool[key].parallel in critical))[: quiz.draw]
    shown: list[dict[str, Any]] = []
    for key in _shuffled(drawn, attempt_key, "order"):
        item = pool[key]
        shown.append({"key": key, "options": _shuffled(parts_of(item), attempt_key, key)})
    return shown


def drawn_item(attempt: Attempt, number: int) -> content.Item:
    """The item at this place of the attempt; `number` counts from 1 and must be within it."""
    item = content_of(attempt.edition_id).item(attempt.items[number - 1]["key"])
    assert item is not None, "an edition is immutable, so a drawn item is there"
    return item


def attempts_allowed(user: User, course_id: int, quiz: content.Quiz) -> int:
    """How many attempts this person may take at the quiz: the rule's, and those granted."""
    extra = ExtraAttempt.objects.filter(user=user, course=course_id, quiz_key=quiz.key).count()
    return quiz.attempts + extra


def open_attempt(user: User, course_id: int, edition_id: int, quiz: content.Quiz, now: datetime) -> Attempt:
    """The person's open attempt at the quiz: the one there is, or a new one. Two at once get the same.

    Raises:
        AttemptsUsedUp: none is open and no further one is allowed.
    """
    taken = Attempt.objects.taken_by(user).at_quiz(course_id, quiz.key)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # one at a time: what is counted here stays true until the end
        if found := taken.filter(state=Attempt.State.OPEN).first():
            return found
        used = taken.counted().count()
        if used >= attempts_allowed(user, course_id, quiz):
            raise AttemptsUsedUp(f"You have taken all {used} attempts. Your trainer can grant one more.")
        return _new_attempt(user, course_id, edition_id, quiz, now)


def _new_attempt(user: User, course_id: int, edition_id: int, quiz: content.Quiz, now: datetime) -> Attempt:
    highest = Attempt.objects.taken_by(user).at_quiz(course_id, quiz.key).aggregate(Max("number"))["number__max"]
    key = uuid.uuid4()
    return Attempt.objects.create(
        key=key,
        user=user,
        course_id=course_id,
        edition_id=edition_id,
        quiz_key=quiz.key,
        number=(highest or 0) + 1,
        rule={"draw": quiz.draw, "pass_mark": quiz.pass_mark, "attempts": quiz.attempts},
        items=draw_items(content_of(edition_id), quiz, key),
        opened_at=now,
    )


def save_response(
    user: User, attempt_key: uuid.UUID, item_key: str, answer: Answer, event: Event, now: datetime
) -> datetime:
    """Stores one answer and returns, once it is committed, when it was; a repeat of an event changes nothing.

    Raises:
        Attempt.DoesNotExist: not this person's attempt.
        NotOpen: the attempt takes no more answers.
        StaleAnswer: an answer with this sequence or a higher one is there already; this one is not stored.
    """
    # On PostgreSQL a statement that waited for the lock may not see what was stored meanwhile; the next one does.
    for _ in range(2):
        with suppress(IntegrityError), transaction.atomic():
            return _save_response(user, attempt_key, item_key, answer, event, now)
    raise StaleAnswer("This answer arrived twice at once. Load the page again to see what is saved.")


def _save_response(
    user: User, attempt_key: uuid.UUID, item_key: str, answer: Answer, event: Event, now: datetime
) -> datetime:
    """The attempt's row is locked, so that nothing is acknowledged after it was handed in."""
    newest = Response.objects.filter(attempt=OuterRef("pk"), item_key=item_key).order_by("-sequence")
    repeats = Response.objects.filter(attempt=OuterRef("pk"), event_id=event.event_id)
    locked = Attempt.objects.select_for_update(of=("self",)).taken_by(user)
    attempt = locked.annotate(
        newest_sequence=Subquery(newest.values("sequence")[:1]), repeated_at=Subquery(repeats.values("saved_at")[:1])
    ).get(key=attempt_key)
    if attempt.repeated_at:
        return attempt.repeated_at  # type: ignore[no-any-return]
    if attempt.state != Attempt.State.OPEN:
        raise NotOpen("This quiz was handed in already, so this answer was not added. What you saved before counts.")
    if event.sequence <= (attempt.newest_sequence or 0):
        raise StaleAnswer(
            "You answered this item in another window later. That answer is kept; this one was not saved."
        )
    fields = {"answer": answer, "event_id": event.event_id, "sequence": event.sequence, "saved_at": now}
    Response.objects.create(attempt=attempt, item_key=item_key, **fields)
    return now


def submit_attempt(user: User, attempt_key: uuid.UUID, now: datetime) -> tuple[Attempt, bool]:
    """Hands an attempt in and scores it; call it inside a transaction. The attempt, and whether this call did it.

    A second call finds it scored and changes nothing.

    Raises:
        Attempt.DoesNotExist: not this person's attempt.
        NotOpen: it was voided.
    """
    attempt = Attempt.objects.select_for_update().taken_by(user).get(key=attempt_key)
    if attempt.state == Attempt.State.VOIDED:
        raise NotOpen("This attempt does not count any more. Your trainer can tell you why.")
    if attempt.state == Attempt.State.SCORED:
        return attempt, False
    course = content_of(attempt.edition_id)
    items = [item for drawn in attempt.items if (item := course.item(drawn["key"]))]
    answers = newest_answers(attempt)
    scores = [score_item(item, answers.get(item.key)) for item in items]
    _store_scores(attempt, items, answers, scores, now)
    return attempt, True


def newest_answers(attempt: Attempt) -> dict[str, Answer]:
    """The answer that counts for each answered item: the one with the highest sequence."""
    rows = attempt.responses.order_by("sequence").values_list("item_key", "answer")
    return dict(rows)


def _store_scores(
    attempt: Attempt, items: list[content.Item], answers: dict[str, Answer], scores: list[Score], now: datetime
) -> None:
    total = score_attempt(scores)
    attempt.state, attempt.submitted_at, attempt.scored_at = Attempt.State.SCORED, now, now
    attempt.earned, attempt.possible = total.marks, total.possible
    attempt.passed = is_passed(items, scores, attempt.rule["pass_mark"])
    attempt.save(update_fields=["state", "submitted_at", "scored_at", "earned", "possible", "passed"])
    ItemScore.objects.bulk_create(
        ItemScore(attempt=attempt, item_key=item.key, answer=answers.get(item.key), earned=score.marks)
        for item, score in zip(items, scores, strict=True)
    )


@transaction.atomic
def grant_attempt(
    actor: User, learner_id: int, course_id: int, quiz_key: str, reason: str, now: datetime
) -> ExtraAttempt:
    """One more attempt for a learner, with its reason; who may grant it is settled by how the caller fetched both."""
    details = {"course": course_id, "quiz": quiz_key}
    AuditEvent.objects.create(actor=actor, subject_id=learner_id, deed="grant_attempt", details=details, at=now)
    fields = {"course_id": course_id, "quiz_key": quiz_key, "reason": reason}
    return ExtraAttempt.objects.create(user_id=learner_id, granted_by=actor, granted_at=now, **fields)
