"""Moodle XML, read only: a bank as Moodle writes it, marks that are not ours, and what is refused by name."""

from pathlib import Path

import pytest

from courses.exchange import moodle
from courses.exchange.neutral import Card, Group, Item, Option
from courses.exchange.refusals import BadXml, Empty, RefusedAll

BANK = (Path(__file__).parent / "foreign" / "moodle.xml").read_bytes()


def quiz(inside: str) -> bytes:
    return f"<quiz>\n{inside}\n</quiz>".encode()


def question(
    kind: str, inside: str, name: str = "q", stem: str = "Which?", form: str = "html"
) -> str:
    asked = f"<name><text>{name}</text></name><questiontext format='{form}'><text><![CDATA[{stem}]]></text></questiontext>"
    return f'<question type="{kind}">{asked}{inside}</question>'


def choice(fractions: dict[str, str], single: str = "true", more: str = "") -> bytes:
    answers = "".join(
        f'<answer fraction="{one}"><text>{text}</text></answer>' for text, one in fractions.items()
    )
    return quiz(question("multichoice", f"<single>{single}</single>{answers}{more}"))


def told(data: bytes) -> list[str]:
    return [str(note) for note in moodle.read(data, "m.xml").notes]


def refused(data: bytes) -> list[str]:
    with pytest.raises(RefusedAll) as caught:
        moodle.read(data, "m.xml")
    return [f"{type(one).__name__} {one}" for one in caught.value.refusals]


def test_it_works():
    looking, tired, always, cues, serves, waking = moodle.read(BANK, "moodle.xml").items
    assert looking == Item(
        "looking-away",
        "single",
        "A baby of **four months** looks away.\u00a0What may he be doing?",
        options=(
            Option("taking a pause", True, "Yes. A rest."),
            Option("being *bored*"),
            Option("refusing you"),
        ),
    )
    assert tired == Item(
        "tired-signs",
        "multiple",
        "Which are signs of *tiredness*?",
        options=(
            Option("Yawning", True, "Yes."),
            Option(r"Rubbing \* eyes", True, "Yes."),
            Option("Babbling", False, "No."),
        ),
        outcome="reads-cues",
        use=("final",),
        parallel="tired",
        difficulty="medium",
    )
    assert (always.stem, always.options) == (
        "A yawn always means\\\nthat a baby is tired.",
        (Option("True", False, "It depends."), Option("False", True, "Right.")),
    )
    assert (cues.kind, cues.cards[2], cues.groups[2]) == (
        "sort",
        Card("Arching", "less"),
        Group("neither-nor", "Neither < nor >"),
    )
    assert (serves.kind, serves.groups) == (
        "match",
        (Group("right-1", "**Name** it"), Group("right-2", "Wait")),
    )
    assert (waking.kind, [(card.text, card.feedback) for card in waking.cards]) == (
        "order",
        [("Deep sleep", ""), ("Drowsy", "Then this."), ("Quiet alert", "")],
    )


def test_what_moodle_says_otherwise_is_told_with_its_line():
    said = told(BANK.replace(b"moodle.xml", b"m.xml"))
    for line in (
        "m.xml:8: looking-away: is called 'Looking away' there",
        "m.xml:8: looking-away: is worth 2.0000000 marks there; here every item is worth one",
        "m.xml:8: looking-away: leaves out the general feedback, 'Look at the whole baby.'; put what matters into the "
        "feedback of its answers",
        "m.xml:8: looking-away: leaves out a file that stands in its text; say it in words where it matters",
        "m.xml:8: looking-away: leaves out the picture 'A baby on a mat'; say it in words where it matters",
        "m.xml:8: looking-away: takes marks off for 'refusing you'; here a wrong option earns nothing",
        "m.xml:39: tired-signs: names no sources; write what its feedback rests on",
        "m.xml:82: waking: asks for some of its turns at a time; here all are asked",
        "m.xml:93: Before you start: is a description, not a question; put its words into a step of a lesson",
    ):
        assert line in said


