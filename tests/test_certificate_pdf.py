import io
import json
import os
import re
import subprocess
import sys
import threading
import unicodedata
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

from courses.certificates import pdf
from courses.certificates.pdf import CertificateFacts, certificate_pdf

ROOT = Path(__file__).parent.parent
FONTS = Path(pdf.__file__).parent / "fonts"
URL = "https://notice.example.org/certificates/J0T1-5CY4-TQKF-F092-M5C1-J1"
ANA = CertificateFacts(
    code="J0T15CY4TQKFF092M5C1J1",
    name="Ana Ŵyn-Jones",
    course_title="The first 1001 days",
    edition=3,
    outcomes=("Notice early signs of stress in a baby", "Wonder aloud with a parent or carer, without blame"),
    completed_on=date(2026, 3, 29),
    issued_on=date(2026, 3, 30),
    individual_minutes=19,
    participatory_minutes=0,
    result="Final quiz passed: 5.5 of 6 marks (92%)",
    organisation_name="Riverside Health Visiting",
    verify_url=URL,
    site_name="Notice",
    content_status="Written from published guidance. Not yet reviewed by a clinician.",
)


def read(facts: CertificateFacts) -> PdfReader:
    return PdfReader(io.BytesIO(certificate_pdf(facts)))


def text_of(facts: CertificateFacts) -> str:
    """Everything the page says, on one line."""
    return " ".join(" ".join(page.extract_text() for page in read(facts).pages).split())


def name_on(facts: CertificateFacts) -> str:
    """The name as software hears it, read with the replacement texts that pypdf leaves out."""
    heard = spoken(read(facts).pages[0])
    return heard.split("Certificate of completion")[1].split("completed")[0]


def spoken(page: PageObject) -> str:
    maps = {key: unicode_map(font["/ToUnicode"].get_data().decode()) for key, font in fonts_of(page).items()}
    heard, font, silent = [], "", 0
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator in (b"BDC", b"BMC"):
            replacement = operands[1].get("/ActualText") if operator == b"BDC" else None
            silent += bool(silent or replacement)
            heard.append(replacement or "")
        elif operator == b"EMC":
            silent = max(0, silent - 1)
        elif operator == b"Tf":
            font = operands[0]
        elif operator in (b"Tj", b"TJ") and not silent:
            heard += [maps[font][glyph] for glyph in glyphs_of(operands)]
    return "".join(heard)


def fonts_of(page: PageObject) -> dict[str, dict]:
    return {key: font.get_object() for key, font in page["/Resources"]["/Font"].items()}


def glyphs_of(operands: list) -> list[int]:
    pieces = operands[0] if isinstance(operands[0], list) else operands
    shown = b"".join(piece.original_bytes for piece in pieces if hasattr(piece, "original_bytes"))
    return [int.from_bytes(shown[at : at + 2], "big") for at in range(0, len(shown), 2)]


def unicode_map(cmap: str) -> dict[int, str]:
    pairs = re.findall(r"^<(\w{4})> <(\w+)>$", cmap, re.MULTILINE)
    return {int(glyph, 16): bytes.fromhex(text).decode("utf-16-be") for glyph, text in pairs}


def runs_on(facts: CertificateFacts) -> list[tuple[str, float, list[int]]]:
    """The runs of the first page: the font ("NotoSans-Regular"), points from the left edge, and the glyphs."""
    page, runs, font, left = read(facts).pages[0], [], "", 0.0
    names = {key: font["/BaseFont"].split("+")[1] for key, font in fonts_of(page).items()}
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator == b"cm":
            left = float(operands[4])
        elif operator == b"Tf":
            font = names[operands[0]]
        elif operator in (b"Tj", b"TJ"):
            runs.append((font, left, glyphs_of(operands)))
    return runs


def glyphs_by_font(facts: CertificateFacts) -> dict[str, list[int]]:
    shown: dict[str, list[int]] = {}
    for font, _, glyphs in runs_on(facts):
        shown.setdefault(font, []).extend(glyphs)
    return shown


def structure(node: object) -> list[str]:
    """The tags of a document in reading order, with the alternative text of a figure."""
    node = getattr(node, "get_object", lambda: node)()
    if isinstance(node, list):
        return [tag for child in node for tag in structure(child)]
    if not hasattr(node, "get"):
        return []
    own = [f"{node['/S']} {node.get('/Alt', '')}".strip()] if "/S" in node else []
    return own + structure(node.get("/K", []))


