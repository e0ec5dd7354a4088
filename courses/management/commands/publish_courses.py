"""`manage.py publish_courses [FOLDER]`: checks every course, then publishes those that changed."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from courses.authoring.courses import read_folder
from courses.authoring.pool_publishing import KeyChanged, publish_pool
from courses.authoring.publishing import publish
from courses.learning.actions import move_to_newest
from courses.library import content
from courses.library.content.exemplars import Pool
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
        reading = read_folder(folder, wants_advice=False)
        for problem in reading.problems:
            self.stdout.write(str(problem))
        if reading.problems:
            self.stderr.write(f"{len(reading.problems)} problems; nothing is published")
            raise SystemExit(1)
        # The pool first: it may be refused, and then nothing at all is published.
        if reading.grown:
            self._publish_pool(reading.grown.pool)
        self._publish(reading.courses)

    def _publish_pool(self, pool: Pool) -> None:
        try:
            is_new = publish_pool(pool, timezone.now())
        except KeyChanged as refusal:
            self.stderr.write(f"{refusal}; nothing is published")
            raise SystemExit(1) from None
        state = "published" if is_new else "unchanged"
        self.stdout.write(f"pool of {len(pool.exemplars)} exemplars {state}")

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
