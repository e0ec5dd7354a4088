"""A judgement moves the date of its category; today's cases are begun.

How a case is judged, and what is drawn, are in `practice`.
"""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from uuid import uuid5

from django.db import transaction

from courses.learning.queries import EnrolmentProgress
from courses.people.models import User
from courses.people.permissions import Refused
from courses.practice import round_actions
from courses.practice.answers import Answer
from courses.practice.mix import ROUND
from courses.practice.models import Case, Judgement, Round
from courses.recall.follow_up_queries import CASES, facts_of
from courses.recall.follow_ups import offered
from courses.recall.models import RecallCard
from courses.recall.queries import ROUNDS_OF_A_DAY, round_key, today_of
from courses.recall.schedule import counts_as_review, london_day, next_memory


class NotOffered(Refused):
    """The round that was asked for is not on offer now."""


class NothingDue(Refused):
    """No category is due today, or all of today's were judged."""


@transaction.atomic
def judge_case(case: Case, answer: Answer, now: datetime) -> Judgement:
    """Judges a case as `practice` does, and moves the card of its category with it.

    A repeat changes nothing. Raises what `round_actions.judge_case` raises.
    """
    judgement = round_actions.judge_case(case, answer, now)
    _move_card(judgement)
    return judgement


def _move_card(judgement: Judgement) -> None:
    first = next_memory(None, judgement.is_right, judgement.made_at)
    card, is_new = RecallCard.objects.get_or_create(
        user_id=judgement.user_id,
        category=judgement.category,
        defaults={
            "stability": first.stability,
            "difficulty": first.difficulty,
            "reviewed_at": first.reviewed_at,
            "due_at": first.due_at,
            "weights": first.weights,
            "judgement": judgement,
        },
    )
    if is_new:
        return
    # Two tabs wait for each other here, so that one of them moves the card.
    card = RecallCard.objects.select_for_update(no_key=True).get(pk=card.pk)
    if counts_as_review(card.memory, judgement.made_at):
        memory = next_memory(card.memory, judgement.is_right, judgement.made_at)
        card.move_to(memory, judgement)
        card.save()


@transaction.atomic
def begin_follow_up(
    user: User,
    rows: Sequence[EnrolmentProgress],
    kind: str,
    now: datetime,
    rng: Random | None = None,
) -> Round:
    """Begins the round that is on offer today; one that was begun goes on.

    Args:
        rows: how far this person is, from `enrolment_progress_of`.
        kind: what the page offered, of `Round.Kind`.

    Raises:
        NotOffered: something else is on offer now, or nothing.
        NoPool: nothing can be drawn.
    """
    offer = offered(facts_of(user, rows), london_day(now))
    if offer is None or offer.kind != kind:
        raise NotOffered("This is not open now. What is open for you is on this page.")
    # One round a window, however often it is begun.
    name = f"{user.key} {kind} {offer.opens_on.isoformat()}"
    return round_actions.begin_round(
        user,
        kind,
        now,
        key=None if kind in round_actions.FORM_OF_KIND else uuid5(ROUNDS_OF_A_DAY, name),
        size=CASES.get(kind, ROUND),
        rng=rng,
    )


@transaction.atomic
def begin_todays_cases(user: User, now: datetime, rng: Random | None = None) -> Round:
    """Begins the round of what is due today, one case a category; the one begun goes on.

    Raises:
        NothingDue: nothing is left for today.
        NoPool: nothing can be drawn.
    """
    today = today_of(user, now)
    if today.round:
        return today.round
    if not today.left:
        raise NothingDue("Nothing is due today.")
    return round_actions.begin_round(
        user,
        Round.Kind.DUE,
        now,
        key=round_key(user, london_day(now)),
        categories=[category.key for category in today.left],
        size=len(today.left),
        rng=rng,
    )
