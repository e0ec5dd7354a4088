"""An attempt as its pages show it: items in their frozen order, what is answered, what the result says."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Case, Count, F, FloatField, QuerySet, Sum, When
from django.db.models.functions import Cast

from courses.assessment.analysis import ItemFigures, Sums, figures
from courses.assessment.frozen import order_in, rule_in
from courses.assessment.gain import Tally, tally
from courses.assessment.items import Line, feedback, missing_answer_message
from courses.assessment.models import Attempt, Certainty, ItemScore, Response
from courses.assessment.scoring import shown_marks
from courses.library import content
from courses.library.queries import content_of


@dataclass(frozen=True)
class SavedAnswer:
    """The response that counts for one item: its answer, its sequence, how sure, and when it was saved."""

    answer: object
    sequence: int
    certainty: int | None
    saved_at: datetime


@dataclass(frozen=True)
class AttemptSheet:
    """An attempt with the content it is about. `kept` is by item key; items not in it are unanswered."""

    attempt: Attempt
    course: content.Course
    quiz: content.Quiz
    items: tuple[content.Item, ...]
    kept: dict[str, SavedAnswer]

    @property
    def unanswered(self) -> list[int]:
        """Positions, from 1, of the items without an answer."""
        return [n for n, item in enumerate(self.items, 1) if not self.is_answered(item)]

    def is_answered(self, item: content.Item) -> bool:
        """Whether the answer that counts is whole: one whose ticks were all taken away, or lacks a part, is not."""
        return item.key in self.kept and not missing_answer_message(
            item, self.kept[item.key].answer
        )

    @property
    def answered(self) -> int:
        return len(self.items) - len(self.unanswered)

    def order(self, number: int) -> list[str]:
        """The keys of an item's options or cards as this attempt shows them; `number` counts from 1."""
        return order_in(self.attempt.items[number - 1])


def sheet_of(attempt: Attempt) -> AttemptSheet:
    """The attempt with its answers, in one more SQL query whatever the number of items."""
    course = content_of(attempt.edition_id)
    quiz = course.quiz(attempt.quiz_key)
    assert quiz is not None, "an edition is immutable, so the quiz of an attempt is there"
    items = tuple(item for drawn in attempt.items if (item := course.item(drawn["key"])))
    kept: dict[str, SavedAnswer] = {}
    rows = Response.objects.filter(attempt=attempt).order_by("sequence")
    for key, *rest in rows.values_list("item_key", "answer", "sequence", "certainty", "saved_at"):
        kept[key] = SavedAnswer(*rest)
    return AttemptSheet(attempt, course, quiz, items, kept)


def pass_mark_of(attempt: Attempt) -> float:
    """The fraction of marks that passes this attempt, by the rule that was frozen when it opened."""
    quiz = content_of(attempt.edition_id).quiz(attempt.quiz_key)
    assert quiz is not None, "an edition is immutable, so the quiz of an attempt is there"
    return rule_in(attempt.rule, quiz).pass_mark


@dataclass(frozen=True)
class ScoredItem:
    """One item of a scored attempt: its position from 1, the answer that counted, how sure, and its share of one mark."""

    number: int
    item: content.Item
    answer: object
    certainty: int | None
    earned: Decimal

    @property
    def marks(self) -> str:
        """What it earned, as pages say it."""
        return shown_marks(self.earned)

    @property
    def is_right(self) -> bool:
        return self.earned == 1

    @property
    def is_sure_and_wrong(self) -> bool:
        """Very sure, and not fully right: what is worth looking at first."""
        return self.certainty == Certainty.SURE and not self.is_right

    @property
    def sureness(self) -> str:
        """How sure the learner said they were, empty where it was not asked or said."""
        return str(Certainty(self.certainty).label) if self.certainty else ""


