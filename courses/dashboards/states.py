"""A learner's state on a course in the five words of `learning.course_state`, and how many have it.

The rows come from `queries`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from courses.dashboards.queries import Learner, title_of
from courses.learning.course_state import CourseState, course_state
from courses.people.models import Assignment


def state_of(learner: Learner) -> CourseState:
    """The state as the learner's trainers see it."""
    row = learner.enrolment_progress
    return course_state(
        row.progress if row else None,
        is_completed=learner.is_completed,
        is_open=learner.assignment.course.retired_at is None,
    )


@dataclass(frozen=True)
class StateCount:
    """How many learners are in a state."""

    state: CourseState
    count: int

    @property
    def words(self) -> str:
        """As inside a sentence: "12 not started"."""
        return f"{self.count} {self.state.words.lower()}"


def state_counts(learners: list[Learner]) -> list[StateCount]:
    """One count for each state, the least far first; together they are all of the learners.

    Without "not open" where nobody is kept out, as it is rare.
    """
    counts = Counter(state_of(learner) for learner in learners)
    shown = [state for state in CourseState if counts[state] or state is not CourseState.NOT_OPEN]
    return [StateCount(state, counts[state]) for state in shown]


@dataclass(frozen=True)
class Summary:
    """One cohort on one course in numbers; the `counts` together are its `people`."""

    assignment: Assignment
    title: str
    people: int
    counts: list[StateCount]


def summary_of(assignment: Assignment, learners: Sequence[Learner]) -> Summary:
    """The numbers of one assignment, counted from the same rows the table shows."""
    own = [learner for learner in learners if learner.assignment.pk == assignment.pk]
    return Summary(assignment, title_of(assignment), len(own), state_counts(own))
