"""Sort: cards to be put into named groups.

Every group that has cards counts the same: the share of its cards that were put there. A mark is what these shares add
up to beyond the one that all cards in one group would have, of what lies beyond it. So one group for all earns nothing,
a card more in its place never earns less, and with two groups it is the rule of a multiple choice.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from courses.assessment.items.kind import (
    Answer,
    BadAnswer,
    Choice,
    Form,
    Line,
    PresentedItem,
    in_order,
)
from courses.assessment.items.making import ItemReader, make_cards
from courses.assessment.scoring import Score
from courses.library import content
from courses.library.authored_fields import Authored, Key, SourceId, Text
from courses.library.content import Item


class Card(Authored):
    text: Text
    group: Key
    feedback: Text
    sources: list[SourceId] = []


class Fields(Authored):
    groups: Annotated[dict[Key, Text], Field(min_length=2, max_length=5)]
    cards: Annotated[list[Card], Field(min_length=2, max_length=12)]


class Sort:
    """The ground matching and ordering stand on: cards that are each put in one place."""

    rule = (
        "Put into groups: each group counts the same, by the share of its cards that you put there. One group for all "
        "earns nothing."
    )
    fields: type[Authored] = Fields

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        for card in fields.cards:
            if card.group not in fields.groups:
                known = ", ".join(fields.groups)
                reader.say(
                    line, where, f"card {card.text[:30]!r} has group {card.group!r}; use {known}"
                )
        if len({card.group for card in fields.cards}) == 1:
            reader.say(
                line,
                where,
                "has all its cards in one group, so everybody gets it right; use the others",
            )
        cards = make_cards(
            reader, ((c.text, c.group, c.feedback, c.sources) for c in fields.cards), line, where
        )
        groups = (
            content.Group(key=key, html=reader.inline(text, line, where))
            for key, text in fields.groups.items()
        )
        return {"cards": cards, "groups": tuple(groups)}

    def answer_in(self, item: Item, form: Form) -> Answer | None:
        sent = {card.key: form.get(f"card-{card.key}") for card in item.cards}
        placed = {card: str(group) for card, group in sent.items() if group}
        if set(placed.values()) - {group.key for group in item.groups}:
            raise BadAnswer(
                "This answer has a place that is not part of the item. Load the page again and answer once more."
            )
        return placed or None

    def missing_answer_message(self, item: Item, answer: object) -> str:
        missing = len(item.cards) - len(placed_of(item, answer))
        if missing == len(item.cards):
            return "Choose a place for each card first."
        return (
            f"{missing} of {len(item.cards)} have no place yet. Choose one for each."
            if missing
            else ""
        )

    def asked(self, item: Item, order: Sequence[str], answer: object) -> PresentedItem:
        placed, cards = placed_of(item, answer), {card.key: card for card in item.cards}
        rows = []
        for key in in_order(list(cards), order):
            places = tuple(
                Choice(group.key, group.html, placed.get(key) == group.key) for group in item.groups
            )
            rows.append((Choice(key, cards[key].html, key in placed), places))
        return PresentedItem(item.stem, cards=tuple(rows))

    def score(self, item: Item, answer: object) -> Score:
        return Score(self.earned(item, placed_of(item, answer)), 1)

    def earned(self, item: Item, placed: Mapping[str, str]) -> Fraction:
        """What these places earn of one mark."""
        size = Counter(card.group for card in item.cards)
        right = sum(
            Fraction(placed.get(card.key) == card.group, size[card.group]) for card in item.cards
        )
        return beyond_chance(right, 1, len(size))

    def right(self, item: Item) -> Answer:
        return {card.key: card.group for card in item.cards}

    def feedback(self, item: Item, answer: object) -> tuple[Line, ...]:
        placed, groups = placed_of(item, answer), {group.key: group.html for group in item.groups}
        lines = []
        for card in item.cards:
            mine, belongs = (
                groups[placed[card.key]] if card.key in placed else "",
                groups[card.group],
            )
            verdict = "right" if placed.get(card.key) == card.group else "wrong"
            line = Line(
                card.key,
                card.html,
                verdict,
                card.feedback,
                card.sources,
                placed=mine,
                belongs=belongs,
            )
            lines.append(line)
        return tuple(lines)


def placed_of(item: Item, answer: object) -> dict[str, str]:
    """Where an answer puts the cards of the item; whatever else it holds is passed over."""
    if not isinstance(answer, Mapping):
        return {}
    groups = {group.key for group in item.groups}
    sent = ((card.key, answer.get(card.key)) for card in item.cards)
    return {card: group for card, group in sent if isinstance(group, str) and group in groups}


def beyond_chance(right: Fraction | int, free: int, possible: int) -> Fraction:
    """The share earned of what lies beyond `free`, which can be had without knowing anything; never below none."""
    return (
        Fraction(int(right == possible))
        if free >= possible
        else max(Fraction(0), Fraction(right - free, possible - free))
    )
