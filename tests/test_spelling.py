"""British spelling: what is a word, what is told of one that is none, and which text of a course is looked at."""

import hashlib
import random
import re
import string
from pathlib import Path

import pytest
from spylls.hunspell import Dictionary

from courses.authoring.reading.diagnostics import Problems
from courses.authoring.reading.prose import Stretch
from courses.authoring.spelling import LIST, Speller, _far, check_spelling, dictionary
from tests.conftest import SHIPPED

FOLDER = dictionary.FOLDER


@pytest.fixture(scope="module")
def hunspell() -> Dictionary:
    return _far()


def speller(*own: str) -> Speller:
    return Speller(frozenset(own))


def told(root: Path, text: str, own: str = "") -> list[str]:
    """What is said of a text that stands in line 1 of a file, and of the own list."""
    if own:
        (root / LIST).write_text(own, encoding="utf-8")
    problems = Problems(root)
    check_spelling(root, [Stretch(root / "a.md", 1, text)], problems)
    return [str(problem) for problem in [*problems.found, *problems.warnings]]


def test_it_works(tmp_path):
    assert (
        told(
            tmp_path,
            "The health visitor’s programme recognises colour.\nHer favourite centre is grey.",
        )
        == []
    )
    assert told(tmp_path, "One fine day.\nThe color of a gray day, teh color\nof it.") == [
        "a.md:2: spelling: 'color' is American; write 'colour'",
        "a.md:2: spelling: 'gray' is American; write 'grey'",
        "a.md:2: spelling: 'teh' is in no dictionary; mend it, or add it to words.txt",
    ]


AMERICAN = """color colour | Behavioral Behavioural | center centre | centered centred | liters litres | organize organise
recognized recognised | analyzing analysing | pediatrician paediatrician | diarrhea diarrhoea | edema oedema
traveled travelled | counseling counselling | enrollment enrolment | skillful skilful | fulfill fulfil | defense defence
practicing practising | catalog catalogue | aging ageing | maneuver manoeuvre | mommy mummy | diaper nappy | Mom Mum
pacifier dummy | gotten got | program programme | skeptical sceptical | neighbor neighbour | hemorrhage haemorrhage"""


@pytest.mark.parametrize(
    "pair", [pair.split() for pair in re.split(r"[|\n]", AMERICAN)], ids=lambda pair: pair[0]
)
def test_an_american_spelling_is_told_with_the_british_one(pair):
    american, british = pair
    assert not speller().knows(american)
    assert speller().knows(british)
    assert speller().advice(american) == f"{american!r} is American; write {british!r}"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("recieve", "receive"),
        ("accomodation", "accommodation"),
        ("seperate", "separate"),
        ("untill", "until"),
        ("english", "English"),
        ("Recieve", "Receive"),
        ("behavoirs", "behaviours"),
    ],
)
def test_a_slip_is_told_with_a_likely_word(wrong, right):
    advice = speller().advice(wrong)
    assert advice.startswith(f"{wrong!r} is in no dictionary; write ")
    assert f"{right!r}" in advice
    assert advice.endswith(", or add it to words.txt")


def test_looking_far_for_a_likely_word_is_done_for_few():
    one = speller()
    advices = [one.advice(word) for word in ("xqzzkv", "qqxkvz", "zkvqqx", "behavoirs")]
    assert all("mend it" in advice for advice in advices)


def test_capitals_possessives_hyphens_and_numbers_are_no_matter():
    one = speller("CAMHS", "Siân", "frontline", "ACE")
    text = "BABIES Babies baby’s B38 1001 2½ CAMHS’s Siân’s well-being under-fives frontline Frontline-trained ACEs NHS-x"
    words = [word for word, _ in Stretch(Path("a"), 1, text).words()]
    assert [part for word in words for part in one.unknown(word)] == ["NHS"]
    assert not one.knows("siân")
    assert not one.knows("Camhs")
    assert one.used == {"CAMHS", "Siân", "frontline", "ACE"}


def test_a_word_is_told_once_a_file_with_all_its_lines(tmp_path):
    assert told(tmp_path, "Zofia\nis\nZofia’s\nZofia") == [
        "a.md:1: spelling: 'Zofia' is in no dictionary; write 'Sofia', or add it to words.txt (also in line 3, 4)"
    ]


def test_what_stands_among_words_without_being_one_is_passed_over():
    text = (
        "See [@B38 @C2.4], [[hypo|co-regulation]], `teh`, [her page](https://xqz.org/teh), https://teh.org/xqz\n"
        "and ana@teh.org, **H**ealth, **bold**, &nbsp; done."
    )
    words = list(Stretch(Path("a"), 7, text).words())
    assert [word for word, line in words if line == 7] == ["See", "hypo", "her", "page"]
    assert [word for word, line in words if line == 8] == ["and", "Health", "bold", "done"]


def test_the_own_list_is_kept_lean_and_sorted(tmp_path):
    own = "baby\nCAMHS\ncamhs too\nZofia\nAled\nCAMHS\nVIG\n"
    assert told(tmp_path, "A baby: CAMHS, Zofia, Aled.", own) == [
        "words.txt:3: warning: words.txt: 'camhs too' is not a word; write one word a line, and nothing else",
        "words.txt:6: warning: CAMHS: stands in the list twice; take one out",
        "words.txt:5: warning: Aled: stands after 'Zofia'; sort the list by the alphabet",
        "words.txt:1: warning: baby: is in the dictionary already; take it out",
        "words.txt:7: warning: VIG: is in no text of the courses; take it out",
    ]


def test_the_shipped_list_is_sorted():
    rows = (SHIPPED / LIST).read_text(encoding="utf-8").splitlines()
    assert rows == sorted(set(rows), key=lambda row: (row.casefold(), row))


def test_every_form_the_dictionary_is_spelt_out_to_is_a_word_to_hunspell(hunspell):
    known = sorted(dictionary.words())
    assert 80_000 < len(known) < 120_000
    sample = random.Random(8).sample(known, 2000)
    assert [word for word in sample if not hunspell.lookup(word)] == []


def test_a_slip_is_a_word_to_us_as_it_is_to_hunspell(hunspell):
    """Words changed at random: none passes that Hunspell refuses, none is refused that it lets pass."""
    chance, one = random.Random(9), speller()
    for word in chance.sample(sorted(dictionary.words()), 1500):
        place, letter = chance.randrange(len(word)), chance.choice(string.ascii_lowercase)
        ending = chance.choice(["s", "ing", "ly", "ed"])
        slips = [
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word + ending,
            "un" + word,
        ]
        made = chance.choice(slips)
        if len(made) > 3 and made.isascii() and made.isalpha() and not made[:-1].isupper():
            assert one.knows(made) == hunspell.lookup(made) or made in {"mommy", "diaper"}, made


def test_the_vendored_files_are_those_written_down():
    rows = re.findall(
        r"^\| `(en-GB\.\w+)` \| `(\w{64})` \|$", (FOLDER / "VENDORED.md").read_text(), re.M
    )
    assert {name for name, _ in rows} == {path.name for path in FOLDER.glob("en-GB.*")}
    for name, digest in rows:
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name
    assert "SCOWL" in (FOLDER / "LICENCE.txt").read_text(encoding="utf-8")
