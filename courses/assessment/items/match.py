"""Match: to each left-hand side belongs one of the right-hand sides.

Scored as a sort whose groups are the right-hand sides: a mark is the share of pairs that are right
beyond what the same right-hand side for all would get.
"""

from typing import Annotated, Any

from pydantic import Field

from courses.assessment.items.making import CardFields, ItemReader, make_cards, short_key
from courses.assessment.items.sort import Sort
from courses.library import content
from courses.library.authored_fields import Authored, SourceId, Text


class Pair(Authored):
    left: Text
    right: Text
    feedback: Text
    sources: list[SourceId] = []


class Fields(Authored):
    pairs: Annotated[list[Pair], Field(min_length=2, max_length=8)]


class Match(Sort):
    name = "match"
    rule = (
        "Find what fits: each match counts the same after the first, which earns nothing, as the "
        "same answer for all would have it too."
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
