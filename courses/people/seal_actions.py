"""Seals the audit log, and checks its chain. What a digest is made of is in `seals`."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from courses.people.audit import AuditEvent, AuditSeal
from courses.people.seals import FIRST, EventRow, Seal, breaks_of_seal, digest_of

log = logging.getLogger("courses.audit")
BATCH = 1000  # events under one seal
LATE = timedelta(hours=1)
"""How long after an event with a higher id one may still be committed: longer than any request."""
FIELDS = ("pk", "actor_id", "subject_id", "action", "details", "at", "once_key")


def seal_events(now: datetime) -> int:
    """Seals every event that no seal covers yet, in batches; returns how many events.

    Safe in several copies: the newest seal is locked, and the number of a seal is unique. The
    copy that comes second leaves the rest to the first. Rows of older releases come first.
    """
    total = 0
    while True:
        try:
            sealed = _seal_batch(now)
        except IntegrityError:  # another copy wrote the seal of this number
            return total
        total += sealed
        if sealed < BATCH:
            return total


@transaction.atomic
def _seal_batch(now: datetime) -> int:
    newest = AuditSeal.objects.select_for_update().order_by("-number").first()
    rows = _unsealed(now)
    if not rows:
        return 0
    number = newest.number + 1 if newest else 1
    events = [[row.pk, row.digest] for row in rows]
    digest = digest_of(newest.digest if newest else FIRST, number, events, now)
    AuditSeal.objects.create(
        number=number,
        events=events,
        highest=max(newest.highest if newest else 0, rows[-1].pk),
        digest=digest,
        sealed_at=now,
    )
    # A log that is kept elsewhere proves that nobody made the chain anew.
    facts = {"seal": number, "digest": digest, "events": len(rows)}
    transaction.on_commit(lambda: log.info("audit sealed", extra={"facts": facts}))
    return len(rows)


def _unsealed(now: datetime) -> list[EventRow]:
    """At most `BATCH` events without a seal, in the order of their ids.

    Ids are given before rows are committed, so one below the highest sealed may come late. Only
    the seals of the last hour are looked into for such, and not those of five years.
    """
    settled = AuditSeal.objects.filter(sealed_at__lt=now - LATE).order_by("-number").first()
    recent = AuditSeal.objects.order_by("number")
    if settled:
        recent = recent.filter(number__gt=settled.number)
    sealed = {pk for events in recent.values_list("events", flat=True) for pk, _ in events}
    later = AuditEvent.objects.filter(pk__gt=settled.highest if settled else 0).order_by("pk")
    rows: list[EventRow] = []
    for values in later.values_list(*FIELDS).iterator():
        if values[0] not in sealed:
            rows.append(EventRow(*values))
        if len(rows) == BATCH:
            break
    return rows


@dataclass(frozen=True)
class ChainReport:
    """What a check of the chain found. `digest` is the newest, "" where there is no seal."""

    events: int
    seals: int
    unsealed: int
    digest: str
    breaks: tuple[str, ...]


def check_chain() -> ChainReport:
    """Computes the chain again from the rows, one seal at a time. Changes nothing."""
    seals = covered = 0
    before: Seal | None = None
    breaks: list[str] = []
    for seal in _seals():
        keys = [pk for pk, _ in seal.events]
        kept = {row.pk: row.digest for row in _events(keys)}
        breaks += breaks_of_seal(seal, before, kept)
        covered += len(kept)
        seals += 1
        before = seal
    events = AuditEvent.objects.count()
    digest = before.digest if before else ""
    return ChainReport(events, seals, max(events - covered, 0), digest, tuple(breaks))


def _seals() -> Iterator[Seal]:
    rows = AuditSeal.objects.order_by("number")
    for row in rows.values_list("number", "events", "digest", "sealed_at").iterator(chunk_size=10):
        yield Seal(*row)


def _events(keys: list[int]) -> Iterator[EventRow]:
    """Chunks keep below the number of parameters that every SQLite takes."""
    for start in range(0, len(keys), 500):
        part = AuditEvent.objects.filter(pk__in=keys[start : start + 500])
        for values in part.values_list(*FIELDS):
            yield EventRow(*values)
