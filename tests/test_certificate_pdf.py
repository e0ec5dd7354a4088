import io
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

from courses.certificates.pdf import CertificateFacts, certificate_pdf
from courses.typesetting import compiler, glyph_coverage
from tests.examples import examples

ROOT = Path(__file__).parent.parent
FONTS = glyph_coverage.FONTS
URL = "https://notice.example.org/certificates/J0T1-5CY4-TQKF-F092-M5C1-J1"
SOME_LETTERS = "Some letters of this name cannot be printed yet; the name on record is shown at"
ANA = CertificateFacts(
    code="J0T15CY4TQKFF092M5C1J1",
    name="Ana Ŵyn-Jones",
    course_title="The first 1001 days",
    edition=3,
    outcomes=(
        "Notice early signs of stress in a baby",
        "Wonder aloud with a parent or carer, without blame",
    ),
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
    """Everything the pages say, on one line."""
    return " ".join(" ".join(page.extract_text() for page in read(facts).pages).split())


def name_on(name: str) -> str:
    """Ana's certificate under another name: what stands at its place, as reading software gets it."""
    return (
        spoken(read(replace(ANA, name=name)).pages[0])
        .split("Certificate of completion")[1]
        .split("completed")[0]
    )


def spoken(page: PageObject) -> str:
    """The text of a page in the order of its tags, with replacement texts, which pypdf leaves out."""
    fonts = {
        key: unicode_map(font["/ToUnicode"].get_data().decode())
        for key, font in fonts_of(page).items()
    }
    heard, font, replaced = [], {}, False
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator == b"BDC" and "/ActualText" in operands[1]:
            heard.append(operands[1]["/ActualText"])
            replaced = True
        elif operator == b"EMC":
            replaced = False
        elif operator == b"Tf":
            font = fonts[operands[0]]
        elif operator in (b"Tj", b"TJ") and not replaced:
            heard += [font[glyph] for glyph in glyphs_of(operands)]
    return "".join(heard)


def fonts_of(page: PageObject) -> dict[str, Any]:
    return {key: font.get_object() for key, font in page["/Resources"]["/Font"].items()}


def unicode_map(cmap: str) -> dict[int, str]:
    pairs = re.findall(r"^<(\w{4})> <(\w+)>$", cmap, re.MULTILINE)
    return {int(glyph, 16): bytes.fromhex(text).decode("utf-16-be") for glyph, text in pairs}


def glyphs_of(operands: list[Any]) -> list[int]:
    pieces = operands[0] if isinstance(operands[0], list) else operands
    shown = b"".join(piece.original_bytes for piece in pieces if hasattr(piece, "original_bytes"))
    return [int.from_bytes(shown[at : at + 2], "big") for at in range(0, len(shown), 2)]


def runs_on(facts: CertificateFacts) -> list[tuple[str, float, list[int]]]:
    """The runs of the first page: the font, points from the left edge, and the glyphs."""
    page, runs, font, left = read(facts).pages[0], [], "", 0.0
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator == b"cm":
            left = float(operands[4])
        elif operator == b"Tf":
            font = fonts_of(page)[operands[0]]["/BaseFont"].split("+")[1]
        elif operator in (b"Tj", b"TJ"):
            runs.append((font, left, glyphs_of(operands)))
    return runs


def glyphs_of_name(name: str, font: str) -> list[int]:
    facts = replace(ANA, name=name, organisation_name=None)
    return [glyph for used, _, glyphs in runs_on(facts) if used == font for glyph in glyphs]


def structure(node: Any) -> list[str]:
    """The tags of a document in reading order, with the alternative text of a figure."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [tag for child in node for tag in structure(child)]
    if not hasattr(node, "get"):
        return []
    own = [f"{node['/S']} {node.get('/Alt', '')}".strip()] if "/S" in node else []
    return own + structure(node.get("/K", []))


def in_a_fresh_process(code: str, **environment: str) -> str:
    code = f"from tests.test_certificate_pdf import *\n{code}"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,  # it hangs or it ends: a busy machine took more than 30 seconds
    )
    return result.stdout.strip() or result.stderr


def test_it_works() -> None:
    text = text_of(ANA)

    assert len(read(ANA).pages) == 1
    for words in (
        "Notice learning for the first 1001 days",
        "Certificate of completion Ana Ŵyn-Jones completed The first 1001 days edition 3, on 29 March 2026",
        "• Notice early signs of stress in a baby • Wonder aloud with a parent or carer, without blame",
        "Individual learning: 19 minutes Participatory learning: 0 minutes (self-paced study)",
        "Result: Final quiz passed: 5.5 of 6 marks (92%) Method: Self-directed online learning",
        "Organisation: Riverside Health Visiting",
        "How it relates to my practice The part of the Code it belongs to The difference it makes for babies and",
        f"Code: J0T1-5CY4-TQKF-F092-M5C1-J1 {URL} Issued by Notice on 30 March 2026. Written from published guidance.",
    ):
        assert words in text


def test_it_claims_no_accreditation_and_no_service() -> None:
    assert not re.search(r"accredit|NHS|NMC|participatory hours|□", text_of(ANA), re.IGNORECASE)


def test_time_with_others_is_said_apart() -> None:
    text = text_of(replace(ANA, individual_minutes=1, participatory_minutes=60))

    assert "Individual learning: 1 minute Participatory learning: 60 minutes Result" in text


def test_minutes_are_said_to_be_designed_where_the_certificate_says_so() -> None:
    text = text_of(replace(ANA, is_designed=True))

    assert "Individual learning: designed as 19 minutes" in text
    assert "What its quiz asked for" in text and "Learning outcomes" not in text
    assert "designed" not in text_of(ANA)


def test_what_there_is_none_of_is_left_out() -> None:
    text = text_of(replace(ANA, organisation_name=None, result="", outcomes=()))

    assert "Organisation" not in text and "Result" not in text
    assert "Learning outcomes" not in text


def test_the_same_facts_give_the_same_bytes() -> None:
    assert certificate_pdf(ANA) == certificate_pdf(ANA)
    assert certificate_pdf(ANA) != certificate_pdf(replace(ANA, issued_on=date(2026, 3, 31)))


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Adak"])
def test_a_fresh_process_gives_the_same_bytes(zone: str) -> None:
    here = sha256(certificate_pdf(ANA)).hexdigest()

    assert (
        in_a_fresh_process(
            "print(sha256(certificate_pdf(ANA)).hexdigest())", TZ=zone, PYTHONHASHSEED="7"
        )
        == here
    )


def test_threads_make_what_one_would_make() -> None:
    people = [replace(ANA, name=f"Person {number}") for number in range(8)]
    alone = [certificate_pdf(person) for person in people]

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(certificate_pdf, people)) == alone


SLOW = """
#set document(title: "Slow")
#range(1000000).map(i => calc.rem(i, 7)).sum()
"""


def test_it_does_not_wait_for_a_slower_document(tmp_path) -> None:
    """A handout takes a second or two the first time.

    A certificate by another template goes on meanwhile.
    """
    template = tmp_path / "slow.typ"
    template.write_text(SLOW)
    certificate_pdf(ANA)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(compiler.TYPESETTER.pdf, template, {})
        time.sleep(0.1)
        certificate_pdf(replace(ANA, name="Somebody meanwhile"))
        assert not slow.done()
        assert slow.result().startswith(b"%PDF")


def test_a_server_may_import_before_it_forks_and_is_refused_afterwards() -> None:
    # Refused rather than left hanging; the first child shows that importing alone does no harm.
    printed = in_a_fresh_process("""
for _ in range(2):
    if os.fork() == 0:
        try:
            os.write(1, certificate_pdf(ANA)[:4])
        except RuntimeError as refusal:
            os.write(1, b"; " + str(refusal).encode())
        os._exit(0)
    os.wait()
    certificate_pdf(ANA)
""")

    assert (
        printed
        == "%PDF; A document was made before this process was forked: make none before forking."
    )


def test_memory_does_not_grow_with_every_certificate() -> None:
    grown = in_a_fresh_process("""
outcomes = tuple(f"Outcome {count}: wonder aloud with a parent or carer" for count in range(14))
held = []
for number in range(30):
    certificate_pdf(replace(ANA, name=f"Person {number}", outcomes=outcomes))
    held.append(int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
print((max(held) - held[0]) // 1_000_000)
""")

    assert int(grown) < 50  # megabytes; about 20 as it is, 80 where nothing is forgotten


def test_it_is_accessible_and_archival() -> None:
    root = read(ANA).trailer["/Root"]
    claims = root["/Metadata"].get_data().decode()

    assert "<pdfuaid:part>1</pdfuaid:part>" in claims
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in claims
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en-GB", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_it_is_read_in_order() -> None:
    tags = structure(read(ANA).trailer["/Root"]["/StructTreeRoot"])
    landmarks = [tag for tag in tags if tag.startswith(("/H", "/Figure"))]

    assert landmarks == ["/H1", "/H2", "/H2", "/H2", f"/Figure QR code that opens {URL}", "/H2"]
    assert (tags.count("/LI"), tags.count("/Link"), tags.count("/Span")) == (2, 1, 0)


def test_its_own_data_say_what_it_is() -> None:
    about = read(ANA).metadata

    assert about is not None
    assert about.title == "Certificate of completion: Ana Ŵyn-Jones, The first 1001 days"
    assert (about.author, about["/CreationDate"]) == ("Notice", "D:20260330000000Z")


WELSH_POLISH_VIETNAMESE_YORUBA = [
    "Siân Ŵyn-Ŷorath",
    "Łukasz Żółć-Wiśniewski",
    "Nguyễn Thị Bích Ngọc",
    "Adébáyọ Ṣadé",
]
UKRAINIAN_GREEK_AND_ENGLISH = ["Олена Шевченко", "Σοφία Παπαδοπούλου", "Zoë O’Neill-D'Souza, 3rd"]
INDIC = ["डॉ. लक्ष्मी क्षत्रिय", "ਸਿਮਰਨਜੀਤ ਕੌਰ ਗਿੱਲ", "শ্রীমতী রহিমা চৌধুরী"]


@pytest.mark.parametrize(
    "name", [*WELSH_POLISH_VIETNAMESE_YORUBA, *UKRAINIAN_GREEK_AND_ENGLISH, *INDIC]
)
def test_a_name_is_printed_and_heard_whole(name: str) -> None:
    assert name_on(name) == name


@pytest.mark.parametrize("name", ["عبد الرحمن", "فاطمة الزهراء", "ٹیپو سلطان", "כהן לוי"])
def test_a_name_from_the_right_starts_on_the_right(name: str) -> None:
    assert name_on(name) == name[::-1]


@pytest.mark.parametrize("name", ["دانا Смит", "Смит دانا"])
def test_a_mixed_name_takes_the_direction_of_its_first_letter(name: str) -> None:
    # From the right, what comes first stands right; from the left, it stands left: Смит is on the
    # left both times.
    left = {font: at for font, at, _ in runs_on(replace(ANA, name=name))}

    assert left["NotoSans-Regular"] < left["NotoSansArabic-Regular"]


@pytest.mark.parametrize("name", ["Ọ̀ṣunwùmí Ẹ̀gbẹ́", "مُحَمَّد", "רָחֵל", "রহিমা খাতুন", "Dr लक्ष्मी (لیلا) ਕੌਰ"])
def test_letters_with_marks_leave_no_gap(name: str) -> None:
    assert not any(0 in glyphs for _, _, glyphs in runs_on(replace(ANA, name=name)))
    assert set(normalize("NFC", name)) <= set(name_on(name)) | {" "}


def test_letters_take_the_form_their_neighbours_ask_for() -> None:
    assert len(set(glyphs_of_name("ببب", "NotoSansArabic-Regular"))) == 3  # first, middle, last
    assert (
        len(glyphs_of_name("क्ष", "NotoSansDevanagari-Regular")) == 1
    )  # one conjunct of three characters
    assert len(glyphs_of_name("क्\u200cष", "NotoSansDevanagari-Regular")) > 1


def test_a_name_stays_in_one_typeface() -> None:
    assert glyphs_of_name("Nguyen", "NotoSans-Regular") == []
    assert len(glyphs_of_name("Nguyễn", "NotoSans-Regular")) == len("Nguyễn")
    assert len(glyphs_of_name("Ox\u0301", "NotoSans-Regular")) == 3


MARKUP = [
    '#import "@preview/x:1.0.0": *',
    "#panic()[a] ]} $x^2$",
    "*a* _b_ `c` = d",
    r"\ \u{41} // /* */ <e> @f",
]
SHORTHAND = ["- 1. + / ~ -- --- ... '' \"\"", "https://example.com", '"}, "code": "x']


@pytest.mark.parametrize("name", [*MARKUP, *SHORTHAND])
def test_markup_is_printed_as_it_is_typed(name: str) -> None:
    everywhere = replace(
        ANA,
        organisation_name=name,
        outcomes=(name,),
        course_title=name,
        site_name=name,
        result=name,
    )

    assert name_on(name) == name
    assert text_of(everywhere).replace(" ", "").count(name.replace(" ", "")) == 5


UNKNOWN = [
    ("王小明 Wang", "□□□ Wang"),
    ("Ana 👩‍⚕️", "Ana □□"),
    ("A\ue000", "A□"),
    ("A\U0010fffd\u0301", "A□"),
]


@pytest.mark.parametrize(("name", "shown"), [*UNKNOWN, ("\u200d \u200b", "□"), ("", "□")])
def test_letters_no_font_has_do_not_lose_the_certificate(name: str, shown: str) -> None:
    assert name_on(name).startswith(shown + SOME_LETTERS)
    assert f"is shown at {URL} completed" in text_of(replace(ANA, name=name))


def test_letters_no_font_has_are_told_of_elsewhere_too() -> None:
    text = text_of(replace(ANA, organisation_name="漢 Clinic"))

    assert "Organisation: □ Clinic" in text
    assert f"Some letters on this page cannot be printed yet; the record is shown at {URL}" in text


def test_a_letter_that_fails_all_the_same_does_not_lose_the_certificate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compiler, "covered_characters", lambda: frozenset(range(0x110000)))

    assert name_on("Ana 王").startswith("Ana □" + SOME_LETTERS)


STEERED = [
    "Ána\u202e Jones\u202c",
    "\u2067Ána\u2069 \u200fJones",
    "Ána\x00 Jones\ufeff\ufffe",
    "Ána\ufe0f Jo\u00adnes",
]


@pytest.mark.parametrize(
    "name", [*STEERED, " Ána\n\t\u2028\u00a0Jones ", "Ána Jones\udcff", "A\u0301na Jones"]
)
def test_what_steers_and_does_not_show_is_taken_out(name: str) -> None:
    assert glyph_coverage.clean(name) == "Ána Jones"
    assert name_on(name) == "Ána Jones"


def test_marks_are_not_heaped_over_the_page() -> None:
    assert (
        glyph_coverage.clean("q" + "\u0334" * 50 + "r")
        == "q" + "\u0334" * glyph_coverage.MAX_MARKS + "r"
    )


LONG = [
    "Maria da Conceição de Albuquerque Montgomery-Fitzpatrick " * 3,
    "W" * 120,
    "W" * 20,
    "Wolfeschlegelsteinhausen",
]


@pytest.mark.parametrize("name", [*LONG, "فاطمة الزهراء بنت " * 7, "ক্ষ" * 40])
def test_a_long_name_stays_on_the_page(name: str) -> None:
    facts = replace(
        ANA, name=name[:120], course_title="Recognising early stress and trauma in babies " * 3
    )

    assert len(read(facts).pages) == 1
    assert all(
        left >= 55 for _, left, _ in runs_on(facts)
    )  # the margin; what is centred sticks out on both sides


@pytest.mark.parametrize("number", [1, 5, 8, 14])
def test_up_to_fourteen_outcomes_stand_on_one_page(number: int) -> None:
    outcomes = tuple(
        f"Outcome {count}: tell an invitation to connect from a wish to pause"
        for count in range(number)
    )
    facts = replace(ANA, outcomes=outcomes)

    assert len(read(facts).pages) == 1
    assert all(outcome in text_of(facts) for outcome in outcomes)


def test_very_much_text_flows_to_a_second_page() -> None:
    outcomes = tuple(
        f"Outcome {count}: {'recognise more than a passing upset ' * 6}".strip()
        for count in range(14)
    )
    facts = replace(ANA, outcomes=outcomes)
    text = text_of(facts)

    assert len(read(facts).pages) == 2
    assert all(outcome in text for outcome in outcomes)
    assert (
        text.index("Outcome 13")
        < text.index("Check this certificate")
        < text.index("How it relates")
    )
    assert "J0T1-5CY4-TQKF-F092-M5C1-J1 Page 2 of 2" in text


def test_wrong_facts_are_refused_all_at_once() -> None:
    with pytest.raises(ValueError, match=r"edition.*individual_minutes.*code.*verify_url"):
        replace(
            ANA,
            edition=0,
            individual_minutes=-1,
            code="J0T1-5CY4",
            verify_url="javascript:alert(1)",
        )


def test_the_coverage_file_says_what_the_fonts_hold() -> None:
    held: dict[str, set[int]] = {}
    for font in map(TTFont, sorted(FONTS.glob("*.ttf"))):
        characters = set(font.getBestCmap())
        held[font["name"].getDebugName(1)] = (
            held.get(font["name"].getDebugName(1), characters) & characters
        )

    assert glyph_coverage.coverage() == held
    assert list(glyph_coverage.coverage()) == compiler.load_fonts([FONTS]).families()


def test_the_fonts_are_the_ones_written_down_and_small() -> None:
    written = (FONTS / "README.md").read_text(encoding="utf-8")
    files = [(path.name, path.read_bytes()) for path in FONTS.glob("*.ttf")]

    assert all(
        f"`{name}`" in written and sha256(font).hexdigest() in written for name, font in files
    )
    assert sum(len(font) for _, font in files) < 1_200_000


@settings(max_examples=examples(10, 80), deadline=None)
@given(st.text(max_size=120), st.text(max_size=60))
def test_no_name_loses_the_certificate(name: str, organisation: str) -> None:
    assert certificate_pdf(replace(ANA, name=name, organisation_name=organisation)).startswith(
        b"%PDF-1.7"
    )


@settings(max_examples=examples(50, 400), deadline=None)
@given(st.text(max_size=120))
def test_only_what_the_fonts_hold_is_printed(name: str) -> None:
    printed = glyph_coverage.printable_text(name, glyph_coverage.covered_characters())

    assert {ord(letter) for letter in printed["text"]} <= glyph_coverage.covered_characters()
    assert json.loads(json.dumps(printed)) == printed
