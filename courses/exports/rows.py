"""One row of an export: the cells of one person on one course, from their facts.

An organisation sees what came between joining its cohort and leaving it. What came before is said
in words without dates, as in the trainer's table; what came after is as if it were not there.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from courses.assessment.scoring import shown_marks
from courses.certificates.codes import show_code
from courses.dashboards.exports import BEFORE
from courses.dashboards.since_joining import progress_since, quizzes_passed_before
from courses.learning.course_state import CourseState, course_state
from courses.learning.queries import AttemptFact, EnrolmentProgress
from courses.people.due_dates import own_due
from courses.people.models import User


@dataclass(frozen=True)
class Place:
    """A person in a cohort that has a course: `left_at` None: they are in it now.

    `due_at` is the cohort's; None: the course has no due date there. `retired_at` None: the course
    can be begun.
    """

    user_id: int
    name: str
    email: str
    profession: str
    cohort: str
    joined_at: datetime
    left_at: datetime | None
    assignment_id: int
    due_at: datetime | None
    course_id: int
    course_key: str
    newest_edition_id: int
    retired_at: datetime | None

    def has_come(self, moment: datetime | None) -> bool:
        """Whether it happened, and not only after the person had left."""
        return moment is not None and (self.left_at is None or moment <= self.left_at)

    def holds(self, moment: datetime | None) -> bool:
        """Whether it happened between joining and leaving."""
        return moment is not None and moment >= self.joined_at and self.has_come(moment)


@dataclass(frozen=True)
class StaffRecord:
    """What the organisation's own record says of a person; "" where it says nothing."""

    employee_number: str = ""
    team: str = ""


@dataclass(frozen=True)
class CertificateFact:
    """A certificate as a row shows it; `revoked_at` None: it was not withdrawn."""

    code: str
    issued_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class RowFacts:
    """Everything that one row is made of, as it is stored.

    `enrolment` None: the course was never started; then `edition` is None. `first_lesson_at` None:
    no lesson was begun. `title` is of the learner's edition, else of the newest. `certificates`
    are all of the enrolment, replaced ones too, the newest last.
    `participatory_minutes` is 0 on all rows of a person but their first: group sessions belong to
    no course, and a sum over the file is to count them once.
    """

    place: Place
    title: str
    staff: StaffRecord
    enrolment: EnrolmentProgress | None = None
    edition: int | None = None
    first_lesson_at: datetime | None = None
    extended_to: datetime | None = None
    certificates: tuple[CertificateFact, ...] = ()
    participatory_minutes: int = 0


def cells_of(facts: RowFacts) -> dict[str, object]:
    """The cells by the keys of `columns.HEADINGS`: days in London in ISO form, "" for nothing."""
    place = facts.place
    cells: dict[str, object] = {
        "name": place.name,
        "email": place.email,
        "employee_number": facts.staff.employee_number,
        "team": facts.staff.team,
        "profession": str(User.Profession(place.profession).label),
        "cohort": place.cohort,
        "joined_on": _iso_day(place.joined_at),
        "left_on": _iso_day(place.left_at),
        "course_title": facts.title,
        "course_key": place.course_key,
        "due_on": _iso_day(own_due(place.due_at, facts.extended_to)),
        "state": _state(place, None).words,
        "individual_minutes": 0,
        "participatory_minutes": facts.participatory_minutes,
    }
    enrolment = facts.enrolment
    if enrolment and place.has_come(enrolment.enrolment.enrolled_at):
        cells |= _learning_cells(facts, enrolment)
    return cells


def _learning_cells(facts: RowFacts, enrolment: EnrolmentProgress) -> dict[str, object]:
    place = facts.place
    seen = _seen(place, enrolment)
    completed_at = enrolment.enrolment.completed_at
    last_seen_at = enrolment.last_seen_at
    cells: dict[str, object] = {
        "edition": facts.edition,
        "state": _state(place, seen).words,
        "enrolled_on": _day_or_before(place, enrolment.enrolment.enrolled_at),
        "started_on": _day_or_before(place, facts.first_lesson_at),
        "last_seen_on": _iso_day(last_seen_at) if place.holds(last_seen_at) else "",
        "completed_on": _day_or_before(place, completed_at),
        "individual_minutes": _individual_minutes(place, seen),
    }
    cells |= _score_cells(place, enrolment, seen)
    # Its page says when the course was completed, so it is shown only where that day is too.
    if place.holds(completed_at):
        cells |= _certificate_cells(facts)
    return cells


