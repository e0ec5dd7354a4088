"""Joining an organisation or a cohort: by link and code, by invitation, or by asking first.

Inviting is in `actions`, leaving in `leaving`. Each action here looks at the mail domains that the
organisation takes, but for people who are in it already.
"""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from courses.organisations.actions import Answered, may_manage
from courses.organisations.join_mails import mail_join_answer, mail_join_request
from courses.organisations.mail_domains import domains_in, in_words, is_allowed
from courses.organisations.models import Invitation, JoinRequest
from courses.people.actions import join_by_link
from courses.people.audit import AuditEvent
from courses.people.models import (
    Cohort,
    CohortMembership,
    Membership,
    Organisation,
    User,
)
from courses.people.permissions import CohortClosed, NotYours, OnOneself, Refused, forbid_oneself
from courses.web import dates

ASK_AGAIN = timedelta(days=7)  # after a request was declined
MOST_WAITING = 5  # unanswered requests of one person


class AddressRefused(Refused):
    """The organisation takes only e-mail addresses of some mail domains, and this is of another."""


class Expired(Refused):
    """The invitation's fourteen days are over."""


class UsedByAnother(Refused):
    """Somebody else has accepted this invitation."""


class AskedEnough(Refused):
    """The person was declined lately, or has several requests that wait."""


def join_by_code(user: User, cohort: Cohort, now: datetime) -> CohortMembership | JoinRequest:
    """Lets the person in at once, or asks the cohort's trainers, as its `joining` says.

    Somebody who is in the cohort stays in it, and a second request is the first one.

    Raises:
        CohortClosed: nobody joins it any more.
        AddressRefused: their e-mail address is of a domain that the organisation does not take.
        AskedEnough: see there.
    """
    current = cohort.cohort_memberships.current().filter(user=user).first()
    if current:
        return current
    if cohort.closed_at:
        raise CohortClosed(
            f"{cohort.name} is closed, so nobody joins it any more. Nothing was changed."
            " Ask its trainer for another cohort."
        )
    check_address(user, cohort.organisation)
    is_on_approval = cohort.joining == Cohort.Joining.APPROVAL
    if is_on_approval and not cohort.trainers.filter(pk=user.pk).exists():
        return _ask(user, cohort.organisation, cohort, now)
    with transaction.atomic():
        membership = join_by_link(user, cohort, now)
        _accept_own_invitations(user, cohort, now)
    return membership


@transaction.atomic
def set_joining(trainer: User, cohort: Cohort, joining: str, now: datetime) -> bool:
    """Lets everybody with the link in, or only whom a trainer approves. Returns whether it changed.

    Raises:
        NotYours: the person does not train the cohort.
    """
    if not Cohort.objects.trained_by(trainer).filter(pk=cohort.pk).exists():
        raise NotYours("A trainer of the cohort decides this. Nothing was changed.")
    others = Cohort.objects.filter(pk=cohort.pk).exclude(joining=joining)
    if not others.update(joining=joining):
        return False
    details = {"cohort": str(cohort.key), "joining": joining}
    AuditEvent.objects.create(actor=trainer, action="set_joining", details=details, at=now)
    return True


def check_address(user: User, organisation: Organisation) -> None:
    """Raises AddressRefused where this address is of none of the organisation's mail domains."""
    domains = domains_in(organisation.mail_domains)
    if is_allowed(user.email, domains) or _is_in(user, organisation):
        return
    raise AddressRefused(
        f"{organisation.shown_name} takes only email addresses at {in_words(domains)}, and you are "
        f"signed in as {user.email}. Nothing was changed. You can change your email address under "
        "your details, or ask the person who invited you."
    )


def _is_in(user: User, organisation: Organisation) -> bool:
    memberships = Membership.objects.current().filter(user=user, organisation=organisation)
    return memberships.exists()


def _accept_own_invitations(user: User, cohort: Cohort, now: datetime) -> None:
    """Who was invited and came by the cohort's link instead has accepted the invitation so.

    The address is theirs: nobody signs in before it is confirmed.
    """
    places = (None, cohort.pk)
    unanswered = Invitation.objects.unanswered().filter(organisation=cohort.organisation)
    learners = unanswered.filter(email=user.email, role=Membership.Role.LEARNER)
    for invitation in learners.select_related("organisation"):
        if invitation.cohort_id in places:
            _take(user, invitation, now)


@transaction.atomic
def accept_invitation(user: User, invitation: Invitation, now: datetime) -> Invitation:
    """The person joins in the role, the team and the cohort of the invitation.

    Their e-mail address may be another than the one invited: `accepted_by` keeps the two together,
    so that the organisation finds on its lists whom it invited. A second press changes nothing.

    Raises:
        OnOneself: they wrote the invitation.
        UsedByAnother, Expired: see there.
        Answered: it was revoked.
        CohortClosed, AddressRefused: as in `join_by_code`.
        NotYours: their e-mail address is not confirmed.
    """
    # Locked, so that of two people with one link only the first joins.
    locked = Invitation.objects.select_for_update(of=("self",))
    current = locked.select_related("organisation", "cohort").get(pk=invitation.pk)
    if current.accepted_by_id == user.pk:
        return current
    _check_may_accept(user, current, now)
    _take(user, current, now)
    if current.cohort:
        _enter(user, current.cohort, current.role, now)
    details = {
        "organisation": current.organisation.slug,
        "invitation": str(current.key),
        "role": current.role,
        "is_other_address": current.email != user.email,
    }
    AuditEvent.objects.create(actor=user, action="accept_invitation", details=details, at=now)
    return current


