"""Who had passed was on no list until they opened the PDF: issued at the pass, listed at once."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.assessment.models import Attempt
from courses.certificates.codes import show_code
from courses.certificates.models import Certificate
from courses.dashboards.queries import learners_on
from courses.learning.actions import assess_otherwise, close_expired_attempts, submit_attempt
from courses.models import Enrolment
from tests.conftest import answer_all, begin_quiz, given, learn
from tests.test_certificates import complete


def rows_of(text: str) -> dict[str, dict[str, str]]:
    header, *body = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    return {row[0]: dict(zip(header, row, strict=True)) for row in body}


def test_it_works(cast, course, sign_in):
    """Ana hands in and closes the page. Tess sees it in the record, the table and the file."""
    complete(cast.ana, course)
    code, tess = show_code(Certificate.objects.get(user=cast.ana).code), sign_in(cast.tess)
    address = [cast.cohort.key, "tiny"]
    record = tess.get(reverse("courses:learner", args=[*address, cast.ana.key])).text
    assert code in record
    assert "Passed" in tess.get(reverse("courses:cohort-progress", args=address)).text
    row = rows_of(tess.get(reverse("courses:cohort-csv", args=address)).text)["Ana"]
    today = timezone.localdate().isoformat()
    assert (row["Certificate"], row["Certificate issued"]) == (code, today)


def test_a_lesson_that_was_the_last_thing_missing_issues_it(cast, course):
    learn(cast.ana, course, lessons=1)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    submit_attempt(cast.ana, attempt.key, timezone.now())
    assert not Certificate.objects.exists()
    learn(cast.ana, course)
    assert Certificate.objects.get().user == cast.ana


def test_a_pass_by_hand_issues_it(cast, course):
    learn(cast.ana, course)
    assess_otherwise(cast.tess, given(cast), cast.ana.pk, "final", "Shown", timezone.now())
    assert Certificate.objects.get().user == cast.ana


def test_an_attempt_whose_time_ran_out_issues_it_when_it_is_closed(cast, course):
    """Completed at the deadline, issued when the timer closed it: the paper says both days."""
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    deadline = timezone.now() - timedelta(days=3)
    Attempt.objects.filter(pk=attempt.pk).update(
        deadline_at=deadline, opened_at=deadline - timedelta(hours=1)
    )
    Enrolment.objects.update(enrolled_at=deadline - timedelta(days=9))
    now = timezone.now()
    close_expired_attempts(now)
    held = Certificate.objects.get()
    assert held.issued_at == now
    assert held.facts["issued_on"] == timezone.localdate(now).isoformat()
    completed_at = Enrolment.objects.get(user=cast.ana).completed_at
    assert held.facts["completed_on"] == timezone.localdate(completed_at).isoformat()


def test_what_fails_to_be_issued_leaves_the_attempt_open(cast, course, monkeypatch):
    """One transaction: nobody has passed and lacks the certificate."""

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    monkeypatch.setattr("courses.certificates.actions.facts_of", fail)
    with pytest.raises(OSError, match="full"):
        submit_attempt(cast.ana, attempt.key, timezone.now())
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.OPEN
    assert Enrolment.objects.get(user=cast.ana).completed_at is None


def issued_of(cast, now: datetime) -> datetime | None:
    (ana,) = learners_on([given(cast)], now)
    return ana.certificate.issued_at if ana.certificate else None


def test_the_list_has_it_in_the_same_second(cast, course):
    assert issued_of(cast, timezone.now()) is None
    complete(cast.ana, course)
    completed_at = Enrolment.objects.get(user=cast.ana).completed_at
    assert issued_of(cast, completed_at) == completed_at
