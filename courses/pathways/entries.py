"""A pathway as its keepers enter it: values between a form and an action."""

from dataclasses import dataclass, replace
from datetime import date

from courses.pathways.contacts import dial_address


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

    @property
    def reach(self) -> tuple[str, str, str]:
        """What reaches the service: the number to dial, however it is spaced, email, web page."""
        return dial_address(self.phone), self.email, self.address


@dataclass(frozen=True)
class PathwayChange:
    """What a keeper wants a pathway to say, and what their page showed of it.

    `is_day_chosen`: they set `checked_on` themselves. `stamp`: `Pathway.stamp` of what was shown.
    """

    entry: PathwayEntry
    is_day_chosen: bool
    stamp: str

    def dated(self, current: PathwayEntry, today: date) -> PathwayEntry:
        """The entry with the day on which all of it was last checked.

        That is today where it is reached in another way than `current` says: nobody can have
        checked that before. A day that the keeper chose stays as it is.
        """
        if self.is_day_chosen:
            return self.entry
        is_new_reach = self.entry.reach != current.reach
        return replace(self.entry, checked_on=today if is_new_reach else current.checked_on)
