"""Which learners of a table are shown: a search, one filter and an order, kept in the address.

The table and its CSV file narrow by the same function, so that they never disagree.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from urllib.parse import urlencode

from courses.dashboards.orders import USUAL, Column, Order, order_of
from courses.dashboards.queries import Learner
from courses.dashboards.states import state_of
from courses.learning.course_state import CourseState


class Filter(Enum):
    """A group of learners that a trainer asks for: its word in the address, and on the page.

    The words in the address are in links that people have kept, so they stay.
    """

    ALL = ("all", "Everyone")
    NEEDS_ME = ("needs-me", "Needs me")
    NOT_OPEN = ("not-open", CourseState.NOT_OPEN.words)
    NOT_STARTED = ("never-started", CourseState.NOT_STARTED.words)
    STARTED = ("under-way", CourseState.STARTED.words)
    FINISHED = ("finished", CourseState.FINISHED.words)
    PASSED = ("completed", CourseState.PASSED.words)
    OVERDUE = ("overdue", "Overdue")
    NOT_PASSED = ("not-completed", "Still to pass")

    @property
    def slug(self) -> str:
        return self.value[0]

    @property
    def label(self) -> str:
        return self.value[1]


OF_STATE = {
    CourseState.NOT_OPEN: Filter.NOT_OPEN,
    CourseState.NOT_STARTED: Filter.NOT_STARTED,
    CourseState.STARTED: Filter.STARTED,
    CourseState.FINISHED: Filter.FINISHED,
    CourseState.PASSED: Filter.PASSED,
}


def groups_of(learner: Learner, now: datetime) -> list[Filter]:
    """Every group that the learner is in; of those of a state, exactly one."""
    groups = [Filter.ALL, OF_STATE[state_of(learner)]]
    if learner.attention_reasons:
        groups.append(Filter.NEEDS_ME)
    if is_overdue(learner, now):
        groups.append(Filter.OVERDUE)
    if not learner.is_completed:
        groups.append(Filter.NOT_PASSED)
    return groups


def is_overdue(learner: Learner, now: datetime) -> bool:
    """Whether their due date has passed and the course is not completed."""
    is_past = learner.due_at is not None and learner.due_at < now
    return is_past and not learner.is_completed


@dataclass(frozen=True)
class Choice:
    """A filter as a link: its words, how many learners it has, its query, whether it is on."""

    label: str
    count: int
    query: str
    is_current: bool


@dataclass(frozen=True)
class Heading:
    """The heading of a column as a link; `aria_sort` is empty where it is not the order."""

    label: str
    slug: str
    query: str
    aria_sort: str


@dataclass(frozen=True)
class Narrowing:
    """What the address asks for. `search` is a part of a name; empty: any name."""

    search: str
    group: Filter
    order: Order = USUAL

    @property
    def query(self) -> str:
        """As the query of an address, with its question mark; empty where nothing is narrowed.

        It has no page: whoever searches, filters or sorts begins on the first one.
        """
        fields = self.fields
        return f"?{urlencode(fields)}" if fields else ""

    @property
    def fields(self) -> dict[str, str]:
        """The parameters of the address, without those that ask for nothing."""
        fields = {"q": self.search, "show": self.group.slug, "sort": self.order.slug}
        if self.group is Filter.ALL:
            fields["show"] = ""
        return {name: value for name, value in fields.items() if value}

    @property
    def page_query(self) -> str:
        """The query of one page of the list, to which its number is added."""
        return f"?{urlencode(self.fields | {'page': ''})}"

    @property
    def whole_query(self) -> str:
        """The query of the whole list on one page, to print."""
        return f"?{urlencode(self.fields | {'all': '1'})}"

    def narrow(self, learners: list[Learner], now: datetime) -> list[Learner]:
        """The learners asked for, in the order asked for."""
        found = _named(learners, self.search)
        shown = [learner for learner in found if self.group in groups_of(learner, now)]
        return self.order.sort(shown)

    def choices(self, learners: list[Learner], now: datetime) -> list[Choice]:
        """Every filter, with how many of the learners found by the search it has."""
        found = _named(learners, self.search)
        counts: Counter[Filter] = Counter()
        for learner in found:
            counts.update(groups_of(learner, now))
        choices = []
        for group in Filter:
            count = counts[group]
            is_current = group is self.group
            if group is Filter.NOT_OPEN and not count and not is_current:
                continue  # rare, so it is there only when it has somebody
            query = replace(self, group=group).query or "?"
            choices.append(Choice(group.label, count, query, is_current))
        return choices

    def headings(self) -> list[Heading]:
        """The columns, each with the link that sorts by it, or turns its order round."""
        headings = []
        for column in Column:
            query = replace(self, order=self.order.pressed(column)).query or "?"
            aria_sort = self.order.aria_sort if column is self.order.column else ""
            headings.append(Heading(column.label, column.slug, query, aria_sort))
        return headings


def narrowing_of(address: Mapping[str, str]) -> Narrowing:
    """What the parameters `q`, `show` and `sort` ask for; unknown words ask for nothing."""
    groups = {group.slug: group for group in Filter}
    search = " ".join(address.get("q", "").replace("\0", "").split())[:100]
    group = groups.get(address.get("show", ""), Filter.ALL)
    return Narrowing(search, group, order_of(address.get("sort", "")))


def _named(learners: list[Learner], search: str) -> list[Learner]:
    wanted = search.casefold()
    return [learner for learner in learners if wanted in learner.name.casefold()]
