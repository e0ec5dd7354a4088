"""What a manager sets: a person's team and employee number, and which mail domains may join.

Roles and leaving are in `leaving`.
"""

from datetime import datetime

from django.db import transaction

from courses.organisations.actions import may_manage
from courses.people.audit import AuditEvent
from courses.people.models import Membership, Organisation, Team, User
from courses.people.permissions import NotYours, Refused, forbid_oneself


class NumberTaken(Refused):
    """Another person of the organisation has this employee number."""


@transaction.atomic
def set_place(
    manager: User,
    person: User,
    organisation: Organisation,
    team: Team | None,
    employee_number: str,
    now: datetime,
) -> bool:
    """Sets the team (None: none) and the employee number ("": not known) of a person.

    They are facts about the person, so all their current memberships of the organisation have the
    same. Returns whether anything was changed.

    Raises:
        OnOneself: it is the manager.
        NotYours: they do not manage the organisation, or the person is not in it, or the team is
            of another.
        NumberTaken: another current member has the number.
    """
    forbid_oneself(manager.pk, person.pk)
    if not may_manage(manager, organisation):
        raise NotYours("A manager of the organisation does this. Nothing was changed.")
    if team and team.organisation_id != organisation.pk:
        raise NotYours("That team belongs to another organisation. Nothing was changed.")
    # One after the other, so that two people are not given one number at once.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    current = Membership.objects.current().filter(organisation=organisation)
    own = current.filter(user=person)
    if not own.exists():
        raise NotYours("This person is not in the organisation. Nothing was changed.")
    others = current.exclude(user=person)
    if employee_number and others.filter(employee_number__iexact=employee_number).exists():
        raise NumberTaken(f"Somebody else here has the number {employee_number}. Check it.")
    changed = own.exclude(team=team, employee_number=employee_number)
    if not changed.update(team=team, employee_number=employee_number):
        return False
    details = {"organisation": organisation.slug, "team": str(team.key) if team else None}
    AuditEvent.objects.create(
        actor=manager, subject=person, action="set_place", details=details, at=now
    )
    return True


@transaction.atomic
def set_mail_domains(
    manager: User, organisation: Organisation, domains: str, now: datetime
) -> bool:
    """Sets the mail domains whose addresses may join, one a line; "": all. Whether they changed.

    Raises:
        NotYours: the person does not manage the organisation.
    """
    if not may_manage(manager, organisation):
        raise NotYours("A manager of the organisation does this. Nothing was changed.")
    others = Organisation.objects.filter(pk=organisation.pk).exclude(mail_domains=domains)
    if not others.update(mail_domains=domains):
        return False
    details = {"organisation": organisation.slug, "domains": len(domains.split())}
    AuditEvent.objects.create(actor=manager, action="set_mail_domains", details=details, at=now)
    return True
