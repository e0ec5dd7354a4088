"""Items as an author writes them, in the YAML of items/, both ways.

Whether they are right is not judged here: `authoring.courses` does, and an import says beforehand
what it will say.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from courses.assessment.items import KINDS
from courses.authoring.reading.diagnostics import Problem, Problems, read_yaml, validate
from courses.authoring.reading.references import load
from courses.authoring.reading.yaml_with_lines import NUMBER
from courses.authoring.schema import item_fields
from courses.exchange.neutral import Book, Card, Group, Item, Option, Part, normal
from courses.exchange.refusals import Empty, Location, Unwritable

Raw = Mapping[str, Any]
WIDTH = 100  # of a line of text: with its indent it stays under 120


def read_items(folder: Path) -> tuple[Item, ...]:
    """The items of a course folder in the order of its files, which were found to have no problem.

    Raises:
        Unwritable: an item is of a kind that no other format is known for.
    """
    items: list[Item] = []
    for path in sorted((folder / "items").glob("*.yaml")):
        data = load(path, Problems(folder))
        lesson = str(data["lesson"])
        items += [to_item(raw, lesson, Location(path.name)) for raw in data["items"]]
    return tuple(items)


def to_item(raw: Raw, lesson: str, place: Location) -> Item:
    """What an author wrote of one item, which was found to have no problem; raises Unwritable."""
    kind = str(raw["kind"])
    if kind not in CONVERSIONS:
        what = f"is of kind {kind!r}, which no other format is known for"
        raise Unwritable(replace(place, item=str(raw["key"])), what)
    return Item(
        key=str(raw["key"]),
        kind=kind,
        stem=normal(raw["stem"]),
        outcome=str(raw["outcome"]),
        lesson=lesson,
        use=tuple(raw["use"]),
        parallel=str(raw["parallel"]),
        difficulty=str(raw["difficulty"]),
        critical=bool(raw.get("critical", False)),
        **CONVERSIONS[kind].from_raw(raw),
    )


def to_raw(item: Item) -> dict[str, Any]:
    """The fields of an item in the order an author writes them; what is not known is empty."""
    critical = {"critical": True} if item.critical else {}
    return {
        "key": item.key,
        "kind": item.kind,
        "outcome": item.outcome,
        "use": list(item.use),
        "parallel": item.parallel,
        "difficulty": item.difficulty,
        **critical,
        "stem": item.stem,
        **CONVERSIONS[item.kind].to_raw(item),
    }


def _options(raw: Raw) -> tuple[Option, ...]:
    options = []
    for row in raw["options"]:
        sources = tuple(row.get("sources", ()))
        is_correct = bool(row.get("correct", False))
        feedback, leans = normal(row["feedback"]), str(row.get("leans", ""))
        options.append(Option(normal(row["text"]), is_correct, feedback, sources, leans))
    return tuple(options)


def _raw_options(options: Sequence[Option]) -> list[dict[str, Any]]:
    rows = []
    for option in options:
        row: dict[str, Any] = {"text": option.text}
        if option.is_correct:
            row["correct"] = True
        if option.leans:
            row["leans"] = option.leans
        rows.append(row | _raw_feedback(option))
    return rows


def _cards(rows: Iterable[Raw], text: str, group: str = "") -> tuple[Card, ...]:
    """Cards whose text and group have these names in their rows."""
    cards = []
    for row in rows:
        belongs = normal(row[group]) if group else ""
        sources = tuple(row.get("sources", ()))
        cards.append(Card(normal(row[text]), belongs, normal(row["feedback"]), sources))
    return tuple(cards)


def _raw_cards(item: Item, text: str, group: str = "") -> list[dict[str, Any]]:
    """The rows of cards, their text and group under these names."""
    rows = []
    for card in item.cards:
        row: dict[str, Any] = {text: card.text}
        if group:
            row[group] = card.group
        rows.append(row | _raw_feedback(card))
    return rows


def _raw_feedback(answer: Option | Card) -> dict[str, Any]:
    if not answer.sources:
        return {"feedback": answer.feedback}
    return {"feedback": answer.feedback, "sources": list(answer.sources)}


def _choice_from_raw(raw: Raw) -> dict[str, Any]:
    return {"options": _options(raw)}


def _choice_to_raw(item: Item) -> dict[str, Any]:
    return {"options": _raw_options(item.options)}


def _spot_from_raw(raw: Raw) -> dict[str, Any]:
    return {
        "scene": str(raw["scene"]),
        "options": _options(raw),
    }


def _spot_to_raw(item: Item) -> dict[str, Any]:
    return {
        "scene": item.scene,
        "options": _raw_options(item.options),
    }


def _sort_from_raw(raw: Raw) -> dict[str, Any]:
    groups = []
    for key, text in raw["groups"].items():
        groups.append(Group(key, normal(text)))
    return {
        "groups": tuple(groups),
        "cards": _cards(raw["cards"], "text", "group"),
    }


def _sort_to_raw(item: Item) -> dict[str, Any]:
    return {
        "groups": {group.key: group.text for group in item.groups},
        "cards": _raw_cards(item, "text", "group"),
    }


def _match_from_raw(raw: Raw) -> dict[str, Any]:
    """Each right-hand side becomes a group, in the order of their first pairs."""
    cards = _cards(raw["pairs"], "left", "right")
    groups: dict[str, Group] = {}
    for card in cards:
        groups.setdefault(card.group, Group(f"right-{len(groups) + 1}", card.group))
    placed = tuple(replace(card, group=groups[card.group].key) for card in cards)
    return {"cards": placed, "groups": tuple(groups.values())}


def _match_to_raw(item: Item) -> dict[str, Any]:
    texts = {group.key: group.text for group in item.groups}
    pairs = _raw_cards(item, "left", "right")
    for pair in pairs:
        group = pair["right"]
        pair["right"] = texts[group]
    return {"pairs": pairs}


def _order_from_raw(raw: Raw) -> dict[str, Any]:
    return {"cards": _cards(raw["turns"], "text")}


def _order_to_raw(item: Item) -> dict[str, Any]:
    return {"turns": _raw_cards(item, "text")}


def _case_from_raw(raw: Raw) -> dict[str, Any]:
    parts = []
    for row in raw["parts"]:
        kind = str(row.get("kind", "single"))
        parts.append(Part(normal(row["prompt"]), kind, _options(row)))
    return {"parts": tuple(parts)}


def _case_to_raw(item: Item) -> dict[str, Any]:
    parts = []
    for part in item.parts:
        options = _raw_options(part.options)
        parts.append({"prompt": part.prompt, "kind": part.kind, "options": options})
    return {"parts": parts}


class Conversion(NamedTuple):
    """The fields of a kind's own, from what an author wrote and back to it."""

    from_raw: Callable[[Raw], dict[str, Any]]
    to_raw: Callable[[Item], dict[str, Any]]


