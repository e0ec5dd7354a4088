"""The reading grade: syllables, sentences, the formula, and what of a lesson is read."""

import pytest

from courses.authoring.checks.readability import grade_of, prose_of, sentences, syllables

COUNTED = {
    1: "the I a baby’s’s health home made named tired’s friend league tongue school eyes don’t can’t you’ll you’re weighed",
    2: "baby people table little settled wanted houses tired quiet client science poem didn’t being crying autism’s movement"
    " safely something careful someone unique centre colleague doctor father mother building trial every rhythm evening",
    3: "visitor however area idea another beginning probably serious medium video earlier usual professional’s’s attachment"
    " afterwards emotion important safeguarding autism employer understand beautiful family",
    4: "experience relationship responsible community individual’s paediatric appreciate society obviously education",
    5: "vulnerability’s university association communication psychological developmental communicated immediately",
}
CLEAR = [
    (count, word) for count, words in COUNTED.items() for word in words.split() if "’s" not in word
]


def test_it_works():
    text = "The baby looks away. She turns her head, and she yawns."
    assert [(one.words, one.syllables) for one in sentences(text)] == [(4, 6), (7, 7)]
    assert grade_of(text) == pytest.approx(0.39 * 11 / 2 + 11.8 * 13 / 11 - 15.59)


@pytest.mark.parametrize(("count", "word"), CLEAR, ids=[word for _, word in CLEAR])
def test_syllables_are_counted_as_they_are_spoken(count, word):
    assert syllables(word) == count
    assert syllables(word.capitalize()) == count


@pytest.mark.parametrize(
    ("word", "count"), [("NHS", 3), ("UK", 2), ("CAMHS", 1), ("1001", 1), ("Idris’s", 2)]
)
def test_names_figures_and_short_capitals(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ("“Stay.” She stays.", ["“Stay.", "She stays."]),
        ("It grew by 2.5 kg, e.g. fast.", ["It grew by 2.5 kg, e.g. fast."]),
        ("A line\nand another", ["A line", "and another"]),
        (" \n… \n", []),
    ],
)
def test_a_sentence_ends_where_the_next_one_begins(text, said):
    assert [one.text for one in sentences(text)] == said


def test_a_text_without_words_has_no_grade_and_an_easy_one_none_below_nought():
    assert grade_of("") == grade_of("… —") == 0
    assert grade_of("Go on. Do it.") == 0


def test_known_texts_have_the_grade_the_formula_gives():
    gettysburg = (
        "Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in Liberty,"
        " and dedicated to the proposition that all men are created equal."
    )
    assert grade_of(gettysburg) == pytest.approx(0.39 * 30 + 11.8 * 48 / 30 - 15.59, abs=0.01)
    assert grade_of("The cat sat on the mat. It was fat.") < 1


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
