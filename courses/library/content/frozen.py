"""What all parts of a course have: they are frozen, and most are found by a key."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=Keyed)


def by_key(things: Iterable[K], key: str) -> K | None:
    for thing in things:
        if thing.key == key:
            return thing
    return None
