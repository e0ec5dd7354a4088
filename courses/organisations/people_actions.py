"""What a manager sets: a person's team and employee number, and which mail domains may join.

Roles and leaving are in `leaving`.
"""

from datetime import datetime

from django.db import transaction

from courses.organisations.actions import may_manage
from courses.people.audit import AuditEvent
from courses.people.models import Membership, Organisation, Team, User
from courses.people.permissions import ChangedMeanwhile, NotYours, Refused, forbid_oneself


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
    manager: User, organisation: Organisation, domains: str, shown: str, now: datetime
) -> bool:
    """Sets the mail domains whose addresses may join, one a line; "": all. Whether they changed.

    `shown` are those that the manager's page showed.

    Raises:
        NotYours: the person does not manage the organisation.
        ChangedMeanwhile: somebody else has set others.
    """
    if not may_manage(manager, organisation):
        raise NotYours("A manager of the organisation does this. Nothing was changed.")
    current = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if current.mail_domains == domains:
        return False
    # Compared here, as what a browser sends as shown may hold what no database takes.
    if current.mail_domains != shown:
        raise ChangedMeanwhile(
            "The mail domains were changed while you had this page open. "
            "Nothing of yours was saved."
        )
    current.mail_domains = domains
    current.save(update_fields=["mail_domains"])
    details = {"organisation": organisation.slug, "domains": len(domains.split())}
    AuditEvent.objects.create(actor=manager, action="set_mail_domains", details=details, at=now)
    return True
