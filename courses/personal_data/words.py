"""Answers that are stored as keys, in the words the person saw. It never says which is right."""

from collections.abc import Mapping
from typing import Any

from courses.learning.activity_forms import OWN_SENTENCE
from courses.library import content
from courses.library.markdown import plain_text
from courses.library.queries import content_of


def answer_in_words(row: Mapping[str, Any], edition_id: int) -> tuple[str, Any]:
    """What was asked and what was answered; ("", None) where the edition does not have it.

    Args:
        row: with an `answer` (or, of a draft, `entered`), and with the keys of an item, a scene, or
            an activity of a lesson.
        edition_id: of the edition that the answer was given in.
    """
    course = content_of(edition_id)
    answer = row["answer"] if "answer" in row else row["entered"]
    if "activity_key" in row:
        block = _block_of(row, course)
        return _activity_in_words(block, answer) if block else ("", None)
    if "room_scene_key" in row:
        scene = course.scene(row["room_scene_key"])
        item = scene.item if scene else None
    else:
        item = course.item(row["item_key"])
    return _item_in_words(item, answer) if item else ("", None)


def _block_of(row: Mapping[str, Any], course: content.Course) -> content.Block | None:
    lesson = course.lesson(row["lesson_key"])
    for step in lesson.steps if lesson else ():
        block = step.activity(row["activity_key"])
        if block:
            return block
    return None


def _item_in_words(item: content.Item, answer: Any) -> tuple[str, Any]:
    shown: dict[str, str] = {}
    for thing in item.answers:
        shown[thing.key] = plain_text(thing.html)
    for group in item.groups:
        shown[group.key] = plain_text(group.html)
    return plain_text(item.stem), _with_words(answer, shown)


def _activity_in_words(block: content.Block, answer: Any) -> tuple[str, Any]:
    if block.item:
        return _item_in_words(block.item, answer)
    asked = plain_text(block.html)
    if block.kind == "branch":
        shown: dict[str, str] = {}
        for moment in block.moments:
            for choice in moment.choices:
                shown[choice.key] = plain_text(choice.html)
        return asked, _with_words(answer, shown)
    if block.kind == "checklist" and isinstance(answer, list):
        return asked, [_point_of(block, number) for number in answer]
    if block.kind == "commitment" and isinstance(answer, dict):
        chosen = answer.get("sentence", "")
        sentence = answer.get("own", "") if chosen == OWN_SENTENCE else _point_of(block, chosen)
        return asked, {"sentence": sentence, "on": answer.get("on", "")}
    return asked, answer


def _point_of(block: content.Block, number: Any) -> str:
    """The words of a point by its number from 0, as text or int; "" for none."""
    place = str(number)
    if not place.isdecimal() or int(place) >= len(block.points):
        return ""
    return plain_text(block.points[int(place)])


def _with_words(answer: Any, shown: Mapping[str, str]) -> Any:
    """The answer with each key that was shown as words replaced by them."""
    if isinstance(answer, str):
        return shown.get(answer, answer)
    if isinstance(answer, list):
        return [_with_words(part, shown) for part in answer]
    if isinstance(answer, dict):
        worded = {}
        for key, part in answer.items():
            worded[shown.get(key, key)] = _with_words(part, shown)
        return worded
    return answer
