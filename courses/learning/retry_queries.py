"""Whether a learner whom nobody trains may take one more attempt: the facts for `retries`."""

from datetime import datetime

from courses.assessment.actions import attempts_allowed
from courses.assessment.models import Attempt, ItemScore
from courses.learning.models import LessonRecord
from courses.learning.retries import Retry, retry_after
from courses.library.content import Lesson, Quiz
from courses.library.queries import content_of
from courses.people.models import CohortMembership, User


def retry_of(user: User, course_id: int, edition_id: int, quiz: Quiz) -> Retry | None:
    """The way to one more attempt at a final quiz; five SQL queries at most.

    None where there is another way or no need: a trainer decides, attempts are left, one is not
    scored yet, or one is passed.
    """
    if quiz.kind != "final":
        return None
    if CohortMembership.objects.deciding(user.pk, course_id).exists():
        return None
    attempts = list(Attempt.objects.taken_by(user).at_quiz(course_id, quiz.key).counted())
    if any(attempt.passed or attempt.state != Attempt.State.SCORED for attempt in attempts):
        return None
    if not attempts or len(attempts) < attempts_allowed(user, course_id, quiz):
        return None
    last = attempts[-1]
    assert last.submitted_at is not None, "a scored attempt has ended"
    lessons = _wrong_lessons(last, edition_id)
    seen_at = _seen_at(user, course_id)
    return retry_after(last.number, last.submitted_at, lessons, seen_at)


def _wrong_lessons(attempt: Attempt, edition_id: int) -> list[Lesson]:
    """The lessons of the attempt's items that were not wholly right, in the order of the course."""
    scores = ItemScore.objects.filter(attempt=attempt, earned__lt=1)
    taken_from = content_of(attempt.edition_id)
    keys = set()
    for item_key in scores.values_list("item_key", flat=True):
        item = taken_from.item(item_key)
        keys.add(item.lesson if item else "")
    return [lesson for lesson in content_of(edition_id).lessons if lesson.key in keys]


def _seen_at(user: User, course_id: int) -> dict[str, datetime]:
    """When this person last went on in each lesson of the course, by its key."""
    records = LessonRecord.objects.filter(enrolment__user=user, enrolment__course=course_id)
    return dict(records.values_list("lesson_key", "seen_at"))
