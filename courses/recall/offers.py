"""What the first page of a learner offers of recall: each with the template that shows it."""

from datetime import datetime

from courses.people.models import User
from courses.recall.queries import today_of


def offers_of(user: User, now: datetime) -> list[tuple[str, object]]:
    """Today's cases, while there are some; nothing says how many are waiting beyond them."""
    offers: list[tuple[str, object]] = []
    today = today_of(user, now)
    if today.is_open:
        offers.append(("recall/_today.html", today))
    return offers
