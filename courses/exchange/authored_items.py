"""Items as an author writes them, in the YAML of items/, both ways.

Whether they are right is not judged here: `authoring.courses` does, and an import says beforehand
what it will say.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from courses.assessment.items import KINDS
from courses.assessment.items.neutral import Item, normal
from courses.authoring.reading.diagnostics import Problem, Problems, read_yaml, validate
from courses.authoring.reading.references import load
from courses.authoring.reading.yaml_with_lines import NUMBER
from courses.authoring.schema import item_fields
from courses.exchange.book_builder import Book
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
    # A kind may be exchanged with no other system, or not with all of its items.
    fields = KINDS[kind].to_exchange(raw) if kind in KINDS else None
    if fields is None:
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
        step=str(raw.get("step", "")),
        difficulty=str(raw["difficulty"]),
        critical=bool(raw.get("critical", False)),
        **fields,
    )


def to_raw(item: Item) -> dict[str, Any]:
    """The fields of an item in the order an author writes them; what is not known is empty."""
    critical = {"critical": True} if item.critical else {}
    step = {"step": item.step} if item.step else {}
    return {
        "key": item.key,
        "kind": item.kind,
        "outcome": item.outcome,
        "use": list(item.use),
        "parallel": item.parallel,
        **step,
        "difficulty": item.difficulty,
        **critical,
        "stem": item.stem,
        **KINDS[item.kind].from_exchange(item),
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
