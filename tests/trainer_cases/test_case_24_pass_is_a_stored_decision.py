"""Progress over 100 % must not block a certificate: a pass is stored, and no percent is compared."""

import ast
from pathlib import Path

import pytest
from django.utils import timezone

from courses.assessment.models import Attempt
from courses.authoring.publishing import publish
from courses.certificates.actions import correct_name
from courses.certificates.models import Certificate
from courses.learning.actions import submit_attempt
from courses.learning.models import Enrolment
from courses.learning.queries import progress_of
from courses.library.queries import catalogue
from courses.models import Cohort, Organisation
from courses.people.actions import leave_cohort
from courses.readiness.queries import group_counts, levels_of
from tests.conftest import answer_all, begin_quiz, learn

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def completed(cast, course) -> Enrolment:
    """Ana has completed the course."""
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    submit_attempt(cast.ana, attempt.key, timezone.now())
    enrolment = Enrolment.objects.get(user=cast.ana)
    assert enrolment.completed_at
    return enrolment


def current_in(cast) -> int:
    """How many people the coverage of Ana's organisation counts as trained and current."""
    levels = levels_of("tiny", catalogue(), {})
    counts = group_counts(cast.cohort.organisation, levels, [timezone.localdate()])
    return sum(count.current for count in counts)


def test_it_works(cast, completed, sign_in):
    assert current_in(cast) == 1
    assert sign_in(cast.ana).get("/courses/tiny/certificate/", follow=True).status_code == 200


def test_a_course_that_lost_a_lesson_makes_no_more_than_everything(
    cast, completed, sign_in, tiny_content
):
    """More lessons finished than the newest edition has: completed, counted, and a certificate."""
    lessons = tiny_content[0].lessons[:1]
    publish([tiny_content[0].model_copy(update={"lessons": lessons})], timezone.now())
    progress = progress_of([completed])[completed.pk]
    assert progress.is_completed
    assert progress.progress.percent <= 100
    assert current_in(cast) == 1
    assert sign_in(cast.ana).get("/courses/tiny/certificate/", follow=True).status_code == 200


@pytest.mark.parametrize(("passed", "share"), [(True, 0), (False, 1)])
def test_the_stored_decision_counts_and_not_the_marks(cast, completed, passed, share):
    attempt = Attempt.objects.get(user=cast.ana)
    earned = attempt.possible * share
    Attempt.objects.filter(pk=attempt.pk).update(passed=passed, earned=earned)
    progress = progress_of([completed])[completed.pk].progress
    assert progress.finals[0].is_passed is passed
    assert progress.is_complete is passed


def test_no_percent_is_compared_with_a_number_anywhere():
    places = []
    for path in sorted((ROOT / "courses").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and _compares_percent(node):
                places.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert places == []


def _compares_percent(node: ast.Compare) -> bool:
    sides = [node.left, *node.comparators]
    is_percent = any("percent" in ast.unparse(side) for side in sides)
    is_number = any(isinstance(s, ast.Constant) and isinstance(s.value, int) for s in sides)
    return is_percent and is_number


def test_the_cohort_stays_on_the_certificate_as_it_was(cast, course, sign_in, client):
    """Renamed, archived or deleted, or left: the certificate says where it was learnt."""
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    Organisation.objects.update(confirmed_at=timezone.now())
    submit_attempt(cast.ana, attempt.key, timezone.now())
    held = Certificate.objects.get()
    facts = held.facts
    assert (facts["cohort_name"], facts["organisation_name"]) == ("Autumn", "Riverside")
    Organisation.objects.update(name="Another", confirmed_at=None)
    Cohort.objects.update(name="Winter", archived_at=timezone.now())
    leave_cohort(cast.ana, cast.cohort, timezone.now())
    cast.cohort.delete()
    newer = correct_name(held, "Ana Wren", timezone.now())
    for certificate in (held, newer):
        certificate.refresh_from_db()
        said = (certificate.facts["cohort_name"], certificate.facts["organisation_name"])
        assert said == ("Autumn", "Riverside")
        assert "Autumn" in sign_in(cast.ana).get(f"/certificates/{certificate.code}/").text
    checked = client.get(f"/verify/{newer.code}/").text
    assert "Riverside" in checked
    assert "Autumn" not in checked, "the cohort is for the holder and the trainers"


def test_of_somebody_who_learns_alone_there_is_no_cohort(cast, course):
    learn(cast.ben, course)
    attempt = begin_quiz(cast.ben, course)
    answer_all(cast.ben, attempt)
    submit_attempt(cast.ben, attempt.key, timezone.now())
    assert Certificate.objects.get().facts["cohort_name"] is None
