"""Notes: what learners wrote and ticked in lessons, as they read it again.

Rows are fetched in `queries`. Plans are notes of another kind: see `learning.plans`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from courses.learning.activity_forms import page_name
from courses.learning.models import ActivityAnswer
from courses.learning.plans import find_activity
from courses.library.content import Block
from courses.library.markdown import plain_text
from courses.library.queries import content_of

# What each kind of activity that makes a note is called on the page.
KINDS = {
    "reflect": "Reflection",
    "rewrite": "In my own words",
    "look": "What I saw",
    "checklist": "Ticked",
}
LOST_KIND = "Note"  # its activity is in the course no more


@dataclass(frozen=True)
class Note:
    """One thing a learner wrote, or what they ticked of one list.

    `prompt` is what was asked, in plain text. A ticked list has `points` and no `text`; every
    other note the reverse. `step_key` is empty where the activity is in the course no more.
    """

    key: str
    kind: str
    course_key: str
    course_title: str
    lesson_key: str
    lesson_title: str
    step_key: str
    name: str
    prompt: str
    text: str
    points: tuple[str, ...]
    at: datetime

    @property
    def whole_text(self) -> str:
        """The learner's words on their own, one point a line."""
        return self.text or "\n".join(self.points)


@dataclass(frozen=True)
class LessonNotes:
    """The notes of one lesson, in the order they were written."""

    course_title: str
    lesson_title: str
    notes: tuple[Note, ...]

    @property
    def keys(self) -> list[str]:
        return [note.key for note in self.notes]


def notes_in(answers: Iterable[ActivityAnswer]) -> list[Note]:
    """The notes among answers that `learning.plans.answers_of` fetched, in the same order."""
    notes = []
    for answer in answers:
        note = _note_of(answer)
        if note:
            notes.append(note)
    return notes


def by_lesson(notes: Iterable[Note]) -> list[LessonNotes]:
    """Notes by their lessons, the lesson written in last comes first."""
    lessons: dict[tuple[str, str], list[Note]] = {}
    for note in notes:
        key = (note.course_key, note.lesson_key)
        # Taken out and put in again: the lesson of the newest note comes to stand last.
        earlier = lessons.pop(key, [])
        lessons[key] = [*earlier, note]
    groups = []
    for rows in reversed(lessons.values()):
        first = rows[0]
        groups.append(LessonNotes(first.course_title, first.lesson_title, tuple(rows)))
    return groups


def _note_of(answer: ActivityAnswer) -> Note | None:
    """The note in an answer; None where it holds none, such as a choice or an empty list.

    It is read with care: an author may have made the activity another kind since.
    """
    course = content_of(answer.enrolment.edition_id)
    place = find_activity(course, answer.lesson_key, answer.activity_key)
    if place and place.block.kind not in KINDS:
        return None
    text = answer.answer.strip() if isinstance(answer.answer, str) else ""
    points = _ticked(place.block, answer.answer) if place else ()
    if not text and not points:
        return None
    lesson = course.lesson(answer.lesson_key)
    name = page_name(answer.lesson_key, answer.activity_key)
    return Note(
        key=f"{course.key}.{name}",
        kind=KINDS[place.block.kind] if place else LOST_KIND,
        course_key=course.key,
        course_title=course.title,
        lesson_key=answer.lesson_key,
        lesson_title=lesson.title if lesson else "A lesson of before",
        step_key=place.step_key if place else "",
        name=name,
        prompt=plain_text(place.block.html) if place else "",
        text=text,
        points=points,
        at=answer.answered_at,
    )


def _ticked(block: Block, answer: object) -> tuple[str, ...]:
    """The points of a list that are ticked, in plain text and in the order of the list."""
    if block.kind != "checklist" or not isinstance(answer, list):
        return ()
    points = enumerate(block.points)
    return tuple(plain_text(point) for number, point in points if number in answer)
