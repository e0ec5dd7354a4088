"""`manage.py let_review E-MAIL --by STAFF`: grants a clinician the right to sign lessons off.

`--withdraw` takes it away. The admin can do the same.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.people.actions import NotYours, set_review_right
from courses.people.models import User


class Command(BaseCommand):
    help = (
        "Let a clinician sign lessons off (or, with --withdraw, no longer)."
        " What they signed before stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the clinician's e-mail address")
        parser.add_argument(
            "--by", required=True, metavar="E-MAIL", help="the member of staff who decides it"
        )
        parser.add_argument(
            "--withdraw", action="store_true", help="take the right instead of giving it"
        )

    def handle(self, *args: Any, email: str, by: str, withdraw: bool, **options: Any) -> None:
        reviewer, staff = self._user(email), self._user(by)
        try:
            set_review_right(staff, reviewer, not withdraw, timezone.now())
        except NotYours as refusal:
            raise CommandError(str(refusal)) from None
        when = "no longer" if withdraw else "now"
        self.stdout.write(f"{reviewer.email} may {when} sign lessons off")

    def _user(self, email: str) -> User:
        user = User.objects.filter(email=email.strip().lower()).first()
        if not user:
            raise CommandError(
                f"Nobody has the e-mail address {email}. Let them create an account first."
            )
        return user
