"""The chain of seals over the audit log: what a digest is made of, and where the chain is broken.

Plain Python. Whoever can write to the database could make the whole chain anew, so the newest
digest is in the server's log too: see `seal_actions`.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64  # stands for the digest before the first seal


@dataclass(frozen=True)
class EventRow:
    """An audit event as it is stored. `subject` and `once_key` may be None."""

    pk: int
    actor: int
    subject: int | None
    action: str
    details: Any
    at: datetime
    once_key: str | None

    @property
    def digest(self) -> str:
        """SHA-256 of every field, in hex: a change of any of them gives another."""
        fields = [self.pk, self.actor, self.subject, self.action, self.details]
        return _sha256([*fields, _utc(self.at), self.once_key])


@dataclass(frozen=True)
class Seal:
    """A seal as it is stored. `events` has [id, digest] of each event, by id."""

    number: int
    events: list[list[Any]]
    digest: str
    sealed_at: datetime


def digest_of(previous: str, number: int, events: Iterable[list[Any]], sealed_at: datetime) -> str:
    """SHA-256, in hex, of the digest before and of all that a seal says."""
    return _sha256([previous, number, list(events), _utc(sealed_at)])


def breaks_of_seal(seal: Seal, before: Seal | None, digests: Mapping[int, str]) -> Iterator[str]:
    """Each break between this seal and the one before it, in words.

    Args:
        before: the seal before it, None for the first that there is.
        digests: of the events that it covers and that are still there, by id.
    """
    first_missing = before.number + 1 if before else 1
    for number in range(first_missing, seal.number):
        yield f"seal {number} is gone"
    # After a gap the digest before is not known, so that only the gap can be told.
    if seal.number == first_missing:
        previous = before.digest if before else FIRST
        if digest_of(previous, seal.number, seal.events, seal.sealed_at) != seal.digest:
            yield f"seal {seal.number} was changed, or the one before it"
    for pk, digest in seal.events:
        if pk not in digests:
            yield f"event {pk} is gone (seal {seal.number})"
        elif digests[pk] != digest:
            yield f"event {pk} was changed (seal {seal.number})"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _sha256(facts: list[Any]) -> str:
    """Of JSON without spaces and with keys in order, so that both databases give the same."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