def _check_may_accept(user: User, invitation: Invitation, now: datetime) -> None:
    if invitation.invited_by_id == user.pk:
        raise OnOneself(
            "You wrote this invitation, so somebody else accepts it. Nothing was changed."
        )
    refusal = why_ended(invitation, now)
    if refusal:
        raise refusal
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        raise NotYours("Confirm your email address first, then open the link again.")
    check_address(user, invitation.organisation)


def why_ended(invitation: Invitation, now: datetime) -> Refused | None:
    """Why nobody can accept this invitation any more; None: it can be accepted."""
    ask = "Ask the person who invited you for a new one."
    if invitation.accepted_at:
        return UsedByAnother(f"This invitation was used already, and each works once. {ask}")
    if invitation.revoked_at:
        return Answered(f"This invitation was taken back by the organisation. {ask}")
    if invitation.expires_at <= now:
        ended = dates.long_day(invitation.expires_at)
        return Expired(f"This invitation ended on {ended}. {ask}")
    if invitation.cohort and invitation.cohort.closed_at:
        return CohortClosed(f"{invitation.cohort.name} is closed meanwhile. {ask}")
    return None


def _take(user: User, invitation: Invitation, now: datetime) -> None:
    """Stores who accepted it, and gives the membership with team and employee number."""
    invitation.accepted_at, invitation.accepted_by = now, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    Membership.objects.get_or_create(
        user=user,
        organisation=invitation.organisation,
        role=invitation.role,
        ended_at=None,
        defaults={"started_at": now, "given_by_id": invitation.invited_by_id},
    )
    # They are facts about the person, so all memberships in the organisation have the same.
    known: dict[str, object] = {}
    if invitation.team_id:
        known["team"] = invitation.team_id
    if invitation.employee_number:
        known["employee_number"] = invitation.employee_number
    if known:
        current = Membership.objects.current().filter(user=user)
        current.filter(organisation=invitation.organisation).update(**known)


def _enter(user: User, cohort: Cohort, role: str, now: datetime) -> None:
    """Into the cohort: a learner to learn in it, a trainer to train it."""
    if role == Membership.Role.TRAINER:
        cohort.trainers.add(user)
    elif role == Membership.Role.LEARNER:
        join_by_link(user, cohort, now)


def ask_to_join(user: User, organisation: Organisation, now: datetime) -> JoinRequest | None:
    """Asks the managers of an organisation to be let in; None: the person is in it already.

    Raises:
        AddressRefused, AskedEnough: see there.
    """
    if _is_in(user, organisation):
        return None
    check_address(user, organisation)
    return _ask(user, organisation, None, now)


@transaction.atomic
def _ask(
    user: User, organisation: Organisation, cohort: Cohort | None, now: datetime
) -> JoinRequest:
    """The request that waits, or a new one, of which those who decide get a mail."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    own = JoinRequest.objects.filter(user=user)
    same = own.filter(organisation=organisation, cohort=cohort)
    waiting = same.filter(decided_at=None).first()
    if waiting:
        return waiting
    if same.filter(granted=False, decided_at__gt=now - ASK_AGAIN).exists():
        raise AskedEnough(
            "You asked a few days ago, and the answer was no. Speak to the person who sent you "
            "the link. Nothing was sent."
        )
    # Nobody can answer what was asked of a cohort that is archived meanwhile.
    answerable = own.filter(decided_at=None).exclude(cohort__archived_at__isnull=False)
    if answerable.count() >= MOST_WAITING:
        raise AskedEnough(
            f"{MOST_WAITING} of your requests wait for an answer, as many as one may have. "
            "Nothing was sent."
        )
    request = JoinRequest.objects.create(
        organisation=organisation, cohort=cohort, user=user, asked_at=now
    )
    mail_join_request(request)
    return request


@transaction.atomic
def answer_join_request(actor: User, request: JoinRequest, granted: bool, now: datetime) -> bool:
    """Lets the person in, or declines; they get a mail. False: it was answered before.

    A cohort's trainers answer for the cohort, managers for the organisation. Who is let into the
    organisation comes as a learner; a manager gives them more on their page.

    Raises:
        OnOneself: it is the actor's own request.
        NotYours: the actor does not decide about it.
        CohortClosed: the cohort is closed, and the person cannot be let in.
    """
    forbid_oneself(actor.pk, request.user_id)
    if not _may_answer(actor, request):
        raise NotYours("You do not decide about this request. Nothing was changed.")
    if granted and request.cohort and request.cohort.closed_at:
        raise CohortClosed(f"{request.cohort.name} is closed. Open it first. Nothing was changed.")
    # The filter lets one of two answers at once through.
    undecided = JoinRequest.objects.filter(pk=request.pk, decided_at=None)
    if not undecided.update(granted=granted, decided_at=now, decided_by=actor):
        return False
    if granted and request.cohort:
        join_by_link(request.user, request.cohort, now)
        _accept_own_invitations(request.user, request.cohort, now)
    elif granted:
        _give_learner(actor, request, now)
    if not (granted and request.cohort):  # of a cohort joined, the mail says so already
        mail_join_answer(request, granted=granted)
    details = {"organisation": request.organisation.slug, "granted": granted}
    if request.cohort:
        details["cohort"] = str(request.cohort.key)
    AuditEvent.objects.create(
        actor=actor, subject=request.user, action="answer_join_request", details=details, at=now
    )
    return True


def _may_answer(actor: User, request: JoinRequest) -> bool:
    if request.cohort_id:
        return Cohort.objects.trained_by(actor).filter(pk=request.cohort_id).exists()
    return may_manage(actor, request.organisation)


def _give_learner(actor: User, request: JoinRequest, now: datetime) -> None:
    Membership.objects.get_or_create(
        user=request.user,
        organisation=request.organisation,
        role=Membership.Role.LEARNER,
        ended_at=None,
        defaults={"started_at": now, "given_by": actor},
    )
