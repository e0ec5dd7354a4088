"""Which learners of a table are shown: a search and one filter, both kept in the address.

The table and its CSV file narrow by the same function, so that they never disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from urllib.parse import urlencode

from courses.dashboards.queries import Learner


class Filter(Enum):
    """A group of learners that a trainer asks for: its word in the address, and on the page."""

    ALL = ("all", "Everyone")
    NEEDS_ME = ("needs-me", "Needs me")
    NEVER_STARTED = ("never-started", "Never started")
    UNDER_WAY = ("under-way", "Under way")
    OVERDUE = ("overdue", "Overdue")
    COMPLETED = ("completed", "Completed")
    NOT_COMPLETED = ("not-completed", "Not completed")

    @property
    def slug(self) -> str:
        return self.value[0]

    @property
    def label(self) -> str:
        return self.value[1]

    def has(self, learner: Learner, now: datetime) -> bool:
        """Whether this learner is in the group."""
        is_due = learner.due_at is not None and learner.due_at < now
        groups = {
            Filter.ALL: True,
            Filter.NEEDS_ME: bool(learner.attention_reasons),
            Filter.NEVER_STARTED: not learner.has_started,
            Filter.UNDER_WAY: learner.has_started and not learner.is_completed,
            Filter.OVERDUE: is_due and not learner.is_completed,
            Filter.COMPLETED: learner.is_completed,
            Filter.NOT_COMPLETED: not learner.is_completed,
        }
        return groups[self]


@dataclass(frozen=True)
class Choice:
    """A filter as a link: its words, how many learners it has, its query, whether it is on."""

    label: str
    count: int
    query: str
    is_current: bool


@dataclass(frozen=True)
class Narrowing:
    """What the address asks for. `search` is a part of a name; empty: any name."""

    search: str
    group: Filter

    @property
    def query(self) -> str:
        """As the query of an address, with its question mark; empty where nothing is narrowed."""
        return _query(self.search, self.group)

    def narrow(self, learners: list[Learner], now: datetime) -> list[Learner]:
        """The learners asked for, in the order they came."""
        found = _named(learners, self.search)
        return [learner for learner in found if self.group.has(learner, now)]

    def choices(self, learners: list[Learner], now: datetime) -> list[Choice]:
        """Every filter, with how many of the learners found by the search it has."""
        found = _named(learners, self.search)
        choices = []
        for group in Filter:
            count = sum(group.has(learner, now) for learner in found)
            query = _query(self.search, group) or "?"
            choices.append(Choice(group.label, count, query, group is self.group))
        return choices


def narrowing_of(address: Mapping[str, str]) -> Narrowing:
    """What the parameters `q` and `show` ask for; a word that is no filter means everyone."""
    groups = {group.slug: group for group in Filter}
    search = " ".join(address.get("q", "").replace("\0", "").split())[:100]
    return Narrowing(search, groups.get(address.get("show", ""), Filter.ALL))


def _named(learners: list[Learner], search: str) -> list[Learner]:
    wanted = search.casefold()
    return [learner for learner in learners if wanted in learner.name.casefold()]


def _query(search: str, group: Filter) -> str:
    fields = {}
    if search:
        fields["q"] = search
    if group is not Filter.ALL:
        fields["show"] = group.slug
    return f"?{urlencode(fields)}" if fields else ""
