"""The shared cache, for pictures, which can be made again. Without it all works, only slower."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache

Made = TypeVar("Made", str, bytes)
logger = logging.getLogger(__name__)


def get_or_make(key: str, make: Callable[[], Made], seconds: int | None) -> Made:
    """The cached value of this key; where there is none, the result of `make`, which is cached.

    A cache that does not answer, or has no table, costs the time of `make` and a line in the log.

    Args:
        seconds: how long the result is cached; None: for ever.
    """
    cached: Made | None = _get(key)
    if cached is not None:
        return cached
    made = make()
    try:
        cache.set(key, made, seconds)
    except Exception as error:  # each kind of cache has errors of its own
        _log_failure("keep", key, error)
    return made


def _get(key: str) -> Any:
    try:
        return cache.get(key)
    except Exception as error:  # each kind of cache has errors of its own
        _log_failure("give", key, error)
        return None


def _log_failure(verb: str, key: str, error: Exception) -> None:
    error_name = type(error).__name__
    logger.warning("the cache did not %s %s: %s", verb, key, error_name)
