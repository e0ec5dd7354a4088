"""The items of a scored attempt as its result shows them: what to look at, safety first.

What the marks amount to is in `assessment.verdict`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from courses.assessment import items
from courses.assessment.items import Line
from courses.assessment.queries import ScoredItem
from courses.learning.completion import Progress
from courses.learning.teaching import teaching_step
from courses.library.content import Course, Lesson, Ring, Step
from courses.practice.queries import small_drawing_of

_SURE = "You were sure about these."
_SURE_FIRST = f"{_SURE} Start here."
_TO_LOOK_AT = "To look at again"
_THEN = "Then these"


@dataclass(frozen=True)
class ReviewedItem:
    """One item with its feedback.

    `lines` are those to read: what was chosen and does not fit, and what fits best and was not
    chosen. `others` are the rest. `ring` is where on the drawing to look, None for nowhere in
    particular. `lesson` and `step` taught it: None where that cannot be told,
    and `step` is None too where the learner has not come so far.
    """

    row: ScoredItem
    lines: tuple[Line, ...]
    others: tuple[Line, ...]
    drawing: str = ""
    ring: Ring | None = None
    lesson: Lesson | None = None
    step: Step | None = None

    @property
    def cited(self) -> list[str]:
        """The ids that its feedback cites, each once."""
        keys: list[str] = []
        for line in (*self.lines, *self.others):
            keys += line.sources
        return list(dict.fromkeys(keys))

    @property
    def is_placed(self) -> bool:
        """Whether it has cards, each with the place where it belongs."""
        return any(line.belongs for line in self.lines)


@dataclass(frozen=True)
class ReviewedGroup:
    """Items to look at under one heading: critical ones, those answered surely, or others."""

    heading: str
    rows: tuple[ReviewedItem, ...]


def groups_to_look_at(
    scored: Iterable[ScoredItem], course: Course, progress: Progress
) -> list[ReviewedGroup]:
    """The items that were not right: critical ones, then sure and wrong ones, then others.

    Groups without an item are left out.
    """
    safety, sure, others = [], [], []
    for row in scored:
        if row.is_right:
            continue
        reviewed = _missed_item(row, course, progress)
        if row.item.critical:
            safety.append(reviewed)
        elif row.is_sure_and_wrong:
            sure.append(reviewed)
        else:
            others.append(reviewed)
    groups = [
        ReviewedGroup("About safety", tuple(safety)),
        ReviewedGroup(_SURE if safety else _SURE_FIRST, tuple(sure)),
        ReviewedGroup(_THEN if safety or sure else _TO_LOOK_AT, tuple(others)),
    ]
    return [group for group in groups if group.rows]


def _missed_item(row: ScoredItem, course: Course, progress: Progress) -> ReviewedItem:
    feedback = items.feedback(row.item, row.answer)
    lines = tuple(line for line in feedback if line.result in {"wrong", "missed"})
    scene = course.scene(row.item.scene) if row.item.scene else None
    lesson = course.lesson(row.item.lesson)
    step = teaching_step(course, row.item)
    if lesson and step and not _is_reached(progress, lesson, step):
        step = None
    return ReviewedItem(
        row=row,
        lines=lines,
        others=tuple(line for line in feedback if line not in lines),
        drawing=small_drawing_of(scene) if scene else "",
        ring=scene.focus.ring if scene and scene.focus else None,
        lesson=lesson,
        step=step,
    )


def _is_reached(progress: Progress, lesson: Lesson, step: Step) -> bool:
    """Whether the learner may open the step: a lesson is gone through in its order."""
    position = lesson.position(step.key) or 0
    for row in progress.lessons:
        if row.lesson.key == lesson.key:
            return row.furthest >= position
    return False


def right_items(scored: Sequence[ScoredItem]) -> list[ReviewedItem]:
    """The items that were right, in the order of the attempt, each with all its feedback."""
    rows = []
    for row in scored:
        if row.is_right:
            lines = items.feedback(row.item, row.answer)
            rows.append(ReviewedItem(row, lines=lines, others=()))
    return rows
