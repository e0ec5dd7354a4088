"""A pool as an edition in the test's database."""

from django.utils import timezone

from courses.library.content.exemplars import Pool
from courses.models import PoolEdition


def publish(pool: Pool, number: int = 1) -> PoolEdition:
    """The pool as a new edition of the database."""
    return PoolEdition.objects.create(
        number=number,
        digest=f"{number:064}",
        content=pool.model_dump(mode="json"),
        published_at=timezone.now(),
    )
