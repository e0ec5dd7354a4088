"""`manage.py export_items COURSE --format gift|qti OUT [--quiz KEY]`: items for another system."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses import exchange
from courses.assessment.items import KINDS
from courses.authoring.courses import read_courses
from courses.exchange.archive import write_new
from courses.exchange.authored_items import read_items
from courses.exchange.book_builder import Book
from courses.exchange.refusals import Empty, Refused
from courses.management.commands.check_courses import SHIPPED


class Command(BaseCommand):
    help = "Write the items of a course, or of a quiz of it, as a GIFT file or a QTI 3.0 package."
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
            raise CommandError(f"{len(problems)} problems; correct them first, nothing is written")
        chosen = next((candidate for candidate in courses if candidate.key == course), None)
        if chosen is None:
            known = ", ".join(candidate.key for candidate in courses)
            raise CommandError(f"there is no course {course!r}; name one of {known}")
        if quiz and chosen.quiz(quiz) is None:
            known = ", ".join(candidate.key for candidate in chosen.quizzes) or "none"
            raise CommandError(f"the course has no quiz {quiz!r}; its quizzes: {known}")
        try:
            items = [item for item in read_items(folder / course) if not quiz or quiz in item.use]
            data, book = exchange.write(form, items)
            write_new({out: data})
        except Empty as empty:
            for reason in empty.reasons:
                self.stdout.write(str(reason))
            raise CommandError(f"{empty}. Nothing is written") from None
        except Refused as refusal:
            raise CommandError(f"{refusal}. Nothing is written") from None
        self._report(book, out)

    def _report(self, book: Book, out: Path) -> None:
        for refusal in book.left_out:
            self.stdout.write(str(refusal))
        left_out = f"; {len(book.left_out)} left out" if book.left_out else ""
        self.stdout.write(f"{len(book.items)} items written to {out}{left_out}")
        kinds = Counter(item.kind for item in book.items)
        for name, kind in KINDS.items():
            if kinds[name] and kind.exchange_loss:
                self.stdout.write(f"{kinds[name]} of them {kind.exchange_loss}")
