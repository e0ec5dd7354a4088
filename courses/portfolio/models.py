"""The texts that searching looks through, as rows. They are made from editions, never by hand."""

from django.db import models


class SearchEntry(models.Model):
    """One text of an edition that can be found: a step, what teaches after it, a term, a sign.

    A row is made by `actions.index_editions` and never changes. `key` is unique among those of its
    kind in the edition, and for a step its lesson's key and its own, with a slash. `version` is
    that of the way it was made: rows of another are made anew.

    The database's own search stands beside this table, in migration 0016: on SQLite a virtual
    table that triggers keep, on PostgreSQL an index. A migration that changes this table on SQLite
    makes it anew, and so must make the triggers anew too.
    """

    class Kind(models.TextChoices):
        STEP = "step"
        AFTER = "after"  # what a step teaches after an answer
        TERM = "term"
        SIGN = "sign"

    edition = models.ForeignKey("courses.Edition", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    key = models.CharField(max_length=130)
    title = models.TextField()
    body = models.TextField()
    version = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "kind", "key"], name="one_entry_of_a_text")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} of {self.edition_id}"
