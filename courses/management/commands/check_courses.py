"""`manage.py check_courses [FOLDER]`: reads every course and lists problems and warnings.

It writes nothing.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from courses.authoring.courses import read_folder

SHIPPED = Path(__file__).resolve().parents[2] / "content"


def add_folder_argument(parser: CommandParser) -> None:
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=SHIPPED,
        help="the courses; those shipped by default",
    )


class Command(BaseCommand):
    help = (
        "Read every course file and list all problems and warnings as path:line: where: what. "
        "Writes nothing."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_folder_argument(parser)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        reading = read_folder(folder)
        for problem in sorted([*reading.problems, *reading.warnings]):
            self.stdout.write(str(problem))
        if reading.problems:
            self.stderr.write(f"{len(reading.problems)} problems; nothing is published")
            raise SystemExit(1)
        if reading.grown:
            self.stdout.write(f"pool of {len(reading.grown.pool.exemplars)} exemplars")
        warnings = f", {len(reading.warnings)} warnings" if reading.warnings else ""
        self.stdout.write(f"{len(reading.courses)} courses, no problems{warnings}")
