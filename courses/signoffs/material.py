"""What a sign-off covers: a lesson with its items, scenes and terms, and the digest of all of it.

A sign-off is of words and drawings, not of an edition: it holds in every edition in which they are
the same. The digest covers the lesson, the items of quizzes about it, the scenes it or they show,
the meaning of its terms, and which sources all of these cite. It does not cover what an author may
correct without a clinician: how a publication is written in the list of references, the day by
which a source is checked again, and whether a lesson ends with an organisation's local pathways.

Who signed what is in `models`; the page a reviewer reads is in `page`.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from courses.library.content import Course, Entry, Handout, Item, Lesson, Scene

OTHER_SCENES = "other-scenes"
"""The key of the scenes of a course that none of its lessons shows. No lesson has this key."""
HANDOUT = "handout"
"""The key of the two printed pages of a course. No lesson has this key."""


@dataclass(frozen=True)
class Material:
    """What is signed off at once: a lesson, the scenes that no lesson shows, or the handout."""

    key: str
    title: str
    version: int = 1
    lesson: Lesson | None = None
    items: tuple[Item, ...] = ()
    scenes: tuple[Scene, ...] = ()
    entries: dict[str, Entry] = field(default_factory=dict)
    handout: Handout | None = None

    @property
    def critical(self) -> tuple[Item, ...]:
        """The safety items among its items: a reviewer reads these before the rest."""
        return tuple(item for item in self.items if item.critical)

    @property
    def digest(self) -> str:
        """SHA-256 in hex of all of it, independent of the order of items and scenes."""
        parts: list[Lesson | Handout | Item | Scene | Entry] = []
        if self.lesson:
            parts.append(self.lesson)
        if self.handout:
            parts.append(self.handout)
        parts += _by_key(self.items)
        parts += _by_key(self.scenes)
        parts += [self.entries[key] for key in sorted(self.entries)]
        # Fields with their default value are left out, so that a field added to the format later
        # does not end every sign-off.
        dumps = []
        for part in parts:
            fields = part.model_dump(mode="json", exclude_defaults=True, exclude={"local_pathways"})
            dumps.append(fields)
        text = json.dumps(dumps, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def materials_of(course: Course) -> tuple[Material, ...]:
    """What is signed off of a course: its lessons in order, then other scenes and the handout."""
    materials = [_lesson_material(course, lesson) for lesson in course.lessons]
    shown: set[str] = set()
    for material in materials:
        shown.update(scene.key for scene in material.scenes)
    other_scenes = tuple(scene for scene in course.scenes if scene.key not in shown)
    if other_scenes:
        title = "Scenes that no lesson shows"
        materials.append(Material(OTHER_SCENES, title, scenes=other_scenes))
    if course.handout:
        title = f"Handout: {course.handout.title}"
        materials.append(Material(HANDOUT, title, handout=course.handout))
    return tuple(materials)


def _lesson_material(course: Course, lesson: Lesson) -> Material:
    items = tuple(item for item in course.items if item.lesson == lesson.key)
    scene_keys = {item.scene for item in items}
    term_keys: set[str] = set()
    for step in lesson.steps:
        scene_keys.update(block.scene for block in step.blocks)
        term_keys.update(step.terms)
    return Material(
        key=lesson.key,
        title=lesson.title,
        version=lesson.version,
        lesson=lesson,
        items=items,
        scenes=tuple(scene for scene in course.scenes if scene.key in scene_keys),
        entries={key: entry for key, entry in course.glossary.items() if key in term_keys},
    )


def _by_key(parts: Iterable[Item] | Iterable[Scene]) -> list[Item | Scene]:
    return sorted(parts, key=lambda part: part.key)
