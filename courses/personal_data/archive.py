"""The ZIP of everything held about a person: the same as JSON, and as a page to read."""

import json
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from courses.personal_data.collection import Row, Section
from courses.web import dates

VERSION = 1  # of the JSON: raised when a table or a column changes its meaning
JSON_NAME, PAGE_NAME = "my-data.json", "my-data.html"
# How the page names columns: the way from a row to its fact is for the JSON alone.
PREFIXES = ("plan_", "enrolment_", "assignment_", "attempt_", "session_", "room_", "regrade_")
LABELS = {
    "answer_in_words": "Your answer",
    "key": "Key",
    "attempt_key": "Key of the attempt",
    "attempt_number": "Attempt",
    "mail_key": "Key of the mail",
    "certainty": "How sure, from 1 to 3",
    "furthest": "Furthest step",
}
KEYS_OF_ANSWERS = {"answer", "entered"}


def zip_file(sections: list[Section], now: datetime) -> IO[bytes]:
    """A temporary file, open at its start, with both files. Closing it deletes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller sends it, and closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(JSON_NAME, as_json(sections, now))
        archive.writestr(PAGE_NAME, as_page(sections, now))
    file.seek(0)
    return file


def as_json(sections: list[Section], now: datetime) -> str:
    """{"version", "made_at", "tables": {key: {"title", "rows": [{column: value}]}}}.

    Moments are ISO 8601 in UTC, days ISO 8601, marks text with four places.
    """
    tables = {}
    for section in sections:
        tables[section.key] = {"title": section.title, "rows": section.rows}
    everything = {"version": VERSION, "made_at": now.astimezone(UTC), "tables": tables}
    return json.dumps(everything, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def as_page(sections: list[Section], now: datetime) -> str:
    """One page of HTML that needs nothing else, without scripts; tables without rows at its end."""
    filled, empty = [], []
    for section in sections:
        if section.rows:
            filled.append((section, [_lines_of(row) for row in section.rows]))
        else:
            empty.append(section)
    context = {"made_at": now, "filled": filled, "empty": empty, "json_name": JSON_NAME}
    return render_to_string("personal_data/document.html", context)


def _lines_of(row: Row) -> list[tuple[str, str]]:
    """Label and text of each column that holds something; keys are left out where words are."""
    lines = []
    for column, value in row.items():
        text = _text_of(value)
        is_worded = column in KEYS_OF_ANSWERS and row.get("answer_in_words") is not None
        if text and not is_worded:
            lines.append((_label_of(column), text))
    return lines


def _label_of(column: str) -> str:
    """A column as people read it, as "Course" of "enrolment_course_key"."""
    if column in LABELS:
        return LABELS[column]
    name = column.removesuffix("_name").removesuffix("_key")
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name.replace("_", " ").capitalize()


def _text_of(value: Any) -> str:
    """A value as people read it; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return dates.moment(value)
    if isinstance(value, date):
        return dates.day(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_text_of(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_text_of(part) for part in value)
    return str(value)
