"""What is asked for is the kind of a request, no longer its wish; its column keeps its name, for the last release."""

from django.db import migrations, models
from django.db.models import Q

CHOICES = [("attempt", "one more attempt"), ("time", "more time")]


class Migration(migrations.Migration):
    dependencies = [("courses", "0010_publishing_reads_every_file")]

    operations = [
        migrations.AlterField(
            "AccommodationRequest",
            "wish",
            models.CharField(choices=CHOICES, db_column="wish", max_length=10),
        ),
        migrations.RenameField("AccommodationRequest", "wish", "kind"),
        # The state alone knows the constraint by the field's name; the database holds its column.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("AccommodationRequest", "asked_once_at_a_time"),
                migrations.AddConstraint(
                    "AccommodationRequest",
                    models.UniqueConstraint(
                        fields=["user", "course", "quiz_key", "kind"],
                        condition=Q(decided_at=None),
                        name="asked_once_at_a_time",
                    ),
                ),
            ]
        ),
    ]
