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
from courses.authoring.courses import read_courses
from courses.authoring.reading.diagnostics import Problems, read_yaml
from courses.exchange.authored_items import (
    blanks,
    for_lesson,
    read_items,
    to_blocks,
    to_item,
    to_yaml,
)
from courses.exchange.neutral import Book, Card, Group, Item, Keys, Option, Part, Task, is_key
from courses.exchange.refusals import Empty, Location, RefusedAll, Unwritable
from courses.library.content import Course
from tests.conftest import SHIPPED, TINY
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
    """Exports the course of a folder, takes its items away, and imports them lesson by lesson."""
    folder, file = root / course / "items", root.parent / f"bank.{form}"
    run("export_items", course, file, "--format", form, "--folder", root)
    lessons = sorted(path.stem for path in folder.iterdir())
    shutil.rmtree(folder)
    folder.mkdir()
    for lesson in lessons:
        run("import_items", file, folder / f"{lesson}.yaml", "--format", form, "--lesson", lesson)


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
    out.with_suffix(".md").unlink(missing_ok=True)


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


@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
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
    assert said.startswith(f"5 items written to {tmp_path / 'a.gift'}\n")
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
    assert "1 problems; mend them first, nothing is written" in failed("export_items", "tiny", *to)
    assert not out.exists()


def test_nothing_is_written_over(tiny, tmp_path):
    out = tmp_path / "a.gift"
    out.write_text("mine")
    said = failed("export_items", "tiny", out, "--format", "gift", "--folder", tiny)
    assert (
        "a.gift:1: is there already; name another file, or take it away. Nothing is written" in said
    )
    bank = FOREIGN / "bank.gift"
    (tmp_path / "b.md").write_text("mine")
    said = failed(
        "import_items", bank, tmp_path / "b.yaml", "--format", "gift", "--lesson", "first-things"
    )
    assert "b.md:1: is there already" in said
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["a.gift", "b.md"]
    assert out.read_text() == (tmp_path / "b.md").read_text() == "mine"


def test_a_bank_of_others_becomes_files_to_complete(tiny, tmp_path):
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
    assert "bank.gift:6: looking-away: gives 50% of the mark for 'being bored'" in said
    assert "cues.yaml:6: looking-away use: has 0; write at least 1" in said
    assert "cues.yaml:17: looking-away options.2.feedback: is empty; write its text" in said
    assert f"7 items written to {out}" in said
    assert (
        f"3 activities written to {out.with_suffix('.md')}; put them into a step of a lesson"
        in said
    )
    text = out.read_text()
    assert text.count("outcome: names-a-thing") == 6  # and one that its own tag names
    completed = text.replace("outcome: reads-cues", "outcome: names-a-thing").replace(
        "use: []", "use: [final]"
    )
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


def test_activities_fit_into_a_step_once_they_are_completed(tiny):
    tasks = (
        Task("word", "Which word?\n\n::: no block", ("serve and return", "back: and forth")),
        Task("number", "How many?", ("8, give or take 1",)),
        Task("visit", "Describe: one baby."),
    )
    blocks = to_blocks(tasks)
    assert blocks.count("::: rewrite ") == 2
    assert blocks.endswith("::: reflect visit\nprompt: 'Describe: one baby.'\n:::\n")
    completed = blocks.replace('start: ""', "start: A word").replace(
        "criteria: []", "criteria: [It names it]"
    )
    completed = completed.replace('near_miss: ""', "near_miss: Another word")
    lesson = tiny / "tiny" / "lessons" / "02-last-things.md"
    lesson.write_text(f"{lesson.read_text()}\n{completed}")
    last = courses_in(tiny)[0].lessons[1].steps[-1]
    assert [(block.kind, block.key) for block in last.blocks[1:]] == [
        ("rewrite", "word"),
        ("rewrite", "number"),
        ("reflect", "visit"),
    ]
    assert "<li>serve and return</li>" in last.blocks[1].model


def test_a_refused_file_writes_nothing(tmp_path):
    bank, out = tmp_path / "bank.gift", tmp_path / "out.yaml"
    bank.write_text("::a::Fine?{=yes ~no}\n\n::b::One {=x} two {=y}\n\n::c::Open {\n")
    said = failed("import_items", bank, out, "--format", "gift", "--lesson", "first-things")
    assert "bank.gift:3: b: is a cloze with 2 gaps; write an item for each\n" in said
    assert "bank.gift:5: c: has a brace without its other" in said
    assert said.endswith("2 refused; nothing is written")
    said = failed(
        "import_items", tmp_path / "none", out, "--format", "qti", "--lesson", "first-things"
    )
    assert said.startswith(
        "none:1: is not a file; name the file that was exported\nthe file is refused; nothing"
    )
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


def test_a_file_of_activities_alone_makes_no_file_of_items(tmp_path):
    bank, out = tmp_path / "bank.gift", tmp_path / "out.yaml"
    bank.write_text("::w::Which word?{=serve}\n")
    said = run("import_items", bank, out, "--format", "gift", "--lesson", "first-things")
    assert said.endswith(
        f"1 activities written to {tmp_path / 'out.md'}; put them into a step of a lesson\n"
    )
    assert not out.exists()


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
    assert [str(note) for note in taken.notes] == [
        "a.gift:1: has 1 items of the lesson last-things, left out; import them with --lesson last-things"
    ]
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
        assert exchange.read(form, exchange.write(form, [item]), "a").items == (item,)
    else:
        with pytest.raises(Unwritable, match="export:1: would be refused when it is read again"):
            exchange.write(form, [item])


def test_two_groups_of_one_name_do_not_go_through_gift():
    groups = (Group("a", "Same"), Group("b", "Same"))
    item = Item("a", "sort", "?", cards=(Card("x", "a"), Card("y", "b")), groups=groups)
    with pytest.raises(
        Unwritable, match="export:1: a: would come back changed from gift; write it plainer"
    ):
        exchange.write("gift", [item])


def test_a_kind_that_no_format_knows_is_not_written():
    raw = {"key": "a", "kind": "dance", "stem": "?"}
    with pytest.raises(
        Unwritable, match="x:1: a: is of kind 'dance', which no other format is known for"
    ):
        to_item(raw, "l", Location("x"))


def test_every_kind_of_ours_can_be_exchanged():
    assert {item.kind for item in EVERY_KIND} == set(KINDS)
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


def test_refusals_are_told_together():
    with pytest.raises(RefusedAll) as caught:
        exchange.read("gift", b"::a::{=x} {=y}\n\n::b::{=x} {=y}", "g")
    assert len(str(caught.value).splitlines()) == len(caught.value.refusals) == 2
