"""What only items here know (outcome, quizzes …), as tags or JSON inside of other formats."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from pydantic import TypeAdapter

from courses.assessment.items import KINDS
from courses.assessment.items.neutral import Item
from courses.authoring import schema
from courses.exchange.keys import is_key
from courses.exchange.refusals import Refused

CRITICAL = "critical"
NAMES = ("kind", "lesson", "outcome", "parallel", "step", "difficulty", "scene")
DIFFICULTIES = get_args(schema.Item.model_fields["difficulty"].annotation)
WHOLE_ITEM = TypeAdapter(Item)


@dataclass
class Tags:
    """What the tags of an item say; `has_others` when there are tags of somebody else too."""

    values: dict[str, str] = field(default_factory=dict)
    use: tuple[str, ...] = ()
    critical: bool = False
    has_others: bool = False

    @property
    def kind(self) -> str:
        return self.values.get("kind", "")

    def apply(self, item: Item) -> Item:
        """The item with what its tags say; its kind stays, but a single choice may be a spot."""
        known: dict[str, Any] = {**self.values, "kind": item.kind}
        if self.kind == "spot" and item.kind == "single":
            known["kind"] = "spot"
        else:
            known["scene"] = ""
        return replace(item, use=self.use, critical=self.critical, **known)


def to_tags(item: Item) -> list[str]:
    """The tags of an item, `outcome:a-key`, in a fixed order."""
    tags = [f"{name}:{getattr(item, name)}" for name in NAMES if getattr(item, name)]
    tags += [f"use:{quiz}" for quiz in item.use]
    return [*tags, CRITICAL] if item.critical else tags


def from_tags(words: Iterable[str]) -> Tags:
    """What tags say; of two that say different things, the first."""
    tags = Tags()
    for word in words:
        name, _, value = word.strip().partition(":")
        is_known = name in NAMES and is_key(value)
        if word.strip() == CRITICAL:
            tags.critical = True
        elif name == "use" and is_key(value):
            tags.use += (value,)
        elif is_known and (name != "difficulty" or value in DIFFICULTIES):
            tags.values.setdefault(name, value)
        else:
            # Also a tag of ours whose value is no key: it was changed, and nobody knows to what.
            tags.has_others = True
    return tags


def to_json(item: Item) -> str:
    """Everything of an item on one line."""
    data = WHOLE_ITEM.dump_json(item, exclude_defaults=True)
    return data.decode()


def from_json(text: str, write: Callable[[Item], str]) -> tuple[Item, str] | None:
    """The item of such a text and what `write` makes of it; None when it cannot be written.

    Whether what is written is what the text stands beside is for a reader to compare.
    """
    try:
        # pydantic's ValidationError is a ValueError.
        item = WHOLE_ITEM.validate_json(text, strict=True)
        kind = KINDS[item.kind]
        is_exchanged = kind.exchange_shape is not None and bool(item.answers)
        if not is_exchanged or not is_key(item.key):
            return None
        # What was changed may have a group that is nowhere, or no option that is right: then
        # it cannot be written, neither in the other format nor in the YAML of its kind.
        kind.from_exchange(item)
        return item, write(item)
    except (ValueError, LookupError, ArithmeticError, Refused):
        return None
