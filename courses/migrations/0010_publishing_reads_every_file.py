"""Publishing reads every file again, so a course has no stamp of what it was read from.

The column stays in the database, empty by default: the last release still writes it while it serves
beside this one, and this one inserts courses without naming it. Take the column out by a migration
of the next release.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0009_plain_names")]

    operations = [
        migrations.AlterField(
            "Course",
            "read_from",
            models.CharField(blank=True, default="", db_default="", max_length=64),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("Course", "read_from")]
        ),
    ]
