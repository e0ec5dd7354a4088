"""The answer to a case, as it was read from what a page sent. Storing it is in `round_actions`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What somebody saw in a case.

    Attributes:
        chosen: key of one of the case's options.
        certainty: a value of `Certainty`.
        place: a key of `PLACES`, "" for none.
        moment: second of a moving case, None for none.
        step: a rung of the action ladder, "" for none.
        milliseconds: from the picture to the answer; None when it was not measured.
    """

    chosen: str
    certainty: int
    place: str = ""
    moment: float | None = None
    step: str = ""
    milliseconds: int | None = None
    by_text: bool = False
