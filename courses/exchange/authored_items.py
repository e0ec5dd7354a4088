"""Items as an author writes them, both ways: the YAML of items/, and activities as blocks of a lesson.

Whether they are right is not judged here: `authoring.courses` does, and import only says beforehand what it will say.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from courses.assessment.items import KINDS
from courses.authoring.reading.diagnostics import Problem, Problems, read_yaml, validate
from courses.authoring.reading.references import load
from courses.authoring.reading.yaml_with_lines import NUMBER
from courses.authoring.schema import item_fields
from courses.exchange.neutral import (
    CHOICES,
    Book,
    Card,
    Group,
    Item,
    Note,
    Option,
    Part,
    Task,
    normal,
    pairs,
)
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
        items += [to_item(raw, str(data["lesson"]), Location(path.name)) for raw in data["items"]]
    return tuple(items)


def to_item(raw: Raw, lesson: str, place: Location) -> Item:
    """What an author wrote of one item, which was found to have no problem."""
    kind, key = str(raw["kind"]), str(raw["key"])
    if kind not in MAKERS:
        raise Unwritable(
            replace(place, item=key), f"is of kind {kind!r}, which no other format is known for"
        )
    return Item(
        key=key,
        kind=kind,
        stem=normal(raw["stem"]),
        outcome=str(raw["outcome"]),
        lesson=lesson,
        use=tuple(str(quiz) for quiz in raw["use"]),
        parallel=str(raw["parallel"]),
        difficulty=str(raw["difficulty"]),
        critical=bool(raw.get("critical", False)),
        **MAKERS[kind](raw),
    )


def _said(raw: Raw) -> tuple[str, tuple[str, ...]]:
    return normal(raw["feedback"]), tuple(str(source) for source in raw.get("sources", []))


def _options(raw: Raw) -> tuple[Option, ...]:
    made = []
    for one in raw["options"]:
        is_correct, leans = bool(one.get("correct", False)), str(one.get("leans", ""))
        made.append(Option(normal(one["text"]), is_correct, *_said(one), leans=leans))
    return tuple(made)


def _choice(raw: Raw) -> dict[str, Any]:
    return {"options": _options(raw), "scene": str(raw.get("scene", ""))}


def _sort(raw: Raw) -> dict[str, Any]:
    groups = tuple(Group(str(key), normal(text)) for key, text in raw["groups"].items())
    cards = (Card(normal(one["text"]), str(one["group"]), *_said(one)) for one in raw["cards"])
    return {"groups": groups, "cards": tuple(cards)}


def _match(raw: Raw) -> dict[str, Any]:
    cards, groups = pairs(
        [(normal(one["left"]), normal(one["right"]), *_said(one)) for one in raw["pairs"]]
    )
    return {"cards": cards, "groups": groups}


def _order(raw: Raw) -> dict[str, Any]:
    return {"cards": tuple(Card(normal(one["text"]), "", *_said(one)) for one in raw["turns"])}


def _case(raw: Raw) -> dict[str, Any]:
    parts = (
        Part(normal(one["prompt"]), str(one.get("kind", "single")), _options(one))
        for one in raw["parts"]
    )
    return {"parts": tuple(parts)}


MAKERS: dict[str, Callable[[Raw], dict[str, Any]]] = {
    **dict.fromkeys(CHOICES, _choice),
    "sort": _sort,
    "match": _match,
    "order": _order,
    "case": _case,
}


def to_raw(item: Item) -> dict[str, Any]:
    """The fields of an item in the order an author writes them. What is not known is there, and empty."""
    fields: dict[str, Any] = {"key": item.key, "kind": item.kind, "outcome": item.outcome}
    fields |= {"use": list(item.use), "parallel": item.parallel, "difficulty": item.difficulty}
    fields |= {"critical": True} if item.critical else {}
    fields |= {"stem": item.stem}
    if item.kind == "spot":
        fields["scene"] = item.scene
    if item.kind in CHOICES:
        fields["options"] = [_raw_option(one) for one in item.options]
    texts = {group.key: group.text for group in item.groups}
    if item.kind == "sort":
        fields["groups"] = texts
        fields["cards"] = [_raw("text", card, {"group": card.group}) for card in item.cards]
    if item.kind == "match":
        fields["pairs"] = [_raw("left", card, {"right": texts[card.group]}) for card in item.cards]
    if item.kind == "order":
        fields["turns"] = [_raw("text", card, {}) for card in item.cards]
    if item.kind == "case":
        fields["parts"] = [_raw_part(part) for part in item.parts]
    return fields


def _raw(name: str, one: Option | Card, more: dict[str, Any]) -> dict[str, Any]:
    """An option or card: its text by this name, `more` fields, and what is said of it."""
    sources = {"sources": list(one.sources)} if one.sources else {}
    return {name: one.text, **more, "feedback": one.feedback, **sources}


def _raw_option(option: Option) -> dict[str, Any]:
    correct = {"correct": True} if option.is_correct else {}
    leans = {"leans": option.leans} if option.leans else {}
    return _raw("text", option, correct | leans)


def _raw_part(part: Part) -> dict[str, Any]:
    options = [_raw_option(one) for one in part.options]
    return {"prompt": part.prompt, "kind": part.kind, "options": options}


def to_yaml(items: Iterable[Item], lesson: str) -> str:
    """A file of items/ for a lesson, with an empty line between two items."""
    head = _dump({"lesson": lesson}) + "items:\n"
    # Each is written inside a list of its own, whose first line is the `items:` that stands in the head.
    return head + "\n".join(_dump({"items": [to_raw(item)]}).partition("\n")[2] for item in items)


def to_blocks(tasks: Iterable[Task]) -> str:
    """Activities for a step of a lesson: a rewrite where answers were accepted, which are its model, else a reflection."""
    return "\n".join(_block(task) for task in tasks)


def _block(task: Task) -> str:
    fields: dict[str, Any] = {"prompt": task.prompt}
    if task.answers:
        model = (
            task.answers[0]
            if len(task.answers) == 1
            else "\n".join(f"- {answer}" for answer in task.answers)
        )
        fields |= {"start": "", "model": model, "near_miss": "", "criteria": []}
    return f"::: {'rewrite' if task.answers else 'reflect'} {task.key}\n{_dump(fields)}:::\n"


class _Writer(yaml.SafeDumper):
    """YAML as authors write it: lists stand indented in their field, and only long plain texts are broken."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def write_plain(self, text: str, split: bool = True) -> None:
        super().write_plain(text, False)

    def write_single_quoted(self, text: str, split: bool = True) -> None:
        super().write_single_quoted(text, False)

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        super().write_double_quoted(text, False)


