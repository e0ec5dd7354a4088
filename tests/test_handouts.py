"""The handout of a course: two printed pages, checked as they are written, open to everyone, the same bytes each time."""

import io
import os
import re
import shutil
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from django.utils import timezone
from pypdf import PdfReader

from courses.authoring.courses import read_courses
from courses.authoring.publishing import publish
from courses.authoring.reading.handouts import CELLS, MOST_ROOM, PRINTED, room_of
from courses.handouts import queries as handouts
from courses.handouts.pdf import HandoutFacts, handout_pdf
from courses.handouts.queries import printed
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.signoffs.actions import Signature, sign_off
from courses.signoffs.material import HANDOUT, materials_of
from courses.signoffs.models import SignOff
from courses.signoffs.review_status import UNREVIEWED
from courses.typesetting.glyph_coverage import coverage
from tests.conftest import SHIPPED, TINY, enrol, person
from tests.test_queries import queries

ROOT = Path(__file__).parent.parent
PATH = "/courses/tiny/handout/"
T = datetime(2026, 3, 2, 9, tzinfo=UTC)
A4 = (595, 842)
FOOT = 7.6
SHIPPED_COURSES, SHIPPED_PROBLEMS = read_courses(SHIPPED)
each_course = pytest.mark.parametrize("course", SHIPPED_COURSES, ids=lambda course: course.key)


def facts_of(course: content.Course, **changes: object) -> HandoutFacts:
    assert course.handout
    made = HandoutFacts(
        handout=course.handout,
        course_title=course.title,
        edition=3,
        published_on=date(2026, 3, 1),
        status=UNREVIEWED,
        sources_url=f"https://notice.example/courses/{course.key}/sources/",
        site_name="Notice",
    )
    return replace(made, **changes)


def read(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document))


def words(document: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(document).pages).split())


def squeezed(text: str) -> str:
    """Without spaces and hyphens, as a line's end may stand anywhere."""
    return re.sub(r"[\s-]+", "", text)


def sizes(document: bytes) -> list[float]:
    """The sizes of all type on the pages, in points."""
    found: list[float] = []

    def look(text: str, cm: object, tm: list[float], font: object, size: float) -> None:
        if text.strip():
            found.append(round(size * abs(tm[3]), 2))

    for page in read(document).pages:
        page.extract_text(visitor_text=look)
    return found


