"""When the last step of a lesson was finished with checks left to try; the last release leaves it empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0013_plan_outcomes")]

    operations = [
        migrations.AddField("LessonRecord", "ended_at", models.DateTimeField(null=True)),
    ]
