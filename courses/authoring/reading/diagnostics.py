"""Problems in course files, each with its place. What is wrong is decided elsewhere; lines are known by `yaml_with_lines`."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from courses.authoring.reading.yaml_with_lines import Fields, Rows, Unreadable, load

Model = TypeVar("Model", bound=BaseModel)
LONGEST_PLACE = 120  # characters of a field's name that are shown


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. Reads as `path:line: where: what, and what to write instead`.

    A warning stops nothing: it is for an author to judge.
    """

    path: str
    line: int
    where: str
    what: str
    is_warning: bool = False

    def __str__(self) -> str:
        kind = "warning: " if self.is_warning else ""
        return f"{self.path}:{self.line}: {kind}{self.where}: {self.what}"


@dataclass
class Problems:
    """All that was found so far, warnings apart, and the files that were read with their texts; reading goes on after each."""

    root: Path
    wants_advice: bool = True
    found: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    read: set[Path] = field(default_factory=set)
    texts: dict[Path, str] = field(default_factory=dict)

    def add(self, path: Path, line: int, where: str, what: str) -> None:
        self.found.append(self._problem(path, line, where, what))

    def warn(self, path: Path, line: int, where: str, what: str) -> None:
        self.warnings.append(self._problem(path, line, where, what, is_warning=True))

    def _problem(
        self, path: Path, line: int, where: str, what: str, is_warning: bool = False
    ) -> Problem:
        place = printable(where)[:LONGEST_PLACE]
        return Problem(self._shown(path), max(line, 1), place, printable(what), is_warning)

    def are_in(self, path: Path) -> bool:
        return any(problem.path == self._shown(path) for problem in self.found)

    def _shown(self, path: Path) -> str:
        if path == self.root or not path.is_relative_to(self.root):
            return printable(path.name)
        return printable(path.relative_to(self.root).as_posix())


def printable(text: str) -> str:
    """The text as a terminal may show it: what moves the cursor or cannot be encoded is an escape."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


def read_yaml(text: str, path: Path, first_line: int, problems: Problems) -> Any:
    """YAML as mappings and lists that know their lines; nothing at all is an empty text.

    None (and a problem) when it cannot be read, or uses what a course does not need: anchors, aliases, tags.
    """
    try:
        loaded = load(text)
    except Unreadable as error:
        problems.add(path, first_line + error.line, "YAML", str(error))
        return None
    return "" if loaded is None else loaded


def line_of(data: Any, place: Sequence[str | int], first_line: int) -> int:
    """The line in the file of the value at `place`, or of the nearest thing around it."""
    line = getattr(data, "line", 0)
    for step in place:
        if not isinstance(data, Fields | Rows) or step not in data.lines:
            break
        line, data = data.lines[step], data[step]  # type: ignore[index]
    return first_line + line


def validate(
    model: type[Model], data: Any, path: Path, first_line: int, where: str, problems: Problems
) -> Model | None:
    """The data as `model`; None when it does not fit, with one problem for each field that is wrong."""
    if not isinstance(data, dict):
        problems.add(
            path, first_line, where, "is not a mapping of fields; write `field: value` lines"
        )
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for detail in error.errors():
            place = [step for step in detail["loc"] if step != "[key]"]
            at = ".".join(str(step) for step in place) or where
            fields = _fields(model, place)
            line = line_of(data, place, first_line)
            problems.add(path, line, f"{where} {at}".strip(), _say(dict(detail), fields))
    return None


def _fields(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """The field names of the model a place is in, as far as it can be followed; for naming the likely one."""
    for step in place[:-1]:
        inner = model.model_fields.get(str(step))
        for candidate in getattr(inner and inner.annotation, "__args__", ()) or ():
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                model = candidate
    return list(model.model_fields)


# What is said of a value that does not fit, by pydantic's name of the fault; `{}` is what it allows.
SAID = {
    "missing": "is missing; write it",
    "string_type": "is no text; write words, in quotes if they look like a number",
    "string_too_long": "is longer than {max_length} letters; shorten it",
    "int_type": "is no whole number; write one, without quotes",
    "float_type": "is no number; write one, without quotes",
    "bool_type": "is neither; write `true` or `false`",
    "list_type": "is no list; write `- one` a line, or `[one, other]`",
    "dict_type": "is not a mapping of fields; write `field: value` lines",
    "model_type": "is not a mapping of fields; write `field: value` lines",
    "date_type": "is no day; write one like 2027-05-23, without quotes",
    "too_short": "has {actual_length}; write at least {min_length}",
    "too_long": "has {actual_length}; write at most {max_length}",
    "greater_than_equal": "is too small; write at least {ge:g}",
    "less_than_equal": "is too large; write at most {le:g}",
    "multiple_of": "is too fine; write a multiple of {multiple_of:g}",
    "literal_error": "is not allowed; write {expected}",
}


def _say(detail: dict[str, Any], fields: list[str]) -> str:
    kind, context, got = detail["type"], detail.get("ctx", {}), str(detail["input"])[:40]
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(detail["loc"][-1]), fields, 1)
        return (
            f"is not a known field; write {near[0]!r}"
            if near
            else f"is not a known field; use {', '.join(fields)}"
        )
    if kind == "string_pattern_mismatch" and not got.strip():
        return "is empty; write its text"
    if kind == "string_pattern_mismatch":
        return f"{got!r} does not fit; write something like {_example(context.get('pattern', ''))}"
    said = SAID.get(kind, "{msg}; write it otherwise").format(msg=detail["msg"], **context)
    is_whole = kind in {"missing", "too_short", "too_long", "list_type", "dict_type", "model_type"}
    return said if is_whole else f"{got!r} {said}"


def _example(pattern: str) -> str:
    if "svg" in pattern:
        return "'a-picture.svg'"
    return "'B1' or 'C2.4'" if "A-H" in pattern else "'lower-case-words'"
