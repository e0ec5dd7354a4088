"""Spelling: what `make check` refuses in the texts that people read, and what it leaves alone."""

import re
import shutil
from pathlib import Path

import pytest

from tests import spelling
from tests.conftest import SHIPPED
from tests.spelling import CHECKED, LIST, ROOT, files_in, has_dictionary, read_list, words_of

LESSON = "first-1001-days/lessons/01-a-special-time.md"
ITEMS = "first-1001-days/items/a-special-time.yaml"

needs_aspell = pytest.mark.skipif(
    not has_dictionary(), reason="spelling NOT RUN: install aspell and aspell-en"
)


def wrong_words(*paths: Path) -> list[str]:
    """The words that are refused in these files, in their order."""
    errors = spelling.spelling_errors(paths)
    return [re.search(r"^\S+:\d+: spelling: '(\S+)' is ", error)[1] for error in errors]


def wrong_words_of(text: str, folder: Path, name: str = "page.md") -> list[str]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return wrong_words(path)


@pytest.fixture
def content(tmp_path) -> Path:
    """A copy of the shipped courses, to plant mistakes in."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "content"))


def plant(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + f"\n{text}\n", encoding="utf-8")


@needs_aspell
def test_it_works(capsys):
    assert spelling.main() == 0
    assert capsys.readouterr().out == ""


def test_the_courses_the_pages_and_the_readme_are_checked():
    checked = [str(path.relative_to(ROOT)) for path in CHECKED]
    assert checked == ["courses/content", "templates", "README.md", "docs"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^check:(?:.*\n\t)+?\$\(PYTHON\) -m tests\.spelling$", makefile, re.M)


SLIPS = {
    "a letter left out": ("They obsrve the baby.", "obsrve"),
    "a letter too many": ("They observve the baby.", "observve"),
    "a wrong letter": ("They obserwe the baby.", "obserwe"),
    "two letters swapped": ("They recieve a visit.", "recieve"),
    "a doubled consonant": ("A referall to the team.", "referall"),
    "two words run together": ("One ofthe babies.", "ofthe"),
    "a space inside a word": ("The ba byish sounds of mo ther.", "byish"),
    "an apostrophe left out": ("She doesnt look back.", "doesnt"),
    "American spelling": ("The color of the cheeks.", "color"),
    "a small letter for a capital": ("An english family.", "english"),
    "in a hyphenated word": ("It is for her well-bieng.", "bieng"),
    "in a word with a capital and a possessive": ("Grandmohter’s lap.", "Grandmohter's"),
}


@needs_aspell
@pytest.mark.parametrize("file", [LESSON, ITEMS])
@pytest.mark.parametrize("kind", SLIPS)
def test_each_kind_of_slip_is_refused(content, file, kind):
    text, slip = SLIPS[kind]
    plant(content / file, f"  feedback: {text}")
    assert slip in wrong_words(content / file)


PLACES = {
    LESSON: """title: A special tmie
alt: A baby lies on a rgu.
## Callum has raed it {#monday-twenty-to-ten}
::: note Sleepy, or lil?
  - text: The span sholud end
    feedback: >-
      It is tempting. The spna begins at birth [@B1].
- state what the days coevr
| A cue | It may maen |
See [[attachmnet|attachment]] and [her pgae](https://x.example/a), **K**nid and *frim*.""",
    ITEMS: """  # Group 1: waht it covers
    stem: Which fmaily is it?
      - text: "A grandmother with twnis"
        group: otuside
    cards: [{text: A hnad, group: here}]""",
    "references.yaml": '    says: Total volume gerw. # cite: "A"',
    "glossary.yaml": "  means: A clam voice.\n  term: co-regluation",
    "first-1001-days/images/cover.svg": '<svg title="A bbay"><title>Two adluts</title></svg>',
}
PLANTED = {
    LESSON: "tmie rgu raed lil sholud spna coevr maen attachmnet pgae Knid frim",
    ITEMS: "waht fmaily twnis otuside hnad",
    "references.yaml": "gerw",
    "glossary.yaml": "regluation",  # clam is a word
    "first-1001-days/images/cover.svg": "bbay adluts",
}


@needs_aspell
@pytest.mark.parametrize("file", PLACES)
def test_every_place_that_has_prose_is_read(tmp_path, file):
    assert wrong_words_of(PLACES[file], tmp_path, Path(file).name) == PLANTED[file].split()


@needs_aspell
def test_pages_are_read_without_their_code(tmp_path):
    page = """<!doctype html><p class="nhsuk-xqz" title="A bbay">{% url 'xqz' %}{{ xqz.zzx }} Hand it
in, plaese</p><form novalidate aria-label="Yuor answer"><input name="xqz">"""
    assert wrong_words_of(page, tmp_path, "page.html") == ["bbay", "plaese", "Yuor"]


