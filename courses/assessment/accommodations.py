"""Actions beyond the rule of a quiz: asked for by a learner, granted or taken back by a trainer, each with who and why.

That the actor trains the cohort is settled by how the caller fetched the assignment. That it is not on oneself, and
that the cohort's organisation is the one that decides about the learner's attempts, is settled here.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from courses.assessment.models import (
    AccommodationRequest,
    Attempt,
    AttemptQuerySet,
    ExtraAttempt,
    ExtraTime,
)
from courses.people.audit import AuditEvent
from courses.people.models import Assignment, CohortMembership, User
from courses.people.permissions import (
    CohortMembershipFacts,
    NoLongerHere,
    OtherDecides,
    Refused,
    deciding_membership,
    forbid_oneself,
)


class AskedAlready(Refused):
    """The same wish is waiting for an answer."""


class NotVoidable(Refused):
    """The attempt was voided before, or was passed: a pass is not taken back."""


class BeforeJoining(NotVoidable):
    """The attempt was opened before the learner joined the cohort: it belongs to no assignment of this trainer."""


def request_accommodation(
    learner: User, course_id: int, quiz_key: str, kind: str, reason: str, now: datetime
) -> AccommodationRequest:
    """A learner's request for one more attempt or more time, kept until a trainer answers it.

    It goes to the trainers of the organisation that decides about the learner's attempts.

    Raises:
        AskedAlready: one for the same is waiting.
    """
    fields = {
        "course_id": course_id,
        "quiz_key": quiz_key,
        "kind": kind,
        "reason": reason,
        "asked_at": now,
    }
    if deciding := decider_of(learner.pk, course_id):
        fields["assignment"] = Assignment.objects.get(
            cohort__cohort_memberships=deciding.membership_id, course=course_id
        )
    try:
        with transaction.atomic():
            return AccommodationRequest.objects.create(user=learner, **fields)
    except IntegrityError:
        raise AskedAlready("You have asked already. Your trainer has not answered yet.") from None


@transaction.atomic
def decline_request(
    actor: User, assignment: Assignment, request: AccommodationRequest, now: datetime
) -> bool:
    """Answers a request with no; whether this call did (somebody else may have answered it meanwhile).

    Raises:
        OnOneself, NoLongerHere, OtherDecides: see `_place_in`.
    """
    _membership_in(actor, assignment, request.user_id)
    pending = AccommodationRequest.objects.pending().filter(pk=request.pk)
    if not pending.update(granted=False, decided_at=now, decided_by=actor):
        return False
    _record(actor, assignment, request.user_id, "decline_request", request.quiz_key, now)
    return True


@transaction.atomic
def grant_attempt(
    actor: User, assignment: Assignment, learner_id: int, quiz_key: str, reason: str, now: datetime
) -> ExtraAttempt:
    """One more attempt for a learner, with its reason; it answers their request for one.

    Raises:
        OnOneself, NoLongerHere, OtherDecides: see `_place_in`.
    """
    _membership_in(actor, assignment, learner_id)
    _record(actor, assignment, learner_id, "grant_attempt", quiz_key, now)
    _answer(actor, assignment, learner_id, quiz_key, AccommodationRequest.Kind.ATTEMPT, now)
    fields = {"course_id": assignment.course_id, "assignment": assignment, "quiz_key": quiz_key}
    return ExtraAttempt.objects.create(
        user_id=learner_id, reason=reason, granted_by=actor, granted_at=now, **fields
    )


@transaction.atomic
def grant_time(
    actor: User,
    assignment: Assignment,
    learner_id: int,
    quiz_key: str,
    minutes: int,
    reason: str,
    now: datetime,
) -> ExtraTime:
    """More minutes at a timed quiz, for every attempt from now on, the open one included; it answers their request.

    Raises:
        OnOneself, NoLongerHere, OtherDecides: see `_place_in`.
    """
    _membership_in(actor, assignment, learner_id)
    _record(actor, assignment, learner_id, "grant_time", quiz_key, now, minutes=minutes)
    _answer(actor, assignment, learner_id, quiz_key, AccommodationRequest.Kind.TIME, now)
    attempts = Attempt.objects.filter(
        user=learner_id, course=assignment.course_id, quiz_key=quiz_key
    )
    open_now = attempts.filter(state=Attempt.State.OPEN, deadline_at__gt=now)
    open_now.update(deadline_at=F("deadline_at") + timedelta(minutes=minutes))
    fields = {"course_id": assignment.course_id, "assignment": assignment, "quiz_key": quiz_key}
    return ExtraTime.objects.create(
        user_id=learner_id,
        minutes=minutes,
        reason=reason,
        granted_by=actor,
        granted_at=now,
        **fields,
    )


@transaction.atomic
def void_attempt(
    actor: User, assignment: Assignment, attempt: Attempt, reason: str, now: datetime
) -> None:
    """Takes an attempt out of the count, with a reason; its answers and marks stay readable.

    Raises:
        OnOneself, NoLongerHere, OtherDecides: see `_place_in`.
        BeforeJoining: it was opened before the learner joined the cohort.
        NotVoidable: it was voided before, or passed.
    """
    place = _membership_in(actor, assignment, attempt.user_id)
    if attempt.course_id != assignment.course_id or attempt.opened_at < place.joined_at:
        raise BeforeJoining(
            "This attempt was opened before the learner joined your cohort. Nothing was changed."
        )
    rows = _voidable(Attempt.objects.filter(pk=attempt.pk))
    fields = {"voided_at": now, "voided_by": actor, "void_reason": reason}
    if not rows.update(state=Attempt.State.VOIDED, **fields):
        raise NotVoidable(
            "This attempt was passed, or does not count already. Nothing was changed."
        )
    _record(
        actor,
        assignment,
        attempt.user_id,
        "void_attempt",
        attempt.quiz_key,
        now,
        number=attempt.number,
    )


@transaction.atomic
def reset_quiz(
    actor: User, assignment: Assignment, learner_id: int, quiz_key: str, reason: str, now: datetime
) -> int:
    """Lets a learner begin a quiz afresh: every attempt that was not passed is voided and kept; how many.

    Attempts opened before the learner joined the cohort stay as they are.

    Raises:
        OnOneself, NoLongerHere, OtherDecides: see `_place_in`.
        NotVoidable: there is none.
    """
    place = _membership_in(actor, assignment, learner_id)
    attempts = Attempt.objects.filter(
        user=learner_id, course=assignment.course_id, quiz_key=quiz_key
    )
    rows = _voidable(attempts.filter(opened_at__gte=place.joined_at))
    list(rows.order_by("pk").select_for_update().values_list("pk"))  # in one order, as in `remarks`
    voided = rows.update(
        state=Attempt.State.VOIDED, voided_at=now, voided_by=actor, void_reason=reason
    )
    if not voided:
        raise NotVoidable("There is no attempt to set aside. Nothing was changed.")
    _record(actor, assignment, learner_id, "reset_quiz", quiz_key, now, attempts=voided)
    return voided


def _voidable(attempts: AttemptQuerySet) -> AttemptQuerySet:
    """Those that count and were not passed."""
    return attempts.counted().exclude(passed=True)


def _membership_in(actor: User, assignment: Assignment, learner_id: int) -> CohortMembership:
    """The learner's place in the assignment's cohort, where this cohort may decide about their attempts.

    Raises:
        OnOneself: the actor is the learner.
        NoLongerHere: the learner has no place in the cohort now.
        OtherDecides: another organisation decides, see `permissions.deciding_membership`.
    """
    forbid_oneself(actor.pk, learner_id)
    place = (
        CohortMembership.objects.current()
        .filter(cohort=assignment.cohort_id, user=learner_id)
        .first()
    )
    if not place:
        raise NoLongerHere("This learner has left the cohort. Nothing was changed.")
    deciding = decider_of(learner_id, assignment.course_id)
    if deciding and deciding.organisation_id != assignment.cohort.organisation_id:
        name = User.objects.get(pk=learner_id).name
        raise OtherDecides(f"{elsewhere(name)} Nothing was changed.")
    return place


def decider_of(learner_id: int, course_id: int) -> CohortMembershipFacts | None:
    """The place that decides about a learner's attempts at a course now, None where nobody does; one SQL query."""
    organisation = ("cohort__organisation", "cohort__organisation__confirmed_at")
    rows = CohortMembership.objects.on_course(learner_id, course_id)
    facts = rows.values_list("pk", *organisation, "joined_at", "led_by_another")
    return deciding_membership(CohortMembershipFacts(*row) for row in facts)


def elsewhere(name: str) -> str:
    """What a trainer reads of a learner about whose attempts another organisation decides; it names nobody there."""
    return (
        f"{name} learns this course with another organisation too, whose trainer decides about attempts. "
        f"Ask {name} to put the request to that trainer, on the page of the quiz."
    )


def _answer(
    actor: User, assignment: Assignment, learner_id: int, quiz_key: str, kind: str, now: datetime
) -> None:
    pending = AccommodationRequest.objects.pending().filter(
        user=learner_id, course=assignment.course_id
    )
    asked = pending.filter(quiz_key=quiz_key, kind=kind)
    asked.update(granted=True, decided_at=now, decided_by=actor)


def _record(
    actor: User,
    assignment: Assignment,
    learner_id: int,
    action: str,
    quiz_key: str,
    now: datetime,
    **counts: Any,
) -> None:
    cohort = str(assignment.cohort.key)
    details = {"course": assignment.course_id, "cohort": cohort, "quiz": quiz_key, **counts}
    AuditEvent.objects.create(
        actor=actor, subject_id=learner_id, action=action, details=details, at=now
    )
