"""The shared cache, for what can be made again: pictures. Where there is no cache, all goes on."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache

Made = TypeVar("Made", str, bytes)
logger = logging.getLogger(__name__)


def get_or_make(key: str, make: Callable[[], Made], seconds: int | None) -> Made:
    """What is kept under this key, else what `make` makes, kept for so many seconds (None: for ever).

    A cache that is away or has no table costs the time to make it, and a line in the log.
    """
    kept: Made | None = _get(key)
    if kept is not None:
        return kept
    made = make()
    try:
        cache.set(key, made, seconds)
    except Exception as error:  # each cache has its own errors, and none of them may cost a page
        _log("keep", key, error)
    return made


def _get(key: str) -> Any:
    try:
        return cache.get(key)
    except Exception as error:  # as above
        _log("give", key, error)
        return None


def _log(what: str, key: str, error: Exception) -> None:
    logger.warning("the cache did not %s %s: %s", what, key, type(error).__name__)
