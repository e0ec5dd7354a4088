"""The page behind the link that stops mails: it works without signing in, in any browser."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from courses.people.reminder_choices import set_digests, set_reminders
from courses.reminders.stop_links import DIGESTS, person_of

SETTERS = {"reminders": set_reminders, "digests": set_digests}


# Mail programs send the POST of RFC 8058 without our cookies; what gives the right is the token.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Looking changes nothing. One press stops the mails, and another switches them on again.

    A POST is answered with the page itself, as RFC 8058 wants no redirect.
    """
    person = person_of(kind, token) if kind in SETTERS else None
    if person is None:
        raise Http404
    is_on = person.wants_digests if kind == DIGESTS else person.wants_reminders
    choice = _choice(request)
    if choice:
        is_on = choice == "on"
        SETTERS[kind](person, wanted=is_on)
    context = {"kind": kind, "is_on": is_on, "was_pressed": bool(choice)}
    return render(request, "reminders/stop_mail.html", context)


def _choice(request: HttpRequest) -> str:
    """What a POST asks for, by our button or by a mail program: "on", "off", or "" for neither."""
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return "off"
    choice = request.POST.get("reminders", "")
    return choice if choice in ("on", "off") else ""
