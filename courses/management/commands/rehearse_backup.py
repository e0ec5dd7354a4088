"""`manage.py rehearse_backup FROM`: whether a backup can be restored, for a timer to ask."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from courses.backups.actions import rehearse
from courses.backups.ending import unwinding
from courses.backups.refusals import Refused


class Command(BaseCommand):
    help = "Restore a backup into a scratch database, compare every table, and leave nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("from", type=Path, help="the file that `backup` wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with unwinding():
                manifest = rehearse(connection.settings_dict, options["from"])
        except Refused as refusal:
            raise CommandError(f"{refusal}. This backup cannot be restored here") from None
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(
            f"{options['from']} can be restored: as of {manifest.made_at}, "
            f"{len(manifest.tables)} tables, {rows} rows, counts and contents as saved"
        )
