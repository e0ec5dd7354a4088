"""Rate limits, counted in the database, so that they are exact over any number of processes.

The limits are in `elearn/limits.py`; what is counted, and what happens over a limit, is decided by
the callers. `address_of` is the client's IP address.
"""

import ipaddress
import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from courses.web.models import RateLimit

UNKNOWN = "unknown"  # counts for all requests whose IP address cannot be parsed
IPV6_PREFIX = 64  # one household or office is given a /64 at least
SWEPT = 100  # ended rows that are deleted whenever a new row is created


@dataclass(frozen=True)
class Limit:
    """At most `hits` in a window of `seconds`, which begins with the first hit.

    With `waits`, further hits are allowed one at a time: the first after `waits[0]` seconds, the
    next after `waits[1]`, and so on; the last wait holds for all that follow. Each of these hits
    begins the window again.
    """

    scope: str
    hits: int
    seconds: int
    waits: tuple[int, ...] = ()

    def wait_after(self, hits: int) -> timedelta | None:
        """How long the next hit must wait after so many; None: it need not."""
        if not self.waits or hits < self.hits:
            return None
        index = min(hits - self.hits, len(self.waits) - 1)
        return timedelta(seconds=self.waits[index])


@dataclass(frozen=True)
class Hit:
    """A counted hit: its number in the window (from 1), and when the window ends."""

    limit: Limit
    key: str
    number: int
    ends_at: datetime


class RateLimited(Exception):
    """A limit is reached. `wait` is how long until the next hit is allowed."""

    def __init__(self, limit: Limit, wait: timedelta) -> None:
        super().__init__(f"{limit.scope}: wait {wait}")
        self.limit, self.wait = limit, wait

    @property
    def in_words(self) -> str:
        """The wait as pages say it, rounded up: "1 minute", "12 minutes", "1 hour"."""
        minutes = max(1, math.ceil(self.wait.total_seconds() / 60))
        if minutes < 60:
            return f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"
        hours = math.ceil(minutes / 60)
        return f"{hours} hour" if hours == 1 else f"{hours} hours"


class NotCounted(Exception):
    """The database could not count. Pages then answer with a 503 rather than without a limit."""


def limit_of(scope: str) -> Limit:
    """The limit of this name in the settings."""
    hits, seconds, *waits = settings.RATE_LIMITS[scope]
    return Limit(scope, hits, seconds, tuple(waits))


def count(scope: str, key: str, now: datetime) -> Hit:
    """Counts a hit, in a short transaction of its own.

    Call it outside of any transaction: then no lock is held afterwards, and the hit stays counted
    when the request fails. However many requests come at once, the limit is exact.

    Raises:
        RateLimited: the limit is reached; this hit is not counted.
        NotCounted: the database could not count.
    """
    limit, key_hash = limit_of(scope), _hash(scope, key)
    with _raising_not_counted(), transaction.atomic():
        window = {"ends_at": now + timedelta(seconds=limit.seconds)}
        locked = RateLimit.objects.select_for_update()
        row, is_new = locked.get_or_create(scope=scope, key=key_hash, defaults=window)
        hit = _count_in(row, limit, now)
    if is_new:
        with suppress(DatabaseError):  # ended rows do no harm: another call deletes them
            delete_ended(now, SWEPT)
    return hit


def _count_in(row: RateLimit, limit: Limit, now: datetime) -> Hit:
    """Counts a hit in this row, which the caller has locked."""
    if wait := _wait(row, limit, now):
        raise RateLimited(limit, wait)
    if row.ends_at <= now:
        row.hits = 0
    row.hits += 1
    pause = limit.wait_after(row.hits)
    # A limit with waits lasts from the newest hit, any other from the first.
    if row.hits == 1 or pause:
        row.ends_at = now + timedelta(seconds=limit.seconds)
    row.next_at = now + pause if pause else None
    row.save(update_fields=["hits", "ends_at", "next_at"])
    return Hit(limit, row.key, row.hits, row.ends_at)


def _wait(row: RateLimit, limit: Limit, now: datetime) -> timedelta:
    """How long until the next hit is allowed; zero: it is allowed now."""
    if row.ends_at <= now or row.hits < limit.hits:
        return timedelta(0)
    if not limit.waits:
        return row.ends_at - now
    if row.next_at is None or row.next_at <= now:
        return timedelta(0)
    return row.next_at - now


