"""How often an activity was answered, and what stands in its form without being an answer yet.

The last release writes answers without a number of tries: it showed everything after the first.
"""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0014_lesson_ended_at")]

    operations = [
        migrations.AddField(
            "ActivityAnswer", "tries", models.PositiveSmallIntegerField(db_default=2)
        ),
        migrations.CreateModel(
            name="ActivityDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lesson_key", models.SlugField(max_length=60)),
                ("activity_key", models.SlugField(max_length=60)),
                ("entered", models.JSONField()),
                ("sequence", models.PositiveIntegerField(default=1)),
                ("event_id", models.UUIDField()),
                ("replaced", models.JSONField(default=list)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="courses.enrolment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enrolment", "lesson_key", "activity_key"),
                        name="one_draft_of_an_activity",
                    )
                ],
            },
        ),
    ]
