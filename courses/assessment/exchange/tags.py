"""What only our items know (outcome, quizzes, difficulty …) as tags, `outcome:a-key`: other systems keep tags as they are."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import get_args

from courses.assessment.exchange.neutral import Item, is_key
from courses.library import schema

CRITICAL = "critical"
ONE = ("kind", "lesson", "outcome", "parallel", "difficulty", "scene")
DIFFICULTIES = get_args(schema.Item.model_fields["difficulty"].annotation)


@dataclass(frozen=True)
class Tagged:
    """What the tags of an item say; `unknown` are tags of somebody else."""

    kind: str = ""
    lesson: str = ""
    outcome: str = ""
    parallel: str = ""
    difficulty: str = ""
    scene: str = ""
    use: tuple[str, ...] = ()
    critical: bool = False
    unknown: tuple[str, ...] = ()

    def on(self, item: Item) -> Item:
        """The item with what its tags say of it, but its kind, which its form decides."""
        fields = {name: getattr(self, name) for name in (*ONE[1:], "use", CRITICAL)}
        return replace(item, **fields)


def to_tags(item: Item) -> list[str]:
    """The tags of an item, in a fixed order; the same item always has the same."""
    tags = [f"{name}:{getattr(item, name)}" for name in ONE if getattr(item, name)]
    tags += [f"use:{quiz}" for quiz in item.use]
    return [*tags, CRITICAL] if item.critical else tags


def from_tags(tags: Iterable[str]) -> Tagged:
    """What tags say; of two that say different things, the first."""
    found: dict[str, str] = {}
    use, unknown, critical = [], [], False
    for tag in tags:
        name, _, value = tag.strip().partition(":")
        if tag.strip() == CRITICAL:
            critical = True
        elif name == "use" and is_key(value):
            use.append(value)
        elif name in ONE and is_key(value) and (name != "difficulty" or value in DIFFICULTIES):
            found.setdefault(name, value)
        else:
            unknown.append(tag.strip())
    return Tagged(**found, use=tuple(dict.fromkeys(use)), critical=critical, unknown=tuple(unknown))
