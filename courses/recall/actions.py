"""A judgement moves the date of its category; today's cases are begun.

How a case is judged, and what is drawn, are in `practice`.
"""

from datetime import datetime
from random import Random

from django.db import transaction

from courses.people.models import User
from courses.people.permissions import Refused
from courses.practice import round_actions
from courses.practice.answers import Answer
from courses.practice.models import Case, Judgement, Round
from courses.recall.models import RecallCard
from courses.recall.queries import round_key, today_of
from courses.recall.schedule import counts_as_review, london_day, next_memory


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
