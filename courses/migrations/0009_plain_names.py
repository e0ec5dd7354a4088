"""Models and fields by the names the field uses; tables and columns keep theirs, so the last release serves beside this one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RENAMED = {
    "Place": ("CohortMembership", "courses_place"),
    "ExtraRequest": ("AccommodationRequest", "courses_extrarequest"),
    "Remark": ("Regrade", "courses_remark"),
    "RemarkedAttempt": ("RegradedAttempt", "courses_remarkedattempt"),
}


def under_its_old_table(name: str) -> list:
    """The table's name is written down first, so that renaming the model leaves the database alone."""
    new, table = RENAMED[name]
    return [migrations.AlterModelTable(name, table), migrations.RenameModel(name, new)]


def a_membership_of(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        model, django.db.models.deletion.CASCADE, related_name="cohort_memberships"
    )


class Migration(migrations.Migration):
    dependencies = [("courses", "0008_confirmed_organisations")]

    operations = [
        *under_its_old_table("Place"),
        *under_its_old_table("ExtraRequest"),
        *under_its_old_table("Remark"),
        *under_its_old_table("RemarkedAttempt"),
        migrations.AlterField(
            "AuditEvent", "deed", models.CharField(max_length=40, db_column="deed")
        ),
        migrations.RenameField("AuditEvent", "deed", "action"),
        migrations.AlterField(
            "RegradedAttempt",
            "remark",
            models.ForeignKey(
                "courses.Regrade",
                django.db.models.deletion.CASCADE,
                related_name="attempts",
                db_column="remark_id",
            ),
        ),
        migrations.RenameField("RegradedAttempt", "remark", "regrade"),
        # The state alone knows the constraint by the field's name; the database holds its column.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("RegradedAttempt", "an_attempt_is_remarked_once_a_run"),
                migrations.AddConstraint(
                    "RegradedAttempt",
                    models.UniqueConstraint(
                        fields=["regrade", "attempt"], name="an_attempt_is_remarked_once_a_run"
                    ),
                ),
            ]
        ),
        migrations.AlterField("CohortMembership", "cohort", a_membership_of("courses.Cohort")),
        migrations.AlterField(
            "CohortMembership", "user", a_membership_of(settings.AUTH_USER_MODEL)
        ),
        migrations.AlterField(
            "RegradedAttempt",
            "attempt",
            models.ForeignKey(
                "courses.Attempt", django.db.models.deletion.CASCADE, related_name="regrades"
            ),
        ),
    ]
