"""YAML as mappings and lists that know their lines. What the fields mean is in `schema`, who is told in `diagnostics`.

Read event by event from libyaml: forty times as fast as a parser in Python, and nesting costs no stack.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yaml import CSafeLoader, MarkedYAMLError, events
from yaml.reader import ReaderError

from courses.library.markdown import control_character_in

DEEPEST = 30  # levels; a course needs eight
WORDS = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
    "True": True,
    "False": False,
}
INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
ODD_NUMBERS = {".nan": "nan", ".inf": "inf", "-.inf": "-inf"}
ODD_BREAKS = dict.fromkeys((0x85, 0x2028, 0x2029), " ")  # line ends to libyaml, and to no editor
DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Unreadable(ValueError):
    """The text is not YAML, or uses what a course does not need. `line` counts from 0."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


class Fields(dict[str, Any]):
    """A mapping; `lines` are those of its field names."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str | int, int] = {}


class Rows(list[Any]):
    """A list; `lines` are by place, from 0."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str | int, int] = {}


def load(text: str) -> Any:
    """The value of a YAML text, None when it has none.

    Raises:
        Unreadable: it is not YAML, or has an anchor, an alias, a tag, a field twice or a second document.
    """
    text = text.translate(ODD_BREAKS)
    try:
        return _build(CSafeLoader(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = (error.problem or "cannot be read").splitlines()[0]
        line = min(
            mark.line if mark else 0, text.count("\n")
        )  # the end of a file may be told as a line after it
        raise Unreadable(line, f"{what}; check indents, colons and quotes") from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position)
        raise Unreadable(line, f"cannot be read ({error.reason}); write plain YAML") from None


def _build(parser: CSafeLoader) -> Any:
    builder = _Builder()
    documents = 0
    while not isinstance(event := parser.get_event(), events.StreamEndEvent):
        documents += isinstance(event, events.DocumentStartEvent)
        if documents > 1:
            raise Unreadable(_line(event), "has a second document; take out the line `---`")
        if isinstance(event, events.NodeEvent):
            _refuse_beyond_plain(event)
            _refuse_control_characters(event)
            builder.begin(event)
        elif isinstance(event, events.CollectionEndEvent):
            builder.end()
    return builder.root[0] if builder.root else None


def _refuse_beyond_plain(event: events.NodeEvent) -> None:
    if event.anchor is not None or getattr(event, "tag", None) is not None:
        raise Unreadable(_line(event), "has an anchor, alias or tag; write the value out in full")


def _refuse_control_characters(event: events.NodeEvent) -> None:
    # They can be written as escapes in quotes, so looking at the file itself is not enough.
    if isinstance(event, events.ScalarEvent) and (character := control_character_in(event.value)):
        raise Unreadable(_line(event), f"has the control character {character}; take it out")


def _line(event: events.Event | None) -> int:
    return event.start_mark.line if event and event.start_mark else 0


@dataclass
class _Builder:
    """What is being put together: the containers that are open, and the field name each of them waits to fill."""

    root: Rows = field(default_factory=lambda: Rows(0))
    open: list[Fields | Rows] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open, self.names = [self.root], [None]

    def begin(self, event: events.NodeEvent) -> None:
        line = _line(event)
        if isinstance(self.open[-1], Fields) and self.names[-1] is None:
            self._name(event, line)
        elif isinstance(event, events.ScalarEvent):
            self._put(_value(event), line)
        else:
            holder = Fields(line) if isinstance(event, events.MappingStartEvent) else Rows(line)
            self._put(holder, line)
            self.open.append(holder)
            self.names.append(None)
            if len(self.open) > DEEPEST:
                raise Unreadable(line, f"is nested deeper than {DEEPEST} levels; write it flatter")

    def end(self) -> None:
        self.open.pop()
        self.names.pop()

    def _name(self, event: events.NodeEvent, line: int) -> None:
        holder = self.open[-1]
        if not isinstance(event, events.ScalarEvent):
            raise Unreadable(
                line, "has a list or a mapping where a field's name belongs; write a word"
            )
        if event.value in holder.lines:
            raise Unreadable(line, f"has the field {event.value[:40]!r} twice; keep one")
        self.names[-1] = event.value
        holder.lines[event.value] = line

    def _put(self, value: Any, line: int) -> None:
        holder, name = self.open[-1], self.names[-1]
        place: str | int = len(holder) if name is None else name
        if isinstance(holder, Fields):
            holder[str(name)] = value
            self.names[-1] = None
        else:
            holder.lines[place] = line
            holder.append(value)


def _value(event: events.ScalarEvent) -> Any:
    """What a scalar is by the core schema of YAML 1.2, and a day where it looks like one; in quotes it is a text."""
    text = event.value
    if event.style:
        return text
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    if NUMBER.fullmatch(text) or text in ODD_NUMBERS:
        return float(ODD_NUMBERS.get(text, text))
    if DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Unreadable(
                _line(event), f"has the day {text}, which is none; write a real one"
            ) from None
    return text
