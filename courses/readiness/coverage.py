"""Who is trained and current of the staff in post, by professional role and team. Plain Python.

The counts come from `queries`, how long a course counts is in `currency`, and which numbers are
hidden is decided in `suppression`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from courses.people.suppression import hidden_places, is_small

Group = tuple[int | None, str]
"""A team's id, None for people in no team, and a professional role."""

NO_TEAM = "No team"
ALL = "All"
HIDDEN = "Hidden"
NOT_LISTED = "–"


@dataclass(frozen=True)
class GroupCount:
    """The members of an organisation in one group on one day.

    `people` are all of them, `current` those who have all the courses and have them recently
    enough, `lapsed` those who have them all, and not all recently enough.
    """

    day: date
    team_id: int | None
    profession: str
    people: int
    current: int
    lapsed: int

    @property
    def group(self) -> Group:
        return self.team_id, self.profession


@dataclass(frozen=True)
class Headcount:
    """Staff in post of one group as somebody entered it; `number` None: not known any more."""

    number: int | None
    as_of: date
    source: str


@dataclass(frozen=True)
class Cell:
    """One group, or a total of groups.

    `staff` is the staff in post, summed over the groups where it is known; None: it is known for
    none. `unknown` is how many groups with members have none. `is_listed`: there is a member or a
    number. `is_hidden`: the numbers may not be shown (see `suppression`).
    """

    current: int
    staff: int | None
    unknown: int = 0
    is_listed: bool = True
    is_hidden: bool = False

    @property
    def percent(self) -> int | None:
        """Whole percent of the staff in post, rounded down; None where it would mislead.

        That is where staff in post is hidden, none, not known for some groups, or fewer than the
        people counted.
        """
        if self.is_hidden or not self.staff or self.unknown or self.current > self.staff:
            return None
        return 100 * self.current // self.staff

    @property
    def is_beyond(self) -> bool:
        """Whether more people are current than are in post, so that the headcount is wrong."""
        is_known = self.staff is not None and not self.unknown
        return is_known and not self.is_hidden and self.current > (self.staff or 0)

    @property
    def words(self) -> str:
        """The cell as tables show it, in few words."""
        if self.is_hidden:
            return HIDDEN
        if not self.is_listed:
            return NOT_LISTED
        if self.staff is None:
            return f"{self.current} of ?"
        if self.unknown:
            return f"{self.current} of {self.staff} + ?"
        return f"{self.current} of {self.staff}"

    @property
    def long_words(self) -> str:
        """The same as a sentence, for the one number that a page begins with."""
        if self.is_hidden:
            return "Fewer than five people, so the number is not shown"
        if self.staff is None:
            return f"{self.current} trained and current; staff in post not known"
        if self.unknown:
            groups = "1 group" if self.unknown == 1 else f"{self.unknown} groups"
            return (
                f"{self.current} trained and current; at least {self.staff} in post, not known "
                f"for {groups}"
            )
        if self.is_beyond:
            return (
                f"{self.current} trained and current, more than the {self.staff} said to be in "
                "post: check staff in post"
            )
        return f"{self.current} of {self.staff} in post are trained and current"

    @property
    def percent_words(self) -> str:
        """The percent with its sign; empty where there is none to show."""
        return "" if self.percent is None else f"{self.percent}%"


@dataclass(frozen=True)
class Row:
    """One team, or the totals: its name and a cell for each column, the last one the total."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class CoverageTable:
    """Teams by professional roles with totals, as it may be shown.

    `columns` are keys of professional roles, without the total that each row ends with. `lapsed`
    is how many have the courses, and not recently enough; None: too few to be shown.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: Row
    lapsed: int | None

    @property
    def total(self) -> Cell:
        return self.totals.cells[-1]

    @property
    def has_hidden(self) -> bool:
        return any(cell.is_hidden for row in [*self.rows, self.totals] for cell in row.cells)

    @property
    def has_unknown(self) -> bool:
        return self.total.unknown > 0

    @property
    def beyond(self) -> list[tuple[str, str]]:
        """Team and role of each cell with more people current than in post."""
        pairs = []
        for row in self.rows:
            for column, cell in zip(self.columns, row.cells, strict=False):
                if cell.is_beyond:
                    pairs.append((row.label, column))
        return pairs

    def of_role(self, profession: str) -> Cell | None:
        """The total of a role; None: the table does not have it."""
        if profession not in self.columns:
            return None
        return self.totals.cells[self.columns.index(profession)]


def newest_headcounts(rows: Iterable[tuple[Group, Headcount]]) -> dict[Group, Headcount]:
    """The row that counts for each group, from rows in the order of `StaffInPost.known_on`."""
    return dict(rows)  # a later row of a group replaces the earlier one


