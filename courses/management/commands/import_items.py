"""`manage.py import_items FILE --format FORMAT --lesson KEY OUT.yaml`: items for an author."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses import exchange
from courses.exchange.archive import read_file, write_new
from courses.exchange.authored_items import blanks, for_lesson, to_yaml
from courses.exchange.book_builder import Book
from courses.exchange.keys import is_key
from courses.exchange.refusals import Empty, Location, Refused


class Command(BaseCommand):
    help = "Read items of another system into a file of items/ that an author completes."
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
        place = Location(file.name)
        try:
            book = exchange.read(form, read_file(file), file.name)
            self._write(for_lesson(book, lesson, outcome, place), lesson, out)
        except Empty as empty:
            for reason in empty.reasons:
                self.stdout.write(str(reason))
            raise CommandError(f"{empty}. Nothing is written") from None
        except Refused as refusal:
            raise CommandError(f"{refusal}. Nothing is written") from None

    def _write(self, book: Book, lesson: str, out: Path) -> None:
        """Writes the items to one file, and says what was left out and what to complete."""
        text = to_yaml(book.items, lesson)
        write_new({out: text.encode()})
        to_look_at = [*book.notes, *blanks(out, text)]
        for message in [*book.left_out, *to_look_at]:
            self.stdout.write(str(message))
        self.stdout.write(
            f"{len(book.items)} items written to {out}; {len(book.left_out)} left out, "
            f"{len(to_look_at)} things to look at"
        )
