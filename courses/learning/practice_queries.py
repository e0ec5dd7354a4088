"""What a learner may practise after an attempt at a final quiz; the rule is `further_practice`."""

from courses.assessment.models import Attempt
from courses.assessment.queries import scored_items
from courses.learning.further_practice import practice_items
from courses.library.content import Item
from courses.library.queries import content_of


def practice_after(attempt: Attempt) -> list[Item]:
    """Items like those that were not right in it, safety first, in two SQL queries.

    Empty where nothing was wrong, there are no such items, or it is no scored attempt at a final
    quiz.
    """
    course = content_of(attempt.edition_id)
    quiz = course.quiz(attempt.quiz_key)
    if not quiz or quiz.kind != "final" or attempt.state != Attempt.State.SCORED:
        return []
    missed = [row for row in scored_items(attempt) if not row.is_right]
    missed.sort(key=lambda row: (not row.item.critical, not row.is_sure_and_wrong))
    withheld, met = set(), set()
    own = Attempt.objects.filter(user=attempt.user_id, course=attempt.course_id)
    for state, drawn in own.values_list("state", "items"):
        keys = {row["key"] for row in drawn}
        if state == Attempt.State.OPEN:
            withheld |= keys
        else:
            met |= keys
    return practice_items(course, [row.item for row in missed], withheld, met)
