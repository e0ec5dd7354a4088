"""Asking to join an organisation, answering who asks, and leaving one."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.organisations import joining, leaving
from courses.organisations.models import JoinRequest
from courses.organisations.queries import own_rows
from courses.people.models import Cohort, Membership, Organisation
from courses.people.permissions import Refused
from courses.people.queries import like_organisations
from courses.web.access import SignedInRequest, signed_in


@require_POST
@signed_in("courses:new-cohort")
def ask_to_join(request: SignedInRequest) -> HttpResponse:
    """Asks to join an organisation whose name is like the one that was typed.

    Only those are found that the page before offered for this name: nobody tries out names.
    """
    typed = request.POST.get("name", "").replace("\x00", "")
    slug = request.POST.get("organisation", "")
    for organisation in like_organisations(typed):
        if organisation.slug == slug:
            return _ask(request, organisation)
    raise Http404


def _ask(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    try:
        asked = joining.ask_to_join(request.user, organisation, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("courses:new-cohort")
    if asked:
        messages.success(
            request,
            f"The managers of {organisation.shown_name} have your request, and answer by email.",
        )
    else:
        messages.info(request, f"You are in {organisation.shown_name} already.")
    return redirect("courses:own-organisations")


@require_POST
@signed_in("courses:cohorts")
def answer_join_request(request: SignedInRequest, join_request: uuid.UUID) -> HttpResponse:
    """Lets somebody in, or declines. Who may answer it: `JoinRequest.objects.answered_by`."""
    rows = JoinRequest.objects.answered_by(request.user)
    related = ("user", "cohort__organisation", "organisation")
    row = get_object_or_404(rows.select_related(*related), key=join_request)
    answer = request.POST.get("answer")
    if answer not in ("let-in", "decline"):
        messages.error(request, "Choose to let them in or to decline. Nothing was changed.")
        return redirect(_page_of(request, row))
    try:
        answered = joining.answer_join_request(
            request.user, row, answer == "let-in", timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_page_of(request, row))
    if not answered:
        messages.info(request, f"{row.user.name} was answered before.")
    elif answer == "let-in":
        messages.success(request, f"{row.user.name} is in, and gets an email.")
    else:
        messages.success(request, f"{row.user.name} is declined, and gets an email.")
    return redirect(_page_of(request, row))


def _page_of(request: SignedInRequest, row: JoinRequest) -> str:
    """The page that lists the request: of the cohort, or of the organisation's people.

    The first page where it was answered there.
    """
    if request.POST.get("from") == "cohorts":
        return reverse("courses:cohorts")
    if row.cohort:
        return f"{reverse('courses:cohort', args=[row.cohort.key])}#requests"
    return reverse("courses:organisation-people", args=[row.organisation.slug])


@require_POST
@signed_in("courses:cohort", "cohort")
def set_joining(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    """How the cohort's link lets people in."""
    row = get_object_or_404(Cohort.objects.trained_by(request.user), key=cohort)
    joining_by = request.POST.get("joining", "")
    if joining_by not in Cohort.Joining.values:
        messages.error(request, "Choose who joins. Nothing was changed.")
    elif joining.set_joining(request.user, row, joining_by, timezone.now()):
        messages.success(request, f"Who joins {row.name}: {Cohort.Joining(joining_by).label}.")
    return redirect(f"{reverse('courses:cohort', args=[cohort])}#joining")


@require_safe
@signed_in()
def own_organisations(request: SignedInRequest) -> HttpResponse:
    """The organisations one is in, since when and as what, with a way out of each."""
    asked = JoinRequest.objects.waiting().filter(user=request.user, cohort=None)
    context = {
        "rows": own_rows(request.user),
        "asked": asked.select_related("organisation"),
    }
    return render(request, "organisations/own.html", context)


@require_POST
@signed_in("courses:own-organisations")
def leave_organisation(request: SignedInRequest, organisation: str) -> HttpResponse:
    current = Membership.objects.current().filter(user=request.user)
    own = Organisation.objects.filter(pk__in=current.values("organisation"))
    row = get_object_or_404(own, slug=organisation)
    try:
        leaving.leave_organisation(request.user, row, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        promise = "What you learnt stays yours; it no longer sees what you learn."
        messages.success(request, f"You have left {row.shown_name}. {promise}")
    return redirect("courses:own-organisations")
