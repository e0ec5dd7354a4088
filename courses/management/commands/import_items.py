"""`manage.py import_items FILE --format gift|qti|moodle --lesson KEY OUT.yaml`: items of another system as a file of items/."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses import exchange
from courses.exchange.archive import read_file, write_new
from courses.exchange.authored_items import blanks, for_lesson, to_blocks, to_yaml
from courses.exchange.neutral import Book, is_key
from courses.exchange.refusals import Location, Refused, RefusedAll


class Command(BaseCommand):
    help = "Read items of another system into a file of items/ that an author completes; all of them, or nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file of the other system")
        parser.add_argument(
            "out", type=Path, help="the .yaml file to write; it must not be there yet"
        )
        parser.add_argument(
            "--format", dest="form", choices=sorted(exchange.READERS), required=True
        )
        parser.add_argument(
            "--lesson", required=True, help="the key of the lesson the items are for"
        )
        parser.add_argument(
            "--outcome", default="", help="the key of the outcome of items that name none"
        )

    def handle(
        self,
        *args: Any,
        file: Path,
        out: Path,
        form: str,
        lesson: str,
        outcome: str,
        **options: Any,
    ) -> None:
        for key in filter(None, (lesson, outcome)):
            if not is_key(key):
                raise CommandError(f"{key!r} is no key; write small letters, digits and hyphens")
        if out.suffix != ".yaml":
            raise CommandError(f"{out.name} does not end in .yaml; items stand in .yaml files")
        try:
            book = exchange.read(form, read_file(file), file.name)
            self._write(for_lesson(book, lesson, outcome, Location(file.name)), lesson, out)
        except RefusedAll as refused:
            for one in refused.refusals:
                self.stdout.write(str(one))
            raise CommandError(f"{len(refused.refusals)} refused; nothing is written") from None
        except Refused as refusal:
            self.stdout.write(str(refusal))
            raise CommandError("the file is refused; nothing is written") from None

    def _write(self, book: Book, lesson: str, out: Path) -> None:
        """The items in one file, the activities beside it; then what an author must know and mend."""
        text, activities = to_yaml(book.items, lesson), out.with_suffix(".md")
        files = {out: text.encode()} if book.items else {}
        write_new(files | ({activities: to_blocks(book.tasks).encode()} if book.tasks else {}))
        problems = [*book.notes, *(blanks(out, text) if book.items else ())]
        for problem in problems:
            self.stdout.write(str(problem))
        if book.items:
            self.stdout.write(
                f"{len(book.items)} items written to {out}; {len(problems)} things to look at"
            )
        if book.tasks:
            self.stdout.write(
                f"{len(book.tasks)} activities written to {activities}; put them into a step of a lesson"
            )
