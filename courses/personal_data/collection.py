"""All that is held about a person, read table by table. Which tables there are is in `tables`."""

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Q, TextField
from django.db.models.functions import Cast, Lower

from courses.people.models import LEADING_ROLES, Membership, User
from courses.people.sessions import SessionStore
from courses.personal_data.acts import ACTS
from courses.personal_data.table import Table, column_of
from courses.personal_data.tables import OWN
from courses.personal_data.words import answer_in_words
from courses.web.mail.models import OutgoingMail

Row = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """The rows of one table, oldest first, each column by its name; it may have none."""

    key: str
    title: str
    rows: list[Row]


def collect(user: User) -> list[Section]:
    """Everything held about this person, in the order of the tables.

    One SQL query a table and four more, however many rows there are.
    """
    addresses = _addresses_of(user)
    sections = []
    for table in (*OWN, *ACTS):
        sections.append(Section(table.key, table.title, _rows_of(table, user, addresses)))
    sections.append(Section("mails", "Mails to you", _mails(user, addresses)))
    sections.append(Section("sessions", "Sessions", _sessions(user)))
    return sections


def row_count(sections: list[Section]) -> int:
    """How many rows there are in all sections together."""
    return sum(len(section.rows) for section in sections)


def _addresses_of(user: User) -> list[str]:
    """The person's confirmed addresses in lower case.

    Not those that wait for confirmation: anybody may enter anybody's address there.
    """
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    return [address.lower() for address in confirmed.values_list("email", flat=True)]


def _rows_of(table: Table, user: User, addresses: list[str]) -> list[Row]:
    is_theirs = Q()
    for lookup in table.whose:
        is_theirs |= Q(**{lookup: user.pk})
    rows = apps.get_model(table.model)._default_manager.filter(**table.only)
    if table.addressed:
        rows = rows.annotate(lower_address=Lower(table.addressed))
        is_theirs |= Q(lower_address__in=addresses)
    lookups = [*table.fields, table.edition] if table.edition else table.fields
    found = []
    for values in rows.filter(is_theirs).order_by("pk").values(*lookups):
        row = {column_of(lookup): values[lookup] for lookup in table.fields}
        if table.edition:
            row["asked"], row["answer_in_words"] = answer_in_words(row, values[table.edition])
        found.append(row)
    return found


def _mails(user: User, addresses: list[str]) -> list[Row]:
    """When mails to the person were written and sent. What they said is kept by nobody."""
    wanted = set(addresses)
    is_likely = Q()
    for address in addresses:
        is_likely |= Q(recipients__icontains=address)
    if not addresses:
        return []
    names = ["subject", "created_at", "sent_at", "failed_at", "attempts", "last_error"]
    # The subject of a mail to who leads a cohort can hold the name of a learner.
    if Membership.objects.filter(user=user, role__in=LEADING_ROLES).exists():
        names.remove("subject")
    mails = OutgoingMail.objects.annotate(recipients=Cast("to", TextField()))
    found = []
    for row in mails.filter(is_likely).order_by("pk").values("to", *names):
        recipients = {parseaddr(recipient)[1].lower() for recipient in row.pop("to")}
        if recipients & wanted:
            found.append(row)
    return found


def _sessions(user: User) -> list[Row]:
    """When each session of the person ends; a session says of whom it is in its data alone."""
    store, found = SessionStore(), []
    rows = Session.objects.order_by("expire_date").values_list("session_data", "expire_date")
    for data, ends_at in rows.iterator():
        if store.decode(data).get(SESSION_KEY) == str(user.pk):
            found.append({"ends_at": ends_at})
    return found