def coverage_table(
    counts: Sequence[GroupCount],
    headcounts: Mapping[Group, Headcount],
    teams: Sequence[tuple[int | None, str]],
    professions: Sequence[str],
) -> CoverageTable:
    """The table of one day. Rows in the order of `teams`, columns in that of `professions`.

    A team or a role with neither a member nor a number is left out.

    Args:
        counts: of one day, one a group.
        teams: every id that the others may name, with what it is called.
    """
    by_group = {count.group: count for count in counts}
    known = {group: entry for group, entry in headcounts.items() if entry.number is not None}
    listed = set(known) | {count.group for count in counts if count.people}
    columns = [profession for profession in professions if _has(listed, 1, profession)]
    shown_teams = [(team, label) for team, label in teams if _has(listed, 0, team)]
    cells = []
    for team, _ in shown_teams:
        row = [_cell((team, column), by_group, known, listed) for column in columns]
        cells.append(row)
    lapsed = sum(count.lapsed for count in counts)
    rows, totals = _with_suppression(cells, len(columns))
    return CoverageTable(
        columns=tuple(columns),
        rows=tuple(Row(label, row) for (_, label), row in zip(shown_teams, rows, strict=True)),
        totals=Row(ALL, totals),
        lapsed=None if is_small(lapsed) else lapsed,
    )


def _has(listed: Iterable[Group], position: int, value: object) -> bool:
    return any(group[position] == value for group in listed)


def _cell(
    group: Group,
    counts: Mapping[Group, GroupCount],
    known: Mapping[Group, Headcount],
    listed: Iterable[Group],
) -> Cell:
    count, headcount = counts.get(group), known.get(group)
    is_listed = group in listed
    is_unknown = is_listed and headcount is None
    return Cell(
        current=count.current if count else 0,
        staff=headcount.number if headcount else None,
        unknown=1 if is_unknown else 0,
        is_listed=is_listed,
    )


def sum_of(cells: Iterable[Cell]) -> Cell:
    """The total of some cells, not yet hidden."""
    current, unknown, staff, is_listed = 0, 0, None, False
    for cell in cells:
        current += cell.current
        unknown += cell.unknown
        is_listed = is_listed or cell.is_listed
        if cell.staff is not None:
            staff = (staff or 0) + cell.staff
    return Cell(current, staff, unknown, is_listed)


def _with_suppression(
    cells: Sequence[Sequence[Cell]], width: int
) -> tuple[list[tuple[Cell, ...]], tuple[Cell, ...]]:
    """The rows with their totals, and the row of totals, with what may not be shown hidden."""
    if not cells:
        return [], tuple(sum_of([]) for _ in range(width + 1))
    whole = [[*row, sum_of(row)] for row in cells]
    whole.append([sum_of(column) for column in zip(*whole, strict=True)])
    hidden = hidden_places([_currents(cells), _staffs(cells)])
    shown = []
    for number, row in enumerate(whole):
        places = [(number, column) in hidden for column in range(width + 1)]
        pairs = zip(row, places, strict=True)
        shown.append(tuple(_hide(cell, is_hidden) for cell, is_hidden in pairs))
    return shown[:-1], shown[-1]


def _currents(cells: Sequence[Sequence[Cell]]) -> list[list[int]]:
    table = []
    for row in cells:
        table.append([cell.current for cell in row])
    return table


def _staffs(cells: Sequence[Sequence[Cell]]) -> list[list[int]]:
    """Staff in post as a table; a number that is not known adds nothing to a total."""
    table = []
    for row in cells:
        table.append([cell.staff or 0 for cell in row])
    return table


def _hide(cell: Cell, is_hidden: bool) -> Cell:
    """The cell, without its numbers if they may not be shown: nothing later can print them."""
    if not is_hidden:
        return cell
    return Cell(0, None, 0, cell.is_listed, is_hidden=True)


@dataclass(frozen=True)
class TrendPoint:
    """The whole organisation on one day: its total, hidden where it is too small."""

    day: date
    total: Cell


def trend_of(
    counts: Sequence[GroupCount],
    headcounts_on: Mapping[date, Mapping[Group, Headcount]],
) -> list[TrendPoint]:
    """One point for each day of `headcounts_on`, in its order."""
    points = []
    for day, headcounts in headcounts_on.items():
        points.append(TrendPoint(day, _total_on(day, counts, headcounts)))
    return points


def _total_on(
    day: date, counts: Iterable[GroupCount], headcounts: Mapping[Group, Headcount]
) -> Cell:
    by_group = {count.group: count for count in counts if count.day == day}
    known = {group: entry for group, entry in headcounts.items() if entry.number is not None}
    groups = set(by_group) | set(known)
    total = sum_of(_cell(group, by_group, known, groups) for group in groups)
    is_hidden = is_small(total.current) or is_small(total.staff or 0)
    return _hide(total, is_hidden)
