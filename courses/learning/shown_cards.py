"""The cards of a step as its page shows them to one learner.

Which blocks make a card is decided in `cards`, and what an activity shows in `activities`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from courses.learning.activities import ShownActivity
from courses.learning.cards import cards_of, minutes_left_on
from courses.library.content import Lesson


@dataclass(frozen=True)
class ShownCard:
    """A card of a step as its page shows it.

    `after` is what the page calls the activity that a meaning card follows, and `is_open` whether
    its answer has opened the card. `needs_attention` where a form was not saved.
    """

    kind: str
    parts: tuple[ShownActivity, ...]
    minutes_left: int
    after: str = ""
    is_open: bool = False

    @property
    def sources(self) -> list[str]:
        """Ids of the sources its texts cite, each once; those of feedback stand with it."""
        cited: list[str] = []
        for part in self.parts:
            if not part.block.is_activity:
                cited += part.block.sources
        return list(dict.fromkeys(cited))

    @property
    def is_closed(self) -> bool:
        """Whether nothing of it is read before the answer: all it has is disclosed by it."""
        reveals_alone = all(part.block.kind == "reveal" for part in self.parts)
        return bool(self.after) and reveals_alone and not self.is_open

    @property
    def needs_attention(self) -> bool:
        return any(part.error or part.unsent_path for part in self.parts)


def show_cards(
    lesson: Lesson, position: int, parts: Sequence[ShownActivity]
) -> tuple[ShownCard, ...]:
    """The cards of the step at this position, from 1, in order; `parts` are all its blocks."""
    cards = cards_of(lesson.steps[position - 1])
    minutes = minutes_left_on(lesson, position)
    by_key = {part.block.key: part for part in parts if part.name}
    following = iter(parts)
    shown = []
    for card, left in zip(cards, minutes, strict=True):
        activity = by_key.get(card.after)
        shown.append(
            ShownCard(
                kind=card.kind,
                parts=tuple(islice(following, len(card.blocks))),
                minutes_left=left,
                after=activity.name if activity else "",
                is_open=bool(activity and activity.is_open),
            )
        )
    return tuple(shown)
