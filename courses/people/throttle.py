"""Slowing guesses: a count in the shared cache, the same for all processes. What is guessed at is the caller's."""

from django.core.cache import cache
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address the request came from, as the server in front of us saw it."""
    return request.META.get("REMOTE_ADDR", "")


def is_throttled(what: str, who: str, limit: int, seconds: int) -> bool:
    """Counts one try and says whether it is beyond the limit of tries in this stretch of time."""
    key = f"throttle:{what}:{who}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > limit
    except ValueError:  # it ran out between the two calls: this is the first try of a new stretch
        cache.set(key, 1, seconds)
        return False
