"""The certificate of a completed course, claimed by its learner.

What it says and how it is issued is in `certificates`, which knows nothing of enrolments.
"""

from datetime import datetime

from courses.assessment.actions import Refused
from courses.certificates.actions import issue_certificate
from courses.certificates.facts import Completion
from courses.certificates.models import Certificate
from courses.learning.models import Enrolment
from courses.learning.queries import EnrolmentProgress


class NotCompleted(Refused):
    """The course is not completed, so there is nothing to certify yet."""


def claim_certificate(
    enrolment_progress: EnrolmentProgress, name: str, now: datetime
) -> Certificate:
    """The certificate of this enrolment: the one there is, or a new one with the facts of now.

    Raises:
        NotCompleted: the course is not completed.
        NameMissing: the name has no letter in it.
    """
    enrolment = enrolment_progress.enrolment
    if enrolment.completed_at is None:
        raise NotCompleted("This course is not completed yet. Its page shows what is left.")
    return issue_certificate(_completion(enrolment, enrolment.completed_at), name, now)


def _completion(enrolment: Enrolment, completed_at: datetime) -> Completion:
    return Completion(
        enrolment_id=enrolment.pk,
        user_id=enrolment.user_id,
        course_id=enrolment.course_id,
        edition_id=enrolment.edition_id,
        completed_at=completed_at,
    )
