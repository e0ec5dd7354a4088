"""A reviewer rates an exemplar, once."""

from datetime import datetime

from courses.library.content import Pool
from courses.people.models import User
from courses.people.permissions import Refused
from courses.practice.models import PanelRating


class NotOnThePanel(Refused):
    """The person is no reviewer."""


class BadRating(Refused):
    """There is no such exemplar to rate, or no such category."""


def rate_exemplar(
    reviewer: User, pool: Pool, exemplar_key: str, chosen: str, certainty: int, now: datetime
) -> PanelRating:
    """Stores what a reviewer sees; a second rating of the same exemplar changes nothing.

    Raises:
        NotOnThePanel: the person may not rate.
        BadRating: the exemplar is none for practice, or the category is none of the pool.
    """
    if not reviewer.is_reviewer:
        raise NotOnThePanel("You may not rate drawings.")
    exemplar = pool.exemplar_by_key.get(exemplar_key)
    if exemplar is None or exemplar.form or chosen not in pool.category_by_key:
        raise BadRating("Choose what you see in this drawing.")
    fields = {"chosen": chosen, "certainty": certainty, "rated_at": now}
    # Of two requests at once, the constraint lets one create the row.
    rating, _ = PanelRating.objects.get_or_create(
        reviewer=reviewer, exemplar_key=exemplar_key, defaults=fields
    )
    return rating
