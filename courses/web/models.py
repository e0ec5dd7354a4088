"""Counts of rate limits, as rows. How they are counted is in `rate_limits`."""

from django.db import models


class RateLimit(models.Model):
    """The hits of one key in one window of time.

    `scope` names the limit. `key` is a keyed hash of what is counted, so no address or code can be
    read from it. After `ends_at` the row has no meaning and may be deleted. `next_at` is when the
    next hit is allowed; None: at once.
    """

    scope = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    hits = models.PositiveIntegerField(default=0, db_default=0)
    ends_at = models.DateTimeField(db_index=True)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="one_count_of_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.hits} until {self.ends_at}"
