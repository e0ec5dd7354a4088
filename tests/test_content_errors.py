"""What authors get wrong: each fault of `content/broken` is reported in its place, alone and together with others."""

import ast
import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests import broken
from tests.broken import TINY, Fault, faults, named, read, reported
from tests.test_content_bounds import BOUNDS, UNREADABLE

ROOT = Path(__file__).parent.parent
RULES = [
    ROOT / "courses" / "authoring",
    ROOT / "courses" / "library",
    ROOT / "courses" / "assessment" / "items",
]
COURSE, REFERENCES, GLOSSARY = "tiny/course.yaml", "references.yaml", "glossary.yaml"
LESSON, ITEMS = "tiny/lessons/01-first-things.md", "tiny/items/first-things.yaml"
SCENE, PICTURE = "tiny/scenes/first.yaml", "tiny/images/dot.svg"
CIRCLE = '<circle cx="5" cy="5" r="4" fill="#5b2a6e"/>'
FORM = re.compile(r"[a-z0-9/.-]+:[1-9]\d*: (warning: )?[^\n]+?: [^\n]+; [^\n]+")


@pytest.fixture
def root(tmp_path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "courses"))


def all_reported(root: Path) -> str:
    return "\n".join(reported(read(root))) or "nothing at all"


def test_it_works(root):
    assert all_reported(root) == "nothing at all"
    named("course-a-field-is-misspelt")[0].make(root)
    assert reported(read(root)) == [
        "tiny/course.yaml:1: course title: is missing; write it",
        "tiny/course.yaml:2: course titel: is not a known field; write 'title'",
    ]


def test_there_are_many_faults_and_each_has_its_number():
    assert len(faults()) >= 300
    numbers = [int(fault.name[:3]) for fault in faults()]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.name)
def test_a_fault_is_reported_in_its_place_and_nothing_else_is(root, fault):
    fault.make(root)
    said = reported(read(root))
    assert said, "nothing is reported"
    assert broken.is_reported(fault, said), "reported is:\n" + "\n".join(said)
    for problem in said:
        assert FORM.fullmatch(problem), (
            f"not `path:line: where: what, and what to write instead`: {problem}"
        )


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """The rules as Python reads them; rows, queries, pages and publishing are none."""
    for path in sorted(path for folder in RULES for path in folder.rglob("*.py")):
        others = {"models.py", "queries.py", "publishing.py", "pool_publishing.py", "views.py"}
        if path.name not in others:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def messages(of_pool: bool = False) -> Iterator[tuple[str, re.Pattern[str]]]:
    """What the rules can say, by place: every text with an advice after a semicolon, as a pattern of what is said.

    Those of the pool, which the tiny course has not, are met in test_pool.
    """
    for path, tree in trees():
        if (path.parent.name == "pool") != of_pool:
            continue
        nodes = list(ast.walk(tree))
        inside = {
            id(part)
            for node in nodes
            if isinstance(node, ast.JoinedStr)
            for part in ast.walk(node)
            if part != node
        }
        docs = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        for node in nodes:
            said = "" if id(node) in inside | docs else _pattern(node)
            if re.search(r"\w.*;\\? ", said):
                yield f"{path.name}:{node.lineno}", re.compile(said)


def _pattern(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_pattern(part) for part in node.values)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\\{[^{}]*\\}", ".+", re.escape(node.value))
    return ".+" if isinstance(node, ast.FormattedValue) else ""


def test_whatever_the_rules_can_say_is_met_by_a_fault():
    """A message without a fault is a rule that nobody has seen work."""
    known = list(messages())
    assert len(known) > 80
    lines = [line for fault in faults() for line in fault.expect]
    lines += [case.expected for case in BOUNDS.values()] + [UNREADABLE]
    met = "\n".join(lines)
    assert [place for place, said in known if not said.search(met)] == []


REPORTING = re.compile(r"(problems\.(add|warn)|(reader|self)\.(report|warn))$")


def reports() -> Iterator[tuple[str, str]]:
    """Where the rules report something, and its text: in the call itself, or in the variable given."""
    for path, tree in trees():
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for function in functions:
            nodes = list(ast.walk(function))
            calls = [node for node in nodes if isinstance(node, ast.Call) and node.args]
            texts = _texts_by_variable(nodes)
            for call in calls:
                if not REPORTING.search(ast.unparse(call.func)):
                    continue
                last = call.args[-1]
                given = texts.get(last.id, []) if isinstance(last, ast.Name) else [last]
                for text in given:
                    if isinstance(text, ast.JoinedStr | ast.Constant):
                        yield f"{path.name}:{text.lineno}", ast.unparse(text)


def _texts_by_variable(nodes: list[ast.AST]) -> dict[str, list[ast.expr]]:
    """What is assigned to each variable. One that is put into another text is no message by itself."""
    parts = {
        part.value.id
        for node in nodes
        if isinstance(node, ast.JoinedStr)
        for part in node.values
        if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name)
    }
    texts: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name not in parts:
                texts.setdefault(name, []).append(node.value)
    return texts


def test_whatever_is_reported_comes_with_what_to_write_instead():
    known = list(reports())
    assert len(known) > 30
    assert [place for place, text in known if "; " not in text] == []


