"""A small pool for tests of practice: opposites in pairs, some exemplars of each, sealed forms."""

from courses.library.content.exemplars import (
    MASTERY_FORMS,
    SEALED_FORMS,
    Category,
    Exemplar,
    Place,
    Pool,
)
from courses.library.content.pictures import Ring

PLACES = tuple(
    Place(key=key, ring=Ring(x=x, y=y, r=10))
    for key, x, y in [
        ("eyes", 50, 22),
        ("face", 50, 30),
        ("hands", 25, 45),
        ("hands", 75, 45),
        ("body", 50, 55),
        ("legs", 40, 80),
        ("legs", 60, 80),
    ]
)


def small_pool(pairs: int = 4, practice: int = 8, sealed: int = 2, mastery: int = 0) -> Pool:
    """`pairs` signals with their opposites.

    Args:
        practice: exemplars of each category outside the sealed forms; tiers 1, 2, 3 in turn.
        sealed: exemplars of each category in each sealed form.
        mastery: those of the checks of 40, when not the same as `sealed`.
    """
    categories = []
    exemplars = []
    for number in range(pairs):
        sign, calm = f"sign-{number}", f"calm-{number}"
        for key, opposite, is_signal in ((sign, calm, True), (calm, sign, False)):
            categories.append(_category(key, opposite, is_signal))
            exemplars += _exemplars(key, opposite, practice, "")
            for form in SEALED_FORMS:
                count = mastery or sealed if form in MASTERY_FORMS else sealed
                exemplars += _exemplars(key, opposite, count, form)
    return Pool(categories=tuple(categories), exemplars=tuple(exemplars))


def _category(key: str, opposite: str, is_signal: bool) -> Category:
    return Category(
        key=key,
        name=f"A baby of {key}",
        is_signal=is_signal,
        opposite=opposite,
        about="What to look for.",
        steps=("R1",) if is_signal else ("R0",),
        do="Pause, and watch.",
        sources=("C2.4",),
    )


def _exemplars(category: str, mistaken_for: str, count: int, form: str) -> list[Exemplar]:
    exemplars = []
    for number in range(count):
        exemplar = Exemplar(
            key=f"{category}/{form or 'practice'}/{number}",
            category=category,
            tier=number % 3 + 1,
            mistaken_for=mistaken_for,
            form=form,
            age_months=4,
            setting="On a mat at home, four months old.",
            pose={"gaze": "left" if mistaken_for.startswith("calm") else "ahead"},
            description="A baby lies on a mat.",
            places=PLACES,
            telling=("eyes",),
            why="The eyes look away.",
        )
        exemplars.append(exemplar)
    return exemplars
