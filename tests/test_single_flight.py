"""What many ask for at the same moment is made once, and nobody waits for what they did not ask for."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from courses.web.single_flight import single_flight_cache


def test_it_works():
    made = []

    @single_flight_cache(maxsize=4)
    def slow(key: str) -> str:
        made.append(key)
        time.sleep(0.05)
        return key.upper()

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(slow, ["a"] * 16)) == ["A"] * 16
    assert made == ["a"]
    slow.cache_clear()
    assert slow("a") == "A"
    assert made == ["a", "a"]


def test_another_key_does_not_wait():
    may_end = Event()

    @single_flight_cache(maxsize=4)
    def made(key: str) -> str:
        if key == "slow":
            may_end.wait(30)
        return key

    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(made, "slow")
        assert made("quick") == "quick"
        assert not slow.done()
        may_end.set()
        assert slow.result() == "slow"


def test_it_keeps_only_so_many():
    made = []

    @single_flight_cache(maxsize=2)
    def counted(key: int) -> int:
        made.append(key)
        return key

    for key in (1, 2, 3, 1):
        counted(key)
    assert made == [1, 2, 3, 1]