@needs_aspell
def test_what_is_no_prose_is_left_alone(tmp_path):
    text = """See [@B38 @C2.4xq], [[a term|xqz-zzx]], `teh`, https://xqz.org/teh, ana@xqz.org, 2nd.
::: check xqz
key: xqz
xqzzx:
## A step {#xqz}
  publications:
    - xqz-2019"""
    assert wrong_words_of(text, tmp_path) == []


@needs_aspell
def test_a_wrong_word_comes_with_its_line_and_what_to_write_instead(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("One fine day.\nTeh diaper.", encoding="utf-8")
    slip, unused = spelling.spelling_errors([page])
    assert slip == (
        f"{page}:2: spelling: 'Teh' is in no dictionary; "
        "write 'The' or 'Tech' or 'Te', or add it to words.txt"
    )
    assert unused == f"{page}:2: spelling: 'diaper' is not used here; write 'nappy'"


AMERICAN = """color colour | Behavioral Behavioural | center centre | centered centred | liters litres | organize organise
recognized recognised | analyzing analysing | pediatrician paediatrician | diarrhea diarrhoea | edema oedema
traveled travelled | counseling counselling | enrollment enrolment | skillful skilful | fulfill fulfil | defense defence
practicing practising | catalog catalogue | aging ageing | maneuver manoeuvre | mommy mummy | diaper nappy | Mom Mum
pacifier dummy | gotten got | program programme | skeptical sceptical | neighbor neighbour | hemorrhage haemorrhage
gray grey | math maths | preemies premature babies"""
PAIRS = [pair.strip().split(maxsplit=1) for pair in re.split(r"[|\n]", AMERICAN)]


@needs_aspell
def test_american_spelling_comes_with_the_british_one(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("\n".join(american for american, _ in PAIRS), encoding="utf-8")
    errors = spelling.spelling_errors([page])
    for (american, british), error in zip(PAIRS, errors, strict=True):
        assert f"'{american}' is " in error
        assert f"'{british}'" in error


@needs_aspell
@pytest.mark.parametrize("folder", ["lessons", "items", "scenes", "images"])
def test_every_kind_of_file_of_a_course_is_read(content, folder):
    path = min((content / "first-1001-days" / folder).iterdir())
    plant(path, "The color.")
    assert wrong_words(path) == ["color"]


@needs_aspell
@pytest.mark.parametrize("name", ["glossary.yaml", "references.yaml", "FORMAT.md"])
def test_files_beside_the_courses_are_read(content, name):
    plant(content / name, "# The color.")
    assert wrong_words(content / name) == ["color"]


@needs_aspell
def test_titles_of_papers_stand_as_they_were_printed(content):
    plant(content / "references.yaml", 'cite: "Disorganized behavior in Pediatrics"')
    assert wrong_words(content / "references.yaml") == []


@needs_aspell
def test_names_that_look_like_a_slip_are_left_alone_only_where_they_are_listed(tmp_path):
    assert wrong_words_of("Als, Tilda and Bilal’s Rhys read.", tmp_path) == []
    assert wrong_words_of("Harvard’s Center and the Harvard Center.", tmp_path) == []
    assert wrong_words_of("The Center is closed.", tmp_path) == ["Center"]
    assert wrong_words_of("tilda and Zuzu", tmp_path) == ["tilda", "Zuzu"]


def test_our_own_list_is_sorted_and_used():
    own, unused = read_list()
    first_part, second_part = LIST.read_text(encoding="utf-8").split("\n\n")
    written = first_part.splitlines()[1:]
    assert written == sorted(own, key=lambda word: (word.casefold(), word))
    assert [row.split(":")[0] for row in second_part.splitlines()[1:]] == sorted(unused)
    read = set()
    for path in files_in(CHECKED):
        for _, word in words_of(path.read_text(encoding="utf-8")):
            read.add(word.casefold().removesuffix("'s"))
    assert [word for word in written if word.casefold().removesuffix("'s") not in read] == []


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_without_a_dictionary_one_line_says_so_and_only_ci_fails(monkeypatch, capsys, ci, code):
    monkeypatch.setattr(spelling, "can_install", lambda: False)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("CI", ci)
    assert spelling.main() == code
    assert capsys.readouterr().out == (
        "spelling by dictionary NOT RUN: install aspell and aspell-en\n"
    )


@needs_aspell
def test_the_command_fails_and_says_why(monkeypatch, capsys, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("Teh.", encoding="utf-8")
    monkeypatch.setattr(spelling, "CHECKED", [page])
    assert spelling.main() == 1
    assert capsys.readouterr().out.startswith(f"{page}:1: spelling: 'Teh' is in no dictionary; ")
