"""One row of an export: the cells of one person on one course, from their facts.

An organisation sees what came since the person joined its cohort, and until they leave it. What
came before is said in words without dates, as in the trainer's table. Of who has left, the row
says from when until when they were there: that is what the privacy page promises.
"""

from dataclasses import dataclass
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

    def holds(self, moment: datetime | None) -> bool:
        """Whether it happened since joining."""
        return moment is not None and moment >= self.joined_at


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
    no lesson was begun. `title` is of the learner's edition, else of the newest. `certificate`
    is the one that counts; None: there is none.
    `participatory_minutes` is 0 on all rows of a person but the first of a cohort that they are in
    now: group sessions belong to no course, and a sum over the file is to count them once.
    """

    place: Place
    title: str
    staff: StaffRecord
    enrolment: EnrolmentProgress | None = None
    edition: int | None = None
    first_lesson_at: datetime | None = None
    extended_to: datetime | None = None
    certificate: CertificateFact | None = None
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
    }
    if place.left_at:
        return cells
    cells |= {
        "due_on": _iso_day(own_due(place.due_at, facts.extended_to)),
        "state": _state(place, facts.enrolment).words,
        "individual_minutes": 0,
        "participatory_minutes": facts.participatory_minutes,
    }
    return cells | _learning_cells(facts, facts.enrolment) if facts.enrolment else cells


def _learning_cells(facts: RowFacts, enrolment: EnrolmentProgress) -> dict[str, object]:
    place = facts.place
    seen = progress_since(enrolment, place.joined_at)
    completed_at = enrolment.enrolment.completed_at
    last_seen_at = enrolment.last_seen_at
    cells: dict[str, object] = {
        "edition": facts.edition,
        "enrolled_on": _day_or_before(place, enrolment.enrolment.enrolled_at),
        "started_on": _day_or_before(place, facts.first_lesson_at),
        "last_seen_on": _iso_day(last_seen_at) if place.holds(last_seen_at) else "",
        "completed_on": _day_or_before(place, completed_at),
        "individual_minutes": _individual_minutes(place, seen),
    }
    cells |= _score_cells(place, enrolment, seen)
    # Its page says when the course was completed, so it is shown only where that day is too.
    if facts.certificate and place.holds(completed_at):
        cells |= _certificate_cells(facts.certificate)
    return cells


def _state(place: Place, enrolment: EnrolmentProgress | None) -> CourseState:
    """The state in the five words that every page uses; `enrolment` None: they have not begun."""
    return course_state(
        enrolment.progress if enrolment else None,
        is_completed=enrolment is not None and enrolment.is_completed,
        is_open=place.retired_at is None,
    )


def _individual_minutes(place: Place, seen: EnrolmentProgress) -> int:
    """Individual CPD minutes of what was done since joining.

    Those of the whole course once it is completed then, as its certificate says; 0 where it was
    completed before joining.
    """
    if seen.is_completed:
        return seen.content.minutes if place.holds(seen.enrolment.completed_at) else 0
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


def _certificate_cells(certificate: CertificateFact) -> dict[str, object]:
    return {
        "certificate_code": show_code(certificate.code),
        "certificate_issued_on": _iso_day(certificate.issued_at),
        "certificate_revoked_on": _iso_day(certificate.revoked_at),
    }


def _day_or_before(place: Place, moment: datetime | None) -> str:
    if moment is None:
        return ""
    return _iso_day(moment) if place.holds(moment) else BEFORE


def _iso_day(moment: datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""