def in_a_fresh_process(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    header = "import sys, os; from tests.test_certificate_pdf import *\n"
    return subprocess.run(
        [sys.executable, "-c", header + code],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_it_works() -> None:
    text = text_of(ANA)

    assert len(read(ANA).pages) == 1
    for words in (
        "Notice learning for the first 1001 days",
        "Certificate of completion Ana Ŵyn-Jones completed The first 1001 days edition 3, on 29 March 2026",
        "• Notice early signs of stress in a baby • Wonder aloud with a parent or carer, without blame",
        "Individual learning: 19 minutes",
        "Participatory learning: 0 minutes (self-paced study)",
        "Result: Final quiz passed: 5.5 of 6 marks (92%)",
        "Method: Self-directed online learning",
        "Organisation: Riverside Health Visiting",
        "How it relates to my practice",
        "The part of the Code it belongs to",
        "The difference it makes for babies and families",
        "Code: J0T1-5CY4-TQKF-F092-M5C1-J1",
        URL,
        "Issued by Notice on 30 March 2026.",
        "Written from published guidance. Not yet reviewed by a clinician.",
    ):
        assert words in text


def test_it_claims_no_accreditation_and_no_service() -> None:
    assert not re.search(r"accredit|NHS|NMC|participatory hours|□", text_of(ANA), re.IGNORECASE)


def test_time_with_others_is_said_apart() -> None:
    text = text_of(replace(ANA, individual_minutes=1, participatory_minutes=60))

    assert "Individual learning: 1 minute Participatory learning: 60 minutes Result" in text
    assert "self-paced" not in text


def test_what_there_is_none_of_is_left_out() -> None:
    text = text_of(replace(ANA, organisation_name=None, outcomes=()))

    assert "Organisation" not in text
    assert "Learning outcomes" not in text


def test_the_same_facts_give_the_same_bytes() -> None:
    assert certificate_pdf(ANA) == certificate_pdf(ANA)
    assert certificate_pdf(ANA) != certificate_pdf(replace(ANA, issued_on=date(2026, 3, 31)))


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Adak"])
def test_a_fresh_process_gives_the_same_bytes(zone: str) -> None:
    certificate_pdf(replace(ANA, name="Somebody before"))
    code = "print(sha256(certificate_pdf(ANA)).hexdigest())"
    result = in_a_fresh_process(code, TZ=zone, PYTHONHASHSEED="7", LC_ALL="C", HOME="/nonexistent")

    assert result.stdout.strip() == sha256(certificate_pdf(ANA)).hexdigest(), result.stderr


def test_threads_make_what_one_would_make() -> None:
    people = [replace(ANA, name=f"Person {number}") for number in range(4)]
    alone, together = [certificate_pdf(person) for person in people], {}

    def make(number: int) -> None:
        together[number] = certificate_pdf(people[number])

    threads = [threading.Thread(target=make, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [together[number] for number in range(4)] == alone


def test_a_server_may_import_before_it_forks() -> None:
    result = in_a_fresh_process("""
child = os.fork()
if child == 0:
    os._exit(0 if certificate_pdf(ANA).startswith(b"%PDF") else 3)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
""")

    assert result.returncode == 0, result.stderr


def test_a_certificate_after_a_fork_is_refused_rather_than_hanging() -> None:
    result = in_a_fresh_process("""
certificate_pdf(ANA)
child = os.fork()
if child == 0:
    try:
        certificate_pdf(ANA)
    except RuntimeError as refusal:
        os.write(1, str(refusal).encode())
    os._exit(0)
os.waitpid(child, 0)
""")

    assert "make none before forking" in result.stdout, result.stderr


def test_it_is_accessible_and_archival() -> None:
    root = read(ANA).trailer["/Root"]
    claims = root["/Metadata"].get_data().decode()

    assert "<pdfuaid:part>1</pdfuaid:part>" in claims
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in claims
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_it_is_read_in_order() -> None:
    tags = structure(read(ANA).trailer["/Root"]["/StructTreeRoot"])
    headings_and_figures = [tag for tag in tags if tag.startswith(("/H", "/Figure"))]

    assert headings_and_figures == ["/H1", "/H2", "/H2", "/H2", f"/Figure QR code that opens {URL}", "/H2"]
    assert tags.count("/LI") == 2
    assert tags.count("/Link") == 1
    assert "/Span" not in tags[: tags.index("/H2")]


def test_its_own_data_say_what_it_is() -> None:
    about = read(ANA).metadata

    assert about.title == "Certificate of completion: Ana Ŵyn-Jones, The first 1001 days"
    assert about.author == "Notice"
    assert about["/CreationDate"] == "D:20260330000000Z"


@pytest.mark.parametrize(
    "name",
    [
        "Siân Ŵyn-Ŷorath",
        "Łukasz Żółć-Wiśniewski",
        "Nguyễn Thị Bích Ngọc",
        "Adébáyọ Ṣadé",
        "Олена Шевченко",
        "Σοφία Παπαδοπούλου",
        "डॉ. लक्ष्मी क्षत्रिय",
        "ਸਿਮਰਨਜੀਤ ਕੌਰ ਗਿੱਲ",
        "রহিম আলম",
        "Zoë O’Neill-D'Souza, 3rd",
    ],
)
def test_a_name_is_printed_and_heard_whole(name: str) -> None:
    assert name_on(replace(ANA, name=name)) == name


@pytest.mark.parametrize("name", ["عبد الرحمن", "فاطمة الزهراء", "ٹیپو سلطان", "כהן לוי"])
def test_a_name_from_the_right_starts_on_the_right(name: str) -> None:
    assert name_on(replace(ANA, name=name)) == name[::-1]


@pytest.mark.parametrize(("name", "arabic_is_left"), [("دانا Смит", False), ("Смит دانا", False), ("دانا", True)])
def test_a_mixed_name_takes_the_direction_of_its_first_letter(name: str, arabic_is_left: bool) -> None:
    # From the right, what comes first stands right; from the left, it stands left: Смит is on the left both times.
    left = {font: at for font, at, _ in reversed(runs_on(replace(ANA, name=name, organisation_name=None)))}

    assert (left["NotoSansArabic-Regular"] < left.get("NotoSans-Regular", 999)) == arabic_is_left


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("Ọ̀ṣunwùmí Ẹ̀gbẹ́", "NotoSans-Regular"),
        ("مُحَمَّد", "NotoSansArabic-Regular"),
        ("רָחֵל", "NotoSansHebrew-Regular"),
        ("শ্রীমতী রহিমা খাতুন চৌধুরী", "NotoSansBengali-Regular"),
        ("Dr लक्ष्मी (لیلا) ਕੌਰ", "NotoSansGurmukhi-Regular"),
    ],
)
def test_letters_with_marks_have_their_font_and_no_gap(name: str, font: str) -> None:
    glyphs = glyphs_by_font(replace(ANA, name=name))

    assert font in glyphs
    assert not any(0 in shown for shown in glyphs.values())
    assert set(unicodedata.normalize("NFC", name)) - {" "} <= set(name_on(replace(ANA, name=name)))


def test_letters_take_the_form_their_neighbours_ask_for() -> None:
    arabic = glyphs_by_font(replace(ANA, name="ببب"))["NotoSansArabic-Regular"]
    devanagari = glyphs_by_font(replace(ANA, name="क्ष"))["NotoSansDevanagari-Regular"]
    apart = glyphs_by_font(replace(ANA, name="क्\u200cष"))["NotoSansDevanagari-Regular"]

    assert len(set(arabic)) == 3  # first, middle, last
    assert len(devanagari) == 1  # one conjunct of three characters
    assert len(apart) > 1


def test_a_name_stays_in_one_typeface() -> None:
    plain = glyphs_by_font(replace(ANA, name="Nguyen", course_title="C", organisation_name=None))
    marked = glyphs_by_font(replace(ANA, name="Nguyễn", course_title="C", organisation_name=None))

    assert "NotoSans-Regular" not in plain
    assert len(marked["NotoSans-Regular"]) == len("Nguyễn")


@pytest.mark.parametrize(
    "name",
    [
        '#import "@preview/x:1.0.0": *',
        "#panic()[a] ]} $x^2$",
        "*a* _b_ `c` = d",
        r"\ \u{41} // /* */ <e> @f",
        "- 1. + / ~ -- --- ... '' \"\"",
        "https://example.com",
        '"}, "code": "x',
    ],
)
def test_markup_is_printed_as_it_is_typed(name: str) -> None:
    facts = replace(ANA, name=name, organisation_name=name, outcomes=(name,), course_title=name, site_name=name)

    assert name_on(replace(ANA, name=name)) == name
    assert text_of(facts).count(name) >= 3


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明 Wang", "□□□ Wang"),
        ("Ana 👩‍⚕️", "Ana □□"),
        ("Ana \ue000", "Ana □"),
        ("Ana \U0010fffd\u0301", "Ana □"),
        ("\u0e01\u0e34", "□□"),
        ("\u200d \u200b", "□"),
        ("", "□"),
    ],
)
def test_letters_no_font_has_do_not_lose_the_certificate(name: str, shown: str) -> None:
    facts = replace(ANA, name=name)

    assert name_on(facts).startswith(
        shown + "Some letters of this name cannot be printed yet; the name on record is shown at"
    )
    assert f"is shown at {URL} completed" in text_of(facts)


