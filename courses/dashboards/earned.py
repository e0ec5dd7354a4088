"""Certificates as the trainers of a cohort see them: the one that counts, and those it replaced."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from courses.certificates.codes import show_code
from courses.certificates.models import Certificate
from courses.dashboards.since_joining import since_joining


@dataclass(frozen=True)
class CertificateFact:
    """One certificate. `state` is "valid", "replaced" or "withdrawn", and `ended_at` when it was.

    `is_current`: no newer one has replaced it. Of one issued before the learner joined there is
    no `code` and no `issued_at`. The name on it and the reason of a withdrawal are not for
    trainers: an earlier name may be one that somebody wants forgotten.
    """

    code: str
    state: str
    issued_at: datetime | None
    ended_at: datetime | None
    is_current: bool


def certificates_of(enrolment_ids: Iterable[int]) -> dict[int, list[Certificate]]:
    """All certificates of these enrolments, by enrolment id, the newest first; one SQL query.

    They come without their facts, which are large and not for trainers.
    """
    certificates: dict[int, list[Certificate]] = defaultdict(list)
    rows = Certificate.objects.filter(enrolment__in=list(enrolment_ids)).defer("facts")
    for certificate in rows.order_by("-issued_at", "-pk"):
        certificates[certificate.enrolment_id].append(certificate)
    return certificates


def certificates_since(
    certificates: Sequence[Certificate], joined_at: datetime
) -> tuple[CertificateFact, ...]:
    """Those that something happened to since joining: issued, replaced or withdrawn."""
    facts = []
    for certificate in certificates:
        issued_at = since_joining(certificate.issued_at, joined_at)
        ended_at = since_joining(certificate.ended_at, joined_at)
        if issued_at or ended_at:
            code = show_code(certificate.code) if issued_at else ""
            is_current = certificate.superseded_at is None
            facts.append(CertificateFact(code, certificate.state, issued_at, ended_at, is_current))
    return tuple(facts)
