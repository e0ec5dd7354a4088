"""An organisation's pathways: its people read them, its trainers and managers keep them."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.organisations.menu import menu_of
from courses.pathways import actions
from courses.pathways.forms import PathwayForm
from courses.pathways.models import Pathway, PathwayQuerySet
from courses.pathways.queries import areas_of, kept_pathways_of
from courses.people.models import Organisation
from courses.people.permissions import ChangedMeanwhile, Refused
from courses.web.access import SignedInRequest, signed_in
from courses.web.shared_forms import COMPARE

PAGE = "courses:pathways"
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@signed_in()
def pathways(request: SignedInRequest, organisation: str) -> HttpResponse:
    """The list by kind and area; with what changes it for those who keep it."""
    own = Organisation.objects.joined_by(request.user)
    row = get_object_or_404(own, slug=organisation)
    run = Organisation.objects.run_by(request.user)
    context = {
        "organisation": row,
        "menu": menu_of(request.user, row),
        "may_keep": run.filter(pk=row.pk).exists(),
        "kept": kept_pathways_of(row, timezone.localdate()),
        "most": actions.MOST_PATHWAYS,
    }
    return render(request, "pathways/pathways.html", context)


@require_http_methods(FORM_METHODS)
@signed_in("courses:new-pathway", "organisation")
def new_pathway(request: SignedInRequest, organisation: str) -> HttpResponse:
    row = get_object_or_404(Organisation.objects.run_by(request.user), slug=organisation)
    form = PathwayForm(request.POST or None, None, areas_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            pathway = actions.add_pathway(request.user, row, form.entry, timezone.now())
        except Refused as refusal:
            form.add_error("service", str(refusal))
        else:
            messages.success(request, f"{pathway.service} is added.")
            return redirect(_place_of(pathway, organisation))
    return _render_form(request, row, form, None)


@require_http_methods(FORM_METHODS)
@signed_in("courses:pathway", "organisation", "pathway")
def pathway(request: SignedInRequest, organisation: str, pathway: uuid.UUID) -> HttpResponse:
    """A form to change it. What is typed stays where somebody removes the pathway meanwhile."""
    kept = _kept(request, organisation)
    is_post = request.method == "POST"
    row = get_object_or_404(kept if is_post else kept.current(), key=pathway)
    form = PathwayForm(request.POST if is_post else None, row, areas_of(row.organisation))
    if is_post and form.is_valid():
        try:
            actions.change_pathway(request.user, row, form.change, timezone.now())
        except actions.PathwayGone:
            return _render_removed(request, row.organisation)
        except ChangedMeanwhile as refusal:
            row = kept.get(pk=row.pk)
            newest = PathwayForm(None, row, areas_of(row.organisation))
            form.refuse(f"{refusal} {COMPARE}", newest)
        except Refused as refusal:
            form.add_error("service", str(refusal))
        else:
            messages.success(request, f"{form.entry.service} is saved.")
            return redirect(_place_of(row, organisation))
    if row.retired_at:
        return _render_removed(request, row.organisation)
    return _render_form(request, row.organisation, form, row)


@require_POST
@signed_in(PAGE, "organisation")
def check_pathway(request: SignedInRequest, organisation: str, pathway: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(_kept(request, organisation), key=pathway)
    shown, today = request.POST.get("stamp", ""), timezone.localdate()
    try:
        actions.check_pathway(request.user, row, shown, today, timezone.now())
    except ChangedMeanwhile as refusal:
        messages.error(request, f"{refusal} Look at it once more as it is now.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Noted: {row.service} was checked today.")
    return redirect(_place_of(row, organisation))


@require_http_methods(FORM_METHODS)
@signed_in("courses:remove-pathway", "organisation", "pathway")
def remove_pathway(request: SignedInRequest, organisation: str, pathway: uuid.UUID) -> HttpResponse:
    """GET asks whether it is meant; POST removes it, and a second press finds it removed."""
    kept = _kept(request, organisation)
    if request.method == "POST":
        row = get_object_or_404(kept, key=pathway)
        actions.remove_pathway(request.user, row, timezone.now())
        messages.success(request, f"{row.service} is removed.")
        return redirect(PAGE, organisation)
    row = get_object_or_404(kept.current(), key=pathway)
    context = {"organisation": row.organisation, "pathway": row}
    return render(request, "pathways/remove_pathway.html", context)


def _kept(request: SignedInRequest, organisation: str) -> PathwayQuerySet:
    own = Pathway.objects.kept_by(request.user).filter(organisation__slug=organisation)
    return own.select_related("organisation")


def _place_of(pathway: Pathway, organisation: str) -> str:
    return f"{reverse(PAGE, args=[organisation])}#{pathway.key}"


def _render_removed(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """What was typed into the form of a removed pathway, to be added as a new one.

    Its day goes unless it was typed: who adds a pathway is who checked it, and this one was checked
    by somebody else.
    """
    areas, data = areas_of(organisation), request.POST.copy()
    if not PathwayForm(data, None, areas).is_typed("checked_on"):
        data["checked_on"] = ""
    form = PathwayForm(data, None, areas)
    form.full_clean()  # what else needs to be put right is said as well
    form.add_error(
        None,
        "This pathway was removed while you had it open. Nothing was saved. What you typed is "
        "still here: say when you checked it and add it as a new pathway, or go back.",
    )
    action = reverse("courses:new-pathway", args=[organisation.slug])
    return _render_form(request, organisation, form, None, action)


def _render_form(
    request: SignedInRequest,
    organisation: Organisation,
    form: PathwayForm,
    row: Pathway | None,
    action: str = "",
) -> HttpResponse:
    """`action` is where the form goes; "": where it came from. `row` None: it adds a pathway."""
    context = {"organisation": organisation, "form": form, "pathway": row, "action": action}
    status = 400 if form.errors else 200
    return render(request, "pathways/pathway.html", context, status=status)