def _seen(place: Place, enrolment: EnrolmentProgress) -> EnrolmentProgress:
    """The enrolment with the attempts opened since joining, and nothing of after leaving."""
    since = progress_since(enrolment, place.joined_at)
    attempts = []
    for attempt in since.attempts:
        if place.has_come(attempt.submitted_at or attempt.opened_at):
            attempts.append(attempt)
    lessons = []
    for row in since.progress.lessons:
        is_later = not place.has_come(since.lesson_at.get(row.lesson.key))
        lessons.append(replace(row, is_completed=False) if is_later else row)
    progress = replace(since.progress, lessons=tuple(lessons))
    return replace(since, attempts=tuple(attempts), progress=progress)


def _state(place: Place, seen: EnrolmentProgress | None) -> CourseState:
    """The state in the five words that every page uses; `seen` None: they have not begun."""
    is_completed = seen is not None and place.has_come(seen.enrolment.completed_at)
    progress = seen.progress if seen else None
    return course_state(progress, is_completed=is_completed, is_open=place.retired_at is None)


def _individual_minutes(place: Place, seen: EnrolmentProgress) -> int:
    """Individual CPD minutes of what was done between joining and leaving.

    Those of the whole course once it is completed then, as its certificate says; 0 where it was
    completed before joining.
    """
    completed_at = seen.enrolment.completed_at
    if place.has_come(completed_at):
        return seen.content.minutes if place.holds(completed_at) else 0
    minutes = 0
    for row in seen.progress.lessons:
        if row.is_completed and place.holds(seen.lesson_at.get(row.lesson.key)):
            minutes += row.lesson.minutes
    for quiz in seen.content.finals:
        if any(attempt.passed for attempt in seen.attempts_at(quiz.key)):
            minutes += quiz.minutes
    return minutes


def _score_cells(
    place: Place, enrolment: EnrolmentProgress, seen: EnrolmentProgress
) -> dict[str, object]:
    """Marks of the best attempt at the final quiz; of several quizzes, their sum."""
    finals = seen.content.finals
    best = [seen.best_at(quiz.key) for quiz in finals]
    scored = [attempt for attempt in best if attempt]
    before = quizzes_passed_before(enrolment, place.joined_at)
    passed_since = {attempt.quiz_key for attempt in scored if attempt.passed}
    is_all = all(quiz.key in passed_since | before for quiz in finals)
    passed = ""
    if scored or before:
        passed = "no" if not is_all else "yes" if passed_since else BEFORE
    cells: dict[str, object] = {"passed": passed}
    if any(attempt.is_assessed_otherwise for attempt in scored):
        cells["assessed_otherwise"] = "yes"
    return cells | _marks_cells(scored)


def _marks_cells(scored: list[AttemptFact]) -> dict[str, object]:
    with_marks = [attempt for attempt in scored if not attempt.is_assessed_otherwise]
    earned = sum((attempt.earned for attempt in with_marks), Decimal(0))
    possible = sum(attempt.possible for attempt in with_marks)
    if not possible:
        return {}
    percent = int(100 * earned / possible)  # rounded down, as every percent is
    return {
        "best_marks": shown_marks(earned),
        "best_possible": possible,
        "best_percent": percent,
    }


def _certificate_cells(facts: RowFacts) -> dict[str, object]:
    """The newest certificate; of those who have left, the newest that they had by then."""
    issued = [row for row in facts.certificates if facts.place.has_come(row.issued_at)]
    if not issued:
        return {}
    certificate = issued[-1]
    return {
        "certificate_code": show_code(certificate.code),
        "certificate_issued_on": _iso_day(certificate.issued_at),
        # Also where they had left by then: a certificate that counts no more must not look as if.
        "certificate_revoked_on": _iso_day(certificate.revoked_at),
    }


def _day_or_before(place: Place, moment: datetime | None) -> str:
    if not place.has_come(moment):
        return ""
    return _iso_day(moment) if place.holds(moment) else BEFORE


def _iso_day(moment: datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""
