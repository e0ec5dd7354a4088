"""The order of a trainer's table: one column, up or down, kept in the address.

The table and its CSV file are in the same order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from courses.dashboards.queries import Learner
from courses.dashboards.states import state_of


class Column(Enum):
    """A column of the table: its word in the address, and its heading."""

    NAME = ("name", "Name")
    NEED = ("need", "Needs")
    PROGRESS = ("progress", "Progress")
    QUIZ = ("quiz", "Quiz")
    SEEN = ("seen", "Last seen")
    DUE = ("due", "Due")

    @property
    def slug(self) -> str:
        return self.value[0]

    @property
    def label(self) -> str:
        return self.value[1]


@dataclass(frozen=True)
class Order:
    """By which column, from the smallest up or from the largest down."""

    column: Column = Column.NEED
    is_descending: bool = False

    @property
    def slug(self) -> str:
        """Its word in the address; empty for the usual order, in which needs come first."""
        if self == USUAL:
            return ""
        return f"-{self.column.slug}" if self.is_descending else self.column.slug

    @property
    def aria_sort(self) -> str:
        return "descending" if self.is_descending else "ascending"

    def sort(self, learners: list[Learner]) -> list[Learner]:
        """The learners in this order, equal ones by name; who has nothing to go by comes last."""
        value = VALUES[self.column]
        by_name = sorted(learners, key=_name)
        known = [learner for learner in by_name if value(learner) is not None]
        unknown = [learner for learner in by_name if value(learner) is None]
        return sorted(known, key=value, reverse=self.is_descending) + unknown

    def pressed(self, column: Column) -> "Order":
        """The order that a press on the heading of a column leads to."""
        if column is self.column:
            return Order(column, not self.is_descending)
        return Order(column)


USUAL = Order()


def order_of(word: str) -> Order:
    """The order that the parameter `sort` asks for; the usual one for any other word."""
    columns = {column.slug: column for column in Column}
    column = columns.get(word.removeprefix("-"))
    return Order(column, word.startswith("-")) if column else USUAL


def _name(learner: Learner) -> str:
    return learner.name.casefold()


def _progress(learner: Learner) -> tuple[int, int]:
    return state_of(learner).rank, learner.percent


def _quiz(learner: Learner) -> tuple[bool, float] | None:
    """The best attempts at the final quizzes; None: none is scored."""
    row = learner.enrolment_progress
    if not row:
        return None
    best = [row.best_at(final.quiz.key) for final in row.progress.finals]
    scored = [attempt for attempt in best if attempt]
    if not scored:
        return None
    earned = sum(attempt.earned for attempt in scored)
    possible = sum(attempt.possible for attempt in scored)
    is_passed = all(attempt.passed for attempt in scored)
    return is_passed, float(earned / possible) if possible else 1.0


VALUES: dict[Column, Callable[[Learner], Any]] = {
    Column.NAME: _name,
    Column.NEED: lambda learner: learner.attention_rank,
    Column.PROGRESS: _progress,
    Column.QUIZ: _quiz,
    Column.SEEN: lambda learner: learner.last_seen_at,
    Column.DUE: lambda learner: learner.due_at,
}
