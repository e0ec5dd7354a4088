"""Scenes that can go on the wall, and how a room split over a scene's options."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from courses.library.content import Option, Scene
from courses.library.queries import catalogue, content_of

FEWEST_SHOWN = 3  # answers; of fewer, the split would tell who answered what


@dataclass(frozen=True)
class WallScene:
    """A scene of a published edition. `choice` stands for it in forms and tells nothing of it."""

    edition_id: int
    course_title: str
    scene: Scene

    @property
    def choice(self) -> str:
        # Its own key would tell what there is to see.
        own = f"{self.edition_id} {self.scene.key}"
        return hashlib.sha256(own.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Bar:
    """How many of how many chose an option: `percent` is 0–100, `number` its split’s, 1 or 2."""

    html: str
    count: int
    of: int
    percent: int
    number: int


@dataclass(frozen=True)
class Split:
    """How the room answered: `number` 1 or 2, and how many answered.

    `bars` has every option in one order, and is empty where too few answered.
    """

    number: int
    answered: int
    bars: tuple[Bar, ...]


def wall_scenes() -> list[WallScene]:
    """Every scene with options to choose from, in the order of the courses; one SQL query."""
    scenes = []
    for entry in catalogue():
        for scene in entry.content.scenes:
            if scene.item.options:
                scenes.append(WallScene(entry.edition_id, entry.content.title, scene))
    return scenes


def scene_of(edition_id: int, scene_key: str) -> Scene:
    """The scene of an edition, which never changes.

    Raises:
        LookupError: the edition has no such scene.
    """
    for scene in content_of(edition_id).scenes:
        if scene.key == scene_key:
            return scene
    raise LookupError(scene_key)


def options_of(scene: Scene) -> list[Option]:
    """The scene's options in the order of their keys, which says nothing of which one fits."""
    return sorted(scene.item.options, key=lambda option: option.key)


def split_of(scene: Scene, number: int, counts: Mapping[str, int]) -> Split:
    """The room's answers as bars.

    Args:
        counts: how many chose each option, by its key.
    """
    answered = sum(counts.values())
    if answered < FEWEST_SHOWN:
        return Split(number, answered, ())
    bars = []
    for option in options_of(scene):
        count = counts.get(option.key, 0)
        percent = round(100 * count / answered)
        bars.append(Bar(option.html, count, answered, percent, number))
    return Split(number, answered, tuple(bars))


def side_by_side(splits: Sequence[Split]) -> list[tuple[str, list[Bar]]]:
    """Each option's words with its bars, the first answers' bar before that after talking.

    A split that is not shown, as too few answered, has no bar here.
    """
    rows: dict[str, list[Bar]] = {}
    for split in splits:
        for bar in split.bars:
            rows.setdefault(bar.html, []).append(bar)
    return list(rows.items())