CONVERSIONS = {
    "single": Conversion(_choice_from_raw, _choice_to_raw),
    "multiple": Conversion(_choice_from_raw, _choice_to_raw),
    "spot": Conversion(_spot_from_raw, _spot_to_raw),
    "sort": Conversion(_sort_from_raw, _sort_to_raw),
    "match": Conversion(_match_from_raw, _match_to_raw),
    "order": Conversion(_order_from_raw, _order_to_raw),
    "case": Conversion(_case_from_raw, _case_to_raw),
}


class _Writer(yaml.SafeDumper):
    """YAML as authors write it: lists stand indented in their field."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_text(writer: _Writer, text: str) -> yaml.ScalarNode:
    style = _style_of(text)
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_list(writer: _Writer, rows: list[Any]) -> yaml.SequenceNode:
    """A list of words on one line, a list of mappings with a line for each field."""
    is_flow = not any(isinstance(row, dict) for row in rows)
    return writer.represent_sequence("tag:yaml.org,2002:seq", rows, flow_style=is_flow)


_Writer.add_representer(str, _represent_text)
_Writer.add_representer(list, _represent_list)


def _style_of(text: str) -> str | None:
    """The YAML style that is easily read and keeps every character; None lets YAML choose."""
    lines = text.split("\n")
    is_kept = all(line.isprintable() and line == line.rstrip() for line in lines)
    # A number in quotes: files are read by YAML 1.2, where 1e3 is one, and written by 1.1.
    if not text or text[0].isspace() or not is_kept or NUMBER.fullmatch(text):
        return '"'
    if len(lines) > 1:
        return "|"
    return ">" if len(text) > WIDTH else None


def _dump(data: object) -> str:
    written = yaml.dump(data, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=WIDTH)
    return str(written)


def to_yaml(items: Iterable[Item], lesson: str) -> str:
    """A file of items/ for a lesson, with an empty line between two items."""
    head = _dump({"lesson": lesson}) + "items:\n"
    # Each is written in a list of its own, whose first line is the `items:` of the head.
    blocks = []
    for item in items:
        _, _, block = _dump({"items": [to_raw(item)]}).partition("\n")
        blocks.append(block)
    return head + "\n".join(blocks)


def blanks(path: Path, text: str) -> list[Problem]:
    """What `check_courses` will find missing or wrong in this file of items, each with its line."""
    problems = Problems(path.parent)
    data = read_yaml(text, path, 1, problems)
    for raw in data["items"] if isinstance(data, dict) else ():
        fields = item_fields(KINDS[str(raw["kind"])].fields)
        validate(fields, raw, path, 1, str(raw["key"]), problems)
    return sorted(problems.errors)


def for_lesson(book: Book, lesson: str, outcome: str, place: Location) -> Book:
    """The items of this lesson or of none, for `outcome` unless they name one; others are noted.

    Raises:
        Empty: there is nothing for this lesson.
    """
    items = []
    others: Counter[str] = Counter()
    for item in book.items:
        if item.lesson in {"", lesson}:
            items.append(replace(item, lesson=lesson, outcome=item.outcome or outcome))
        else:
            others[item.lesson] += 1
    if not items:
        what = (
            f"has no item for the lesson {lesson!r}; its items are of {', '.join(sorted(others))}"
        )
        raise Empty(place, f"{what}: name one of them", book.left_out)
    notes = list(book.notes)
    for other, count in sorted(others.items()):
        what = (
            f"has {count} items of the lesson {other}, left out; import them with --lesson {other}"
        )
        notes.append(f"{place}{what}")
    return Book(tuple(items), book.left_out, tuple(notes))
