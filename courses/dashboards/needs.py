"""Who needs a trainer first: those who asked, then those to remind, then those reminded lately.

The reasons themselves are in `attention`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from courses.assessment.models import AccommodationRequest
from courses.dashboards.queries import Learner

SHOWN = 12  # learners to remind on the first page; the table has all, and requests are never cut


@dataclass(frozen=True)
class Needs:
    """Learners with a reason and without a request: listed, reminded lately, and how many more."""

    shown: list[Learner]
    waiting: list[Learner]
    more: int


def needs_of(learners: list[Learner], now: datetime) -> Needs:
    """Splits the learners who need their trainer into what the first page shows of them.

    Who was reminded today stays in their place, so that the list does not move under the hand.
    Who was reminded in the days before waits apart, so that those after the twelfth come up.
    """
    today = timezone.localdate(now)
    shown: list[Learner] = []
    waiting: list[Learner] = []
    to_do = more = 0
    for learner in learners:
        if learner.asks or not learner.attention_reasons:
            continue
        reminded_at = learner.reminded_at
        if reminded_at and timezone.localdate(reminded_at) == today:
            shown.append(learner)
        elif learner.has_just_been_reminded(now):
            waiting.append(learner)
        elif to_do < SHOWN:
            shown.append(learner)
            to_do += 1
        else:
            more += 1
    return Needs(shown, waiting, more)


def requests_of(learners: list[Learner]) -> list[tuple[AccommodationRequest, Learner]]:
    """What these learners ask their trainers for, with who asks; the oldest first.

    Each request once, whatever the number of cohorts its learner is in. One SQL query, none where
    nobody asks.
    """
    asking: dict[tuple[int, int], Learner] = {}
    for learner in learners:
        if learner.asks:
            asking.setdefault((learner.user_id, learner.assignment.course_id), learner)
    if not asking:
        return []
    users, courses = zip(*asking, strict=True)
    pending = AccommodationRequest.objects.pending().filter(user__in=users, course__in=courses)
    requests = []
    for request in pending:
        asker = asking.get((request.user_id, request.course_id))
        if asker:
            requests.append((request, asker))
    return requests
