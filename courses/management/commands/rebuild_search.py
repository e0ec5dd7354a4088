"""`manage.py rebuild_search`: makes the texts that searching looks through anew."""

from typing import Any

from django.core.management.base import BaseCommand

from courses.portfolio.actions import rebuild_index


class Command(BaseCommand):
    help = "Index every edition for searching anew. Publishing does so for new ones by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_index()} editions indexed")
