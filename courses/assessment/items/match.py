"""Match: what stands on the left, each to be given what fits from the right.

Scored as a sort, the right-hand sides as its groups: a mark is the share of pairs beyond the one that the same
right-hand side for all would earn.
"""

from typing import Annotated, Any

from pydantic import Field

from courses.assessment.items.making import ItemReader, make_cards, short_key
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
    rule = (
        "Find what fits: each match counts the same after the first, which earns nothing, as the same answer for all "
        "would have it too."
    )
    fields: type[Authored] = Fields

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        rights = {
            short_key(pair.right): reader.inline(pair.right, line, where) for pair in fields.pairs
        }
        if len(rights) == 1:
            reader.say(
                line,
                where,
                "has one right-hand side for all, so everybody gets it right; write others",
            )
        rows = (
            (pair.left, short_key(pair.right), pair.feedback, pair.sources) for pair in fields.pairs
        )
        groups = tuple(content.Group(key=key, html=rights[key]) for key in sorted(rights))
        return {"cards": make_cards(reader, rows, line, where), "groups": groups}
