"""`manage.py revoke_certificate CODE --by STAFF --reason TEXT`: withdraws a certificate for good.

The admin can do the same.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.assessment.actions import Refused
from courses.certificates.actions import revoke_certificate
from courses.certificates.codes import parse_code, show_code
from courses.certificates.models import Certificate
from courses.people.models import User


class Command(BaseCommand):
    help = (
        "Withdraw a certificate for good."
        " Its holder reads the reason; their trainer and strangers see the date."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="as it is printed, with or without its hyphens")
        parser.add_argument(
            "--by", required=True, metavar="E-MAIL", help="the member of staff who decides it"
        )
        parser.add_argument(
            "--reason", required=True, metavar="TEXT", help="one sentence, for the holder too"
        )

    def handle(self, *args: Any, code: str, by: str, reason: str, **options: Any) -> None:
        certificate = Certificate.objects.filter(code=parse_code(code) or "").first()
        if not certificate:
            raise CommandError(f"No certificate has the code {code}. Compare it letter by letter.")
        staff = User.objects.filter(email=by.strip().lower()).first()
        if not staff:
            raise CommandError(
                f"Nobody has the e-mail address {by}. Give that of a member of staff."
            )
        try:
            revoke_certificate(staff, certificate, reason, timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{show_code(certificate.code)} is withdrawn")
