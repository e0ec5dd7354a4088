"""`manage.py regrade_item COURSE ITEM --by EMAIL --reason TEXT`: scores an item again.

Used after its key was corrected in a new edition.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.assessment.actions import Refused
from courses.learning.actions import regrade
from courses.library.models import Course
from courses.people.models import User


class Command(BaseCommand):
    help = (
        "Mark one item again by the newest edition's key."
        " Recorded; raises marks and passes, never lowers them."
    )

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
        published = Course.objects.published().filter(key=course).first()
        if not published:
            raise CommandError(f"no course {course}; nothing was changed")
        actor = User.objects.filter(email=by.lower(), is_staff=True, is_active=True).first()
        if not actor:
            raise CommandError(f"{by} is no staff; nothing was changed")
        if not reason.strip():
            raise CommandError("--reason is empty; nothing was changed")
        try:
            result = regrade(actor, published, item, reason.strip()[:300], timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        passed = len(result.newly_passed)
        self.stdout.write(
            f"{result.looked_at} attempts looked at, {result.raised} raised, {passed} passed now"
        )
