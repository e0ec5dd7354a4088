"""`manage.py regrade_item COURSE ITEM --by EMAIL --reason TEXT`: marks an item again after its key was corrected."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.assessment.actions import Refused
from courses.learning.actions import regrade
from courses.library.models import Course
from courses.people.models import User


class Command(BaseCommand):
    help = "Mark one item again by the newest edition's key. Recorded; raises marks and passes, never lowers them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("course", help="key of the course")
        parser.add_argument("item", help="key of the item")
        parser.add_argument(
            "--by", required=True, metavar="EMAIL", help="a member of staff who answers for it"
        )
        parser.add_argument(
            "--reason", required=True, help="what was wrong with the key, in one sentence"
        )

    def handle(
        self, *args: Any, course: str, item: str, by: str, reason: str, **options: Any
    ) -> None:
        found = Course.objects.published().filter(key=course).first()
        actor = User.objects.filter(email=by.lower(), is_staff=True, is_active=True).first()
        if not found or not actor or not reason.strip():
            wrong = (
                (found and actor and "--reason is empty")
                or (found and f"{by} is no staff")
                or f"no course {course}"
            )
            raise CommandError(f"{wrong}; nothing was changed")
        try:
            done = regrade(actor, found, item, reason.strip()[:300], timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        passed = len(done.newly_passed)
        self.stdout.write(
            f"{done.looked_at} attempts looked at, {done.raised} raised, {passed} passed now"
        )
