"""`manage.py start_site ADDRESS`: creates the first administrator and sends them a password link.

Where mail is not set up yet, or the mail is refused, the link is printed instead. A second call
sends another link.
"""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from courses.people.actions import NotYours, password_link, start_site
from courses.people.models import User
from courses.web.mail.outbox import send_text

MINUTES = settings.PASSWORD_RESET_TIMEOUT // 60
log = logging.getLogger("courses.accounts")


class Command(BaseCommand):
    help = "Make the first administrator, and send the link to choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the administrator's e-mail address")
        parser.add_argument("--name", default="", help="how they are called on the site")
        parser.add_argument(
            "--another", action="store_true", help="although there is an administrator"
        )
        parser.add_argument(
            "--print-link", action="store_true", help="print the link, send nothing"
        )

    def handle(
        self, *args: Any, address: str, name: str, another: bool, print_link: bool, **options: Any
    ) -> None:
        try:
            validate_email(address.strip())
            user = start_site(address, name, is_another=another)
        except ValidationError:
            raise CommandError(f"{address!r} is not an e-mail address") from None
        except NotYours as refusal:
            raise CommandError(str(refusal)) from None
        log.info("link for an administrator made", extra={"facts": {"person": str(user.key)}})
        self.stdout.write(f"{user.email} is an administrator.")
        link = password_link(user)
        if print_link or not settings.EMAIL_URL:  # without it mail goes to files
            return self._print(link)
        return self._send(user, link)

    def _print(self, link: str) -> None:
        self.stdout.write(f"Choose the password here, once, within {MINUTES} minutes:\n{link}")

    def _send(self, user: User, link: str) -> None:
        context = {"link": link, "minutes": MINUTES, "site_url": settings.SITE_URL}
        subject = f"Choose your password for {settings.SITE_NAME}"
        try:
            send_text(subject, "people/start_site.txt", context, user.email)
        except OSError as error:  # smtplib's errors are OSErrors
            self.stdout.write(f"The link could not be sent ({type(error).__name__}).")
            return self._print(link)
        self.stdout.write(
            "The link to choose a password is sent. If it does not come: --print-link"
        )
        return None
