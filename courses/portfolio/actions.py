"""Indexing: editions become the rows that searching looks through."""

import logging

from django.db import transaction
from django.db.models import Exists, OuterRef
from pydantic import ValidationError

from courses.library import content
from courses.library.models import Edition
from courses.portfolio.models import SearchEntry
from courses.portfolio.texts import VERSION, texts_of

logger = logging.getLogger(__name__)
BATCH = 500


@transaction.atomic
def index_editions() -> int:
    """Makes the rows of every edition that has none of this `VERSION`; returns how many editions.

    Run twice, the second time does nothing. Editions that an older release published are among
    them; one that this release cannot read is left out, and tried again the next time.
    """
    current = SearchEntry.objects.filter(edition=OuterRef("pk"), version=VERSION)
    unindexed = Edition.objects.filter(~Exists(current)).order_by("pk")
    # One by one: an edition takes much memory while it is read.
    ids = list(unindexed.values_list("pk", flat=True))
    return sum(_index_edition(edition_id) for edition_id in ids)


def rebuild_index() -> int:
    """Makes all rows anew; returns of how many editions."""
    with transaction.atomic():
        SearchEntry.objects.all().delete()
        return index_editions()


def _index_edition(edition_id: int) -> bool:
    stored = Edition.objects.values_list("content", flat=True).get(pk=edition_id)
    try:
        course = content.read(stored)
    except ValidationError:
        logger.warning("edition not searchable edition=%s", edition_id)
        return False
    SearchEntry.objects.filter(edition=edition_id).delete()
    entries = []
    for text in texts_of(course):
        entries.append(
            SearchEntry(
                edition_id=edition_id,
                kind=text.kind,
                key=text.key,
                title=text.title,
                body=text.body,
                version=VERSION,
            )
        )
    SearchEntry.objects.bulk_create(entries, batch_size=BATCH)
    return True
