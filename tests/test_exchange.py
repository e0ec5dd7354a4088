"""Out and in again by the commands: a whole course comes back the same, and a bank of others becomes a file to complete."""

import contextlib
import re
import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings

from courses import exchange
from courses.assessment.items import KINDS
from courses.assessment.items.neutral import Card, Group, Item, Option, Part
from courses.authoring.courses import read_courses
from courses.authoring.reading.diagnostics import Problems, read_yaml
from courses.exchange import gift_writer, qti_writer
from courses.exchange.authored_items import (
    blanks,
    for_lesson,
    read_items,
    to_item,
    to_yaml,
)
from courses.exchange.book_builder import Book
from courses.exchange.keys import Keys, is_key
from courses.exchange.metadata import from_json, to_json
from courses.exchange.refusals import Empty, Location, Unwritable
from courses.library.content import Course
from tests.conftest import SHIPPED, TINY
from tests.examples import examples
from tests.exchanged import items

FOREIGN = Path(__file__).parent / "foreign"
FORMS = sorted(exchange.WRITERS)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
OPTIONS = (
    Option("A whale", False, "It is = large.", ("A1",), "acts"),
    Option("A tree", False, "It grew.", ("A1",)),
    Option("A **seed**", True, "It is: *small*.", ("A1", "B1"), "waits"),
    Option("A hill", False, "It rose.", ("A1",)),
)
KNOWN = {
    "outcome": "names-a-thing",
    "lesson": "first-things",
    "use": ("final",),
    "difficulty": "easy",
}
EVERY_KIND = [
    Item(
        "k-single",
        "single",
        "Which, of {these}?\n\n- a\n- b",
        options=OPTIONS,
        parallel="k",
        critical=True,
        **KNOWN,
    ),
    Item(
        "k-multiple", "multiple", "Which [[smallness]]?", options=OPTIONS, parallel="k-2", **KNOWN
    ),
    Item(
        "k-spot", "spot", "What is there?", options=OPTIONS, scene="first", parallel="k-3", **KNOWN
    ),
    Item(
        "k-sort",
        "sort",
        "Where?",
        cards=(Card("Seed", "tiny", "Small.", ("A1",)), Card("Whale", "vast", "Large.", ("A1",))),
        groups=(Group("tiny", "Tiny -> small"), Group("vast", "Vast"), Group("other", "Neither")),
        parallel="k-4",
        **KNOWN,
    ),
    Item(
        "k-match",
        "match",
        "Which go together?",
        cards=(
            Card("Key", "right-1", "Turns.", ("A1",)),
            Card("Cup", "right-2", "Stands.", ("B1",)),
        ),
        groups=(Group("right-1", "Lock"), Group("right-2", "Saucer")),
        parallel="k-5",
        **KNOWN,
    ),
    Item(
        "k-order",
        "order",
        "In turn?",
        cards=(
            Card("Seed", "", "First.", ("A1",)),
            Card("Shoot", "", "Then.", ("A1",)),
            Card("Tree", "", "Last.", ("A1",)),
        ),
        parallel="k-6",
        **KNOWN,
    ),
    Item(
        "k-case",
        "case",
        "You meet someone small.",
        parts=(
            Part("First?", "single", OPTIONS),
            Part("Then?\n\nTake your time.", "multiple", OPTIONS),
        ),
        parallel="k-7",
        **KNOWN,
    ),
]


def run(*arguments: object) -> str:
    """What a command says when all is well."""
    said = StringIO()
    call_command(*map(str, arguments), stdout=said, stderr=said)
    return said.getvalue()


def failed(*arguments: object) -> str:
    """What a command says, then why it failed."""
    said = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(*map(str, arguments), stdout=said, stderr=said)
    return f"{said.getvalue()}{caught.value}"


def courses_in(root: Path) -> list[Course]:
    courses, problems = read_courses(root)
    assert [str(problem) for problem in problems] == []
    return courses


def out_and_in(root: Path, course: str, form: str) -> None:
    """Exports the course of a folder, takes its items away, and imports them lesson by lesson.

    The orders that a GIFT file cannot hold stand again where they stood.
    """
    folder, file = root / course / "items", root.parent / f"bank.{form}"
    before = read_items(root / course)
    said = run("export_items", course, file, "--format", form, "--folder", root)
    orders = [item for item in before if item.kind == "order"]
    if form == "gift":
        assert said.count("is an order, which readers of GIFT take for short answers") == len(
            orders
        )
        assert f"; {len(orders)} left out" in said
    lessons = sorted(path.stem for path in folder.iterdir())
    shutil.rmtree(folder)
    folder.mkdir()
    for lesson in lessons:
        out = folder / f"{lesson}.yaml"
        run("import_items", file, out, "--format", form, "--lesson", lesson)
        if form == "gift":
            put_orders_back(out, [item for item in before if item.lesson == lesson])


