"""The error pages 400, 500 and 503, and the page with the mail of a demo.

404 and 403 are Django's own views with our templates; a 429 is answered in `middleware`.
"""

import sys
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import defaults
from django.views.decorators.http import require_POST, require_safe

from courses.web.access import wants_json
from courses.web.logs import request_id
from courses.web.rate_limits import NotCounted
from courses.web.reading import keep_reading, reading_in

RETRY_AFTER = 10  # seconds
DEMO_MAILS = 30  # on the page of a demo
LONGEST_NEXT = 500  # characters of the path of a page
SQLITE_ERROR = 1  # SQLite's code for a wrong query: no such table, a syntax error


def server_error(request: HttpRequest) -> HttpResponse:
    """A 503 where the database could not serve, else a 500 with the request's id in the log.

    Django calls it while it handles the exception, so `sys.exc_info` still has it.
    """
    if is_unavailable(sys.exc_info()[1]):
        return unavailable(request)
    if wants_json(request):
        return JsonResponse(
            {"error": "Something went wrong on our side. This is not saved."}, status=500
        )
    return _page("500.html", 500, {"number": request_id.get()})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A 400; but a 503 where a session could not be saved, which Django takes for a bad request."""
    if is_unavailable(exception):
        return unavailable(request)
    return defaults.bad_request(request, exception)


def unavailable(request: HttpRequest) -> HttpResponse:
    """A 503 that says what is saved is safe and to try again soon; JSON for our scripts.

    The scripts take it for "not saved" and send again.
    """
    # Middleware looks at the user on the way out, and would ask the database for it once more.
    request.user = AnonymousUser()
    if wants_json(request):
        error = "We cannot reach our records just now. This is not saved yet."
        response: HttpResponse = JsonResponse({"error": error}, status=503)
    else:
        response = _page("503.html", 503, {"number": request_id.get()})
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def is_unavailable(error: BaseException | None) -> bool:
    """Whether an error, or one that caused it, means that the database cannot serve now.

    It is away, too slow, locked, full or read-only, or a rate limit could not be counted.
    """
    seen: set[int] = set()  # an error may be among its own causes
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, NotCounted):
            return True
        is_database_error = isinstance(error, InterfaceError | OperationalError)
        if is_database_error and not _is_wrong_query(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _is_wrong_query(error: BaseException) -> bool:
    """Whether the query is wrong, for which SQLite raises an OperationalError too.

    Waiting does not help then: it is a fault of ours.
    """
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return code is not None and code & 0xFF == SQLITE_ERROR  # the low byte of extended codes


def _page(template: str, status: int, context: dict[str, str]) -> HttpResponse:
    """Renders without a request: no base, no navigation, nothing that could fail once more."""
    html = get_template(template).render(context)
    return HttpResponse(html, status=status)


@require_POST
def set_reading(request: HttpRequest) -> HttpResponse:
    """Sets text size and line spacing on this device, and goes back to the page it was set on."""
    destination = request.POST.get("next", "")[:LONGEST_NEXT]
    is_path = destination.startswith("/")
    if not is_path or not url_has_allowed_host_and_scheme(destination, allowed_hosts=None):
        destination = "/"
    response = HttpResponseRedirect(destination)
    keep_reading(response, reading_in(request.POST))
    return response


@require_safe
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The newest mails that a demo would have sent; outside of a demo there is no such page."""
    if not settings.DEMO:
        raise Http404
    files = list(Path(settings.EMAIL_FILE_PATH).glob("*.log"))
    files.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    mails = []
    for path in files[:DEMO_MAILS]:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        mails.append((mail["To"], mail["Subject"], mail["Date"], mail.get_content()))
    return render(request, "web/demo_mail.html", {"mails": mails})
