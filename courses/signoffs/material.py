"""What a clinician reads and signs: a lesson with everything that is asked, drawn and explained in it, and its digest.
Who signed what is in `models`; what the page shows of it in `page`.

A signature is for words and drawings, not for an edition: it holds in every edition in which they are the same. The
digest covers the lesson, the items of quizzes about it, the scenes it or they show, the meaning of its terms, and
which source ids they all cite. It does not cover what an author may mend without a clinician: how a publication is
written in the list of references, and the day by which a source is checked again.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from courses.library.content import Course, Entry, Handout, Item, Lesson, Scene

OTHER_SCENES = "other-scenes"
"""The key of what is left of a course when its lessons are read: the scenes that none of them shows."""
HANDOUT = "handout"
"""The key of a course's two printed pages. No lesson is called like these two."""


@dataclass(frozen=True)
class Material:
    """One thing to sign off: a lesson, or the scenes that no lesson shows, or the handout."""

    key: str
    title: str
    version: int
    lesson: Lesson | None
    items: tuple[Item, ...]
    scenes: tuple[Scene, ...]
    entries: dict[str, Entry]
    handout: Handout | None = None

    @property
    def critical(self) -> tuple[Item, ...]:
        """The safety items among its items: a clinician reads these before the rest."""
        return tuple(item for item in self.items if item.critical)

    @property
    def digest(self) -> str:
        """SHA-256 of all of it, whatever order items and scenes stand in.

        Fields that say nothing are left out, so that a field added to the format does not undo every signature.
        """
        parts = [
            *(one for one in (self.lesson, self.handout) if one),
            *_by_key(self.items),
            *_by_key(self.scenes),
            *(one for _, one in sorted(self.entries.items())),
        ]
        told = [part.model_dump(mode="json", exclude_defaults=True) for part in parts]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def materials_of(course: Course) -> tuple[Material, ...]:
    """What is signed off of a course: its lessons in order, then its other scenes and its handout, where it has any."""
    lessons = tuple(_lesson(course, lesson) for lesson in course.lessons)
    shown = {scene.key for one in lessons for scene in one.scenes}
    rest = tuple(scene for scene in course.scenes if scene.key not in shown)
    more = (
        [Material(OTHER_SCENES, "Scenes that no lesson shows", 1, None, (), rest, {})]
        if rest
        else []
    )
    if course.handout:
        more.append(
            Material(
                HANDOUT, f"Handout: {course.handout.title}", 1, None, (), (), {}, course.handout
            )
        )
    return (*lessons, *more)


def _lesson(course: Course, lesson: Lesson) -> Material:
    items = tuple(item for item in course.items if item.lesson == lesson.key)
    blocks = [block for step in lesson.steps for block in step.blocks]
    shown = {block.scene for block in blocks} | {item.scene for item in items}
    scenes = tuple(scene for scene in course.scenes if scene.key in shown)
    terms = {term for step in lesson.steps for term in step.terms}
    entries = {key: entry for key, entry in course.glossary.items() if key in terms}
    return Material(lesson.key, lesson.title, lesson.version, lesson, items, scenes, entries)


def _by_key(parts: Iterable[Item] | Iterable[Scene]) -> list[Item | Scene]:
    return sorted(parts, key=lambda part: part.key)
