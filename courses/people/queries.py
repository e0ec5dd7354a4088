"""Questions across people, cohorts and what these were given.

Which cohorts somebody may see is asked in models.
"""

from django.db.models import F

from courses.people.models import Assignment, User


def nearest_due(user: User) -> dict[int, Assignment]:
    """What this person's cohorts were given, by course id, in one SQL query.

    Of several cohorts the one due first. One without a date counts after any with one; of two
    alike, the one that was given the course first.
    """
    mine = Assignment.objects.filter(
        cohort__cohort_memberships__user=user, cohort__cohort_memberships__left_at=None
    )
    nearest: dict[int, Assignment] = {}
    first = F("due_at").asc(nulls_last=True)
    for assignment in mine.select_related("cohort").order_by(first, "assigned_at", "pk"):
        nearest.setdefault(assignment.course_id, assignment)
    return nearest
