"""Inviting people by e-mail: storing, sending, sending again, revoking.

Accepting is in `joining`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from courses.organisations.invitees import Invitee
from courses.organisations.mail_domains import domains_in, in_words, is_allowed
from courses.organisations.mails import mail_invitations
from courses.organisations.models import Invitation
from courses.people.actions import end_of_day
from courses.people.audit import AuditEvent
from courses.people.models import Cohort, Membership, Organisation, User
from courses.people.permissions import CohortClosed, NotYours, Refused
from courses.web import dates

DAY = timedelta(days=1)
LIFE = timedelta(days=14)  # of an invitation after it was sent last
MOST_SENT = 3  # mails of one invitation, and mails to one address for an organisation in a day
REPEAT_WINDOW = timedelta(minutes=2)  # a second press within it sends no second mail
SHOWN = 5  # addresses that a refusal names


class WrongDomain(Refused):
    """The organisation takes only addresses of some mail domains, and these are of others."""


class Answered(Refused):
    """The invitation was accepted or revoked in the meantime."""


class SentOften(Refused):
    """The invitation was sent a moment ago, or as often as it may be."""


class TooManyToday(Refused):
    """The organisation has sent as many invitations in 24 hours as the site allows."""


@transaction.atomic
def create_invitations(
    inviter: User, organisation: Organisation, invitees: Sequence[Invitee], now: datetime
) -> list[Invitation]:
    """Stores an invitation for each of these people, in their order, and queues one mail each.

    An address with an unanswered invitation to the same cohort (or to the organisation alone)
    keeps it: what is known of the person is updated, its 14 days begin again, and it is sent once
    more. An invitation that reached a limit of the mails is stored with `times_sent` as it was; it
    waits until `send_waiting_invitations`.

    Args:
        invitees: people who are not in the organisation; who calls this has looked.

    Raises:
        NotYours: the inviter does not manage the organisation, and not all are learners invited
            to cohorts that the inviter trains; or a team or cohort is of another organisation.
        WrongDomain: the organisation does not take some of the addresses.
        CohortClosed: one of the cohorts is closed.
    """
    _check_may_invite(inviter, organisation, invitees)
    _check_addresses(organisation, invitees)
    _lock(organisation)
    invitations = _store(inviter, organisation, invitees, now)
    sent = _send(organisation, invitations, now)
    _log(inviter, "invite", organisation, now, invitations=len(invitations), sent=sent)
    return invitations


def may_manage(user: User, organisation: Organisation) -> bool:
    """Whether this person is a manager of the organisation now."""
    return Organisation.objects.managed_by(user).filter(pk=organisation.pk).exists()


def _check_may_invite(
    inviter: User, organisation: Organisation, invitees: Iterable[Invitee]
) -> None:
    trained = None
    if not may_manage(inviter, organisation):
        trained = set(Cohort.objects.trained_by(inviter).values_list("pk", flat=True))
    for invitee in invitees:
        cohort, team = invitee.cohort, invitee.team
        for place in (cohort, team):
            if place and place.organisation_id != organisation.pk:
                raise NotYours("This belongs to another organisation. Nobody was invited.")
        if trained is not None and (not cohort or cohort.pk not in trained):
            raise NotYours("You can invite to the cohorts you train. Nobody was invited.")
        if trained is not None and invitee.role != Membership.Role.LEARNER:
            raise NotYours("A manager invites trainers and managers. Nobody was invited.")
        if cohort and cohort.closed_at:
            raise CohortClosed(
                f"{cohort.name} is closed, so nobody joins it. Nobody was invited."
                " Open it again first, or choose another cohort."
            )


def _check_addresses(organisation: Organisation, invitees: Iterable[Invitee]) -> None:
    """Raises WrongDomain, which names the first few addresses that are not allowed."""
    domains = domains_in(organisation.mail_domains)
    wrong = [invitee.email for invitee in invitees if not is_allowed(invitee.email, domains)]
    if not wrong:
        return
    more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    raise WrongDomain(
        f"{organisation.shown_name} takes only email addresses at {in_words(domains)}. "
        f"{', '.join(wrong[:SHOWN])}{more} cannot be invited. Nobody was invited."
    )


def _lock(organisation: Organisation) -> None:
    """Lets two who invite at once do so one after the other: the limits are exact."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _store(
    inviter: User, organisation: Organisation, invitees: Sequence[Invitee], now: datetime
) -> list[Invitation]:
    emails = {_key_of(invitee.email) for invitee in invitees}
    unanswered = Invitation.objects.unanswered().filter(organisation=organisation)
    known: dict[tuple[str, int | None], Invitation] = {}
    for invitation in unanswered.select_related("invited_by", "cohort"):
        if invitation.email in emails:
            known[invitation.email, invitation.cohort_id] = invitation
    stored, new, changed = [], [], set()
    for invitee in invitees:
        email = _key_of(invitee.email)
        cohort_id = invitee.cohort.pk if invitee.cohort else None
        invitation = known.get((email, cohort_id)) or Invitation(
            email=email, cohort=invitee.cohort, invited_by=inviter, invited_at=now
        )
        if (email, cohort_id) not in known:
            known[email, cohort_id] = invitation
            new.append(invitation)
        elif invitation.pk:
            changed.add(invitation)
        _fill(invitation, organisation, invitee, now)
        stored.append(invitation)
    Invitation.objects.bulk_create(new)
    Invitation.objects.bulk_update(changed, FILLED, batch_size=200)
    return stored