def put_orders_back(out: Path, before: list[Item]) -> None:
    """Writes the imported items again, and between them the orders as they were."""
    data = read_yaml(out.read_text(), out, 1, Problems(out.parent))
    lesson = data["lesson"]
    imported = {row["key"]: to_item(row, lesson, Location(out.name)) for row in data["items"]}
    items = [item if item.kind == "order" else imported.pop(item.key) for item in before]
    assert imported == {}
    out.write_text(to_yaml(items, lesson))


@pytest.fixture
def tiny(tmp_path) -> Path:
    """A copy of the tiny course, with one item of every kind more."""
    root = tmp_path / "courses"
    shutil.copytree(TINY, root)
    path = root / "tiny" / "items" / "first-things.yaml"
    path.write_text(
        path.read_text() + "".join(to_yaml(EVERY_KIND, "first-things").partition("items:\n")[2])
    )
    return root


@pytest.mark.parametrize("form", FORMS)
def test_it_works(tiny, form):
    before = courses_in(tiny)
    assert {item.kind for item in before[0].items} == set(KINDS)
    out_and_in(tiny, "tiny", form)
    assert courses_in(tiny) == before


@pytest.mark.nightly
@pytest.mark.parametrize("form", FORMS)
def test_the_shipped_course_goes_out_and_comes_back_the_same(tmp_path, form):
    root = tmp_path / "courses"
    shutil.copytree(SHIPPED, root)
    before = courses_in(root)
    out_and_in(root, "first-1001-days", form)
    assert "no problems" in run("check_courses", root)
    assert courses_in(root) == before


def into_the_lesson(out: Path, text: str) -> None:
    """Imported items join those of the lesson they are for: a lesson has one file."""
    path = out.with_name("first-things.yaml")
    path.write_text(path.read_text() + text.partition("items:\n")[2])
    out.unlink()


@pytest.mark.parametrize("form", FORMS)
def test_the_tiny_course_takes_the_items_of_the_shipped_one(tmp_path, form):
    """Items of one course in another: what they rest on and test is the other course's to have."""
    root, bank = tmp_path / "courses", tmp_path / "bank"
    shutil.copytree(TINY, root)
    run("export_items", "first-1001-days", bank, "--format", form)
    shutil.copy(SHIPPED / "references.yaml", root)
    out = root / "tiny" / "items" / "more.yaml"
    run("import_items", bank, out, "--format", form, "--lesson", "a-special-time")
    text = re.sub(r"outcome: .*", "outcome: names-a-thing", out.read_text())
    text = re.sub(r"use: .*", "use: [final]", text)
    into_the_lesson(out, text)
    assert "no problems" in run("check_courses", root)
    assert len(courses_in(root)[0].items) == 11 + text.count("- key:")


@settings(max_examples=examples(40, 400), deadline=None, suppress_health_check=SLOW)
@given(items())
def test_the_yaml_of_an_item_gives_back_every_letter(item):
    text, problems = to_yaml([item], item.lesson), Problems(Path("/"))
    data = read_yaml(text, Path("/x.yaml"), 1, problems)
    assert problems.errors == []
    assert to_item(data["items"][0], data["lesson"], Location("x")) == item
    assert blanks(Path("/x.yaml"), text) == []
    assert all(line == line.rstrip() for line in text.split("\n"))


@pytest.mark.parametrize(
    "text",
    ["1e3", "-.5", "12", "no", "null", "~", "true", "2027-05-23", "0x1F", "1_000", "- a", "a: b"],
)
def test_a_text_that_looks_like_something_else_stays_a_text(text):
    item = replace(EVERY_KIND[0], stem=text)
    data = read_yaml(to_yaml([item], item.lesson), Path("/x.yaml"), 1, Problems(Path("/")))
    assert data["items"][0]["stem"] == text


def test_only_the_items_of_a_quiz_are_written(tiny, tmp_path):
    said = run(
        "export_items",
        "tiny",
        tmp_path / "a.gift",
        "--format",
        "gift",
        "--folder",
        tiny,
        "--quiz",
        "kinds",
    )
    assert f"4 items written to {tmp_path / 'a.gift'}; 1 left out\n" in said
    text = (tmp_path / "a.gift").read_text()
    assert "[id:sort-a]" in text
    assert "[id:danger-a]" not in text


def test_an_export_that_cannot_be_is_told_and_writes_nothing(tiny, tmp_path):
    out = tmp_path / "a.gift"
    to = (out, "--format", "gift", "--folder", tiny)
    assert "there is no course 'huge'; name one of tiny" in failed("export_items", "huge", *to)
    assert "the course has no quiz 'last'; its quizzes: final, kinds" in failed(
        "export_items", "tiny", *to, "--quiz", "last"
    )
    path = tiny / "tiny" / "items" / "first-things.yaml"
    path.write_text(path.read_text().replace("difficulty: easy", "difficulty: odd", 1))
    assert "1 problems; correct them first, nothing is written" in failed(
        "export_items", "tiny", *to
    )
    assert not out.exists()


