"""Course folders that are made to do harm, by accident or not: each is reported at a path and line,
soon, in little memory and without a traceback.

The time is the processor's, measured by a process of its own: it does not depend on how busy the
machine is. An alarm ends what waits for ever, as on a pipe.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from courses.authoring.courses import read_folder
from courses.authoring.reading import files
from courses.library import content
from tests.broken import TINY

ROOT = Path(__file__).parent.parent
SECONDS = 10  # of processor time for a folder; the slowest takes about two
WAITING = 120  # seconds by the clock, until a case counts as hanging
MEGABYTES = 500  # of data, Python and all libraries with it
COURSE, REFERENCES, GLOSSARY = "tiny/course.yaml", "references.yaml", "glossary.yaml"
LESSON, ITEMS = "tiny/lessons/01-first-things.md", "tiny/items/first-things.yaml"
SCENE, PICTURE = "tiny/scenes/first.yaml", "tiny/images/dot.svg"
TEXTS = [COURSE, LESSON, ITEMS, SCENE, REFERENCES, GLOSSARY, PICTURE]

Make = Callable[[Path], object]


@dataclass(frozen=True)
class Case:
    """A folder: what is done to the tiny course, and how one of its problems begins."""

    make: Make
    expected: str


def write(file: str, data: str | bytes) -> Make:
    def make(root: Path) -> None:
        raw = data if isinstance(data, bytes) else data.encode()
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(raw)

    return make


def append(file: str, data: str) -> Make:
    def make(root: Path) -> None:
        before = (root / file).read_bytes() if (root / file).exists() else b""
        (root / file).write_bytes(before + data.encode())

    return make


def replace(file: str, pattern: str, text: str) -> Make:
    def make(root: Path) -> None:
        before = (root / file).read_text()
        after = re.sub(pattern, lambda _: text, before, count=1, flags=re.M)
        assert after != before, f"{pattern} is not in {file}: the tiny course has changed"
        (root / file).write_text(after)

    return make


def svg(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'


def nested(tag: str) -> str:
    return svg(f"<{tag}>" * 1000 + f"</{tag}>" * 1000)


def lesson_with(text: str) -> Make:
    """The first lesson with one more step of this text."""
    return append(LESSON, f"\n## More {{#more}}\n\n{text}\n")


def pipe(file: str) -> Make:
    def make(root: Path) -> None:
        (root / file).unlink(missing_ok=True)
        os.mkfifo(root / file)

    return make


def unix_socket(file: str) -> Make:
    def make(root: Path) -> None:
        here = Path.cwd()
        os.chdir((root / file).parent)  # the path of a socket may have 107 bytes at most
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as server:
            server.bind(Path(file).name)
        os.chdir(here)

    return make


def folder(file: str) -> Make:
    def make(root: Path) -> None:
        (root / file).unlink(missing_ok=True)
        (root / file).mkdir()

    return make


def moved_out(path: str) -> Make:
    """Moves a file or folder beside the courses, and leaves a link to it."""

    def make(root: Path) -> None:
        outside = root.parent / f"outside-{Path(path).name}"
        (root / path).rename(outside)
        (root / path).symlink_to(outside)

    return make


def link(path: str, target: str) -> Make:
    def make(root: Path) -> None:
        (root / path).unlink(missing_ok=True)
        (root / path).symlink_to(target)

    return make


def deep_folders(root: Path) -> None:
    """Two thousand folders, one in the other: their path is longer than may be asked for."""
    here = Path.cwd()
    os.chdir(root / "tiny")
    for _ in range(2000):
        Path("d").mkdir()
        os.chdir("d")
    os.chdir(here)


def many_files(root: Path) -> None:
    for n in range(files.MOST_FILES + 1):
        (root / "tiny" / "scenes" / f"s{n}.yaml").write_bytes(b"")


def much_in_all(root: Path) -> None:
    for n in range(files.LARGEST_FOLDER // 390_000 + 1):
        write(f"tiny/scenes/s{n}.yaml", "#" * 390_000)(root)


def many_lessons(root: Path) -> None:
    for n in range(3, 99):
        shutil.copy(root / LESSON, root / f"tiny/lessons/{n:02}-a.md")


def many_items(root: Path) -> None:
    """A file of items as small as they can be, each by another key."""
    options = ", ".join(f"{{text: {letter}, feedback: F}}" for letter in "ABCD")
    rest = f"parallel: p, difficulty: easy, stem: S, options: [{options}]"
    item = "kind: single, outcome: o, use: [final]"
    rows = "".join(f"  - {{key: k{n}, {item}, {rest}}}\n" for n in range(1100))
    write("tiny/items/first-things.yaml", f"lesson: first-things\nitems:\n{rows}")(root)


def lessons_in_two_cases(root: Path) -> None:
    shutil.copy(root / ITEMS, root / "tiny/items/First-Things.yaml")


KINDS: dict[str, Case] = {
    "a pipe for items": Case(
        pipe("tiny/items/pipe.yaml"),
        "tiny/items/pipe.yaml:1: pipe.yaml: is no file; put one in its place, or take it away",
    ),
    "a pipe for a lesson": Case(
        pipe(LESSON),
        f"{LESSON}:1: 01-first-things.md: is no file; put one in its place, or take it away",
    ),
    "a pipe for a picture": Case(
        pipe(PICTURE), f"{PICTURE}:1: dot.svg: is no file; put one in its place, or take it away"
    ),
    "a pipe for the course": Case(
        pipe(COURSE), f"{COURSE}:1: course.yaml: is no file; put one in its place, or take it away"
    ),
    "a pipe for the references": Case(
        pipe(REFERENCES),
        "references.yaml:1: references.yaml: is no file; put one in its place, or take it away",
    ),
    "a pipe for the handout": Case(
        pipe("tiny/handout.yaml"),
        "tiny/handout.yaml:1: handout.yaml: is no file; put one in its place, or take it away",
    ),
    "a socket": Case(
        unix_socket("tiny/scenes/s.yaml"),
        "tiny/scenes/s.yaml:1: s.yaml: is no file; put one in its place, or take it away",
    ),
    "a folder named like a lesson": Case(
        folder(LESSON),
        f"{LESSON}:1: 01-first-things.md: is no file; put one in its place, or take it away",
    ),
    "a folder named like the course": Case(
        folder(COURSE),
        f"{COURSE}:1: course.yaml: is no file; put one in its place, or take it away",
    ),
    "a folder named like a picture": Case(
        folder(PICTURE), f"{PICTURE}:1: dot.svg: is no file; put one in its place, or take it away"
    ),
    "a link to a device": Case(
        link(LESSON, "/dev/zero"),
        f"{LESSON}:1: 01-first-things.md: is a link; put the file or folder itself in its place",
    ),
    "a link out of the tree": Case(
        moved_out(LESSON),
        f"{LESSON}:1: 01-first-things.md: is a link; put the file or folder itself in its place",
    ),
    "a picture that is a link": Case(
        moved_out(PICTURE),
        f"{PICTURE}:1: dot.svg: is a link; put the file or folder itself in its place",
    ),
    "a course that is a link": Case(
        moved_out("tiny"), "tiny:1: tiny: is a link; put the file or folder itself in its place"
    ),
    "lessons that are a link": Case(
        moved_out("tiny/lessons"),
        "tiny/lessons:1: lessons: is a link; put the file or folder itself in its place",
    ),
    "a link inside the tree": Case(
        link("tiny/scenes/s.yaml", "first.yaml"),
        "tiny/scenes/s.yaml:1: s.yaml: is a link; put the file or folder itself in its place",
    ),
    "a link to itself": Case(
        link(LESSON, Path(LESSON).name),
        f"{LESSON}:1: 01-first-things.md: is a link; put the file or folder itself in its place",
    ),
    "a link to nothing": Case(
        link("tiny/handout.yaml", "nowhere"),
        "tiny/handout.yaml:1: handout.yaml: is a link; put the file or folder itself in its place",
    ),
    "a link to the folder above": Case(
        link("tiny/images/up", ".."),
        "tiny/images/up:1: up: is a link; put the file or folder itself in its place",
    ),
    "folders too deep": Case(
        deep_folders,
        "tiny/d/d/d/d:1: d: is a folder too deep in others to be of a course; "
        "move it up, or take it away",
    ),
    "too many files": Case(
        many_files, "courses:1: courses: has more than 5000 files; take some away"
    ),
    "too much in all": Case(
        much_in_all, "courses:1: courses: holds more than 10 MB; split it, or shorten it"
    ),
    "many lessons": Case(
        many_lessons,
        "tiny/lessons/51-a.md:1: lessons: is one of 98 lessons; have at most 50 in a course",
    ),
    "many items": Case(
        many_items,
        f"{ITEMS}:1: items: is more than 1000 items into the course; have fewer in a course",
    ),
    "names that differ in case": Case(
        lessons_in_two_cases,
        f"{ITEMS}:1: first-things.yaml: differs from 'First-Things.yaml' only in case, "
        "and so is the same file to some computers; rename one of them",
    ),
    "a name that is not UTF-8": Case(
        lambda root: (root / "tiny/scenes" / os.fsdecode(b"a\xff.yaml")).touch(),
        "tiny/scenes/a\\udcff.yaml:1: a\\udcff.yaml: has a name that cannot be printed; "
        "use small letters, digits and hyphens",
    ),
    "a name with an escape": Case(
        lambda root: (root / "tiny/scenes/a\x1b[31m.yaml").touch(),
        "tiny/scenes/a\\u001b[31m.yaml:1: ",
    ),
    "a picture outside": Case(
        replace(
            LESSON,
            r"^::: sort put-in-place",
            "::: figure ../../../outside.svg\nalt: A dot.\n:::\n\n::: sort put-in-place",
        ),
        f"{LESSON}:52: ::: figure ../../../outside.svg: picture '../../../outside.svg' has no plain "
        "name; write something like 'a-picture.svg'",
    ),
    "a picture with a long name": Case(
        lesson_with(f"::: figure {'a' * 5000}.svg\nalt: A dot.\n:::"), f"{LESSON}:"
    ),
    "more blocks than a lesson has": Case(
        lesson_with("::: figure dot.svg\nalt: A dot.\n:::\n" * 9000),
        f"{LESSON}:1: lesson: has 9025 blocks; write at most 100",
    ),
}

DEEP = f"{LESSON}:119: more: is nested too deep in lists and quotations; write it flatter"
DEPTHS: dict[str, Case] = {
    **{
        f"nested <{tag}>": Case(
            write(PICTURE, nested(tag)),
            f"{PICTURE}:1: dot.svg: is nested deeper than 30 elements; export it flatter",
        )
        for tag in ("defs", "tspan", "g", "a", "b")
    },
    "nested namespaces": Case(
        write(PICTURE, svg('<g xmlns:a="b">' * 900 + "</g>" * 900)),
        f"{PICTURE}:1: dot.svg: is nested deeper than 30 elements; export it flatter",
    ),
    "YAML lists in lists": Case(write(SCENE, "key: " + "[ " * 100_000), f"{SCENE}:1: YAML: "),
    "YAML mappings in mappings": Case(write(SCENE, "{a: " * 90_000), f"{SCENE}:1: YAML: "),
    "YAML blocks in blocks": Case(
        write(SCENE, "- " * 100_000),
        f"{SCENE}:1: YAML: is nested deeper than 30 levels; write it flatter",
    ),
    "YAML with a noncharacter": Case(
        write(SCENE, "key: \ufffe\n"),
        f"{SCENE}:1: YAML: cannot be read (control characters are not allowed); write plain YAML",
    ),
    "YAML anchors and aliases": Case(
        write(SCENE, "a: &a [1]\nb: &b [*a, *a]\nc: [*b, *b]\n"),
        f"{SCENE}:1: YAML: has an anchor, alias or tag; ",
    ),
    "YAML merges": Case(
        write(SCENE, "a: {<<: {b: 1}}\n<<: [1]\n"), f"{SCENE}:1: scene a: is not a known field; "
    ),
    "quotations in quotations": Case(lesson_with("> " * 100 + "deep"), DEEP),
    "many quotations in quotations": Case(lesson_with("> " * 150_000 + "deep"), DEEP),
    "lists in lists": Case(
        lesson_with("\n".join("  " * n + "- a" for n in range(400))),
        f"{LESSON}:125: more: is nested too deep in lists and quotations; write it flatter",
    ),
    "a declaration of types": Case(
        write(PICTURE, '<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("")),
        f"{PICTURE}:1: dot.svg: has a DOCTYPE; ",
    ),
}

LONG = "a" * 1000
WORDS: dict[str, Case] = {
    "a long word in a stem": Case(
        replace(ITEMS, r"stem: .*", f"stem: See {LONG} here?"),
        f"{ITEMS}:9: first-things.yaml: 'aaaaaaaaaa…' of 1000 letters is no word; write what is meant",
    ),
    "a long word in a lesson": Case(lesson_with(f"See {LONG} here."), f"{LESSON}:"),
    "a very long word": Case(
        lesson_with("a" * 390_000),
        f"{LESSON}:119: 01-first-things.md: 'aaaaaaaaaa…' of 390000 letters is no word; ",
    ),
    "a long word with hyphens": Case(
        lesson_with("a-" * 150_000),
        f"{LESSON}:119: 01-first-things.md: has 300000 characters without a space; write words",
    ),
    "a long word with apostrophes": Case(
        lesson_with("a'" * 150_000),
        f"{LESSON}:119: 01-first-things.md: has 300000 characters without a space; write words",
    ),
    "many long words": Case(lesson_with(f"{'b' * 100} " * 3500), f"{LESSON}:"),
    "a long number": Case(
        replace(SCENE, "age_months: .*", f"age_months: {'9' * 300_000}"), f"{SCENE}:"
    ),
    "a long field name": Case(
        append(SCENE, f"{'f' * 900}: 1\n? {'g' * 300_000}\n: 1\n"), f"{SCENE}:"
    ),
    "many unknown fields": Case(
        append(SCENE, "".join(f"f{n}: 1\n" for n in range(6_000))), f"{SCENE}:"
    ),
}

# Every pattern that reads an author's text goes over each of these once, or nearly.
SLOW = {
    "brackets": "[",
    "pictures": "![",
    "links begun": "](",
    "citations begun": "[@",
    "citations with gaps": "[@A1 ,",
    "terms begun": "[[a",
    "terms unknown": "[[a]] ",
    "links to nowhere": "[a](#b) ",
    "stars": "*a ",
    "stars together": "*",
    "underscores": "_a ",
    "backticks": "` `` ",
    "ampersands": "&a;",
    "angles": "<a ",
    "comments begun": "<!--",
    "at signs": "a@",
    "addresses": "http://",
    "backslashes": "\\",
    "cells": "|a",
    "spaces": "a ",
    "full stops": "a.",
    "colons": ":::",
    "table": "a|b\n-|-\n",
    "definitions": "[a]: b\n",
    "lists": "- a\n",
    "numbers": "1) a\n\n",
    "headings": "### a\n",
    "steps": "## a {#b}\n",
    "blocks": "::: note a\nb\n:::\n",
    "blocks left open": "::: check a\n",
    "closing": ":::\n",
    "fences": "```\n",
}
SIZE = 60_000


def spaced(text: str) -> str:
    """So much of it, with a space as often as a file must have one."""
    run = text * (files.LONGEST_RUN // len(text))
    return f"{run} " * (SIZE // len(run) - 1)


PATTERNS: dict[str, Case] = {
    name: Case(lesson_with(spaced(text)), "") for name, text in SLOW.items()
}
OPTIONS = ", ".join(f'{{text: "[[t{n}]]", feedback: a}}' for n in range(3_000))
ONE_LINE = f"::: check x\nprompt: A\nkind: single\noptions: [{OPTIONS}]\n:::"
PATTERNS |= {
    "spaces in a heading": Case(lesson_with(f"## a{' ' * SIZE}b"), f"{LESSON}:"),
    "spaces in an opening": Case(lesson_with(f"::: note{' ' * SIZE}b"), f"{LESSON}:"),
    "spaces in a citation": Case(lesson_with(f"[@A1{' ' * SIZE}"), ""),
    "a table of many columns": Case(
        lesson_with(f"{'|a' * 50_000}|\n{'|-' * 50_000}|\n" + "|a|\n" * 40_000), ""
    ),
    "different unknown terms": Case(
        lesson_with(" ".join(f"[[t{n}]]" for n in range(8_000))), f"{LESSON}:"
    ),
    "unknown terms in options": Case(lesson_with(ONE_LINE), f"{LESSON}:"),
    "angles in a picture": Case(write(PICTURE, svg("<" * 39_000)), f"{PICTURE}:1: "),
    "comments in a picture": Case(write(PICTURE, svg("<!--" * 9_000)), f"{PICTURE}:1: "),
    "spaces in a picture": Case(write(PICTURE, svg(f"<g>{' ' * 19_000}</g>" + ">" * 19_000)), ""),
}

UNREADABLE = "cannot be read (Permission denied); make it readable, or take it away"
BOUNDS = KINDS | DEPTHS | WORDS | PATTERNS

CHILD = f"""
import json, resource, shutil, signal, subprocess, sys, tempfile, time
from pathlib import Path
from courses.authoring.courses import read_folder
from tests.test_content_bounds import BOUNDS, TINY
limit = {MEGABYTES} * 1024 * 1024
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))

