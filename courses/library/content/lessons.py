"""Lessons, their steps, and the blocks of a step."""

from pydantic import ValidationInfo, field_validator

from courses.library.content.frozen import Frozen, by_key
from courses.library.content.items import Item
from courses.library.content.kinds import ACTIVITIES, reject_unknown
from courses.library.content.pictures import Ring


class Choice(Frozen):
    """One choice in a branch: its words, the key of the moment it leads to, and its feedback."""

    key: str
    html: str
    to: str
    feedback: str
    sources: tuple[str, ...] = ()


class Moment(Frozen):
    """A point in a branch. One with no choices is an ending, and `ending` names it."""

    key: str
    html: str
    choices: tuple[Choice, ...] = ()
    ending: str = ""


class Block(Frozen):
    """One part of a step, top to bottom.

    `html` is the text, or the prompt of an activity; the rest is as its kind needs.

    `points` are the criteria of a rewrite, the points of a checklist, or the sentences a commitment
    offers; `near_miss` stands beside the model of a rewrite; `ring` and `model` say what is shown
    again of a picture that was hidden.
    """

    kind: str
    key: str = ""
    title: str = ""
    html: str = ""
    item: Item | None = None
    start: str = ""
    model: str = ""
    near_miss: str = ""
    ring: Ring | None = None
    points: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    svg: str = ""
    scene: str = ""
    moments: tuple[Moment, ...] = ()

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, kind: str, info: ValidationInfo) -> str:
        # Only `read` gives a context: what authors write was checked already.
        if info.context is None:
            return kind
        return reject_unknown(kind, info.context["blocks"], "block")

    @property
    def is_activity(self) -> bool:
        """Whether the learner answers it and the answer is kept."""
        return self.item is not None or self.kind in ACTIVITIES

    def moment(self, key: str) -> Moment | None:
        """The moment of that key in a branch; the first moment is where it begins."""
        return by_key(self.moments, key)


class Step(Frozen):
    """One screen of a lesson.

    `publications` are cited in its text, in the order of their numbers, from 1. `sources` are the
    ids its text cites; those of options, cards and models stand with them.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    publications: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    def activity(self, key: str) -> Block | None:
        """The activity of that key in this step, None if there is none."""
        activities = [block for block in self.blocks if block.is_activity]
        return by_key(activities, key)


class Outcome(Frozen):
    key: str
    text: str


class TakeAway(Frozen):
    """One thing to take away from a lesson, as plain text; `sources` are cited in the lesson."""

    text: str
    sources: tuple[str, ...]


class TestOut(Frozen):
    """A learner who answers every check of `step` right may go on at `to`; both are keys."""

    step: str
    to: str


class Lesson(Frozen):
    """A lesson of a course.

    `minutes` is the guide's sum of reading and doing, 1 to 12; it counts as individual CPD time.
    `contacts` are the reviews of the healthy child programme it prepares for (A33), by key;
    `read_first` is its place among what a clinician should read first, counted from 1, None where
    it is not among them. `take_away` is shown at its end: three sentences, or none.
    `local_pathways` is whether its end also shows whom the learner's organisations say to call.
    """

    key: str
    title: str
    version: int
    minutes: int
    care: str = ""
    contacts: tuple[str, ...] = ()
    read_first: int | None = None
    local_pathways: bool = False
    take_away: tuple[TakeAway, ...] = ()
    test_out: TestOut | None = None
    outcomes: tuple[Outcome, ...]
    steps: tuple[Step, ...]
    svg: str
    sources: tuple[str, ...]

    def position(self, step_key: str) -> int | None:
        """Where a step stands, counted from 1; None when there is no such step."""
        for number, step in enumerate(self.steps, 1):
            if step.key == step_key:
                return number
        return None
