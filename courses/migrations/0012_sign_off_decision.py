"""A sign-off's `said` becomes `decision`; the column keeps its name, so the last release serves beside this one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0011_accommodation_kind")]

    operations = [
        migrations.AlterField(
            "SignOff",
            "said",
            models.CharField(
                max_length=10,
                choices=[("signed", "Signed off"), ("changes", "Changes asked for")],
                db_column="said",
            ),
        ),
        migrations.RenameField("SignOff", "said", "decision"),
    ]