def test_letters_no_font_has_are_told_of_elsewhere_too() -> None:
    text = text_of(replace(ANA, organisation_name="漢 Clinic"))

    assert "Organisation: □ Clinic" in text
    assert f"Some letters on this page cannot be printed yet; the record is shown at {URL}" in text


def test_a_letter_that_fails_all_the_same_does_not_lose_the_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_covered", lambda: frozenset(range(0x110000)))

    assert name_on(replace(ANA, name="Ana 王")).startswith("Ana □Some letters of this name")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana\u202e Jones\u202c", "Ana Jones"),
        ("\u2067Ana\u2069 \u200fJones\u200e", "Ana Jones"),
        ("Ana\x00\x07\x1b Jones\ufeff\ufffe", "Ana Jones"),
        ("  Ana\n\t\u2028\u00a0Jones ", "Ana Jones"),
        ("Ana\ufe0f Jo\u00adnes\udcff", "Ana Jones"),
        ("A\u0301na Jones", "Ána Jones"),
    ],
)
def test_what_steers_and_does_not_show_is_taken_out(name: str, shown: str) -> None:
    assert name_on(replace(ANA, name=name)) == shown


def test_marks_are_not_heaped_over_the_page() -> None:
    assert pdf._clean("q" + "\u0334" * 50 + "r") == "q" + "\u0334" * pdf.MOST_MARKS + "r"


