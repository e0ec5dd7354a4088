"""Who was in a cohort and has left it: from when until when, and nothing they learnt.

They are out of the table, its file, the figures and the mail from the moment they left. Of what
they learnt their trainers see nothing any more, as the page about privacy promises.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from courses.people.models import Cohort, CohortMembership, User


@dataclass(frozen=True)
class Leaver:
    """A former learner. `joined_at` and `left_at` are of the last time they were in the cohort."""

    key: UUID
    name: str
    profession: str
    joined_at: datetime
    left_at: datetime


def leavers_of(cohort: Cohort) -> list[Leaver]:
    """Everybody who has left the cohort and is not in it again, the last first; one SQL query."""
    memberships = CohortMembership.objects.filter(cohort=cohort)
    own = memberships.filter(user=OuterRef("user"))
    again = own.filter(pk__gt=OuterRef("pk"))  # by the row: a move keeps when they joined
    ended = memberships.exclude(left_at=None).exclude(Exists(own.filter(left_at=None)))
    newest_first = F("left_at").desc(nulls_last=True)
    last = ended.exclude(Exists(again)).select_related("user").order_by(newest_first, "-pk")
    leavers = []
    for membership in last:
        assert membership.left_at is not None, "only ended memberships were asked for"
        leavers.append(
            Leaver(
                key=membership.user.key,
                name=membership.user.name,
                profession=str(User.Profession(membership.user.profession).label),
                joined_at=membership.joined_at,
                left_at=membership.left_at,
            )
        )
    return leavers