def scored_items(attempt: Attempt) -> list[ScoredItem]:
    """Every item of a scored attempt in the order it was shown, in one SQL query."""
    course = content_of(attempt.edition_id)
    rows = attempt.item_scores.values_list("item_key", "answer", "certainty", "earned")
    scores = {key: (answer, certainty, earned) for key, answer, certainty, earned in rows}
    marked = []
    for number, drawn in enumerate(attempt.items, 1):
        item = course.item(drawn["key"])
        if item and item.key in scores:
            marked.append(ScoredItem(number, item, *scores[item.key]))
    return marked


def tallies_of(attempts: Iterable[int], course: content.Course) -> dict[int, dict[str, Tally]]:
    """Marks by outcome of each of these scored attempts, by attempt id, in one SQL query whatever their number."""
    outcomes = {item.key: item.outcome for item in course.items}
    marks: dict[int, list[tuple[str, Fraction]]] = defaultdict(list)
    rows = ItemScore.objects.filter(attempt__in=list(attempts)).values_list(
        "attempt_id", "item_key", "earned"
    )
    for attempt, key, earned in rows:
        if key in outcomes:
            marks[attempt].append((outcomes[key], Fraction(earned)))
    return {attempt: tally(found) for attempt, found in marks.items()}


@dataclass(frozen=True)
class AnalysedItem:
    """An item with its figures over the scored attempts that met it."""

    item: content.Item
    figures: ItemFigures


def analysis_of(
    course_id: int, course: content.Course, attempts: QuerySet[Attempt] | None = None
) -> list[AnalysedItem]:
    """Every item of a course in the order of its files, in two SQL queries. `attempts` narrows to the answers in these.

    Answers are grouped by the database, so that a hundred thousand make a few hundred rows.
    """
    rows = ItemScore.objects.filter(attempt__course=course_id, attempt__state=Attempt.State.SCORED)
    if attempts is not None:
        rows = rows.filter(attempt__in=attempts.order_by().values("pk"))
    sums, answers = _sums(rows), _answers(rows)
    none = Sums(0, 0, 0, 0, 0, 0, 0)
    return [
        AnalysedItem(
            item,
            figures(
                sums.get(item.key, none), _options(item, answers[item.key]), critical=item.critical
            ),
        )
        for item in course.items
    ]


def _sums(rows: QuerySet[ItemScore]) -> dict[str, Sums]:
    """Sums over each item's marks x and the rest of its attempt y, as a share of what the rest could earn."""
    x = Cast("earned", FloatField())
    rest = Cast(F("attempt__possible") - 1, FloatField())
    y = (Cast("attempt__earned", FloatField()) - x) / Case(
        When(attempt__possible__gt=1, then=rest), default=1.0
    )
    found = rows.annotate(x=x, y=y).values("item_key").order_by()
    products = {
        "sxx": Sum(F("x") * F("x")),
        "syy": Sum(F("y") * F("y")),
        "sxy": Sum(F("x") * F("y")),
    }
    people = Count("attempt__user", distinct=True)
    found = found.annotate(n=Count("pk"), sx=Sum("x"), sy=Sum("y"), **products, people=people)
    return {
        key: Sums(*sums)
        for key, *sums in found.values_list("item_key", "n", "sx", "sy", *products, "people")
    }


def _answers(rows: QuerySet[ItemScore]) -> dict[str, list[tuple[Any, int]]]:
    """Each different answer to each item, with how many gave it."""
    found: dict[str, list[tuple[Any, int]]] = defaultdict(list)
    for key, answer, n in rows.values_list("item_key", "answer").order_by().annotate(n=Count("pk")):
        found[key].append((answer, n))
    return found


def _options(item: content.Item, answers: list[tuple[Any, int]]) -> dict[str, int]:
    """How many chose each option of an item, or put each card right, in the item's order; under "" who gave no answer."""
    counts = {one.key: 0 for one in item.answers}
    unanswered = 0
    for answer, n in answers:
        unanswered += 0 if answer else n
        for line in feedback(item, answer):
            counts[line.key] += n if _is_taken(line) else 0
    return counts | {"": unanswered}


def _is_taken(line: Line) -> bool:
    """An option that was chosen; a card that is in its place."""
    return line.result == "right" if line.belongs else line.result in {"right", "wrong"}
