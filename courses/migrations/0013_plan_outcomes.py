"""How a plan went, in the learner's own words: a table beside the answers."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0012_sign_off_decision")]

    operations = [
        migrations.CreateModel(
            "PlanOutcome",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sentence", models.TextField()),
                ("planned_on", models.DateField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        max_length=10,
                        choices=[("done", "I did it"), ("not-yet", "Not yet"), ("changed", "I did something else")],
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcome",
                        to="courses.activityanswer",
                    ),
                ),
            ],
        ),
    ]
