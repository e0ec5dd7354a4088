"""Where a learner carries on: the link of a reminder, to the very step where they stopped."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from courses.dashboards.members import Member
from courses.dashboards.queries import Learner, newest_content
from courses.learning.completion import LessonProgress
from courses.learning.queries import EnrolmentProgress
from courses.people.models import Assignment


@dataclass(frozen=True)
class Place:
    """A page of a course with its full URL.

    `action` is what one does there; `title` is of the lesson or quiz, and `minutes` about how long
    the rest of it takes. `has_started`: the learner has begun the course, and `is_begun` the
    lesson.
    """

    url: str
    action: str
    title: str
    minutes: int
    has_started: bool
    is_begun: bool = False


def place_of(member: Member) -> Place:
    """Where this learner carries on with the course; its own page where they never started.

    Raises:
        TypeError: they have started, and it is no `Learner`, who alone knows how far they are.
    """
    if isinstance(member, Learner):
        return place_on(member.assignment, member.enrolment_progress)
    if member.has_started:
        raise TypeError(f"how far is {member.name}? Fetch them by learners_on")
    return place_on(member.assignment, None)


def place_on(assignment: Assignment, enrolment_progress: EnrolmentProgress | None) -> Place:
    """The same from how far they are; `enrolment_progress` None: they never started."""
    if enrolment_progress:
        return _place_in(enrolment_progress)
    course = newest_content(assignment)
    first = course.lessons[0]
    url = _url("course", course.key)
    return Place(url, "Start here", first.title, first.minutes, has_started=False)


def _place_in(enrolment_progress: EnrolmentProgress) -> Place:
    course = enrolment_progress.content
    lesson = enrolment_progress.progress.next_lesson
    if lesson:
        return _place_in_lesson(course.key, lesson)
    final = enrolment_progress.progress.next_quiz
    if final:
        url = _url("quiz", course.key, final.quiz.key)
        minutes = final.quiz.minutes
        return Place(url, "Go to the quiz", final.quiz.title, minutes, has_started=True)
    url = _url("course", course.key)
    return Place(url, "Carry on here", course.title, 1, has_started=True)


def _place_in_lesson(course_key: str, row: LessonProgress) -> Place:
    lesson = row.lesson
    if row.is_started:
        step = lesson.steps[row.step - 1]
        url = _url("step", course_key, lesson.key, step.key)
    else:
        url = _url("lesson", course_key, lesson.key)
    return Place(
        url,
        "Carry on here",
        lesson.title,
        row.minutes_left,
        has_started=True,
        is_begun=row.is_started,
    )


def _url(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(f"courses:{name}", args=args)
