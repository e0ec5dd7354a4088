"""Moodle XML, read only: a bank as Moodle writes it, marks that are not ours, and what is refused by name."""

from pathlib import Path

import pytest

from courses.assessment.items.neutral import Card, Group, Item, Option
from courses.exchange import moodle_reader
from courses.exchange.refusals import BadXml, Empty

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
    return [str(note) for note in moodle_reader.read(data, "m.xml").notes]


def refused(data: bytes) -> list[str]:
    """Why the questions of a file are left out."""
    try:
        reasons = moodle_reader.read(data, "m.xml").left_out
    except Empty as empty:
        reasons = empty.reasons
    return [f"{type(reason).__name__} {reason}" for reason in reasons]


LOOKING = """<single>true</single><defaultgrade>2.0000000</defaultgrade>
<correctfeedback format="html"><text>Your answer is correct.</text></correctfeedback>
<answer fraction="100" format="html"><text><![CDATA[<p>taking a pause</p>]]></text>
<feedback format="html"><text><![CDATA[<p>Yes. A rest.</p>]]></text></feedback></answer>
<answer fraction="0" format="html"><text><![CDATA[<p>being <em>bored</em></p>]]></text></answer>"""
WAKING = """<selecttype>ALL</selecttype><gradingtype>RELATIVE_ALL_PREVIOUS_AND_NEXT</gradingtype>
<answer fraction="1"><text>Deep sleep</text></answer>
<answer fraction="2"><text>Drowsy</text><feedback><text>Then this.</text></feedback></answer>
<answer fraction="3"><text>Quiet alert</text></answer>"""


def test_it_works():
    tired, always, cues, serves = moodle_reader.read(BANK, "moodle.xml").items
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


def test_a_choice_with_the_feedback_that_moodle_gives_by_itself_is_taken():
    stem = '<p dir="ltr">A baby of <strong>four months</strong> looks away.&nbsp;What may he be doing?</p>'
    data = quiz(question("multichoice", LOOKING, "Looking away", stem))
    book = moodle_reader.read(data, "m.xml")
    assert book.items[0] == Item(
        "looking-away",
        "single",
        "A baby of **four months** looks away.\u00a0What may he be doing?",
        options=(Option("taking a pause", True, "Yes. A rest."), Option("being *bored*")),
    )
    assert book.notes == (
        "m.xml:1: says of answers that they are right or wrong, as is done here (1 ×)",
        "m.xml:1: gives some items other marks; here each counts the same (1 ×)",
        "m.xml:1: has names that are no keys; look at the keys made of them (1 ×)",
        "m.xml:1: names no sources; write what its feedback rests on (1 ×)",
    )


def test_an_ordering_is_taken_where_every_pair_of_turns_counts():
    waking = moodle_reader.read(quiz(question("ordering", WAKING)), "m.xml").items[0]
    assert waking.kind == "order"
    assert waking.cards == (
        Card("Deep sleep"),
        Card("Drowsy", "", "Then this."),
        Card("Quiet alert"),
    )
    absolute = WAKING.replace("RELATIVE_ALL_PREVIOUS_AND_NEXT", "ABSOLUTE_POSITION")
    assert refused(quiz(question("ordering", absolute))) == [
        "Misfit m.xml:2: q: gives marks by another rule; grade it relative to all previous and next items"
    ]


def test_what_no_item_here_shows_or_scores_is_left_out_with_its_line_and_reason():
    left_out = [str(reason) for reason in moodle_reader.read(BANK, "m.xml").left_out]
    assert left_out == [
        "m.xml:8: Looking away: has general feedback, '<p>Look at the whole baby.</p>'; put it into the feedback of "
        "its answers",
        "m.xml:82: Waking: asks for some of its turns at a time; ask for all",
        "m.xml:93: Before you start: is a description, not a question; put its words into a step of a lesson",
    ]
    without = BANK.replace(b"<p>Look at the whole baby.</p>", b"")
    picture = moodle_reader.read(without, "m.xml").left_out[0]
    assert str(picture) == (
        "m.xml:8: Looking away: has a file in its text; say in words what it shows"
    )


