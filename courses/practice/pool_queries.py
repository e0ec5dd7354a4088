"""The pool as pages use it: the newest edition, read once a process.

How it is published lives in `authoring`.
"""

from functools import lru_cache

from courses.library.content import Pool
from courses.practice.models import PoolEdition


def newest_pool() -> PoolEdition | None:
    """The edition that new rounds draw from, without its content; None before the first one."""
    return PoolEdition.objects.defer("content").order_by("-number").first()


@lru_cache(maxsize=8)
def pool_of(edition_id: int) -> Pool:
    """The content of an edition: one SQL query the first time, none after that."""
    content = PoolEdition.objects.values_list("content", flat=True).get(pk=edition_id)
    return Pool.model_validate(content)
