"""Answers that are stored as keys, in the words the person saw. It never says which is right."""

import html
from collections.abc import Mapping
from typing import Any

from django.utils.html import strip_tags

from courses.library import content
from courses.library.queries import content_of


def answer_in_words(row: Mapping[str, Any], edition_id: int) -> tuple[str, Any]:
    """What was asked and what was answered; ("", None) where the answer is words already.

    Args:
        row: of a table whose rows have an item, an activity of a lesson, or a scene.
        edition_id: of the edition that the answer was given in.
    """
    item = _item_of(row, content_of(edition_id))
    if item is None:
        return "", None
    shown: dict[str, str] = {}
    for answer in item.answers:
        shown[answer.key] = _plain(answer.html)
    for group in item.groups:
        shown[group.key] = _plain(group.html)
    return _plain(item.stem), _with_words(row["answer"], shown)


def _item_of(row: Mapping[str, Any], course: content.Course) -> content.Item | None:
    if "item_key" in row:
        return course.item(row["item_key"])
    if "room_scene_key" in row:
        scene = course.scene(row["room_scene_key"])
        return scene.item if scene else None
    lesson = course.lesson(row["lesson_key"])
    for step in lesson.steps if lesson else ():
        block = step.activity(row["activity_key"])
        if block:
            return block.item
    return None


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


def _plain(markup: str) -> str:
    return " ".join(html.unescape(strip_tags(markup)).split())
