"""The columns of an export, and the layouts that choose, order and rename them.

Plain Python: no Django, no database. What the cells say comes from `queries`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

VERSION = 1  # of the JSON of a layout
LONGEST_HEADING = 60  # characters
ALL_COLUMNS = "All columns"  # the name of the layout that is always there

# key → the heading where a layout gives no other, in the order of "All columns"
HEADINGS = {
    "name": "Name",
    "email": "Email",
    "employee_number": "Employee number",
    "team": "Team",
    "profession": "Professional role",
    "cohort": "Cohort",
    "joined_on": "Joined cohort on",
    "left_on": "Left cohort on",
    "course_title": "Course",
    "course_key": "Course key",
    "edition": "Edition",
    "state": "State",
    "enrolled_on": "Enrolled on",
    "started_on": "Started on",
    "last_seen_on": "Last seen on",
    "due_on": "Due on",
    "completed_on": "Completed on",
    "best_marks": "Best score: marks",
    "best_possible": "Best score: of",
    "best_percent": "Best score: percent",
    "passed": "Passed",
    "assessed_otherwise": "Assessed in another way",
    "certificate_code": "Certificate code",
    "certificate_issued_on": "Certificate issued on",
    "certificate_revoked_on": "Certificate withdrawn on",
    "individual_minutes": "CPD minutes, individual",
    "participatory_minutes": "CPD minutes, participatory",
}
# From the organisation's own record of its staff, which its managers read and its trainers do not.
STAFF_RECORD = {"email", "employee_number", "team"}


@dataclass(frozen=True)
class Column:
    """One column of a file: the key of `HEADINGS` it shows, and the heading above it."""

    key: str
    heading: str


def columns_for(*, is_manager: bool) -> tuple[Column, ...]:
    """All columns that a manager, or a trainer, may export, under their own headings."""
    return readable_by((Column(*pair) for pair in HEADINGS.items()), is_manager=is_manager)


def readable_by(columns: Iterable[Column], *, is_manager: bool) -> tuple[Column, ...]:
    """These columns without those that only managers read, unless it is a manager who asks."""
    if is_manager:
        return tuple(columns)
    return tuple(column for column in columns if column.key not in STAFF_RECORD)


def columns_as_json(columns: Iterable[Column]) -> dict[str, Any]:
    """What `columns_in` reads."""
    rows = [{"column": column.key, "heading": column.heading} for column in columns]
    return {"version": VERSION, "columns": rows}


def columns_in(stored: Mapping[str, Any]) -> tuple[Column, ...]:
    """The columns of a stored layout, in its order.

    A column that this release does not have is left out; one without a heading has its own.
    """
    columns = []
    for row in stored.get("columns", []):
        key = row.get("column")
        if key in HEADINGS:
            columns.append(Column(key, row.get("heading") or HEADINGS[key]))
    return tuple(columns)
