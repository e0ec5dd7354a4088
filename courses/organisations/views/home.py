"""An organisation's first page, and the list of them for who leads in several."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from courses.organisations.menu import menu_of, roles_in
from courses.organisations.queries import numbers_of
from courses.people.models import Organisation
from courses.web.access import SignedInRequest, signed_in


@require_safe
@signed_in()
def organisations(request: SignedInRequest) -> HttpResponse:
    """The organisations that one leads in; who leads in one alone goes straight to it."""
    run = list(Organisation.objects.run_by(request.user))
    if not run:
        return redirect("courses:own-organisations")
    if len(run) == 1:
        return redirect("courses:organisation", run[0].slug)
    return render(request, "organisations/organisations.html", {"organisations": run})


@require_safe
@signed_in()
def organisation(request: SignedInRequest, organisation: str) -> HttpResponse:
    """An organisation for its trainers and managers: what it is, in numbers, and its pages."""
    row = get_object_or_404(Organisation.objects.run_by(request.user), slug=organisation)
    return render(request, "organisations/organisation.html", _home_context(request, row))


def _home_context(request: SignedInRequest, organisation: Organisation) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "menu": menu_of(request.user, organisation),
        "numbers": numbers_of(organisation),
        "is_manager": "manager" in roles_in(request.user, organisation),
    }
