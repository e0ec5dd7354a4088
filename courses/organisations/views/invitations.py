"""Invitations by e-mail: to write them, to see what became of them, to send or revoke one again."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from courses.organisations import actions
from courses.organisations.forms import InviteForm
from courses.organisations.menu import menu_of
from courses.organisations.models import Invitation
from courses.organisations.queries import INVITATION_STATES, invitations_page
from courses.people.models import Organisation
from courses.people.permissions import Refused
from courses.web.access import SignedInRequest, signed_in

PAGE = "courses:organisation-invitations"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def invitations(request: SignedInRequest, organisation: str) -> HttpResponse:
    """GET: the form, and all invitations with their state. POST: invites."""
    row = get_object_or_404(Organisation.objects.run_by(request.user), slug=organisation)
    is_manager = actions.may_manage(request.user, row)
    form = InviteForm(
        request.POST or None,
        organisation=row,
        inviter=request.user,
        is_manager=is_manager,
        initial={"cohort": _asked_cohort(request)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            invited = actions.create_invitations(request.user, row, form.invitees(), timezone.now())
        except Refused as refusal:
            form.add_error("people", str(refusal))
        else:
            _report(request, invited)
            return redirect(PAGE, organisation)
    state = request.GET.get("state", "")
    state = state if state in INVITATION_STATES else ""
    context = {
        "organisation": row,
        "menu": menu_of(request.user, row),
        "form": form,
        "is_manager": is_manager,
        "listed": invitations_page(
            request.user, row, state, request.GET.get("page", ""), timezone.now()
        ),
    }
    status = 400 if form.errors else 200
    return render(request, "organisations/invitations.html", context, status=status)


def _asked_cohort(request: SignedInRequest) -> uuid.UUID | None:
    """The cohort that a link to this page chooses beforehand; None: none, or no key."""
    try:
        return uuid.UUID(request.GET.get("cohort", ""))
    except ValueError:
        return None


def _report(request: SignedInRequest, invited: list[Invitation]) -> None:
    waiting = sum(1 for invitation in invited if not invitation.times_sent)
    people = "1 person" if len(invited) == 1 else f"{len(invited)} people"
    messages.success(request, f"{people} invited. Each gets an email with a link of their own.")
    if waiting:
        messages.warning(
            request,
            f"{waiting} of them wait: your organisation has sent as many emails in 24 hours as it "
            "may. Nothing is lost; send them tomorrow.",
        )


def _row_or_404(request: SignedInRequest, organisation: str, key: uuid.UUID) -> Invitation:
    run = Invitation.objects.run_by(request.user).select_related("organisation")
    return get_object_or_404(run, organisation__slug=organisation, key=key)


@require_POST
@signed_in(PAGE, "organisation")
def resend(request: SignedInRequest, organisation: str, invitation: uuid.UUID) -> HttpResponse:
    row = _row_or_404(request, organisation, invitation)
    try:
        actions.resend_invitation(request.user, row, timezone.now())
    except Refused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, f"The invitation goes to {row.email} once more.")
    return redirect(PAGE, organisation)


@require_POST
@signed_in(PAGE, "organisation")
def revoke(request: SignedInRequest, organisation: str, invitation: uuid.UUID) -> HttpResponse:
    row = _row_or_404(request, organisation, invitation)
    if actions.revoke_invitation(request.user, row, timezone.now()):
        messages.success(request, f"The invitation to {row.email} is taken back.")
    else:
        messages.info(request, "This invitation was answered or taken back before.")
    return redirect(PAGE, organisation)


@require_POST
@signed_in(PAGE, "organisation")
def send_waiting(request: SignedInRequest, organisation: str) -> HttpResponse:
    """Sends those that no mail has left for, up to the limit of the day."""
    managed = Organisation.objects.managed_by(request.user).filter(slug=organisation).first()
    if not managed:
        raise Http404
    sent = actions.send_waiting_invitations(request.user, managed, timezone.now())
    if sent:
        messages.success(request, f"{sent} sent.")
    else:
        messages.info(request, "None can be sent now. Nothing is lost; try again tomorrow.")
    return redirect(PAGE, organisation)
