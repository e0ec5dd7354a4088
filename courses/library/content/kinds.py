"""Which kinds of item and block this release can serve.

The item kinds are defined in `assessment`.
"""

from collections.abc import Container, Mapping
from typing import Protocol

TEXT_BLOCKS = {"text", "reveal", "note", "figure"}
ACTIVITIES = {"branch", "rewrite", "checklist", "look", "commitment", "reflect"}
"""The blocks a learner answers, beside those that ask an item: they are named by the item kinds."""


class ServedKind(Protocol):
    """What is needed of an item kind here: the lesson block that asks it, empty for none."""

    @property
    def block(self) -> str: ...


class _Registry:
    """The item kinds this release can serve.

    They are defined above this package, in `assessment`.
    """

    def __init__(self) -> None:
        self.item_kinds: Mapping[str, ServedKind] = {}

    def block_kinds(self) -> set[str]:
        asking = {kind.block for kind in self.item_kinds.values() if kind.block}
        return TEXT_BLOCKS | ACTIVITIES | asking


_registry = _Registry()


def register_item_kinds(kinds: Mapping[str, ServedKind]) -> None:
    """Tells `read` which kinds of item there are, by name; called once, when Django starts.

    The mapping is kept, not copied: a kind that is added to it later is known as well.
    """
    _registry.item_kinds = kinds


def reject_unknown(kind: str, known: Container[str], what: str) -> str:
    if kind not in known:
        raise ValueError(f"{kind!r} is no kind of {what} that this release knows")
    return kind


def known_kinds() -> dict[str, Container[str]]:
    """What reading a stored edition checks kinds against: "items" and "blocks"."""
    return {"items": _registry.item_kinds, "blocks": _registry.block_kinds()}
