"""Setting and removing an organisation's logo. What a logo is made of is in `logo_pictures`."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from courses.organisations.actions import may_manage
from courses.organisations.logo_pictures import LogoPicture
from courses.organisations.models import Logo
from courses.people.audit import AuditEvent
from courses.people.models import Organisation, User
from courses.people.permissions import NotYours


@transaction.atomic
def set_logo(
    manager: User, organisation: Organisation, picture: LogoPicture, now: datetime
) -> bool:
    """Gives the organisation this logo. The one before is kept for what shows it by its digest.

    Returns whether it is another than before.

    Raises:
        NotYours: the person does not manage the organisation.
    """
    current = _begin(manager, organisation)
    if current.filter(digest=picture.digest).exists():
        return False
    current.update(replaced_at=now)
    Logo.objects.create(
        organisation=organisation,
        png=picture.png,
        digest=picture.digest,
        width=picture.width,
        height=picture.height,
        set_by=manager,
        set_at=now,
    )
    _log(manager, "set_logo", organisation, picture.digest, now)
    return True


@transaction.atomic
def remove_logo(manager: User, organisation: Organisation, now: datetime) -> bool:
    """Takes the logo off pages and new certificates. Returns whether there was one.

    Raises:
        NotYours: the person does not manage the organisation.
    """
    current = _begin(manager, organisation)
    if not current.update(replaced_at=now):
        return False
    _log(manager, "remove_logo", organisation, "", now)
    return True


def _begin(manager: User, organisation: Organisation) -> QuerySet[Logo]:
    """Checks the right, and lets two uploads at once run one after the other."""
    if not may_manage(manager, organisation):
        raise NotYours("A manager of the organisation does this. Nothing was changed.")
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    return Logo.objects.current().filter(organisation=organisation)


def _log(
    manager: User, action: str, organisation: Organisation, digest: str, now: datetime
) -> None:
    details = {"organisation": organisation.slug, "digest": digest}
    AuditEvent.objects.create(actor=manager, action=action, details=details, at=now)
