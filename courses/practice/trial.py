"""A scene that anybody may try, without an account: what its page shows. Nothing of it is kept."""

from dataclasses import dataclass

from courses.library.content import Option, Seen
from courses.practice.queries import FirstScene, drawing_of

TRIES = 2  # after which the answer is opened; the same number is in learning/tries.py


@dataclass(frozen=True)
class Line:
    """What is said of an option. `result` is right, wrong, missed or other, as in items."""

    html: str
    result: str
    feedback: str


@dataclass(frozen=True)
class Trial:
    """The scene as its page shows it. Lines and `seen` are there once something was chosen.

    `tries` counts the answers given so far. `options` are key, words, and whether it is chosen.
    """

    first: FirstScene
    options: tuple[tuple[str, str, bool], ...]
    tries: int = 0
    error: str = ""
    is_right: bool = False
    lines: tuple[Line, ...] = ()
    others: tuple[Line, ...] = ()

    @property
    def drawing(self) -> str:
        return drawing_of(self.first.scene)

    @property
    def is_open(self) -> bool:
        """Whether the answer is told."""
        return bool(self.lines) and (self.is_right or self.tries >= TRIES)

    @property
    def seen(self) -> Seen | None:
        return self.first.scene.seen if self.is_open else None


def begin_trial(first: FirstScene) -> Trial:
    """The scene before any answer."""
    return Trial(first, _options(first, ""))


def answer_trial(first: FirstScene, chosen: str, tries: int) -> Trial:
    """The scene after an answer: a hint to the first wrong one, everything after the second.

    Args:
        chosen: the key of an option; any other text asks to choose one.
        tries: the answers given before this one.
    """
    options = {option.key: option for option in first.scene.item.options}
    if chosen not in options:
        error = "Choose what you see first."
        return Trial(first, _options(first, ""), tries, error)
    is_right = options[chosen].correct
    tries += 1
    is_open = is_right or tries >= TRIES
    lines, others = [], []
    for key in sorted(options):
        line = _line(options[key], key == chosen)
        if key == chosen or (is_open and options[key].correct):
            lines.append(line)
        elif is_open:
            others.append(line)
    given = _options(first, chosen)
    return Trial(first, given, tries, "", is_right, tuple(lines), tuple(others))


def _options(first: FirstScene, chosen: str) -> tuple[tuple[str, str, bool], ...]:
    options = {option.key: option for option in first.scene.item.options}
    # The order of the keys says nothing of which option fits.
    return tuple((key, options[key].html, key == chosen) for key in sorted(options))


def _line(option: Option, is_chosen: bool) -> Line:
    chosen_word = "right" if option.correct else "wrong"
    other_word = "missed" if option.correct else "other"
    result = chosen_word if is_chosen else other_word
    return Line(option.html, result, option.feedback)
