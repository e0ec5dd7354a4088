"""Accommodations beyond the rule of a quiz: a learner requests them, a trainer grants or declines.

Each is stored with who, when and why. That the actor trains the cohort is settled by how the caller
fetched the assignment. Settled here: nobody acts on themselves, and only the organisation that
decides about the learner's attempts may act.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from courses.assessment.frozen import rule_of
from courses.assessment.models import (
    AccommodationRequest,
    Attempt,
    AttemptQuerySet,
    ExtraAttempt,
    ExtraTime,
)
from courses.library import content
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
    """A request of the same kind is still pending."""


class NotVoidable(Refused):
    """The attempt was voided before, or it was passed: a pass is not taken back."""


class BeforeJoining(NotVoidable):
    """The attempt was opened before the learner joined the cohort.

    So it belongs to no assignment of this trainer.
    """


class StillOpen(Refused):
    """The learner has an attempt at the quiz open: two results at once would contradict."""


class PassedAlready(Refused):
    """The learner has passed the quiz."""


def request_accommodation(
    learner: User, course_id: int, quiz_key: str, kind: str, reason: str, now: datetime
) -> AccommodationRequest:
    """Stores a learner's request for one more attempt or more time (`AccommodationRequest.Kind`).

    It is pending until a trainer answers it, of the organisation that decides about the learner's
    attempts.

    Raises:
        AskedAlready: a request of this kind for this quiz is pending.
    """
    request = AccommodationRequest(
        user=learner,
        course_id=course_id,
        quiz_key=quiz_key,
        kind=kind,
        reason=reason,
        asked_at=now,
    )
    if deciding := decider_of(learner.pk, course_id):
        request.assignment = Assignment.objects.get(
            cohort__cohort_memberships=deciding.membership_id, course=course_id
        )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        # The constraint `asked_once_at_a_time` settles two requests at once.
        raise AskedAlready("You have asked already. Your trainer has not answered yet.") from None
    return request


@transaction.atomic
def decline_request(
    actor: User,
    assignment: Assignment,
    request: AccommodationRequest,
    answer: str,
    now: datetime,
) -> bool:
    """Declines a request. False where it was answered before, perhaps by somebody else.

    `answer` is the sentence that the learner reads with it.

    Raises:
        OnOneself, NoLongerHere, OtherDecides: see `_membership_in`.
    """
    _membership_in(actor, assignment, request.user_id)
    # Of two answers at once the database lets one change the row.
    pending = AccommodationRequest.objects.pending().filter(pk=request.pk)
    if not pending.update(granted=False, answer=answer, decided_at=now, decided_by=actor):
        return False
    _record(actor, assignment, request.user_id, "decline_request", request.quiz_key, now)
    return True


@transaction.atomic
def grant_request(
    actor: User,
    assignment: Assignment,
    request: AccommodationRequest,
    answer: str,
    minutes: int,
    now: datetime,
) -> bool:
    """Grants what was asked for. False where it was answered before, perhaps by somebody else.

    Args:
        answer: the sentence that the learner reads with it; "": none.
        minutes: how many more, where time was asked for; else ignored.

    Raises:
        OnOneself, NoLongerHere, OtherDecides: see `_membership_in`.
    """
    _membership_in(actor, assignment, request.user_id)
    pending = AccommodationRequest.objects.pending().filter(pk=request.pk)
    # The filtered update settles which of two answers at once counts.
    if not pending.update(answer=answer):
        return False
    learner_id, quiz_key = request.user_id, request.quiz_key
    reason = answer or request.reason
    if request.kind == AccommodationRequest.Kind.TIME:
        grant_time(actor, assignment, learner_id, quiz_key, minutes, reason, now)
    else:
        grant_attempt(actor, assignment, learner_id, quiz_key, reason, now)
    return True


@transaction.atomic
def grant_attempt(
    actor: User, assignment: Assignment, learner_id: int, quiz_key: str, reason: str, now: datetime
) -> ExtraAttempt:
    """Grants a learner one more attempt at a quiz; a pending request for one is answered by it.

    Raises:
        OnOneself, NoLongerHere, OtherDecides: see `_membership_in`.
    """
    _membership_in(actor, assignment, learner_id)
    _record(actor, assignment, learner_id, "grant_attempt", quiz_key, now)
    kind = AccommodationRequest.Kind.ATTEMPT
    _mark_granted(actor, assignment, learner_id, quiz_key, kind, now)
    return ExtraAttempt.objects.create(
        user_id=learner_id,
        course_id=assignment.course_id,
        assignment=assignment,
        quiz_key=quiz_key,
        reason=reason,
        granted_by=actor,
        granted_at=now,
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
    """Grants a learner more minutes at a timed quiz; a pending request for it is answered by it.

    They count for every attempt from now on, and for the open one if its time is not over.

    Raises:
        OnOneself, NoLongerHere, OtherDecides: see `_membership_in`.
    """
    _membership_in(actor, assignment, learner_id)
    _record(actor, assignment, learner_id, "grant_time", quiz_key, now, minutes=minutes)
    kind = AccommodationRequest.Kind.TIME
    _mark_granted(actor, assignment, learner_id, quiz_key, kind, now)
    attempts = _attempts_at(assignment, learner_id, quiz_key)
    # An attempt whose time is over stays over.
    still_open = attempts.filter(state=Attempt.State.OPEN, deadline_at__gt=now)
    still_open.update(deadline_at=F("deadline_at") + timedelta(minutes=minutes))
    return ExtraTime.objects.create(
        user_id=learner_id,
        course_id=assignment.course_id,
        assignment=assignment,
        quiz_key=quiz_key,
        minutes=minutes,
        reason=reason,
        granted_by=actor,
        granted_at=now,
    )


@transaction.atomic
def void_attempt(
    actor: User, assignment: Assignment, attempt: Attempt, reason: str, now: datetime
) -> None:
    """Voids an attempt: it no longer counts, and its answers and marks stay readable.

    Raises:
        OnOneself, NoLongerHere, OtherDecides: see `_membership_in`.
        BeforeJoining: it was opened before the learner joined the cohort.
        NotVoidable: it was voided before, or passed.
    """
    membership = _membership_in(actor, assignment, attempt.user_id)
    if attempt.course_id != assignment.course_id or attempt.opened_at < membership.joined_at:
        raise BeforeJoining(
            "This attempt was opened before the learner joined your cohort. Nothing was changed."
        )
    attempts = Attempt.objects.filter(pk=attempt.pk)
    # Whether it can be voided is part of the update: it may be submitted at this moment.
    if not _void(attempts, actor, reason, now):
        raise NotVoidable(
            "This attempt was passed, or does not count already. Nothing was changed."
        )
    learner_id, quiz_key = attempt.user_id, attempt.quiz_key
    number = attempt.number
    _record(actor, assignment, learner_id, "void_attempt", quiz_key, now, number=number)


@transaction.atomic
def reset_quiz(
    actor: User, assignment: Assignment, learner_id: int, quiz_key: str, reason: str, now: datetime
) -> int:
    """Lets a learner begin a quiz afresh: voids every attempt that was not passed. How many it was.

    Attempts opened before the learner joined the cohort stay as they are.

    Raises:
        OnOneself, NoLongerHere, OtherDecides: see `_membership_in`.
        NotVoidable: there is no attempt to void.
    """
    membership = _membership_in(actor, assignment, learner_id)
    attempts = _attempts_at(assignment, learner_id, quiz_key)
    attempts = attempts.filter(opened_at__gte=membership.joined_at)
    # Locked in the order of their ids, as in `regrading._locked`, so that the two never wait for
    # each other.
    rows = _voidable(attempts).order_by("pk").select_for_update()
    list(rows.values_list("pk"))
    voided = _void(attempts, actor, reason, now)
    if not voided:
        raise NotVoidable("There is no attempt to set aside. Nothing was changed.")
    _record(actor, assignment, learner_id, "reset_quiz", quiz_key, now, attempts=voided)
    return voided


@transaction.atomic
def record_pass(
    actor: User,
    assignment: Assignment,
    learner_id: int,
    edition_id: int,
    quiz: content.Quiz,
    reason: str,
    now: datetime,
) -> Attempt:
    """Records that a learner has shown in another way what a final quiz asks, with the reason.

    A scored and passed attempt without items: everything that follows from a pass follows from it,
    and every page says how it came about. A pending request about the quiz is answered by it.

    Raises:
        OnOneself, NoLongerHere, OtherDecides: see `_membership_in`.
        PassedAlready: there is a passed attempt.
        StillOpen: an attempt is open.
    """
    _membership_in(actor, assignment, learner_id)
    # Locked as in `actions.open_attempt`: no attempt begins meanwhile, and the number is free.
    learner = User.objects.select_for_update(no_key=True).get(pk=learner_id)
    attempts = _attempts_at(assignment, learner_id, quiz.key)
    if attempts.counted().filter(passed=True).exists():
        raise PassedAlready(f"{learner.name} has passed this quiz. Nothing was changed.")
    if attempts.filter(state=Attempt.State.OPEN).exists():
        raise StillOpen(
            f"{learner.name} has an attempt at this quiz open. Wait until it is handed in, or "
            "let it not count. Nothing was changed."
        )
    _record(actor, assignment, learner_id, "record_pass", quiz.key, now)
    for kind in AccommodationRequest.Kind:
        _mark_granted(actor, assignment, learner_id, quiz.key, kind, now)
    last_number = attempts.order_by("-number").values_list("number", flat=True).first()
    return Attempt.objects.create(
        user_id=learner_id,
        course_id=assignment.course_id,
        edition_id=edition_id,
        quiz_key=quiz.key,
        number=(last_number or 0) + 1,
        state=Attempt.State.SCORED,
        rule=rule_of(quiz),
        items=[],
        opened_at=now,
        submitted_at=now,
        scored_at=now,
        passed=True,
        assessed_by=actor,
        assess_reason=reason,
    )


def _attempts_at(assignment: Assignment, learner_id: int, quiz_key: str) -> AttemptQuerySet:
    attempts = Attempt.objects.filter(user=learner_id, course=assignment.course_id)
    return attempts.filter(quiz_key=quiz_key)


def _voidable(attempts: AttemptQuerySet) -> AttemptQuerySet:
    """Those that count and were not passed."""
    return attempts.counted().exclude(passed=True)


def _void(attempts: AttemptQuerySet, actor: User, reason: str, now: datetime) -> int:
    """Voids those of the attempts that can be voided; how many it was."""
    return _voidable(attempts).update(
        state=Attempt.State.VOIDED, voided_at=now, voided_by=actor, void_reason=reason
    )


def _membership_in(actor: User, assignment: Assignment, learner_id: int) -> CohortMembership:
    """The learner's membership in the assignment's cohort, if the actor may decide about them.

    Raises:
        OnOneself: the actor is the learner.
        NoLongerHere: the learner is no member of the cohort now.
        OtherDecides: another organisation decides, see `permissions.deciding_membership`.
    """
    forbid_oneself(actor.pk, learner_id)
    memberships = CohortMembership.objects.current()
    membership = memberships.filter(cohort=assignment.cohort_id, user=learner_id).first()
    if not membership:
        raise NoLongerHere("This learner has left the cohort. Nothing was changed.")
    deciding = decider_of(learner_id, assignment.course_id)
    if deciding and deciding.organisation_id != assignment.cohort.organisation_id:
        name = User.objects.get(pk=learner_id).name
        raise OtherDecides(f"{other_organisation_message(name)} Nothing was changed.")
    return membership


def decider_of(learner_id: int, course_id: int) -> CohortMembershipFacts | None:
    """The membership by which somebody decides about a learner's attempts at a course now.

    None where nobody does. One SQL query.
    """
    memberships = CohortMembership.objects.on_course(learner_id, course_id)
    organisation = ("cohort__organisation", "cohort__organisation__confirmed_at")
    rows = memberships.values_list("pk", *organisation, "joined_at", "led_by_another")
    return deciding_membership(CohortMembershipFacts(*row) for row in rows)


def other_organisation_message(name: str) -> str:
    """What a trainer reads where another organisation decides; it does not say which."""
    return (
        f"{name} learns this course with another organisation too, whose trainer decides about "
        f"attempts. Ask {name} to put the request to that trainer, on the page of the quiz."
    )


def _mark_granted(
    actor: User, assignment: Assignment, learner_id: int, quiz_key: str, kind: str, now: datetime
) -> None:
    """Answers the learner's pending request of this kind, if there is one."""
    pending = AccommodationRequest.objects.pending()
    request = pending.filter(
        user=learner_id, course=assignment.course_id, quiz_key=quiz_key, kind=kind
    )
    request.update(granted=True, decided_at=now, decided_by=actor)


def _record(
    actor: User,
    assignment: Assignment,
    learner_id: int,
    action: str,
    quiz_key: str,
    now: datetime,
    **counts: Any,
) -> None:
    details = {
        "course": assignment.course_id,
        "cohort": str(assignment.cohort.key),
        "quiz": quiz_key,
        **counts,
    }
    AuditEvent.objects.create(
        actor=actor, subject_id=learner_id, action=action, details=details, at=now
    )
