"""`manage.py restore FROM`: puts a backup in the place of the database. Stop the site first."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections

from courses.backups.actions import restore
from courses.backups.ending import unwinding
from courses.backups.refusals import Refused, Unfinished


class Command(BaseCommand):
    help = "Put a backup in the place of the database, or change nothing. Stop the site first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("from", type=Path, help="the file that `backup` wrote")
        parser.add_argument(
            "--replace", action="store_true", help="although the database is not empty"
        )
        parser.add_argument(
            "--another-key", action="store_true", help="although SECRET_KEY was another"
        )

    def handle(self, *args: Any, replace: bool, another_key: bool, **options: Any) -> None:
        path = options["from"]
        connections.close_all()
        config = connection.settings_dict
        try:
            with unwinding():
                manifest = restore(config, path, is_replacing=replace, is_key_ignored=another_key)
        except Refused as refusal:
            raise CommandError(f"{refusal}. The database is as it was") from None
        except Unfinished as ended:
            raise CommandError(str(ended)) from None
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(
            f"restored as of {manifest.made_at}: {len(manifest.tables)} tables, {rows} rows, "
            "each compared"
        )
        self.stdout.write("Now: manage.py migrate, then ready, then start the site.")
