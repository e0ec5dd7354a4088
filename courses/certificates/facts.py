"""What a certificate says, gathered once, when it is issued, from what is stored."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from courses.assessment.models import Attempt
from courses.assessment.scoring import shown_marks
from courses.certificates.pdf import VERSION
from courses.library import content
from courses.library.models import Edition
from courses.library.queries import content_of
from courses.organisations.queries import shown_logo
from courses.people.models import Cohort, CohortMembership
from courses.signoffs.queries import review_statuses_on
from courses.signoffs.review_status import status_of


@dataclass(frozen=True)
class Completion:
    """That a person completed a course in one edition, and when: what a certificate is about."""

    enrolment_id: int
    user_id: int
    course_id: int
    edition_id: int
    completed_at: datetime

    @property
    def content(self) -> content.Course:
        return content_of(self.edition_id)


def facts_of(completion: Completion, name: str, now: datetime) -> dict[str, object]:
    """Everything the certificate says, fixed at this moment, as JSON values.

    Dates are London days in ISO form. `pdf.read_facts` reads it: raise `pdf.VERSION` where a
    key changes its meaning.
    """
    course = completion.content
    statuses = review_statuses_on(completion.course_id, completion.edition_id)
    review_status = status_of([statuses[lesson.key] for lesson in course.lessons])
    passed = _passed_attempts(completion)
    cohort = _cohort_of(completion)
    organisation = cohort.organisation if cohort else None
    logo = shown_logo(organisation) if organisation else None
    # Not the whole row: the content of an edition is large, and in memory already.
    numbers = Edition.objects.values_list("number", flat=True)
    return {
        "version": VERSION,
        "name": name,
        "course_title": course.title,
        "edition": numbers.get(pk=completion.edition_id),
        "outcomes": _outcomes_asked(course, passed),
        "completed_on": timezone.localdate(completion.completed_at).isoformat(),
        "issued_on": timezone.localdate(now).isoformat(),
        "individual_minutes": course.minutes,
        "participatory_minutes": 0,
        "result": _result(course, passed),
        "organisation_name": organisation.printed_name if organisation else None,
        "organisation_logo": logo.digest if logo else None,
        "cohort_name": cohort.name if cohort else None,
        "content_status": review_status.words,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }


def _cohort_of(completion: Completion) -> Cohort | None:
    """The cohort the learner did the course in, with its organisation; None: they learn alone.

    Of several, the one that decides about their attempts (`permissions.deciding_membership`).
    """
    deciding = CohortMembership.objects.deciding(completion.user_id, completion.course_id)
    membership = deciding.select_related("cohort__organisation").first()
    return membership.cohort if membership else None


def _passed_attempts(completion: Completion) -> list[Attempt]:
    """The passed attempt with the most marks at each final quiz, in the order of the course."""
    attempts = Attempt.objects.filter(
        user=completion.user_id,
        course=completion.course_id,
        state=Attempt.State.SCORED,
        passed=True,
    )
    best: dict[str, Attempt] = {}
    for attempt in attempts.order_by("number"):
        other = best.get(attempt.quiz_key)
        if not other or (attempt.earned or 0) > (other.earned or 0):
            best[attempt.quiz_key] = attempt
    return [best[quiz.key] for quiz in completion.content.finals if quiz.key in best]


def _result(course: content.Course, passed: list[Attempt]) -> str:
    """The result as the certificate says it: that of the final quiz passed with most marks."""
    if not passed:
        return "All lessons completed"
    with_marks = [attempt for attempt in passed if attempt.earned is not None]
    if not with_marks:
        title = _title_of(course, passed[0])
        return f"{title} passed: assessed in another way by a trainer"
    best = max(with_marks, key=_fraction)
    marks = shown_marks(best.earned or Decimal(0))
    return f"{_title_of(course, best)} passed with {marks} of {best.possible} marks"


def _fraction(attempt: Attempt) -> Decimal:
    return (attempt.earned or Decimal(0)) / (attempt.possible or 1)


def _title_of(course: content.Course, attempt: Attempt) -> str:
    quiz = course.quiz(attempt.quiz_key)
    return quiz.title if quiz else attempt.quiz_key


def _outcomes_asked(course: content.Course, passed: list[Attempt]) -> list[str]:
    """The outcomes that an item of the passed attempts was about, in the order of the course.

    All outcomes where the course has no final quiz: its lessons are what was completed. Of a quiz
    that was assessed in another way, those that its items may ask about.
    """
    if not course.finals:
        return [outcome.text for outcome in course.outcomes]
    asked = set()
    for attempt in passed:
        if attempt.assessed_by_id is not None:
            asked |= {item.outcome for item in course.pool(attempt.quiz_key)}
        asked |= _outcomes_drawn(attempt)
    return [outcome.text for outcome in course.outcomes if outcome.key in asked]


def _outcomes_drawn(attempt: Attempt) -> set[str]:
    """The keys of the outcomes that the items drawn for this attempt are about."""
    edition = content_of(attempt.edition_id)
    items = [edition.item(row["key"]) for row in attempt.items]
    return {item.outcome for item in items if item}
