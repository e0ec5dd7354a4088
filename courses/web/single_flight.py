"""A cache in memory whose threads make an expensive value once, and wait for it. Plain Python.

What is made lives where it is used: `library.queries`, `practice.queries` and `handouts.queries`.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, Protocol, TypeVar
from weakref import WeakValueDictionary

Made = TypeVar("Made", covariant=True)


class CachedFunction(Protocol[Made]):
    """A function decorated with `single_flight_cache`."""

    def __call__(self, *key: Hashable) -> Made: ...

    def cache_clear(self) -> None: ...

    def cache_info(self) -> Any: ...


def single_flight_cache(
    maxsize: int,
) -> Callable[[Callable[..., Made]], CachedFunction[Made]]:
    """`functools.lru_cache` under which threads never make the same value at the same time.

    Calls with the same arguments wait for the first of them; calls with others do not. Where the
    function raises, the next call tries again.
    """

    def decorate(make: Callable[..., Made]) -> CachedFunction[Made]:
        cached = lru_cache(maxsize)(make)
        guard = Lock()
        # One lock a key. A lock that no thread holds any more disappears from the dictionary.
        locks: WeakValueDictionary[tuple[Hashable, ...], Any] = WeakValueDictionary()

        @wraps(make)
        def get(*key: Hashable) -> Made:
            with guard:
                lock = locks.setdefault(key, Lock())
            with lock:
                return cached(*key)

        get.cache_clear = cached.cache_clear  # type: ignore[attr-defined]
        get.cache_info = cached.cache_info  # type: ignore[attr-defined]
        return get  # type: ignore[return-value]

    return decorate
