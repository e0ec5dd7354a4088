"""Rate limits, counted by the database: exact in every process, for exactly as long as they say.

What is counted and what happens beyond a limit is the caller's. Who is counted is `address_of`'s.
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

UNKNOWN = "unknown"  # all requests whose address cannot be read count together
IPV6_PREFIX = 64  # one household or office is given a /64 at least
SWEPT = 100  # ended rows that are deleted each time a new row is made


@dataclass(frozen=True)
class Limit:
    """So many hits in a window of so many seconds, which begins with the first of them.

    With `waits`, hits beyond `hits` are let through one at a time: after the last one allowed and
    each one beyond it there is a wait of so many seconds, the last of them for all that follow,
    and each such hit begins the window again.
    """

    scope: str
    hits: int
    seconds: int
    waits: tuple[int, ...] = ()

    def wait_after(self, hits: int) -> timedelta | None:
        """How long the next one waits after so many hits; None where there is no wait."""
        if not self.waits or hits < self.hits:
            return None
        nth = min(hits - self.hits, len(self.waits) - 1)
        return timedelta(seconds=self.waits[nth])


@dataclass(frozen=True)
class Hit:
    """One thing that was counted: the how manyth of its window, and which window that is."""

    limit: Limit
    key: str
    number: int
    ends_at: datetime


class RateLimited(Exception):
    """A limit is reached. `wait` is how long until the next one is let through."""

    def __init__(self, limit: Limit, wait: timedelta) -> None:
        super().__init__(f"{limit.scope}: wait {wait}")
        self.limit, self.wait = limit, wait

    @property
    def in_words(self) -> str:
        """The wait as a page says it, rounded up: "1 minute", "12 minutes", "1 hour"."""
        minutes = max(1, math.ceil(self.wait.total_seconds() / 60))
        if minutes < 60:
            return f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"
        hours = math.ceil(minutes / 60)
        return f"{hours} hour" if hours == 1 else f"{hours} hours"


class NotCounted(Exception):
    """The database could not count. What a limit protects is refused then, with a plain 503."""


def limit_of(scope: str) -> Limit:
    """The limit of this name in the settings."""
    hits, seconds, *waits = settings.RATE_LIMITS[scope]
    return Limit(scope, hits, seconds, tuple(waits))


def count(scope: str, key: str, now: datetime) -> Hit:
    """Counts one, in a short transaction of its own.

    Call it outside of a transaction: there it holds no lock afterwards, and stays counted
    whatever becomes of the request. Of any number at once, exactly as many pass as the limit says.

    Raises:
        RateLimited: this one is beyond the limit; it is not counted.
        NotCounted: the database could not count.
    """
    limit, hashed = limit_of(scope), _hashed(scope, key)
    with _or_not_counted(), transaction.atomic():
        fresh = {"ends_at": now + timedelta(seconds=limit.seconds)}
        locked = RateLimit.objects.select_for_update()
        row, is_new = locked.get_or_create(scope=scope, key=hashed, defaults=fresh)
        hit = _count_in(row, limit, now)
    if is_new:
        with suppress(DatabaseError):  # what is swept later does no harm meanwhile
            delete_ended(now, SWEPT)
    return hit


def _count_in(row: RateLimit, limit: Limit, now: datetime) -> Hit:
    """Counts one in this row, which is locked."""
    if wait := _wait(row, limit, now):
        raise RateLimited(limit, wait)
    if row.ends_at <= now:
        row.hits = 0
    row.hits += 1
    pause = limit.wait_after(row.hits)
    # a count that slows somebody down lasts from the newest hit, else from the first
    if row.hits == 1 or pause:
        row.ends_at = now + timedelta(seconds=limit.seconds)
    row.next_at = now + pause if pause else None
    row.save(update_fields=["hits", "ends_at", "next_at"])
    return Hit(limit, row.key, row.hits, row.ends_at)


def _wait(row: RateLimit, limit: Limit, now: datetime) -> timedelta:
    """How long until the next one is let through; nothing when it is let through now."""
    if row.ends_at <= now or row.hits < limit.hits:
        return timedelta(0)
    if not limit.waits:
        return row.ends_at - now
    if row.next_at is None or row.next_at <= now:
        return timedelta(0)
    return row.next_at - now


def check(scope: str, key: str, now: datetime) -> None:
    """Counts nothing, and raises as `count` does where one more would be beyond the limit."""
    limit, hashed = limit_of(scope), _hashed(scope, key)
    with _or_not_counted():
        row = RateLimit.objects.filter(scope=scope, key=hashed).first()
    if row and (wait := _wait(row, limit, now)):
        raise RateLimited(limit, wait)


def give_back(hits: list[Hit]) -> None:
    """Takes back what was counted, each out of its own window: it was nothing that counts.

    Raises:
        NotCounted: the database could not count.
    """
    with _or_not_counted():
        for hit in hits:
            _give_back(hit)


@transaction.atomic
def _give_back(hit: Hit) -> None:
    row = RateLimit.objects.select_for_update().filter(scope=hit.limit.scope, key=hit.key).first()
    if row is None or not row.hits:
        return
    # a window with waits begins again with each hit, and is the same window
    if row.ends_at != hit.ends_at and not hit.limit.waits:
        return
    is_newest = row.hits == hit.number
    row.hits -= 1
    if is_newest or row.hits < hit.limit.hits:
        row.next_at = None
    row.save(update_fields=["hits", "next_at"])


def forget(scope: str, key: str) -> None:
    """Ends the window of this key: the next one is the first again."""
    with _or_not_counted():
        RateLimit.objects.filter(scope=scope, key=_hashed(scope, key)).delete()


def remember(scope: str, key: str, days: int, now: datetime) -> None:
    """Marks the key for so many days. A mark that has half of them left is not written again."""
    ends_at = now + timedelta(days=days)
    with _or_not_counted():
        if _marked_until(scope, key) > now + timedelta(days=days / 2):
            return
        hashed, fresh = _hashed(scope, key), {"ends_at": ends_at}
        RateLimit.objects.update_or_create(scope=scope, key=hashed, defaults=fresh)


def is_remembered(scope: str, key: str, now: datetime) -> bool:
    """Whether the key is marked now."""
    with _or_not_counted():
        return _marked_until(scope, key) > now


def _marked_until(scope: str, key: str) -> datetime:
    ends = RateLimit.objects.filter(scope=scope, key=_hashed(scope, key)).values_list("ends_at")
    return ends[0][0] if ends else datetime.min.replace(tzinfo=UTC)


@transaction.atomic
def delete_ended(now: datetime, at_most: int | None = None) -> int:
    """Deletes rows whose time is over, all of them or so many; how many it deleted."""
    # locked, so that a row which is counted in again meanwhile stays; those being counted in, too
    ended = RateLimit.objects.select_for_update(skip_locked=True).filter(ends_at__lte=now)
    keys = list(ended.order_by("ends_at").values_list("pk", flat=True)[:at_most])
    deleted, _ = RateLimit.objects.filter(pk__in=keys).delete()
    return deleted


@contextmanager
def _or_not_counted() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise NotCounted("the database could not count") from error


def _hashed(scope: str, key: str) -> str:
    """What stands for a key in the database: made with the site's secret, so that none is guessed."""
    return salted_hmac(f"courses.rate-limit.{scope}", key, algorithm="sha256").hexdigest()


def address_of(request: HttpRequest) -> str:
    """The address a request counts as: an IPv4 address, or the /64 of an IPv6 one.

    With PROXIES in front, it is the address the outermost of them saw. Each proxy appends the one
    it saw to X-Forwarded-For, so what stands further left was written by the client itself.
    """
    proxies = settings.PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    seen = [part.strip() for part in forwarded.split(",") if part.strip()] if proxies else []
    # with fewer than expected, a request came past the outer proxies: the first is what ours saw
    address = seen[-min(proxies, len(seen))] if seen else request.META.get("REMOTE_ADDR", "")
    return _network_of(address)


def _network_of(text: str) -> str:
    """The address without its port, an IPv6 one shortened to its network; UNKNOWN for what is none."""
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
    if address.ipv4_mapped:  # else all of IPv4 would be one network
        return str(address.ipv4_mapped)
    network = ipaddress.IPv6Network((address.packed, IPV6_PREFIX), strict=False)
    return str(network.network_address)
