"""A roster of 5,000 rows, timed: `python -m tests.bench.roster` on an empty database of its own.

Seconds of the dry run, of the import and of the same file again, and the most memory the process
had. Set VAR_DIR or DATABASE_URL to a database that may be filled.
"""

import os
import resource
import time

import django

PEOPLE = 5_000
MEGABYTE = 1024  # `ru_maxrss` counts kibibytes on Linux


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    manager, organisation = _organisation()
    print(f"memory before: {_megabytes():.0f} MB")
    data = _workbook()
    print(f"a workbook of {PEOPLE} rows, {len(data) / 1e6:.1f} MB; memory {_megabytes():.0f} MB")
    roster = _time("dry run", lambda: _check(manager, organisation, data))
    print(roster.counts)
    _time("import", lambda: _import(manager, roster))
    again = _time("the same again, dry run", lambda: _check(manager, organisation, data))
    print(again.counts)
    print(f"most memory: {_megabytes():.0f} MB")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def _time(words, work):
    started = time.monotonic()
    result = work()
    print(f"{words}: {time.monotonic() - started:.1f} s, memory {_megabytes():.0f} MB")
    return result


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
