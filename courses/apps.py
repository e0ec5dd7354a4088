"""The app's configuration: registers our system checks and the log of account events."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from courses.web import checks, events  # they need models, which are not loaded before

        checks.register_all()
        events.connect()
