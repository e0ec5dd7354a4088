"""What every page of a signed-in person gets. No page and no rule of access lives here."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.views.defaults import bad_request

from courses.people.access import WHO, mark_of

Handler = Callable[[HttpRequest], HttpResponse]


def refuse_junk(get_response: Handler) -> Handler:
    """Takes out what no browser of ours sends and libraries stumble over.

    A form in another charset than UTF-8 is refused with a plain 400; an address to go on to that is none is dropped.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if charset not in {"utf-8", "utf8", ""}:
            return bad_request(request, SuspiciousOperation("charset"))
        if not all(_is_address(value) for value in request.GET.getlist("next")):
            request.GET = _without_next(request.GET)  # type: ignore[assignment]
        try:
            if request.method == "POST" and not all(_is_address(value) for value in request.POST.getlist("next")):
                request.POST = _without_next(request.POST)  # type: ignore[assignment]
        except UnreadablePostError as broken:
            return bad_request(request, broken)
        return get_response(request)

    return handle


def _without_next(data: QueryDict) -> QueryDict:
    rest = data.copy()
    rest.pop("next", None)
    return rest


def _is_address(value: str) -> bool:
    try:
        urlsplit(value)
    except ValueError:
        return False
    return "\x00" not in value


def keep_private(get_response: Handler) -> Handler:
    """Signed-in pages and everything under /account/ are never kept by a browser or a proxy (shared laptops).

    What says of itself that it is public is the same for everybody, and is left alone.
    The browser keeps a mark of who was signed in last, so that words sent after a session ended wait for that person.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "public" in response.get("Cache-Control", ""):
            return response
        if request.user.is_authenticated and request.COOKIES.get(WHO) != mark_of(request.user):
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(WHO, mark_of(request.user), httponly=True, samesite="Lax", secure=secure)
        if request.user.is_authenticated or request.path.startswith("/account/"):
            response["Cache-Control"] = "no-store"
        return response

    return handle
