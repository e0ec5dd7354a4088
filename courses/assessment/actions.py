"""The actions of an attempt: open it, save a response, submit it, close it when its time is over.

Accommodations beyond the quiz's rule are in `accommodations`.
"""

import hmac
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Sum

from courses.assessment.answering_queries import (
    GivenAnswer,
    answers_to_score,
    attempt_for_answer,
    attempt_to_submit,
)
from courses.assessment.forms import Event
from courses.assessment.frozen import rule_of
from courses.assessment.items import Answer, answer_keys, score_item
from courses.assessment.models import Attempt, ExtraAttempt, ExtraTime, ItemScore, Response
from courses.assessment.queries import pass_mark_of
from courses.assessment.scoring import Score, is_passed, score_attempt
from courses.library import content
from courses.library.queries import content_of
from courses.people.models import User
from courses.people.permissions import Refused
from courses.web import dates


class AttemptsUsedUp(Refused):
    """The learner has taken all attempts that the rule allows, and all that were granted."""


class TooSoon(Refused):
    """The pause between two attempts is not over."""


class NotOpen(Refused):
    """The attempt was submitted, voided or ran out of time; its answers no longer change."""


class StaleAnswer(Refused):
    """A newer answer to this item is saved already; it stays."""


def _shuffled(keys: Iterable[str], attempt_key: uuid.UUID, purpose: str) -> list[str]:
    """The keys in a random order that is always the same for this attempt and purpose.

    It hangs on a secret, so that nobody can work it out from the attempt's key.
    """
    secret = settings.SECRET_KEY.encode()

    def position(key: str) -> bytes:
        text = f"{purpose}:{attempt_key}:{key}"
        return hmac.digest(secret, text.encode(), "sha256")

    return sorted(keys, key=position)


def draw_items(
    course: content.Course, quiz: content.Quiz, attempt_key: uuid.UUID
) -> list[dict[str, Any]]:
    """The items of a new attempt in their order, as `Attempt.items` stores them.

    Drawn are first an item of each parallel group with critical items, so that safety is always
    asked; then an item of each other group; then more.
    """
    pool = {item.key: item for item in course.pool(quiz.key)}
    drawn = _draw(pool, quiz.draw, attempt_key)
    # Shuffled once more, or the critical items would always be the first.
    items: list[dict[str, Any]] = []
    for key in _shuffled(drawn, attempt_key, "order"):
        options = _shuffled(answer_keys(pool[key]), attempt_key, key)
        items.append({"key": key, "options": options})
    return items


def _draw(pool: dict[str, content.Item], draw: int, attempt_key: uuid.UUID) -> list[str]:
    """The keys of the items drawn from the pool, at most `draw`."""
    order = _shuffled(pool, attempt_key, "draw")
    first_of_group: dict[str, str] = {}
    for key in order:
        first_of_group.setdefault(pool[key].parallel, key)
    critical_groups = {item.parallel for item in pool.values() if item.critical}
    # Parallel items ask the same, so one of a group is enough while there are other groups.
    critical, other = [], []
    for group, key in first_of_group.items():
        if group in critical_groups:
            critical.append(key)
        else:
            other.append(key)
    firsts = set(first_of_group.values())
    more = [key for key in order if key not in firsts]
    return [*critical, *other, *more][:draw]


def drawn_item(attempt: Attempt, number: int) -> content.Item:
    """The item at this position of the attempt; `number` counts from 1 and must be within it."""
    key = attempt.items[number - 1]["key"]
    item = content_of(attempt.edition_id).item(key)
    assert item is not None, "an edition is immutable, so a drawn item is there"
    return item


def attempts_allowed(user: User, course_id: int, quiz: content.Quiz) -> int:
    """How many attempts this person may take at the quiz: the rule's, and those granted."""
    granted = ExtraAttempt.objects.in_force()
    extra = granted.filter(user=user, course=course_id, quiz_key=quiz.key).count()
    return quiz.attempts + extra


def open_attempt(
    user: User,
    course_id: int,
    edition_id: int,
    quiz: content.Quiz,
    now: datetime,
    *,
    one_more_after: int = 0,
) -> Attempt:
    """The person's open attempt at the quiz, a new one if none is open. Two calls at once get one.

    `one_more_after` is the number of an attempt that one more may follow, whatever is allowed; 0
    for none. By the number, two calls can never begin two of these.

    Raises:
        AttemptsUsedUp: none is open and no further one is allowed.
        TooSoon: none is open, and the pause after the last one is not over.
    """
    taken = Attempt.objects.taken_by(user).at_quiz(course_id, quiz.key)
    with transaction.atomic():
        # One at a time: what is counted here stays true until the end. `no_key`, so that rows
        # about this person (a trainer's audit of a void) can be added meanwhile.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if attempt := taken.filter(state=Attempt.State.OPEN).first():
            return attempt
        used = taken.counted().count()
        last = taken.counted().last()
        may_follow = last is not None and last.number == one_more_after
        if used >= attempts_allowed(user, course_id, quiz) and not may_follow:
            raise AttemptsUsedUp(
                f"You have taken all {used} attempts. Your trainer can grant one more."
            )
        _check_pause(quiz, last, now)
        return _new_attempt(user, course_id, edition_id, quiz, now)


