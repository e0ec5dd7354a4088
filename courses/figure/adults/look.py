"""What a grown-up looks like apart from what moves: colours, hair, beard, glasses.
The words come from a carer; how they are drawn is in body.py, face.py and hair.py."""

from __future__ import annotations

from dataclasses import dataclass

from courses.figure.palette import HAIRS, Ink, mix_colours


@dataclass(frozen=True)
class AdultLook:
    """A grown-up's colours and hair.

    Attributes:
        hair: one of vocabulary.CARER_HAIR.
        hair_colour: the colour itself, of hair or of a scarf.
        top: the colour of what covers trunk and arms.
        wears: one of vocabulary.CARER_WEARS.
    """

    ink: Ink
    hair: str
    hair_colour: str
    top: str
    beard: bool = False
    glasses: bool = False
    wears: str = "jumper"

    @property
    def is_older(self) -> bool:
        """Whether the face has the lines of a grandparent's."""
        return self.hair_colour == HAIRS["grey"]

    @property
    def trousers(self) -> str:
        """Their colour: warm under a cool top, cool under a warm one."""
        red, blue = int(self.top[1:3], 16), int(self.top[5:7], 16)
        return "#5d6672" if red > blue else "#75635c"

    @property
    def top_shade(self) -> str:
        """The top where light does not reach it."""
        return mix_colours(self.top, self.ink.line, 0.16)

    @property
    def fold(self) -> str:
        """The line of a crease in the top."""
        return mix_colours(self.top, self.ink.line, 0.5)