def tags(document: bytes) -> list[str]:
    """The names of the tags of the document, in reading order."""
    found: list[str] = []

    def walk(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            found.extend([node["/S"]] if "/S" in node else [])
            walk(node.get("/K", []))

    walk(read(document).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_it_works(client, course):
    response = client.get(PATH)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == 'attachment; filename="tiny-handout.pdf"'
    said = words(response.content)
    for text in (
        "Small things at a glance",
        "R4 Call somebody",
        "Local procedure always wins.",
        UNREVIEWED,
        "Edition 1",
    ):
        assert text in said
    assert "A1, B1" in said
    assert squeezed("http://127.0.0.1:8000/courses/tiny/sources/") in squeezed(said)


class TestWhatIsShipped:
    def test_every_course_has_one_without_problems(self):
        assert [str(problem) for problem in SHIPPED_PROBLEMS] == []
        assert all(course.handout for course in SHIPPED_COURSES)

    @each_course
    def test_it_is_two_pages_of_a4_that_can_be_read_on_a_wall(self, course):
        document = handout_pdf(facts_of(course))
        pages = read(document).pages
        assert [tuple(map(round, page.mediabox[2:])) for page in pages] == [A4, A4]
        assert min(size for size in sizes(document) if size != FOOT) >= 9

    @each_course
    def test_everything_written_is_printed_and_local_procedure_wins_on_both_pages(self, course):
        document = handout_pdf(facts_of(course))
        said = squeezed(words(document))
        handout = course.handout
        for section in handout.sections:
            for text in (
                section.title,
                section.lead,
                *section.columns,
                *(c for row in section.rows for c in row.cells),
            ):
                assert squeezed(text) in said, text
        for number, page in enumerate(read(document).pages, 1):
            foot = page.extract_text()
            assert "Local procedure always wins." in foot
            assert f"Page {number} of 2" in foot
            assert all(source in foot for source in handout.sources_on(number))

    @each_course
    def test_it_is_tagged_with_its_headings_and_tables(self, course):
        document = handout_pdf(facts_of(course))
        root = read(document).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en-GB"
        metadata = root["/Metadata"].get_data().decode()
        assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
        found = tags(document)
        tables = sum(section.look == "table" for section in course.handout.sections)
        assert (found.count("/H1"), found.count("/Table")) == (1, tables)
        assert found.count("/H2") == len(course.handout.sections)
        assert found.count("/TH") == sum(
            len(section.columns) for section in course.handout.sections
        )

    def test_the_second_course_has_the_whole_ladder_and_what_cannot_wait(self):
        course = next(one for one in SHIPPED_COURSES if one.key == "recognising-early-stress")
        ladder = next(one for one in course.handout.sections if one.look == "ladder")
        assert [row.cells[0] for row in ladder.rows] == [
            "R0",
            "R1",
            "R2",
            "R3 today",
            "R3 now",
            "R4",
        ]
        urgent = " ".join(
            c
            for one in course.handout.sections
            if one.look == "urgent"
            for r in one.rows
            for c in r.cells
        )
        for sign in (
            "38 °C",
            "Green vomit",
            "fit",
            "bruise",
            "Stops breathing",
            "soft spot",
            "Shaken",
            "Jaundice",
        ):
            assert sign in urgent

    def test_the_third_course_has_the_eight_prompts_and_the_first_the_five_reviews(self):
        by_key = {course.key: course.handout for course in SHIPPED_COURSES}
        prompts = next(
            one for one in by_key["under-twos-in-camhs"].sections if "eight prompts" in one.title
        )
        assert len(prompts.rows) == 8
        reviews = next(one for one in by_key["first-1001-days"].sections if "reviews" in one.title)
        assert [row.sources for row in reviews.rows] == [("A33",)] * 5


class TestTheDocument:
    def test_the_same_facts_give_the_same_bytes_in_any_process(self, tiny_content):
        here = handout_pdf(facts_of(tiny_content[0]))
        assert here == handout_pdf(facts_of(tiny_content[0]))
        assert here != handout_pdf(facts_of(tiny_content[0], edition=4))
        code = (
            "from tests.test_handouts import *\n"
            "print(sha256(handout_pdf(facts_of(read_courses(TINY)[0][0]))).hexdigest())"
        )
        own = {
            **os.environ,
            "PYTHONHASHSEED": "7",
            "TZ": "Asia/Tokyo",
            "DJANGO_SETTINGS_MODULE": "elearn.settings",
        }
        said = subprocess.run(
            [sys.executable, "-c", "import django; django.setup()\n" + code],
            cwd=ROOT,
            env=own,
            capture_output=True,
        )
        assert said.stdout.decode().strip() == sha256(here).hexdigest(), said.stderr.decode()

    @pytest.mark.parametrize("words", [1, 4, 9], ids=["short", "middling", "long"])
    @pytest.mark.parametrize("look", CELLS)
    def test_as_much_as_a_page_may_have_stands_on_it_in_any_look(self, tiny_content, look, words):
        """What `check_courses` lets through never makes a third page, and can be read."""
        handout = filled(look, words)
        assert (
            MOST_ROOM - 60
            <= room_of([one for one in handout.sections if one.page == 1])
            <= MOST_ROOM
        )
        document = handout_pdf(facts_of(tiny_content[0], handout=handout))
        assert len(read(document).pages) == 2
        assert min(size for size in sizes(document) if size != FOOT) >= 8

    def test_a_long_name_of_a_reviewer_in_any_script_is_printed(self, tiny_content):
        status = "Signed off by Ŵyn 高橋 " + "Long" * 20 + ", a role (NMC) on 2 March 2026."
        document = handout_pdf(facts_of(tiny_content[0], status=status))
        assert len(read(document).pages) == 2
        assert "Ŵyn □" in words(document)

    def test_text_is_never_read_as_markup(self, tiny_content):
        course = tiny_content[0]
        section = course.handout.sections[2].model_copy(
            update={
                "rows": (
                    content.HandoutRow(cells=("#panic() *a* $x$ @y `z` ] }",), sources=("A1",)),
                )
            }
        )
        handout = course.handout.model_copy(
            update={"sections": (*course.handout.sections, section)}
        )
        assert squeezed("#panic() *a* $x$ @y `z` ] }") in squeezed(
            words(handout_pdf(facts_of(course, handout=handout)))
        )

    def test_every_letter_an_author_may_write_is_in_the_main_typeface(self):
        main = next(iter(coverage().values()))
        allowed = {code for code in range(0x20, 0x3000) if PRINTED.fullmatch(chr(code))}
        assert len(allowed) > 180
        assert allowed <= main


def filled(look: str, words: int) -> content.Handout:
    """Two pages of one look, as full as they may be, with so many words in a cell."""
    count, columns = CELLS[look][1], ("One", "Two", "Three", "Four") if look == "table" else ()
    cells = (" ".join(["breathing"] * words),) * count
    row = content.HandoutRow(
        cells=("R3 today", *cells[1:]) if look == "ladder" else cells, sources=("A1",)
    )
    pages = []
    for page in (1, 2):
        sections: list[content.HandoutSection] = []
        while True:
            last = sections[-1] if sections and len(sections[-1].rows) < 14 else None
            rows = (*(last.rows if last else ()), row)
            grown = content.HandoutSection(
                title="A title", page=page, look=look, columns=columns, rows=rows
            )
            fuller = [*(sections[:-1] if last else sections), grown]
            if room_of(fuller) > MOST_ROOM:
                break
            sections = fuller
        pages += sections
    return content.Handout(
        title="A page of words", lead="As many as there may be.", sections=tuple(pages)
    )


class TestThePage:
    def test_whoever_is_on_the_course_and_whoever_is_not_finds_the_link(
        self, cast, course, client, sign_in
    ):
        enrol(cast.ben, course, timezone.now())
        for browser in (client, sign_in(cast.ben), sign_in(cast.olga)):
            assert f'href="{PATH}"' in browser.get("/courses/tiny/").content.decode()
            assert browser.get(PATH).status_code == 200

    def test_a_course_without_one_has_neither_link_nor_page(self, client, course, tiny_content):
        publish([tiny_content[0].model_copy(update={"handout": None})], T)
        assert "handout" not in client.get("/courses/tiny/").content.decode()
        assert client.get(PATH).status_code == 404
        assert client.get("/courses/nothing/handout/").status_code == 404

    def test_everyone_gets_the_newest_as_guidance_moves(
        self, cast, course, tiny_content, client, sign_in
    ):
        enrol(cast.ben, course, timezone.now())
        handout = tiny_content[0].handout.model_copy(update={"title": "Small things, newer"})
        publish([tiny_content[0].model_copy(update={"handout": handout})], T)
        for browser in (client, sign_in(cast.ben)):
            assert "Small things, newer" in words(browser.get(PATH).content)

    def test_a_retired_courses_learners_keep_theirs(
        self, cast, course, tiny_content, client, sign_in
    ):
        enrol(cast.ben, course, timezone.now())
        publish([tiny_content[0].model_copy(update={"key": "other"})], T)
        assert sign_in(cast.ben).get(PATH).status_code == 200
        assert client.get(PATH).status_code == sign_in(cast.olga).get(PATH).status_code == 404

    def test_it_is_printed_once_and_kept(self, client, course):
        first, second = client.get(PATH).content, client.get(PATH).content
        assert first == second
        assert printed.cache_info().misses == 1
        assert len(queries(client, PATH)) <= 3

    def test_nothing_is_done_by_posting(self, client, course):
        assert client.post(PATH).status_code == 405

    def test_its_sources_are_on_the_page_of_sources(self, client, course):
        page = client.get("/courses/tiny/sources/").content.decode()
        assert page.count("Handout") == 2


class TestSignOff:
    def sign(self, cast, course: Course, said: SignOff.Decision = SignOff.Decision.SIGNED) -> None:
        about = next(
            one for one in materials_of(content_of(course.edition_id)) if one.key == HANDOUT
        )
        words = Signature(said, "Rhea Jones", "Health visitor", "NMC", note="Read")
        sign_off(cast.rhea, course.edition_id, about, about.digest, words, uuid.uuid4(), T)

    def test_a_clinician_reads_and_signs_it_like_a_lesson(self, cast, course, client, sign_in):
        rhea = sign_in(cast.rhea)
        assert "Handout: Small things at a glance" in rhea.get("/reviewing/").content.decode()
        page = rhea.get("/reviewing/tiny/handout/").content.decode()
        for section in content_of(course.edition_id).handout.sections:
            assert all(cell in page for row in section.rows for cell in row.cells)
        assert f'href="{PATH}"' in page
        self.sign(cast, course)
        assert "Signed off by Rhea Jones, Health visitor (NMC) on 2 March 2026." in words(
            client.get(PATH).content
        )

    def test_one_who_asks_for_changes_takes_the_name_off_at_once(self, cast, course, client):
        self.sign(cast, course)
        client.get(PATH)
        self.sign(cast, course, SignOff.Decision.CHANGES)
        assert UNREVIEWED in words(client.get(PATH).content)

    def test_a_changed_word_undoes_it_and_a_changed_lesson_does_not(
        self, cast, course, tiny_content, client
    ):
        self.sign(cast, course)
        tiny = tiny_content[0]
        lesson = tiny.lessons[0].model_copy(update={"title": "Else"})
        publish([tiny.model_copy(update={"lessons": (lesson, tiny.lessons[1])})], T)
        assert "Signed off by Rhea Jones" in words(client.get(PATH).content)
        publish(
            [
                tiny.model_copy(
                    update={"handout": tiny.handout.model_copy(update={"lead": "Else."})}
                )
            ],
            T,
        )
        assert UNREVIEWED in words(client.get(PATH).content)

    def test_it_does_not_count_among_the_lessons(self, cast, course, client):
        person("Roy", is_reviewer=True)
        self.sign(cast, course)
        assert UNREVIEWED in client.get("/courses/tiny/").content.decode()


ROW = {"cells": ["One cell"], "sources": ["A1"]}
FAULTS = [
    (["sections", 0, "columns"], [], "has no columns"),
    (["sections", 0, "columns"], ["One", "Two", "Three"], "has 2 cells under 3 columns"),
    (["sections", 1, "columns"], ["One"], "has columns, which only a table shows"),
    (["sections", 1, "rows", 0, "cells"], ["One", "Two"], "has 2 cells; a row of a steps has 1"),
    (["sections", 4, "rows", 0, "cells"], ["R0"], "has 1 cells; a row of a ladder has 2"),
    (["sections", 1, "rows", 0, "sources"], [], "write at least 1"),
    (["sections", 1, "rows", 0, "sources"], ["C9.9"], "source 'C9.9' is not in references.yaml"),
    (["sections", 1, "rows", 0, "cells"], ["*Look*"], "has Markdown"),
    (["sections", 1, "rows", 0, "cells"], ["Look [@A1]"], "has Markdown"),
    (["sections", 1, "rows", 0, "cells"], ["[[smallness]]"], "has Markdown"),
    (["sections", 1, "rows", 0, "cells"], ["<b>Look</b>"], "has Markdown"),
    (
        ["sections", 1, "rows", 0, "cells"],
        ["Look → wait"],
        "has '→', which the handout's typeface lacks",
    ),
    (["sections", 1, "look"], "poem", "'poem' is not allowed; write 'table', 'list'"),
    (["sections", 1, "page"], 3, "is not allowed; write 1 or 2"),
    (
        ["sections", 1, "rows", 0, "cells"],
        ["word " * MOST_ROOM],
        f"words and holds {MOST_ROOM}; shorten it",
    ),
    (
        ["sections", 4, "rows", 0, "cells"],
        ["First", "Look"],
        "write a rung: R0, R1, R2, R3 today, R3 now, R4",
    ),
    (["sections", 1, "colour"], "red", "is not a known field"),
    (["titel"], "x", "write 'title'"),
]


@pytest.mark.parametrize(
    ("place", "value", "message"), FAULTS, ids=[message for _, _, message in FAULTS]
)
def test_every_fault_is_reported_with_its_file_and_line(tmp_path, place, value, message):
    root = tmp_path / "courses"
    shutil.copytree(TINY, root)
    path = root / "tiny" / "handout.yaml"
    data = yaml.safe_load(path.read_text())
    inner = data
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))
    problems = read_courses(root)[1]
    found = [problem for problem in problems if message in problem.what]
    assert found, [str(problem) for problem in problems]
    assert {problem.path for problem in found} == {"tiny/handout.yaml"}


