"""Slowing guesses: a count in the shared cache, the same for all processes. What is guessed at is the caller's."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address the request came from; behind a proxy (`BEHIND_PROXY`) the one that proxy saw."""
    return get_adapter(request).get_client_ip(request)


def is_throttled(what: str, who: str, limit: int, seconds: int) -> bool:
    """Counts one try and says whether it is beyond the limit of tries in this stretch of time."""
    key = f"throttle:{what}:{who}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > limit
    except ValueError:  # it ran out between the two calls: this is the first try of a new stretch
        cache.set(key, 1, seconds)
        return False
