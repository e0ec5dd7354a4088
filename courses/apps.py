"""What is done once when the project starts: the log listens to sign-ins, and Django knows our system checks."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from courses.web import checks, events  # they need the apps that are ready only now

        checks.register_all()
        events.connect()