FILLED = ("role", "team", "name", "profession", "employee_number", "expires_at")


def _fill(
    invitation: Invitation, organisation: Organisation, invitee: Invitee, now: datetime
) -> None:
    """What is known of the person; an empty field leaves what was known before."""
    invitation.organisation = organisation
    invitation.role = invitee.role
    invitation.team = invitee.team or invitation.team
    invitation.name = invitee.name.strip() or invitation.name
    invitation.profession = invitee.profession or invitation.profession
    invitation.employee_number = invitee.employee_number.strip() or invitation.employee_number
    invitation.expires_at = _end_of_life(now)


def _key_of(email: str) -> str:
    """The address as it is stored: accounts have theirs in lower case too."""
    return email.strip().lower()


def _end_of_life(now: datetime) -> datetime:
    """The last second of the fourteenth day from now in London."""
    return end_of_day(timezone.localdate(now + LIFE))


def _send(organisation: Organisation, invitations: Iterable[Invitation], now: datetime) -> int:
    """Queues the mails of those that may be sent, in their order; returns how many."""
    room = _room(organisation, now)
    mails_today = _mails_today(organisation, now)
    due: dict[int, Invitation] = {}
    for invitation in invitations:
        is_over = len(due) >= room or mails_today.get(invitation.email, 0) >= MOST_SENT
        if is_over or invitation.pk in due or not _may_send(invitation, now):
            continue
        invitation.times_sent += 1
        invitation.sent_at = now
        due[invitation.pk] = invitation
    Invitation.objects.bulk_update(due.values(), ["times_sent", "sent_at"], batch_size=500)
    mail_invitations(due.values())
    return len(due)


def _may_send(invitation: Invitation, now: datetime) -> bool:
    if invitation.times_sent >= MOST_SENT:
        return False
    return invitation.sent_at is None or invitation.sent_at <= now - REPEAT_WINDOW


def _room(organisation: Organisation, now: datetime) -> int:
    """How many invitations the organisation may still send in these 24 hours; at least 0."""
    limit = settings.INVITATIONS_A_DAY
    if organisation.is_confirmed:
        limit = settings.CONFIRMED_INVITATIONS_A_DAY
    return max(0, limit - sum(_mails_today(organisation, now).values()))


