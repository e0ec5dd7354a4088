"""Everything that "Are we ready for babies?" says, for its page and for the document alike."""

from dataclasses import dataclass
from datetime import date

from courses.library.queries import CatalogueEntry
from courses.people.models import Organisation, User
from courses.readiness.coverage import CoverageTable
from courses.readiness.currency import DEFAULT_MONTHS
from courses.readiness.models import Expectation
from courses.readiness.queries import (
    ALL_COURSES,
    LocalPlan,
    RoleRow,
    coverage_of,
    expectations_of,
    levels_of,
    local_plan_of,
    role_rows,
)
from courses.signoffs.queries import review_statuses_on
from courses.signoffs.review_status import status_of


@dataclass(frozen=True)
class CourseLine:
    """One course, or all of them: its coverage in words, and who has reviewed it.

    `percent` and `status` may be empty: no percent can be said, and all courses have no status.
    """

    title: str
    words: str
    percent: str
    status: str


@dataclass(frozen=True)
class Readiness:
    """How ready an organisation is, as of a day.

    `table` is that of all courses. `newest_as_of` is the newest day of a number of staff in post;
    None: none is known.
    """

    organisation: Organisation
    day: date
    lines: list[CourseLine]
    table: CoverageTable
    roles: list[RoleRow]
    plan: LocalPlan
    newest_as_of: date | None
    months: str

    @property
    def column_labels(self) -> list[str]:
        """The professional roles of the table's columns in words."""
        return role_labels(self.table)


def role_labels(table: CoverageTable) -> list[str]:
    """The professional roles of a table's columns in words."""
    return [str(User.Profession(profession).label) for profession in table.columns]


def readiness_of(organisation: Organisation, courses: list[CatalogueEntry], day: date) -> Readiness:
    """Everything as of a day; the same number of SQL queries for every size of organisation."""
    expectations = expectations_of(organisation)
    lines = []
    for entry in courses:
        levels = levels_of(entry.content.key, courses, expectations)
        total = coverage_of(organisation, levels, day, with_trend=False).table.total
        status = status_of(review_statuses_on(entry.course_id, entry.edition_id).values())
        title = entry.content.title
        lines.append(CourseLine(title, total.long_words, total.percent_words, status.words))
    levels = levels_of(ALL_COURSES, courses, expectations)
    coverage = coverage_of(organisation, levels, day, with_trend=False)
    total = coverage.table.total
    lines.append(CourseLine("All courses", total.long_words, total.percent_words, ""))
    return Readiness(
        organisation=organisation,
        day=day,
        lines=lines,
        table=coverage.table,
        roles=role_rows(organisation, courses, expectations, day),
        plan=local_plan_of(organisation, day),
        newest_as_of=coverage.newest_as_of,
        months=months_in_words(expectations),
    )


def months_in_words(expectations: dict[str, Expectation]) -> str:
    """How long a completed course counts, as one phrase over all roles."""
    months = {row.months for row in expectations.values()} or {DEFAULT_MONTHS}
    if len(months) > 1:
        return "for as long as is set for each role"
    return f"for {months.pop()} months"
