"""The words of the walk-throughs as items, answers and learners.

No figure is worked out here: the rows say what is expected.
"""

import csv
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from courses.assessment.items import KINDS
from courses.assessment.items.making import short_key
from courses.authoring.reading.diagnostics import Problems
from courses.authoring.reading.reader import FileReader
from courses.learning.completion import LessonFact
from courses.library.content import Block, Course, Item, Lesson, Outcome, Quiz, Step

HERE = Path(__file__).parent
SAME_AS_ABOVE = ("kind", "item")


def rows(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with its line in the file; an empty `kind` or `item` is the one of the row above."""
    above: dict[str, str] = {}
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        for row in reader:
            assert None not in row, f"{name} line {reader.line_num}: more cells than columns"
            assert None not in row.values(), (
                f"{name} line {reader.line_num}: fewer cells than columns"
            )
            above |= {column: row[column] for column in SAME_AS_ABOVE if row.get(column)}
            yield reader.line_num, {**row, **above}


def parts(text: str, mark: str = "|") -> list[str]:
    return [part.strip() for part in text.split(mark)]


def marks_in(text: str) -> Fraction:
    """Marks in words: `4 + 3/4`."""
    return sum((Fraction(part) for part in parts(text, "+")), Fraction(0))


def item_in(kind: str, text: str, *, critical: bool = False) -> Item:
    """An item as an author would write it, read as a course file is; `*` marks what fits."""
    reader = FileReader(HERE, HERE, {}, {}, Problems(HERE), frozenset({"a-scene"}))
    rules = KINDS[kind]
    fields = rules.fields.model_validate(AUTHORED[kind](text))
    made = rules.make(reader, fields, 1, text)
    assert not reader.problems.errors, [str(one) for one in reader.problems.errors]
    return Item(key="asked", kind=kind, stem="Which?", critical=critical, **made)


def _options(text: str) -> list[dict[str, object]]:
    return [
        {"text": one.removesuffix("*"), "correct": one.endswith("*"), "feedback": "Why."}
        for one in parts(text)
    ]


def _case(text: str) -> dict[str, object]:
    """Parts divided by `||`; one with several that fit is a multiple choice."""
    written = parts(text, "||")
    kinds = ["multiple" if part.count("*") > 1 else "single" for part in written]
    options = zip(written, kinds, strict=True)
    return {
        "parts": [
            {"prompt": "Then?", "kind": kind, "options": _options(part)} for part, kind in options
        ]
    }


def _groups(text: str) -> dict[str, list[str]]:
    """`Pause: Yawns; Looks away | Go on: Smiles` as cards by group."""
    named = (part.partition(":") for part in parts(text))
    return {name.strip(): [card for card in parts(cards, ";") if card] for name, _, cards in named}


def _group_key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def _sort(text: str) -> dict[str, object]:
    groups = _groups(text)
    cards = [
        {"text": card, "group": _group_key(name), "feedback": "Why."}
        for name, cards in groups.items()
        for card in cards
    ]
    return {"groups": {_group_key(name): name for name in groups}, "cards": cards}


def _match(text: str) -> dict[str, object]:
    pairs = (parts(pair, "=") for pair in parts(text))
    return {"pairs": [{"left": left, "right": right, "feedback": "Why."} for left, right in pairs]}


AUTHORED: dict[str, Any] = {
    "single": lambda text: {"options": _options(text)},
    "multiple": lambda text: {"options": _options(text)},
    "spot": lambda text: {"scene": "a-scene", "options": _options(text)},
    "sort": _sort,
    "match": _match,
    "order": lambda text: {"turns": [{"text": turn, "feedback": "Why."} for turn in parts(text)]},
    "case": _case,
}


def answer_in(kind: str, text: str) -> Any:
    """The answer in words as it is stored; `-` is no answer, `junk` is anything at all in JSON."""
    if text.startswith("junk "):
        return json.loads(text.removeprefix("junk "))
    return None if text == "-" else ANSWERED[kind](text)


def _chosen(text: str, prefix: str = "") -> list[str]:
    return [prefix + short_key(one) for one in parts(text) if one != "-"]


def _placed(text: str) -> dict[str, str]:
    return {
        short_key(card): _group_key(name) for name, cards in _groups(text).items() for card in cards
    }


def _matched(text: str) -> dict[str, str]:
    pairs = (parts(pair, "=") for pair in parts(text))
    return {short_key(left): short_key(right) for left, right in pairs}


def _ordered(text: str) -> dict[str, str]:
    """`2 Look | 1 Wait`: the place, then the turn."""
    turns = (one.partition(" ") for one in parts(text))
    return {short_key(turn): f"place-{place}" for place, _, turn in turns}


ANSWERED: dict[str, Any] = {
    "single": _chosen,
    "multiple": _chosen,
    "spot": _chosen,
    "sort": _placed,
    "match": _matched,
    "order": _ordered,
    "case": lambda text: {
        f"part-{n}": _chosen(part, f"{n}-") for n, part in enumerate(parts(text, "||"), 1)
    },
}


def course_in(text: str) -> Course:
    """A course: lessons, then quizzes; in brackets what is not as usual."""
    written = [_named(part) for part in parts(text)]
    lessons = tuple(_lesson(name, given) for kind, name, given in written if kind == "lesson")
    quizzes = tuple(_quiz(kind, name, given) for kind, name, given in written if kind != "lesson")
    nothing: dict[str, Any] = {
        "items": (),
        "scenes": (),
        "publications": {},
        "sources": {},
        "glossary": {},
    }
    words: dict[str, Any] = {
        "title": "A course",
        "summary": "S",
        "for_whom": "All",
        "afterwards": ("Do",),
    }
    return Course(
        key="walked",
        position=0,
        lessons=lessons,
        quizzes=quizzes,
        cover="<svg/>",
        **words,
        **nothing,
    )


def _named(text: str) -> tuple[str, str, dict[str, int]]:
    """`Looking (version 2, 4 steps)`, `quiz Final`: the kind, the name, and the numbers given."""
    name, _, brackets = text.rstrip(")").partition(" (")
    kind, _, rest = name.partition(" ")
    given = {
        "version": 1,
        "step": 5,
        "minute": 10 if kind not in {"quiz", "pretest", "review"} else 4,
    }
    for word, number in re.findall(r"(version) (\d+)", brackets):
        given[word] = int(number)
    for number, word in re.findall(r"(\d+) (step|minute)", brackets):
        given[word] = int(number)
    return (kind, rest, given) if kind in {"quiz", "pretest", "review"} else ("lesson", name, given)


def _lesson(name: str, given: dict[str, int]) -> Lesson:
    steps = tuple(
        Step(key=f"s{n}", title=f"S{n}", blocks=(Block(kind="text"),))
        for n in range(1, given["step"] + 1)
    )
    outcomes = (Outcome(key="does-it", text="Do it"),)
    fields: dict[str, Any] = {"steps": steps, "outcomes": outcomes, "svg": "<svg/>", "sources": ()}
    return Lesson(
        key=name.lower(), title=name, version=given["version"], minutes=given["minute"], **fields
    )


def _quiz(kind: str, name: str, given: dict[str, int]) -> Quiz:
    rule: dict[str, Any] = {"draw": 6, "pass_mark": 0.8, "attempts": 3, "minutes": given["minute"]}
    return Quiz(key=name.lower(), title=name, kind="final" if kind == "quiz" else kind, **rule)  # type: ignore[arg-type]


def learner_in(text: str, course: Course) -> tuple[dict[str, LessonFact], set[str]]:
    """What is stored of a learner: lessons by key, and the keys of quizzes passed."""
    facts, passed = {}, set()
    for one in parts(text) if text != "-" else ():
        name, what, given = re.fullmatch(r"(\w+) (done|passed|step)(.*)", one).groups()  # type: ignore[union-attr]
        if what == "passed":
            passed.add(name.lower())
        else:
            facts[name.lower()] = _fact(course.lesson(name.lower()), what, given)
    return facts, passed


def _fact(lesson: Lesson | None, what: str, given: str) -> LessonFact:
    version = int(found[1]) if (found := re.search(r"in version (\d+)", given)) else 1
    if what == "done":
        return LessonFact("s1", len(lesson.steps) if lesson else 5, True, version)
    step = re.match(r" (\w+)", given)[1]  # type: ignore[index]
    furthest = int(found[1]) if (found := re.search(r"reached (\d+)", given)) else int(step)
    return LessonFact(f"s{step}", furthest, False, version)
