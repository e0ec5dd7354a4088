"""Whom to invite, as a form or a roster says it. Inviting them is in `actions`."""

from dataclasses import dataclass

from courses.people.models import Cohort, Membership, Team


@dataclass(frozen=True)
class Invitee:
    """Whom to invite: the e-mail address, and what else is known; "" and None: it is not."""

    email: str
    name: str = ""
    role: str = Membership.Role.LEARNER
    team: Team | None = None
    cohort: Cohort | None = None
    profession: str = ""
    employee_number: str = ""
