"""GIFT both ways: a bank as others write it, our own as it leaves, and many made items that come back the same."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from courses import exchange
from courses.assessment.items.neutral import Card, Group, Item, Option, Part
from courses.exchange import gift_reader, gift_writer
from courses.exchange.refusals import Empty, Unwritable
from tests.examples import examples
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
    return list(gift_reader.read(text.encode(), "a.gift").items)


def told(text: str) -> list[str]:
    return [str(note) for note in gift_reader.read(text.encode(), "a.gift").notes]


def refused(text: str) -> list[str]:
    """Why the questions of a file are left out."""
    try:
        reasons = gift_reader.read(text.encode(), "a.gift").left_out
    except Empty as empty:
        reasons = empty.reasons
    return [f"{type(reason).__name__} {reason}" for reason in reasons]


def is_writable(item: Item) -> bool:
    """GIFT holds no order, and knows a place by its words."""
    return item.kind != "order" and len({group.text for group in item.groups}) == len(item.groups)


def test_it_works():
    assert gift_writer.write([LOOKING]).decode() == (
        "$CATEGORY: $course$/top/cues\n"
        "\n"
        "// [id:looking-away] [tag:kind:single] [tag:lesson:cues] [tag:outcome:reads-cues] [tag:parallel:pauses] "
        "[tag:difficulty:easy] [tag:use:final] [tag:use:review] [tag:critical]\n"
        '// notice: {"key":"looking-away","kind":"single","stem":"He looks away: why?","options":[{"text":"a pause",'
        '"is_correct":true,"feedback":"Yes = a rest.","sources":["C2.4"]},{"text":"%50% boredom","feedback":'
        '"Look at {both} hands."}],"outcome":"reads-cues","lesson":"cues","use":["final","review"],"parallel":"pauses",'
        '"difficulty":"easy","critical":true}\n'
        "::looking-away::[markdown]He looks away\\: why?{\n"
        "\t=a pause#Yes \\= a rest.\n"
        "\t~[markdown]%50% boredom#Look at \\{both\\} hands.\n"
        "}\n"
    )
    assert gift_reader.read(gift_writer.write([LOOKING]), "a.gift").items == (LOOKING,)


@settings(max_examples=examples(100, 1000), deadline=None, suppress_health_check=SLOW)
@given(items().filter(is_writable))
def test_made_items_come_back_the_same(item):
    assert gift_reader.read(gift_writer.write([item]), "a.gift").items == (item,)


def lessons_in_turn(bank: list[Item]) -> list[str]:
    """The lesson of each run of items of one lesson."""
    lessons = [item.lesson for item in bank]
    return [lesson for n, lesson in enumerate(lessons) if n == 0 or lessons[n - 1] != lesson]


@settings(max_examples=examples(12, 120), deadline=None, suppress_health_check=SLOW)
@given(banks())
def test_a_file_of_several_items_keeps_their_order(bank):
    bank = [item for item in bank if is_writable(item)]
    if not bank:
        return
    book = gift_reader.read(gift_writer.write(bank), "a.gift")
    assert list(book.items) == bank
    assert book.left_out == ()
    assert [note.split(": ")[1] for note in book.notes] in (
        [],
        [f"has categories, which are dropped ({len(lessons_in_turn(bank))} ×)"],
    )


def test_a_sort_and_a_match_are_written_as_moodle_knows_them():
    cards = (Card("Seed", "small", "It is."), Card("Whale -> calf", "large", "No."))
    groups = (Group("small", "Small"), Group("large", "Large"), Group("neither", "Neither"))
    sort = Item("things", "sort", "Where?", cards=cards, groups=groups)
    written = gift_writer.write([sort]).decode()
    assert "\t=Seed -> Small\n\t=Whale -\\> calf -> Large\n\t= -> Neither\n}" in written
    assert gift_reader.read(gift_writer.write([sort]), "a.gift").items == (sort,)


def test_an_order_is_not_written_and_the_others_are():
    turns = tuple(Card(text) for text in ("Look", "Then wait", "Then look again"))
    order = Item("steps", "order", "In which order?", cards=turns)
    what = "export:1: steps: is an order, which readers of GIFT take for short answers; export it as QTI"
    with pytest.raises(Unwritable, match=what):
        gift_writer.write([order])
    data, book = exchange.write("gift", [order, LOOKING])
    assert gift_reader.read(data, "a.gift").items == book.items == (LOOKING,)
    assert [str(reason) for reason in book.left_out] == [what]


def test_a_multiple_choice_gives_shares_that_moodle_allows():
    options = tuple(Option(text, n < 3, "Said.") for n, text in enumerate("abcdefg"))
    written = gift_writer.write([Item("many", "multiple", "Which?", options=options)]).decode()
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
    written = gift_writer.write([case]).decode()
    assert written.count("[markdown]He is tired.\\n\\n") == 2
    assert gift_reader.read(written.encode(), "a.gift").items == (case,)
    one_part = written.replace(written[written.index("// [id:visit-part-2]") :], "")
    notice = "has a `// notice:` line that was changed, or its words; take it out"
    assert refused(one_part) == [f"BadFile a.gift:3: visit-part-1: {notice}"]
    changed = written.replace("[markdown]He is tired", "[markdown]She is tired")
    assert refused(changed)[0] == f"BadFile a.gift:3: visit-part-1: {notice}"
    followed = f"{written}\n::q::Which?{{=a ~b}}"
    assert [item.key for item in asked(followed)] == ["visit", "q"]


def test_an_item_of_ours_that_stands_there_twice_is_taken_once():
    written = gift_writer.write([LOOKING]).decode()
    book = gift_reader.read(f"{written}\n{written}".encode(), "a.gift")
    assert book.items == (LOOKING,)
    assert "has the key 'looking-away' of another item" in str(book.left_out[0])


def test_a_bank_of_another_system_is_read():
    book = gift_reader.read(BANK, "bank.gift")
    assert [(item.key, item.kind) for item in book.items] == [
        ("always-the-same", "single"),
        ("item-4", "single"),
        ("serves", "sort"),
        ("cues", "sort"),
    ]
    always, gap, serves, cues = book.items
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


def test_what_no_item_here_shows_or_scores_is_left_out_with_its_line_and_reason():
    left_out = [str(reason) for reason in gift_reader.read(BANK, "bank.gift").left_out]
    assert left_out == [
        "bank.gift:6: Looking away: gives marks for more than one of its options, of which one is chosen; let one earn "
        "all, or ask for all of them",
        "bank.gift:15: Signs of tiredness: has general feedback; put it into the feedback of its answers",
        "bank.gift:41: Waking: is an ordering, whose marks GIFT does not settle; export it as Moodle XML",
        "bank.gift:48: First word for it: is a short answer, which no item here is; write a choice",
        "bank.gift:50: Weeks: asks for a number, which no item here does; write a choice",
        "bank.gift:52: Your visit: is an essay, which no item here is; put it into a step of a lesson",
        "bank.gift:54: Before you start: is a description, not a question; put its words into a step of a lesson",
    ]


def test_what_is_dropped_of_the_whole_file_is_said_once():
    assert gift_reader.read(BANK, "bank.gift").notes == (
        "bank.gift:1: has categories, which are dropped (1 ×)",
        "bank.gift:1: has names that are no keys; look at the keys made of them (4 ×)",
        "bank.gift:1: names no sources; write what its feedback rests on (4 ×)",
        "bank.gift:1: has cards to place; here each place counts the same, beyond guessing (2 ×)",
    )
    tagged = "// [tag:spring 2024]\n::q::Which?{=a ~b}"
    assert "a.gift:1: has tags of its own, which are dropped (1 ×)" in told(tagged)


def test_the_answers_and_tags_of_a_bank_are_read():
    """The question with general feedback in the bank, without it."""
    text = BANK.decode()
    start, end = text.index("\t####"), text.index("\n}", text.index("\t####"))
    book = gift_reader.read((text[:start].rstrip() + text[end:]).encode(), "bank.gift")
    tired = next(item for item in book.items if item.key == "tired-signs")
    assert tired.stem == "Which are signs of **tiredness**?\n\nChoose *every* one."
    assert tired.options == (
        Option("Yawning", True, "Yes. A yawn is one of them."),
        Option("Rubbing the eyes = with fists", True),
        Option("Babbling at 12:30"),
        Option("Reaching {for a toy}"),
    )
    assert (tired.outcome, tired.difficulty, tired.parallel) == ("reads-cues", "easy", "tired")
    assert tired.use == ("final",)


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        ("=a =b ~c", "gives marks for more than one of its options, of which one is chosen"),
        ("=a ~%50%b", "gives marks for more than one of its options"),
        ("=a ~%-25%b ~c", "takes other marks off for its wrong options"),
        ("~a ~b", "marks no option as right"),
        ("~%50%a ~b", "gives its right options unlike shares of the mark"),
        ("~%100%a ~b", "takes other marks off for its wrong options than is done here: -100%"),
        ("~%50%a ~%50%b ~%-50%c ~%-20%d", "takes other marks off for its wrong options"),
    ],
)
def test_marks_that_are_not_ours_leave_a_question_out(marks, reason):
    assert reason in refused(f"::q::Which?{{{marks}}}")[0]


@pytest.mark.parametrize(
    "marks",
    [
        "=a ~b ~c",
        "~%50%a ~%50%b ~%-100%c",
        "~%33.33333%a ~%33.333%b ~%33%c ~%-100%d",
        "~%33.333333333333336%a ~%33.333333333333336%b ~%33.333333333333336%c ~%-100%d",
    ],
)
def test_marks_that_are_ours_are_taken(marks):
    options = asked(f"::q::Which?{{{marks}}}")[0].options
    assert "".join(option.text for option in options if option.is_correct) in {"a", "ab", "abc"}
    assert not options[-1].is_correct


@pytest.mark.parametrize("marks", ["=a ~a", "=a ~[html]<span>a</span>", "=a =b -> a"])
def test_answers_that_look_alike_leave_a_question_out(marks):
    assert len(refused(f"::q::Which?{{{marks}}}")) == 1


def test_text_is_taken_as_its_format_says():
    def stem(text: str) -> str:
        return asked(f"::q::{text}{{=a ~b}}")[0].stem

    assert stem("[html]<p>x < y &amp; <b>z</b><br>w</p>") == "x < y & **z**\\\nw"
    assert stem("[plain]<b>* not HTML *</b>") == r"&lt;b>\* not HTML \*&lt;/b>"
    assert stem("[markdown]*as* it [@B1]") == "*as* it &#91;@B1\\]"
    assert (
        stem("One line\nof a file,\\nand two &lt; of a text \\\\")
        == "One line\\\nof a file,\\\nand two < of a text \\\\"
    )
    assert stem("3 < x and 5 > y") == "3 < x and 5 > y"
    assert stem("a\\x b\\\\n c\\~") == "a\\\\x b\\\\n c~"
    assert stem("[[a]] and [@B1]") == r"\[\[a\]\] and &#91;@B1\]"


@pytest.mark.parametrize(
    ("stem", "reason"),
    [
        ("[html]H<sub>2</sub>O", "has <sub> in its text"),
        ('[html]<img src\\="a.png" alt\\="A baby">', "has the picture 'A baby'"),
        ("3 <x and 5 > y", "has <x> in its text"),
        ("[markdown]*as* it <is>", "has <is> in its text"),
        ("[markdown]![A baby](a.png)", "has the picture 'A baby'"),
        ('[html]<a href\\="http\\://x.y">z</a>', "has the link 'http://x.y', which is not https"),
    ],
)
def test_a_text_that_would_lose_something_leaves_its_question_out(stem, reason):
    assert refused(f"::q::{stem}{{=a ~b}}")[0].startswith(f"Misfit a.gift:1: q: {reason}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "::c::One {=a} and two {=b}.",
            "Misfit a.gift:1: c: is a cloze with 2 gaps; write an item for each",
        ),
        (
            "::c::Plants need {1:SHORTANSWER:=water}.",
            "Misfit a.gift:1: c: is a cloze; write one item for each gap",
        ),
        ("\n\n::o::Open {\n=a", "BadFile a.gift:3: o: has a brace without its other"),
        ("::o::Two {{=a ~b}}", "BadFile a.gift:1: o: has a brace without its other"),
        ("::o::Closed }=a{", "BadFile a.gift:1: o: has a brace without its other"),
        ("::w::Which?{a ~b =c}", "BadFile a.gift:1: w: has words before its first answer, 'a'"),
        ("::m::Match{=a -> b\n=c}", "BadFile a.gift:1: m: has 'c' without an arrow"),
        ("::x::Odd{>a thing}", "Misfit a.gift:1: x: is an ordering"),
        (
            '// notice: {"sorces":{}}\n::n::Which?{=a ~b}',
            "BadFile a.gift:1: n: has a `// notice:` line that was changed",
        ),
        (
            "::m::Match{" + "".join(f"=l{n} -> r{n} " for n in range(6)) + "= -> x}",
            "Misfit a.gift:1: m: has 7 places",
        ),
    ],
)
def test_what_no_item_can_be_is_left_out_by_name(text, said):
    assert [line for line in refused(text) if line.startswith(said)]


def test_what_can_be_taken_is_taken_and_the_others_are_named():
    text = "::a::{=x} {=y}\n\n::fine::Which?{=a ~b}\n\n::b::{\n\n::c::{1:MC:=x}"
    assert [item.key for item in asked(text)] == ["fine"]
    assert [line.split()[1] for line in refused(text)] == ["a.gift:1:", "a.gift:5:", "a.gift:7:"]


def test_a_file_without_a_question_is_refused():
    with pytest.raises(Empty, match="has no item that can be taken"):
        gift_reader.read(b"// only a comment\n", "a.gift")


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
        for line in gift_writer.write([LOOKING, sort]).decode().split("\n")
        if "// notice:" not in line
    )
    looking, things = asked(kept)
    options = tuple(replace(option, sources=()) for option in LOOKING.options)
    assert looking == replace(LOOKING, options=options)
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
    assert "a.gift:1: names no sources; write what its feedback rests on (2 ×)" in told(kept)


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
    assert refused("::q::Which?{" + "~a" * 101 + "}")[0].startswith("TooMuch a.gift:1: q: has 101")