def _check_pause(quiz: content.Quiz, last: Attempt | None, now: datetime) -> None:
    """Raises TooSoon while the pause after the last attempt is not over."""
    opens_at = next_attempt_at(quiz, last.submitted_at if last else None)
    if opens_at and now < opens_at:
        raise TooSoon(
            f"You can take it again from {dates.moment(opens_at)}. "
            "The lessons are open to you meanwhile."
        )


def next_attempt_at(quiz: content.Quiz, last_ended_at: datetime | None) -> datetime | None:
    """When the pause after the last attempt is over.

    None where the quiz has no pause, or no attempt has ended yet.
    """
    if not quiz.wait_hours or not last_ended_at:
        return None
    return last_ended_at + timedelta(hours=quiz.wait_hours)


def deadline_of(
    user: User, course_id: int, quiz: content.Quiz, opened_at: datetime
) -> datetime | None:
    """When the time of an attempt opened at this moment is over; None for an untimed quiz.

    It is the rule's minutes and all minutes granted to this person.
    """
    if quiz.limit_minutes is None:
        return None
    granted = ExtraTime.objects.in_force().filter(user=user, course=course_id, quiz_key=quiz.key)
    extra = granted.aggregate(Sum("minutes"))["minutes__sum"] or 0
    return opened_at + timedelta(minutes=quiz.limit_minutes + extra)


def _new_attempt(
    user: User, course_id: int, edition_id: int, quiz: content.Quiz, now: datetime
) -> Attempt:
    taken = Attempt.objects.taken_by(user).at_quiz(course_id, quiz.key)
    # Numbers are not used twice: voided attempts keep theirs.
    highest = taken.aggregate(Max("number"))["number__max"] or 0
    key = uuid.uuid4()
    return Attempt.objects.create(
        key=key,
        user=user,
        course_id=course_id,
        edition_id=edition_id,
        quiz_key=quiz.key,
        number=highest + 1,
        rule=rule_of(quiz),
        items=draw_items(content_of(edition_id), quiz, key),
        opened_at=now,
        deadline_at=deadline_of(user, course_id, quiz, now),
    )


def save_response(
    user: User, attempt_key: uuid.UUID, item_key: str, answer: Answer, event: Event, now: datetime
) -> datetime:
    """Stores one answer and returns, once it is committed, the moment it was saved.

    A repeat of an event changes nothing and returns the moment of the first.

    Raises:
        Attempt.DoesNotExist: not this person's attempt.
        NotOpen: the attempt takes no more answers.
        StaleAnswer: an answer with this sequence or a higher one is there already, or another one
            with this event; this one is not stored.
    """
    # On PostgreSQL a statement that waited for the lock may not see what was stored meanwhile;
    # the next one does.
    for _ in range(2):
        with suppress(IntegrityError), transaction.atomic():
            return _save_response(user, attempt_key, item_key, answer, event, now)
    raise StaleAnswer(
        "This answer arrived twice at once. Load the page again to see what is saved."
    )


def _save_response(
    user: User, attempt_key: uuid.UUID, item_key: str, answer: Answer, event: Event, now: datetime
) -> datetime:
    """The attempt's row is locked, so that nothing is acknowledged after it was handed in."""
    locked = attempt_for_answer(user, attempt_key, item_key, event.event_id)
    attempt = locked.attempt
    if locked.is_repeated:
        return _repeated(attempt, item_key, answer, event)
    if attempt.state != Attempt.State.OPEN or attempt.is_over(now):
        raise NotOpen(f"{_why_closed(attempt)} What you saved before is kept.")
    if event.sequence <= locked.newest_sequence:
        raise StaleAnswer(
            "You answered this question in another window later. "
            "That answer is kept; this one was not saved."
        )
    fields = {"event_id": event.event_id, "sequence": event.sequence, "certainty": event.certainty}
    Response.objects.create(
        attempt=attempt, item_key=item_key, answer=answer, saved_at=now, **fields
    )
    return now


