"""GIFT both ways: a bank as others write it, our own as it leaves, and 500 made items that come back the same."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from courses.exchange import gift
from courses.exchange.neutral import Card, Group, Item, Option, Part, Task
from courses.exchange.refusals import Empty, RefusedAll, TooMany
from tests.exchanged import banks, items

BANK = (Path(__file__).parent / "foreign" / "bank.gift").read_bytes()
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
LOOKING = Item(
    key="looking-away",
    kind="single",
    stem="He looks away: why?",
    options=(
        Option("a pause", True, "Yes = a rest.", ("C2.4",)),
        Option("%50% boredom", False, "Look at {both} hands."),
    ),
    outcome="reads-cues",
    lesson="cues",
    use=("final", "review"),
    parallel="pauses",
    difficulty="easy",
    critical=True,
)


def asked(text: str) -> list[Item]:
    return list(gift.read(text.encode(), "a.gift").items)


def told(text: str) -> list[str]:
    return [str(note) for note in gift.read(text.encode(), "a.gift").notes]


def refused(text: str) -> list[str]:
    """What is said of the questions of a file that is refused as a whole."""
    with pytest.raises(RefusedAll) as caught:
        gift.read(text.encode(), "a.gift")
    return [f"{type(one).__name__} {one}" for one in caught.value.refusals]


def test_it_works():
    assert gift.write([LOOKING]).decode() == (
        "$CATEGORY: $course$/top/cues\n"
        "\n"
        "// [id:looking-away] [tag:kind:single] [tag:lesson:cues] [tag:outcome:reads-cues] [tag:parallel:pauses] "
        "[tag:difficulty:easy] [tag:use:final] [tag:use:review] [tag:critical]\n"
        '// notice: {"sources":{"64fbf135":["C2.4"]}}\n'
        "::looking-away::[markdown]He looks away\\: why?{\n"
        "\t=a pause#Yes \\= a rest.\n"
        "\t~[markdown]%50% boredom#Look at \\{both\\} hands.\n"
        "}\n"
    )
    assert gift.read(gift.write([LOOKING]), "a.gift").items == (LOOKING,)


@settings(max_examples=500, deadline=None, suppress_health_check=SLOW)
@given(items())
def test_500_made_items_come_back_the_same(item):
    assert gift.read(gift.write([item]), "a.gift").items == (item,)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(banks())
def test_a_file_of_several_items_keeps_their_order(bank):
    book = gift.read(gift.write(bank), "a.gift")
    assert list(book.items) == bank
    assert {note.what for note in book.notes} <= {
        "names no sources; write what its feedback rests on"
    }


def test_a_sort_a_match_and_an_order_are_written_as_moodle_knows_them():
    cards = (Card("Seed", "small", "It is."), Card("Whale -> calf", "large", "No."))
    groups = (Group("small", "Small"), Group("large", "Large"), Group("neither", "Neither"))
    sort = Item("things", "sort", "Where?", cards=cards, groups=groups)
    written = gift.write([sort]).decode()
    assert "\t=Seed -> Small\n\t=Whale -\\> calf -> Large\n\t= -> Neither\n}" in written
    turns = tuple(Card(text) for text in ("First: look", "// then", "#### {wait}"))
    order = Item("steps", "order", "In which order?", cards=turns)
    assert (
        "{>3 ALL VERTICAL RELATIVE_ALL_PREVIOUS_AND_NEXT SHOW none\nFirst: look\n\\// then\n\\#\\#\\#\\# \\{wait\\}\n}"
    ) in gift.write([order]).decode()
    assert gift.read(gift.write([sort, order]), "a.gift").items == (sort, order)


def test_a_multiple_choice_gives_shares_that_moodle_allows():
    options = tuple(Option(text, n < 3, "Said.") for n, text in enumerate("abcdefg"))
    written = gift.write([Item("many", "multiple", "Which?", options=options)]).decode()
    assert "\t~%33.33333%a#Said.\n" in written
    assert "\t~%-25%d#Said.\n" in written


def test_a_case_is_one_question_a_part_and_comes_back_as_one():
    options = (Option("Ask", True, "Yes."), Option("Go", False, "No."))
    case = Item(
        "visit",
        "case",
        "He is tired.",
        parts=(Part("First?", "single", options), Part("Then?", "multiple", options)),
    )
    written = gift.write([case]).decode()
    assert written.count("[markdown]He is tired.\\n\\n") == 2
    assert gift.read(written.encode(), "a.gift").items == (case,)
    one_part = written.replace(written[written.index("// [id:visit-part-2]") :], "")
    assert refused(one_part) == [
        "Misfit a.gift:1: visit: is a case of which only 1 parts are here; export it again"
    ]
    changed = refused(written.replace("[markdown]He is tired", "[markdown]She is tired"))
    assert changed[0].startswith(
        "Misfit a.gift:5: visit-part-1: is a part of a case whose story was changed"
    )


def test_a_bank_of_another_system_is_read():
    book = gift.read(BANK, "bank.gift")
    assert [(item.key, item.kind) for item in book.items] == [
        ("looking-away", "single"),
        ("tired-signs", "multiple"),
        ("always-the-same", "single"),
        ("item-4", "single"),
        ("serves", "sort"),
        ("cues", "sort"),
        ("waking", "order"),
    ]
    looking, tired, always, gap, serves, cues, waking = book.items
    assert looking.options[0] == Option("taking a pause", True, "Yes. Looking away is a rest.")
    assert [option.is_correct for option in looking.options] == [True, False, False, False]
    assert tired.stem == "Which are signs of **tiredness**?\n\nChoose *every* one."
    assert [option.text for option in tired.options] == [
        "Yawning",
        "Rubbing the eyes = with fists",
        "Babbling at 12:30",
        "Reaching {for a toy}",
    ]
    assert (tired.outcome, tired.difficulty, tired.parallel, tired.use) == (
        "reads-cues",
        "easy",
        "tired",
        ("final",),
    )
    assert always.options == (
        Option("True", False, "A yawn can be a sign of stress too."),
        Option("False", True, "Right, it depends."),
    )
    assert gap.stem == r"A newborn baby sees best at \_\_\_\_\_ from the face."
    assert [group.text for group in serves.groups] == [
        "Name what she sees",
        "Wait",
        "Clap your hands",
    ]
    assert [(card.text, card.group) for card in cues.cards][2] == ("Arching the back", "less")
    assert [card.text for card in waking.cards][2] == "Drowsy: eyes open and close"


def test_text_entries_become_activities():
    assert gift.read(BANK, "bank.gift").tasks == (
        Task(
            "first-word-for-it",
            "What do we call the back-and-forth between a baby and an adult?",
            ("serve and return", "serve-and-return"),
        ),
        Task("weeks", "How old is a baby of two months, in weeks?", ("8, give or take 1",)),
        Task("your-visit", "Describe one baby you met this week. Leave out: names, places."),
    )
    assert gift.read(b"::n::How many?{#1.5..2}", "a").tasks[0].answers == ("from 1.5 to 2",)


def test_what_the_other_format_says_otherwise_is_told_with_its_line():
    said = [str(note) for note in gift.read(BANK, "bank.gift").notes]
    for line in (
        "bank.gift:6: looking-away: is called 'Looking away' there",
        "bank.gift:6: looking-away: gives 50% of the mark for 'being bored'; here it is wrong and earns nothing",
        "bank.gift:6: looking-away: takes marks off for 'refusing you'; here a wrong option earns nothing",
        "bank.gift:15: Signs of tiredness: leaves out the tags spring 2024",
        "bank.gift:26: item-4: has no name there",
        "bank.gift:48: first-word-for-it: gives 50% for 'play'; it is left out",
        "bank.gift:52: your-visit: is an essay; it becomes a reflect activity",
        "bank.gift:54: Before you start: is a description, not a question; put its words into a step of a lesson",
        "bank.gift:28: serves: names no sources; write what its feedback rests on",
    ):
        assert line in said
    assert any(
        "bank.gift:15: tired-signs: leaves out its general feedback" in line for line in said
    )


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ("=a =b ~c", "takes any of 2 options; here one option is right"),
        ("~a ~b", "marks no option as right"),
        ("~%50%a ~b", "gives its right options unlike shares of the mark"),
        ("~%100%a ~b", "takes off other shares of the mark for its wrong options"),
        (
            "~%50%a ~%50%b ~%-50%c ~%-20%d",
            "takes off other shares of the mark for its wrong options",
        ),
    ],
)
def test_marks_that_are_not_ours_are_told(marks, said):
    assert any(said in line for line in told(f"::q::Which?{{{marks}}}"))


@pytest.mark.parametrize(
    "marks", ["=a ~b ~c", "~%50%a ~%50%b ~%-100%c", "~%33.33333%a ~%33.333%b ~%33%c ~%-100%d"]
)
def test_marks_that_are_ours_are_not_told(marks):
    assert [line for line in told(f"::q::Which?{{{marks}}}") if "sources" not in line] == []


def test_text_is_taken_as_its_format_says():
    def stem(text: str) -> str:
        return asked(f"::q::{text}{{=a ~b}}")[0].stem

    assert stem("[html]<p>x < y &amp; <b>z</b><br>w</p>") == "x < y & **z**\\\nw"
    assert stem("[plain]<b>* not HTML *</b>") == r"&lt;b>\* not HTML \*&lt;/b>"
    assert stem("[markdown]*as* it [@B1] <is>") == "*as* it [@B1] <is>"
    assert (
        stem("One line\nof a file,\\nand two &lt; of a text \\\\")
        == "One line of a file,\\\nand two < of a text \\\\"
    )
    assert stem("3 <x and 5 > y") == "3 &lt;x and 5 > y"
    assert stem("a\\x b\\\\n c\\~") == "a\\\\x b\\\\n c~"
    assert stem("[[a]] and [@B1]") == r"\[\[a\]\] and &#91;@B1\]"


def test_what_a_text_loses_is_told():
    text = '::q::[html]<p>H<sub>2</sub>O <img src="a.png" alt="A baby"><script>x</script> <a href="http://x.y">z</a></p>{=a ~b}'
    assert asked(text)[0].stem == "H2O  z"
    left = "<script>, the picture 'A baby', <sub>, the link 'http://x.y'"
    assert f"a.gift:1: q: leaves out {left}; say it in words where it matters" in told(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "::c::One {=a} and two {=b}.",
            "UnknownKind a.gift:1: c: is a cloze with 2 gaps; write an item for each",
        ),
        (
            "::c::Plants need {1:SHORTANSWER:=water}.",
            "UnknownKind a.gift:1: c: is a cloze; write one item for each gap",
        ),
        ("\n\n::o::Open {\n=a", "BadGift a.gift:3: o: has a brace without its other"),
        ("::o::Two {{=a ~b}}", "BadGift a.gift:1: o: has a brace without its other"),
        ("::o::Closed }=a{", "BadGift a.gift:1: o: has a brace without its other"),
        ("::w::Which?{a ~b =c}", "BadGift a.gift:1: w: has words before its first answer, 'a'"),
        ("::m::Match{=a -> b\n=c}", "BadGift a.gift:1: m: has 'c' without an arrow"),
        ("::x::Odd{>a thing}", "UnknownKind a.gift:1: x: is of an unknown kind, '>a thing'"),
        (
            '// notice: {"sorces":{}}\n::n::Which?{=a ~b}',
            "BadGift a.gift:1: n: has a `// notice:` line that was changed",
        ),
        (
            "::m::Match{" + "".join(f"=l{n} -> r{n} " for n in range(6)) + "= -> x}",
            "Misfit a.gift:1: m: has 7 places",
        ),
    ],
)
def test_what_no_item_can_be_is_refused_by_name(text, said):
    assert [line for line in refused(text) if line.startswith(said)]


def test_everything_refused_is_told_at_once_and_nothing_is_taken():
    lines = refused("::a::{=x} {=y}\n\n::fine::Which?{=a ~b}\n\n::b::{\n\n::c::{1:MC:=x}")
    assert [line.split()[1] for line in lines] == ["a.gift:1:", "a.gift:5:", "a.gift:7:"]


def test_a_file_without_a_question_is_refused():
    with pytest.raises(Empty, match="has no item that could be read"):
        gift.read(b"// only a comment\n", "a.gift")


def test_the_same_name_twice_gives_two_keys():
    assert [
        item.key
        for item in asked("::Über uns::A?{=a ~b}\n\n::uber-uns::B?{=a ~b}\n\n::!::C?{=a ~b}")
    ] == [
        "uber-uns",
        "uber-uns-2",
        "item-3",
    ]


def test_what_moodle_keeps_is_enough_to_know_an_item_again():
    """Moodle drops a comment line it does not know, and keeps names, tags and answers."""
    sort = Item(
        "things",
        "sort",
        "Where?",
        cards=(Card("Seed", "small", "Is.", ("B1",)), Card("Whale", "large", "No.")),
    )
    sort = replace(
        sort,
        groups=(Group("small", "Small"), Group("large", "Large")),
        lesson="cues",
        outcome="sorts",
    )
    kept = "\n".join(
        line
        for line in gift.write([LOOKING, sort]).decode().split("\n")
        if "// notice:" not in line
    )
    looking, things = asked(kept)
    assert looking == replace(
        LOOKING, options=tuple(replace(one, sources=()) for one in LOOKING.options)
    )
    assert (things.kind, things.key, things.lesson, things.outcome) == (
        "sort",
        "things",
        "cues",
        "sorts",
    )
    assert [(card.text, card.group, card.feedback) for card in things.cards] == [
        ("Seed", "small", ""),
        ("Whale", "large", ""),
    ]
    assert "a.gift:10: things: names no sources; write what its feedback rests on" in told(kept)


def test_tags_that_say_something_odd_are_not_believed():
    tags = "// [tag:difficulty:awful] [tag:outcome:Not A Key] [tag:use:] [tag:kind:spot] [tag:scene:mat]"
    item = asked(f"{tags}\n::q::Which?{{~%50%a ~%50%b ~%-100%c}}")[0]
    assert (item.kind, item.scene, item.difficulty, item.outcome, item.use) == (
        "multiple",
        "",
        "",
        "",
        (),
    )


def test_a_question_with_a_hundred_and_one_answers_is_refused():
    with pytest.raises(RefusedAll) as caught:
        gift.read(b"::q::Which?{" + b"~a" * 101 + b"}", "a.gift")
    assert isinstance(caught.value.refusals[0], TooMany)