def test_a_page_that_is_empty_is_told(tmp_path):
    root = tmp_path / "courses"
    shutil.copytree(TINY, root)
    path = root / "tiny" / "handout.yaml"
    path.write_text(path.read_text().replace("page: 2", "page: 1"))
    problems = read_courses(root)[1]
    assert [problem.what for problem in problems] == ["has none on page 2; a handout has two pages"]


def test_many_first_requests_for_a_handout_set_it_once(course, monkeypatch):
    """A trainer shows the address to a room: those who come while it is being set wait for it."""
    made = []

    def counted(facts):
        made.append(facts.course_title)
        return handout_pdf(facts)

    monkeypatch.setattr(handouts, "handout_pdf", counted)
    content_of(course.edition_id)  # read here: the threads ask no database
    with ThreadPoolExecutor(6) as threads:
        documents = list(
            threads.map(lambda _: printed(course.edition_id, 1, date(2026, 3, 1), ""), range(12))
        )
    assert made == ["Tiny things"]
    assert len(set(documents)) == 1


def test_a_handout_that_could_not_be_set_is_set_by_the_next(course, monkeypatch):
    content_of(course.edition_id)
    with monkeypatch.context() as broken:
        broken.setattr(handouts, "handout_pdf", lambda facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            printed(course.edition_id, 1, date(2026, 3, 1), "")
    assert printed(course.edition_id, 1, date(2026, 3, 1), "").startswith(b"%PDF")
