"""Looks at the record of a named learner, for that learner to see."""

from datetime import datetime

from django.utils import timezone

from courses.people.audit import AuditEvent
from courses.people.models import LEADING_ROLES, Membership, Organisation, User

ACTION = "look_at_record"


def log_look(viewer: User, learner: User, organisation: Organisation, now: datetime) -> bool:
    """One row for each viewer, learner and day in London; returns whether this call wrote it.

    The one write of a fetch, called before the page is made, so that no record is shown without
    its row: a person has a right to know who saw it, and a form to press before each look would
    stop trainers from looking after those who need them. Most looks are a day's second, and cost
    one question by the unique key. A fetch that a browser makes ahead counts: the page was sent.
    One's own record writes nothing.
    """
    if viewer.pk == learner.pk:
        return False
    once_key = f"look:{viewer.pk}:{learner.pk}:{timezone.localdate(now).isoformat()}"
    if AuditEvent.objects.filter(once_key=once_key).exists():
        return False
    current = Membership.objects.current().filter(user=viewer, organisation=organisation)
    roles = sorted(current.filter(role__in=LEADING_ROLES).values_list("role", flat=True))
    event = AuditEvent(
        actor=viewer,
        subject=learner,
        action=ACTION,
        details={"organisation": organisation.slug, "roles": roles},
        at=now,
        once_key=once_key,
    )
    # Two tabs that open at once: the unique key keeps the first row.
    AuditEvent.objects.bulk_create([event], ignore_conflicts=True)
    return True
