"""The people of an organisation, for its managers: the list, and the page of one person."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.organisations import leaving
from courses.organisations.forms import PlaceForm, SuccessorForm
from courses.organisations.menu import menu_of
from courses.organisations.models import Invitation, JoinRequest
from courses.organisations.people_actions import set_place
from courses.organisations.queries import PEOPLE_STATES, people_of, people_page, person_row
from courses.people.looks import log_look
from courses.people.models import LEADING_ROLES, Cohort, Membership, Organisation, User
from courses.people.permissions import Refused
from courses.web.access import SignedInRequest, signed_in

PERSON = "courses:organisation-person"
LONGEST_SEARCH = 100


@require_safe
@signed_in()
def people(request: SignedInRequest, organisation: str) -> HttpResponse:
    """Who asks to join, then everybody by name; or who was invited, or who left."""
    row = get_object_or_404(Organisation.objects.managed_by(request.user), slug=organisation)
    state = request.GET.get("state", "")
    # PostgreSQL raises for a NUL byte, which is in no name.
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    listed = people_page(
        row,
        state if state in PEOPLE_STATES else "here",
        typed,
        request.GET.get("page", ""),
        timezone.now(),
    )
    waiting = JoinRequest.objects.waiting().answered_by(request.user)
    own = waiting.filter(organisation=row, cohort=None).select_related("user", "cohort")
    context = {
        "organisation": row,
        "menu": menu_of(request.user, row),
        "listed": listed,
        "join_requests": own,
    }
    return render(request, "organisations/people.html", context)


def _person_or_404(
    request: SignedInRequest, organisation: str, person: uuid.UUID
) -> tuple[Organisation, User]:
    """The organisation that the user manages, and somebody who is in it now."""
    row = get_object_or_404(Organisation.objects.managed_by(request.user), slug=organisation)
    return row, get_object_or_404(people_of(row), key=person)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def person(request: SignedInRequest, organisation: str, person: uuid.UUID) -> HttpResponse:
    """GET: one person's place and roles. POST: sets team and employee number."""
    row, user = _person_or_404(request, organisation, person)
    if request.method == "GET":  # HEAD shows nothing
        log_look(request.user, user, row, timezone.now())
    shown = person_row(row, user)
    initial = {
        "team": shown.team.key if shown.team else None,
        "employee_number": shown.employee_number,
    }
    form = PlaceForm(request.POST or None, organisation=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        number = " ".join(data["employee_number"].split())
        try:
            set_place(request.user, user, row, data["team"], number, timezone.now())
        except Refused as refusal:
            form.add_error("employee_number", str(refusal))
        else:
            messages.success(request, f"{user.name} is saved.")
            return redirect(PERSON, organisation, person)
    return _render(request, row, user, form)


def _render(
    request: SignedInRequest, organisation: Organisation, user: User, form: PlaceForm
) -> HttpResponse:
    roles = Membership.objects.current().filter(user=user, organisation=organisation)
    held = set(roles.values_list("role", flat=True))
    invitations = Invitation.objects.filter(organisation=organisation, accepted_by=user)
    learning = user.cohort_memberships.current().filter(cohort__organisation=organisation)
    context: dict[str, Any] = {
        "organisation": organisation,
        "menu": menu_of(request.user, organisation),
        "person": person_row(organisation, user),
        "form": form,
        "is_oneself": user.pk == request.user.pk,
        "roles": [(role, label, role in held) for role, label in _leading_roles()],
        "alone": leaving.cohorts_without_other_trainer(user, organisation),
        "successor_form": SuccessorForm(organisation=organisation, person=user),
        "invited_as": invitations.exclude(email=user.email).order_by("pk"),
        "learns_in": Cohort.objects.filter(pk__in=learning.values("cohort")).order_by("name"),
    }
    status = 400 if form.errors else 200
    return render(request, "organisations/person.html", context, status=status)


def _leading_roles() -> list[tuple[str, str]]:
    return [(role, Membership.Role(role).label) for role in LEADING_ROLES]


@require_POST
@signed_in(PERSON, "organisation", "person")
def give_role(request: SignedInRequest, organisation: str, person: uuid.UUID) -> HttpResponse:
    row, user = _person_or_404(request, organisation, person)
    role = request.POST.get("role", "")
    if role not in LEADING_ROLES:
        messages.error(request, "Choose trainer or manager. Nothing was changed.")
        return redirect(PERSON, organisation, person)
    try:
        leaving.give_role(request.user, user, row, role, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{user.name} is a {role} now.")
    return redirect(PERSON, organisation, person)


@require_POST
@signed_in(PERSON, "organisation", "person")
def end_role(request: SignedInRequest, organisation: str, person: uuid.UUID) -> HttpResponse:
    row, user = _person_or_404(request, organisation, person)
    role = request.POST.get("role", "")
    form = SuccessorForm(request.POST, organisation=row, person=user)
    if role not in LEADING_ROLES or not form.is_valid():
        messages.error(request, "Choose from the page as it is now. Nothing was changed.")
        return redirect(PERSON, organisation, person)
    successor = form.cleaned_data["successor"]
    try:
        ended = leaving.end_role(request.user, user, row, role, successor, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = "is no {} any more" if ended else "was no {} before; nothing was changed"
        messages.success(request, f"{user.name} {words.format(role)}.")
    return redirect(PERSON, organisation, person)


@require_POST
@signed_in(PERSON, "organisation", "person")
def end_membership(request: SignedInRequest, organisation: str, person: uuid.UUID) -> HttpResponse:
    row, user = _person_or_404(request, organisation, person)
    form = SuccessorForm(request.POST, organisation=row, person=user)
    if not form.is_valid():
        messages.error(request, "Choose from the page as it is now. Nothing was changed.")
        return redirect(PERSON, organisation, person)
    successor = form.cleaned_data["successor"]
    try:
        leaving.end_membership(request.user, user, row, successor, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(PERSON, organisation, person)
    messages.success(
        request, f"{user.name} has left. What they learnt stays theirs; later learning is not seen."
    )
    return redirect("courses:organisation-people", organisation)
