"""The format of log lines: text in development, JSON in production. What is logged is elsewhere.

A line holds names of routes and keys of people, never what somebody typed. URLs, messages of
exceptions and values of rows may quote that, so they are left out here, for every logger.
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

# Errors whose message is the server's own, about itself. All others may quote what a person typed.
SAFE_ERRORS = {"OperationalError", "InterfaceError", "ImproperlyConfigured"}


class StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to the current `sys.stderr`, which tests and commands may replace."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # as logging's own handler of last resort
        return sys.stderr


class TracedOnly(logging.Filter):
    """Drops Django's lines about a request without a trace: `log_requests` writes the same."""

    def filter(self, record: logging.LogRecord) -> bool:
        return bool(record.exc_info)


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """The fields of a line, in order.

    Time (UTC), level and event; the request's id where there is a request; the `facts` passed in
    `extra`; and the trace of an error.
    """
    created_at = datetime.fromtimestamp(record.created, UTC)
    time = created_at.isoformat(timespec="milliseconds")
    facts: dict[str, Any] = {
        "time": time.replace("+00:00", "Z"),
        "level": record.levelname,
        "event": event_of(record),
    }
    if current_id := request_id.get():
        facts["request_id"] = current_id
    facts |= getattr(record, "facts", {})
    error = record.exc_info[1] if record.exc_info else None
    if error and getattr(record, "status_code", 500) >= 500:
        facts["trace"] = trace_of(error)
    return facts


def event_of(record: logging.LogRecord) -> str:
    """The message of a record, without the parts that quote a request."""
    if record.name == "gunicorn.error":
        return _gunicorn_event(record)
    if not hasattr(record, "request"):
        return record.getMessage()
    # Django's messages about a request quote its URL.
    if record.name == "django.security.csrf" and isinstance(record.args, tuple):
        reason = str(record.args[0]).split(" - ")[0]  # after the dash Django quotes the origin
        return f"form token refused: {reason}"
    if record.exc_info and record.exc_info[1]:
        return _describe(record.exc_info[1])
    return f"status {getattr(record, 'status_code', 500)}"


def _gunicorn_event(record: logging.LogRecord) -> str:
    """The message without the URL of the request, and without what a client sent.

    gunicorn quotes the URL beside a trace, and the client's bytes in "Invalid request".
    """
    if isinstance(record.msg, BaseException):
        return _describe(record.msg)
    if record.exc_info:
        return str(record.msg).replace(" %s", "")
    message = record.getMessage()
    if message.startswith("Invalid request"):
        return "Invalid request"
    return message


def trace_of(error: BaseException) -> str:
    """The traceback of an error and of its causes: files, lines and classes, no values."""
    parts: list[str] = []
    seen: set[int] = set()  # an error may be among its own causes
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__))
        parts.append(frames + _describe(current))
        current = current.__cause__ or _context_of(current)
    return "\n\nwhich led to:\n\n".join(reversed(parts))


def _context_of(error: BaseException) -> BaseException | None:
    return None if error.__suppress_context__ else error.__context__


def _describe(error: BaseException) -> str:
    """The class of an error, with the first line of its message where that is safe.

    Further lines of the same message may quote a row.
    """
    error_class = type(error)
    name = f"{error_class.__module__}.{error_class.__qualname__}".removeprefix("builtins.")
    lines = str(error).splitlines()
    if lines and error_class.__name__ in SAFE_ERRORS:
        return f"{name}: {lines[0]}"
    return name


class JsonFormatter(logging.Formatter):
    """One JSON object a line, with the version of the code."""

    def __init__(self, version: str = "") -> None:
        super().__init__()
        self.version = version

    def format(self, record: logging.LogRecord) -> str:
        facts = facts_of(record)
        if self.version:
            facts["version"] = self.version
        return json.dumps(facts, default=str)  # dates and keys are written as text


class TextFormatter(logging.Formatter):
    """One line to read in a terminal, and the trace below it."""

    def format(self, record: logging.LogRecord) -> str:
        facts = facts_of(record)
        time_of_day = facts.pop("time")[11:19]
        level, event = facts.pop("level"), facts.pop("event")
        trace = facts.pop("trace", "")
        rest = " ".join(f"{name}={value}" for name, value in facts.items())
        line = f"{time_of_day} {level:7} {event} {rest}".rstrip()
        return f"{line}\n{trace}" if trace else line


def default_format(site_url: str) -> str:
    """The format where `LOG_FORMAT` is not set: "json" on a site with https, else "text"."""
    return "json" if site_url.startswith("https:") else "text"


def formatter_of(log_format: str, version: str) -> logging.Formatter:
    """The formatter for "text" or "json"."""
    return JsonFormatter(version) if log_format == "json" else TextFormatter()


def logging_of(log_format: str, version: str) -> dict[str, Any]:
    """Django's LOGGING setting: everything goes to stderr in this format, nothing by mail."""
    formatter = {"()": formatter_of, "log_format": log_format, "version": version}
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
            # what runserver writes of each request quotes its URL
            "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }
