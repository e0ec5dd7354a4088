"""The pages of bad days: an error of ours, a database that does not answer, a request that cannot be read; and the
mail of a demo."""

import sys
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import Error, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.views import defaults
from django.views.decorators.http import require_safe

from courses.web.access import wants_json
from courses.web.logs import request_id
from courses.web.rate_limits import NotCounted

RETRY_AFTER = 10  # seconds
SQLITE_ERROR = 1  # SQLite's code for a query that is wrong: no such table, a slip in the SQL


def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the database is the reason, which passes; else 500, with the number under which it is logged.

    Django calls it while it handles the error, wherever in the request that was raised.
    """
    if is_unavailable(sys.exc_info()[1]):
        return unavailable(request)
    if wants_json(request):
        return JsonResponse(
            {"error": "Something went wrong on our side. This is not saved."}, status=500
        )
    return _page("500.html", 500, {"number": request_id.get()})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; but 503 where a session could not be saved, which Django takes for a session that was deleted."""
    if is_unavailable(exception):
        return unavailable(request)
    return defaults.bad_request(request, exception)


def unavailable(request: HttpRequest) -> HttpResponse:
    """A plain 503: what is saved is safe, try again soon. For our scripts as JSON, which they take for "not saved"."""
    request.user = AnonymousUser()  # so that nothing on the way out asks the database who this is
    if wants_json(request):
        error = "We cannot reach our records just now. This is not saved yet."
        response: HttpResponse = JsonResponse({"error": error}, status=503)
    else:
        response = _page("503.html", 503, {"number": request_id.get()})
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def is_unavailable(error: BaseException | None) -> bool:
    """Whether it came from a database that cannot serve now: away, too slow, locked, full, or only to be read;
    a limit that could not be counted is one of them.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, NotCounted):
            return True
        if isinstance(error, InterfaceError | OperationalError) and not _is_wrong_query(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _is_wrong_query(error: Error) -> bool:
    """Whether SQLite says the query is wrong, for which it has no other kind of error; waiting does not help."""
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return code is not None and code & 0xFF == SQLITE_ERROR


def _page(template: str, status: int, context: dict[str, str]) -> HttpResponse:
    """A page that stands alone: no base, no navigation, nothing that could fail once more."""
    return HttpResponse(get_template(template).render(context), status=status)


@require_safe
def demo_mail(request: HttpRequest) -> HttpResponse:
    """Mail this demo would have sent, newest first; there is no such page outside a demo."""
    if not settings.DEMO:
        raise Http404
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)[:30]
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
    rows = [(mail["To"], mail["Subject"], mail["Date"], mail.get_content()) for mail in mails]
    return render(request, "web/demo_mail.html", {"mails": rows})
