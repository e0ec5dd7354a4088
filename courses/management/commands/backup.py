"""`manage.py backup OUT`: the database as one checked file, while the site goes on."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from courses.backups.actions import back_up
from courses.backups.ending import unwinding
from courses.backups.refusals import Refused


class Command(BaseCommand):
    help = "Write the database into one file, with checksums. The site may go on serving."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        help_of_out = "a new file, or a folder in which it is named by the moment"
        parser.add_argument("out", type=Path, help=help_of_out)
        parser.add_argument(
            "--encrypt-to", type=Path, metavar="FILE", help="a public key, as `gpg --export` writes"
        )

    def handle(self, *args: Any, out: Path, encrypt_to: Path | None, **options: Any) -> None:
        try:
            config = connection.settings_dict
            with unwinding():
                path, manifest = back_up(config, out, timezone.now(), encrypt_to)
        except Refused as refusal:
            raise CommandError(f"{refusal}. Nothing is written") from None
        rows = sum(table.rows for table in manifest.tables.values())
        size = path.stat().st_size / 1_000_000
        self.stdout.write(f"{path}: {len(manifest.tables)} tables, {rows} rows, {size:.1f} MB")
        self.stdout.write(
            f"Keep SECRET_KEY elsewhere: it is not in the file (fingerprint {manifest.key})."
        )
