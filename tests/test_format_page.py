"""FORMAT.md is what authors read: its examples, put together, are a course, and nothing they may write is missing."""

import re
import shutil
from pathlib import Path
from typing import get_args

import pytest
import yaml
from pydantic import BaseModel

from courses.assessment.items import KINDS, kinds_by_block
from courses.authoring import schema
from courses.authoring.courses import read_courses
from courses.authoring.reading.diagnostics import Problem
from courses.library import content
from tests.conftest import SHIPPED, TINY

PAGE = (SHIPPED / "FORMAT.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^```(?:yaml|markdown) (\w+)\n(.*?)^```$", PAGE, re.M | re.S)
EXAMPLES = dict(FENCES)
SOURCE = re.compile(r"\b[A-H]\d{1,2}(?:\.\d{1,2})?\b")
MODELS = [
    model
    for model in vars(schema).values()
    if isinstance(model, type)
    and issubclass(model, schema.Authored)
    and model is not schema.Authored
]
MODELS += [kind.block_fields for kind in KINDS.values()]


class Writer(yaml.SafeDumper):
    """The same list twice is written out twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def dump(data: object, path: Path) -> None:
    path.write_text(yaml.dump(data, Dumper=Writer, allow_unicode=True), encoding="utf-8")


def assemble(root: Path) -> Path:
    """The examples as files of one course; what they name and only other files would have is added."""
    course = yaml.safe_load(EXAMPLES["course"])
    folder = root / course["key"]
    for name in ("lessons", "items", "scenes", "images"):
        (folder / name).mkdir(parents=True)
    lesson = EXAMPLES["lesson"]
    (folder / "lessons" / f"01-{course['lessons'][0]}.md").write_text(lesson, encoding="utf-8")
    write_blocks(folder, course)
    (folder / "scenes" / f"{yaml.safe_load(EXAMPLES['scene'])['key']}.yaml").write_text(
        EXAMPLES["scene"], encoding="utf-8"
    )
    moving = re.sub(
        r"(?m)^pose:.*\n",
        EXAMPLES["moving"],
        EXAMPLES["scene"].replace("looking-away", "looking-back", 1),
    )
    moving = re.sub(r"(?m)^focus:.*\n", EXAMPLES["focus"], moving)
    (folder / "scenes" / "looking-back.yaml").write_text(moving, encoding="utf-8")
    (folder / "items" / f"{course['lessons'][0]}.yaml").write_text(
        EXAMPLES["items"], encoding="utf-8"
    )
    fill_pool(folder / "items" / f"{course['lessons'][0]}.yaml", 2 * course["quizzes"][0]["draw"])
    for picture in set(
        re.findall(r"[a-z0-9-]+\.svg", EXAMPLES["course"] + lesson + EXAMPLES["blocks"])
    ):
        shutil.copy(TINY / "tiny" / "images" / "dot.svg", folder / "images" / picture)
    (folder / "handout.yaml").write_text(EXAMPLES["handout"], encoding="utf-8")
    (root / "glossary.yaml").write_text(EXAMPLES["glossary"], encoding="utf-8")
    (root / "references.yaml").write_text(EXAMPLES["references"], encoding="utf-8")
    complete_references(root / "references.yaml")
    return root


def write_blocks(folder: Path, course: dict) -> None:
    """Every block, in two lessons of their own: in one they would take longer than a lesson may."""
    blocks = [
        f"::: {block}" for block in re.split(r"(?m)^::: ", EXAMPLES["blocks"]) if block.strip()
    ]
    half = len(blocks) // 2
    keys = ["first-blocks", "last-blocks"]
    dump({**course, "lessons": [*course["lessons"], *keys]}, folder / "course.yaml")
    front = EXAMPLES["lesson"].split("\n---\n")[0]
    for number, (key, mine) in enumerate(zip(keys, (blocks[:half], blocks[half:]), strict=True), 2):
        mine_front = front.replace("key: a-special-time", f"key: {key}").replace(
            "read_first: 1", f"read_first: {number}"
        )
        mine_front = mine_front.replace("states-what-1001-days-covers", f"knows-{key}")
        text = f"{mine_front}\n---\n\n## Blocks {{#blocks}}\n\n{''.join(mine)}"
        (folder / "lessons" / f"0{number}-{key}.md").write_text(text, encoding="utf-8")
        item = {
            **yaml.safe_load(EXAMPLES["items"])["items"][0],
            "key": f"item-{key}",
            "outcome": f"knows-{key}",
        }
        dump(
            {"lesson": key, "items": [{**item, "parallel": key}]}, folder / "items" / f"{key}.yaml"
        )


def blocks_of(course: content.Course) -> list[content.Block]:
    return [block for lesson in course.lessons for step in lesson.steps for block in step.blocks]


def fill_pool(path: Path, size: int) -> None:
    """Adds the items of other kinds, and more sorts (which nobody guesses by length) until the pool is large enough."""
    shown = yaml.safe_load(path.read_text(encoding="utf-8"))
    shown["items"] += yaml.safe_load(EXAMPLES["kinds"])["items"]
    sort = next(item for item in shown["items"] if item["kind"] == "sort")
    more = [
        {**sort, "key": f"one-more-{n}", "parallel": f"group-{n}"}
        for n in range(size - len(shown["items"]))
    ]
    dump({**shown, "items": [*shown["items"], *more]}, path)


def complete_references(path: Path) -> None:
    """Adds a line for each source and publication that only other examples name."""
    book = yaml.safe_load(path.read_text(encoding="utf-8"))
    named = set(SOURCE.findall("".join(EXAMPLES.values())))
    for key in sorted(named - set(book["sources"])):
        book["sources"][key] = {"publications": ["knickmeyer-2008"], "says": "What it says."}
    for source in book["sources"].values():
        for name in source["publications"]:
            book["publications"].setdefault(
                name, {"cite": "Somebody (2020) Something.", "status": "known"}
            )
    dump(book, path)


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> tuple[list[content.Course], list[Problem]]:
    return read_courses(assemble(tmp_path_factory.mktemp("format")))


def test_it_works(read):
    courses, problems = read
    assert [str(problem) for problem in problems] == []
    assert [course.key for course in courses] == ["first-1001-days"]


def test_every_example_is_there_once():
    assert sorted(name for name, _ in FENCES) == sorted(
        [
            "course",
            "category",
            "lesson",
            "blocks",
            "items",
            "kinds",
            "scene",
            "moving",
            "focus",
            "handout",
            "references",
            "glossary",
        ]
    )


def test_what_the_examples_say_arrives_in_the_course(read):
    course = read[0][0]
    lesson = course.lessons[0]
    assert [step.key for step in lesson.steps] == ["monday", "what-grows"]
    assert (lesson.key, lesson.minutes, lesson.outcomes[0].key) == (
        "a-special-time",
        1,
        "states-what-1001-days-covers",
    )
    assert (course.quizzes[0].draw, course.quizzes[0].pass_mark) == (6, 0.8)
    assert course.items[0].key == "what-1001-days-covers-leaflet"
    assert [scene.key for scene in course.scenes] == ["looking-away", "looking-back"]
    assert [(moment.at, moment.over) for moment in course.scenes[1].timeline] == [
        (0, 0.9),
        (4, 1.4),
        (8, 0.9),
    ]
    assert course.scenes[1].timeline[2].pose["carer"] == {
        "shows": "face",
        "look": "smile",
        "near": 0,
    }
    assert (course.scenes[1].seconds, course.scenes[0].seconds) == (11, 0)
    assert [section.look for section in course.handout.sections] == [
        "table",
        "list",
        "blanks",
        "ladder",
    ]
    assert "co-regulation" in course.glossary
    assert course.publications["knickmeyer-2008"].doi == "10.1523/JNEUROSCI.3479-08.2008"


def test_every_kind_of_block_is_shown(read):
    kinds = {block.kind for block in blocks_of(read[0][0])}
    assert kinds | {"text"} == content.TEXT_BLOCKS | content.ACTIVITIES | set(kinds_by_block())


def test_every_kind_of_item_is_shown(read):
    named = {"single", "multiple", "match", "order"}  # of these the blocks show the fields
    assert {item.kind for item in read[0][0].items} | named == set(KINDS)


def test_every_optional_thing_is_shown(read):
    course = read[0][0]
    blocks = {block.kind: block for block in blocks_of(course)}
    assert {option.correct for option in blocks["check"].item.options} == {True, False}
    assert blocks["figure"].title
    assert blocks["rewrite"].start
    assert blocks["rewrite"].model
    assert sum(bool(moment.ending) for moment in blocks["branch"].moments) >= 3
    shown = yaml.safe_load(EXAMPLES["references"])["sources"]
    assert shown["A21"]["reported"] is True
    assert shown["A21"]["check_by"]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_an_author_may_write_is_named(model: type[BaseModel]):
    missing = [name for name in model.model_fields if not re.search(rf"(?<![\w-]){name}:", PAGE)]
    assert not missing, f"FORMAT.md does not show {', '.join(missing)} of {model.__name__}"


def literals(model: type[BaseModel]) -> set[str]:
    return {
        value
        for field in model.model_fields.values()
        for value in get_args(field.annotation)
        if isinstance(value, str)
    }


@pytest.mark.parametrize(
    "model", [model for model in MODELS if literals(model)], ids=lambda model: model.__name__
)
def test_every_word_a_field_takes_is_named(model: type[BaseModel]):
    missing = [word for word in sorted(literals(model)) if not re.search(rf"\b{word}\b", PAGE)]
    assert not missing, (
        f"FORMAT.md does not say that {', '.join(missing)} may stand in {model.__name__}"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_how_an_answer_is_scored_is_said_in_the_words_learners_read(kind):
    rules = " ".join(PAGE.split("## How an answer is scored")[1].split("\n## ")[0].split())
    assert f'"{KINDS[kind].rule}"' in rules
    assert f"`{kind}`" in rules


def test_the_files_it_names_are_where_it_says():
    for path in ("first-1001-days/course.yaml", "references.yaml", "glossary.yaml"):
        assert (SHIPPED / path).is_file()
    for folder in ("lessons", "items", "scenes", "images"):
        assert list((SHIPPED / "first-1001-days" / folder).iterdir())


def test_a_change_that_spoils_an_example_is_found(tmp_path):
    root = assemble(tmp_path)
    path = root / "first-1001-days" / "course.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("pass_mark:", "passmark:"), encoding="utf-8"
    )
    problems = read_courses(root)[1]
    assert any("write 'pass_mark'" in problem.what for problem in problems)
