"""Issuing a certificate, and revoking one: events with their evidence, never a by-product of looking at a page."""

import unicodedata
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.assessment.actions import Refused
from courses.certificates.codes import new_code
from courses.certificates.models import Certificate
from courses.certificates.pdf import VERSION
from courses.learning.queries import EnrolmentProgress
from courses.people.audit import AuditEvent
from courses.people.models import User
from courses.signoffs.review_status import status_of

LONGEST_REASON = 300  # characters


class NotCompleted(Refused):
    """The course is not completed, so there is nothing to certify yet."""


class NameMissing(Refused):
    """A certificate needs a name."""


class NotStaff(Refused):
    """Certificates are revoked by active members of staff."""


class OwnCertificate(Refused):
    """Nobody acts on themselves with a right they have over others."""


class RevokedAlready(Refused):
    """It was revoked before; when, by whom and why stay as they were written down."""


class ReasonMissing(Refused):
    """A certificate is revoked for a reason, in 1 to 300 characters."""


def claim_certificate(standing: EnrolmentProgress, name: str, now: datetime) -> Certificate:
    """The certificate of this enrolment: the one there is, or a new one with the facts as they are now.

    Raises:
        NotCompleted: the course is not completed.
        NameMissing: the name has no letter in it.
    """
    enrolment = standing.enrolment
    if found := Certificate.objects.filter(enrolment=enrolment).first():
        return found
    if not standing.is_completed:
        raise NotCompleted("This course is not completed yet. Its page shows what is left.")
    name = clean_name(name)
    if not name:
        raise NameMissing("Enter the name that should stand on the certificate.")
    try:
        with transaction.atomic():
            fields = {"facts": facts_of(standing, name, now), "issued_at": now}
            return Certificate.objects.create(
                code=new_code(), user_id=enrolment.user_id, enrolment=enrolment, **fields
            )
    except IntegrityError:  # two presses at once: the first one's certificate is the one
        return Certificate.objects.get(enrolment=enrolment)


def clean_name(name: str) -> str:
    """A name as it is printed: composed letters, single spaces, no control or direction characters, at most 120 long."""
    composed = unicodedata.normalize("NFC", name)
    kept = "".join(
        c
        if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"} or c in "\u200c\u200d"
        else " "
        for c in composed
    )
    clean = " ".join(kept.split())[:120].strip()
    return clean if any(unicodedata.category(c)[0] == "L" for c in clean) else ""


def facts_of(standing: EnrolmentProgress, name: str, now: datetime) -> dict[str, object]:
    """Everything the certificate says, fixed at this moment; dates are London days in ISO form."""
    course, enrolment = standing.content, standing.enrolment
    assert enrolment.completed_at is not None
    finals = [
        best for quiz in course.finals if (best := standing.best_at(quiz.key)) and best.passed
    ]
    best = max(finals, key=lambda attempt: attempt.earned / attempt.possible, default=None)
    result = "All lessons completed"
    if best:
        quiz = course.quiz(best.quiz_key)
        result = (
            f"{quiz.title if quiz else 'Quiz'} passed with {best.marks} of {best.possible} marks"
        )
    return {
        "version": VERSION,
        "name": name,
        "course_title": course.title,
        "edition": enrolment.edition.number,
        "outcomes": [outcome.text for outcome in course.outcomes],
        "completed_on": timezone.localdate(enrolment.completed_at).isoformat(),
        "issued_on": timezone.localdate(now).isoformat(),
        "individual_minutes": course.minutes,
        "participatory_minutes": 0,
        "result": result,
        "content_status": status_of(standing.review_statuses.values()).words,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }


@transaction.atomic
def revoke_certificate(actor: User, certificate: Certificate, reason: str, now: datetime) -> None:
    """Withdraws a certificate for good: its holder, their trainer and whoever checks it see that, and when.

    The holder reads the reason too; trainers and strangers do not. Two at once: the first one's reason stays.

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
            f"Write the reason in one sentence, at most {LONGEST_REASON} characters. Nothing was changed."
        )
    valid = Certificate.objects.filter(pk=certificate.pk, revoked_at=None)
    if not valid.update(revoked_at=now, revoked_by=actor, revoke_reason=reason):
        raise RevokedAlready("This certificate was withdrawn before. Nothing was changed.")
    details = {"certificate": certificate.code}
    AuditEvent.objects.create(
        actor=actor,
        subject_id=certificate.user_id,
        action="revoke_certificate",
        details=details,
        at=now,
    )
