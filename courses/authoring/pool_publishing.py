"""Publishing the pool: a new immutable edition when anything in it changed.

Reading, growing and checking it are in `pool`.
"""

import hashlib
from datetime import datetime

from django.db import transaction

from courses.library.content.exemplars import Pool
from courses.practice.models import PoolEdition


class KeyChanged(ValueError):
    """A published key now has another category or form; the message names it."""


def digest_of(pool: Pool) -> str:
    """SHA-256 of the whole pool, fields at their defaults left out, as for a course."""
    rendered = pool.model_dump_json(exclude_defaults=True)
    return hashlib.sha256(rendered.encode()).hexdigest()


@transaction.atomic
def publish_pool(pool: Pool, now: datetime) -> bool:
    """Makes a new edition of the pool; False when the newest is the same already.

    Raises:
        KeyChanged: learners may have judged an exemplar as what it is no more, or have seen in
            practice what is sealed now. Nothing is written.
    """
    # Two publishings at once wait for each other here; of the very first, `number` is unique.
    list(PoolEdition.objects.order_by("pk").select_for_update().values_list("pk"))
    newest = PoolEdition.objects.defer("content").order_by("-number").first()
    digest = digest_of(pool)
    if newest and newest.digest == digest:
        return False
    _check_keys(pool)
    PoolEdition.objects.create(
        number=newest.number + 1 if newest else 1,
        digest=digest,
        content=pool.model_dump(mode="json", exclude_defaults=True),
        published_at=now,
    )
    return True


def _check_keys(pool: Pool) -> None:
    """Every key that any edition has is what it was; one that is gone may stay so.

    Raises:
        KeyChanged
    """
    for exemplars in PoolEdition.objects.values_list("content__exemplars", flat=True):
        for published in exemplars or []:
            exemplar = pool.exemplar_by_key.get(published["key"])
            if exemplar is None:
                continue
            before = published["category"], published.get("form", "")
            if (exemplar.category, exemplar.form) != before:
                was = " in ".join(part for part in before if part)
                raise KeyChanged(
                    f"exemplar {exemplar.key} was published as {was} and now is"
                    f" {exemplar.category} {exemplar.form}; draw a new one in its place"
                )
