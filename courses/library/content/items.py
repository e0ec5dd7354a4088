"""What a learner is asked: items with their options, cards and groups."""

from typing import Any

from pydantic import ValidationInfo, field_validator

from courses.library.content.frozen import Frozen
from courses.library.content.kinds import reject_unknown


class Option(Frozen):
    """One option of a choice.

    `key` is drawn from its words: it tells nothing and survives a change of order.

    `leans` is for authors and reviewers of critical items, and on no page of a learner: "waits"
    does less or later than others, "acts" sounds urgent, empty is neither.
    """

    key: str
    html: str
    correct: bool
    leans: str = ""
    feedback: str
    sources: tuple[str, ...] = ()


class Group(Frozen):
    """A place a card can be put: a named group of a sort, or the right-hand side of a match."""

    key: str
    html: str


class Card(Frozen):
    """Something to put in a group; `group` is the key of the right one."""

    key: str
    html: str
    group: str
    feedback: str
    sources: tuple[str, ...] = ()


class Item(Frozen):
    """Something a learner is asked, in a quiz, a lesson or beside a scene.

    Choices have `options`; sorts, matches and orders `cards` and `groups`; cases `parts`. `details`
    is for what a kind needs beside these, and read by that kind alone; it is private too. `scene`
    is the key of the scene a spot is about, `step` that of the step that taught it, empty where
    the sources tell (`learning.teaching`).
    """

    key: str
    kind: str
    stem: str
    options: tuple[Option, ...] = ()
    cards: tuple[Card, ...] = ()
    groups: tuple[Group, ...] = ()
    parts: tuple["Item", ...] = ()
    details: dict[str, Any] = {}
    scene: str = ""
    outcome: str = ""
    lesson: str = ""
    use: tuple[str, ...] = ()
    parallel: str = ""
    step: str = ""
    difficulty: str = ""
    critical: bool = False

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, kind: str, info: ValidationInfo) -> str:
        # Only `read` gives a context: what authors write was checked already.
        if info.context is None:
            return kind
        return reject_unknown(kind, info.context["items"], "item")

    @property
    def answers(self) -> tuple[Option | Card, ...]:
        """Everything with feedback: options and cards, those of the item's parts among them."""
        answers: list[Option | Card] = [*self.options, *self.cards]
        for part in self.parts:
            answers += part.answers
        return tuple(answers)
