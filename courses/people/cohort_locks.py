"""Locks on the rows of cohorts: of two trainers who change one at once, the second waits."""

from courses.people.models import Cohort
from courses.people.permissions import CohortArchived, CohortClosed


def lock_cohorts(*cohorts: Cohort) -> list[Cohort]:
    """These cohorts as they are now, in the order given, locked until the transaction ends."""
    keys = [cohort.pk for cohort in cohorts]
    # In one order, whatever the order of the arguments: so two of these never wait for each other.
    rows = Cohort.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in keys]


def lock_changeable(cohort: Cohort) -> Cohort:
    """The cohort as it is now, locked until the transaction ends.

    Raises:
        CohortArchived: it can only be read.
    """
    locked = lock_cohorts(cohort)[0]
    forbid_archived(locked)
    return locked


def forbid_archived(cohort: Cohort) -> None:
    """Raises CohortArchived where the cohort can only be read."""
    if cohort.archived_at:
        raise CohortArchived(
            f"{cohort.name} is archived, so nothing was changed. "
            "Take it out of the archive first, in its settings."
        )


def forbid_closed(cohort: Cohort) -> None:
    """Raises CohortClosed where nobody joins the cohort any more."""
    if cohort.closed_at or cohort.archived_at:
        raise CohortClosed(
            f"{cohort.name} is closed, so nobody joins it. Nothing was changed. "
            "One of its trainers can open it again."
        )
