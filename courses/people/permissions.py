"""Rules of who may act on whom: plain Python, no rows. How people are fetched by right lives in models and views."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


class Refused(Exception):
    """An action that cannot be done; the message says what happened, what is safe and what to do, in plain words."""


class NotYours(Refused):
    """A right this person does not have."""


class OnOneself(NotYours):
    """A right that one has over others only: to grant, reset, void, decline, remind, confirm, let review."""


class OtherDecides(Refused):
    """Another organisation, where the learner learns the same course, decides about attempts."""


class NoLongerHere(Refused):
    """The learner has left the cohort, or the cohort does not have the course."""


def forbid_oneself(actor_id: int, subject_id: int) -> None:
    """The first line of every action on another person.

    Raises:
        OnOneself: it is the same person.
    """
    if actor_id == subject_id:
        raise OnOneself(
            "Nobody does this for themselves. Ask another trainer or administrator. Nothing was changed."
        )


@dataclass(frozen=True)
class CohortPlace:
    """One current place of one learner in a cohort that has the course, with what bears on who decides.

    `confirmed_at` is the organisation's, None: not confirmed. `led_by_another`: a current trainer of the cohort is
    another person than the learner.
    """

    place_id: int
    organisation_id: int
    confirmed_at: datetime | None
    joined_at: datetime
    led_by_another: bool = True


def deciding_place(places: Iterable[CohortPlace]) -> CohortPlace | None:
    """The place whose organisation decides about a learner's attempts at one course; None: nobody does.

    Each organisation sees what happens in its own cohort, but attempts are the learner's, so one must decide: the
    first that is true of these.

    1. A cohort that only the learner leads decides nothing: nobody acts on themselves.
    2. A confirmed organisation decides before one that is not: anybody can make one of those.
    3. Of the rest, the one the learner joined first; of two at the same moment, the one with the lower place id.

    All cohorts of the deciding organisation that have the course decide alike. `PlaceQuerySet.deciding` says the same
    in SQL, for tables of many learners, and tests/test_permissions.py holds the two together.
    """
    candidates = [place for place in places if place.led_by_another]
    return min(candidates, key=_order, default=None)


def _order(place: CohortPlace) -> tuple[bool, datetime, int]:
    return (place.confirmed_at is None, place.joined_at, place.place_id)
