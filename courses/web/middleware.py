"""Around every request: its id and its line in the log, the answer to a rate limit, what load balancers
ask, refused junk, and that private pages are kept by nobody."""

import logging
import math
import re
import secrets
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.shortcuts import render
from django.urls import resolve
from django.views.defaults import bad_request

from courses.web.logs import request_id
from courses.web.rate_limits import RateLimited
from courses.web.unsent_forms import OWNER_COOKIE, user_token

Handler = Callable[[HttpRequest], HttpResponse]
PROBES = {"/health/live", "/health/ready"}
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
OF_NOTE = {403, 429}  # refusals that somebody should look at when they pile up
log = logging.getLogger("courses.requests")


def log_requests(get_response: Handler) -> Handler:
    """Gives each request an id, and writes one line of it: route, method, status, milliseconds, person's key."""

    def handle(request: HttpRequest) -> HttpResponse:
        number = _id_for(request)
        before = request_id.set(number)
        started = time.monotonic()
        try:
            response = get_response(request)
            response["X-Request-ID"] = number
            _write(request, response.status_code, time.monotonic() - started)
            return response
        finally:
            request_id.reset(before)

    return handle


def _id_for(request: HttpRequest) -> str:
    """The id a trusted proxy gave, where it is a plain token; else a new one."""
    given = request.headers.get("X-Request-ID", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and SANE.fullmatch(given):
        return given
    return secrets.token_hex(8)  # short enough to read from a page over the telephone


def _write(request: HttpRequest, status: int, seconds: float) -> None:
    is_routine = request.path_info in PROBES or request.path_info.startswith(settings.STATIC_URL)
    if is_routine and status < 400:
        return  # asked every second, or for every picture: the lines of people would drown
    match = request.resolver_match
    facts = {
        "route": match.view_name if match else "",  # the name: the address holds codes and keys
        "method": request.method,
        "status": status,
        "ms": round(seconds * 1000),
    }
    if person := _person_of(request):
        facts["person"] = person
    log.log(_level_of(status), "request", extra={"facts": facts})


def _level_of(status: int) -> int:
    if status >= 500:
        return logging.ERROR
    return logging.WARNING if status in OF_NOTE else logging.INFO


def _person_of(request: HttpRequest) -> str:
    """The key of who asked, "" for a visitor. Only where the request has asked who it is: the log makes no query."""
    user = getattr(request, "_cached_user", None)
    return str(getattr(user, "key", ""))


def answer_probes(get_response: Handler) -> Handler:
    """Answers load balancers before anything asks for https, a known host, a session or a person.

    They ask by plain http and by a machine's address; these two pages hold nothing that is anybody's.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path_info not in PROBES:
            return get_response(request)
        request.resolver_match = resolve(request.path_info)
        response = request.resolver_match.func(request)
        response["Cache-Control"] = "no-store"
        return response

    return handle


class AnswerRateLimits:
    """A 429 that says how long to wait. Where a limit could not be counted, `views` answers with a 503."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RateLimited):
            return None
        response = render(request, "429.html", {"wait": error.in_words}, status=429)
        response["Retry-After"] = str(math.ceil(error.wait.total_seconds()))
        return response


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
            if request.method == "POST" and not all(
                _is_address(value) for value in request.POST.getlist("next")
            ):
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
    The browser keeps a token of who was signed in last, so that words sent after a session ended wait for that person.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "public" in response.get("Cache-Control", ""):
            return response
        if request.user.is_authenticated and request.COOKIES.get(OWNER_COOKIE) != user_token(
            request.user
        ):
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(
                OWNER_COOKIE, user_token(request.user), httponly=True, samesite="Lax", secure=secure
            )
        if request.user.is_authenticated or request.path.startswith("/account/"):
            response["Cache-Control"] = "no-store"
        return response

    return handle
