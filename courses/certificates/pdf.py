"""A certificate as a document to print and keep: what it says, and that every name can be printed.
No rows, no request and no stored file: the same facts give the same bytes.

The document is PDF/UA-1 and PDF/A-2a, in English (UK), set with the fonts of `typesetting` alone;
`certificate.typ` says how it looks. What it holds is what a regulator asks of a record of
learning: method, topic, dates, length, participatory length apart, evidence (facts E2, E3 and
E9). It claims no accreditation.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from courses.certificates.codes import parse_code, show_code
from courses.typesetting.compiler import TYPESETTER
from courses.typesetting.glyph_coverage import (
    MISSING,
    WIDE_FONT,
    PrintableText,
    coverage,
    printable_text,
)
from courses.web import dates

VERSION = 5
METHOD = "Self-directed online learning"
TEMPLATE = Path(__file__).parent / "certificate.typ"


@dataclass(frozen=True)
class CertificateFacts:
    """What one certificate says.

    It never changes once issued, whatever becomes of the course or the learner. `code` is
    canonical (see `codes`); `name` is as the learner wants it, in any script; `result` is a phrase
    such as "Final quiz passed with 5.5 of 6 marks"; `organisation_name` is None where there is
    none; `verify_url` is the full address of the page that checks the code, printed and put into
    the QR code; `content_status` says who has reviewed the course. Dates are Europe/London.
    `participatory_minutes` is time with other people, 0 for studying alone (E3). `is_designed`: it
    says that the minutes are those the course was designed for, and `outcomes` are only those
    that its quiz asked for; certificates issued before say neither. `logo` is the organisation's as
    a PNG, None where there is none. `cohort_name` is for the holder and their trainers, so the
    document leaves it out; None: they learnt alone, or it was issued before it was kept.
    """

    code: str
    name: str
    course_title: str
    edition: int
    outcomes: tuple[str, ...]
    completed_on: date
    issued_on: date
    individual_minutes: int
    participatory_minutes: int
    result: str
    organisation_name: str | None
    verify_url: str
    site_name: str
    content_status: str
    is_designed: bool = False
    logo: bytes | None = None
    cohort_name: str | None = None

    def __post_init__(self) -> None:
        """Raises ValueError with every problem at once."""
        problems = []
        if self.edition < 1:
            problems.append("edition is below 1")
        if self.individual_minutes < 0:
            problems.append("individual_minutes is below 0")
        if self.participatory_minutes < 0:
            problems.append("participatory_minutes is below 0")
        if parse_code(self.code) != self.code:
            problems.append("code is not the canonical code of a certificate")
        is_address = self.verify_url.startswith(("https://", "http://"))
        if not is_address or not self.verify_url.isascii():
            problems.append("verify_url is not a full address in ASCII")
        if problems:
            raise ValueError(f"These are no facts of a certificate: {'; '.join(problems)}.")


def read_facts(
    stored: Mapping[str, object],
    *,
    code: str,
    site_name: str,
    site_url: str,
    verify_path: str,
    logo: bytes | None = None,
) -> CertificateFacts:
    """The facts of a certificate as they were stored, by whatever version.

    Version 0 has no `site_url`; version 1 has one; version 2 says its version, which those before
    do not. In version 3 `outcomes` are those the quiz asked for, before it all of the course's,
    and pages say of the minutes that they were designed. Version 4 has the confirmed organisation
    of the cohort, and the digest of its logo. Version 5 has the cohort's name. What a version
    lacks is empty, 0, or this site's name and address; what a later release added is ignored.

    Args:
        stored: `Certificate.facts`.
        code: the certificate's canonical code.
        site_name, site_url: of this site now.
        verify_path: of the page that checks this code, from the root of the site.
        logo: the PNG of the digest that `logo_digest` finds in the same facts.
    """

    def text(name: str) -> str:
        return str(stored.get(name) or "")

    def number(name: str, least: int) -> int:
        value = stored.get(name)
        return max(least, value) if isinstance(value, int) else least

    listed = stored.get("outcomes")
    outcomes = listed if isinstance(listed, list) else []
    organisation = text("organisation_name")
    return CertificateFacts(
        code=code,
        name=text("name"),
        course_title=text("course_title"),
        edition=number("edition", 1),
        outcomes=tuple(str(outcome) for outcome in outcomes),
        completed_on=date.fromisoformat(text("completed_on")),
        issued_on=date.fromisoformat(text("issued_on")),
        individual_minutes=number("individual_minutes", 0),
        participatory_minutes=number("participatory_minutes", 0),
        result=text("result"),
        organisation_name=organisation or None,
        verify_url=f"{text('site_url') or site_url}{verify_path}",
        site_name=text("site_name") or site_name,
        content_status=text("content_status"),
        is_designed=number("version", 0) >= 3,
        logo=logo,
        cohort_name=text("cohort_name") or None,
    )


def logo_digest(stored: Mapping[str, object]) -> str:
    """The digest of the logo that a certificate was issued with; "": with none."""
    digest = stored.get("organisation_logo")
    return digest if isinstance(digest, str) else ""


def certificate_pdf(facts: CertificateFacts) -> bytes:
    """The certificate as PDF, A4, one page where it fits.

    The same facts give the same bytes in any process. Letters that none of our fonts has are
    printed as □, with a line that says where the name on record is. Safe to call from several
    threads: one certificate is made at a time.

    Raises:
        RuntimeError: this process was forked from one that had made a certificate already. A
            server that forks must make none before.
    """
    return TYPESETTER.pdf_of_any_text(TEMPLATE, partial(_page, facts))


def _page(facts: CertificateFacts, covered: frozenset[int]) -> dict[str, object]:
    """Everything `certificate.typ` prints, as JSON values; keep its keys in step with that file."""
    say = partial(printable_text, covered=covered)
    name, course, issuer = say(facts.name or MISSING), say(facts.course_title), say(facts.site_name)
    outcomes, status = [say(outcome) for outcome in facts.outcomes], say(facts.content_status)
    learning = {label: say(value) for label, value in _learning(facts)}
    others = [course, issuer, status, *outcomes, *learning.values()]
    return {
        "title": f"Certificate of completion: {name['text']}, {course['text']}",
        "name": name,
        "note": _note(name, others),
        "completed_on": dates.day(facts.completed_on),
        "course": course,
        "edition": facts.edition,
        "outcomes": outcomes,
        "outcomes_title": "What its quiz asked for" if facts.is_designed else "Learning outcomes",
        "learning": learning,
        "code": show_code(facts.code),
        "verify_url": facts.verify_url,
        "logo": list(facts.logo) if facts.logo else None,
        "logo_alt": f"Logo of {facts.organisation_name or 'the organisation'}",
        "qr": _qr(facts.verify_url),
        "qr_alt": f"QR code that opens {facts.verify_url}",
        "issuer": issuer,
        "issued_on": dates.day(facts.issued_on),
        "issued": {
            "year": facts.issued_on.year,
            "month": facts.issued_on.month,
            "day": facts.issued_on.day,
        },
        "status": status,
        "fonts": list(coverage()),
        "wide_fonts": [WIDE_FONT, *coverage()],
    }


def _learning(facts: CertificateFacts) -> list[tuple[str, str]]:
    """What a regulator asks of a record of learning: label and value, none empty.

    Source: facts E2 and E3; by E3 the two times are never added up.
    """
    alone = " (self-paced study)" if facts.participatory_minutes == 0 else ""
    designed = "designed as " if facts.is_designed else ""
    rows = [
        ("Individual learning", designed + _minutes(facts.individual_minutes)),
        ("Participatory learning", _minutes(facts.participatory_minutes) + alone),
        ("Result", facts.result),
        ("Method", METHOD),
        ("Organisation", facts.organisation_name or ""),
    ]
    return [(label, value) for label, value in rows if value]


def _note(name: PrintableText, others: Iterable[PrintableText]) -> str | None:
    """What stands before the address where letters cannot be printed; None where all can."""
    if MISSING in name["text"]:
        return "Some letters of this name cannot be printed yet; the name on record is shown at"
    if any(MISSING in other["text"] for other in others):
        return "Some letters on this page cannot be printed yet; the record is shown at"
    return None


def _minutes(number: int) -> str:
    return "1 minute" if number == 1 else f"{number} minutes"


def _qr(url: str) -> str:
    """The address as a QR code in SVG, with the margin of four modules that readers need."""
    import segno  # here, so that a worker that never needs it does not hold it in memory

    code = segno.make_qr(url, error="m")  # level M: 15 in 100 of the paper may be soiled
    picture = io.BytesIO()
    code.save(picture, kind="svg", border=4, dark="#212b32", xmldecl=False)
    return picture.getvalue().decode()
