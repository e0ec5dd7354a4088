"""The app's configuration: registers item kinds, system checks and the log of account events."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        # They need models, which are not loaded before.
        from courses.assessment.items import KINDS
        from courses.library.content import register_item_kinds
        from courses.people import sign_ins
        from courses.web import checks, events

        register_item_kinds(KINDS)
        checks.register_all()
        events.connect()
        sign_ins.connect()
