"""The shipped courses, changed by chance: reading never breaks, tells a problem or yields whole courses, and publishing
them does all or nothing."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.authoring.courses import Reading, read_folder
from courses.authoring.publishing import digest
from courses.library.models import Course, Edition
from tests.conftest import SHIPPED, TINY
from tests.examples import examples

FOLDERS = sorted(path.parent.name for path in SHIPPED.glob("*/course.yaml"))
BESIDE = ["references.yaml", "glossary.yaml"]
ODD = [
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\t",
    b"---\n",
    b":::",
    b"<b>",
    b"[@",
    b"[[",
    b'"',
    b"'",
    b": ",
    b"- ",
    b"&a ",
    b"{",
]
ODD += ["\u2028".encode(), "\u202e".encode(), "𝒳".encode(), b"\r", b"9" * 40, b"[" * 300]

Change = Callable[[bytes, int, int], bytes]
"""What the bytes of a file become; the place is counted in lines or bytes, and how many of them are meant is given too."""


def by_lines(change: Callable[[list[bytes], list[bytes], list[bytes]], list[bytes]]) -> Change:
    def made(data: bytes, place: int, count: int) -> bytes:
        lines = data.split(b"\n")
        place %= len(lines)
        return b"\n".join(
            change(lines[:place], lines[place : place + count], lines[place + count :])
        )

    return made


def odd(data: bytes, place: int, count: int) -> bytes:
    """Something strange at a place."""
    at = place % (len(data) + 1)
    return data[:at] + ODD[count % len(ODD)] + data[at:]


def flipped(data: bytes, place: int, count: int) -> bytes:
    """A byte of it changed."""
    at = place % max(len(data), 1)
    return data[:at] + bytes([(data[at] + count) % 256]) + data[at + 1 :] if data else data


CHANGES: dict[str, Change] = {
    "drop": by_lines(lambda before, some, after: before + after),
    "double": by_lines(lambda before, some, after: before + some + some + after),
    "swap": by_lines(lambda before, some, after: before + some[::-1] + after),
    "indent": by_lines(
        lambda before, some, after: before + [b"  " + line for line in some] + after
    ),
    "empty": by_lines(lambda before, some, after: before + [b""] * len(some) + after),
    "move": by_lines(lambda before, some, after: some + before + after),
    "truncate": lambda data, place, count: data[: place % (len(data) + 1)],
    "odd": odd,
    "flip": flipped,
}


def files_of(folder: str) -> list[str]:
    """The files one course is read from, those it shares with the others among them."""
    own = sorted(
        path for path in (SHIPPED / folder).rglob("*") if path.suffix in {".md", ".yaml", ".svg"}
    )
    return [*BESIDE, *(path.relative_to(SHIPPED).as_posix() for path in own)]


@st.composite
def mutations(draw) -> tuple[str, list[tuple[str, str, int, int]], tuple[str, str] | None]:
    """A course; up to three changes: the file, what is done, where, to how much; and perhaps two files that change places."""
    folder = draw(st.sampled_from(FOLDERS))
    file = st.sampled_from(files_of(folder))
    change = st.tuples(
        file, st.sampled_from(sorted(CHANGES)), st.integers(0, 60_000), st.integers(1, 30)
    )
    swapped = st.none() | st.none() | st.tuples(file, file)
    return folder, draw(st.lists(change, min_size=1, max_size=3)), draw(swapped)


@contextmanager
def mutated(mutation) -> Iterator[tuple[Path, str]]:
    """A copy of one course and what stands beside it, with the changes made."""
    folder, changes, swapped = mutation
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        for file in files_of(folder):
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SHIPPED / file, root / file)
        for file, how, place, count in changes:
            path = root / file
            path.write_bytes(CHANGES[how](path.read_bytes(), place, count))
        if swapped:
            one, other = (root / file for file in swapped)
            first, second = one.read_bytes(), other.read_bytes()
            one.write_bytes(second)
            other.write_bytes(first)
        yield root, folder


def read(root: Path) -> Reading:
    return read_folder(root)


def check(reading: Reading, root: Path, folder: str) -> None:
    """Problems in order, each in a file that is or should be there; without any, the whole course and nothing less."""
    assert reading.problems == sorted(set(reading.problems))
    for problem in [*reading.problems, *reading.warnings]:
        assert problem.line >= 1
        assert "\n" not in str(problem)
        path = root / problem.path
        assert (
            not path.is_file() or problem.line <= path.read_text(errors="replace").count("\n") + 1
        ), problem
    if not reading.problems:
        assert [course.key for course in reading.courses] == [folder], (
            "the course went away in silence"
        )
        course = reading.courses[0]
        assert len(course.lessons) == len(list((root / folder / "lessons").glob("*.md")))
        assert len(course.scenes) == len(list((root / folder / "scenes").glob("*.yaml")))
        assert digest(type(course).model_validate(course.model_dump(mode="json"))) == digest(course)


@settings(max_examples=examples(6, 60), deadline=None, suppress_health_check=list(HealthCheck))
@given(mutations())
def test_no_change_breaks_the_reading_and_no_course_goes_away_in_silence(mutation):
    with mutated(mutation) as (root, folder):
        check(read(root), root, folder)


def rows() -> list[dict[str, object]]:
    """Everything publishing could write, but the bulk of it."""
    return [
        *Course.objects.order_by("pk").values(),
        *Edition.objects.order_by("pk").values("pk", "number", "digest"),
    ]


class Undone(Exception):
    """Takes back what one example did."""


def publish(root: Path) -> bool:
    """Whether `publish_courses` published; what it prints is nobody's matter here."""
    try:
        call_command("publish_courses", str(root), stdout=StringIO(), stderr=StringIO())
    except SystemExit:
        return False
    return True


def add_tiny(root: Path) -> None:
    """A second course, which is right by itself; its only term is in no shipped glossary."""
    shutil.copytree(TINY / "tiny", root / "tiny")
    first = root / "tiny" / "lessons" / "01-first-things.md"
    first.write_text(
        first.read_text(encoding="utf-8").replace(" That is [[smallness]].", ""), encoding="utf-8"
    )


@pytest.mark.django_db
def test_it_works():
    with mutated((FOLDERS[0], [], None)) as (root, folder):
        add_tiny(root)
        assert publish(root)
        assert set(Course.objects.published().values_list("key", flat=True)) == {folder, "tiny"}


@pytest.mark.django_db
@settings(max_examples=examples(3, 20), deadline=None, suppress_health_check=list(HealthCheck))
@given(mutations())
def test_a_changed_course_is_published_with_the_others_or_none_is(mutation):
    with mutated(mutation) as (root, folder), pytest.raises(Undone), transaction.atomic():
        add_tiny(root)
        before = rows()
        if publish(root):
            assert set(Course.objects.published().values_list("key", flat=True)) == {folder, "tiny"}
        else:
            assert rows() == before, "there was a problem, and something was written"
        raise Undone


@pytest.mark.django_db
def test_one_broken_course_among_those_shipped_keeps_all_from_being_published(tmp_path, capsys):
    """The last file of the last course: everything before it was read and is right."""
    root = Path(shutil.copytree(SHIPPED, tmp_path / "courses"))
    last = sorted((root / FOLDERS[-1] / "items").iterdir())[-1]
    last.write_bytes(last.read_bytes()[:-200])
    with pytest.raises(SystemExit):
        call_command("publish_courses", str(root))
    assert rows() == []
    printed = capsys.readouterr()
    assert printed.out.startswith(f"{FOLDERS[-1]}/items/{last.name}:")
    assert "nothing is published" in printed.err
