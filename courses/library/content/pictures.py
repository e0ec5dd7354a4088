"""Places on a picture, whatever it shows and wherever it is used."""

from courses.library.content.frozen import Frozen


class Ring(Frozen):
    """A ring on a picture: its middle and its radius in percent of the picture's side."""

    x: int
    y: int
    r: int
