"""Plain answers to what any page may meet: a rate limit, and counting that is not possible."""

import math
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from courses.web.rate_limits import NotCounted, RateLimited

RETRY = 30  # seconds after which it is worth another try when the database could not count


class AnswerRateLimits:
    """A 429 that says how long to wait, and a 503 where a limit could not be counted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, RateLimited):
            response = render(request, "429.html", {"wait": error.in_words}, status=429)
            response["Retry-After"] = str(math.ceil(error.wait.total_seconds()))
            return response
        if isinstance(error, NotCounted):
            # without the request: who is signed in is asked of the database
            response = HttpResponse(render_to_string("503.html"), status=503)
            response["Retry-After"] = str(RETRY)
            return response
        return None
