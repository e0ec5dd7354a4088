"""One more attempt for a learner whom nobody trains: a rule from facts, without rows and clock.

Who has used up all attempts and has a trainer asks the trainer. Who has none may try once more
three days after the last attempt, having looked again at the lessons of what was wrong in it; and
once more after that one, in the same way. The facts are fetched in `retry_queries`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from courses.library.content import Lesson

WAIT = timedelta(days=3)


@dataclass(frozen=True)
class Retry:
    """What stands between a learner and one more attempt.

    `after` is the number of the last attempt, which this one follows; `lessons` are still to look
    at again; before `opens_at` it does not begin.
    """

    after: int
    opens_at: datetime
    lessons: tuple[Lesson, ...]

    def is_open(self, now: datetime) -> bool:
        return not self.lessons and now >= self.opens_at


def retry_after(
    number: int,
    ended_at: datetime,
    wrong_lessons: Iterable[Lesson],
    seen_at: Mapping[str, datetime],
) -> Retry:
    """The way to one more attempt after the last one, of this number, which ended then.

    `wrong_lessons` are those of its items that were not wholly right. `seen_at` is when the
    learner last went on in a lesson, by its key; a lesson looked at again has it later than that
    attempt's end.
    """
    left = []
    for lesson in wrong_lessons:
        seen = seen_at.get(lesson.key)
        if seen is None or seen <= ended_at:
            left.append(lesson)
    return Retry(number, ended_at + WAIT, tuple(left))
