"""What somebody who knows nothing gets right: by length, by place, by words that sound urgent."""

import re
from collections.abc import Callable

import pytest

from courses.authoring.checks.guessing import check_guessing, distribution_of
from courses.authoring.checks.item_checks import check_waiting
from courses.authoring.courses import read_courses
from courses.library.content import Item, Option
from courses.library.markdown import plain
from tests.conftest import SHIPPED

URGENT = re.compile(
    r"\b(?:now|today|tonight|999|A&E|at once|same day|straight away|ring|call|phone)\b", re.I
)
MOST = 0.4  # of critical items that a rule without knowledge may get right


def option(length: int, *, correct: bool = False, leans: str = "") -> Option:
    html = "x" * length
    return Option(
        key=f"{length}-{correct}", html=html, correct=correct, leans=leans, feedback="So."
    )


def item(right: int, *, place: int = 0, critical: bool = False, leans: str = "") -> Item:
    """Four options of 10, 20 and 30 letters and the right one, in this place."""
    options = [option(10), option(20), option(30)]
    options.insert(place, option(right, correct=True, leans=leans))
    return Item(key="one", kind="single", stem="?", options=tuple(options), critical=critical)


def reports_on(items: list[Item]) -> list[str]:
    reports: list[str] = []
    check_guessing(items, "items", reports.append)
    return reports


def test_it_works():
    distribution = distribution_of([item(40), item(5, place=3), item(15, place=1)])
    assert distribution.asked == 3
    assert (distribution.longest, distribution.shortest) == (1, 1)
    assert distribution.places == (1, 1, 0, 1)


def test_what_is_spread_as_by_chance_is_left_alone():
    spread = [item(length, place=n % 4) for n, length in enumerate((40, 5, 15, 25) * 4)]
    assert reports_on(spread) == []


def test_always_the_longest_is_a_pattern():
    assert reports_on([item(40, place=n % 4) for n in range(12)]) == [
        "in 12 of 12 items the right option is the longest, where chance has 3 (p 0.0000);"
        " make it about as many",
    ]


def test_never_the_longest_is_a_pattern_too():
    never = [item((5, 15, 25)[n % 3], place=n % 4) for n in range(24)]
    assert [line.partition(", where")[0] for line in reports_on(never)] == [
        "in 0 of 24 items the right option is the longest"
    ]


def test_a_place_that_is_always_right_is_a_pattern():
    same = [item((40, 5, 15, 25)[n % 4], place=2) for n in range(8)]
    assert "in 8 of 8 items the right option stands in place 3" in reports_on(same)[0]


def test_of_a_few_items_nothing_is_reported():
    assert reports_on([item(40) for _ in range(7)]) == []


def test_one_critical_item_in_three_is_right_to_wait():
    urgent, calm = item(5, critical=True, leans="acts"), item(5, critical=True, leans="waits")
    reports: list[str] = []
    check_waiting([urgent, urgent, calm], reports.append)
    assert reports == []
    check_waiting([urgent, urgent, urgent, calm], reports.append)
    assert "in 1 of 4 critical items waiting is right" in reports[0]


@pytest.fixture(scope="module")
def critical() -> list[Item]:
    """Every critical choice of the shipped courses, the parts of cases one by one."""
    courses, problems = read_courses(SHIPPED)
    assert problems == []
    choices = []
    for course in courses:
        for item in course.items:
            if item.critical:
                choices += [part for part in item.parts or (item,) if has_one_right(part)]
    assert len(choices) >= 30
    return choices


def has_one_right(item: Item) -> bool:
    return sum(option.correct for option in item.options) == 1


def words_of(option: Option) -> str:
    return plain(option.html)


def urgency(option: Option) -> int:
    return len(URGENT.findall(words_of(option)))


def share_right(items: list[Item], rule: Callable[[Option], int]) -> float:
    """The share that is right by always taking the option with most of this.

    Of several options that have as much, each is equally likely to be taken.
    """
    right = 0.0
    for item in items:
        most = max(rule(option) for option in item.options)
        taken = [option for option in item.options if rule(option) == most]
        right += sum(option.correct for option in taken) / len(taken)
    return right / len(items)


def test_safety_is_not_answered_by_words_that_sound_urgent(critical):
    assert share_right(critical, urgency) <= MOST


def test_safety_is_not_answered_by_words_that_sound_calm(critical):
    assert share_right(critical, lambda option: -urgency(option)) <= MOST


def test_safety_is_not_answered_by_length(critical):
    assert share_right(critical, lambda option: len(words_of(option))) <= MOST
    assert share_right(critical, lambda option: -len(words_of(option))) <= MOST
