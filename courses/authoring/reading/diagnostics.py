"""Diagnostics: problems in course files, each at its path and line.

The rules themselves are elsewhere.
"""

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
    """Something to correct. Reads as `path:line: where: what, and what to write instead`.

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
    """What is wrong in a folder of courses so far.

    Reading goes on after each, to report all at once.

    `errors` stop publishing, `warnings` do not. `read` are the files that were opened, and `texts`
    what was in them, for checks that look at whole files.
    """

    root: Path
    wants_advice: bool = True
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    read: set[Path] = field(default_factory=set)
    texts: dict[Path, str] = field(default_factory=dict)

    def add(self, path: Path, line: int, where: str, what: str) -> None:
        problem = self._problem(path, line, where, what)
        self.errors.append(problem)

    def warn(self, path: Path, line: int, where: str, what: str) -> None:
        warning = self._problem(path, line, where, what, is_warning=True)
        self.warnings.append(warning)

    def are_in(self, path: Path) -> bool:
        shown = self._shown(path)
        return any(problem.path == shown for problem in self.errors)

    def _problem(
        self, path: Path, line: int, where: str, what: str, is_warning: bool = False
    ) -> Problem:
        # A parser may count from 0, or know no line.
        line = max(line, 1)
        where = printable(where)[:LONGEST_PLACE]
        return Problem(self._shown(path), line, where, printable(what), is_warning)

    def _shown(self, path: Path) -> str:
        if path == self.root or not path.is_relative_to(self.root):
            return printable(path.name)
        return printable(path.relative_to(self.root).as_posix())


def printable(text: str) -> str:
    """The text as a terminal may show it: escapes for what moves the cursor or has no encoding."""
    if text.isprintable():
        return text
    shown = [sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text]
    return "".join(shown)


def read_yaml(text: str, path: Path, first_line: int, problems: Problems) -> Any:
    """YAML as mappings and lists that know their lines, and "" for an empty text.

    None (and a problem) when it cannot be read, or uses what no course needs: anchors, aliases,
    tags. `first_line` is where the text begins in its file.
    """
    try:
        data = load(text)
    except Unreadable as error:
        problems.add(path, first_line + error.line, "YAML", str(error))
        return None
    return "" if data is None else data


def line_of(data: Any, place: Sequence[str | int], first_line: int) -> int:
    """The line in the file of the value at `place`, or of the nearest thing around it."""
    line = getattr(data, "line", 0)
    for step in place:
        if not isinstance(data, Fields | Rows) or step not in data.lines:
            break
        line = data.lines[step]
        data = data[step]  # type: ignore[index]
    return first_line + line


def validate(
    model: type[Model], data: Any, path: Path, first_line: int, where: str, problems: Problems
) -> Model | None:
    """The data as `model`; None when it does not fit, with a problem for each wrong field."""
    if not isinstance(data, dict):
        what = "is not a mapping of fields; write `field: value` lines"
        problems.add(path, first_line, where, what)
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for detail in error.errors():
            # Where a field's name is wrong and not its value, pydantic adds this step.
            place = [step for step in detail["loc"] if step != "[key]"]
            name = ".".join(str(step) for step in place) or where
            line = line_of(data, place, first_line)
            what = _message(dict(detail), _field_names(model, place))
            problems.add(path, line, f"{where} {name}".strip(), what)
    return None


def _field_names(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """The fields of the model that holds the value at `place`, as far as its types tell."""
    for step in place[:-1]:
        inner = model.model_fields.get(str(step))
        # Of a list or a mapping of models, the model is an argument of the type.
        for candidate in getattr(inner and inner.annotation, "__args__", ()) or ():
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                model = candidate
    return list(model.model_fields)


# By pydantic's name of what is wrong with a value; `{}` is what the field allows.
MESSAGES = {
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


# The message is about the field, and quoting its value would not help.
ABOUT_THE_FIELD = {"missing", "too_short", "too_long", "list_type", "dict_type", "model_type"}


def _message(detail: dict[str, Any], fields: list[str]) -> str:
    """What is wrong with a value by pydantic's detail of it, and what to write instead."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_field_message(str(detail["loc"][-1]), fields)
    if kind in ABOUT_THE_FIELD:
        return MESSAGES[kind].format(**context)
    value = str(detail["input"])[:40]
    if kind == "string_pattern_mismatch":
        if not value.strip():
            return "is empty; write its text"
        example = _example(context.get("pattern", ""))
        return f"{value!r} does not fit; write something like {example}"
    message = MESSAGES.get(kind, "{msg}; write it otherwise")
    return f"{value!r} {message.format(msg=detail['msg'], **context)}"


def _unknown_field_message(name: str, fields: list[str]) -> str:
    near = difflib.get_close_matches(name, fields, 1)
    if near:
        return f"is not a known field; write {near[0]!r}"
    return f"is not a known field; use {', '.join(fields)}"


def _example(pattern: str) -> str:
    if "svg" in pattern:
        return "'a-picture.svg'"
    return "'B1' or 'C2.4'" if "A-H" in pattern else "'lower-case-words'"