@pytest.mark.parametrize(
    ("fractions", "single", "right", "said"),
    [
        ({"a": "100", "b": "0"}, "true", "a", ""),
        ({"a": "100", "b": "50"}, "true", "a", "gives 50% of the mark for 'b'"),
        ({"a": "100", "b": "100", "c": "0"}, "true", "ab", "takes any of 2 options"),
        ({"a": "90", "b": "0"}, "true", "", "marks no option as right"),
        ({"a": "50", "b": "50", "c": "-100"}, "false", "ab", ""),
        (
            {"a": "33.33333", "b": "33.33333", "c": "33.33333", "d": "-50", "e": "-50"},
            "false",
            "abc",
            "",
        ),
        (
            {"a": "50", "b": "50", "c": "0"},
            "false",
            "ab",
            "takes off other shares of the mark for its wrong options",
        ),
        (
            {"a": "70", "b": "30", "c": "-100"},
            "false",
            "ab",
            "gives its right options unlike shares",
        ),
    ],
)
def test_fractions_are_right_or_wrong_only_where_they_fit(fractions, single, right, said):
    data = choice(fractions, single)
    assert (
        "".join(one.text for one in moodle.read(data, "m.xml").items[0].options if one.is_correct)
        == right
    )
    others = [line for line in told(data) if "sources" not in line]
    assert any(said in line for line in others) if said else not others


@pytest.mark.parametrize(
    "kind",
    [
        "cloze",
        "calculated",
        "calculatedmulti",
        "calculatedsimple",
        "gapselect",
        "ddwtos",
        "ddimageortext",
        "ddmarker",
        "randomsamatch",
        "random",
        "stack",
        "",
    ],
)
def test_every_other_kind_is_refused_by_name(kind):
    said = f"UnknownKind m.xml:2: q: is of kind {kind!r}, which no item of ours is; take it out"
    assert refused(quiz(question(kind, ""))) == [said]


@pytest.mark.parametrize("kind", ["shortanswer", "numerical", "essay"])
def test_a_text_entry_is_refused_with_the_way_that_takes_it(kind):
    assert refused(quiz(question(kind, ""))) == [
        f"UnknownKind m.xml:2: q: is of kind {kind!r}, which no item of ours is; "
        "export it as GIFT, where a text entry becomes an activity"
    ]


def test_one_refused_question_takes_the_whole_file_along():
    lines = refused(
        BANK.replace(b'type="ordering"', b'type="ddwtos"').replace(
            b'type="truefalse"', b'type="cloze"'
        )
    )
    assert [line.split(":")[1] for line in lines] == ["57", "82"]


def test_a_match_needs_two_pairs():
    pair = "<subquestion><text>a</text><answer><text>b</text></answer></subquestion>"
    assert refused(quiz(question("matching", pair))) == [
        "Misfit m.xml:2: q: has fewer than two pairs; a match has at least two"
    ]


@pytest.mark.parametrize("fraction", ["nan", "inf", "1e400", "a lot"])
def test_a_fraction_that_is_no_number_is_refused(fraction):
    assert refused(choice({"a": fraction, "b": "0"}))[0].startswith(
        f"Misfit m.xml:2: q: has {fraction!r} where a number of marks belongs"
    )


def test_html_that_does_something_does_nothing_here():
    stem = '<p onclick="x()">Look<script>alert(1)</script></p><iframe src="//x"></iframe><a href="javascript:x()">here</a>'
    data = quiz(
        question("multichoice", '<answer fraction="100"><text>a</text></answer>', stem=stem)
    )
    assert moodle.read(data, "m.xml").items[0].stem == "Look\n\nhere"
    assert (
        "m.xml:2: q: leaves out <script>, <iframe>, the link on 'here'; say it in words where it matters"
        in told(data)
    )


def test_another_file_is_refused():
    with pytest.raises(
        BadXml, match=r"m.xml:1: is <html>, not <quiz>; export the questions as Moodle XML"
    ):
        moodle.read(b"<html/>", "m.xml")
    with pytest.raises(Empty):
        moodle.read(quiz(""), "m.xml")
