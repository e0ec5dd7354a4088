"""Audit events for those they are about: a person's own, and an organisation's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from courses.people.audit import COHORT_OF, ORGANISATION_OF, AuditEvent
from courses.people.event_words import KINDS, actions_of, sentence
from courses.people.looks import ACTION
from courses.people.models import Cohort, Membership, Organisation, User

PAGE_SIZE = 50


@dataclass(frozen=True)
class Look:
    """Somebody opened one's record on this day. `roles` as they were then, in words."""

    name: str
    roles: str
    organisation: str
    at: datetime


def looks_page(user: User, number: str | None) -> tuple[Page[Any], list[Look]]:
    """Who looked at this person's record, the newest first, by three queries."""
    rows = AuditEvent.objects.filter(subject=user, action=ACTION).select_related("actor")
    page = Paginator(rows.order_by("-at", "-pk"), PAGE_SIZE).get_page(number)
    events = list(page.object_list)
    slugs = {event.details["organisation"] for event in events}
    found = Organisation.objects.filter(slug__in=slugs)
    names = {organisation.slug: organisation.shown_name for organisation in found}
    return page, [_look(event, names) for event in events]


def _look(event: AuditEvent, names: dict[str, str]) -> Look:
    labels = [Membership.Role(role).label for role in event.details["roles"]]
    organisation = names.get(event.details["organisation"], "")
    return Look(event.actor.name, " and ".join(labels), organisation, event.at)


@dataclass(frozen=True)
class Happening:
    """An event of an organisation, in a sentence without anything that people typed but names."""

    words: str
    at: datetime


@dataclass(frozen=True)
class EventsPage:
    """`kinds` has (key, words) of each kind; `kind` is the chosen one, "" for all."""

    page: Page[Any]
    happenings: list[Happening]
    kinds: tuple[tuple[str, str], ...]
    kind: str

    @property
    def kept(self) -> str:
        """What the links to other pages keep of the address."""
        return f"kind={self.kind}&" if self.kind else ""


def events_of(organisation: Organisation) -> QuerySet[AuditEvent]:
    """What was done in this organisation and its cohorts, and nowhere else.

    An event says its organisation by the permanent slug, or its cohort by the key. Each has an
    index of its own in `AuditEvent`, which PostgreSQL uses; SQLite reads the log whole.
    """
    keys = Cohort.objects.filter(organisation=organisation).values_list("key", flat=True)
    cohorts = [str(key) for key in keys]
    events = AuditEvent.objects.alias(slug=ORGANISATION_OF, cohort_key=COHORT_OF)
    return events.filter(Q(slug=organisation.slug) | Q(cohort_key__in=cohorts))


def events_page(organisation: Organisation, kind: str, number: str | None) -> EventsPage:
    """The events of an organisation, the newest first, by three queries.

    Args:
        kind: a key of `event_words.KINDS`; any other stands for all.
    """
    kind = kind if kind in KINDS else ""
    rows = events_of(organisation)
    if kind:
        rows = rows.filter(action__in=actions_of(kind))
    ordered = rows.select_related("actor", "subject").order_by("-pk")
    page = Paginator(ordered, PAGE_SIZE).get_page(number)
    return EventsPage(page, _in_words(page.object_list), tuple(KINDS.items()), kind)


def _in_words(events: Iterable[AuditEvent]) -> list[Happening]:
    happenings = []
    for event in events:
        subject = event.subject.name if event.subject else ""
        words = sentence(event.action, event.actor.name, subject)
        happenings.append(Happening(words, event.at))
    return happenings
