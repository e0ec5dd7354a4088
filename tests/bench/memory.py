"""What two workers weigh after the same load: the product, and a bare Django app with the anchors."""

import os
import subprocess
import sys
from pathlib import Path

from tests.bench import rounds
from tests.bench.ratios import STEP, work
from tests.bench.world import COURSE, World
from tests.longruns.postgres_server import Postgres
from tests.longruns.report import NotRun, Report
from tests.longruns.served import BARE, ROOT, Served

SETTINGS, BARE_SETTINGS = "tests.bench.settings", "tests.bench.bare"
SECONDS = 4  # of load on each: some hundred requests to every worker
PAGES = [  # what people ask for: lesson, course, quiz, an item, home, and their record
    STEP,
    f"/courses/{COURSE}/",
    f"/courses/{COURSE}/quiz/final/",
    "/attempts/{attempt}/items/1/",
    "/",
    "/record/",
]


def measure(
    name: str, target: float, folder: Path, postgres: Postgres, world: World, report: Report
) -> None:
    """Both at the same time, because what they share with other processes is split."""
    visitor = [{"session": bare_session(postgres)}]
    with (
        Served(folder, "product-memory", SETTINGS, postgres.product) as product,
        Served(folder, "bare", BARE_SETTINGS, postgres.bare, app=BARE) as bare,
    ):
        for kind in ("page", "note"):
            asked = {"kind": kind, "people": visitor, "paths": ["/anchor/auth/"]}
            rounds.run(bare, folder, asked, SECONDS)
        rounds.run(product, folder, work("page", world.readers, paths=PAGES), 2 * SECONDS)
        ours, other = product.memory(), bare.memory()
    words = f"{ours / other:.2f} × ({ours:.0f} MB against {other:.0f} MB, the workers' PSS)"
    report.at_most(name, ours / other, target, words)


def bare_session(postgres: Postgres) -> str:
    """The key of the session of somebody signed in to the bare app, whose tables are made for it."""
    own = {"DATABASE_URL": postgres.bare, "DJANGO_SETTINGS_MODULE": BARE_SETTINGS}
    command = [sys.executable, "-m", BARE_SETTINGS]
    ended = subprocess.run(
        command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise NotRun(f"the bare app could not be set up: {ended.stderr.strip()[-300:]}")
    return ended.stdout.strip()
