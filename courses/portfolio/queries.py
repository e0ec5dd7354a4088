"""What a learner finds on "My practice": their notes, plans, minutes, certificates and sheets."""

from dataclasses import dataclass
from datetime import date

from courses.certificates.models import Certificate
from courses.group_sessions.queries import Participation, participation_of
from courses.learning.plans import Plan, answers_of, plans_in
from courses.learning.queries import EnrolmentProgress, enrolment_progress_of
from courses.library.queries import CatalogueEntry, catalogue
from courses.people.models import User
from courses.portfolio.notes import LessonNotes, Note, by_lesson, notes_in


@dataclass(frozen=True)
class Writing:
    """Everything one learner wrote in lessons: plans in the order of `plans_of`, and notes."""

    plans: list[Plan]
    notes: list[Note]


@dataclass(frozen=True)
class Practice:
    """What "My practice" shows. `due` are plans whose day has come, `ahead` the other open ones.

    `minutes` is the designed time of what was completed, `courses` each enrolment's progress with
    its certificate or None. `participation` is their group sessions.
    `sheets` are the published courses that have a handout.
    """

    due: list[Plan]
    ahead: list[Plan]
    past: list[Plan]
    lessons: list[LessonNotes]
    note_count: int
    minutes: int
    participation: Participation
    courses: list[tuple[EnrolmentProgress, Certificate | None]]
    sheets: list[CatalogueEntry]


def writing_of(user: User) -> Writing:
    """What this person wrote in lessons; one SQL query."""
    answers = list(answers_of(user))
    return Writing(plans_in(answers), notes_in(answers))


def practice_of(user: User, today: date) -> Practice:
    """Everything on this person's page, in a fixed number of SQL queries."""
    writing = writing_of(user)
    held = Certificate.objects.held_by(user).current()
    certificates = {certificate.enrolment_id: certificate for certificate in held}
    courses = enrolment_progress_of(user)
    rows = [(row, certificates.get(row.enrolment.pk)) for row in courses]
    due = [plan for plan in writing.plans if needs_answer(plan, today)]
    ahead = [plan for plan in writing.plans if plan.is_open and plan not in due]
    return Practice(
        due=due,
        ahead=ahead,
        past=[plan for plan in writing.plans if not plan.is_open],
        lessons=by_lesson(writing.notes),
        note_count=len(writing.notes),
        minutes=sum(row.progress.minutes for row in courses),
        participation=participation_of(user),
        courses=rows,
        sheets=[entry for entry in catalogue() if entry.content.handout],
    )


def needs_answer(plan: Plan, today: date) -> bool:
    """Whether the page asks how it went: it has come back, and it is not done with."""
    return plan.is_open and plan.asked_on[0] <= today


def plan_called(user: User, course: str, name: str) -> Plan | None:
    """This person's plan that addresses call so; None where they have none such."""
    for plan in writing_of(user).plans:
        if (plan.course.key, plan.name) == (course, name):
            return plan
    return None
