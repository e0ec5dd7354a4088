"""A certificate as a document to print and keep: what it says, and that every name can be printed.
No rows, no request and no stored file: the same facts give the same bytes, so nothing needs storing.

The document is PDF/UA-1 and PDF/A-2a, in English (UK), set with the fonts of `fonts/` alone. `certificate.typ` says
how it looks. What it must hold follows what a regulator asks of a record of learning: method, topic, dates, length,
participatory length apart, evidence (facts E2, E3 and E9); it claims no accreditation.
"""

import io
import json
import os
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TypedDict

import segno
import typst

from .codes import parse_code, show_code

METHOD = "Self-directed online learning"
MISSING = "□"
MOST_MARKS = 4  # on one letter; Hebrew with points and Vietnamese need three, a prank needs fifty
BLANKS = 4  # blank documents after each: 80 MB at most instead of 150, for 3 ms

_HERE = Path(__file__).parent
_MAIN_FONT = "Atkinson Hyperlegible Next"
_WIDE_FONT = "Noto Sans"  # Vietnamese, Yoruba, Greek, Cyrillic
_JOINERS = "\u200c\u200d"  # they shape Persian and Indic words
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class CertificateFacts:
    """What one certificate says. Never changes once issued, whatever becomes of the course or the learner.

    `code` is canonical (see `codes`); `name` is as the learner wishes it, in any script; `result` is a sentence such
    as "Final quiz passed: 5.5 of 6 marks (92%)"; `organisation_name` is None where there is none; `verify_url` is the
    full address of the checking page, printed and put into the QR code; `content_status` says who has reviewed the
    course. Dates are Europe/London. `participatory_minutes` is time with other people, 0 for studying alone (E3).
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

    def __post_init__(self) -> None:
        """Raises ValueError with every problem at once."""
        least = {"edition": 1, "individual_minutes": 0, "participatory_minutes": 0}
        problems = [f"{field} is below {low}" for field, low in least.items() if getattr(self, field) < low]
        if parse_code(self.code) != self.code:
            problems.append("code is not the canonical code of a certificate")
        if not (self.verify_url.isascii() and self.verify_url.startswith(("https://", "http://"))):
            problems.append("verify_url is not a full address in ASCII")
        if problems:
            raise ValueError(f"These are no facts of a certificate: {'; '.join(problems)}.")


class Said(TypedDict):
    """A text somebody wrote, ready to print: `wide` for the typeface with more letters, `rtl` for its direction."""

    text: str
    wide: bool
    rtl: bool


def certificate_pdf(facts: CertificateFacts) -> bytes:
    """The certificate as PDF, A4, one page where it fits. The same facts give the same bytes in any process.

    Letters that no font of ours has are printed as □, with a line that says where the name on record is. Safe to call
    from several threads: one document is made at a time. Raises RuntimeError in a process forked from one that had
    made a certificate already: a server that forks must make none before.
    """
    try:
        return _PRESS.compile(_page(facts, _covered()))
    except typst.TypstError:
        # The fonts have the letter and still cannot show it: now trust the first typeface only.
        return _PRESS.compile(_page(facts, _coverage()[_MAIN_FONT] | {ord(MISSING)}))


def _page(facts: CertificateFacts, covered: frozenset[int]) -> dict[str, object]:
    """Everything `certificate.typ` prints, as JSON values; keep its keys in step with that file."""
    say = partial(_said, covered=covered)
    name, course, issuer = say(facts.name or MISSING), say(facts.course_title), say(facts.site_name)
    outcomes, status = [say(outcome) for outcome in facts.outcomes], say(facts.content_status)
    learning = {label: say(value) for label, value in _learning(facts)}
    others = [course, issuer, status, *outcomes, *learning.values()]
    return {
        "title": f"Certificate of completion: {name['text']}, {course['text']}",
        "name": name,
        "note": _note(name, others),
        "completed_on": _day(facts.completed_on),
        "course": course,
        "edition": facts.edition,
        "outcomes": outcomes,
        "learning": learning,
        "code": show_code(facts.code),
        "verify_url": facts.verify_url,
        "qr": _qr(facts.verify_url),
        "qr_alt": f"QR code that opens {facts.verify_url}",
        "issuer": issuer,
        "issued_on": _day(facts.issued_on),
        "issued": {"year": facts.issued_on.year, "month": facts.issued_on.month, "day": facts.issued_on.day},
        "status": status,
        "fonts": list(_coverage()),
        "wide_fonts": [_WIDE_FONT, *_coverage()],
    }


def _learning(facts: CertificateFacts) -> list[tuple[str, str]]:
    """What a record of learning asks for, label and value, none empty (E2); the two times are never added up (E3)."""
    alone = " (self-paced study)" if facts.participatory_minutes == 0 else ""
    rows = [
        ("Individual learning", _minutes(facts.individual_minutes)),
        ("Participatory learning", _minutes(facts.participatory_minutes) + alone),
        ("Result", facts.result),
        ("Method", METHOD),
        ("Organisation", facts.organisation_name or ""),
    ]
    return [(label, value) for label, value in rows if value]


def _note(name: Said, others: Iterable[Said]) -> str | None:
    """What to tell the reader of a page with letters that cannot be printed, before the address; None where all can."""
    if MISSING in name["text"]:
        return "Some letters of this name cannot be printed yet; the name on record is shown at"
    if any(MISSING in other["text"] for other in others):
        return "Some letters on this page cannot be printed yet; the record is shown at"
    return None


def _minutes(number: int) -> str:
    return "1 minute" if number == 1 else f"{number} minutes"


def _day(day: date) -> str:
    """A date as "29 March 2026", whatever language the machine speaks."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _qr(url: str) -> str:
    """The address as a QR code in SVG: 15 in 100 of it may be soiled (level M), with its margin of four modules."""
    picture = io.BytesIO()
    segno.make_qr(url, error="m").save(picture, kind="svg", border=4, dark="#212b32", xmldecl=False)
    return picture.getvalue().decode()


