"""`manage.py send_due_reminders`: reminds learners of courses that are due within three days.

For a timer, once a day or once an hour. Any number of copies may run at the same time: a person
gets one mail for each course of a cohort.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from courses.reminders.actions import send_due_reminders


class Command(BaseCommand):
    help = "Remind learners by email of courses that are due within three days. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        result = send_due_reminders(timezone.now())
        noun = "reminder" if result.sent == 1 else "reminders"
        before = f", {result.not_sent} sent before" if result.not_sent else ""
        self.stdout.write(f"{result.sent} {noun} sent{before}")
