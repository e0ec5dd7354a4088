import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction

from courses.authoring.courses import read_courses
from courses.authoring.publishing import Published, digest, publish
from courses.learning.models import Enrolment
from courses.learning.queries import enrolment_progress_on
from courses.library import content
from courses.library.models import Course, Edition
from courses.library.queries import catalogue, content_of
from tests.conftest import SHIPPED, TINY, learn, person

T = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROOT = Path(__file__).parent.parent


@pytest.fixture
def tiny(tiny_content) -> content.Course:
    return tiny_content[0]


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the tiny course's files, to be changed."""
    return Path(shutil.copytree(TINY, tmp_path / "courses"))


def other(tiny: content.Course, key: str = "other", **fields: object) -> content.Course:
    return tiny.model_copy(update={"key": key, "title": key.title(), **fields})


def rows() -> list[dict[str, object]]:
    """Everything publishing could write."""
    return [*Course.objects.order_by("pk").values(), *Edition.objects.order_by("pk").values()]


def run(capsys, command: str, *arguments: object) -> tuple[int, str, str]:
    """The command's exit code and what it printed."""
    code = 0
    try:
        call_command(command, *map(str, arguments))
    except SystemExit as stop:
        code = stop.code
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_it_works(db, tiny):
    assert publish([tiny], T) == Published(new=("tiny",), unchanged=(), retired=())
    course = Course.objects.get()
    assert (course.key, course.retired_at, course.edition.number) == ("tiny", None, 1)
    assert (course.edition.published_at, course.edition.digest) == (T, digest(tiny))
    assert content_of(course.edition_id) == tiny


def test_publishing_the_same_again_writes_nothing(db, tiny):
    publish([tiny], T)
    before = rows()
    again = publish([tiny], T + timedelta(days=1))
    assert again == Published(new=(), unchanged=("tiny",), retired=())
    assert rows() == before


def test_a_change_makes_the_next_edition_and_leaves_the_old_one_as_it_was(db, tiny):
    publish([tiny], T)
    first = Edition.objects.values().get()
    changed = tiny.model_copy(update={"title": "Tiny things again"})
    assert publish([changed], T + timedelta(days=1)).new == ("tiny",)
    course = Course.objects.get()
    assert (course.edition.number, course.edition.published_at) == (2, T + timedelta(days=1))
    assert Edition.objects.values().get(number=1) == first
    assert content_of(first["id"]) == tiny
    assert content_of(course.edition_id) == changed
    assert [one.content.title for one in catalogue()] == ["Tiny things again"]


def test_going_back_to_an_earlier_text_is_another_edition(db, tiny):
    publish([tiny], T)
    publish([tiny.model_copy(update={"title": "Changed"})], T)
    publish([tiny], T)
    assert list(Edition.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    assert Course.objects.get().edition.number == 3


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("tiny/course.yaml", "pass_mark: 0.8", "pass_mark: 0.7"),
        ("tiny/course.yaml", "[first-things, last-things]", "[last-things, first-things]"),
        ("tiny/lessons/01-first-things.md", "CANARY-CHECK-WRONG It does not.", "It never does."),
        ("tiny/lessons/01-first-things.md", "version: 1", "version: 2"),
        ("tiny/items/last-things.yaml", "critical: true", "critical: false"),
        ("tiny/items/last-things.yaml", "Go there at once", "Go there now"),
        ("tiny/images/dot.svg", 'r="4"', 'r="3"'),
        ("references.yaml", "Small things grow.", "Small things grow slowly."),
        ("glossary.yaml", "Being small.", "Not being large."),
        ("tiny/scenes/first.yaml", "pose: {}", "pose: {gaze: left}"),
    ],
)
def test_whatever_a_learner_or_a_scorer_could_meet_makes_another_edition(
    db, folder, file, old, new
):
    made, _ = read_courses(folder)
    publish(made, T)
    path = folder / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    made, problems = read_courses(folder)
    assert problems == []
    assert publish(made, T).new == ("tiny",)


def test_another_course_beside_it_makes_no_new_edition(db, tiny):
    publish([tiny], T)
    moved = tiny.model_copy(update={"position": 1})
    done = publish([other(tiny, "about-others", position=0), moved], T)
    assert done == Published(new=("about-others",), unchanged=("tiny",), retired=())
    assert [one.content.key for one in catalogue()] == ["about-others", "tiny"]


