"""`manage.py publish_courses [FOLDER]`: checks every course, then publishes those that changed."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from courses.authoring.courses import read_courses
from courses.authoring.publishing import publish
from courses.learning.actions import move_to_newest
from courses.library import content
from courses.library.models import Course
from courses.management.commands.check_courses import add_folder_argument


class Command(BaseCommand):
    help = (
        "Check every course; when there is no problem at all, "
        "publish a new edition of each course that changed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_folder_argument(parser)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        courses, problems = read_courses(folder)
        for problem in problems:
            self.stdout.write(str(problem))
        if problems:
            self.stderr.write(f"{len(problems)} problems; nothing is published")
            raise SystemExit(1)
        self._publish(courses)

    def _publish(self, courses: list[content.Course]) -> None:
        published = publish(courses, timezone.now())
        for key in published.new:
            self.stdout.write(f"published {key}")
        # Of every course: a run that was broken off may have left learners behind.
        moved = sum(move_to_newest(course) for course in Course.objects.published())
        if moved:
            self.stdout.write(
                f"{moved} learners moved to a new edition, because lessons changed materially"
            )
        for key in published.retired:
            self.stdout.write(f"retired {key}")
        new, unchanged = len(published.new), len(published.unchanged)
        retired = len(published.retired)
        self.stdout.write(f"{new} new editions, {unchanged} unchanged, {retired} retired")
