"""What a case answers once it was judged: the cue on the drawing, one sentence why, the opposite.

Until a reviewers' panel has rated an exemplar, the key is its author's.
"""

from dataclasses import dataclass

from courses.library.content import Category, Exemplar, Pool, Ring
from courses.library.content.exemplars import PLACES
from courses.practice.forms import STEPS
from courses.practice.models import Judgement
from courses.practice.panel import Split


@dataclass(frozen=True)
class Feedback:
    """Everything that is said of one judged case.

    Attributes:
        chosen, right: categories; the same one when it was seen.
        where: names of the places at which it can be seen.
        rings: their rings on the picture; none for colour or movement alone.
        is_place_right, is_moment_right, is_step_right: None where nothing was given.
        best_step: the rung that fits best, in words.
        panel: the categories that the reviewers chose, with counts; none below five of them.
        is_divided: whether the panel does not agree: the case counts in no error.
        cites: the publications that the category rests on, as HTML of one line.
        beside: an exemplar of what the case is most often mistaken for, and that category; None
            when practice has none.
    """

    judgement: Judgement
    exemplar: Exemplar
    chosen: Category
    right: Category
    where: tuple[str, ...]
    rings: tuple[Ring, ...]
    best_step: str
    beside: Exemplar | None
    beside_category: Category
    panel: tuple[tuple[Category, int], ...]
    is_divided: bool
    cites: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return self.judgement.is_right

    @property
    def is_urgent(self) -> bool:
        """Whether the best step is 999, A&E or a clinician the same day."""
        return self.right.steps[0] in ("R3 now", "R3 today")

    @property
    def headline(self) -> str:
        """One calm line: what was right, never blame."""
        if self.is_divided:
            return "Good observers differ on this one"
        if self.is_right:
            return "You noticed it"
        if self.right.steps[0] == "R3 now" and not self.judgement.is_step_right:
            return "This baby needs help now"
        if self.chosen.is_signal == self.right.is_signal:
            return "Close: look once more"
        if self.right.is_signal:
            return "This one asks for something"
        return "This baby is all right"

    @property
    def caution(self) -> str:
        """How much one sign says: little as a rule (C0.1), and enough where it is urgent (C8)."""
        if self.is_urgent:
            return "One such sign is enough. Act on it first, and look for others on the way."
        return (
            "One cue means little. Look for several together, and for what is usual for this baby."
        )

    @property
    def step_line(self) -> str:
        """What fits next, beside what was chosen; "" when nothing was."""
        if not self.judgement.step:
            return ""
        if self.judgement.is_step_right:
            return "Your next step fits."
        return f"A step that fits better: {self.best_step[0].lower()}{self.best_step[1:]}."

    @property
    def place_line(self) -> str:
        """Where it can be seen, beside where the learner looked."""
        # Not "and": the names hold one themselves.
        where = "; ".join(name.lower() for name in self.where)
        if self.judgement.is_place_right:
            return f"You looked in the right place: {where}."
        return f"Look at: {where}."


def feedback_of(judgement: Judgement, pool: Pool, split: Split) -> Feedback:
    """The feedback to a judgement, from the pool of its round and the panel's ratings.

    No SQL query.
    """
    exemplar = pool.exemplar_by_key[judgement.exemplar_key]
    right = pool.category_by_key[exemplar.category]
    opposite = pool.category_by_key.get(exemplar.mistaken_for)
    if opposite is None or opposite.key == right.key:
        opposite = pool.category_by_key[right.opposite]
    rings = tuple(place.ring for place in exemplar.places if place.key in exemplar.telling)
    return Feedback(
        judgement=judgement,
        exemplar=exemplar,
        chosen=pool.category_by_key[judgement.chosen],
        right=right,
        where=tuple(name for key, name in PLACES.items() if key in exemplar.telling),
        rings=rings,
        best_step=STEPS[right.steps[0]],
        beside=_most_alike(exemplar, opposite, pool),
        beside_category=opposite,
        panel=_panel(split, pool),
        is_divided=split.is_divided,
        cites=tuple(pool.cited_by(right)),
    )


def _panel(split: Split, pool: Pool) -> tuple[tuple[Category, int], ...]:
    if not split.is_shown:
        return ()
    known = pool.category_by_key
    return tuple((known[key], count) for key, count in split.in_order if key in known)


def _most_alike(exemplar: Exemplar, opposite: Category, pool: Pool) -> Exemplar | None:
    """An exemplar for practice of the other category that is of the same age and tier, if any."""
    others = [one for one in pool.for_practice() if one.category == opposite.key]
    if not others:
        return None
    # The key last: the same case always has the same one beside it.
    return min(others, key=lambda other: (*_difference(exemplar, other), other.key))


def _difference(exemplar: Exemplar, other: Exemplar) -> tuple[bool, bool, int, int]:
    """How unlike two exemplars are in what is no cue: the less, the better they show the cue."""
    is_other_place = exemplar.pose.get("setting") != other.pose.get("setting")
    is_other_pace = bool(exemplar.timeline) != bool(other.timeline)
    months = abs(exemplar.age_months - other.age_months)
    return is_other_pace, is_other_place, months, abs(exemplar.tier - other.tier)
