"""A course as the product uses it: rendered, checked, frozen.

Which files it came from is not known here.

Everything with `correct`, `group`, `feedback` or `model` in it, and what is to be seen in a scene,
is private until the learner has answered.
"""

import hashlib
import json
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from html import unescape
from typing import Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from courses.figure.motion.final_hold import FINAL_HOLD

TEXT_BLOCKS = {"text", "reveal", "note", "figure"}
ACTIVITIES = {"branch", "rewrite", "checklist", "look", "commitment", "reflect"}
"""The blocks a learner answers, beside those that ask an item: they are named by the item kinds."""


class ServedKind(Protocol):
    """What is needed of an item kind here: the lesson block that asks it, empty for none."""

    @property
    def block(self) -> str: ...


class _Registry:
    """The item kinds this release can serve.

    They are defined above this package, in `assessment`.
    """

    def __init__(self) -> None:
        self.item_kinds: Mapping[str, ServedKind] = {}

    def block_kinds(self) -> set[str]:
        asking = {kind.block for kind in self.item_kinds.values() if kind.block}
        return TEXT_BLOCKS | ACTIVITIES | asking


_registry = _Registry()


def register_item_kinds(kinds: Mapping[str, ServedKind]) -> None:
    """Tells `read` which kinds of item there are, by name; called once, when Django starts.

    The mapping is kept, not copied: a kind that is added to it later is known as well.
    """
    _registry.item_kinds = kinds


def _reject_unknown(kind: str, known: Container[str], what: str) -> str:
    if kind not in known:
        raise ValueError(f"{kind!r} is no kind of {what} that this release knows")
    return kind


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


_K = TypeVar("_K", bound=_Keyed)


def _by_key(things: Iterable[_K], key: str) -> _K | None:
    for thing in things:
        if thing.key == key:
            return thing
    return None


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
    is the key of the scene a spot is about.
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
    difficulty: str = ""
    critical: bool = False

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, kind: str, info: ValidationInfo) -> str:
        # Only `read` gives a context: what authors write was checked already.
        return _reject_unknown(kind, info.context["items"], "item") if info.context else kind

    @property
    def answers(self) -> tuple[Option | Card, ...]:
        """Everything with feedback: options and cards, those of the item's parts among them."""
        answers = [*self.options, *self.cards]
        for part in self.parts:
            answers += part.answers
        return tuple(answers)


class Choice(Frozen):
    """One way on in a branch: what is said or done, the key of the moment it leads to, and what
    that does.
    """

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


class Ring(Frozen):
    """A ring on a picture: its middle and its radius in percent of the picture's side."""

    x: int
    y: int
    r: int


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
        return _reject_unknown(kind, info.context["blocks"], "block") if info.context else kind

    @property
    def is_activity(self) -> bool:
        """Whether the learner answers it and the answer is kept."""
        return self.item is not None or self.kind in ACTIVITIES

    def moment(self, key: str) -> Moment | None:
        """The moment of that key in a branch; the first moment is where it begins."""
        return _by_key(self.moments, key)


