"""`manage.py draw_exemplars OUT [FOLDER] [--blind N]`: the pool as PNGs, for authors to look at."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from courses.authoring.courses import read_folder
from courses.authoring.pool.pictures import draw_blind, draw_pool
from courses.management.commands.check_courses import add_folder_argument


class Command(BaseCommand):
    help = (
        "Draw every exemplar as OUT/<category>/<tier>-<key>.png, moments side by side, and a "
        "contact sheet of each category. With --blind, only so many by chance, named by number."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "out", type=Path, help="where the pictures go; made when it is not there"
        )
        add_folder_argument(parser)
        parser.add_argument(
            "--blind", type=int, default=0, help="draw so many, and write what they are apart"
        )
        parser.add_argument("--seed", default="1", help="which ones --blind chooses")
        parser.add_argument("--category", default="", help="only this category")

    def handle(
        self, *args: Any, out: Path, folder: Path, blind: int, seed: str, **options: Any
    ) -> None:
        reading = read_folder(folder, wants_advice=False)
        for problem in reading.problems:
            self.stderr.write(str(problem))
        if reading.problems:
            self.stderr.write(f"{len(reading.problems)} problems; nothing is drawn")
            raise SystemExit(1)
        if reading.grown is None:
            self.stderr.write(f"{folder} has no exemplars; nothing is drawn")
            raise SystemExit(1)
        pool = reading.grown.pool
        category = options["category"]
        if category:
            chosen = [one for one in pool.categories if one.key == category]
            pool = pool.model_copy(update={"categories": tuple(chosen)})
        written = draw_blind(pool, blind, seed, out) if blind else draw_pool(pool, out)
        self.stdout.write(f"{len(written)} files written in {out}")
