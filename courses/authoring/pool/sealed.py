"""Which exemplars are in which sealed form, and how plain each is, by its number alone.

Every form has the same number of signals as of ordinary babies, every category as equally as
integers allow, and the three tiers alike: PRACTICE.md, section 5.
"""

from dataclasses import dataclass
from functools import cache

from courses.authoring.pool.looks import EACH
from courses.library.content.exemplars import CHECK_FORMS, MASTERY_FORMS

TIERS = 3
FOR_PRACTICE = 20
OF_A_KIND = 8  # categories that are signals, and as many that are not
CHECK_HALF = 10  # signals in a form of 20
MASTERY_HALF = 20  # signals in a form of 40


@dataclass(frozen=True)
class Slot:
    """The form ("" for practice) and the tier of an exemplar."""

    form: str
    tier: int


@cache
def slots_of(order: int) -> tuple[Slot, ...]:
    """The slots of a category by number; `order` is its place among those of its kind, from 0."""
    slots = [Slot("", number % TIERS + 1) for number in range(FOR_PRACTICE)]
    for place, form in enumerate(CHECK_FORMS):
        slots += _slots_in(form, place, len(CHECK_FORMS), CHECK_HALF, order)
    for place, form in enumerate(MASTERY_FORMS):
        slots += _slots_in(form, place, len(MASTERY_FORMS), MASTERY_HALF, order)
    if len(slots) != EACH:
        raise AssertionError(f"category {order} has {len(slots)} slots, not {EACH}")
    return tuple(slots)


def _slots_in(form: str, place: int, forms: int, half: int, order: int) -> list[Slot]:
    """Those of one category in one form: the half is dealt out in turn, the rest in its own."""
    owners = [number % OF_A_KIND for number in range(half - half % OF_A_KIND)]
    rest = [number for number in range(OF_A_KIND) if number % forms == place]
    owners += rest
    slots = []
    for number, owner in enumerate(owners):
        if owner == order:
            slots.append(Slot(form, (number + place) % TIERS + 1))
    return slots
