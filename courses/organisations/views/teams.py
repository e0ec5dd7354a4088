"""The teams of an organisation, for its managers: the tree, and what changes it."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from courses.organisations import team_actions
from courses.organisations.forms import TeamForm
from courses.organisations.menu import menu_of
from courses.organisations.queries import teams_of
from courses.people.models import Organisation, Team
from courses.people.permissions import Refused
from courses.web.access import SignedInRequest, signed_in

PAGE = "courses:organisation-teams"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def teams(request: SignedInRequest, organisation: str) -> HttpResponse:
    """GET: the tree. POST: adds a team."""
    row = get_object_or_404(Organisation.objects.managed_by(request.user), slug=organisation)
    form = TeamForm(request.POST or None, organisation=row)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            team_actions.add_team(request.user, row, data["name"], data["parent"], timezone.now())
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{data['name']} is added.")
            return redirect(PAGE, organisation)
    context = {
        "organisation": row,
        "menu": menu_of(request.user, row),
        "tree": teams_of(row),
        "form": form,
    }
    status = 400 if form.errors else 200
    return render(request, "organisations/teams.html", context, status=status)


def _team_or_404(request: SignedInRequest, organisation: str, key: uuid.UUID) -> Team:
    managed = Organisation.objects.managed_by(request.user).filter(slug=organisation)
    rows = Team.objects.filter(organisation__in=managed.values("pk"))
    return get_object_or_404(rows.select_related("organisation", "parent"), key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def team(request: SignedInRequest, organisation: str, team: uuid.UUID) -> HttpResponse:
    """A form to rename a team and to move it."""
    row = _team_or_404(request, organisation, team)
    initial = {"name": row.name, "parent": row.parent.key if row.parent else None}
    form = TeamForm(request.POST or None, organisation=row.organisation, team=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            team_actions.change_team(
                request.user, row, data["name"], data["parent"], timezone.now()
            )
        except Refused as refusal:
            form.add_error("parent" if data["parent"] else "name", str(refusal))
        else:
            messages.success(request, f"{data['name']} is saved.")
            return redirect(PAGE, organisation)
    context = {
        "organisation": row.organisation,
        "menu": menu_of(request.user, row.organisation),
        "team": row,
        "form": form,
    }
    status = 400 if form.errors else 200
    return render(request, "organisations/team.html", context, status=status)


@require_POST
@signed_in(PAGE, "organisation")
def remove_team(request: SignedInRequest, organisation: str, team: uuid.UUID) -> HttpResponse:
    row = _team_or_404(request, organisation, team)
    try:
        team_actions.remove_team(request.user, row, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{row.name} is removed.")
    return redirect(PAGE, organisation)