class Hangs(BaseException):  # no OSError, which reading a file would catch
    pass

def give_up(*_):
    raise Hangs

signal.signal(signal.SIGALRM, give_up)
for name in sys.argv[1:] or BOUNDS:
    with tempfile.TemporaryDirectory() as made:
        root = Path(shutil.copytree(TINY, Path(made) / "courses"))
        BOUNDS[name].make(root)
        begun, error, problems = time.process_time(), "", []
        signal.alarm({WAITING})
        try:
            problems = [str(problem) for problem in read_folder(root).problems]
        except BaseException as fault:
            error = type(fault).__name__ + ": " + str(fault)[:300]
        signal.alarm(0)
        row = [name, error, problems[:1000], time.process_time() - begun]
        print(json.dumps(row), flush=True)
        # Python's own way to remove folders calls itself for each.
        subprocess.run(["rm", "-rf", root / "tiny" / "d"], check=True)
"""


@dataclass(frozen=True)
class Outcome:
    """What became of a folder: the error that ended its reading, its problems, and seconds taken."""

    error: str
    problems: list[str]
    seconds: float


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    """All the folders, read one after the other by a process that may have only so much memory."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True, timeout=1800
    )
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {name: Outcome(*rest) for name, *rest in rows}


@pytest.fixture
def root(tmp_path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "courses"))


