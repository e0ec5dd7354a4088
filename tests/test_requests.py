"""A request for an accommodation goes to the trainers by mail, its answer to the learner."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from courses.assessment.accommodations import decline_request, request_accommodation
from courses.assessment.models import AccommodationRequest, ExtraAttempt, ExtraTime
from courses.dashboards.actions import mailing_answers
from courses.dashboards.queries import learners_on
from courses.learning.actions import submit_attempt
from courses.models import OutgoingMail
from courses.people.actions import join_cohort, leave_cohort, start_cohort
from courses.people.models import User
from tests.conftest import begin_quiz, given, learn, person

T = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DECLINED = {"answer": "Look at step 3 first."}
ASK = {"kind": "attempt", "reason": "The line broke down"}


@pytest.fixture
def asking(cast, course, sign_in):
    """Ana, who has taken both attempts, signed in; and where she asks."""
    learn(cast.ana, course)
    for _ in range(2):
        submit_attempt(cast.ana, begin_quiz(cast.ana, course).key, timezone.now())
    return sign_in(cast.ana), reverse("courses:ask-for-more", args=["tiny", "final"])


def of_ana(cast, name: str, *more: object) -> str:
    return reverse(f"courses:{name}", args=[cast.cohort.key, "tiny", cast.ana.key, *more])


def asked_by_ana(cast, course, kind: str = "attempt") -> AccommodationRequest:
    learn(cast.ana, course)
    return request_accommodation(cast.ana, course.pk, "final", kind, "The line broke down", T)


def test_it_works(cast, asking, sign_in, mailoutbox):
    """Ana asks, Tess gets a mail, answers on the page it leads to, and Ana gets a mail."""
    ana, url = asking
    page = ana.post(url, ASK, follow=True).content.decode()
    assert "We are sending your trainer an email" in page
    (mail,) = mailoutbox
    assert mail.to == ["tess@example.org"]
    assert mail.subject == "Ana asks for one more attempt: Final quiz, Tiny things"
    assert of_ana(cast, "learner") in mail.body
    assert "The line broke down" not in mail.body, "why is read on the page"

    tess = sign_in(cast.tess)
    tess.post(of_ana(cast, "grant-attempt", "final"), {"reason": "Of course"})
    answer = mailoutbox[1]
    assert answer.to == ["ana@example.org"]
    assert answer.subject == "Tess has granted your request: Tiny things"
    assert "Tess has granted it" in answer.body
    assert "/courses/tiny/quiz/final/" in answer.body
    assert "Of course" not in answer.body, "it was asked for as a note for the record"


def test_a_page_opened_before_the_field_was_renamed_still_asks(cast, course, sign_in):
    url = "/courses/tiny/quiz/final/ask/"
    learn(cast.ana, course)
    sign_in(cast.ana).post(url, {"wish": "time", "reason": "The line broke down"})
    assert AccommodationRequest.objects.get().kind == "time"


def test_a_request_that_is_declined_is_answered_as_the_page_says(cast, course, sign_in, mailoutbox):
    asked = asked_by_ana(cast, course)
    page = (
        sign_in(cast.tess)
        .post(of_ana(cast, "decline-request", asked.key), DECLINED, follow=True)
        .content.decode()
    )
    assert "We are sending Ana an email" in page
    (mail,) = mailoutbox
    assert mail.to == ["ana@example.org"]
    assert mail.subject == "Tess has declined your request: Tiny things"
    assert "Tess writes: “Look at step 3 first.”" in mail.body
    assert mail.reply_to == ["tess@example.org"]


def test_more_time_is_answered_too(cast, course, sign_in, mailoutbox):
    asked_by_ana(cast, course, "time")
    sign_in(cast.tess).post(of_ana(cast, "grant-time", "final"), {"reason": "Yes", "minutes": "15"})
    (mail,) = mailoutbox
    assert "You asked your trainer for more time" in mail.body
    assert "It counts from now on" in mail.body


def test_a_second_press_and_a_second_answer_send_nothing(cast, course, sign_in, mailoutbox):
    asked = asked_by_ana(cast, course)
    tess = sign_in(cast.tess)
    for _ in range(3):
        tess.post(of_ana(cast, "decline-request", asked.key), DECLINED)
    assert len(mailoutbox) == 1


def test_a_second_request_for_the_same_sends_nothing(cast, asking, mailoutbox):
    ana, url = asking
    for _ in range(3):
        ana.post(url, ASK)
    assert len(mailoutbox) == 1


def test_what_nobody_asked_for_is_not_answered(cast, course, sign_in, mailoutbox):
    learn(cast.ana, course)
    sign_in(cast.tess).post(of_ana(cast, "grant-attempt", "final"), {"reason": "A gift"})
    assert mailoutbox == []


def test_each_trainer_who_may_answer_gets_one_mail_and_nobody_else(
    cast, course, asking, mailoutbox
):
    """Uma trains two of Ana's cohorts; Ida has left the organisation; Olga trains one Ana left."""
    organisation = cast.cohort.organisation
    uma, ida = person("Uma"), person("Ida")
    uma.memberships.create(organisation=organisation, role="trainer")
    ida.memberships.create(organisation=organisation, role="trainer", ended_at=timezone.now())
    second = start_cohort(cast.tess, organisation, "Winter", course, None, timezone.now())
    for cohort in (cast.cohort, second):
        cohort.trainers.add(uma, ida)
    join_cohort(cast.ana, second, timezone.now())
    join_cohort(cast.ana, cast.other_cohort, timezone.now())
    leave_cohort(cast.ana, cast.other_cohort, timezone.now())
    ana, url = asking
    ana.post(url, ASK)
    assert sorted(mail.to[0] for mail in mailoutbox) == ["tess@example.org", "uma@example.org"]


