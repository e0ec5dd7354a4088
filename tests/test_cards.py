"""The cards of a step: what stands together on one screen, and how many minutes are left there."""

import pytest

from courses.authoring.courses import read_courses
from courses.learning.cards import LONGEST_LEAD, cards_of, minutes_left_on
from courses.library.content import Block, Item, Lesson, Step
from tests.conftest import SHIPPED

LETTERS = {"n": "note", "r": "reveal", "f": "figure", "q": "check", "w": "rewrite"}


def text(words: int) -> Block:
    return Block(kind="text", html=f"<p>{'word ' * words}</p>")


def step(letters: str) -> Step:
    """A step of these blocks: t a short text, T a long one, q a question, and so on."""
    blocks = []
    for number, letter in enumerate(letters):
        if letter in "tT":
            blocks.append(text(10 if letter == "t" else 100))
        elif letter == "q":
            item = Item(key=str(number), kind="single", stem="<p>Which?</p>")
            blocks.append(Block(kind="check", key=f"q{number}", item=item))
        else:
            blocks.append(Block(kind=LETTERS[letter], key=f"{letter}{number}"))
    return Step(key="one", title="One", blocks=tuple(blocks))


def shapes(letters: str) -> list[str]:
    """Each card as the first letter of its kind and its blocks' letters."""
    following = iter(letters)
    shown = []
    for card in cards_of(step(letters)):
        blocks = "".join(next(following) for _ in card.blocks)
        shown.append(f"{card.kind[0]}:{blocks}")
    return shown


def test_it_works():
    assert shapes("Tfqr") == ["s:Tf", "q:q", "m:r"]


@pytest.mark.parametrize(
    ("letters", "cards"),
    [
        ("T", ["s:T"]),
        ("t", ["s:t"]),
        ("q", ["q:q"]),
        ("tq", ["q:tq"]),
        ("Tq", ["s:T", "q:q"]),
        ("Ttq", ["s:T", "q:tq"]),
        ("Tftqr", ["s:Tf", "q:tq", "m:r"]),
        ("nq", ["s:n", "q:q"]),
        ("qqq", ["q:q", "q:q", "q:q"]),
        ("qrn", ["q:q", "m:rn"]),
        ("qtn", ["q:q", "m:tn"]),
        ("qrtq", ["q:q", "m:r", "q:tq"]),
        ("qTq", ["q:q", "m:T", "q:q"]),
        ("wt", ["q:w", "m:t"]),
        ("", []),
    ],
)
def test_what_stands_together(letters, cards):
    assert shapes(letters) == cards


def test_a_meaning_card_knows_what_it_is_the_meaning_of():
    assert [card.after for card in cards_of(step("TqrtqT"))] == ["", "", "q1", "", "q4"]


def test_the_longest_lead_still_joins_its_question():
    lead, question = text(LONGEST_LEAD), step("q").blocks[0]
    assert len(cards_of(Step(key="a", title="A", blocks=(lead, question)))) == 1
    lead = text(LONGEST_LEAD + 1)
    assert len(cards_of(Step(key="a", title="A", blocks=(lead, question)))) == 2


def lesson(*letters: str) -> Lesson:
    return Lesson(
        key="a",
        title="A",
        version=1,
        minutes=12,
        outcomes=(),
        svg="",
        sources=(),
        steps=tuple(step(one) for one in letters),
    )


def test_minutes_fall_from_card_to_card_and_never_to_nothing():
    made = lesson("TqTqT", "T", "q")
    on_cards = [minutes_left_on(made, position) for position in (1, 2, 3)]
    minutes = [left for card in on_cards for left in card]
    assert minutes[0] == 12
    assert minutes == sorted(minutes, reverse=True)
    assert minutes[-1] >= 1
    assert [len(card) for card in on_cards] == [5, 1, 1]


SHIPPED_LESSONS = [lesson for course in read_courses(SHIPPED)[0] for lesson in course.lessons]


@pytest.mark.parametrize("lesson", SHIPPED_LESSONS, ids=lambda lesson: lesson.key)
def test_every_block_of_a_shipped_lesson_is_on_one_card(lesson):
    for position, one in enumerate(lesson.steps, 1):
        cards = cards_of(one)
        assert [block for card in cards for block in card.blocks] == list(one.blocks)
        assert len(minutes_left_on(lesson, position)) == len(cards) > 0
        questions = [card for card in cards if card.kind == "question"]
        assert len(questions) == sum(block.is_activity for block in one.blocks)
    assert minutes_left_on(lesson, 1)[0] == lesson.minutes
