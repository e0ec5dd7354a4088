"""`manage.py export_items COURSE --format gift|qti OUT [--quiz KEY]`: a course's items as a file for another system."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses import exchange
from courses.authoring.courses import read_courses
from courses.exchange.archive import write_new
from courses.exchange.authored_items import read_items
from courses.exchange.refusals import Refused
from courses.management.commands.check_courses import SHIPPED


class Command(BaseCommand):
    help = "Write the items of a course, or of one of its quizzes, as a GIFT file or a QTI 3.0 package."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("course", help="the key of the course")
        parser.add_argument("out", type=Path, help="the file to write; it must not be there yet")
        parser.add_argument(
            "--format", dest="form", choices=sorted(exchange.WRITERS), required=True
        )
        parser.add_argument("--quiz", default="", help="only the items this quiz may draw")
        parser.add_argument(
            "--folder", type=Path, default=SHIPPED, help="the courses; those shipped by default"
        )

    def handle(
        self, *args: Any, course: str, out: Path, form: str, quiz: str, folder: Path, **options: Any
    ) -> None:
        courses, problems = read_courses(folder)
        for problem in problems:
            self.stdout.write(str(problem))
        if problems:
            raise CommandError(f"{len(problems)} problems; mend them first, nothing is written")
        found = next((one for one in courses if one.key == course), None)
        if found is None:
            raise CommandError(
                f"there is no course {course!r}; name one of {', '.join(one.key for one in courses)}"
            )
        if quiz and found.quiz(quiz) is None:
            named = ", ".join(one.key for one in found.quizzes) or "none"
            raise CommandError(f"the course has no quiz {quiz!r}; its quizzes: {named}")
        try:
            items = [item for item in read_items(folder / course) if not quiz or quiz in item.use]
            write_new({out: exchange.write(form, items)})
        except Refused as refusal:
            raise CommandError(f"{refusal}. Nothing is written") from None
        self.stdout.write(f"{len(items)} items written to {out}")
        if spots := sum(item.kind == "spot" for item in items):
            self.stdout.write(
                f"{spots} of them ask what is seen in a scene, whose picture stays here"
            )
