"""`manage.py ready`: checks every setting and service the site needs. Exits 1 on a problem."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error

from courses.library.queries import courses_to_learn
from courses.web import checks


class Command(BaseCommand):
    help = (
        "Say of each setting and service whether the site can be opened with it. Changes nothing."
    )
    requires_system_checks: list[str] = []  # the same findings are lines here

    def handle(self, *args: Any, **options: Any) -> None:
        is_ready = True
        for finding in settings.START_FINDINGS:
            if finding.is_ok:
                self._write("ok", f"{finding.setting}={finding.value}")
            else:
                self._write("problem", str(finding))
                is_ready = False
        for result in _service_checks():
            self._write(result.state, f"{result.name}: {result.message}")
            is_ready = is_ready and result.state != "problem"
        self.stdout.write("ready" if is_ready else "not ready")
        if not is_ready:
            raise SystemExit(1)

    def _write(self, state: str, message: str) -> None:
        self.stdout.write(f"{state:8} {message}")


def _service_checks() -> list[checks.CheckResult]:
    """The checks of all services; courses only where the database answers and has its tables."""
    results = checks.serving()
    if all(result.state != "problem" for result in results):
        results.append(_courses())
    return [*results, checks.static_files(), checks.mail()]


def _courses() -> checks.CheckResult:
    try:
        return courses_to_learn()
    except Error as error:
        return checks.CheckResult("courses", False, f"cannot be read ({type(error).__name__})")
