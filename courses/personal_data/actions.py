"""The log of a download of one's own data."""

from datetime import datetime

from courses.people.audit import AuditEvent
from courses.people.models import User


def log_own_download(user: User, rows: int, now: datetime) -> None:
    """One row, written before the first byte leaves: when, and how many rows the download has."""
    details = {"rows": rows}
    AuditEvent.objects.create(
        actor=user, subject=user, action="download_own_data", details=details, at=now
    )
