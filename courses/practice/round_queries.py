"""Rounds as they stand: what somebody judged before, and the case that comes next.

What is drawn is in `mix`; what counts as an error is in `detection`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from courses.library.content import Category, Exemplar
from courses.people.models import User
from courses.practice.detection import counts_of
from courses.practice.mastery import Check, is_mastered
from courses.practice.mix import Past
from courses.practice.models import Case, Judgement, Round
from courses.practice.pool_queries import pool_of


@dataclass(frozen=True)
class Shown:
    """A case as a page needs it: what is drawn and what is asked. `exemplar` is private."""

    case: Case
    exemplar: Exemplar
    options: tuple[Category, ...]
    following: Case | None
    """The case to go on to; None when this is the last to judge, or the round is over."""
    number: int
    of: int
    """Which case of the round it is, counted from 1, of how many; skipped ones do not count."""


def past_of(user: User) -> list[Past]:
    """Everything this person judged, of any kind of round, oldest first. One SQL query."""
    fields = ("exemplar_key", "category", "chosen", "made_at")
    rows = Judgement.objects.made_by(user).order_by("made_at").values_list(*fields)
    return [Past(*row) for row in rows]


def open_round_of(user: User) -> Round | None:
    """The round that was begun last and is not finished, for going on where one stopped."""
    rounds = Round.objects.taken_by(user).open().select_related("pool")
    return rounds.defer("pool__content").order_by("-begun_at").first()


def cases_of(a_round: Round) -> list[Case]:
    """The cases in their order, each with its judgement. One SQL query; skipped ones are left out.

    A case that was not judged has no `judgement`.
    """
    cases = Case.objects.filter(round=a_round, skipped_at=None).select_related("judgement")
    return list(cases.order_by("position"))


def next_case(cases: Iterable[Case]) -> Case | None:
    """The first that was not judged, None when all were."""
    for case in cases:
        if not hasattr(case, "judgement"):
            return case
    return None


def shown(case: Case, a_round: Round, cases: list[Case]) -> Shown:
    """A case of this round for its page, without a query once the pool is in memory."""
    pool = pool_of(a_round.pool_id)
    options = tuple(pool.category_by_key[key] for key in case.options)
    exemplar = pool.exemplar_by_key[case.exemplar_key]
    number = 1 + [other.pk for other in cases].index(case.pk)
    others = [other for other in cases if other.pk != case.pk]
    following = next_case(others) if a_round.left_at is None else None
    return Shown(case, exemplar, options, following, number, len(cases))


def finished_checks_of(user: User) -> list[Check]:
    """The finished checks of 40, in the order they were begun. One SQL query."""
    judged = (
        Judgement.objects.made_by(user)
        .filter(case__round__kind=Round.Kind.MASTERY)
        .exclude(case__round__finished_at=None)
        .order_by("case__round__begun_at", "made_at")
    )
    fields = ("case__round__form", "is_signal", "called_signal")
    by_form: dict[str, list[tuple[bool, bool]]] = {}
    for form, is_signal, called_signal in judged.values_list(*fields):
        by_form.setdefault(form, []).append((is_signal, called_signal))
    return [Check(form, counts_of(pairs)) for form, pairs in by_form.items()]


def forms_used_by(user: User, kind: str) -> list[str]:
    """The sealed forms that this person has begun rounds of this kind with, first to last."""
    rounds = Round.objects.taken_by(user).of_kind(kind).order_by("begun_at")
    return list(rounds.values_list("form", flat=True))


def kind_of_next_practice(user: User) -> str:
    """Practice, but for one block with few signs that is not announced, once mastery was shown.

    Where signs are rare they are missed; a burst at half with feedback brings the eye back
    (PRACTICE.md, section 1, airport screeners; fact B43). Three SQL queries at most.
    """
    rare = Round.objects.taken_by(user).of_kind(Round.Kind.RARE)
    if rare.finished().exists() or not is_mastered(finished_checks_of(user)):
        return Round.Kind.PRACTICE
    return Round.Kind.RARE


def round_before(a_round: Round) -> Round | None:
    """The finished round of practice before this one, None when it is the first. One SQL query."""
    kinds = (Round.Kind.PRACTICE, Round.Kind.RARE)
    own = Round.objects.filter(user=a_round.user_id, kind__in=kinds).finished()
    return own.filter(begun_at__lt=a_round.begun_at).order_by("-begun_at").first()
