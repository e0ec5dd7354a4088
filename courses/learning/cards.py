"""Cards: the blocks of a step as the screens a learner takes one after another.

Plain rules. How a card looks, and how one follows another, is decided in templates and `step.js`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from courses.learning.duration import minutes_left
from courses.library.content import Block, Lesson, Step
from courses.library.markdown import count_words

LONGEST_LEAD = 60  # words that may stand above a question and leave room for it on a phone

CardKind = Literal["story", "question", "meaning"]


@dataclass(frozen=True)
class Card:
    """One screen of a step: a story to read, a question, or what its answer means.

    `blocks` are in the order of the step. `after` is the key of the activity that a meaning card
    follows: until it is answered, what the card discloses stays closed. Empty for other cards.
    """

    kind: CardKind
    blocks: tuple[Block, ...]
    after: str = ""


def cards_of(step: Step) -> tuple[Card, ...]:
    """The cards of a step, in order; every block of it is in exactly one."""
    cards: list[Card] = []
    waiting: list[Block] = []
    answered = ""
    for block in step.blocks:
        if not block.is_activity:
            waiting.append(block)
            continue
        lead = _lead_of(waiting)
        cards += _reading_card(waiting[: len(waiting) - len(lead)], answered)
        cards.append(Card("question", (*lead, block)))
        waiting = []
        answered = block.key
    cards += _reading_card(waiting, answered)
    return tuple(cards)


def minutes_left_on(lesson: Lesson, position: int) -> tuple[int, ...]:
    """About how many minutes of the lesson are left on each card of a step, at least 1.

    `position` is the step's, from 1. What is on the card itself counts as left.
    """
    step = lesson.steps[position - 1]
    rest = [block for later in lesson.steps[position:] for block in later.blocks]
    minutes: list[int] = []
    for card in reversed(cards_of(step)):
        rest += card.blocks
        minutes.append(minutes_left(lesson, rest))
    return tuple(reversed(minutes))


def _lead_of(waiting: Sequence[Block]) -> tuple[Block, ...]:
    """The short text right before an activity, which joins it; none where it is long."""
    if not waiting or waiting[-1].kind != "text":
        return ()
    if count_words(waiting[-1].html) > LONGEST_LEAD:
        return ()
    return (waiting[-1],)


def _reading_card(blocks: Sequence[Block], answered: str) -> list[Card]:
    """The blocks as one card: what an answer means, or a story where nothing was asked before."""
    if not blocks:
        return []
    kind: CardKind = "meaning" if answered else "story"
    return [Card(kind, tuple(blocks), after=answered)]
