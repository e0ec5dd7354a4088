"""A request keeps the sentence it was answered with; a person may switch reminders off.

One reminder of a due date goes to a person, whichever process sends it.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0016_search")]

    operations = [
        migrations.AddField(
            "AccommodationRequest",
            "answer",
            models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            "User",
            "wants_reminders",
            models.BooleanField("reminders by email", db_default=True, default=True),
        ),
        migrations.CreateModel(
            "DueReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="courses.assignment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "assignment"), name="one_reminder_of_a_due_date"
                    )
                ]
            },
        ),
    ]