def test_a_field_that_a_release_adds_publishes_no_course_anew(tiny):
    class NextRelease(type(tiny)):
        added: str = ""

    read_later = NextRelease.model_validate(tiny.model_dump())
    assert digest(read_later) == digest(tiny)
    assert digest(read_later.model_copy(update={"added": "said"})) != digest(tiny)


def test_reading_the_same_files_again_gives_the_same_digest(tiny):
    made, _ = read_courses(TINY)
    assert digest(made[0]) == digest(tiny)


def test_the_digest_does_not_hang_on_the_run_of_a_process(tiny):
    script = (
        "import hashlib, sys; from pathlib import Path;"
        "from courses.authoring.courses import read_courses;"
        "made, _ = read_courses(Path(sys.argv[1]));"
        "print(hashlib.sha256(made[0].model_dump_json().encode()).hexdigest())"
    )
    reported = set()
    for seed in ("1", "2"):
        command = [sys.executable, "-c", script, str(SHIPPED)]
        reported.add(
            subprocess.check_output(
                command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, text=True
            )
        )
    assert len(reported) == 1


def test_a_course_missing_from_the_files_is_retired_and_nothing_of_it_is_lost(db, tiny):
    publish([tiny, other(tiny)], T)
    learner = person("Ben")
    enrolment = learn(learner, Course.objects.get(key="tiny"), lessons=1)
    later = T + timedelta(days=1)
    assert publish([other(tiny)], later) == Published(
        new=(), unchanged=("other",), retired=("tiny",)
    )
    retired = Course.objects.get(key="tiny")
    assert (retired.retired_at, retired.edition_id) == (later, enrolment.edition_id)
    assert enrolment.lessons.count() == 1
    assert [one.content.key for one in catalogue()] == ["other"]


def test_a_retired_course_keeps_its_moment_and_comes_back_without_a_new_edition(db, tiny):
    publish([tiny, other(tiny)], T)
    publish([other(tiny)], T)
    assert publish([other(tiny)], T + timedelta(days=1)).retired == ()
    assert Course.objects.get(key="tiny").retired_at == T
    assert publish([tiny, other(tiny)], T).unchanged == ("tiny", "other")
    assert Course.objects.get(key="tiny").retired_at is None
    assert Edition.objects.filter(course__key="tiny").count() == 1


def test_an_edition_is_never_saved_again(db, tiny):
    publish([tiny], T)
    edition = Edition.objects.get()
    edition.digest = "0" * 64
    with pytest.raises(TypeError, match="an edition never changes"):
        edition.save()
    with pytest.raises(TypeError, match="an edition never changes"):
        edition.save(update_fields=["published_at"])
    assert Edition.objects.get().digest == digest(tiny)


def test_two_editions_of_a_course_have_two_numbers(db, tiny):
    publish([tiny], T)
    fields = {"digest": "0" * 64, "content": {}, "published_at": T}
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(course=Course.objects.get(), number=1, **fields)


def test_an_error_in_one_course_publishes_none(db, tiny):
    publish([tiny], T)
    before = rows()
    changed = tiny.model_copy(update={"title": "Changed"})
    with pytest.raises(IntegrityError), transaction.atomic():
        publish([changed, other(tiny), other(tiny, "broken", position=-1)], T)
    assert rows() == before


def test_publish_courses_says_what_it_did_and_then_zeros(db, folder, capsys):
    assert run(capsys, "publish_courses", folder) == (
        0,
        "published tiny\n1 new editions, 0 unchanged, 0 retired\n",
        "",
    )
    assert run(capsys, "publish_courses", folder) == (
        0,
        "0 new editions, 1 unchanged, 0 retired\n",
        "",
    )
    shutil.copytree(folder / "tiny", folder / "little")
    (folder / "tiny").rename(folder.parent / "away")
    front = folder / "little" / "course.yaml"
    front.write_text(front.read_text().replace("key: tiny", "key: little"))
    code, printed, _ = run(capsys, "publish_courses", folder)
    assert (code, printed) == (
        0,
        "published little\nretired tiny\n1 new editions, 0 unchanged, 1 retired\n",
    )


