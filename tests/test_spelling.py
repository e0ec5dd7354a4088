"""Spelling: what `make check` refuses in the texts that people read, and what it leaves alone."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import SHIPPED

ROOT = Path(__file__).parent.parent
TYPOS = Path(sys.executable).with_name("typos")
LESSON = "first-1001-days/lessons/01-a-special-time.md"


def checked_paths() -> list[str]:
    """What the Makefile's `check` target hands to the tool."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return re.search(r"^check:(?:.*\n\t)+?\$\(VENV\)/bin/typos (.+)$", makefile, re.M)[1].split()


def spelling_errors(*paths: str | Path) -> list[str]:
    """One `word should be word` for each error; the tool must exit 2 when there is one, else 0."""
    command = [TYPOS, "--config", ROOT / "pyproject.toml", "--format", "brief", "--sort", *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    errors = re.findall(r"error: (.+)", done.stdout)
    assert done.returncode == (2 if errors else 0), done.stderr
    return [error.replace("`", "") for error in errors]


@pytest.fixture
def content(tmp_path) -> Path:
    """A copy of the shipped courses, to plant mistakes in."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "content"))


def plant(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + f"\n{text}\n", encoding="utf-8")


def test_it_works():
    paths = checked_paths()
    assert paths == ["courses/content", "templates", "README.md"]
    assert spelling_errors(*paths) == []


def test_american_spelling_in_a_lesson_is_refused(content):
    plant(content / LESSON, "The color of her behavior.")
    assert spelling_errors(content / LESSON) == [
        "color should be colour",
        "behavior should be behaviour",
    ]


def test_misspelling_in_a_lesson_is_refused(content):
    plant(content / LESSON, "They recieve a seperate visit.")
    assert spelling_errors(content / LESSON) == [
        "recieve should be receive",
        "seperate should be separate",
    ]


AMERICAN = """color colour | Behavioral Behavioural | center centre | centered centred | liters litres | organize organise
recognized recognised | analyzing analysing | pediatrician paediatrician | diarrhea diarrhoea | edema oedema
traveled travelled | counseling counselling | enrollment enrolment | skillful skilful | fulfill fulfil | defense defence
practicing practising | catalog catalogue | aging ageing | maneuver manoeuvre | mommy mummy | diaper nappy | Mom Mum
pacifier dummy | gotten got | program programme | skeptical sceptical | neighbor neighbour | hemorrhage haemorrhage
gray grey | math maths | preemies premature babies"""
PAIRS = [pair.strip().split(maxsplit=1) for pair in re.split(r"[|\n]", AMERICAN)]


def test_american_spelling_comes_with_the_british_one(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("\n".join(american for american, _ in PAIRS), encoding="utf-8")
    assert spelling_errors(page) == [
        f"{american} should be {british}" for american, british in PAIRS
    ]


@pytest.mark.parametrize("folder", ["lessons", "items", "scenes", "images"])
def test_every_kind_of_file_of_a_course_is_read(content, folder):
    path = min((content / "first-1001-days" / folder).iterdir())
    plant(path, "The color.")
    assert spelling_errors(path) == ["color should be colour"]


@pytest.mark.parametrize("name", ["glossary.yaml", "references.yaml", "FORMAT.md"])
def test_files_beside_the_courses_are_read(content, name):
    plant(content / name, "# The color.")
    assert spelling_errors(content / name) == ["color should be colour"]


def test_titles_of_papers_stand_as_they_were_printed(content):
    plant(content / "references.yaml", 'cite: "Disorganized behavior in Pediatrics"')
    assert spelling_errors(content / "references.yaml") == []


def test_names_that_look_like_a_slip_are_left_alone_only_where_they_are_listed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("Als, Tilda and Ba read with Ines. Harvard’s Center.", encoding="utf-8")
    assert spelling_errors(page) == []
    page.write_text("The Center is closed.", encoding="utf-8")
    assert spelling_errors(page) == ["Center should be Centre"]