def _mails_today(organisation: Organisation, now: datetime) -> dict[str, int]:
    """Mails of the last 24 hours by address.

    All mails of an invitation count while its newest is younger than that: rather too many than
    too few. Revoked invitations count too, else revoking would be a way around the limit.
    """
    recent = Invitation.objects.filter(organisation=organisation, sent_at__gt=now - DAY)
    return dict(recent.values_list("email").annotate(Sum("times_sent")))


@transaction.atomic
def resend_invitation(actor: User, invitation: Invitation, now: datetime) -> None:
    """Sends an unanswered invitation once more; its 14 days begin again.

    Raises:
        Answered: it was accepted or revoked.
        SentOften: it was sent three times, or a moment ago.
        TooManyToday: the organisation's limit of 24 hours is reached.
    """
    organisation = invitation.organisation
    _lock(organisation)
    unanswered = Invitation.objects.unanswered().select_related("invited_by", "cohort")
    current = unanswered.filter(pk=invitation.pk).first()
    if not current:
        raise Answered("This invitation was answered or taken back before. Nothing was sent.")
    if not _may_send(current, now) or not _room(organisation, now):
        raise _refusal(current, organisation, now)
    current.organisation = organisation
    current.expires_at = _end_of_life(now)
    current.save(update_fields=["expires_at"])
    if not _send(organisation, [current], now):
        raise _refusal(current, organisation, now)
    _log(actor, "resend_invitation", organisation, now, invitation=str(current.key))


def _refusal(invitation: Invitation, organisation: Organisation, now: datetime) -> Refused:
    """Why an invitation cannot be sent now."""
    if invitation.sent_at and invitation.sent_at > now - REPEAT_WINDOW:
        return SentOften(
            f"It was sent to {invitation.email} at {dates.clock(invitation.sent_at)}."
            " It is not sent twice."
        )
    if not _room(organisation, now):
        return TooManyToday(
            "Your organisation has sent as many invitations in the last 24 hours as it may."
            " Nothing is lost: this one waits. Send it tomorrow."
        )
    return SentOften(
        f"{invitation.email} has had {MOST_SENT} mails about it, as many as we send."
        " Speak to the person, or invite another address. Nothing was sent."
    )


@transaction.atomic
def send_waiting_invitations(actor: User, organisation: Organisation, now: datetime) -> int:
    """Sends invitations that no mail has left for, oldest first, up to the limit of the day.

    Returns how many were sent. Who may do so manages the organisation.

    Raises:
        NotYours: they do not.
    """
    if not may_manage(actor, organisation):
        raise NotYours("A manager of the organisation sends these. Nothing was sent.")
    _lock(organisation)
    waiting = Invitation.objects.unanswered().filter(organisation=organisation, times_sent=0)
    rows = list(waiting.select_related("invited_by", "cohort").order_by("pk"))
    for invitation in rows:
        invitation.organisation = organisation
        invitation.expires_at = _end_of_life(now)
    sent = _send(organisation, rows, now)
    gone = [invitation for invitation in rows if invitation.times_sent]
    Invitation.objects.bulk_update(gone, ["expires_at"], batch_size=500)
    if sent:
        _log(actor, "send_waiting_invitations", organisation, now, sent=sent)
    return sent


@transaction.atomic
def revoke_invitation(actor: User, invitation: Invitation, now: datetime) -> bool:
    """Ends an invitation; its link says so. Returns whether this call did it."""
    unanswered = Invitation.objects.unanswered().filter(pk=invitation.pk)
    if not unanswered.update(revoked_at=now, revoked_by=actor):
        return False
    organisation = invitation.organisation
    _log(actor, "revoke_invitation", organisation, now, invitation=str(invitation.key))
    return True


def _log(
    actor: User, action: str, organisation: Organisation, now: datetime, **details: object
) -> None:
    facts = {"organisation": organisation.slug, **details}
    AuditEvent.objects.create(actor=actor, action=action, details=facts, at=now)
