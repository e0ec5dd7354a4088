"""The certificate of a completed course: issued by the completion, in its transaction.

What it says and how it is issued is in `certificates`, which knows nothing of enrolments.
"""

from datetime import datetime

from courses.assessment.actions import Refused
from courses.certificates.actions import clean_name, issue_certificate
from courses.certificates.facts import Completion
from courses.certificates.models import Certificate
from courses.learning.models import Enrolment
from courses.learning.queries import EnrolmentProgress
from courses.people.models import User


class NotCompleted(Refused):
    """The course is not completed, so there is nothing to certify yet."""


def certify_completion(
    enrolment: Enrolment, completed_at: datetime, learner: User, now: datetime
) -> Certificate | None:
    """Issues the certificate of a course that was completed just now, with the learner's own name.

    Nobody has to press anything, or to look at it. None: the account's name has no letter in it,
    and the learner is asked for one (`claim_certificate`). Call it in the transaction that writes
    the moment of completion, and from nowhere else: no setting, publishing or mail issues one.
    """
    if not clean_name(learner.name):
        return None
    return issue_certificate(_completion(enrolment, completed_at), learner.name, now)


def claim_certificate(
    enrolment_progress: EnrolmentProgress, name: str, now: datetime
) -> Certificate:
    """The certificate of this enrolment: the one there is, or a new one with the facts of now.

    For a course completed before completions issued one, or by an account without a name.

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
