"""How a round went: what was seen well, what to look for next, and the two errors.

What is said of many rounds is in `overview`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from courses.library.content import Category, Pool
from courses.practice.detection import Counts, counts_of
from courses.practice.mastery import Check
from courses.practice.models import Case, Judgement, Round
from courses.practice.panel_queries import divided_exemplars
from courses.practice.pool_queries import pool_of
from courses.practice.round_queries import round_before

WORTH_ANOTHER_LOOK = 6  # cases at most in the list


@dataclass(frozen=True)
class Line:
    """One case of a round that is worth another look."""

    case: Case
    number: int
    chosen: Category
    right: Category


@dataclass(frozen=True)
class Result:
    """A round, finished or left.

    Attributes:
        judged: how many of its cases were judged.
        is_scored: False while all of it is for getting one's eye in.
        counts: of the judgements that are scored.
        seen_well: the category that was right most often, None when nothing was right.
        look_for: the category that was missed most often, signs before ordinary babies; None when
            all were seen.
        again: what is worth another look; of a check none, since its cases stay sealed.
        before: the counts of the block with few signs, when this is the burst after it; else None.
        check: of a check of 40, what it decides; None for every other round.
    """

    judged: int
    is_scored: bool
    counts: Counts
    right: int
    seen_well: Category | None
    look_for: Category | None
    again: tuple[Line, ...]
    check: Check | None
    before: Counts | None


def result_of(a_round: Round, cases: Sequence[Case]) -> Result:
    """How a round went; `cases` are its own, from `cases_of`. Three SQL queries at most."""
    pool = pool_of(a_round.pool_id)
    judgements = [case.judgement for case in cases if hasattr(case, "judgement")]
    counts = _counts(judgements)
    is_mastery = a_round.kind == Round.Kind.MASTERY
    return Result(
        judged=len(judgements),
        is_scored=bool(counts.total),
        counts=counts,
        right=sum(judgement.is_right for judgement in judgements),
        seen_well=_most(pool, [each.category for each in judgements if each.is_right]),
        look_for=_look_for(pool, judgements),
        again=() if a_round.is_check else _worth_another_look(cases, pool),
        check=Check(a_round.form, counts) if is_mastery else None,
        before=_rare_before(a_round),
    )


def _counts(judgements: Sequence[Judgement]) -> Counts:
    """The two errors: without the warm-up, and without cases on which the panel is divided."""
    divided = divided_exemplars()
    pairs = []
    for judgement in judgements:
        if not judgement.is_warm_up and judgement.exemplar_key not in divided:
            pairs.append((judgement.is_signal, judgement.called_signal))
    return counts_of(pairs)


def _rare_before(a_round: Round) -> Counts | None:
    """How one called when signs were rare, for the round after: two SQL queries at most."""
    if a_round.kind != Round.Kind.PRACTICE:
        return None
    before = round_before(a_round)
    if before is None or before.kind != Round.Kind.RARE:
        return None
    judged = Judgement.objects.filter(case__round=before)
    return counts_of(judged.values_list("is_signal", "called_signal"))


def _most(pool: Pool, categories: Sequence[str]) -> Category | None:
    """The category that is there most often, the first of them in the order they came."""
    if not categories:
        return None
    [(key, _)] = Counter(categories).most_common(1)
    return pool.category_by_key[key]


def _look_for(pool: Pool, judgements: Sequence[Judgement]) -> Category | None:
    missed = [each for each in judgements if not each.is_right]
    signs = [each for each in missed if each.is_signal]
    return _most(pool, [each.category for each in signs or missed])


def _worth_another_look(cases: Sequence[Case], pool: Pool) -> tuple[Line, ...]:
    lines = []
    for number, case in enumerate(cases, 1):
        judgement: Judgement | None = getattr(case, "judgement", None)
        if judgement is None or judgement.is_right:
            continue
        chosen = pool.category_by_key[judgement.chosen]
        lines.append(Line(case, number, chosen, pool.category_by_key[judgement.category]))
    return tuple(lines[:WORTH_ANOTHER_LOOK])
