"""A trainer records a pass by hand: it leads to the same state as a pass, marked as what it is."""

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.assessment.accommodations import PassedAlready, StillOpen
from courses.assessment.models import AccommodationRequest, Attempt
from courses.learning.actions import NotStarted, assess_otherwise, request_accommodation
from courses.learning.certifying import claim_certificate
from courses.learning.queries import enrolment_progress_on
from courses.library.queries import content_of
from courses.models import AuditEvent, Enrolment
from courses.people.permissions import OnOneself
from tests.conftest import begin_quiz, given, learn

pytestmark = pytest.mark.django_db
REASON = "Shown at length in a conversation"


def record(cast, learner, actor=None):
    return assess_otherwise(
        actor or cast.tess, given(cast), learner.pk, "final", REASON, timezone.now()
    )


def learn_all_lessons(cast, course):
    enrolment = learn(cast.ana, course)
    return Enrolment.objects.get(pk=enrolment.pk)


@pytest.fixture
def enrolment(cast, course):
    return learn_all_lessons(cast, course)


def test_it_works(cast, course, enrolment, sign_in):
    assert enrolment.completed_at is None
    address = [cast.cohort.key, "tiny", cast.ana.key]
    url = reverse("courses:assess-otherwise", args=[*address, "final"])
    response = sign_in(cast.tess).post(url, {"reason": REASON}, follow=True)
    assert "Passed, assessed in another way" in response.content.decode()
    enrolment.refresh_from_db()
    assert enrolment.completed_at is not None
    attempt = Attempt.objects.get(user=cast.ana, quiz_key="final")
    assert (attempt.passed, attempt.assessed_by, attempt.earned) == (True, cast.tess, None)
    event = AuditEvent.objects.get(action="record_pass")
    assert (event.actor, event.subject) == (cast.tess, cast.ana)
    assert REASON not in str(event.details)


def test_the_certificate_opens_and_says_how_it_came_about(cast, course, enrolment):
    record(cast, cast.ana)
    progress = enrolment_progress_on(cast.ana, "tiny")
    certificate = claim_certificate(progress, "Ana", timezone.now())
    assert certificate.facts["result"].endswith("passed: assessed in another way by a trainer")
    final = content_of(course.edition_id).pool("final")
    asked = {item.outcome for item in final}
    outcomes = content_of(course.edition_id).outcomes
    assert certificate.facts["outcomes"] == [row.text for row in outcomes if row.key in asked]


def test_the_learner_reads_it_with_the_reason(cast, enrolment, sign_in):
    attempt = record(cast, cast.ana)
    client = sign_in(cast.ana)
    page = client.get(reverse("courses:result", args=[attempt.key])).content.decode()
    assert REASON in page
    assert "Tess" in page
    quiz = client.get(reverse("courses:quiz", args=["tiny", "final"])).content.decode()
    assert "assessed in another way, passed" in quiz


def test_what_was_asked_for_is_answered_by_it(cast, course, enrolment):
    content = content_of(course.edition_id)
    quiz = content.quiz("final")
    request_accommodation(enrolment, content, quiz, "attempt", "I froze", timezone.now())
    record(cast, cast.ana)
    asked = AccommodationRequest.objects.get(user=cast.ana)
    assert (asked.granted, asked.decided_by) == (True, cast.tess)


def test_nobody_records_their_own(cast, course):
    learn(cast.tess, course)
    with pytest.raises(OnOneself):
        record(cast, cast.tess)
    assert not Attempt.objects.filter(user=cast.tess).exists()


def test_an_open_attempt_comes_first(cast, course, enrolment):
    begin_quiz(cast.ana, course)
    with pytest.raises(StillOpen):
        record(cast, cast.ana)


def test_a_second_press_changes_nothing(cast, enrolment):
    record(cast, cast.ana)
    with pytest.raises(PassedAlready):
        record(cast, cast.ana)
    assert Attempt.objects.filter(user=cast.ana).count() == 1


def test_who_never_began_has_nothing_to_record_in(cast):
    with pytest.raises(NotStarted):
        record(cast, cast.ana)


def test_it_counts_for_no_question(cast, course, enrolment, sign_in):
    """The statistics of questions and the cohort's gain come from answers."""
    record(cast, cast.ana)
    client = sign_in(cast.tess)
    for name in ("cohort-gain", "cohort-progress", "cohort-csv"):
        url = reverse(f"courses:{name}", args=[cast.cohort.key, "tiny"])
        response = client.get(url)
        assert response.status_code == 200
        assert "0 of 0" not in response.text
    assert client.get(reverse("courses:item-analysis", args=["tiny"])).status_code == 200


def test_the_table_and_its_file_say_so_in_place_of_marks(cast, enrolment, sign_in):
    record(cast, cast.ana)
    client = sign_in(cast.tess)
    address = [cast.cohort.key, "tiny"]
    table = client.get(reverse("courses:cohort-progress", args=address)).text
    assert "Passed, assessed in another way" in table
    file = client.get(reverse("courses:cohort-csv", args=address)).text
    assert '"assessed in another way","","yes"' in file
