"""Issuing a certificate and revoking one, each with its evidence.

Never a by-product of looking at a page. What a certificate looks like is in `pdf`.
"""

import unicodedata
from datetime import datetime

from django.db import IntegrityError, transaction

from courses.assessment.actions import Refused
from courses.certificates.codes import new_code
from courses.certificates.facts import Completion, facts_of
from courses.certificates.models import Certificate
from courses.people.audit import AuditEvent
from courses.people.models import User

LONGEST_NAME = 120  # characters
LONGEST_REASON = 300  # characters
JOINERS = "\u200c\u200d"
UNPRINTED = {"Cc", "Cf", "Cs", "Co", "Cn"}  # control, format, surrogates, private, unassigned


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


def issue_certificate(completion: Completion, name: str, now: datetime) -> Certificate:
    """The certificate of this completion: the one there is, or a new one with the facts of now.

    Raises:
        NameMissing: the name has no letter in it.
    """
    issued = Certificate.objects.filter(enrolment=completion.enrolment_id).first()
    if issued:
        return issued
    name = clean_name(name)
    if not name:
        raise NameMissing("Enter the name that should stand on the certificate.")
    try:
        with transaction.atomic():
            return Certificate.objects.create(
                code=new_code(),
                user_id=completion.user_id,
                enrolment_id=completion.enrolment_id,
                facts=facts_of(completion, name, now),
                issued_at=now,
            )
    except IntegrityError:  # two presses at once: the certificate of the first one counts
        return Certificate.objects.get(enrolment=completion.enrolment_id)


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