def check(scope: str, key: str, now: datetime) -> None:
    """Raises as `count` would, without counting."""
    limit = limit_of(scope)
    with _raising_not_counted():
        row = RateLimit.objects.filter(scope=scope, key=_hash(scope, key)).first()
    wait = _wait(row, limit, now) if row else None
    if wait:
        raise RateLimited(limit, wait)


def give_back(hits: list[Hit]) -> None:
    """Takes back hits that turned out not to count, such as a right password.

    Raises:
        NotCounted: the database could not count.
    """
    with _raising_not_counted():
        for hit in hits:
            _give_back(hit)


@transaction.atomic
def _give_back(hit: Hit) -> None:
    rows = RateLimit.objects.select_for_update().filter(scope=hit.limit.scope, key=hit.key)
    row = rows.first()
    if row is None or not row.hits:
        return
    # Another end means another window, in which this hit was not counted. Not so with waits:
    # there each hit moves the end of the same window.
    if row.ends_at != hit.ends_at and not hit.limit.waits:
        return
    is_newest = row.hits == hit.number
    row.hits -= 1
    if is_newest or row.hits < hit.limit.hits:
        row.next_at = None
    row.save(update_fields=["hits", "next_at"])


def forget(scope: str, key: str) -> None:
    """Resets the count of this key."""
    with _raising_not_counted():
        RateLimit.objects.filter(scope=scope, key=_hash(scope, key)).delete()


def remember(scope: str, key: str, days: int, now: datetime) -> None:
    """Remembers the key for so many days from now."""
    with _raising_not_counted():
        if _remembered_until(scope, key) > now + timedelta(days=days / 2):
            return  # saves a write at most sign-ins
        ends_at = now + timedelta(days=days)
        RateLimit.objects.update_or_create(
            scope=scope, key=_hash(scope, key), defaults={"ends_at": ends_at}
        )


def is_remembered(scope: str, key: str, now: datetime) -> bool:
    """Whether the key is remembered now."""
    with _raising_not_counted():
        return _remembered_until(scope, key) > now


def _remembered_until(scope: str, key: str) -> datetime:
    row = RateLimit.objects.filter(scope=scope, key=_hash(scope, key)).first()
    return row.ends_at if row else datetime.min.replace(tzinfo=UTC)


@transaction.atomic
def delete_ended(now: datetime, at_most: int | None = None) -> int:
    """Deletes rows whose window is over, at most so many (None: all); returns how many."""
    # The lock keeps a row from beginning a new window between reading and deleting it. Rows that
    # are locked already are being counted in, and are left alone.
    ended = RateLimit.objects.select_for_update(skip_locked=True).filter(ends_at__lte=now)
    oldest_first = ended.order_by("ends_at").values_list("pk", flat=True)
    ids = list(oldest_first[:at_most])
    deleted, _ = RateLimit.objects.filter(pk__in=ids).delete()
    return deleted


@contextmanager
def _raising_not_counted() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise NotCounted("the database could not count") from error


def _hash(scope: str, key: str) -> str:
    """The key as it is stored. The site's secret is part of the hash, so no key can be guessed."""
    salt = f"courses.rate-limit.{scope}"
    return salted_hmac(salt, key, algorithm="sha256").hexdigest()


def address_of(request: HttpRequest) -> str:
    """The client's IP address as limits count it: an IPv4 address, or the /64 of an IPv6 one.

    Behind PROXIES, it is the address that the outermost of them saw. Each proxy appends the
    address it saw to X-Forwarded-For; what stands further left was written by the client.
    """
    proxies = settings.PROXIES
    addresses = []
    if proxies:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        addresses = [part.strip() for part in forwarded.split(",") if part.strip()]
    if not addresses:
        return _network_of(request.META.get("REMOTE_ADDR", ""))
    # With fewer addresses than proxies, the request did not pass the outer ones: then the first
    # address is the one that an inner proxy saw.
    position = min(proxies, len(addresses))
    return _network_of(addresses[-position])


def _network_of(text: str) -> str:
    """The address without a port, an IPv6 one shortened to its network; UNKNOWN: not an address."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:  # ::ffff:192.0.2.7; as a /64, all of IPv4 would be one network
        return str(address.ipv4_mapped)
    network = ipaddress.IPv6Network((address.packed, IPV6_PREFIX), strict=False)
    return str(network.network_address)
