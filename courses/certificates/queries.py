"""What a certificate says, as its holder's pages, its PDF and the public check show it."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from courses.certificates.codes import show_code
from courses.certificates.models import Certificate
from courses.certificates.pdf import CertificateFacts, logo_digest, read_facts
from courses.organisations.queries import logo_png
from courses.people.models import User


@dataclass(frozen=True)
class HeldCertificates:
    """One person's certificates: by enrolment id the one that counts, and those it replaced.

    One that counts may be withdrawn. `earlier` is newest first.
    """

    current: dict[int, Certificate]
    earlier: list[Certificate]


def held_certificates_of(user: User) -> HeldCertificates:
    """All certificates of a person; one SQL query."""
    current: dict[int, Certificate] = {}
    earlier = []
    for certificate in Certificate.objects.held_by(user):
        if certificate.superseded_at:
            earlier.append(certificate)
        else:
            current[certificate.enrolment_id] = certificate
    return HeldCertificates(current, earlier)


def facts_shown(held: Certificate, *, with_logo: bool = False) -> CertificateFacts:
    """What the certificate says, with the address where anybody can check it.

    That address is at the site as it was when it was issued, since the paper has the same.
    """
    return read_facts(
        held.facts,
        code=held.code,
        site_name=settings.SITE_NAME,
        site_url=settings.SITE_URL,
        verify_path=reverse("courses:verified", args=[show_code(held.code)]),
        logo=logo_png(logo_digest(held.facts)) if with_logo else None,
    )
