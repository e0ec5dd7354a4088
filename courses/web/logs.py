"""How a log line is written: text in development, JSON on production. What is logged, and when, does not live here.

A line holds names of routes and keys of people. It never holds what somebody typed, and an address of a page, an
error's words or a value of a row may quote that: so those are left out, here, for every logger there is.
"""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

FORMATS = {"text", "json"}
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Errors whose words are the server's own, about itself. All others may quote what a person typed.
SPEAKABLE = {"OperationalError", "InterfaceError", "ImproperlyConfigured"}


class StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to the stderr of the moment, not to the one there was at the start."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # as logging's own handler of last resort
        return sys.stderr


class TracedOnly(logging.Filter):
    """Lets Django's lines about a request through where they have a trace: the rest is in our line of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        return bool(record.exc_info)


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What a line says, in order: time (UTC), level, event, request id, the facts given with it, and a trace."""
    at = datetime.fromtimestamp(record.created, UTC)
    facts: dict[str, Any] = {
        "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname,
        "event": event_of(record),
    }
    if number := request_id.get():
        facts["request_id"] = number
    facts |= getattr(record, "facts", {})
    error = record.exc_info[1] if record.exc_info else None
    if error and getattr(record, "status_code", 500) >= 500:
        facts["trace"] = trace_of(error)
    return facts


def event_of(record: logging.LogRecord) -> str:
    """The words of a record. Django's own about a request quote the address, and are put in ours."""
    if not hasattr(record, "request"):
        return record.getMessage()
    if record.name == "django.security.csrf" and isinstance(record.args, tuple):
        reason = str(record.args[0]).split(" - ")[0]  # what follows quotes the address it came from
        return f"form token refused: {reason}"
    if record.exc_info and record.exc_info[1]:
        return _kind_of(record.exc_info[1])
    return f"status {getattr(record, 'status_code', 500)}"


def trace_of(error: BaseException) -> str:
    """Where an error came from, and what it came from in turn: files, lines and kinds of errors; no values."""
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__))
        parts.append(frames + _kind_of(current))
        current = current.__cause__ or _context_of(current)
    return "\n\nwhich led to:\n\n".join(reversed(parts))


def _context_of(error: BaseException) -> BaseException | None:
    return None if error.__suppress_context__ else error.__context__


def _kind_of(error: BaseException) -> str:
    """The kind of error; with its first line where that is about the server. The next may quote a row."""
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    words = str(error).splitlines()
    if words and kind.__name__ in SPEAKABLE:
        return f"{name}: {words[0]}"
    return name


class JsonFormatter(logging.Formatter):
    """One JSON object a line, with the version of the code. Values JSON has no word for are written as text."""

    def __init__(self, version: str = "") -> None:
        super().__init__()
        self.version = version

    def format(self, record: logging.LogRecord) -> str:
        facts = facts_of(record)
        if self.version:
            facts["version"] = self.version
        return json.dumps(facts, default=str)


class TextFormatter(logging.Formatter):
    """One line to read, and the trace below it."""

    def format(self, record: logging.LogRecord) -> str:
        facts = facts_of(record)
        time, level, event = facts.pop("time"), facts.pop("level"), facts.pop("event")
        trace = facts.pop("trace", "")
        rest = " ".join(f"{name}={value}" for name, value in facts.items())
        line = f"{time[11:19]} {level:7} {event} {rest}".rstrip()
        return f"{line}\n{trace}" if trace else line


def logging_of(form: str, version: str) -> dict[str, Any]:
    """Django's LOGGING: everything to stderr in this format ("text" or "json"), nothing by mail."""
    formatter: dict[str, Any] = {"()": TextFormatter}
    if form == "json":
        formatter = {"()": JsonFormatter, "version": version}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"traced": {"()": TracedOnly}},
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"()": StderrHandler, "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "courses": {"level": "INFO"},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR", "filters": ["traced"]},
            # a stranger's wrong Host is a 400 in the line of its request, and no error of ours
            "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL"},
            # what runserver writes of each request quotes its address
            "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }
