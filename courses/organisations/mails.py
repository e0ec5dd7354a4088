"""What the mails of organisations say. An organisation that is not confirmed is named in none."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.urls import Resolver404, resolve, reverse

from courses.organisations.models import Invitation
from courses.people import mails as people_mails
from courses.people.mails import plain_name
from courses.web.mail.outbox import text_message


def mail_invitations(invitations: Iterable[Invitation]) -> None:
    """Queues one mail for each of these invitations, in the caller's transaction."""
    messages = []
    for invitation in invitations:
        context = _invitation_context(invitation)
        subject = f"{context['inviter']} invites you to {context['place']}"
        message = text_message(
            subject,
            "organisations/invitation.txt",
            context,
            invitation.email,
            reply_to=invitation.invited_by.email,
        )
        messages.append(message)
    if messages:
        get_connection().send_messages(messages)


def _invitation_context(invitation: Invitation) -> dict[str, Any]:
    """What the mail names. Text that would become a link in a mail program is left out."""
    organisation = invitation.organisation.printed_name
    cohort = plain_name(invitation.cohort)
    page = reverse("courses:invitation", args=[invitation.key])
    return {
        "person": plain_name(invitation.name),
        "inviter": plain_name(invitation.invited_by) or "A trainer",
        "organisation": organisation,
        "cohort": cohort,
        "place": cohort or organisation or settings.SITE_NAME,
        "role": invitation.role,
        "expires_at": invitation.expires_at,
        "url": settings.SITE_URL + page,
    }


def invitation_in(path: str) -> people_mails.Invitation | None:
    """What an invitation by e-mail, of which this is the path, invites to; None: it is none."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    if match.view_name != "courses:invitation":
        return None
    rows = Invitation.objects.select_related("organisation", "cohort", "invited_by")
    invitation = rows.filter(key=match.kwargs["invitation"]).first()
    if not invitation:
        return None
    context = _invitation_context(invitation)
    return people_mails.Invitation(context["inviter"], context["place"], "")
