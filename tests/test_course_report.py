"""`manage.py course_report`: what each course holds, counted, with and without a database."""

import io
import json
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from courses.authoring.checks.readability import grade_of, prose_of
from courses.authoring.course_report import UNKNOWN, report
from courses.authoring.courses import read_courses
from courses.library import content
from courses.library.content import in_sheet_order
from courses.library.models import Course
from courses.library.queries import content_of
from courses.signoffs.actions import Signature, sign_off
from courses.signoffs.material import materials_of
from courses.signoffs.models import SignOff
from tests.conftest import SHIPPED, TINY, Cast

ROOT = Path(__file__).parent.parent


def told(*arguments: object) -> str:
    out = io.StringIO()
    call_command("course_report", *map(str, arguments), stdout=out)
    return out.getvalue()


def as_data(*arguments: object) -> dict:
    return json.loads(told(*arguments, "--json"))


def without_database(tmp_path: Path, *arguments: object, **environment: str) -> dict:
    """The same from a process of its own, on a machine where nothing was ever migrated."""
    command = [sys.executable, "manage.py", "course_report", *map(str, arguments), "--json"]
    own = {**os.environ, "VAR_DIR": str(tmp_path), "DEMO": "", **environment}
    own.pop("PYTEST_CURRENT_TEST", None)
    return json.loads(
        subprocess.run(
            command, cwd=ROOT, env=own, capture_output=True, check=True, timeout=120
        ).stdout
    )


def sign(cast: Cast, course: Course, said: SignOff.Decision = SignOff.Decision.SIGNED) -> None:
    """The first lesson of the tiny course."""
    first = materials_of(content_of(course.edition_id))[0]
    words = Signature(said, "Rhea", "Health visitor", "NMC", note="As read")
    sign_off(cast.rhea, course.edition_id, first, first.digest, words, uuid.uuid4(), timezone.now())


def test_it_works(db, tiny_content):
    tiny = tiny_content[0]
    first, last = as_data(TINY)["courses"][0]["lessons"]
    assert first == {
        "key": "first-things",
        "minutes": 8,
        "steps": 3,
        "activities": {
            "check": 2,
            "checklist": 1,
            "match": 1,
            "reflect": 1,
            "rewrite": 1,
            "sort": 1,
        },
        "items": {"multiple": 2, "single": 2},
        "critical": 0,
        "outcomes": {
            "names-a-thing": ["grows-a", "grows-b"],
            "sorts-things": ["small-a", "small-b"],
        },
        "sources": ["A1", "B1"],
        "reading_grade": round(grade_of(prose_of(tiny.lessons[0])), 1),
        "signed_off": False,
        "contacts": [],
        "path_words": 112,
    }
    assert (last["items"], last["critical"], last["outcomes"]) == (
        {"case": 1, "match": 1, "order": 1, "single": 2, "sort": 1, "spot": 1},
        2,
        {"ends-well": ["danger-a", "danger-b", "sort-a", "match-a", "order-a", "spot-a", "case-a"]},
    )


def test_sources_are_those_of_the_lesson_and_of_its_items(tiny_content):
    first = tiny_content[0].lessons[0].model_copy(update={"sources": ("B7",)})
    course = tiny_content[0].model_copy(update={"lessons": (first,)})
    assert report([course], lambda course, lesson: UNKNOWN).courses[0].lessons[0].sources == [
        "A1",
        "B1",
        "B7",
    ]


def test_the_whole_is_as_machines_expect_it(db):
    found = as_data(TINY)
    assert list(found) == ["courses", "scenes"]
    assert [list(course) for course in found["courses"]] == [
        ["key", "lessons", "quizzes", "guessing"]
    ]
    assert found["courses"][0]["quizzes"] == [
        {"key": "final", "kind": "final", "pool": 6, "draw": 3},
        {"key": "kinds", "kind": "pretest", "pool": 5, "draw": 2},
    ]
    counted = {"asked": 6, "longest": 1, "shortest": 1, "places": [6, 0, 0, 0]}
    assert found["courses"][0]["guessing"]["items"] == counted
    assert sum(sum(counts.values()) for counts in found["scenes"].values()) == 1
    assert all(list(counts) == ["still", "moving"] for counts in found["scenes"].values())


