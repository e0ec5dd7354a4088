"""`manage.py send_due_reminders`: reminders to learners, digests to trainers and managers.

For a timer, once an hour. Any number of copies may run at the same time: each note and digest is
written once.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.reminders.runs import send_due_reminders


class Command(BaseCommand):
    help = (
        "Send the reminders that are due to learners, and the digests of trainers and managers, "
        "each at their own time. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        run = send_due_reminders(timezone.now())
        self.stdout.write(str(run))
        if run.failed:
            raise CommandError(f"{run.failed} could not be written. See the log.")
