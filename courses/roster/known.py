"""What is known of an organisation, and what a row of a roster would do to it, as plain values."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from courses.roster.cells import tidy
from courses.roster.rows import Fault, RosterRow


class Outcome(StrEnum):
    """What happens to a row; each row has one."""

    ERROR = "error"
    INVITED = "invited"
    MOVED = "moved"
    UPDATED = "updated"
    LEAVES = "leaves"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Member:
    """Somebody in the organisation now.

    `team` is the names of team and sub-team, "" where there is none. `cohorts` are the names of
    the open ones they learn in. `only_trainer_of` are cohorts that would have no trainer without
    them. `is_oneself`: it is the person who imports. `started_on` is when their newest membership
    began.
    """

    user_id: int
    name: str
    email: str
    profession: str
    roles: frozenset[str]
    started_on: date
    team: tuple[str, str] = ("", "")
    employee_number: str = ""
    cohorts: tuple[str, ...] = ()
    only_trainer_of: tuple[str, ...] = ()
    is_oneself: bool = False


@dataclass(frozen=True)
class Pending:
    """An invitation that was neither accepted nor revoked; `cohort` "": to no cohort."""

    email: str
    name: str
    role: str
    profession: str
    is_expired: bool
    team: tuple[str, str] = ("", "")
    employee_number: str = ""
    cohort: str = ""


@dataclass(frozen=True)
class Known:
    """An organisation as it is now. Names are keyed as `fold` writes them.

    `members` has a person under each of their confirmed addresses. `teams` are the paths of its
    teams as they are written. `cohorts` are its open cohorts, `closed` the others. `domains` are
    those whose addresses may join; (): all.
    """

    members: dict[str, Member] = field(default_factory=dict)
    pending: dict[str, list[Pending]] = field(default_factory=dict)
    teams: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    cohorts: dict[str, str] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlannedRow:
    """A row, its outcome, and what is to be done. `changes` and `notes` are words for people.

    None and () of what is to be done: nothing. `user_id` None: a person who is not in the
    organisation. `invite_to` is the cohort an invitation is to, "" for the organisation alone,
    None for no invitation.
    """

    row: RosterRow
    outcome: Outcome
    changes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    user_id: int | None = None
    team: tuple[str, str] | None = None
    employee_number: str | None = None
    roles_added: tuple[str, ...] = ()
    roles_ended: tuple[str, ...] = ()
    cohort_from: str = ""
    cohort_to: str = ""
    invite_to: str | None = None
    invite_role: str = ""
    leaves_on: date | None = None

    def as_json(self) -> dict[str, Any]:
        """What the dry run and the receipt show of it; the row itself is stored beside it."""
        faults = [[fault.column, fault.reason] for fault in self.faults]
        return {
            "outcome": self.outcome.value,
            "changes": list(self.changes),
            "notes": list(self.notes),
            "reasons": faults,
        }


def fold(name: str) -> str:
    """A name as it is compared: in lower case, with single spaces, without quotes around it."""
    return " ".join(tidy(name).casefold().split())
