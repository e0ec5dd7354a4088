"""`manage.py make_demo`: creates the invented people of a demo and what they have done so far.

Only with DEMO, which the settings allow on local hosts alone.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.management.demo.cast import PASSWORD, PEOPLE, make_people
from courses.people.models import User


class Command(BaseCommand):
    help = (
        "Create the demo people. Refuses to run without DEMO=1,"
        " and does nothing when they are there."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("make_demo needs DEMO=1: its passwords are public")
        if User.objects.filter(email=PEOPLE[0].email).exists():
            self.stdout.write("the demo people are there already")
            return
        make_people(timezone.now())
        self.stdout.write(f"{len(PEOPLE)} demo people, password {PASSWORD}")