def test_nothing_is_written_over(tiny, tmp_path):
    out = tmp_path / "a.gift"
    out.write_text("mine")
    said = failed("export_items", "tiny", out, "--format", "gift", "--folder", tiny)
    assert (
        "a.gift:1: is there already; name another file, or take it away. Nothing is written" in said
    )
    (tmp_path / "b.yaml").write_text("mine")
    to = (tmp_path / "b.yaml", "--format", "gift", "--lesson", "first-things")
    said = failed("import_items", FOREIGN / "bank.gift", *to)
    assert "b.yaml:1: is there already" in said
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["a.gift", "b.yaml"]
    assert out.read_text() == (tmp_path / "b.yaml").read_text() == "mine"


def test_a_bank_of_others_becomes_a_file_to_complete(tiny, tmp_path):
    out = tiny / "tiny" / "items" / "cues.yaml"
    bank = FOREIGN / "bank.gift"
    said = run(
        "import_items",
        bank,
        out,
        "--format",
        "gift",
        "--lesson",
        "first-things",
        "--outcome",
        "names-a-thing",
    )
    assert "bank.gift:6: Looking away: gives marks for more than one of its options" in said
    assert "cues.yaml:6: always-the-same use: has 0; write at least 1" in said
    assert "cues.yaml:20: item-4 use: has 0; write at least 1" in said
    assert "cues.yaml:29: item-4 options.1.feedback: is empty; write its text" in said
    assert f"4 items written to {out}; 7 left out, 25 things to look at" in said
    text = out.read_text()
    assert text.count("outcome: names-a-thing") == 4
    completed = text.replace("use: []", "use: [final]")
    completed = completed.replace('feedback: ""', "feedback: Because.").replace(
        'parallel: ""', "parallel: cues"
    )
    completed = completed.replace("sources: []", "sources: [A1]")
    into_the_lesson(out, completed.replace('difficulty: ""', "difficulty: easy"))
    later = StringIO()
    with contextlib.suppress(SystemExit):
        call_command("check_courses", str(tiny), stdout=later, stderr=later)
    for_the_author = r"has no source|as much|write four|warning|nothing is published|no problems"
    assert [
        line for line in later.getvalue().splitlines() if not re.search(for_the_author, line)
    ] == []


def test_what_check_courses_will_say_is_said_when_it_is_imported(tiny):
    out = tiny / "tiny" / "items" / "cues.yaml"
    said = run(
        "import_items",
        FOREIGN / "moodle.xml",
        out,
        "--format",
        "moodle",
        "--lesson",
        "first-things",
    )
    later, only_it_knows = (
        StringIO(),
        r"tests outcome|the file's name|has no source|write four|pool|group",
    )
    with pytest.raises(SystemExit):
        call_command("check_courses", str(tiny), stdout=later, stderr=later)
    for line in later.getvalue().splitlines():
        if "tiny/items/cues.yaml" in line and not re.search(only_it_knows, line):
            place, what = line.split(":")[1], line.split(": ")[-1]
            assert re.search(rf"cues\.yaml:{place}: .*{re.escape(what)}", said), line


def test_what_is_refused_is_named_and_the_others_are_taken(tmp_path):
    bank, out = tmp_path / "bank.gift", tmp_path / "out.yaml"
    bank.write_text("::a::Fine?{=yes ~no}\n\n::b::One {=x} two {=y}\n\n::c::Open {\n")
    to = (out, "--format", "gift", "--lesson", "first-things")
    said = run("import_items", bank, *to)
    assert "bank.gift:3: b: is a cloze with 2 gaps; write an item for each\n" in said
    assert "bank.gift:5: c: has a brace without its other" in said
    assert "1 items written" in said
    assert "2 left out" in said


def test_a_file_of_which_nothing_is_taken_writes_nothing_and_says_why(tmp_path):
    bank, out = tmp_path / "bank.gift", tmp_path / "out.yaml"
    bank.write_text("::b::One {=x} two {=y}\n\n::w::Which word?{=serve}\n")
    to = (out, "--format", "gift", "--lesson", "first-things")
    assert failed("import_items", bank, *to) == (
        "bank.gift:1: b: is a cloze with 2 gaps; write an item for each\n"
        "bank.gift:3: w: is a short answer, which no item here is; write a choice\n"
        "bank.gift:1: has no item that can be taken; name another file, or another format. Nothing is written"
    )
    what = "none:1: is not a file; name the file that was exported. Nothing is written"
    assert failed("import_items", tmp_path / "none", *to) == what
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--lesson", "First things"),
            "'First things' is no key; write small letters, digits and hyphens",
        ),
        (("--lesson", "first", "--outcome", "../x"), "'../x' is no key"),
    ],
)
def test_a_key_that_is_none_is_refused(tmp_path, arguments, said):
    out = tmp_path / "o.yaml"
    assert said in failed(
        "import_items", FOREIGN / "bank.gift", out, "--format", "gift", *arguments
    )
    assert not out.exists()


