"""What a manager enters about readiness, as values between a form or a file and an action."""

from dataclasses import dataclass
from datetime import date

from courses.readiness.coverage import Group


@dataclass(frozen=True)
class StaffEntry:
    """Staff in post of one group as a manager enters it; `number` None: it is not known."""

    team_id: int | None
    profession: str
    number: int | None
    as_of: date
    source: str

    @property
    def group(self) -> Group:
        return self.team_id, self.profession


@dataclass(frozen=True)
class PlanAnswer:
    """An answer to one question of the local plan; see `models.LocalPlanAnswer`."""

    answer: str
    evidence: str
    owner: str
    checked_on: date
