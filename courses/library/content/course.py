"""A whole course as the product uses it, and reading it from a stored edition."""

import re
from html import unescape
from typing import Literal

from courses.library.content.frozen import Frozen, by_key
from courses.library.content.handouts import Handout
from courses.library.content.items import Item
from courses.library.content.kinds import known_kinds
from courses.library.content.lessons import Lesson, Outcome
from courses.library.content.references import Entry, Publication, Source
from courses.library.content.scenes import Scene


class Quiz(Frozen):
    """The rules of a quiz.

    `draw` items are asked, `pass_mark` is the fraction to pass with, `minutes` what most people
    take. `certainty` asks how sure a learner is of each answer. `wait_hours` lie between two
    attempts. `limit_minutes` None: untimed. A pretest is a starting point: nothing is passed by it.
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
        return by_key(self.lessons, key)

    def quiz(self, key: str) -> Quiz | None:
        return by_key(self.quizzes, key)

    def scene(self, key: str) -> Scene | None:
        return by_key(self.scenes, key)

    def item(self, key: str) -> Item | None:
        return by_key(self.items, key)

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
    """The course in a stored edition, whatever release wrote it.

    Unknown fields are left out, missing ones have their defaults.

    So that releases can serve side by side, a new field has a default, which is not stored and
    never changes its meaning; and a new kind of block, item or quiz is published only once every
    server can read it. Authors' files are read strictly all the same, by `schema`.

    Raises:
        pydantic.ValidationError: a field that never had a default is missing, or a kind is
            unknown.
    """
    return Course.model_validate(stored, extra="ignore", context=known_kinds())