def test_a_trainer_who_learns_in_their_own_cohort_does_not_ask_themselves(
    cast, course, sign_in, mailoutbox
):
    join_cohort(cast.tess, cast.cohort, timezone.now())
    learn(cast.tess, course)
    sign_in(cast.tess).post(reverse("courses:ask-for-more", args=["tiny", "final"]), ASK)
    assert mailoutbox == []


def test_a_request_and_its_mail_are_committed_together(cast, asking, outbox):
    ana, url = asking
    ana.post(url, ASK)
    assert AccommodationRequest.objects.count() == OutgoingMail.objects.count() == 1
    assignment = given(cast)
    (learner,) = learners_on([assignment], timezone.now())
    with pytest.raises(LookupError), transaction.atomic():
        mailing_answers(learner, decline_request)(
            cast.tess, assignment, AccommodationRequest.objects.get(), "No", timezone.now()
        )
        raise LookupError
    assert AccommodationRequest.objects.pending().count() == OutgoingMail.objects.count() == 1


def test_a_name_of_two_lines_is_one_in_the_subject(cast, asking, sign_in, mailoutbox):
    User.objects.filter(pk=cast.ana.pk).update(name="Ana\nBcc: all@example.org")
    ana, url = asking
    assert ana.post(url, ASK).status_code == 302
    assert mailoutbox[0].subject.startswith("Ana Bcc: all@example.org asks")
    assert mailoutbox[0].recipients() == ["tess@example.org"]
    assert timedelta(0) < timezone.now() - AccommodationRequest.objects.get().asked_at


def test_declining_takes_a_sentence_and_keeps_nothing_back(cast, course, sign_in, mailoutbox):
    """Without one nothing is decided; what is too long stands on the page to be shortened."""
    asked = asked_by_ana(cast, course)
    tess = sign_in(cast.tess)
    empty = tess.post(of_ana(cast, "decline-request", asked.key), {"answer": "  \n "})
    assert empty.status_code == 400
    assert "To decline, write one sentence that says why" in empty.content.decode()
    long = tess.post(of_ana(cast, "decline-request", asked.key), {"answer": "No. " * 100})
    assert long.status_code == 400
    assert "No. " * 100 in long.content.decode()
    asked.refresh_from_db()
    assert asked.decided_at is None
    assert mailoutbox == []


def test_the_answer_stands_on_the_page_of_the_quiz(cast, asking, sign_in):
    ana, url = asking
    ana.post(url, ASK)
    asked = AccommodationRequest.objects.get()
    sign_in(cast.tess).post(of_ana(cast, "decline-request", asked.key), DECLINED)
    page = ana.get("/courses/tiny/quiz/final/").content.decode()
    assert "Your trainer’s answer: “Look at step 3 first.”" in page
    ana.post(url, ASK | {"kind": "time"})
    page = ana.get("/courses/tiny/quiz/final/").content.decode()
    assert "They have not answered yet" in page
    assert "Your trainer’s answer: “Look at step 3 first.”" in page, "the newest is not the only"


def test_a_request_is_granted_beside_its_answer(cast, asking, sign_in, mailoutbox):
    """One form with two buttons; what was typed is the learner's to read, and so in the mail."""
    ana, url = asking
    ana.post(url, ASK)
    asked = AccommodationRequest.objects.get()
    tess = sign_in(cast.tess)
    page = tess.get(of_ana(cast, "learner")).content.decode()
    form = page.split(f'id="request-{asked.key}"')[1].split("</form>")[0]
    assert "Grant one more attempt</button>" in form
    assert "Decline</button>" in form
    for _ in range(2):
        tess.post(of_ana(cast, "grant-request", asked.key), {"answer": "Take your time."})
    asked.refresh_from_db()
    assert (asked.granted, asked.answer) == (True, "Take your time.")
    assert ExtraAttempt.objects.get().reason == "Take your time."
    assert len(mailoutbox) == 2, "the request and one answer"
    assert "Tess writes: “Take your time.”" in mailoutbox[1].body


def test_granting_needs_no_sentence_and_time_needs_minutes(cast, course, sign_in, mailoutbox):
    asked = asked_by_ana(cast, course, "time")
    tess = sign_in(cast.tess)
    for minutes in ("", "0", "soon", "301"):
        refused = tess.post(of_ana(cast, "grant-request", asked.key), {"minutes": minutes})
        assert refused.status_code == 400, minutes
    assert not ExtraTime.objects.exists()
    tess.post(of_ana(cast, "grant-request", asked.key), {"minutes": "15"})
    granted = ExtraTime.objects.get()
    assert (granted.minutes, granted.reason) == (15, "The line broke down")
    assert "writes" not in mailoutbox[0].body


def test_requests_come_first_and_are_never_cut(cast, course, sign_in):
    """Twenty who ask stand before forty who never started."""
    for number in range(20):
        asker = person(f"Asker{number}")
        join_cohort(asker, cast.cohort, timezone.now())
        learn(asker, course)
        request_accommodation(asker, course.pk, "final", "attempt", f"Reason {number}.", T)
    for number in range(40):
        join_cohort(person(f"Absent{number}"), cast.cohort, timezone.now() - timedelta(days=9))
    text = sign_in(cast.tess).get("/cohorts/").content.decode()
    for number in range(20):
        assert f"“Reason {number}.”" in text
    assert text.count("Asks for one more attempt") == 20
    assert text.index("Asks for one more attempt") < text.index("Never started")
    assert "Remind all 40" in text
