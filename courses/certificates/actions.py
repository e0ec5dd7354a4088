"""Issuing a certificate and revoking one, each with its evidence.

Never a by-product of looking at a page. What a certificate looks like is in `pdf`.
"""

import unicodedata
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.assessment.actions import Refused
from courses.assessment.models import Attempt
from courses.certificates.codes import new_code
from courses.certificates.models import Certificate
from courses.certificates.pdf import VERSION
from courses.learning.models import Enrolment
from courses.learning.queries import AttemptFact, EnrolmentProgress
from courses.library.queries import content_of
from courses.organisations.queries import shown_logo
from courses.people.audit import AuditEvent
from courses.people.models import CohortMembership, Organisation, User
from courses.signoffs.review_status import status_of

LONGEST_NAME = 120  # characters
LONGEST_REASON = 300  # characters
JOINERS = "\u200c\u200d"
UNPRINTED = {"Cc", "Cf", "Cs", "Co", "Cn"}  # control, format, surrogates, private, unassigned


class NotCompleted(Refused):
    """The course is not completed, so there is nothing to certify yet."""


class NameMissing(Refused):
    """A certificate needs a name."""


class NotStaff(Refused):
    """Only active members of staff revoke certificates."""


class OwnCertificate(Refused):
    """Nobody acts on themselves with a right they have over others."""


class RevokedAlready(Refused):
    """It was revoked before; when, by whom and why stay as they were stored."""


class ReasonMissing(Refused):
    """A certificate is revoked for a reason, in 1 to 300 characters."""


def claim_certificate(
    enrolment_progress: EnrolmentProgress, name: str, now: datetime
) -> Certificate:
    """The certificate of this enrolment: the one there is, or a new one with the facts of now.

    Raises:
        NotCompleted: the course is not completed.
        NameMissing: the name has no letter in it.
    """
    enrolment = enrolment_progress.enrolment
    issued = Certificate.objects.filter(enrolment=enrolment).first()
    if issued:
        return issued
    if not enrolment_progress.is_completed:
        raise NotCompleted("This course is not completed yet. Its page shows what is left.")
    name = clean_name(name)
    if not name:
        raise NameMissing("Enter the name that should stand on the certificate.")
    try:
        with transaction.atomic():
            return Certificate.objects.create(
                code=new_code(),
                user_id=enrolment.user_id,
                enrolment=enrolment,
                facts=facts_of(enrolment_progress, name, now),
                issued_at=now,
            )
    except IntegrityError:  # two presses at once: the certificate of the first one counts
        return Certificate.objects.get(enrolment=enrolment)


def clean_name(name: str) -> str:
    """A name as it is printed; empty where it has no letter.

    Composed letters, single spaces, no control or direction characters, and at most
    LONGEST_NAME of them.
    """
    composed = unicodedata.normalize("NFC", name)
    visible = "".join(letter if _is_printed(letter) else " " for letter in composed)
    clean = " ".join(visible.split())[:LONGEST_NAME].strip()
    has_letter = any(unicodedata.category(letter).startswith("L") for letter in clean)
    return clean if has_letter else ""


def _is_printed(character: str) -> bool:
    # The joiners are format characters too, and names in Persian and Indic scripts need them.
    return character in JOINERS or unicodedata.category(character) not in UNPRINTED


def facts_of(enrolment_progress: EnrolmentProgress, name: str, now: datetime) -> dict[str, object]:
    """Everything the certificate says, fixed at this moment, as JSON values.

    Dates are London days in ISO form. `pdf.read_facts` reads it: raise `pdf.VERSION` where a
    key changes its meaning.
    """
    course, enrolment = enrolment_progress.content, enrolment_progress.enrolment
    assert enrolment.completed_at is not None, "only completed courses are certified"
    review_status = status_of(enrolment_progress.review_statuses.values())
    organisation = _organisation_of(enrolment)
    logo = shown_logo(organisation) if organisation else None
    return {
        "version": VERSION,
        "name": name,
        "course_title": course.title,
        "edition": enrolment.edition.number,
        "outcomes": _outcomes_asked(enrolment_progress),
        "completed_on": timezone.localdate(enrolment.completed_at).isoformat(),
        "issued_on": timezone.localdate(now).isoformat(),
        "individual_minutes": course.minutes,
        "participatory_minutes": 0,
        "result": _result(enrolment_progress),
        "organisation_name": organisation.printed_name if organisation else None,
        "organisation_logo": logo.digest if logo else None,
        "content_status": review_status.words,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }


def _organisation_of(enrolment: Enrolment) -> Organisation | None:
    """The organisation whose cohort the learner did the course in; None: they learn alone.

    Of several, the one that decides about their attempts (`permissions.deciding_membership`).
    """
    deciding = CohortMembership.objects.deciding(enrolment.user_id, enrolment.course_id)
    membership = deciding.select_related("cohort__organisation").first()
    return membership.cohort.organisation if membership else None


def _result(enrolment_progress: EnrolmentProgress) -> str:
    """The result as the certificate says it: that of the final quiz passed with most marks."""
    passed = _passed_attempts(enrolment_progress)
    if not passed:
        return "All lessons completed"
    with_marks = [attempt for attempt in passed if not attempt.is_assessed_otherwise]
    if not with_marks:
        return f"{passed[0].title} passed: assessed in another way by a trainer"
    best = max(with_marks, key=lambda attempt: attempt.earned / attempt.possible)
    return f"{best.title} passed with {best.marks} of {best.possible} marks"


def _passed_attempts(enrolment_progress: EnrolmentProgress) -> list[AttemptFact]:
    """The passed attempt that counts at each final quiz."""
    finals = enrolment_progress.content.finals
    attempts = [enrolment_progress.best_at(quiz.key) for quiz in finals]
    return [attempt for attempt in attempts if attempt and attempt.passed]


def _outcomes_asked(enrolment_progress: EnrolmentProgress) -> list[str]:
    """The outcomes that an item of the passed attempts was about, in the order of the course.

    All outcomes where the course has no final quiz: its lessons are what was completed. Of a quiz
    that was assessed in another way, those that its items may ask about.
    """
    course = enrolment_progress.content
    if not course.finals:
        return [outcome.text for outcome in course.outcomes]
    passed = _passed_attempts(enrolment_progress)
    attempts = [attempt.pk for attempt in passed]
    asked = set()
    for attempt in passed:
        if attempt.is_assessed_otherwise:
            asked |= {item.outcome for item in course.pool(attempt.quiz_key)}
    for edition_id, drawn in Attempt.objects.filter(pk__in=attempts).values_list(
        "edition_id", "items"
    ):
        for row in drawn:
            item = content_of(edition_id).item(row["key"])
            asked.add(item.outcome if item else "")
    return [outcome.text for outcome in course.outcomes if outcome.key in asked]


@transaction.atomic
def revoke_certificate(actor: User, certificate: Certificate, reason: str, now: datetime) -> None:
    """Revokes a certificate for good; pages say "withdrawn".

    Its holder, their trainer and everybody who checks it see that it was, and when. The holder
    reads the reason too; trainers and strangers do not. Where two revoke it at once, the reason
    of the first stays.

    Raises:
        NotStaff: the actor is not an active member of staff.
        OwnCertificate: it is the actor's own.
        ReasonMissing: the reason is empty or longer than 300 characters.
        RevokedAlready: it was revoked before.
    """
    if not (actor.is_active and actor.is_staff):
        raise NotStaff("Only staff withdraw certificates. Nothing was changed.")
    if actor.pk == certificate.user_id:
        raise OwnCertificate(
            "This is your own certificate. Ask another member of staff. Nothing was changed."
        )
    reason = " ".join(reason.replace("\x00", "").split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise ReasonMissing(
            f"Write the reason in one sentence, at most {LONGEST_REASON} characters. "
            "Nothing was changed."
        )
    # A filtered update, so that of two at once only one changes the row.
    valid = Certificate.objects.filter(pk=certificate.pk, revoked_at=None)
    if not valid.update(revoked_at=now, revoked_by=actor, revoke_reason=reason):
        raise RevokedAlready("This certificate was withdrawn before. Nothing was changed.")
    AuditEvent.objects.create(
        actor=actor,
        subject_id=certificate.user_id,
        action="revoke_certificate",
        details={"certificate": certificate.code},
        at=now,
    )
