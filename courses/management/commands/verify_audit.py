"""`manage.py verify_audit`: computes the chain of the audit log again, and names each break."""

from typing import Any

from django.core.management.base import BaseCommand

from courses.people.seal_actions import check_chain


class Command(BaseCommand):
    help = (
        "Compute the chain of seals over the audit log again. One line for each break; ends with "
        "1 where there is one. Changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        report = check_chain()
        self.stdout.write(
            f"{report.events} events, {report.seals} seals, {report.unsealed} unsealed"
        )
        if report.digest:
            self.stdout.write(f"newest seal: {report.digest}")
        for line in report.breaks:
            self.stdout.write(line)
        if report.breaks:
            raise SystemExit(1)
