"""What practice holds for one learner: what goes on, what is open, and the two errors so far."""

from dataclasses import dataclass

from courses.library.content import Category
from courses.people.models import User
from courses.practice.detection import (
    Counts,
    Sensitivity,
    counts_of,
    sensitivity,
    weighted_kappa,
)
from courses.practice.mastery import is_mastered, next_form
from courses.practice.mix import ROUND, WARM_UP
from courses.practice.models import Judgement, Round
from courses.practice.pace import gaps_of, minutes_of_round
from courses.practice.panel import FEWEST_FOR_KAPPA, Split
from courses.practice.panel_queries import all_splits
from courses.practice.pool_queries import newest_pool, pool_of
from courses.practice.round_queries import (
    finished_checks_of,
    forms_used_by,
    open_round_of,
)

MOST_CONFUSED = 3  # pairs that are named


@dataclass(frozen=True)
class Confused:
    """What was taken for something else, with how often; at least twice."""

    right: Category
    chosen: Category
    count: int


@dataclass(frozen=True)
class OfCategory:
    """One category: how many of its cases were called right, of how many."""

    category: Category
    right: int
    of: int


@dataclass(frozen=True)
class Overview:
    """Practice of one learner.

    Attributes:
        minutes: about how long a round of twelve takes this person, feedback included.
        goes_on: the round that is not finished, None when there is none.
        judged: all cases judged so far, warm-up and checks included.
        warm_up_left: cases before a score is shown; 0 from then on.
        counts: the two errors of practice after the warm-up, without the checks.
        sensitivity: d′ and c, None below 60 judgements.
        kappa: agreement with the panel beyond chance, None below 20 cases that both judged.
        check_is_open: whether a check of 40 can be begun or gone on with.
    """

    has_pool: bool
    minutes: int
    goes_on: Round | None
    judged: int
    warm_up_left: int
    counts: Counts
    sensitivity: Sensitivity | None
    by_category: tuple[OfCategory, ...]
    confused: tuple[Confused, ...]
    kappa: float | None
    is_mastered: bool
    check_is_open: bool


def overview_of(user: User) -> Overview:
    """Six SQL queries, however much was judged."""
    edition = newest_pool()
    splits = all_splits()
    rows = list(
        Judgement.objects.made_by(user)
        .filter(case__round__form="")
        .order_by("made_at")
        .values_list(
            "exemplar_key",
            "category",
            "chosen",
            "is_signal",
            "called_signal",
            "is_warm_up",
            "case__round_id",
            "made_at",
        )
    )
    divided = {key for key, split in splits.items() if split.is_divided}
    scored = [row[1:5] for row in rows if not row[5] and row[0] not in divided]
    counts = counts_of((is_signal, called) for _, _, is_signal, called in scored)
    used = forms_used_by(user, Round.Kind.MASTERY)
    checks = finished_checks_of(user)
    is_open = len(checks) < len(used) or next_form(used) is not None
    categories = pool_of(edition.pk).category_by_key if edition else {}
    pairs = [(category, chosen) for category, chosen, *_ in scored]
    return Overview(
        has_pool=edition is not None,
        minutes=minutes_of_round(gaps_of(row[6:] for row in rows), ROUND),
        goes_on=open_round_of(user),
        judged=len(rows),
        warm_up_left=max(0, WARM_UP - len(rows)),
        counts=counts,
        sensitivity=sensitivity(counts),
        by_category=_by_category(pairs, categories),
        confused=_confused(pairs, categories),
        kappa=_kappa([(row[0], row[2]) for row in rows], splits, categories),
        is_mastered=is_mastered(checks),
        check_is_open=is_open and not is_mastered(checks),
    )


def _by_category(
    pairs: list[tuple[str, str]], categories: dict[str, Category]
) -> tuple[OfCategory, ...]:
    """In the order of the pool, those of which a case was judged."""
    lines = []
    for key, category in categories.items():
        chosen = [answer for right, answer in pairs if right == key]
        if chosen:
            lines.append(OfCategory(category, chosen.count(key), len(chosen)))
    return tuple(lines)


def _confused(
    pairs: list[tuple[str, str]], categories: dict[str, Category]
) -> tuple[Confused, ...]:
    """The pairs taken for each other most often, at most three, each at least twice."""
    counted: dict[tuple[str, str], int] = {}
    for pair in pairs:
        if pair[0] != pair[1]:
            counted[pair] = counted.get(pair, 0) + 1
    lines = []
    for (right, chosen), count in sorted(counted.items(), key=lambda item: -item[1]):
        is_known = right in categories and chosen in categories
        if count >= 2 and is_known:
            lines.append(Confused(categories[right], categories[chosen], count))
    return tuple(lines[:MOST_CONFUSED])


def _kappa(
    judged: list[tuple[str, str]], splits: dict[str, Split], categories: dict[str, Category]
) -> float | None:
    """Agreement of one's own choices with what most of the panel chose."""
    pairs = []
    for exemplar_key, chosen in judged:
        split = splits.get(exemplar_key)
        answer = split.answer if split else None
        if answer in categories and chosen in categories:
            pairs.append((chosen, answer))
    if len(pairs) < FEWEST_FOR_KAPPA:
        return None
    is_signal = {key: category.is_signal for key, category in categories.items()}
    return weighted_kappa(pairs, is_signal)
