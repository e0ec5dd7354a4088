"""Deeds beyond the rule of a quiz: asked for by a learner, granted or taken back by a trainer, each with who and why.

Who may do it is settled by how the caller fetched the people. What was granted is counted in `actions`.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from courses.assessment.actions import Refused
from courses.assessment.models import Attempt, ExtraAttempt, ExtraRequest, ExtraTime
from courses.people.audit import AuditEvent
from courses.people.models import User


class AskedAlready(Refused):
    """The same wish is waiting for an answer."""


class NotVoidable(Refused):
    """The attempt was voided before, or was passed: a pass is not taken back."""


def ask_for(learner: User, course_id: int, quiz_key: str, wish: str, reason: str, now: datetime) -> ExtraRequest:
    """A learner's request for one more attempt or more time, kept until a trainer answers it.

    Raises:
        AskedAlready: one for the same is waiting.
    """
    fields = {"course_id": course_id, "quiz_key": quiz_key, "wish": wish, "reason": reason, "asked_at": now}
    try:
        with transaction.atomic():
            return ExtraRequest.objects.create(user=learner, **fields)
    except IntegrityError:
        raise AskedAlready("You have asked already. Your trainer has not answered yet.") from None


@transaction.atomic
def decline(actor: User, request: ExtraRequest, now: datetime) -> bool:
    """Answers a request with no; whether this call did (somebody else may have answered it meanwhile)."""
    pending = ExtraRequest.objects.pending().filter(pk=request.pk)
    if not pending.update(granted=False, decided_at=now, decided_by=actor):
        return False
    _record(actor, request.user_id, "decline_request", request.course_id, request.quiz_key, now)
    return True


@transaction.atomic
def grant_attempt(
    actor: User, learner_id: int, course_id: int, quiz_key: str, reason: str, now: datetime
) -> ExtraAttempt:
    """One more attempt for a learner, with its reason; it answers their request for one."""
    _record(actor, learner_id, "grant_attempt", course_id, quiz_key, now)
    _answer(actor, learner_id, course_id, quiz_key, ExtraRequest.Wish.ATTEMPT, now)
    fields = {"course_id": course_id, "quiz_key": quiz_key, "reason": reason}
    return ExtraAttempt.objects.create(user_id=learner_id, granted_by=actor, granted_at=now, **fields)


@transaction.atomic
def grant_time(
    actor: User, learner_id: int, course_id: int, quiz_key: str, minutes: int, reason: str, now: datetime
) -> ExtraTime:
    """More minutes at a timed quiz, for every attempt from now on, the open one included; it answers their request."""
    _record(actor, learner_id, "grant_time", course_id, quiz_key, now, minutes=minutes)
    _answer(actor, learner_id, course_id, quiz_key, ExtraRequest.Wish.TIME, now)
    open_now = Attempt.objects.filter(user=learner_id, course=course_id, quiz_key=quiz_key, state=Attempt.State.OPEN)
    open_now.filter(deadline_at__gt=now).update(deadline_at=F("deadline_at") + timedelta(minutes=minutes))
    fields = {"course_id": course_id, "quiz_key": quiz_key, "minutes": minutes, "reason": reason}
    return ExtraTime.objects.create(user_id=learner_id, granted_by=actor, granted_at=now, **fields)


@transaction.atomic
def void_attempt(actor: User, attempt: Attempt, reason: str, now: datetime) -> None:
    """Takes an attempt out of the count, with a reason; its answers and marks stay readable.

    Raises:
        NotVoidable: it was voided before, or passed.
    """
    rows = Attempt.objects.counted().filter(pk=attempt.pk).exclude(passed=True)
    fields = {"voided_at": now, "voided_by": actor, "void_reason": reason}
    if not rows.update(state=Attempt.State.VOIDED, **fields):
        raise NotVoidable("This attempt was passed, or does not count already. Nothing was changed.")
    _record(actor, attempt.user_id, "void_attempt", attempt.course_id, attempt.quiz_key, now, number=attempt.number)


@transaction.atomic
def reset_quiz(actor: User, learner_id: int, course_id: int, quiz_key: str, reason: str, now: datetime) -> int:
    """Lets a learner begin a quiz afresh: every attempt that was not passed is voided and kept; how many.

    Raises:
        NotVoidable: there is none.
    """
    rows = Attempt.objects.counted().filter(user=learner_id, course=course_id, quiz_key=quiz_key).exclude(passed=True)
    list(rows.order_by("pk").select_for_update().values_list("pk"))  # in one order, as in `remarks`
    voided = rows.update(state=Attempt.State.VOIDED, voided_at=now, voided_by=actor, void_reason=reason)
    if not voided:
        raise NotVoidable("There is no attempt to set aside. Nothing was changed.")
    _record(actor, learner_id, "reset_quiz", course_id, quiz_key, now, attempts=voided)
    return voided


def _answer(actor: User, learner_id: int, course_id: int, quiz_key: str, wish: str, now: datetime) -> None:
    asked = ExtraRequest.objects.pending().filter(user=learner_id, course=course_id, quiz_key=quiz_key, wish=wish)
    asked.update(granted=True, decided_at=now, decided_by=actor)


def _record(
    actor: User, learner_id: int, deed: str, course_id: int, quiz_key: str, now: datetime, **counts: Any
) -> None:
    details = {"course": course_id, "quiz": quiz_key, **counts}
    AuditEvent.objects.create(actor=actor, subject_id=learner_id, deed=deed, details=details, at=now)