def problems_of(root: Path) -> list[str]:
    return [str(problem) for problem in read_folder(root).problems]


def test_it_works(outcomes):
    assert set(outcomes) == set(BOUNDS)
    assert len(BOUNDS) > 80


@pytest.mark.parametrize("name", BOUNDS)
def test_a_folder_is_read_soon_and_reported_in_its_place(outcomes, name):
    outcome, expected = outcomes[name], BOUNDS[name].expected
    assert outcome.error == ""
    assert outcome.seconds < SECONDS
    if expected:
        matching = [line for line in outcome.problems if line.startswith(expected)]
        assert matching, outcome.problems[:5]
    for line in outcome.problems:
        assert re.fullmatch(r"\S+:[1-9]\d*: .+: .+; .+", line)
        assert line.isprintable()


CONTROLS = [0x00, 0x07, 0x0B, 0x0C, 0x1B, 0x7F, 0x80, 0x85, 0x9B, 0x9F]
CONTROLS += [0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069]


@pytest.mark.parametrize("file", TEXTS)
@pytest.mark.parametrize("code", CONTROLS, ids=lambda code: f"U+{code:04X}")
def test_a_control_character_is_reported_in_its_line(root, file, code):
    text = (root / file).read_text() if (root / file).exists() else "first\n"
    line = text.count("\n") + 1
    (root / file).write_text(f"{text}a{chr(code)}b\n", encoding="utf-8")
    expected = f"{file}:{line}: {Path(file).name}: has the control character U+{code:04X}; "
    assert [line for line in problems_of(root) if line.startswith(expected)]


