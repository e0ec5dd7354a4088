"""Queries across cohorts and their assignments. Which cohorts a user may see is in models."""

from django.db.models import F

from courses.people.models import Assignment, User


def nearest_due(user: User) -> dict[int, Assignment]:
    """The next assignment due for each course of the user's cohorts, by course id; one query.

    An assignment without a due date comes after those with one. Of two that are due at the same
    time, the one assigned first is taken.
    """
    assignments = Assignment.objects.filter(
        cohort__cohort_memberships__user=user, cohort__cohort_memberships__left_at=None
    )
    due_first = F("due_at").asc(nulls_last=True)
    in_order = assignments.select_related("cohort").order_by(due_first, "assigned_at", "pk")
    nearest: dict[int, Assignment] = {}
    for assignment in in_order:
        nearest.setdefault(assignment.course_id, assignment)
    return nearest
