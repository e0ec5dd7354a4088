"""Match: to each left-hand side belongs one of the right-hand sides.

Scored as a sort whose groups are the right-hand sides: a mark is the share of pairs that are right
beyond what the same right-hand side for all would get.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from courses.assessment.items import neutral
from courses.assessment.items.kind import PresentedItem
from courses.assessment.items.making import CardFields, ItemReader, make_cards, short_key
from courses.assessment.items.sort import Sort
from courses.library import content
from courses.library.authored_fields import Authored, SourceId, Text
from courses.library.content import Item


class Pair(Authored):
    left: Text
    right: Text
    feedback: Text
    sources: list[SourceId] = []


class Fields(Authored):
    pairs: Annotated[list[Pair], Field(min_length=2, max_length=8)]


class Match(Sort):
    """Its cards stand in the author's order, which says nothing: their places have another."""

    name = "match"
    rule = (
        "Find what fits: part marks for each correct match. One answer for everything earns "
        "nothing."
    )
    fields: type[Authored] = Fields
    block = "match"

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        right_html = {}
        for pair in fields.pairs:
            right_html[short_key(pair.right)] = reader.inline(pair.right, line, where)
        if len(right_html) == 1:
            what = "has one right-hand side for all, so everybody gets it right; write others"
            reader.report(line, where, what)
        rows = []
        for pair in fields.pairs:
            row = CardFields(pair.left, short_key(pair.right), pair.feedback, pair.sources)
            rows.append(row)
        cards = make_cards(reader, rows, line, where)
        # Keys are digests: in their order the right-hand sides do not tell which pair came first.
        groups = (content.Group(key=key, html=right_html[key]) for key in sorted(right_html))
        return {"cards": cards, "groups": tuple(groups)}

    def present(self, item: Item, order: Sequence[str], answer: object) -> PresentedItem:
        # Left-hand sides may be numbered, or a story told in turn.
        return super().present(item, [], answer)

    def to_exchange(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        """Each right-hand side becomes a group, in the order of their first pairs."""
        groups: dict[str, neutral.Group] = {}
        cards = []
        for card in neutral.read_cards(raw["pairs"], "left", "right"):
            # Its author wrote the text of the right-hand side; several cards may share one.
            right = card.group
            if right not in groups:
                groups[right] = neutral.Group(f"right-{len(groups) + 1}", right)
            cards.append(replace(card, group=groups[right].key))
        return {"cards": tuple(cards), "groups": tuple(groups.values())}

    def from_exchange(self, item: neutral.Item) -> dict[str, Any]:
        texts = {group.key: group.text for group in item.groups}
        pairs = neutral.card_rows(item.cards, "left", "right")
        for pair in pairs:
            group = pair["right"]
            pair["right"] = texts[group]
        return {"pairs": pairs}