def test_every_line_with_a_control_character_is_reported_up_to_a_number(root):
    with (root / LESSON).open("a") as file:
        file.write("\x1b\n" * 1000)
    problems = [line for line in problems_of(root) if "U+001B" in line]
    assert len(problems) == files.MOST_LINES
    assert len({line.partition(": ")[0] for line in problems}) == files.MOST_LINES


@pytest.mark.parametrize(
    ("file", "pattern", "text"),
    [
        (COURSE, r"^title: .*$", r'title: "Tiny \u202eevil\u2069"'),
        (ITEMS, r"stem: .*", r'stem: "What \e[31mnow?"'),
        (ITEMS, r"stem: .*", r'stem: "What \0 now?"'),
        (GLOSSARY, r"means: .*", r'means: "What \x9b now?"'),
        (SCENE, r"^title: .*$", r'title: "One\x7f"'),
        (SCENE, r"^title: ", r'"a\u2066b": "One"' + "\ntitle: "),
    ],
)
def test_a_control_character_written_as_an_escape_of_yaml_is_reported(root, file, pattern, text):
    replace(file, pattern, text)(root)
    line = (root / file).read_text().split(text.partition("\n")[0])[0].count("\n") + 1
    expected = f"{file}:{line}: YAML: has the control character U+"
    assert [line for line in problems_of(root) if line.startswith(expected)]


