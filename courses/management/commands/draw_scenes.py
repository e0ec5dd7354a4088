"""`manage.py draw_scenes OUT [FOLDER]`: writes every scene as a PNG, for authors to look at."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from courses.authoring.courses import read_courses
from courses.management.commands.check_courses import SHIPPED
from courses.practice.actions import draw_scenes


class Command(BaseCommand):
    help = "Draw every scene of every course as OUT/<course>/<scene>.png, 480 pixels wide."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "out", type=Path, help="where the pictures go; made when it is not there"
        )
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=SHIPPED,
            help="the courses; those shipped by default",
        )

    def handle(self, *args: Any, out: Path, folder: Path, **options: Any) -> None:
        courses, problems = read_courses(folder)
        for problem in problems:
            self.stderr.write(str(problem))
        if problems:
            self.stderr.write(f"{len(problems)} problems; nothing is drawn")
            raise SystemExit(1)
        written = draw_scenes(courses, out)
        self.stdout.write(f"{len(written)} scenes drawn in {out}")
