"""An attempt as its pages show it: items in their frozen order, what is answered, what the result says."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from courses.assessment.items import lacking
from courses.assessment.models import Attempt, Response
from courses.library import content
from courses.library.queries import content_of


@dataclass(frozen=True)
class Kept:
    """The response that counts for one item: its answer, its sequence, and when it was saved."""

    answer: object
    sequence: int
    saved_at: datetime


@dataclass(frozen=True)
class Sheet:
    """An attempt with the content it is about. `kept` is by item key; items not in it are unanswered."""

    attempt: Attempt
    course: content.Course
    quiz: content.Quiz
    items: tuple[content.Item, ...]
    kept: dict[str, Kept]

    @property
    def unanswered(self) -> list[int]:
        """Positions, from 1, of the items without an answer."""
        return [n for n, item in enumerate(self.items, 1) if not self.is_answered(item)]

    def is_answered(self, item: content.Item) -> bool:
        """Whether the answer that counts is whole: one whose ticks were all taken away, or lacks a part, is not."""
        return item.key in self.kept and not lacking(item, self.kept[item.key].answer)

    @property
    def answered(self) -> int:
        return len(self.items) - len(self.unanswered)

    def order(self, number: int) -> list[str]:
        """The keys of an item's options or cards as this attempt shows them; `number` counts from 1."""
        return list(self.attempt.items[number - 1]["options"])


def sheet_of(attempt: Attempt) -> Sheet:
    """The attempt with its answers, in one more SQL query whatever the number of items."""
    course = content_of(attempt.edition_id)
    quiz = course.quiz(attempt.quiz_key)
    assert quiz is not None, "an edition is immutable, so the quiz of an attempt is there"
    items = tuple(item for drawn in attempt.items if (item := course.item(drawn["key"])))
    kept: dict[str, Kept] = {}
    rows = Response.objects.filter(attempt=attempt).order_by("sequence")
    for key, answer, sequence, saved_at in rows.values_list("item_key", "answer", "sequence", "saved_at"):
        kept[key] = Kept(answer, sequence, saved_at)
    return Sheet(attempt, course, quiz, items, kept)


@dataclass(frozen=True)
class Marked:
    """One item of a scored attempt: its position from 1, the answer that counted, and its share of one mark."""

    number: int
    item: content.Item
    answer: object
    earned: Decimal

    @property
    def is_right(self) -> bool:
        return self.earned == 1


def marked_items(attempt: Attempt) -> list[Marked]:
    """Every item of a scored attempt in the order it was shown, in one SQL query."""
    course = content_of(attempt.edition_id)
    scores = {
        key: (answer, earned) for key, answer, earned in attempt.item_scores.values_list("item_key", "answer", "earned")
    }
    marked = []
    for number, drawn in enumerate(attempt.items, 1):
        item = course.item(drawn["key"])
        if item and item.key in scores:
            marked.append(Marked(number, item, *scores[item.key]))
    return marked
