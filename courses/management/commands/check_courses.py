"""`manage.py check_courses [FOLDER]`: reads every course, lists all problems and warnings, writes
nothing.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from courses.authoring.courses import read_folder

SHIPPED = Path(__file__).resolve().parents[2] / "content"


class Command(BaseCommand):
    help = "Read every course file and list all problems and warnings as path:line: where: what. Writes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=SHIPPED,
            help="the courses; those shipped by default",
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        read = read_folder(folder)
        for problem in sorted([*read.problems, *read.warnings]):
            self.stdout.write(str(problem))
        if read.problems:
            self.stderr.write(f"{len(read.problems)} problems; nothing is published")
            raise SystemExit(1)
        warnings = f", {len(read.warnings)} warnings" if read.warnings else ""
        self.stdout.write(f"{len(read.courses)} courses, no problems{warnings}")
