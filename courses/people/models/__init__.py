"""Users, organisations and memberships; cohorts, who is in them and which courses they are given.

What people learnt or answered does not live here.
"""

from courses.people.models.cohorts import (
    JOIN_ALPHABET,
    JOIN_CODE_LENGTH,
    Assignment,
    Cohort,
    CohortMembership,
    CohortMembershipQuerySet,
    Extension,
    new_join_code,
    read_code,
)
from courses.people.models.people import LEADING_ROLES, Membership, Organisation, Team, User

__all__ = [
    "JOIN_ALPHABET",
    "JOIN_CODE_LENGTH",
    "LEADING_ROLES",
    "Assignment",
    "Cohort",
    "CohortMembership",
    "CohortMembershipQuerySet",
    "Extension",
    "Membership",
    "Organisation",
    "Team",
    "User",
    "new_join_code",
    "read_code",
]
