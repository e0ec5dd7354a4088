#!/usr/bin/env python
"""The project's command line: `python manage.py help`."""

import logging
import os
import sys

SERVING = {"runserver", "serve"}
PATIENCE = "900"  # seconds a statement of any other command may take; `migrate` takes what it needs


def main(argv: list[str]) -> None:
    """Runs a command. An error nobody expected is one line in the log, and exit code 1."""
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    command = argv[1] if len(argv) > 1 else "help"
    if command not in SERVING:
        os.environ.setdefault("DATABASE_TIMEOUT", "0" if command == "migrate" else PATIENCE)
    try:
        execute_from_command_line(argv)
    except ImproperlyConfigured as wrong:
        sys.exit(f"{type(wrong).__name__}: {wrong}")
    except Exception:
        if "--traceback" in argv:
            raise
        event = "command failed; with --traceback it shows what the error says"
        logging.getLogger("courses.commands").exception(
            event, extra={"facts": {"command": command}}
        )
        sys.exit(1)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings")
    main(sys.argv)
