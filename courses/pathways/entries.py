"""A pathway as its keepers enter it: a value between a form and an action."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PathwayEntry:
    """What is written of a pathway; see `models.Pathway`. Every text but `service` may be ""."""

    kind: str
    area: str
    service: str
    when_to_use: str
    phone: str
    email: str
    address: str
    hours: str
    checked_on: date
