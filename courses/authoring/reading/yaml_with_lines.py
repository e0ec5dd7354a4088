"""YAML as mappings and lists that know their lines. What the fields mean is in `schema`.

Read event by event from libyaml: forty times as fast as a parser in Python, and nesting costs no
stack.
"""

import re
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
    """The value of a YAML text; None when it has none.

    Raises:
        Unreadable: it is not YAML, or has an anchor, an alias, a tag, a control character, a field
            twice or a second document.
    """
    text = text.translate(ODD_BREAKS)
    try:
        return _build(CSafeLoader(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = (error.problem or "cannot be read").splitlines()[0]
        # libyaml may place the end of a file in a line after it.
        line = min(mark.line if mark else 0, text.count("\n"))
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
            _check_is_plain(event)
            _check_has_no_control_character(event)
            builder.begin(event)
        elif isinstance(event, events.CollectionEndEvent):
            builder.end()
    return builder.root[0] if builder.root else None


def _check_is_plain(event: events.NodeEvent) -> None:
    if event.anchor is not None or getattr(event, "tag", None) is not None:
        raise Unreadable(_line(event), "has an anchor, alias or tag; write the value out in full")


def _check_has_no_control_character(event: events.NodeEvent) -> None:
    # They can be written as escapes in quotes, so looking at the file itself is not enough.
    text = event.value if isinstance(event, events.ScalarEvent) else ""
    if character := control_character_in(text):
        raise Unreadable(_line(event), f"has the control character {character}; take it out")


def _line(event: events.Event | None) -> int:
    return event.start_mark.line if event and event.start_mark else 0


class _Builder:
    """Puts values together from events.

    `containers` are the mappings and lists that are open, the innermost last; `names` has for each
    the field that waits for its value, None in a list or between two fields.
    """

    def __init__(self) -> None:
        self.root = Rows(0)
        self.containers: list[Fields | Rows] = [self.root]
        self.names: list[str | None] = [None]

    def begin(self, event: events.NodeEvent) -> None:
        """Takes a scalar, or opens a mapping or list."""
        line = _line(event)
        if isinstance(self.containers[-1], Fields) and self.names[-1] is None:
            self._set_name(event, line)
        elif isinstance(event, events.ScalarEvent):
            self._put(_value(event), line)
        else:
            is_mapping = isinstance(event, events.MappingStartEvent)
            self._open(Fields(line) if is_mapping else Rows(line))

    def end(self) -> None:
        self.containers.pop()
        self.names.pop()

    def _open(self, container: Fields | Rows) -> None:
        self._put(container, container.line)
        self.containers.append(container)
        self.names.append(None)
        if len(self.containers) > DEEPEST:
            what = f"is nested deeper than {DEEPEST} levels; write it flatter"
            raise Unreadable(container.line, what)

    def _set_name(self, event: events.NodeEvent, line: int) -> None:
        container = self.containers[-1]
        if not isinstance(event, events.ScalarEvent):
            what = "has a list or a mapping where a field's name belongs; write a word"
            raise Unreadable(line, what)
        if event.value in container.lines:
            raise Unreadable(line, f"has the field {event.value[:40]!r} twice; keep one")
        self.names[-1] = event.value
        container.lines[event.value] = line

    def _put(self, value: Any, line: int) -> None:
        container, name = self.containers[-1], self.names[-1]
        if isinstance(container, Fields):
            container[str(name)] = value
            self.names[-1] = None
        else:
            container.lines[len(container)] = line
            container.append(value)


def _value(event: events.ScalarEvent) -> Any:
    """A scalar by the core schema of YAML 1.2, and a date where it looks like one.

    In quotes it is a text.
    """
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
        return _date(text, _line(event))
    return text


def _date(text: str, line: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        what = f"has the day {text}, which is none; write a real one"
        raise Unreadable(line, what) from None
