"""What was done in an organisation, for its managers."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses.organisations.menu import menu_of
from courses.people.event_queries import events_page
from courses.people.models import Organisation
from courses.web.access import SignedInRequest, signed_in


@require_safe
@signed_in()
def events(request: SignedInRequest, organisation: str) -> HttpResponse:
    """The organisation's own events, the newest first; of one kind where one is chosen."""
    row = get_object_or_404(Organisation.objects.managed_by(request.user), slug=organisation)
    kind = request.GET.get("kind", "")
    context = {
        "organisation": row,
        "menu": menu_of(request.user, row),
        "listed": events_page(row, kind, request.GET.get("page")),
    }
    return render(request, "organisations/events.html", context)
