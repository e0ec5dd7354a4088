"""What two workers weigh after the same load: the product, and a bare Django app with the anchors."""

import os
from pathlib import Path

from tests.bench import commands
from tests.bench.ratios import STEP, run, work
from tests.bench.world import COURSE, World
from tests.longruns.postgres_server import Postgres
from tests.longruns.report import Report
from tests.longruns.served import BARE, Served

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


def measure(name: str, folder: Path, postgres: Postgres, world: World, report: Report) -> None:
    """Both at the same time, because what they share with other processes is split."""
    visitor = [{"session": bare_session(postgres)}]
    with (
        Served(folder, "product-memory", SETTINGS, postgres.product) as product,
        Served(folder, "bare", BARE_SETTINGS, postgres.bare, app=BARE) as bare,
    ):
        for kind in ("page", "note"):
            asked = {"kind": kind, "people": visitor, "paths": ["/anchor/auth/"]}
            run(bare, folder, asked, SECONDS)
        run(product, folder, work("page", world.readers, paths=PAGES), 2 * SECONDS)
        ours, other = product.memory(), bare.memory()
    words = f"{ours / other:.2f} × ({ours:.0f} MB against {other:.0f} MB, the workers' PSS)"
    report.at_most(name, ours / other, 1.6, words)


def bare_session(postgres: Postgres) -> str:
    """The key of the session of somebody signed in to the bare app, whose tables are made for it."""
    own = {"DATABASE_URL": postgres.bare, "DJANGO_SETTINGS_MODULE": BARE_SETTINGS}
    return commands.run(["-m", BARE_SETTINGS], os.environ | own).strip()
