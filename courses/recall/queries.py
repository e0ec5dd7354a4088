"""What is due for one learner today."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from courses.library.content import Category
from courses.people.models import User
from courses.practice.models import Round
from courses.practice.pool_queries import newest_pool, pool_of
from courses.recall.models import RecallCard
from courses.recall.schedule import DayList, Standing, day_list, london_day

ROUNDS_OF_A_DAY = UUID("5f5a7e0c-3d0b-4b2c-9f5e-7e1f0c8a2d41")  # the namespace of their keys


@dataclass(frozen=True)
class Today:
    """Today's cases of one learner.

    Attributes:
        left: the categories still to be judged today, the most overdue first.
        planned: how many there were as the day began, 10 at most; it never grows in a day.
        round: the round that was begun for them, None before.
        next_on: the earliest day on which something is due after today; None without a card.
    """

    left: tuple[Category, ...]
    planned: int
    round: Round | None
    next_on: date | None

    @property
    def is_open(self) -> bool:
        """Whether there is anything to judge: a round to go on with, or one to begin."""
        if self.round:
            return self.round.finished_at is None and self.round.left_at is None
        return bool(self.left)


def round_key(user: User, today: date) -> UUID:
    """The key of this person's round of today: there is one a day, however often it is begun."""
    return uuid5(ROUNDS_OF_A_DAY, f"{user.key} {today.isoformat()}")


def today_of(user: User, now: datetime) -> Today:
    """What is due today, without what the newest pool no longer has. Three SQL queries at most.

    One query for somebody who has judged nothing yet.
    """
    cards = list(RecallCard.objects.held_by(user))
    edition = newest_pool() if cards else None
    if edition is None:
        return Today((), 0, None, None)
    today = london_day(now)
    categories = pool_of(edition.pk).category_by_key
    cards = [card for card in cards if card.category in categories]
    due = _day_list(cards, today)
    begun = None
    if due.planned:
        begun = Round.objects.taken_by(user).filter(key=round_key(user, today)).first()
    later = [london_day(card.due_at) for card in cards if london_day(card.due_at) > today]
    return Today(
        left=tuple(categories[key] for key in due.left),
        planned=len(due.planned),
        round=begun,
        next_on=min(later, default=None),
    )


def _day_list(cards: list[RecallCard], today: date) -> DayList:
    standings = []
    for card in cards:
        standing = _as_the_day_began(card, today)
        if standing:
            standings.append(standing)
    return day_list(standings, today)


def _as_the_day_began(card: RecallCard, today: date) -> Standing | None:
    """None for a category that was judged for the first time today."""
    if london_day(card.reviewed_at) < today:
        return Standing(card.category, card.reviewed_at, card.due_at, is_done=False)
    if card.was_reviewed_at is None or card.was_due_at is None:
        return None
    return Standing(card.category, card.was_reviewed_at, card.was_due_at, is_done=True)
