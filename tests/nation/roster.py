"""A roster of 5,000 rows, timed: `python -m tests.nation.roster` on a database that may be filled.

It prints the seconds of the dry run and of the import, and the most memory that the process had.
"""

import json
import os
import resource
import time

import django

PEOPLE = 5_000
MEGABYTE = 1024  # `ru_maxrss` counts kibibytes on Linux


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings")
    django.setup()
    manager, organisation = _organisation()
    data = _workbook()
    begun = time.monotonic()
    roster = _check(manager, organisation, data)
    checked = time.monotonic()
    _import(manager, roster)
    figures = {
        "check": checked - begun,
        "import": time.monotonic() - checked,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE,
    }
    print(json.dumps(figures))


def _organisation():
    from django.utils import timezone

    from courses.people.actions import start_organisation
    from courses.people.models import User

    stamp = time.time_ns()
    manager = User.objects.create_user(f"bench-{stamp}@example.org", name="Bench")
    return manager, start_organisation(manager, f"Bench {stamp}", timezone.now())


def _workbook() -> bytes:
    from courses.web.spreadsheets import xlsx_file

    header = ["Name", "Email", "Employee number", "Professional role", "Team", "Sub-team", "Role"]
    stamp = time.time_ns()
    rows = []
    for number in range(PEOPLE):
        team = f"Team {number % 20}"
        email = f"p{number}-{stamp}@example.org"
        cells = [f"Person {number}", email, f"{number:06}", "Health visitor", team,
                 f"Base {number % 5}", "Learner"]  # fmt: skip
        rows.append(cells)
    with xlsx_file(header, rows) as file:
        return file.read()


def _check(manager, organisation, data):
    from django.utils import timezone

    from courses.roster.actions import check_roster

    return check_roster(manager, organisation, "bench.xlsx", data, True, timezone.now())


def _import(manager, roster):
    from django.utils import timezone

    from courses.roster.actions import import_roster

    return import_roster(manager, roster, roster.plan_digest, timezone.now())


if __name__ == "__main__":
    main()
