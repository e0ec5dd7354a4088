"""What the first page of a learner offers of recall: each with the template that shows it."""

from collections.abc import Sequence
from datetime import datetime

from courses.learning.queries import EnrolmentProgress
from courses.people.models import User
from courses.recall.follow_up_queries import offered_to
from courses.recall.queries import today_of


def offers_of(
    user: User, rows: Sequence[EnrolmentProgress], now: datetime
) -> list[tuple[str, object]]:
    """Follow-ups that are open, and today's cases. Nothing says how many are waiting beyond them.

    `rows` is how far this person is, from `enrolment_progress_of`.
    """
    offered = offered_to(user, rows, now)
    offers: list[tuple[str, object]] = []
    if offered.follow_up:
        offers.append(("recall/_follow_up.html", offered))
    for review in offered.reviews:
        offers.append(("recall/_review.html", review))
    today = today_of(user, now)
    if today.is_open:
        offers.append(("recall/_today.html", today))
    return offers