@pytest.mark.parametrize(
    ("fractions", "single", "right"),
    [
        ({"a": "100", "b": "0"}, "true", "a"),
        ({"a": "50", "b": "50", "c": "-100"}, "false", "ab"),
        (
            {"a": "33.33333", "b": "33.33333", "c": "33.33333", "d": "-50", "e": "-50"},
            "false",
            "abc",
        ),
    ],
)
def test_fractions_that_are_ours_are_taken(fractions, single, right):
    options = moodle_reader.read(choice(fractions, single), "m.xml").items[0].options
    assert "".join(option.text for option in options if option.is_correct) == right


@pytest.mark.parametrize(
    ("fractions", "single", "reason"),
    [
        ({"a": "100", "b": "50"}, "true", "gives marks for more than one of its options"),
        (
            {"a": "100", "b": "100", "c": "0"},
            "true",
            "gives marks for more than one of its options",
        ),
        ({"a": "100", "b": "-25"}, "true", "takes other marks off for its wrong options"),
        ({"a": "90", "b": "0"}, "true", "gives its right options unlike shares"),
        ({"a": "0", "b": "0"}, "true", "marks no option as right"),
        ({"a": "50", "b": "50", "c": "0"}, "false", "takes other marks off for its wrong options"),
        ({"a": "70", "b": "30", "c": "-100"}, "false", "gives its right options unlike shares"),
    ],
)
def test_a_question_with_other_fractions_is_left_out(fractions, single, reason):
    assert reason in refused(choice(fractions, single))[0]


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
    reason = f"Misfit m.xml:2: q: is of kind {kind!r}, which no item here is; take it out"
    assert refused(quiz(question(kind, ""))) == [reason]


@pytest.mark.parametrize("kind", ["shortanswer", "numerical", "essay"])
def test_a_text_entry_is_no_item(kind):
    reason = f"is of kind {kind!r}, which no item here is; take it out"
    assert refused(quiz(question(kind, ""))) == [f"Misfit m.xml:2: q: {reason}"]


def test_a_refused_question_leaves_the_others_in():
    data = BANK.replace(b'type="matching"', b'type="ddwtos"').replace(
        b'type="truefalse"', b'type="cloze"'
    )
    book = moodle_reader.read(data, "m.xml")
    assert [item.key for item in book.items] == ["tired-signs", "serves"]
    assert [reason.place.line for reason in book.left_out] == [8, 57, 65, 82, 93]


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


@pytest.mark.parametrize(
    ("stem", "reason"),
    [
        ("<p>Look<script>alert(1)</script></p>", "has <script> in its text; write it without"),
        ('<iframe src="//x"></iframe>', "has <iframe> in its text; write it without"),
        ('<a href="javascript:x()">here</a>', "has the link '', which is not https; take it out"),
    ],
)
def test_html_that_does_something_leaves_its_question_out(stem, reason):
    answers = '<answer fraction="100"><text>a</text></answer>'
    data = quiz(question("multichoice", answers, stem=stem))
    assert refused(data) == [f"Misfit m.xml:2: q: {reason}"]


def test_html_that_would_do_something_in_a_browser_keeps_its_words_alone():
    answers = '<answer fraction="100"><text>a</text></answer>'
    data = quiz(question("multichoice", answers, stem='<p onclick="x()">Look</p>'))
    assert moodle_reader.read(data, "m.xml").items[0].stem == "Look"


def test_another_file_is_refused():
    with pytest.raises(
        BadXml, match=r"m.xml:1: is <html>, not <quiz>; export the questions as Moodle XML"
    ):
        moodle_reader.read(b"<html/>", "m.xml")
    with pytest.raises(Empty):
        moodle_reader.read(quiz(""), "m.xml")
