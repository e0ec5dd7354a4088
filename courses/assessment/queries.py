"""An attempt as its pages show it: its items, answers and result.

And the analysis of a course's items over many attempts. Rows are changed in `actions`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
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

NO_RESPONSES = Sums(0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class SavedAnswer:
    """The response that counts for one item.

    `certainty` is how sure the learner is (`models.Certainty`), None where they did not say.
    """

    answer: object
    sequence: int
    certainty: int | None
    saved_at: datetime


@dataclass(frozen=True)
class AttemptSheet:
    """An attempt with its content and answers.

    `kept` has the saved answers by item key; items that are not in it were never answered.
    """

    attempt: Attempt
    course: content.Course
    quiz: content.Quiz
    items: tuple[content.Item, ...]
    kept: dict[str, SavedAnswer]

    @property
    def unanswered(self) -> list[int]:
        """The positions, from 1, of the items without a complete answer."""
        numbered = enumerate(self.items, 1)
        return [number for number, item in numbered if not self.is_answered(item)]

    def is_answered(self, item: content.Item) -> bool:
        """Whether the saved answer is complete.

        One whose ticks were all taken away is not, nor is one that lacks a part.
        """
        saved = self.kept.get(item.key)
        if saved is None:
            return False
        return not missing_answer_message(item, saved.answer)

    @property
    def answered(self) -> int:
        """How many items have a complete answer."""
        return len(self.items) - len(self.unanswered)

    def order(self, number: int) -> list[str]:
        """The keys of an item's options or cards as this attempt shows them.

        `number` is the item's position, from 1.
        """
        return order_in(self.attempt.items[number - 1])


def sheet_of(attempt: Attempt) -> AttemptSheet:
    """The attempt with its answers, in one more SQL query whatever the number of items."""
    return sheets_of([attempt])[0]


def sheets_of(attempts: Sequence[Attempt]) -> list[AttemptSheet]:
    """The same of many attempts, in their order: one SQL query whatever their number."""
    rows = Response.objects.filter(attempt__in=attempts).order_by("sequence")
    fields = ("item_key", "answer", "sequence", "certainty", "saved_at")
    kept: dict[int, dict[str, SavedAnswer]] = defaultdict(dict)
    for attempt_id, key, *values in rows.values_list("attempt_id", *fields):
        # The highest sequence comes last, and is the one that stays.
        kept[attempt_id][key] = SavedAnswer(*values)
    return [_sheet(attempt, kept[attempt.pk]) for attempt in attempts]


def _sheet(attempt: Attempt, kept: dict[str, SavedAnswer]) -> AttemptSheet:
    course = content_of(attempt.edition_id)
    drawn = (course.item(row["key"]) for row in attempt.items)
    items = tuple(item for item in drawn if item)
    return AttemptSheet(attempt, course, _quiz_of(attempt, course), items, kept)


def _quiz_of(attempt: Attempt, course: content.Course) -> content.Quiz:
    quiz = course.quiz(attempt.quiz_key)
    assert quiz is not None, "an edition is immutable, so the quiz of an attempt is there"
    return quiz


def pass_mark_of(attempt: Attempt) -> float:
    """The fraction of marks that passes this attempt, by the rule stored when it opened."""
    quiz = _quiz_of(attempt, content_of(attempt.edition_id))
    return rule_in(attempt.rule, quiz).pass_mark


@dataclass(frozen=True)
class ScoredItem:
    """One item of a scored attempt.

    `number` is its position from 1; `answer` the one that counted, None for none; `earned` its
    share of one mark.
    """

    number: int
    item: content.Item
    answer: object
    certainty: int | None
    earned: Decimal

    @property
    def marks(self) -> str:
        """What it earned, as pages show it."""
        return shown_marks(self.earned)

    @property
    def is_right(self) -> bool:
        return self.earned == 1

    @property
    def is_sure_and_wrong(self) -> bool:
        """Whether the learner was very sure, and not fully right: worth looking at first."""
        return self.certainty == Certainty.SURE and not self.is_right

    @property
    def sureness(self) -> str:
        """How sure the learner said they were; empty where it was not asked or not said."""
        if not self.certainty:
            return ""
        return str(Certainty(self.certainty).label)


def scored_items(attempt: Attempt) -> list[ScoredItem]:
    """Every item of a scored attempt in the order it was shown, in one SQL query."""
    course = content_of(attempt.edition_id)
    scores = {score.item_key: score for score in attempt.item_scores.all()}
    scored = []
    for number, drawn in enumerate(attempt.items, 1):
        item = course.item(drawn["key"])
        score = scores.get(drawn["key"])
        if item and score:
            row = ScoredItem(number, item, score.answer, score.certainty, score.earned)
            scored.append(row)
    return scored


def tallies_of(attempts: Iterable[int], course: content.Course) -> dict[int, dict[str, Tally]]:
    """The marks by outcome of each of these scored attempts, by attempt id, in one SQL query.

    `attempts` are ids. Items that the course does not have any more are left out.
    """
    outcomes = {item.key: item.outcome for item in course.items}
    marks: dict[int, list[tuple[str, Fraction]]] = defaultdict(list)
    scores = ItemScore.objects.filter(attempt__in=list(attempts))
    # An attempt of an older edition may have items that are retired in this one.
    for attempt, key, earned in scores.values_list("attempt_id", "item_key", "earned"):
        if key in outcomes:
            pair = (outcomes[key], Fraction(earned))
            marks[attempt].append(pair)
    return {attempt: tally(pairs) for attempt, pairs in marks.items()}


@dataclass(frozen=True)
class AnalysedItem:
    """An item with its figures over the scored attempts that met it."""

    item: content.Item
    figures: ItemFigures


def analysis_of(
    course_id: int, course: content.Course, attempts: QuerySet[Attempt] | None = None
) -> list[AnalysedItem]:
    """Every item of a course with its figures, in the order of its files, in two SQL queries.

    `attempts` narrows it to the answers in these; None: all. Answers are grouped by the database,
    so that a hundred thousand of them make a few hundred rows.
    """
    scores = ItemScore.objects.filter(
        attempt__course=course_id, attempt__state=Attempt.State.SCORED
    )
    if attempts is not None:
        # Sorting them inside the subquery would be work for nothing.
        scores = scores.filter(attempt__in=attempts.order_by().values("pk"))
    sums_by_item, answers_by_item = _sums(scores), _answers(scores)
    analysed = []
    for item in course.items:
        sums = sums_by_item.get(item.key, NO_RESPONSES)
        counts = _option_counts(item, answers_by_item[item.key])
        row = AnalysedItem(item, figures(sums, counts, critical=item.critical))
        analysed.append(row)
    return analysed


def _sums(scores: QuerySet[ItemScore]) -> dict[str, Sums]:
    """The sums of each item, by its key.

    x is what it earned; y what the rest of its attempt earned, as a share of what that could earn.
    """
    x = Cast("earned", FloatField())
    possible = Cast(F("attempt__possible") - 1, FloatField())
    # An attempt of one item has no rest: its y is 0, and not divided by 0.
    divisor = Case(When(attempt__possible__gt=1, then=possible), default=1.0)
    y = (Cast("attempt__earned", FloatField()) - x) / divisor
    # An empty `order_by`, so that rows are grouped by the item alone.
    rows = scores.annotate(x=x, y=y).values("item_key").order_by()
    products = {
        "sxx": Sum(F("x") * F("x")),
        "syy": Sum(F("y") * F("y")),
        "sxy": Sum(F("x") * F("y")),
    }
    people = Count("attempt__user", distinct=True)
    rows = rows.annotate(n=Count("pk"), sx=Sum("x"), sy=Sum("y"), **products, people=people)
    sums = {}
    for key, *fields in rows.values_list("item_key", "n", "sx", "sy", *products, "people"):
        sums[key] = Sums(*fields)
    return sums


def _answers(scores: QuerySet[ItemScore]) -> dict[str, list[tuple[Any, int]]]:
    """Each different answer to each item, with how many gave it, by item key."""
    answers: dict[str, list[tuple[Any, int]]] = defaultdict(list)
    rows = scores.values_list("item_key", "answer").order_by().annotate(n=Count("pk"))
    for key, answer, count in rows:
        answers[key].append((answer, count))
    return answers


def _option_counts(item: content.Item, answers: list[tuple[Any, int]]) -> dict[str, int]:
    """How many chose each option, or put each card right, by its key in the item's order.

    Under the empty key: how many gave no answer.
    """
    counts = {answer.key: 0 for answer in item.answers}
    counts[""] = 0
    for answer, count in answers:
        if not answer:
            counts[""] += count
        # The kind's feedback is read, since only the kind knows what an answer looks like.
        for line in feedback(item, answer):
            if _is_taken(line):
                counts[line.key] += count
    return counts


def _is_taken(line: Line) -> bool:
    """Whether an option was chosen, or a card is where it belongs."""
    if line.belongs:
        return line.result == "right"
    return line.result in {"right", "wrong"}