class Step(Frozen):
    """One screen of a lesson.

    `publications` are cited in its text, in the order of their numbers, from 1.

    `sources` are the ids its text cites; those of options, cards and models stand with them.
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
        return _by_key(activities, key)


class Outcome(Frozen):
    key: str
    text: str


class TestOut(Frozen):
    """Whoever answers every check of one step rightly may go on at another: both by their keys."""

    step: str
    to: str


class Lesson(Frozen):
    """A lesson; `minutes` is the guide's sum of reading and doing, 1 to 12, and counts as
    individual CPD time.

    `contacts` are the reviews of the healthy child programme it prepares for (A33), by key;
    `read_first` is its place among what a clinician should read first, counted from 1, None where
    it is not among them.
    """

    key: str
    title: str
    version: int
    minutes: int
    care: str = ""
    contacts: tuple[str, ...] = ()
    read_first: int | None = None
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


class Quiz(Frozen):
    """The rule of a quiz: how many items are drawn, the fraction to pass, how many attempts, about
    how many minutes.

    `certainty` asks how sure one is of each answer. `wait_hours` lie between two attempts.
    `limit_minutes` None: untimed. A pretest is a starting point: nothing is passed by it.
    """

    key: str
    title: str
    kind: Literal["pretest", "final", "review"]
    draw: int
    pass_mark: float
    attempts: int
    minutes: int
    certainty: bool = False
    wait_hours: int = 0
    limit_minutes: int | None = None


class Seen(Frozen):
    """The key of a scene: what is there, what is not, what it may mean, what else it may be, and
    what to do next.

    `step` is a rung of the action ladder (`schema.Rung`), and `do` says it in words.
    """

    cues: tuple[str, ...]
    not_there: tuple[str, ...]
    may_mean: str
    may_also: str
    step: str
    do: str
    sources: tuple[str, ...]


class Keyframe(Frozen):
    """One moment of a moving scene: when the change to it begins and how long that takes, in
    seconds; the whole pose.
    """

    at: float
    over: float
    pose: dict[str, object]
    text: str


class Scene(Frozen):
    """A drawn baby and what to notice.

    `pose` is read by `figure.baby`; editions of before may lack `seen`.

    A scene that moves has a timeline, and its first moment as `pose`.
    """

    key: str
    title: str
    family: str = ""
    age_months: int
    setting: str
    pose: dict[str, object]
    timeline: tuple[Keyframe, ...] = ()
    description: str
    item: Item
    seen: Seen | None = None

    @property
    def seconds(self) -> float:
        """How long it moves; 0 when it does not."""
        if not self.timeline:
            return 0.0
        last = self.timeline[-1]
        return last.at + FINAL_HOLD

    @property
    def motion_digest(self) -> str:
        """`motion_digest` of its timeline; what does not move has one too, and nobody asks for it."""
        # As an edition stores it: what is published is found by the same digest.
        stored = self.model_dump(mode="json", include={"timeline"})
        return motion_digest(stored["timeline"])


def motion_digest(timeline: Sequence[object]) -> str:
    """What a moving scene is found by: sixteen hexadecimal digits of the SHA-256 of its timeline,
    as stored in an edition.

    Drawn from how it moves alone, so that neither a name nor a guess of it leads there. Rows of
    `MovingScene` hold it: another way of drawing it is another `Edition.scenes_indexed`.
    """
    written = json.dumps(timeline, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:16]


HandoutLook = Literal["table", "list", "steps", "urgent", "ladder", "blanks"]


class HandoutRow(Frozen):
    """One row of a handout, in plain words without Markdown; `sources` are the ids it rests on, at
    least one.
    """

    cells: tuple[str, ...]
    sources: tuple[str, ...]


class HandoutSection(Frozen):
    """A part of one of the two pages.

    A half stands beside the next half; only a table has columns.
    """

    title: str
    page: Literal[1, 2]
    look: HandoutLook
    half: bool = False
    lead: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[HandoutRow, ...]


class Handout(Frozen):
    """What a course leaves on the wall: two printed pages."""

    title: str
    lead: str
    sections: tuple[HandoutSection, ...]

    def sources_on(self, page: int) -> tuple[str, ...]:
        """The ids that a page rests on, each once, in the order they are met."""
        # A dictionary keeps the order and has each once.
        sources: dict[str, None] = {}
        for section in self.sections:
            if section.page == page:
                for row in section.rows:
                    sources |= dict.fromkeys(row.sources)
        return tuple(sources)


class Publication(Frozen):
    """What a claim rests on.

    `status` says whether it was read or is well known and still to be opened.
    """

    cite: str
    doi: str = ""
    url: str = ""
    status: Literal["read", "known"]


class Source(Frozen):
    """One id of the fact sheet.

    `check_by` is a date in ISO form, empty where the claim does not move.
    """

    publications: tuple[str, ...]
    says: str
    check_by: str = ""
    reported: bool = False


def in_sheet_order(ids: Iterable[str]) -> list[str]:
    """Source ids as the fact sheet lists them: A9 before A10, C2.4 before C2.10."""
    return sorted(ids, key=_natural_key)


def _natural_key(source: str) -> list[tuple[int, str]]:
    """Digits compared as numbers, what is between them as text."""
    parts = re.findall(r"\d+|\D+", source)
    return [(int(part), "") if part.isdigit() else (0, part) for part in parts]


class Entry(Frozen):
    """A glossary entry; `html` is its meaning in plain words."""

    term: str
    html: str
    sources: tuple[str, ...] = ()


class Course(Frozen):
    """A whole edition. Immutable and shared by all requests of a process."""

    key: str
    position: int
    title: str
    summary: str
    for_whom: str
    afterwards: tuple[str, ...]
    cover: str
    lessons: tuple[Lesson, ...]
    quizzes: tuple[Quiz, ...]
    items: tuple[Item, ...]
    scenes: tuple[Scene, ...]
    publications: dict[str, Publication]
    sources: dict[str, Source]
    glossary: dict[str, Entry]
    handout: Handout | None = None

    @property
    def cover_alt(self) -> str:
        """What the cover shows, in words: the name it was given when it was read."""
        match = re.search(r'^<svg\b[^>]* aria-label="([^"]*)"', self.cover)
        return unescape(match[1]) if match else ""

    def lesson(self, key: str) -> Lesson | None:
        return _by_key(self.lessons, key)

    def quiz(self, key: str) -> Quiz | None:
        return _by_key(self.quizzes, key)

    def scene(self, key: str) -> Scene | None:
        return _by_key(self.scenes, key)

    def item(self, key: str) -> Item | None:
        return _by_key(self.items, key)

    def pool(self, quiz_key: str) -> tuple[Item, ...]:
        """The items a quiz may draw, in the order of the files."""
        return tuple(item for item in self.items if quiz_key in item.use)

    @property
    def handout_sources(self) -> tuple[str, ...]:
        """The ids its handout rests on, each once; none where it has no handout."""
        if self.handout is None:
            return ()
        sources = [*self.handout.sources_on(1), *self.handout.sources_on(2)]
        return tuple(dict.fromkeys(sources))

    @property
    def finals(self) -> tuple[Quiz, ...]:
        """The quizzes that must be passed to complete the course."""
        return tuple(quiz for quiz in self.quizzes if quiz.kind == "final")

    @property
    def pretest(self) -> Quiz | None:
        """The quiz that shows where a learner starts, None when there is none."""
        for quiz in self.quizzes:
            if quiz.kind == "pretest":
                return quiz
        return None

    @property
    def lesson_minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def minutes(self) -> int:
        """Lessons and final quizzes together: what the catalogue says."""
        quiz_minutes = sum(quiz.minutes for quiz in self.finals)
        return self.lesson_minutes + quiz_minutes

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        outcomes: list[Outcome] = []
        for lesson in self.lessons:
            outcomes += lesson.outcomes
        return tuple(outcomes)


def read(stored: object) -> Course:
    """A stored edition, whatever release wrote it: unknown fields are left out, missing ones have
    their defaults.

    So that releases can serve side by side, a new field has a default, which is not stored and
    never changes its meaning; and a new kind of block, item or quiz is published only once every
    server can read it. Authors' files are read strictly all the same, by `schema`.

    Raises:
        pydantic.ValidationError: a field that never had a default is missing, or a kind is
            unknown.
    """
    known = {"items": _registry.item_kinds, "blocks": _registry.block_kinds()}
    return Course.model_validate(stored, extra="ignore", context=known)