def test_unchanged_files_are_read_again_and_nothing_is_written(db, folder, capsys):
    run(capsys, "publish_courses", folder)
    before = rows()
    assert run(capsys, "publish_courses", folder)[:2] == (
        0,
        "0 new editions, 1 unchanged, 0 retired\n",
    )
    assert rows() == before
    (folder / "tiny" / "notes.txt").write_text("anything")
    code, printed, _ = run(capsys, "publish_courses", folder)
    assert code == 1
    assert "tiny/notes.txt:1: notes.txt: is not read by anything" in printed


def test_a_course_is_stored_by_the_last_release_too(db):
    """Which names a column that this one no longer knows; take this test out with the column."""
    table = Course._meta.db_table
    Course.objects.create(key="ours")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, position, read_from) VALUES (%s, %s, %s)",
            ["theirs", 1, "0" * 64],
        )
        cursor.execute(f"SELECT key, read_from FROM {table} ORDER BY position")
        assert cursor.fetchall() == [("ours", ""), ("theirs", "0" * 64)]
    assert Course.objects.get(key="theirs").edition is None


def test_what_was_published_otherwise_is_read_again(db, folder, capsys, tiny):
    """As after a backup was brought back, or where another release published meanwhile."""
    run(capsys, "publish_courses", folder)
    publish([tiny.model_copy(update={"title": "Another title"})], T)
    assert run(capsys, "publish_courses", folder)[1].startswith("published tiny\n")
    assert catalogue()[0].content.title == tiny.title


def test_what_overtook_a_run_is_published_over_by_the_next(db, folder, capsys, tiny, monkeypatch):
    """Another release publishes while this one still moves its learners."""
    overtaking = [tiny.model_copy(update={"title": "Another title"}), other(tiny)]
    path = "courses.management.commands.publish_courses.move_to_newest"
    monkeypatch.setattr(path, lambda _: publish(overtaking, T) and 0)
    run(capsys, "publish_courses", folder)
    monkeypatch.undo()
    assert (
        run(capsys, "publish_courses", folder)[1]
        == "published tiny\nretired other\n1 new editions, 0 unchanged, 1 retired\n"
    )


def raise_version(folder: Path) -> None:
    """A material change of the first lesson."""
    path = folder / "tiny" / "lessons" / "01-first-things.md"
    path.write_text(
        path.read_text()
        .replace("version: 1", "version: 2")
        .replace("Small things grow", "Things grow")
    )


def test_learners_who_have_not_completed_are_moved_by_a_material_change_alone(db, folder, capsys):
    run(capsys, "publish_courses", folder)
    course = Course.objects.get()
    begun, finished = learn(person("Ben"), course, lessons=1), learn(person("Ana"), course)
    Enrolment.objects.filter(pk=finished.pk).update(completed_at=T)
    path = folder / "tiny" / "course.yaml"
    path.write_text(path.read_text().replace("title: Tiny things", "title: Tiny things again"))
    _, printed, _ = run(capsys, "publish_courses", folder)
    assert "moved" not in printed
    assert set(Enrolment.objects.values_list("edition__number", flat=True)) == {1}
    raise_version(folder)
    code, printed, _ = run(capsys, "publish_courses", folder)
    assert (code, "1 learners moved" in printed) == (0, True)
    assert Enrolment.objects.get(pk=begun.pk).edition.number == 3
    assert Enrolment.objects.get(pk=finished.pk).edition.number == 1
    enrolment_progress = enrolment_progress_on(begun.user, "tiny")
    assert [one.is_outdated for one in enrolment_progress.progress.lessons] == [True, False]
    assert begun.lessons.get().completed_at, "that it was finished stays on record"
    _, printed, _ = run(capsys, "publish_courses", folder)
    assert printed == "0 new editions, 1 unchanged, 0 retired\n"


def test_whom_a_broken_off_run_left_behind_the_next_one_moves(db, folder, capsys):
    run(capsys, "publish_courses", folder)
    begun = learn(person("Ben"), Course.objects.get(), lessons=1)
    raise_version(folder)
    publish(read_courses(folder)[0], T)
    run(capsys, "publish_courses", folder)
    assert Enrolment.objects.get(pk=begun.pk).edition.number == 2


def test_publish_courses_publishes_those_shipped(db, capsys):
    code, printed, _ = run(capsys, "publish_courses")
    assert code == 0
    assert "published first-1001-days" in printed
    assert Course.objects.published().count() == len(list(SHIPPED.glob("*/course.yaml")))


