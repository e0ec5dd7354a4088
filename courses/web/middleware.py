"""Our middleware: request log, health probes, rate limits, junk requests, caching of private pages.

The order is in the settings. The format of log lines is in `logs`.
"""

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
REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
WARNING_STATUSES = {403, 429}  # many of them deserve a look
log = logging.getLogger("courses.requests")


def log_requests(get_response: Handler) -> Handler:
    """Gives each request an id, and logs its route, method, status, milliseconds and user's key."""

    def handle(request: HttpRequest) -> HttpResponse:
        new_id = _id_for(request)
        token = request_id.set(new_id)
        started = time.monotonic()
        try:
            response = get_response(request)
            response["X-Request-ID"] = new_id
            _log_request(request, response.status_code, time.monotonic() - started)
            return response
        finally:
            request_id.reset(token)

    return handle


def _id_for(request: HttpRequest) -> str:
    """The id from a trusted proxy, where it looks like one; else a new one."""
    given = request.headers.get("X-Request-ID", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and REQUEST_ID.fullmatch(given):
        return given
    return secrets.token_hex(8)  # short enough to read from a page over the telephone


def _log_request(request: HttpRequest, status: int, seconds: float) -> None:
    path = request.path_info
    is_routine = path in PROBES or path.startswith(settings.STATIC_URL)
    if is_routine and status < 400:
        return  # probes each second and files of every page would bury the rest
    match = request.resolver_match
    facts = {
        "route": match.view_name if match else "",  # the path itself holds codes and keys
        "method": request.method,
        "status": status,
        "ms": round(seconds * 1000),
    }
    if user_key := _user_key(request):
        facts["person"] = user_key
    log.log(_level_of(status), "request", extra={"facts": facts})


def _level_of(status: int) -> int:
    if status >= 500:
        return logging.ERROR
    return logging.WARNING if status in WARNING_STATUSES else logging.INFO


def _user_key(request: HttpRequest) -> str:
    """The key of the signed-in user; "" for others, and where the view did not look at the user.

    `request.user` would query the database for it, only to log it.
    """
    user = getattr(request, "_cached_user", None)
    return str(getattr(user, "key", ""))


def answer_probes(get_response: Handler) -> Handler:
    """Answers the probes of load balancers before all other middleware.

    They come by plain http and by a machine's IP address, which the others would redirect or
    refuse. Both pages hold nothing private.
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
    """Turns RateLimited into a 429 that says how long to wait.

    NotCounted becomes a 503, in `views`.
    """

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
    """Removes input that no browser sends from our pages and that Django or allauth fail on.

    A form in another charset than UTF-8 gets a 400. A `next` that cannot be parsed is dropped.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if charset not in {"utf-8", "utf8", ""}:
            return bad_request(request, SuspiciousOperation("charset"))
        if not _has_valid_next(request.GET):
            request.GET = _without_next(request.GET)  # type: ignore[assignment]
        try:
            if request.method == "POST" and not _has_valid_next(request.POST):
                request.POST = _without_next(request.POST)  # type: ignore[assignment]
        except UnreadablePostError as error:  # the client closed the connection half-way
            return bad_request(request, error)
        return get_response(request)

    return handle


def _has_valid_next(data: QueryDict) -> bool:
    """Whether every `next` (the URL to go to after signing in) can be parsed; true without one."""
    return all(_is_url(value) for value in data.getlist("next"))


def _is_url(value: str) -> bool:
    try:
        urlsplit(value)
    except ValueError:
        return False
    return "\x00" not in value


def _without_next(data: QueryDict) -> QueryDict:
    copy = data.copy()
    copy.pop("next", None)
    return copy


def keep_private(get_response: Handler) -> Handler:
    """Keeps browsers and proxies from caching signed-in pages and /account/: laptops are shared.

    A response that is marked as public is the same for everybody and is left alone. The cookie it
    sets says who was signed in last (see `unsent_forms`).
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "public" in response.get("Cache-Control", ""):
            return response
        is_signed_in = request.user.is_authenticated
        if is_signed_in:
            _set_owner_cookie(request, response)
        if is_signed_in or request.path.startswith("/account/"):
            response["Cache-Control"] = "no-store"
        return response

    return handle


def _set_owner_cookie(request: HttpRequest, response: HttpResponse) -> None:
    assert request.user.is_authenticated
    token = user_token(request.user)
    if request.COOKIES.get(OWNER_COOKIE) == token:
        return
    response.set_cookie(
        OWNER_COOKIE,
        token,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
