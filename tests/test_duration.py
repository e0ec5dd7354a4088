"""How long a lesson takes: the content guide's sum of reading and doing."""

import pytest

from courses.learning.duration import (
    activity_minutes,
    minutes_of,
    path_words_of,
    sum_of_minutes,
)
from courses.library.content import Block, Card, Choice, Group, Item, Moment, Option, Step


def words(count: int) -> str:
    return f"<p>{'word ' * count}</p>"


def step(*blocks: Block) -> Step:
    return Step(key="one", title="One", blocks=blocks)


def text(count: int) -> Block:
    return Block(kind="text", html=words(count))


def option(length: int, feedback: int, *, correct: bool) -> Option:
    return Option(key=str(length), html=words(length), correct=correct, feedback=words(feedback))


def test_it_works():
    assert sum_of_minutes([step(text(200)), step(text(100))]) == 1.5
    assert minutes_of([step(text(200)), step(text(100))]) == 2


def test_a_lesson_takes_at_least_a_minute():
    assert minutes_of([step(text(1))]) == 1
    assert minutes_of([]) == 1


@pytest.mark.parametrize(("kind", "minutes"), activity_minutes().items())
def test_an_activity_takes_its_time_beside_the_words(kind, minutes):
    assert sum_of_minutes([step(Block(kind=kind, key="a", html=words(100)))]) == 0.5 + minutes


def test_of_a_choice_all_options_are_read_and_the_feedback_on_the_right_ones():
    options = (
        option(3, 10, correct=False),
        option(4, 20, correct=True),
        option(5, 40, correct=True),
    )
    item = Item(key="a", kind="multiple", stem=words(7), options=options)
    block = Block(kind="check", key="a", item=item)
    assert path_words_of([step(block)]) == 7 + 3 + 4 + 5 + 20 + 40


def test_of_a_sort_everything_is_read():
    groups = (Group(key="g", html=words(2)), Group(key="h", html=words(3)))
    card = Card(key="c", html=words(5), group="g", feedback=words(8))
    item = Item(key="a", kind="sort", stem=words(1), cards=(card,), groups=groups)
    block = Block(kind="sort", key="a", item=item)
    assert path_words_of([step(block)]) == 1 + 2 + 3 + 5 + 8


def test_of_the_parts_of_a_case_each_is_read():
    part = Item(key="p", kind="single", stem=words(2), options=(option(3, 4, correct=True),))
    item = Item(key="a", kind="case", stem=words(1), parts=(part, part))
    assert path_words_of([step(Block(kind="check", key="a", item=item))]) == 1 + 2 * 9


def branch(*moments: Moment) -> Block:
    return Block(kind="branch", key="b", html=words(1), moments=moments)


def choice(to: str, feedback: int) -> Choice:
    return Choice(key=f"{to}-{feedback}", html=words(1), to=to, feedback=words(feedback))


def test_of_a_branch_the_longest_way_is_read():
    start = Moment(key="start", html=words(10), choices=(choice("short", 1), choice("long", 2)))
    short = Moment(key="short", html=words(100), ending="Short")
    long = Moment(key="long", html=words(200), ending="Long")
    assert path_words_of([step(branch(start, short, long))]) == 1 + 10 + 2 + 2 + 200 + 1


def test_a_branch_that_goes_round_or_leads_nowhere_comes_to_an_end():
    start = Moment(key="start", html=words(10), choices=(choice("start", 1), choice("nowhere", 3)))
    assert path_words_of([step(branch(start))]) == 1 + 10 + 2 + 3


def test_a_wide_branch_is_counted_in_bounded_time():
    """Eighteen moments with four choices each, all leading to the next, have 4^18 ways."""
    moments = [
        Moment(key=f"m{n}", html=words(1), choices=tuple(choice(f"m{n + 1}", k) for k in range(4)))
        for n in range(18)
    ]
    moments.append(Moment(key="m18", html=words(1), ending="End"))
    assert path_words_of([step(branch(*moments))]) == 1 + 18 * (1 + 4 + 3) + 2