def test_the_table_says_the_same_to_people(db):
    table = told(TINY)
    for words in (
        "tiny: 2 lessons, 14 minutes, 11 items",
        "check 2, checklist 1, match 1, reflect 1, rewrite 1, sort 1",
        "case 1, match 1, order 1, single 2, sort 1, spot 1; 2 critical",
        "ends-well: danger-a, danger-b, sort-a",
        "A1 B1",
        "not signed off",
    ):
        assert words in table
    assert max(map(len, told().splitlines())) <= 110


def test_a_lesson_is_signed_off_as_its_file_stands(cast, course, tmp_path):
    sign(cast, course)
    assert [one["signed_off"] for one in as_data(TINY)["courses"][0]["lessons"]] == [True, False]
    assert "signed off" in told(TINY)
    changed = tmp_path / "courses"
    shutil.copytree(TINY, changed)
    lesson = changed / "tiny" / "lessons" / "01-first-things.md"
    lesson.write_text(lesson.read_text().replace("Which grows?", "Which of these grows?"))
    assert [one["signed_off"] for one in as_data(changed)["courses"][0]["lessons"]] == [
        False,
        False,
    ]


def test_one_who_asks_for_changes_has_not_signed(cast, course):
    sign(cast, course, SignOff.Decision.CHANGES)
    assert [one["signed_off"] for one in as_data(TINY)["courses"][0]["lessons"]] == [False, False]


@pytest.mark.parametrize(
    "url", ["", "postgres://nobody:x@127.0.0.1:9/nothing"], ids=["new", "unreachable"]
)
def test_without_a_database_only_the_sign_off_is_unknown(db, tmp_path, url):
    known, found = as_data(TINY), without_database(tmp_path, TINY, DATABASE_URL=url)
    for course in found["courses"]:
        assert {lesson.pop("signed_off") for lesson in course["lessons"]} == {UNKNOWN}
    for course in known["courses"]:
        assert {lesson.pop("signed_off") for lesson in course["lessons"]} == {False}
    assert found == known


def test_scenes_are_counted_by_family_still_and_moving(tiny_content):
    scene = tiny_content[0].scenes[0]
    still = [
        scene.model_copy(update={"key": "a", "family": "state", "timeline": ()}) for _ in range(2)
    ]
    moving = scene.model_copy(update={"key": "b", "family": "state", "timeline": (1,)})
    none = scene.model_copy(update={"key": "c", "family": "", "timeline": ()})
    course = tiny_content[0].model_copy(update={"scenes": (*still, moving, none)})
    counted = report([course], lambda course, lesson: UNKNOWN).scenes
    assert counted == {"state": {"still": 2, "moving": 1}, UNKNOWN: {"still": 1, "moving": 0}}


def test_ids_stand_as_in_the_fact_sheet():
    assert in_sheet_order({"C2.10", "A12", "C2.4", "H1", "A9", "D6a", "D6", "C2"}) == [
        "A9", "A12", "C2", "C2.4", "C2.10", "D6", "D6a", "H1",
    ]  # fmt: skip


def test_what_is_shipped_is_counted_whole(db):
    shipped, problems = read_courses(SHIPPED)
    assert problems == []
    for course, counted in zip(shipped, as_data()["courses"], strict=True):
        assert course.key == counted["key"]
        assert len(course.items) == sum(
            sum(lesson["items"].values()) for lesson in counted["lessons"]
        )
        tests = [
            key
            for lesson in counted["lessons"]
            for keys in lesson["outcomes"].values()
            for key in keys
        ]
        assert sorted(tests) == sorted(item.key for item in course.items)
        assert {source for lesson in counted["lessons"] for source in lesson["sources"]} <= set(
            course.sources
        )
        assert [quiz["pool"] for quiz in counted["quizzes"]] == [
            pool_of(course, quiz.key) for quiz in course.quizzes
        ]


def pool_of(course: content.Course, quiz: str) -> int:
    return sum(quiz in item.use for item in course.items)


def test_it_writes_nothing(cast, course):
    before = SignOff.objects.count(), Course.objects.get().edition_id
    told(TINY)
    assert (SignOff.objects.count(), Course.objects.get().edition_id) == before