@pytest.mark.parametrize("code", ["&#x202e;", "&#8294;", "&#x202A;"])
def test_a_control_character_written_as_an_entity_is_reported(root, code):
    lesson_with(f"First.\n\nMore {code} here.")(root)
    line = (root / LESSON).read_text().split(code)[0].count("\n") + 1
    expected = f"{LESSON}:{line}: more: has the control character U+20"
    assert [line for line in problems_of(root) if line.startswith(expected)]
    replace(PICTURE, "<circle", f"<text>{code}</text><circle")(root)
    expected = f"{PICTURE}:1: dot.svg: has the control character U+20"
    assert [line for line in problems_of(root) if line.startswith(expected)]


def test_tabs_and_line_ends_are_no_control_characters(root):
    write(LESSON, (root / LESSON).read_bytes().replace(b"\n", b"\r\n") + b"\r\na\tb\r\n")(root)
    assert problems_of(root) == []


@pytest.mark.parametrize("file", [LESSON, COURSE, ITEMS, PICTURE])
def test_a_file_that_may_not_be_read_is_reported(root, file, monkeypatch):
    real = os.open

    def refuse(path, *arguments, **named):
        if Path(os.fsdecode(path)) == root / file:
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **named)

    monkeypatch.setattr(os, "open", refuse)
    name = Path(file).name
    expected = f"{file}:1: {name}: {UNREADABLE}"
    assert [line for line in problems_of(root) if line.startswith(expected)]


