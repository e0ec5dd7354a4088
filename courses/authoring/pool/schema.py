"""The fields of a category's file, `exemplars/<key>.yaml`. Growing from it is in `growing`."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from courses.authoring.pool.looks import EACH
from courses.authoring.schema import Rung
from courses.figure import vocabulary
from courses.figure.camera import FRAMES
from courses.library.authored_fields import Authored, Key, SourceId, Text

Tier = Literal[1, 2, 3]
Spec = dict[str, object]
"""A pose in which a value may be open: see `specs`."""
BABIES = tuple(f"{age} {setting}" for age in vocabulary.AGES for setting in vocabulary.SETTINGS)
Baby = Literal[BABIES]  # type: ignore[valid-type]
Frame = Literal[FRAMES]  # type: ignore[valid-type]
Adult = Literal["none", "smiling", "talking", "quiet", "hand", "rattle", "ball", "bottle"]
PlaceKey = Literal["eyes", "face", "hands", "body", "legs", "colour", "movement"]


class Varies(Authored):
    """What may differ between the babies of a pair of opposites and so never tells which it is.

    `babies` are ages with where they are, such as `young bouncer`. `just_before` are sentences
    for before the answer; each serves both of the pair.
    """

    babies: Annotated[list[Baby], Field(min_length=1)]
    frames: Annotated[list[Frame], Field(min_length=1)]
    adults: Annotated[list[Adult], Field(min_length=1)]
    just_before: Annotated[list[Text], Field(min_length=2)]


class Moment(Authored):
    """A later moment of a moving cue: what changes in the pose, and in words."""

    at: Annotated[float, Field(gt=0, le=8)]
    over: Annotated[float, Field(ge=0.1, le=4)] = 0.9
    pose: Spec
    says: Text


class Cue(Authored):
    """One way in which the category shows.

    Attributes:
        name: for authors alone, unique in the file.
        tiers: how plain it can be: 1 plain, 2 middling, 3 hard.
        mistaken_for: a category of the other kind that it looks like.
        pose: the values that carry it, and what of the rest must be so.
        says: what can be seen, in observable words; of a moving one at its first moment.
        moves: later moments.
        watch: from and to, in seconds, when it can be seen; only of a moving one.
    """

    name: Key
    tiers: Annotated[list[Tier], Field(min_length=1)]
    mistaken_for: Key
    pose: Spec
    says: Text
    moves: Annotated[list[Moment], Field(max_length=6)] = []
    telling: Annotated[list[PlaceKey], Field(min_length=1)]
    watch: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    why: Text

    @model_validator(mode="after")
    def _moves_are_watched(self) -> "Cue":
        if bool(self.moves) != (self.watch is not None):
            raise ValueError("`moves` and `watch` belong together; write both or none")
        return self


class CategoryFile(Authored):
    """One category: what it is, what carries it, and what may vary.

    Attributes:
        order: its place among those of its kind, from 0; it never changes, as the sealed forms
            follow from it.
        varies: written in the file of a signal alone; its opposite varies alike.
        redrawn: numbers, from 0, that were thrown away and grown anew; twice for twice.
    """

    key: Key
    name: Annotated[str, Field(pattern=r"\S", max_length=60)]
    order: Annotated[int, Field(ge=0, le=7)]
    is_signal: bool
    opposite: Key
    about: Text
    steps: Annotated[list[Rung], Field(min_length=1)]
    do: Text
    sources: Annotated[list[SourceId], Field(min_length=1)]
    varies: Varies | None = None
    cues: Annotated[list[Cue], Field(min_length=1)]
    redrawn: list[Annotated[int, Field(ge=0, lt=EACH)]] = []
