"""Sort: cards to be put into named groups.

Every group that has cards counts the same: the share of its cards that were put there. Putting all
cards into one group gets one whole share without knowing anything, so a mark is what the shares
add up to beyond 1, out of what lies beyond 1. So one group for all earns nothing, one more card in
its right group never earns less, and with two groups the rule is that of a multiple choice.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from string import ascii_uppercase
from typing import Annotated, Any

from pydantic import Field

from courses.assessment.items import neutral
from courses.assessment.items.kind import (
    Answer,
    BadAnswer,
    Choice,
    Form,
    Kind,
    Line,
    PresentedItem,
    in_order,
)
from courses.assessment.items.making import CardFields, ItemReader, make_cards
from courses.assessment.scoring import Score
from courses.library import content
from courses.library.authored_fields import Authored, Key, SourceId, Text
from courses.library.content import Item

LONGEST_IN_MENU = 28  # characters of a place that a phone shows in a menu without cutting it
FOREIGN_PLACE = (
    "This answer has a place that is not part of the question. "
    "Load the page again and answer once more."
)


class Card(Authored):
    text: Text
    group: Key
    feedback: Text
    sources: list[SourceId] = []


class Fields(Authored):
    groups: Annotated[dict[Key, Text], Field(min_length=2, max_length=5)]
    cards: Annotated[list[Card], Field(min_length=2, max_length=12)]


class Sort(Kind):
    """Cards that are each put in one place. Match and order are the same with other places."""

    name = "sort"
    rule = (
        "Put into groups: part marks for each group you fill correctly. One group for "
        "everything earns nothing."
    )
    fields: type[Authored] = Fields
    template = "assessment/_cards.html"
    takes = "places"
    block = "sort"
    minutes = 1
    exchange_shape = neutral.Shape.PLACES

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        _check_groups(reader, fields, line, where)
        rows = []
        for card in fields.cards:
            row = CardFields(card.text, card.group, card.feedback, card.sources)
            rows.append(row)
        cards = make_cards(reader, rows, line, where)
        groups = []
        for key, text in fields.groups.items():
            html = reader.inline(text, line, where)
            groups.append(content.Group(key=key, html=html))
        return {"cards": cards, "groups": tuple(groups)}

    def answer_in(self, item: Item, form: Form) -> Answer | None:
        placed = {}
        for card in item.cards:
            # A select that was left alone sends the empty value of "Choose".
            if group := form.get(f"card-{card.key}"):
                placed[card.key] = str(group)
        known = {group.key for group in item.groups}
        if set(placed.values()) - known:
            raise BadAnswer(FOREIGN_PLACE)
        return placed or None

    def missing_answer_message(self, item: Item, answer: object) -> str:
        cards = len(item.cards)
        missing = cards - len(placed_of(item, answer))
        if missing == cards:
            return "Choose a place for each card first."
        if missing:
            return f"{missing} of {cards} have no place yet. Choose one for each."
        return ""

    def present(self, item: Item, order: Sequence[str], answer: object) -> PresentedItem:
        placed = placed_of(item, answer)
        cards = {card.key: card for card in item.cards}
        rows = []
        for key in in_order(list(cards), order):
            card = Choice(key, cards[key].html, key in placed)
            rows.append((card, _places(item, placed.get(key))))
        return PresentedItem(item.stem, takes=self.takes, cards=tuple(rows), template=self.template)

    def score(self, item: Item, answer: object) -> Score:
        placed = placed_of(item, answer)
        return Score(self.earned(item, placed), 1)

    def earned(self, item: Item, placed: Mapping[str, str]) -> Fraction:
        """What these places earn of one mark."""
        # By its size, so that a large group is not worth more than a small one.
        size = Counter(card.group for card in item.cards)
        shares = Fraction(0)
        for card in item.cards:
            if placed.get(card.key) == card.group:
                shares += Fraction(1, size[card.group])
        return beyond_chance(shares, 1, len(size))

    def right(self, item: Item) -> Answer:
        return {card.key: card.group for card in item.cards}

    def feedback(self, item: Item, answer: object) -> tuple[Line, ...]:
        placed = placed_of(item, answer)
        html = {group.key: group.html for group in item.groups}
        lines = []
        for card in item.cards:
            place = placed.get(card.key)
            line = Line(
                card.key,
                card.html,
                "right" if place == card.group else "wrong",
                card.feedback,
                card.sources,
                placed=html[place] if place else "",
                belongs=html[card.group],
            )
            lines.append(line)
        return tuple(lines)

    def to_exchange(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        groups = []
        for key, text in raw["groups"].items():
            groups.append(neutral.Group(key, neutral.normal(text)))
        cards = neutral.read_cards(raw["cards"], "text", "group")
        return {"groups": tuple(groups), "cards": cards}

    def from_exchange(self, item: neutral.Item) -> dict[str, Any]:
        groups = {group.key: group.text for group in item.groups}
        cards = neutral.card_rows(item.cards, "text", "group")
        return {"groups": groups, "cards": cards}

    def headline(self, item: Item, answer: object) -> str:
        if self.score(item, answer).is_full:
            return super().headline(item, answer)
        return self.hint_headline(item, answer)

    def hint_headline(self, item: Item, answer: object) -> str:
        right = sum(line.result == "right" for line in self.feedback(item, answer))
        return f"{right} of {len(item.cards)} right"


def placed_of(item: Item, answer: object) -> dict[str, str]:
    """The group of each card that a stored answer places. Anything else in it is ignored."""
    if not isinstance(answer, Mapping):
        return {}
    groups = {group.key for group in item.groups}
    placed = {}
    # An item may have lost a group since, and old pages may send anything.
    for card in item.cards:
        group = answer.get(card.key)
        if isinstance(group, str) and group in groups:
            placed[card.key] = group
    return placed


def beyond_chance(right: Fraction | int, free: int, possible: int) -> Fraction:
    """The share of what lies beyond `free` that was earned, 0 to 1.

    `free` is what can be had without knowing anything. Where that is all there is, only everything
    right earns the mark.
    """
    if free >= possible:
        return Fraction(int(right == possible))
    share = Fraction(right - free, possible - free)
    return max(Fraction(0), share)


def _places(item: Item, chosen: str | None) -> tuple[Choice, ...]:
    """The places that a card can be put in, the chosen one marked; None: not placed yet."""
    is_long = any(len(_without_tags(group.html)) > LONGEST_IN_MENU for group in item.groups)
    places = []
    for group, letter in zip(item.groups, ascii_uppercase, strict=False):
        is_chosen = group.key == chosen
        places.append(Choice(group.key, group.html, is_chosen, letter if is_long else ""))
    return tuple(places)


def _without_tags(html: str) -> str:
    return re.sub("<[^>]+>", "", html)


def _check_groups(reader: ItemReader, fields: Any, line: int, where: str) -> None:
    """Reports cards of unknown groups, and a sort whose cards all belong together."""
    for card in fields.cards:
        if card.group not in fields.groups:
            known = ", ".join(fields.groups)
            what = f"card {card.text[:30]!r} has group {card.group!r}; use {known}"
            reader.report(line, where, what)
    if len({card.group for card in fields.cards}) == 1:
        what = "has all its cards in one group, so everybody gets it right; use the others"
        reader.report(line, where, what)
