"""The rows of a roster, read and checked on their own: what each says of a person. Plain Python.

What a row would change is decided in `plan`.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from courses.roster import cells
from courses.roster.cells import WrongCell
from courses.roster.columns import NAMES
from courses.roster.reading import Table


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, in which column, and what to write instead."""

    column: str
    reason: str


@dataclass(frozen=True)
class RosterRow:
    """What a row says. "", () and None: it says nothing about it, and nothing is changed.

    `number` is the row's number in the spreadsheet. `cohorts` are names. `leaves_on` is the last
    day of somebody who leaves.
    """

    number: int
    email: str = ""
    name: str = ""
    employee_number: str = ""
    profession: str = ""
    team: str = ""
    subteam: str = ""
    roles: tuple[str, ...] = ()
    cohort: str = ""
    leaves_on: date | None = None
    faults: tuple[Fault, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The row as it is stored; `row_of_json` reads it."""
        faults = [[fault.column, fault.reason] for fault in self.faults]
        stored: dict[str, Any] = {"number": self.number, "faults": faults}
        for key in TEXTS:
            stored[key] = getattr(self, key)
        stored["roles"] = list(self.roles)
        stored["leaves_on"] = self.leaves_on.isoformat() if self.leaves_on else None
        return stored


TEXTS = ("email", "name", "employee_number", "profession", "team", "subteam", "cohort")


def row_of_json(stored: dict[str, Any]) -> RosterRow:
    """A row as it was stored; what a version did not have is as if the file did not say it."""
    texts = {key: stored.get(key, "") for key in TEXTS}
    leaves_on = stored.get("leaves_on")
    return RosterRow(
        number=stored["number"],
        roles=tuple(stored.get("roles", ())),
        leaves_on=date.fromisoformat(leaves_on) if leaves_on else None,
        faults=tuple(Fault(*fault) for fault in stored.get("faults", ())),
        **texts,
    )


def read_rows(table: Table, says_who_leaves: bool, today: date) -> list[RosterRow]:
    """Every row of the table, in its order, with the faults it has by itself or beside others.

    Args:
        says_who_leaves: whether the column Leaves is honoured; if not, it is not read.
        today: the day in London.
    """
    rows = []
    for number, values, wrong in table.rows:
        rows.append(_read_row(number, values, wrong, says_who_leaves, today))
    return _with_doubles(rows)


def _read_row(
    number: int,
    values: dict[str, str],
    wrong: dict[str, str],
    says_who_leaves: bool,
    today: date,
) -> RosterRow:
    texts = {key: cells.tidy(value) for key, value in values.items()}
    texts["name"] = texts.get("name") or _joined_name(texts)
    faults: list[Fault] = []
    read: dict[str, Any] = {}
    for key in NAMES:
        if key in wrong and (key != "leaves" or says_who_leaves):
            faults.append(Fault(NAMES[key], wrong[key]))
            continue
        try:
            read[key] = _value(key, texts.get(key, ""), says_who_leaves, today)
        except WrongCell as error:
            faults.append(Fault(NAMES[key], str(error)))
    if read.get("subteam") and not read.get("team") and "team" not in wrong:
        reason = "A sub-team needs its team. Write the team in this row too."
        faults.append(Fault(NAMES["subteam"], reason))
    return RosterRow(
        number=number,
        roles=read.pop("role", ()),
        leaves_on=read.pop("leaves", None),
        faults=tuple(faults),
        **(read | {"email": read.get("email") or texts.get("email", "")[:254]}),
    )


def _joined_name(texts: dict[str, str]) -> str:
    """First and last name as one, where the file has them in two columns."""
    return f"{texts.get('first_name', '')} {texts.get('last_name', '')}".strip()


def _value(key: str, text: str, says_who_leaves: bool, today: date) -> Any:
    """What the cell of this column says.

    Raises:
        WrongCell: it cannot be read.
    """
    if key == "email":
        return cells.read_email(text)
    if key == "role":
        return cells.read_roles(text)
    if key == "leaves":
        return cells.read_leaves(text, today) if says_who_leaves else None
    if not text:
        return ""
    if key == "employee_number":
        return cells.read_number(text)
    if key == "profession":
        return cells.read_profession(text)
    if key == "cohort":
        return text[:500]
    return cells.read_text(key, text)


def _with_doubles(rows: list[RosterRow]) -> list[RosterRow]:
    """The rows, those with the address or employee number of another row with a fault for it."""
    by_email: dict[str, list[int]] = {}
    by_number: dict[str, list[int]] = {}
    for row in rows:
        if "@" in row.email:
            by_email.setdefault(row.email, []).append(row.number)
        if row.employee_number:
            by_number.setdefault(row.employee_number, []).append(row.number)
    checked = []
    for row in rows:
        faults = list(row.faults)
        same = by_email.get(row.email, [])
        if len(same) > 1:
            faults.append(Fault(NAMES["email"], _double("address", row.number, same)))
        numbered = by_number.get(row.employee_number, [])
        if len(numbered) > 1 and numbered != same:
            reason = _double("number", row.number, numbered)
            faults.append(Fault(NAMES["employee_number"], reason))
        checked.append(replace(row, faults=tuple(faults)))
    return checked


def _double(what: str, number: int, numbers: list[int]) -> str:
    others = [str(other) for other in numbers if other != number]
    rows = "row" if len(others) == 1 else "rows"
    more = f" and {len(others) - 5} more" if len(others) > 5 else ""
    return (
        f"The same {what} stands in {rows} {', '.join(others[:5])}{more}. Keep the row that is "
        "right, and take the others out."
    )