def test_items_stand_in_yaml_files(tmp_path):
    said = failed(
        "import_items",
        FOREIGN / "bank.gift",
        tmp_path / "o.md",
        "--format",
        "gift",
        "--lesson",
        "a",
    )
    assert "o.md does not end in .yaml; items stand in .yaml files" in said


def test_items_of_other_lessons_are_left_and_told():
    book = Book(
        items=(
            EVERY_KIND[0],
            Item("b", "order", "?", lesson="last-things"),
            Item("c", "order", "?"),
        )
    )
    taken = for_lesson(book, "first-things", "ends-well", Location("a.gift"))
    assert [(item.key, item.lesson, item.outcome) for item in taken.items] == [
        ("k-single", "first-things", "names-a-thing"),
        ("c", "first-things", "ends-well"),
    ]
    assert taken.notes == (
        "a.gift:1: has 1 items of the lesson last-things, left out; import them with --lesson last-things",
    )
    with pytest.raises(
        Empty,
        match="has no item for the lesson 'x'; its items are of first-things: name one of them",
    ):
        for_lesson(Book(items=(EVERY_KIND[0],)), "x", "", Location("a.gift"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("stem", ["A bell \x07 rings", "Never \ufffe here"])
def test_what_a_format_cannot_hold_is_not_written(form, stem):
    item = Item("a", "single", stem, options=OPTIONS)
    if form == "gift":
        data, _ = exchange.write(form, [item])
        assert exchange.read(form, data, "a").items == (item,)
        return
    data, book = exchange.write(form, [EVERY_KIND[0], item])
    assert exchange.read(form, data, "a").items == book.items == (EVERY_KIND[0],)
    (refusal,) = book.left_out
    assert isinstance(refusal, Unwritable)
    assert str(refusal).startswith("export:1: a: would not be taken when it is read again: ")
    with pytest.raises(Empty, match=f"export:1: has no item that {form} can hold"):
        exchange.write(form, [item])


def test_two_groups_of_one_name_do_not_go_through_gift():
    groups = (Group("a", "Same"), Group("b", "Same"))
    item = Item("a", "sort", "?", cards=(Card("x", "a"), Card("y", "b")), groups=groups)
    with pytest.raises(Empty) as caught:
        exchange.write("gift", [item])
    what = "export:1: a: has two places of one name, which GIFT takes for one; rename one"
    assert [str(reason) for reason in caught.value.reasons] == [what]


def test_a_kind_that_no_format_knows_is_not_written():
    raw = {"key": "a", "kind": "dance", "stem": "?"}
    with pytest.raises(
        Unwritable, match="x:1: a: is of kind 'dance', which no other format is known for"
    ):
        to_item(raw, "l", Location("x"))


@pytest.mark.parametrize(
    "item",
    [
        Item("a", "sort", "?", groups=(Group("x", "X"), Group("y", "Y"))),
        Item("a", "match", "?", cards=(Card("x", "right-9"),), groups=(Group("right-1", "X"),)),
        Item("a", "case", "?", parts=(Part("?", "dance", OPTIONS), Part("?", "single", OPTIONS))),
    ],
    ids=["no card", "no such group", "no such kind"],
)
@pytest.mark.parametrize("write", [gift_writer.questions, qti_writer.assessment_item])
def test_an_exported_item_that_was_changed_to_no_item_of_its_kind_is_not_taken(item, write):
    assert from_json(to_json(item), write) is None
    whole = EVERY_KIND[0]
    assert from_json(to_json(whole), write) == (whole, write(whole))


def test_every_kind_of_ours_can_be_exchanged():
    assert {item.kind for item in EVERY_KIND} == set(KINDS)
    assert all(kind.exchange_shape for kind in KINDS.values())
    assert {item.kind for item in read_items(SHIPPED / "first-1001-days")} <= set(KINDS)


def test_keys_are_made_of_names():
    keys = Keys()
    names = ["Looking away!", "looking-away", "Überraschung", "雪", "", "a" * 80, "a" * 80]
    assert [keys.give(name, "item") for name in names] == [
        "looking-away",
        "looking-away-2",
        "uberraschung",
        "item",
        "item-2",
        "a" * 60,
        "a" * 54 + "-2",
    ]
    assert all(is_key(key) for key in keys.given)
