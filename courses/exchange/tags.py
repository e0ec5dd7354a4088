"""What only our items know (outcome, quizzes, difficulty …) as tags, `outcome:a-key`: other systems keep tags as they are."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import get_args

from courses.authoring import schema
from courses.exchange.neutral import Item, Option, is_key

CRITICAL = "critical"
ONE = ("kind", "lesson", "outcome", "parallel", "difficulty", "scene")
LEANS = tuple(filter(None, get_args(schema.Option.model_fields["leans"].annotation)))
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
    leans: tuple[tuple[int, str], ...] = ()
    unknown: tuple[str, ...] = ()

    def on(self, item: Item) -> Item:
        """The item with what its tags say of it, but its kind, which its form decides."""
        fields = {name: getattr(self, name) for name in (*ONE[1:], "use", CRITICAL)}
        options = _leaning(item.options, self.leans, 0)
        parts, before = [], len(options)
        for part in item.parts:
            parts.append(replace(part, options=_leaning(part.options, self.leans, before)))
            before += len(part.options)
        return replace(item, options=options, parts=tuple(parts), **fields)


def _leaning(
    options: Iterable[Option], leans: Iterable[tuple[int, str]], before: int
) -> tuple[Option, ...]:
    """The options with what the tags say of them, counted on from the `before` that stand in front of them."""
    known = dict(leans)
    return tuple(
        replace(one, leans=known.get(number, "")) for number, one in enumerate(options, before + 1)
    )


def to_tags(item: Item) -> list[str]:
    """The tags of an item, in a fixed order; the same item always has the same."""
    tags = [f"{name}:{getattr(item, name)}" for name in ONE if getattr(item, name)]
    tags += [f"use:{quiz}" for quiz in item.use]
    options = [one for one in item.answers if isinstance(one, Option)]
    tags += [f"{one.leans}:{number}" for number, one in enumerate(options, 1) if one.leans]
    return [*tags, CRITICAL] if item.critical else tags


def from_tags(tags: Iterable[str]) -> Tagged:
    """What tags say; of two that say different things, the first."""
    found: dict[str, str] = {}
    use, unknown, leans, critical = [], [], [], False
    for tag in tags:
        name, _, value = tag.strip().partition(":")
        if tag.strip() == CRITICAL:
            critical = True
        elif name == "use" and is_key(value):
            use.append(value)
        elif name in LEANS and value.isascii() and value.isdecimal() and int(value[:4]) > 0:
            leans.append((int(value[:4]), name))
        elif name in ONE and is_key(value) and (name != "difficulty" or value in DIFFICULTIES):
            found.setdefault(name, value)
        else:
            unknown.append(tag.strip())
    quizzes, lean = tuple(dict.fromkeys(use)), tuple(leans)
    return Tagged(**found, use=quizzes, critical=critical, leans=lean, unknown=tuple(unknown))
