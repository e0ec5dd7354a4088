"""What Tess has written down for her learners to ring: invented services, numbers of no one.

The numbers are from the range that Ofcom keeps for drama (01632 960000 to 960999).
"""

from datetime import datetime, timedelta

from django.utils import timezone

from courses.pathways.actions import add_pathway
from courses.pathways.entries import PathwayEntry
from courses.people.models import Organisation, User

LONG_AGO = 220  # days, so that one is stale


def write_pathways(tess: User, organisation: Organisation, now: datetime) -> None:
    """Three pathways, the last of them stale."""
    today = timezone.localdate(now)
    entries = (
        PathwayEntry(
            kind="consultation",
            area="",
            service="Invented Parent-Infant Team: duty clinician",
            when_to_use="A worry about a baby and a parent together. No family is named.",
            phone="01632 960 122",
            email="",
            address="",
            hours="Tuesdays, 1 to 3",
            checked_on=today - timedelta(days=20),
        ),
        PathwayEntry(
            kind="referral",
            area="Harbour and Market",
            service="Invented Infant Mental Health Service",
            when_to_use="After a consultation, and with the agreement of the parents.",
            phone="01632 960 140",
            email="infants@example.org",
            address="https://example.org/infants",
            hours="Weekdays, 9 to 5",
            checked_on=today - timedelta(days=45),
        ),
        PathwayEntry(
            kind="referral",
            area="Valley",
            service="Invented CAMHS single point of access",
            when_to_use="",
            phone="01632 960 177",
            email="",
            address="",
            hours="Weekdays, 9 to 12",
            checked_on=today - timedelta(days=LONG_AGO),
        ),
    )
    for entry in entries:
        add_pathway(tess, organisation, entry, now)
