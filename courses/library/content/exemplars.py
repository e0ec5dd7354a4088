"""The pool that practice draws from: categories, and the drawn cases (exemplars) of each.

How exemplars are grown from a category's file, and every check, is in `authoring`. All of it but
`Exemplar.setting`, the picture and its description is private until the learner has answered.
"""

from collections.abc import Iterator
from functools import cached_property

from courses.figure.motion.final_hold import FINAL_HOLD
from courses.library.content.frozen import Frozen, by_key
from courses.library.content.pictures import Ring
from courses.library.content.scenes import Keyframe, motion_digest

CHECK_FORMS = ("before", "after", "day-30", "day-90")
"""Sealed parallel forms of 20, half of them signals: PRACTICE.md, section 5."""
MASTERY_FORMS = ("mastery-1", "mastery-2")
"""Sealed forms of the check of 40, 20 of them signals."""
SEALED_FORMS = CHECK_FORMS + MASTERY_FORMS

PLACES = {
    "eyes": "Eyes and gaze",
    "face": "Mouth and face",
    "hands": "Hands and arms",
    "body": "Chest, tummy, back",
    "legs": "Legs and feet",
    "colour": "Skin and lips",
    "movement": "How the baby moves",
}
"""Where a cue can be seen, in the order of a form; the first five can be tapped on the picture."""


class Category(Frozen):
    """A cue or state that practice schedules, and what it is mistaken for.

    Attributes:
        name: what learners choose from, at most 60 characters.
        is_signal: somebody should do something; False for an ordinary baby.
        opposite: key of the category it is most often mistaken for, of the other kind. Opposites
            are mutual: the options of a case are two pairs of them.
        about: one or two sentences: what to look for.
        steps: rungs of the action ladder (`schema.Rung`) that fit, the best first.
        do: the first of `steps` in words.
        sources: fact-sheet items.
    """

    key: str
    name: str
    is_signal: bool
    opposite: str
    about: str
    steps: tuple[str, ...]
    do: str
    sources: tuple[str, ...]


class Place(Frozen):
    """Where on the picture a part of the baby is: a key of `PLACES` and a ring."""

    key: str
    ring: Ring


class Exemplar(Frozen):
    """One drawn case of a category, still or moving.

    Attributes:
        key: permanent, and says nothing of the category.
        tier: how plain the cue is: 1 plain, 2 middling, 3 hard.
        mistaken_for: key of the category that this one looks like.
        form: "" for practice, else one of `SEALED_FORMS`, and then never shown in practice.
        setting: one sentence before the answer: age, where, what happened; never the answer.
        pose: read by `figure.baby`; of a moving one the first moment.
        timeline: its moments; none where nothing moves.
        description: what can be seen in observable words; of a moving one the first moment's,
            the others' are in `Keyframe.text`.
        places: what of the baby can be tapped; several rings may have the same key (two hands).
        telling: keys of `PLACES` at which the cue, or what is reassuring, can be seen.
        watch: from and to, in seconds, when it can be seen in a moving one; None in a still one.
        why: one sentence for the feedback.
    """

    key: str
    category: str
    tier: int
    mistaken_for: str
    form: str = ""
    age_months: int
    setting: str
    pose: dict[str, object]
    timeline: tuple[Keyframe, ...] = ()
    description: str
    places: tuple[Place, ...]
    telling: tuple[str, ...]
    watch: tuple[float, float] | None = None
    why: str

    @property
    def seconds(self) -> float:
        """How long it moves; 0 when it does not."""
        if not self.timeline:
            return 0.0
        return self.timeline[-1].at + FINAL_HOLD

    @property
    def motion_digest(self) -> str:
        stored = self.model_dump(mode="json", include={"timeline"})
        return motion_digest(stored["timeline"])


class Pool(Frozen):
    """All categories and exemplars of one edition of the pool.

    `cites` has the publications of each source that a category names, as HTML of one line.
    """

    categories: tuple[Category, ...]
    exemplars: tuple[Exemplar, ...]
    cites: dict[str, tuple[str, ...]] = {}

    @cached_property
    def category_by_key(self) -> dict[str, Category]:
        return {category.key: category for category in self.categories}

    @cached_property
    def exemplar_by_key(self) -> dict[str, Exemplar]:
        return {exemplar.key: exemplar for exemplar in self.exemplars}

    def category(self, key: str) -> Category | None:
        return by_key(self.categories, key)

    def cited_by(self, category: Category) -> list[str]:
        """The publications that a category rests on, each once, in the order of its sources."""
        cited: dict[str, None] = {}
        for key in category.sources:
            cited |= dict.fromkeys(self.cites.get(key, ()))
        return list(cited)

    def is_signal(self, exemplar: Exemplar) -> bool:
        return self.category_by_key[exemplar.category].is_signal

    def for_practice(self) -> Iterator[Exemplar]:
        """The exemplars that are in no sealed form, in the order of the pool."""
        return (exemplar for exemplar in self.exemplars if not exemplar.form)

    def of_form(self, form: str) -> Iterator[Exemplar]:
        """The exemplars of one sealed form, in the order of the pool."""
        return (exemplar for exemplar in self.exemplars if exemplar.form == form)