@pytest.mark.parametrize("file", [COURSE, LESSON, ITEMS, SCENE, PICTURE, REFERENCES, GLOSSARY])
@pytest.mark.parametrize(
    "content",
    [
        b"key: \xe9\xff\n",
        b"# " + b"x" * 400_001,
        b"key: [\n",
        b"\x00\x01\x02",
        b"key: &a [*a, *a]\n",
        b"!!python/object/apply:os.system ['true']\n",
        b"key: {[[term]]: words}\n",
        b"",
    ],
    ids=[
        "not UTF-8",
        "too large",
        "cut off",
        "not text",
        "in circles",
        "a tag",
        "a list for a key",
        "empty",
    ],
)
def test_a_file_that_cannot_be_read_is_reported_and_stops_no_reading(root, file, content):
    (root / file).write_bytes(content)
    assert any(problem.path == file for problem in read(root).problems), all_reported(root)


@pytest.mark.parametrize("file", [COURSE, ITEMS, SCENE, REFERENCES, GLOSSARY])
def test_a_field_whose_name_is_a_list_is_reported_with_its_line(root, file):
    (root / file).write_bytes(b"key:\n  - one\n  - {[[term]]: words}\n")
    assert f"{file}:3: YAML: has a list or a mapping where a field's name belongs" in all_reported(
        root
    )


@pytest.mark.parametrize("file", [COURSE, LESSON, ITEMS, SCENE, PICTURE, REFERENCES, GLOSSARY])
def test_line_ends_and_marks_of_other_systems_are_no_fault(root, file):
    path = root / file
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert all_reported(root) == "nothing at all"


@pytest.mark.parametrize("name", ["lesson-no-right-option", "lesson-a-bare-rung"])
def test_lines_are_reported_rightly_in_files_with_other_line_ends(root, name):
    (fault,) = named(name)
    fault.make(root)
    path = root / LESSON
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert broken.is_reported(fault, reported(read(root))), all_reported(root)


def test_hidden_files_and_those_an_editor_keeps_are_nobodys_matter(root):
    for name in (
        ".DS_Store",
        "lessons/.01-first-things.md.swp",
        "items/first-things.yaml~",
        ".git/config",
    ):
        (root / "tiny" / name).parent.mkdir(exist_ok=True)
        (root / "tiny" / name).write_text("x")
    assert all_reported(root) == "nothing at all"


def test_two_faults_of_a_picture_are_both_reported(root):
    path = root / PICTURE
    path.write_text(
        path.read_text().replace("<svg ", '<svg onload="x()" ').replace(CIRCLE, "<script/>")
    )
    assert "onload" in all_reported(root)
    assert "<script>" in all_reported(root)


def test_two_faults_of_a_pose_are_two_problems(root):
    path = root / SCENE
    path.write_text(path.read_text().replace("pose: {}", "pose: {gase: left, mouth: grinning}"))
    problems = read(root).problems
    assert len([one for one in problems if "gase" in one.what]) == 1, all_reported(root)
    assert len([one for one in problems if "grinning" in one.what]) == 1, all_reported(root)
    assert len(problems) == 2


TOGETHER = named(
    "course-a-field-is-misspelt",
    "course-a-pass-mark-above-all",
    "lesson-a-field-is-misspelt",
    "lesson-two-right-in-a-single",
    "lesson-an-unknown-group",
    "lesson-no-points",
    "lesson-a-heading-too-large",
    "lesson-a-circle",
    "items-a-field-is-misspelt",
    "scene-an-age-too-high",
    "references-a-status",
    "glossary-no-meaning",
    "lesson-a-bare-rung",
)


def unreported(some: list[Fault], root: Path) -> list[str]:
    """Of several faults made at once, what is expected of each and not reported, wherever the lines have moved to."""
    said = [_unplaced(line) for line in reported(read(root))]
    wanted = [_unplaced(line) for fault in some for line in fault.expect[-1:]]
    return [line for line in wanted if not any(one.startswith(line) for one in said)]


def _unplaced(line: str) -> str:
    return re.sub(r":\d+: ", ": ", line, count=1)


@pytest.mark.parametrize(
    "pair", list(pairwise(TOGETHER)), ids=lambda pair: f"{pair[0].name}, {pair[1].name}"
)
def test_two_faults_at_once_are_both_reported(root, pair):
    for fault in pair:
        fault.make(root)
    assert unreported(list(pair), root) == [], all_reported(root)


def test_many_faults_of_many_files_are_all_reported_at_once(root):
    for fault in TOGETHER:
        fault.make(root)
    assert unreported(TOGETHER, root) == [], all_reported(root)


def test_problems_come_in_the_order_of_files_and_lines_and_each_once(root):
    for fault in named("course-a-field-is-missing", "scene-an-age-too-high", "lesson-no-points"):
        fault.make(root)
    problems = read(root).problems
    assert problems == sorted(set(problems))
    assert {one.path for one in problems} >= {COURSE, LESSON, SCENE}


def test_a_warning_says_that_it_is_one_and_stops_nothing(root):
    reading = read(root)
    assert reading.problems == []
    assert reading.courses
    assert all(str(warning).split(": ")[1] == "warning" for warning in reading.warnings)
