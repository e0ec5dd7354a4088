"""What strangers send to do harm: each file is refused by name, with its entry and line, soon and in little memory."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from courses.exchange import archive, refusals
from courses.exchange.archive import Archive, read_file, write_new
from tests.hostile import HOSTILE, SLOW, dull, zipped

SECONDS = 10  # of processor time; the slowest takes about three
MEGABYTES = 350  # of data, Python and all libraries with it
CHILD = f"""
import json, resource, time
from courses import exchange
from tests.hostile import HOSTILE, NAMES, SLOW
limit = {MEGABYTES} * 1024 * 1024
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
files = [(one.form, one.make, one.name) for one in HOSTILE]
files += [(form, lambda data=data: data, name) for name, (form, data) in SLOW.items()]
for form, make, name in files:
    data, kind, said = make(), "", ""
    begun = time.process_time()
    try:
        exchange.read(form, data, NAMES[form])
    except exchange.Refused as error:
        first = error.reasons[0] if isinstance(error, exchange.Empty) and error.reasons else error
        kind, said = type(first).__name__, str(first)
    except BaseException as error:
        kind, said = "!" + type(error).__name__, str(error)[:300]
    print(json.dumps([name, kind, said, time.process_time() - begun]), flush=True)
"""


@dataclass(frozen=True)
class Met:
    """How one file was met: the refusal by name, what was said, and the seconds of processor time it took."""

    kind: str
    said: str
    seconds: float


@pytest.fixture(scope="module")
def met() -> dict[str, Met]:
    """All the files, read one after the other by a process of their own that may have only so much memory."""
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=root, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {name: Met(*rest) for name, *rest in rows}


def test_it_works():
    found = Archive(zipped([("a/b.xml", b"<a/>"), ("a/", b"")]), "a.zip")
    assert list(found.entries) == ["a/b.xml"]
    assert found.read("a/b.xml") == b"<a/>"
    assert len(HOSTILE) >= 40
    assert len({one.name for one in HOSTILE} | set(SLOW)) == len(HOSTILE) + len(SLOW)


@pytest.mark.parametrize("one", HOSTILE, ids=lambda one: one.name)
def test_a_hostile_file_is_refused_by_name_soon_and_in_little_memory(met, one):
    found = met[one.name]
    assert (found.kind, one.said in found.said) == (one.reason.__name__, True), found.said
    assert re.match(r"[^:]+.*:\d+: ", found.said), "a refusal begins with its entry and line"
    assert found.said.isprintable()
    assert len(found.said) <= refusals.LONGEST_MESSAGE
    assert found.seconds < SECONDS


@pytest.mark.parametrize("name", SLOW)
def test_a_file_that_would_keep_a_careless_pattern_busy_is_soon_done(met, name):
    assert not met[name].kind.startswith("!"), met[name].said
    assert met[name].seconds < SECONDS


def test_every_named_refusal_is_met_here_or_in_the_formats():
    met = {one.reason for one in HOSTILE}
    elsewhere = {refusals.Misfit, refusals.Empty, refusals.Unwritable}
    named = {
        one
        for one in vars(refusals).values()
        if isinstance(one, type) and issubclass(one, refusals.Refused)
    }
    assert named - met - elsewhere == {refusals.Refused}


def test_a_file_that_is_too_large_is_not_read_whole(tmp_path):
    path = tmp_path / "big.gift"
    path.write_bytes(bytes(archive.LARGEST + 1))
    with pytest.raises(
        refusals.TooMuch, match=r"big.gift:1: is larger than 5 MB; export fewer items at once"
    ):
        read_file(path)


@pytest.mark.parametrize("path", [Path("/dev/zero"), Path("/nowhere/at/all"), Path("/tmp")])
def test_what_is_no_file_is_not_read(path):
    with pytest.raises(
        refusals.BadArchive, match=r"is not a file; name the file that was exported"
    ):
        read_file(path)


def test_an_entry_of_some_size_is_still_read():
    data = dull(4_000_000)
    assert Archive(zipped([("a.bin", data)]), "a.zip").read("a.bin") == data


def test_files_are_written_all_or_none(tmp_path):
    (tmp_path / "b").write_text("mine")
    with pytest.raises(
        refusals.BadArchive, match=r"b:1: is there already; name another file, or take it away"
    ):
        write_new({tmp_path / "a": b"1", tmp_path / "b": b"2"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b"]
    assert (tmp_path / "b").read_text() == "mine"
    with pytest.raises(refusals.BadArchive, match=r"c:1: fails: No such file or directory"):
        write_new({tmp_path / "no" / "c": b"1"})
