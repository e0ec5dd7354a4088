"""The walk-throughs: rows a clinician can read, each against the rules.

The message of a wrong row begins with its line.
"""

from fractions import Fraction

import pytest

from courses.assessment.items import score_item
from courses.assessment.scoring import (
    Score,
    is_passed,
    needed_marks,
    score_attempt,
    shown_marks,
    shown_percent,
)
from courses.learning.completion import progress
from courses.library.content import Item
from tests.walkthroughs.notation import (
    answer_in,
    course_in,
    item_in,
    learner_in,
    marks_in,
    parts,
    rows,
)

ITEMS = list(rows("items.csv"))
ATTEMPTS = list(rows("attempts.csv"))
COURSES = list(rows("completion.csv"))
BY_CASE = {row["case"]: row for _, row in ITEMS}


def named(pairs: list[tuple[int, dict[str, str]]], file: str):
    """A test for each row, called by its line and case."""
    made = [pytest.param(line, row, id=f"{file}:{line}:{row['case']}") for line, row in pairs]
    return pytest.mark.parametrize(("line", "row"), made)


def scored(case: str, *, critical: bool = False) -> tuple[Item, Score]:
    row = BY_CASE[case]
    item = item_in(row["kind"], row["item"], critical=critical)
    return item, score_item(item, answer_in(row["kind"], row["answer"]))


def test_it_works():
    assert len(ITEMS) + len(ATTEMPTS) + len(COURSES) >= 200
    for pairs in (ITEMS, ATTEMPTS, COURSES):
        cases = [row["case"] for _, row in pairs]
        assert len(cases) == len(set(cases)), "every case has a name of its own"
        assert all(row["why"] for _, row in pairs), "every row says why"
    assert {row["kind"] for _, row in ITEMS} == {
        "single",
        "multiple",
        "sort",
        "match",
        "order",
        "spot",
        "case",
    }


@named(ITEMS, "items.csv")
def test_what_an_answer_earns(line, row):
    _, score = scored(row["case"])
    assert score.earned == Fraction(row["marks"]), (
        f"items.csv line {line}: it earns {score.earned}: {row}"
    )


@named(ATTEMPTS, "attempts.csv")
def test_what_an_attempt_comes_to(line, row):
    asked, scores = [], []
    for part in parts(row["answers"], ";"):
        times, _, case = part.rpartition(" × ")
        made = scored(case.removesuffix("!"), critical=case.endswith("!"))
        for into, one in zip((asked, scores), made, strict=True):
            into += [one] * int(times or 1)
    total, mark = score_attempt(scores), int(row["pass mark"].removesuffix("%")) / 100
    found = {
        "total": total.earned,
        "shown": shown_marks(total.marks),
        "needed": shown_marks(needed_marks(len(asked), mark)),
        "percent": f"{shown_percent(total.marks, total.possible)}%",
        "passed": "yes" if is_passed(asked, scores, mark) else "no",
    }
    expected = {name: marks_in(row[name]) if name == "total" else row[name] for name in found}
    assert found == expected, f"attempts.csv line {line}: {row['case']}"


@named(COURSES, "completion.csv")
def test_how_far_a_learner_is(line, row):
    course = course_in(row["course"])
    made = progress(course, *learner_in(row["learner"], course))
    following = made.next_lesson or made.next_quiz
    found = {
        "done": f"{made.done} of {made.total}",
        "percent": f"{made.percent}%",
        "minutes": str(made.minutes),
        "next": (following.lesson if made.next_lesson else following.quiz).title
        if following
        else "-",
        "list": " | ".join(
            [one.words for one in made.lessons]
            + ["Passed" if q.is_passed else "Not passed yet" for q in made.finals]
        ),
        "complete": "yes" if made.is_complete else "no",
    }
    assert found == {name: row[name] for name in found}, (
        f"completion.csv line {line}: {row['case']}"
    )
    if one := made.next_lesson:
        begun = f"Step {one.step} of {one.steps}. About {one.minutes_left} minute"
        unit = begun if one.is_started else f"{one.steps} steps, about {one.minutes_left} minute"
        assert row["to go"].startswith(unit), f"completion.csv line {line}: {row['case']}"
