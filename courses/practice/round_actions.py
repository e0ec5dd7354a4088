"""A round from its first case to its last: begun, judged, skipped.

Which cases are drawn is in `mix`; pages and forms are elsewhere.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random, SystemRandom
from uuid import UUID, uuid4

from django.db import transaction

from courses.library.content import Exemplar, Pool
from courses.library.content.exemplars import PLACES
from courses.people.models import User
from courses.people.permissions import Refused
from courses.practice import mix
from courses.practice.answers import Answer
from courses.practice.mastery import next_form
from courses.practice.models import Case, Judgement, Round
from courses.practice.pool_queries import newest_pool, pool_of
from courses.practice.round_queries import forms_used_by, past_of

FORM_OF_KIND = {
    Round.Kind.BEFORE: "before",
    Round.Kind.AFTER: "after",
    Round.Kind.DAY_30: "day-30",
    Round.Kind.DAY_90: "day-90",
}
NEAR_ENOUGH = 0.5  # seconds before and after the span in which a cue can be seen
LONGEST = 3_600_000  # milliseconds for one case that are believed


class NoPool(Refused):
    """There is nothing to draw from: no edition of the pool, or an empty one."""


class NoTryLeft(Refused):
    """Both checks of 40 were taken."""


class CheckTaken(Refused):
    """This sealed check was finished before; a second look would measure memory of its pictures."""


class BadAnswer(Refused):
    """What was sent is none of the choices of this case."""


class CaseClosed(Refused):
    """The case was skipped, or its round was left."""


@transaction.atomic
def begin_round(
    user: User,
    kind: str,
    now: datetime,
    *,
    key: UUID | None = None,
    categories: Collection[str] = (),
    size: int = mix.ROUND,
    rng: Random | None = None,
) -> Round:
    """Draws the cases of a round and freezes them. A check that was begun goes on.

    Args:
        kind: of `Round.Kind`. The sealed form follows from it, for the check of 40 the first that
            this person has not had.
        key: the client's id of the press: pressed twice, there is one round.
        categories: keys to draw from alone; none: all.
        size: cases of a round of practice; a sealed form is whole.

    Raises:
        NoPool: nothing can be drawn.
        NoTryLeft: both checks of 40 were taken.
        CheckTaken: the check of this kind was finished.
    """
    # Two presses at once wait for each other here, so that no check is begun twice.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    begun = _begun_by(user, kind, key)
    if begun:
        return begun
    form = _form_for(user, kind)
    edition = newest_pool()
    if edition is None:
        raise NoPool("There are no cases to practise with yet.")
    wanted = Wanted(kind, form, categories, size)
    drawn = _draw(user, pool_of(edition.pk), wanted, now, rng or SystemRandom())
    if not drawn:
        raise NoPool("There are no cases to practise with yet.")
    new = Round.objects.create(
        key=key or uuid4(), user=user, pool=edition, kind=kind, form=form, begun_at=now
    )
    Case.objects.bulk_create(_cases_of(new, drawn))
    return new


@dataclass(frozen=True)
class Wanted:
    """What a round is to be made of, as in `begin_round`; `form` is "" for practice."""

    kind: str
    form: str
    categories: Collection[str]
    size: int


def _begun_by(user: User, kind: str, key: UUID | None) -> Round | None:
    """The round that this press began already, or the check of this kind that is not finished."""
    same = Round.objects.filter(key=key).first() if key else None
    if same and same.user_id != user.pk:
        raise BadAnswer("Please press the button again.")
    if same or not _is_check(kind):
        return same
    checks = Round.objects.taken_by(user).of_kind(kind).open()
    return checks.order_by("-begun_at").first()


def _is_check(kind: str) -> bool:
    return kind == Round.Kind.MASTERY or kind in FORM_OF_KIND


def _form_for(user: User, kind: str) -> str:
    """The sealed form of a check that this person has not had; "" for practice."""
    if not _is_check(kind):
        return ""
    used = forms_used_by(user, kind)
    if kind == Round.Kind.MASTERY:
        unused = next_form(used)
        if unused is None:
            raise NoTryLeft("You have taken both checks. Practice is open as long as you like.")
        return unused
    form = FORM_OF_KIND[Round.Kind(kind)]
    if form in used:
        raise CheckTaken("You have done this check. Its cases are measured once.")
    return form


def _draw(
    user: User, pool: Pool, wanted: Wanted, now: datetime, rng: Random
) -> Sequence[mix.Drawn]:
    if wanted.form:
        return mix.draw_form(pool, wanted.form, rng)
    return mix.draw_round(
        pool,
        past_of(user),
        now,
        rng,
        size=wanted.size,
        signals=mix.RARE_SIGNALS if wanted.kind == Round.Kind.RARE else None,
        categories=wanted.categories,
    )


def _cases_of(new: Round, drawn: Sequence[mix.Drawn]) -> list[Case]:
    cases = []
    for position, case in enumerate(drawn, 1):
        options = list(case.options)
        cases.append(
            Case(round=new, position=position, exemplar_key=case.exemplar_key, options=options)
        )
    return cases


@transaction.atomic
def judge_case(case: Case, answer: Answer, now: datetime) -> Judgement:
    """Stores what was seen in a case, once; a repeat is acknowledged and changes nothing.

    The last case of a round finishes it. The caller has fetched the case by `taken_by`.

    Raises:
        BadAnswer: it is none of the case's choices.
        CaseClosed: the case was skipped, or the round was left.
    """
    a_round = Round.objects.select_for_update(no_key=True).get(pk=case.round_id)
    judged = Judgement.objects.filter(case=case).first()
    if judged:
        return judged
    _check_open(case, a_round)
    pool = pool_of(a_round.pool_id)
    exemplar = pool.exemplar_by_key[case.exemplar_key]
    _check_answer(case, exemplar, answer)
    judgement = Judgement.objects.create(
        case=case,
        user_id=a_round.user_id,
        exemplar_key=exemplar.key,
        category=exemplar.category,
        is_signal=pool.is_signal(exemplar),
        chosen=answer.chosen,
        called_signal=pool.category_by_key[answer.chosen].is_signal,
        place=answer.place,
        is_place_right=answer.place in exemplar.telling if answer.place else None,
        moment=answer.moment,
        is_moment_right=_is_moment_right(exemplar, answer.moment),
        certainty=answer.certainty,
        step=answer.step,
        is_step_right=_is_step_right(pool, exemplar, answer.step),
        milliseconds=_believed(answer.milliseconds),
        by_text=answer.by_text,
        is_warm_up=_is_warm_up(a_round),
        made_at=now,
    )
    _finish_if_done(a_round, now)
    return judgement


def _check_open(case: Case, a_round: Round) -> None:
    if case.skipped_at or Case.objects.filter(pk=case.pk).exclude(skipped_at=None).exists():
        raise CaseClosed("You skipped this case. Another came in its place.")
    if a_round.left_at:
        raise CaseClosed("You left this round. What you had answered is kept.")


def _check_answer(case: Case, exemplar: Exemplar, answer: Answer) -> None:
    if answer.chosen not in case.options:
        raise BadAnswer("Choose what you see first.")
    if answer.place and answer.place not in PLACES:
        raise BadAnswer("Choose where you see it from the list.")
    if answer.moment is not None and not 0 <= answer.moment <= exemplar.seconds:
        raise BadAnswer("Choose a moment of the scene.")


def _is_moment_right(exemplar: Exemplar, moment: float | None) -> bool | None:
    if moment is None or exemplar.watch is None:
        return None
    begin, end = exemplar.watch
    return begin - NEAR_ENOUGH <= moment <= end + NEAR_ENOUGH


def _is_step_right(pool: Pool, exemplar: Exemplar, step: str) -> bool | None:
    if not step:
        return None
    return step in pool.category_by_key[exemplar.category].steps


def _believed(milliseconds: int | None) -> int | None:
    """The time as the browser gave it; None for one that no case takes, as of a page left open."""
    if milliseconds is None or not 0 <= milliseconds <= LONGEST:
        return None
    return milliseconds


def _is_warm_up(a_round: Round) -> bool:
    if a_round.is_check:
        return False
    before = Judgement.objects.made_by(a_round.user_id)
    return before.count() < mix.WARM_UP


def _finish_if_done(a_round: Round, now: datetime) -> None:
    left = Case.objects.filter(round=a_round, skipped_at=None, judgement=None)
    if not left.exists():
        Round.objects.filter(pk=a_round.pk, finished_at=None).update(finished_at=now)


@transaction.atomic
def skip_case(case: Case, now: datetime, rng: Random | None = None) -> None:
    """Leaves a case out and draws an equal one for the end of the round; nobody is told.

    A second press changes nothing. A case that was judged stays so.

    Raises:
        CaseClosed: the round was left.
    """
    a_round = Round.objects.select_for_update(no_key=True).get(pk=case.round_id)
    if a_round.left_at:
        raise CaseClosed("You left this round. What you had answered is kept.")
    unjudged = Case.objects.filter(pk=case.pk, skipped_at=None, judgement=None)
    if not unjudged.update(skipped_at=now):
        return
    pool = pool_of(a_round.pool_id)
    like = pool.exemplar_by_key[case.exemplar_key]
    cases = Case.objects.filter(round=a_round)
    taken = set(cases.values_list("exemplar_key", flat=True))
    past = past_of(a_round.user)
    drawn = mix.draw_another(pool, past, now, rng or SystemRandom(), like, taken)
    if drawn:
        last = cases.order_by("-position").values_list("position", flat=True)[0]
        Case.objects.create(
            round=a_round,
            position=last + 1,
            exemplar_key=drawn.exemplar_key,
            options=list(drawn.options),
            replaces=case,
        )
    _finish_if_done(a_round, now)