def _text_node(writer: _Writer, text: str) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=_style_of(text))


def _list_node(writer: _Writer, rows: list[Any]) -> yaml.SequenceNode:
    """A list of words on one line, a list of mappings with a line for each field."""
    is_flow = not any(isinstance(row, dict) for row in rows)
    return writer.represent_sequence("tag:yaml.org,2002:seq", rows, flow_style=is_flow)


_Writer.add_representer(str, _text_node)
_Writer.add_representer(list, _list_node)
# `yaml_with_lines` reads by YAML 1.2, where 1e3 is a number; PyYAML writes by 1.1, where it is a word without quotes.
_Writer.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(NUMBER.pattern + r"\Z"), list("-+.0123456789")
)


def _dump(data: object) -> str:
    written = yaml.dump(data, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=WIDTH)
    return str(written)


def _style_of(text: str) -> str | None:
    """The YAML style that an author can read, and that gives back every character; None: plain, or in single quotes."""
    lines = text.split("\n")
    if not text or any(not letter.isprintable() for line in lines for letter in line):
        return '"'
    if any(line != line.rstrip() for line in lines) or text[:1].isspace():
        return '"'
    if len(lines) > 1:
        return "|"
    return ">" if len(text) > WIDTH else None


def blanks(path: Path, text: str) -> list[Problem]:
    """What `check_courses` will find missing or too much in this file of items, each with its line in it."""
    problems = Problems(path.parent)
    data = read_yaml(text, path, 1, problems)
    for raw in data["items"] if isinstance(data, dict) else ():
        validate(
            item_fields(KINDS[str(raw["kind"])].fields), raw, path, 1, str(raw["key"]), problems
        )
    return sorted(problems.errors)


def for_lesson(book: Book, lesson: str, outcome: str, place: Location) -> Book:
    """The items of the book that are of this lesson or of none, those of no outcome for `outcome`; of others it is told.

    Raises:
        Empty: there is nothing for this lesson.
    """
    items = [replace(item, lesson=lesson) for item in book.items if item.lesson in {"", lesson}]
    others = sorted({item.lesson for item in book.items} - {"", lesson})
    if not items and not book.tasks:
        named = (
            f"its items are of {', '.join(others)}: name one of them"
            if others
            else "name another file"
        )
        raise Empty(place, f"has no item for the lesson {lesson!r}; {named}")
    notes = list(book.notes)
    for other in others:
        number = sum(item.lesson == other for item in book.items)
        notes.append(
            Note(
                place,
                f"has {number} items of the lesson {other}, left out; import them with --lesson {other}",
            )
        )
    filled = tuple(replace(item, outcome=item.outcome or outcome) for item in items)
    return Book(filled, book.tasks, tuple(notes))