def _repeated(attempt: Attempt, item_key: str, answer: Answer, event: Event) -> datetime:
    """When this very change was saved.

    A page shown again by the Back button may send another answer with its old event.
    """
    stored = attempt.responses.get(event_id=event.event_id)
    if (stored.item_key, stored.answer, stored.certainty) != (item_key, answer, event.certainty):
        raise StaleAnswer(
            "This page was older than what is saved, so this answer was not added. "
            "Look at it, and save it once more."
        )
    return stored.saved_at


def _why_closed(attempt: Attempt) -> str:
    if attempt.state == Attempt.State.VOIDED:
        return (
            "This attempt does not count any more, so this answer was not added. "
            "Your trainer can tell you why."
        )
    if attempt.expired or attempt.state == Attempt.State.OPEN:
        return "The time was over when this answer came, so it was not added."
    return "This quiz was handed in already, so this answer was not added."


def submit_attempt(user: User, attempt_key: uuid.UUID, now: datetime) -> tuple[Attempt, bool]:
    """Submits an attempt and scores it. The attempt, and whether this call did it.

    Call it inside a transaction. A second call finds it scored and changes nothing.

    Raises:
        Attempt.DoesNotExist: not this person's attempt.
        NotOpen: it was voided.
    """
    attempt = attempt_to_submit(user, attempt_key)
    if attempt.state == Attempt.State.VOIDED:
        raise NotOpen("This attempt does not count any more. Your trainer can tell you why.")
    if attempt.state == Attempt.State.SCORED:
        return attempt, False
    _end(attempt, now)
    return attempt, True


def close_expired_attempt(attempt_id: int, now: datetime) -> Attempt | None:
    """Scores an attempt whose time is over, with what was saved by then.

    Call it inside a transaction. None where there is nothing to close: the attempt was submitted,
    voided or closed meanwhile, or its time is not over.
    """
    attempt = Attempt.objects.select_for_update().get(pk=attempt_id)
    if not attempt.is_over(now):
        return None
    _end(attempt, now)
    return attempt


def _end(attempt: Attempt, now: datetime) -> None:
    """Ends an open attempt, whose row is locked, and scores it."""
    items = [drawn_item(attempt, number) for number in range(1, len(attempt.items) + 1)]
    # An expired attempt ended at its deadline, whenever it is closed.
    attempt.expired = attempt.is_over(now)
    attempt.submitted_at = attempt.deadline_at if attempt.expired else now
    _store_scores(attempt, items, now)


def newest_answers(attempt: Attempt) -> dict[str, Answer]:
    """The answer that counts for each answered item: the one with the highest sequence."""
    rows = attempt.responses.order_by("sequence").values_list("item_key", "answer")
    return dict(rows)


def is_comparable(met: content.Item, other: content.Item) -> bool:
    """Whether an answer to one version of an item can be scored by another: the same options."""
    # Keys are digests of the words, so a reworded option is another one.
    keys_met = sorted(answer_keys(met))
    return keys_met == sorted(answer_keys(other))


def _score(item: content.Item, answer: Answer | None, regraded_in: int | None) -> Score:
    """The score by the key the learner met or, where the item was regraded, by the corrected one.

    The higher of the two counts, since a regrade only raises. `regraded_in` is the id of the
    edition with the corrected key, None where there is none.
    """
    score = score_item(item, answer)
    # What was answered to other options cannot be read by the corrected key.
    corrected = content_of(regraded_in).item(item.key) if regraded_in else None
    if corrected is None or not is_comparable(item, corrected):
        return score
    return max(score, score_item(corrected, answer), key=lambda each: each.earned)


def _store_scores(attempt: Attempt, items: list[content.Item], now: datetime) -> None:
    newest = answers_to_score(attempt)
    given = [newest.get(item.key, GivenAnswer()) for item in items]
    scores = [
        _score(item, one.answer, one.regraded_in) for item, one in zip(items, given, strict=True)
    ]
    total = score_attempt(scores)
    attempt.state, attempt.scored_at = Attempt.State.SCORED, now
    attempt.earned, attempt.possible = total.marks, total.possible
    attempt.passed = is_passed(items, scores, pass_mark_of(attempt))
    fields = ["state", "submitted_at", "expired", "scored_at", "earned", "possible", "passed"]
    attempt.save(update_fields=fields)
    rows = []
    for item, score, one in zip(items, scores, given, strict=True):
        answered = {"answer": one.answer, "certainty": one.certainty}
        rows.append(ItemScore(attempt=attempt, item_key=item.key, earned=score.marks, **answered))
    ItemScore.objects.bulk_create(rows)