LONG_NAMES = [
    ("Maria da Conceição Fernandes de Albuquerque Montgomery-Fitzpatrick " * 2)[:120],
    "W" * 120,
    "Wolfeschlegelsteinhausen",
    ("فاطمة الزهراء بنت " * 7)[:120],
    "ক্ষ" * 40,
]


@pytest.mark.parametrize("name", LONG_NAMES)
def test_a_long_name_stays_on_the_page(name: str) -> None:
    facts = replace(ANA, name=name, course_title="Recognising early stress and trauma in babies " * 3)
    text = re.sub(r"[\s\u200b]", "", text_of(facts))

    assert len(read(facts).pages) == 1
    assert all(left >= 55 for _, left, _ in runs_on(facts))
    assert not name.isascii() or name.replace(" ", "") in text


@pytest.mark.parametrize(("number", "pages"), [(1, 1), (5, 1), (8, 1), (14, 1)])
def test_up_to_fourteen_outcomes_stand_on_one_page(number: int, pages: int) -> None:
    outcomes = tuple(f"Outcome {count}: tell an invitation to connect from a wish for a pause" for count in range(number))
    facts = replace(ANA, outcomes=outcomes)

    assert len(read(facts).pages) == pages
    assert all(outcome in text_of(facts) for outcome in outcomes)


def test_very_much_text_flows_to_further_pages() -> None:
    outcomes = tuple(f"Outcome {count}: " + "recognise what is more than a passing upset " * 6 for count in range(14))
    facts = replace(ANA, outcomes=outcomes)
    text = text_of(facts)

    assert len(read(facts).pages) == 2
    assert all(outcome.strip() in text for outcome in outcomes)
    assert text.index("Outcome 13") < text.index("Check this certificate") < text.index("How it relates")
    assert "Page 2 of 2" in text


def test_wrong_facts_are_refused_all_at_once() -> None:
    with pytest.raises(ValueError) as refusal:
        replace(ANA, edition=0, individual_minutes=-1, code="J0T1-5CY4", verify_url="javascript:alert(1)")

    for field in ("edition", "individual_minutes", "code", "verify_url"):
        assert field in str(refusal.value)


def test_the_coverage_file_says_what_the_fonts_hold() -> None:
    held: dict[str, set[int]] = {}
    for path in sorted(FONTS.glob("*.ttf")):
        font = TTFont(path)
        family = font["name"].getDebugName(1)
        held[family] = held.get(family, set(font.getBestCmap())) & set(font.getBestCmap())

    assert {family: set(codes) for family, codes in pdf._coverage().items()} == held
    assert list(pdf._coverage())[0] == pdf._MAIN_FONT
    assert list(pdf._coverage()) == pdf._fonts([FONTS]).families()
    assert ord(pdf.MISSING) in pdf._covered()


def test_the_fonts_are_the_ones_written_down() -> None:
    written = (FONTS / "README.md").read_text(encoding="utf-8")
    files = sorted(FONTS.glob("*.ttf"))

    assert sum(path.stat().st_size for path in files) < 1_200_000
    for path in files:
        assert f"`{path.name}`" in written
        assert sha256(path.read_bytes()).hexdigest() in written


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120), st.text(max_size=60))
def test_no_name_loses_the_certificate(name: str, organisation: str) -> None:
    document = certificate_pdf(replace(ANA, name=name, organisation_name=organisation))

    assert document.startswith(b"%PDF-1.7")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_what_is_printed_can_be_printed(name: str) -> None:
    said = pdf._said(name, pdf._covered())

    assert {ord(letter) for letter in said["text"]} <= pdf._covered()
    assert json.loads(json.dumps(said)) == said
