"""The table the anchor inserts into. It is made with `schema_editor`, never by a migration."""

from django.db import models


class Note(models.Model):
    """One row of an insert that nothing could do with less: who, what, when."""

    owner_id = models.BigIntegerField()
    text = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_note"

    def __str__(self) -> str:
        return self.text
