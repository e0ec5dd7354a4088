"""Scenes: a drawn baby, still or moving, what is asked of it, and what is to be seen."""

import hashlib
import json
from collections.abc import Sequence

from courses.figure.motion.final_hold import FINAL_HOLD
from courses.library.content.frozen import Frozen
from courses.library.content.items import Item
from courses.library.content.pictures import Ring


class Seen(Frozen):
    """The right answer to a scene: cues that are there or not, what they may mean, what to do.

    `step` is a rung of the action ladder (`schema.Rung`), and `do` says it in words.
    """

    cues: tuple[str, ...]
    not_there: tuple[str, ...]
    may_mean: str
    may_also: str
    step: str
    do: str
    sources: tuple[str, ...]


class Focus(Frozen):
    """Where the feedback to a scene looks: a ring on its picture.

    `watch` is the span of a moving scene in which it can be seen there, from and to in seconds;
    None where nothing moves.
    """

    ring: Ring
    watch: tuple[float, float] | None = None


class Keyframe(Frozen):
    """One moment of a moving scene: `at` the change to it begins, `over` it takes, in seconds.

    `pose` is whole, also what does not change.
    """

    at: float
    over: float
    pose: dict[str, object]
    text: str


class Scene(Frozen):
    """A drawn baby and what to notice.

    `pose` is read by `figure.baby`; editions of before may lack `seen` and `focus`. Both are
    private until the learner has answered.

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
    focus: Focus | None = None

    @property
    def seconds(self) -> float:
        """How long it moves; 0 when it does not."""
        if not self.timeline:
            return 0.0
        last = self.timeline[-1]
        return last.at + FINAL_HOLD

    @property
    def motion_digest(self) -> str:
        """`motion_digest` of its timeline; a still scene has one too, which nobody asks for."""
        # As an edition stores it: what is published is found by the same digest.
        stored = self.model_dump(mode="json", include={"timeline"})
        return motion_digest(stored["timeline"])


def motion_digest(timeline: Sequence[object]) -> str:
    """The address of a moving scene: sixteen hexadecimal digits of the SHA-256 of its timeline.

    The timeline is that stored in an edition. Nothing else counts, so that nobody finds a scene by
    guessing its name. Rows of
    `MovingScene` hold it: another way of drawing it is another `Edition.scenes_indexed`.
    """
    written = json.dumps(timeline, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:16]
