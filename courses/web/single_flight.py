"""Making what is dear once, however many ask for it at the same moment, and keeping it. Plain Python: what is made lives
where it is wanted.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, Protocol, TypeVar
from weakref import WeakValueDictionary

Made = TypeVar("Made", covariant=True)


class Kept(Protocol[Made]):
    """A function that keeps what it made."""

    def __call__(self, *key: Hashable) -> Made: ...

    def cache_clear(self) -> None: ...

    def cache_info(self) -> Any: ...


def kept_once(maxsize: int) -> Callable[[Callable[..., Made]], Kept[Made]]:
    """`functools.lru_cache`, and threads that ask for the same at once wait for the first instead of making it too.

    Those that ask for something else do not wait. Where making it raises, the next one tries again.
    """

    def decorate(make: Callable[..., Made]) -> Kept[Made]:
        keep = lru_cache(maxsize)(make)
        guard = Lock()
        flights: WeakValueDictionary[tuple[Hashable, ...], Any] = WeakValueDictionary()

        @wraps(make)
        def ask(*key: Hashable) -> Made:
            with guard:
                flight = flights.setdefault(key, Lock())
            with flight:
                return keep(*key)

        ask.cache_clear = keep.cache_clear  # type: ignore[attr-defined]
        ask.cache_info = keep.cache_info  # type: ignore[attr-defined]
        return ask  # type: ignore[return-value]

    return decorate