def test_a_folder_that_may_not_be_listed_is_reported(root, monkeypatch):
    """As a course that is overlooked would be retired."""
    real = os.scandir

    def refuse(path):
        if Path(path) == root / "tiny":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    expected = f"tiny:1: tiny: {UNREADABLE}"
    assert [line for line in problems_of(root) if line.startswith(expected)]


def test_a_device_is_never_opened(root, monkeypatch):
    opened: list[str] = []
    real = os.open
    monkeypatch.setattr(
        os, "open", lambda path, *rest: opened.append(str(path)) or real(path, *rest)
    )
    pipe(LESSON)(root)
    pipe(PICTURE)(root)
    problems_of(root)
    assert str(root / COURSE) in opened
    assert not {str(root / LESSON), str(root / PICTURE)} & set(opened)


def test_the_folder_itself_may_be_a_link(root, tmp_path):
    (tmp_path / "link").symlink_to(root)
    assert problems_of(tmp_path / "link") == []


def test_a_folder_that_is_a_file_has_no_course(tmp_path):
    (tmp_path / "file").write_text("text")
    assert "has no course" in "\n".join(problems_of(tmp_path / "file"))


def test_the_command_prints_a_line_for_each_and_exits_1(root, tmp_path):
    for make in (pipe("tiny/items/pipe.yaml"), write(PICTURE, nested("defs")), moved_out(LESSON)):
        make(root)
    command = [sys.executable, "manage.py", "check_courses", str(root)]
    environment = {**os.environ, "VAR_DIR": str(tmp_path)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    paths = {line.split(":")[0] for line in done.stdout.splitlines() if ": warning: " not in line}
    assert paths == {"tiny/items/pipe.yaml", PICTURE, LESSON}


def test_a_lesson_of_the_length_of_those_shipped_is_within_all_bounds():
    reading = read_folder(ROOT / "courses" / "content", wants_advice=False)
    assert reading.problems == []
    assert all(isinstance(course, content.Course) for course in reading.courses)
