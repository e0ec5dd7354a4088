"""What somebody is drawn from (joints, proportions, pose, clothes), and the layers of a drawing.
How a body is drawn is in body.py, limbs.py and head.py; who is in a scene, in baby.py and carer.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from courses.figure.palette import IRIS, LINE, Ink

if TYPE_CHECKING:
    from courses.figure.anatomy.skeleton import Build, Skeleton

Numbers = Mapping[str, float]
"""A pose as numbers, by the names of vocabulary.py."""


class Layer(NamedTuple):
    """One layer of a drawing: its depth (larger is nearer), its SVG, and what it shows."""

    depth: float
    svg: str
    name: str


@dataclass(frozen=True)
class FaceDetails:
    """What a face has that does not move: eye colour, teeth, and whether it is a grown-up's.

    `has` holds words of vocabulary.DIFFERENCES.
    """

    iris: str = IRIS
    teeth: bool = False
    adult: bool = False
    has: tuple[str, ...] = ()
    brow: str = LINE  # a grown-up's


@dataclass(frozen=True)
class Appearance:
    """Clothes, hair and face: how a person looks, apart from what moves.

    Attributes:
        suit: colour of what covers the trunk and sleeves.
        sleeve: fraction of the whole arm that is covered.
        legs: colour of trousers; "" for a bodysuit and bare legs.
        shoes: their colour; "" for bare feet.
        hair_colour: one of palette.HAIRS.
        toy: held by a hand whose `hold` is 1.
        hands, feet: False when they are out of sight, and so need no drawing.
    """

    suit: str = "#a9c4b3"
    sleeve: float = 0.24
    legs: str = ""
    shoes: str = ""
    hair: str = "short"
    hair_colour: str = "dark-brown"
    toy: str = "none"
    hands: bool = True
    feet: bool = True
    face: FaceDetails = field(default_factory=FaceDetails)


@dataclass(frozen=True)
class Person:
    """Everything needed to draw somebody; `uid` begins the ids of their eyes and mouth."""

    skeleton: Skeleton
    build: Build
    numbers: Numbers
    appearance: Appearance
    ink: Ink
    uid: str

    @property
    def unit(self) -> float:
        """Half the height of their head, in units of the picture."""
        return self.skeleton.root.unit