def test_nothing_is_published_when_there_is_any_problem(db, folder, capsys):
    shutil.copytree(folder / "tiny", folder / "broken")
    path = folder / "broken" / "course.yaml"
    path.write_text(
        path.read_text().replace("key: tiny", "key: broken").replace("draw: 3", "draw: 0")
    )
    code, printed, error = run(capsys, "publish_courses", folder)
    assert code == 1
    assert printed.startswith("broken/course.yaml:")
    assert error == "1 problems; nothing is published\n"
    assert rows() == []


@pytest.mark.parametrize("emptied", ["", "\n\n", "# nothing but a comment\n"])
def test_a_course_file_that_became_empty_retires_nobodys_course(db, folder, capsys, emptied):
    shutil.copytree(folder / "tiny", folder / "second")
    path = folder / "second" / "course.yaml"
    path.write_text(path.read_text().replace("key: tiny", "key: second"))
    assert run(capsys, "publish_courses", folder)[0] == 0
    path.write_text(emptied)
    code, printed, _ = run(capsys, "publish_courses", folder)
    assert Course.objects.published().count() == 2
    assert code == 1
    assert printed.startswith("second/course.yaml:1: ")


def test_check_courses_lists_problems_exits_one_and_writes_nothing(db, folder, capsys):
    code, printed, error = run(capsys, "check_courses", folder)
    *warnings, last = printed.splitlines()
    assert (code, error, last) == (0, "", f"1 courses, no problems, {len(warnings)} warnings")
    assert all(": warning: " in warning for warning in warnings)
    path = folder / "tiny" / "course.yaml"
    path.write_text(path.read_text().replace("title: Tiny things", "titel: Tiny things"))
    code, printed, error = run(capsys, "check_courses", folder)
    assert code == 1
    assert "tiny/course.yaml:2: course titel: is not a known field; write 'title'" in printed
    assert "course title: is missing; write it" in printed
    assert error == "2 problems; nothing is published\n"
    assert rows() == []


def test_check_courses_finds_no_problem_in_those_shipped_and_a_shell_sees_its_exit_code(folder):
    command = [sys.executable, "manage.py", "check_courses"]
    good = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (good.returncode, good.stderr) == (0, "")
    assert "courses, no problems" in good.stdout.splitlines()[-1]
    (folder / "tiny" / "images" / "dot.svg").unlink()
    bad = subprocess.run(
        [*command, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert bad.returncode == 1
    assert "dot.svg" in bad.stdout
    assert "nothing is published" in bad.stderr


@pytest.mark.parametrize("command", ["check_courses", "publish_courses"])
def test_a_folder_without_a_course_is_a_problem(db, tmp_path, capsys, tiny, command):
    publish([tiny], T)
    for where in (tmp_path, tmp_path / "nowhere"):
        code, printed, _ = run(capsys, command, where)
        assert code == 1
        assert "has no course; make a folder with a course.yaml" in printed
    assert Course.objects.published().count() == 1, "nothing is retired"


def publish_at_once(*made: content.Course) -> list[object]:
    """Publishes each of these at the same moment, each in a thread; what each did, or the error it raised."""
    start = Barrier(len(made))

    def action(course: content.Course) -> object:
        try:
            connection.ensure_connection()
            start.wait()
            return publish([course], T)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(made)) as pool:
        return list(pool.map(action, made))


@pytest.mark.django_db(transaction=True)
def test_several_who_publish_the_same_at_once_make_one_edition(tiny):
    changed = tiny.model_copy(update={"title": "Changed"})
    for number, course in ((1, tiny), (2, changed)):
        done = publish_at_once(*[course] * 6)
        assert sorted(one.new for one in done) == [()] * 5 + [("tiny",)], done
        assert Course.objects.get().edition.number == Edition.objects.count() == number


@pytest.mark.django_db(transaction=True)
def test_several_who_publish_changes_at_once_make_an_edition_each_and_the_last_is_shown(tiny):
    publish([tiny], T)
    done = publish_at_once(*[tiny.model_copy(update={"title": f"Change {n}"}) for n in range(6)])
    assert {one.new for one in done} == {("tiny",)}, done
    assert list(Edition.objects.order_by("number").values_list("number", flat=True)) == [
        1,
        2,
        3,
        4,
        5,
        6,
        7,
    ]
    assert Course.objects.get().edition.number == 7