def _said(text: str, covered: frozenset[int]) -> Said:
    """A text made printable: cleaned, and □ for every letter outside `covered`, or for a text of nothing visible."""
    shown: list[str] = []
    for letter in _clean(text):
        if ord(letter) not in covered:
            shown.append(MISSING)
        elif not (shown[-1:] == [MISSING] and (letter in _JOINERS or _is_mark(letter))):
            shown.append(letter)
    printed = "".join(shown)
    if text and not printed.strip(" " + _JOINERS):
        printed = MISSING
    return {"text": printed, "wide": _is_wide(printed), "rtl": _is_rtl(printed)}


def _clean(text: str) -> str:
    """A text on one line, in Unicode's composed form, without what steers rather than shows.

    Control characters, bidi marks and overrides, variation selectors, half surrogates and non-characters go, and so
    do marks heaped on one letter beyond `MOST_MARKS`. The joiners that shape Persian and Indic words stay.
    """
    kept = (letter for letter in " ".join(text.split()) if letter in _JOINERS or not _is_steering(letter))
    heap, letters = 0, []
    for letter in unicodedata.normalize("NFC", " ".join("".join(kept).split())):
        heap = heap + 1 if _is_mark(letter) else 0
        if heap <= MOST_MARKS:
            letters.append(letter)
    return "".join(letters)


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Mc", "Me")


def _is_steering(letter: str) -> bool:
    code = ord(letter)
    is_selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    is_no_character = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs") or is_selector or is_no_character


def _is_wide(text: str) -> bool:
    """True where the main typeface lacks a letter the wide one has, or a mark stands alone: never two in one word."""
    main, wide = _coverage()[_MAIN_FONT], _coverage()[_WIDE_FONT]
    codes = [ord(letter) for letter in text if letter not in _JOINERS]
    return any(0x300 <= code <= 0x36F or (code in wide and code not in main) for code in codes)


def _is_rtl(text: str) -> bool:
    """True where the first letter with a direction reads from the right (Unicode UAX 9, rules P2 and P3)."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((way for way in directions if way in ("L", "R", "AL")), "L") != "L"


@cache
def _coverage() -> dict[str, frozenset[int]]:
    """The characters of each font family, in the order they are tried; made with the fonts (`fonts/README.md`)."""
    families = json.loads((_HERE / "fonts" / "coverage.json").read_text(encoding="utf-8"))
    return {
        family: frozenset(code for first, last in ranges for code in range(first, last + 1))
        for family, ranges in families.items()
    }


@cache
def _covered() -> frozenset[int]:
    return frozenset().union(*_coverage().values())


class _Press:
    """The typst compiler of a process, made when it is first needed.

    A compiler refuses a second thread while it works ("Already borrowed"), hence the lock; and the first document
    starts worker threads which a fork does not copy, so that a forked child would wait for them for ever, hence the
    note of the process.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: int | None = None
        self._compiler: typst.Compiler | None = None
        self._blank: typst.Compiler | None = None

    def compile(self, page: dict[str, object]) -> bytes:
        """The PDF of a page of data. Raises typst.TypstError where it cannot be set, RuntimeError after a fork."""
        if self._process not in (None, os.getpid()):
            raise RuntimeError("A certificate was made before this process was forked: make none before forking.")
        self._process = os.getpid()
        with self._lock:
            self._compiler = self._compiler or typst.Compiler(
                input=_HERE / "certificate.typ", root=_HERE, font_paths=_fonts([_HERE / "fonts"])
            )
            try:
                document = self._compiler.compile(
                    format="pdf", pdf_standards=["ua-1", "a-2a"], sys_inputs={"facts": json.dumps(page)}
                )
            finally:
                self._forget()
        if not isinstance(document, bytes):
            raise TypeError("typst gave something other than one document.")
        return document

    def _forget(self) -> None:
        """Lets typst forget what it worked out, which it keeps for ten documents: blank ones count, and are quick."""
        self._blank = self._blank or typst.Compiler(input=b"", font_paths=_fonts([]))
        for _ in range(BLANKS):
            self._blank.compile(input=b"")


def _fonts(folders: list[Path]) -> typst.Fonts:
    """These fonts and no others: neither the machine's nor those in the wheel."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


_PRESS = _Press()
