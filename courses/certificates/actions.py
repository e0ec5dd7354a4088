"""Issuing a certificate, replacing one by a newer one, and revoking one, each with its evidence.

Never a by-product of looking at a page or of a setting: one is issued by the event that completes
a course (`learning.certifying`). What a certificate says is in `facts`, how it looks in `pdf`.
"""

import unicodedata
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.assessment.actions import Refused
from courses.certificates.codes import new_code, show_code
from courses.certificates.facts import Completion, facts_of
from courses.certificates.models import Certificate
from courses.people.audit import AuditEvent
from courses.people.models import User

LONGEST_NAME = 120  # characters
MOST_CERTIFICATES = 6  # of one enrolment: the first, and five corrected names
LONGEST_REASON = 300  # characters
JOINERS = "\u200c\u200d"
UNPRINTED = {"Cc", "Cf", "Cs", "Co", "Cn"}  # control, format, surrogates, private, unassigned


class NameMissing(Refused):
    """A certificate needs a name."""


class NotCurrent(Refused):
    """It was withdrawn, or a newer one has replaced it: neither is replaced again."""


class CorrectedOften(Refused):
    """The name was corrected as often as a learner may."""


class NotStaff(Refused):
    """Only active members of staff revoke certificates."""


class OwnCertificate(Refused):
    """Nobody acts on themselves with a right they have over others."""


class RevokedAlready(Refused):
    """It was revoked before; when, by whom and why stay as they were stored."""


class Superseded(Refused):
    """A newer certificate replaced it: that one is withdrawn instead."""


class ReasonMissing(Refused):
    """A certificate is revoked for a reason, in 1 to 300 characters."""


def issue_certificate(completion: Completion, name: str, now: datetime) -> Certificate:
    """The certificate of this completion: the one there is, or a new one with the facts of now.

    Raises:
        NameMissing: the name has no letter in it.
    """
    certificates = Certificate.objects.filter(enrolment=completion.enrolment_id)
    issued = certificates.current().first()
    if issued:
        return issued
    name = clean_name(name)
    if not name:
        raise NameMissing("Enter the name that should stand on the certificate.")
    facts = facts_of(completion, name, now)
    try:
        with transaction.atomic():
            return _create(completion.user_id, completion.enrolment_id, facts, now)
    except IntegrityError:  # two presses at once: the certificate of the first one counts
        return certificates.current().get()


def _create(
    user_id: int, enrolment_id: int, facts: dict[str, object], now: datetime
) -> Certificate:
    """A new row, with a code of its own; the only place that makes one."""
    return Certificate.objects.create(
        code=new_code(), user_id=user_id, enrolment_id=enrolment_id, facts=facts, issued_at=now
    )


@transaction.atomic
def replace_certificate(
    certificate: Certificate, changes: Mapping[str, object], now: datetime
) -> Certificate:
    """A newer certificate of the same completion, in place of this one, which stays listed.

    The one way to another certificate, whatever it is for. It keeps what the earlier one says,
    the version too, but for `changes` and the day of issue. Of two at once, one replaces it.

    Raises:
        NotCurrent: it was replaced or withdrawn before.
    """
    current = Certificate.objects.filter(pk=certificate.pk, superseded_at=None, revoked_at=None)
    if not current.update(superseded_at=now):
        raise NotCurrent(
            "This certificate was replaced or withdrawn before. Your record shows the one that "
            "counts. Nothing was changed."
        )
    issued_on = timezone.localdate(now).isoformat()
    facts = {**certificate.facts, **changes, "issued_on": issued_on}
    return _create(certificate.user_id, certificate.enrolment_id, facts, now)


@transaction.atomic
def correct_name(certificate: Certificate, name: str, now: datetime) -> Certificate:
    """The holder's certificate with the name as it should be; the same one where it is already.

    Raises:
        NameMissing: the name has no letter in it.
        NotCurrent: it was replaced or withdrawn before.
        CorrectedOften: five names were corrected before.
    """
    name = clean_name(name)
    if not name:
        raise NameMissing("Enter the name that should stand on the certificate.")
    if name == certificate.facts.get("name") and certificate.state == "valid":
        return certificate
    issued = Certificate.objects.filter(enrolment=certificate.enrolment_id).count()
    if issued >= MOST_CERTIFICATES:
        raise CorrectedOften(
            "The name was corrected five times, and cannot be again. Nothing was changed."
        )
    newer = replace_certificate(certificate, {"name": name}, now)
    # Not the names: an earlier one may be what somebody wants forgotten.
    AuditEvent.objects.create(
        actor_id=certificate.user_id,
        subject_id=certificate.user_id,
        action="correct_certificate_name",
        details={"certificate": newer.code, "replaces": certificate.code},
        at=now,
    )
    return newer


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
        Superseded: a newer one of the same completion replaced it, and would stay valid.
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
    valid = Certificate.objects.filter(pk=certificate.pk, revoked_at=None, superseded_at=None)
    if not valid.update(revoked_at=now, revoked_by=actor, revoke_reason=reason):
        current = Certificate.objects.filter(enrolment=certificate.enrolment_id).current().first()
        if current and current.pk != certificate.pk:
            raise Superseded(
                f"A newer certificate, {show_code(current.code)}, replaced this one. "
                "Withdraw that. Nothing was changed."
            )
        raise RevokedAlready("This certificate was withdrawn before. Nothing was changed.")
    AuditEvent.objects.create(
        actor=actor,
        subject_id=certificate.user_id,
        action="revoke_certificate",
        details={"certificate": certificate.code},
        at=now,
    )
