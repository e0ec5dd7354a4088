"""How far somebody is on a course, in five words that every page and file uses: a pure rule.

The facts come from `queries`; what makes a course complete is in `completion`.
"""

from enum import Enum

from courses.learning.completion import Progress


class CourseState(Enum):
    """Where somebody is on one course; the values are the words on pages and in files.

    NOT_OPEN: they have not begun, and nobody can begin it any more, as it is retired.
    NOT_STARTED: they can begin, and have not. STARTED: begun, with lessons left.
    FINISHED: every lesson is completed, a final quiz is left to pass. PASSED: they have completed
    the course, which is a fact with a moment, so it stays when the course changes.
    """

    NOT_OPEN = "Not open"
    NOT_STARTED = "Not started"
    STARTED = "Started"
    FINISHED = "Finished"
    PASSED = "Passed"

    @property
    def words(self) -> str:
        return self.value

    @property
    def rank(self) -> int:
        """0 for the least far, so that lists can be sorted by it."""
        return list(CourseState).index(self)

    @property
    def css_class(self) -> str:
        """The class that gives the words their shape."""
        classes = {
            CourseState.STARTED: "under-way",
            CourseState.FINISHED: "waiting",
            CourseState.PASSED: "done",
        }
        return classes.get(self, "not-started")


def course_state(progress: Progress | None, *, is_completed: bool, is_open: bool) -> CourseState:
    """The state that these facts make.

    Args:
        progress: on the edition that the learner is pinned to; None: they have not begun.
        is_completed: whether the moment of completion is stored.
        is_open: whether somebody who has not begun can begin.
    """
    if is_completed:
        return CourseState.PASSED
    if progress is None:
        return CourseState.NOT_STARTED if is_open else CourseState.NOT_OPEN
    # An edition that has lost all its lessons leaves nothing to finish.
    if progress.lessons_left or not progress.lessons:
        return CourseState.STARTED
    return CourseState.FINISHED
