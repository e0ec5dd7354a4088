"""Rules about who may act on whom. The querysets of what a user may see are in models."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


class Refused(Exception):
    """An action that is refused.

    The message is shown to the user: what happened, whether anything was lost, what to do next.
    """


class NotYours(Refused):
    """The person does not have this right."""


class OnOneself(NotYours):
    """A right over others that nobody may use on themselves: to grant, reset, void, confirm …"""


class OtherDecides(Refused):
    """Another organisation of the learner decides about their attempts at this course."""


class NoLongerHere(Refused):
    """The learner has left the cohort, or the cohort does not have the course."""


class CohortClosed(Refused):
    """The cohort is closed, so nobody joins it."""


class CohortArchived(Refused):
    """The cohort is archived, so it can only be read."""


class ChangedMeanwhile(Refused):
    """Somebody else changed it after the page showed it; see `web.shared_forms`."""


def forbid_oneself(actor_id: int, subject_id: int) -> None:
    """Called first in every action on another person.

    Raises:
        OnOneself: it is the same person.
    """
    if actor_id == subject_id:
        raise OnOneself(
            "Nobody does this for themselves. Ask another trainer or administrator."
            " Nothing was changed."
        )


@dataclass(frozen=True)
class CohortMembershipFacts:
    """A learner's current membership of one cohort that has the course, as the rule below needs it.

    `confirmed_at` is the organisation's; None: it is not confirmed. `led_by_another` is whether
    the cohort has a current trainer who is not the learner.
    """

    membership_id: int
    organisation_id: int
    confirmed_at: datetime | None
    joined_at: datetime
    led_by_another: bool = True


def deciding_membership(
    memberships: Iterable[CohortMembershipFacts],
) -> CohortMembershipFacts | None:
    """The membership whose organisation decides about a learner's attempts at one course.

    None: nobody decides. Each organisation sees what happens in its own cohort, but the attempts
    are the learner's, so only one organisation may grant, reset or void them:

    1. A cohort that only the learner leads does not count: nobody acts on themselves.
    2. A confirmed organisation comes before one that is not: anybody can create the latter.
    3. Then the one joined first; of two at the same moment, the one with the lower id.

    Every cohort of that organisation with the course may decide. The same rule in SQL, for tables
    of many learners, is `CohortMembershipQuerySet.deciding`; tests/test_permissions.py compares
    the two.
    """
    candidates = [membership for membership in memberships if membership.led_by_another]
    return min(candidates, key=_precedence, default=None)


def _precedence(membership: CohortMembershipFacts) -> tuple[bool, datetime, int]:
    is_unconfirmed = membership.confirmed_at is None
    return is_unconfirmed, membership.joined_at, membership.membership_id
