"""Accommodations: requested, granted and declined; attempts voided; items regraded."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from courses.assessment.accommodations import (
    AskedAlready,
    NotVoidable,
    decline_request,
    grant_attempt,
    grant_time,
    request_accommodation,
    reset_quiz,
    void_attempt,
)
from courses.assessment.actions import NotOpen, TooSoon, drawn_item, open_attempt, save_response
from courses.assessment.forms import Event
from courses.assessment.items import right_answer
from courses.assessment.models import GRACE, AccommodationRequest, Attempt
from courses.authoring.publishing import publish
from courses.learning.actions import submit_attempt
from courses.library.models import Course
from courses.library.queries import content_of
from courses.models import AuditEvent, Enrolment, ItemScore, Regrade, RegradedAttempt
from tests.conftest import answer_all, begin_quiz, given, learn, wrong_answer

pytestmark = pytest.mark.django_db
T = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def republished(tiny_content, **changes) -> Course:
    """The tiny course with a final quiz of another rule."""
    tiny = tiny_content[0]
    quiz = tiny.quizzes[0].model_copy(update=changes)
    publish([tiny.model_copy(update={"quizzes": (quiz, *tiny.quizzes[1:])})], T)
    return Course.objects.get(key="tiny")


def begin(user, course, now=T) -> Attempt:
    quiz = content_of(course.edition_id).finals[0]
    return open_attempt(user, course.pk, course.edition_id, quiz, now)


def save(user, attempt, now, number=1):
    item = drawn_item(attempt, number)
    return save_response(
        user, attempt.key, item.key, right_answer(item), Event(uuid.uuid4(), 1), now
    )


def test_a_timed_attempt_ends_at_its_deadline_and_keeps_what_was_saved(cast, tiny_content):
    course = republished(tiny_content, limit_minutes=30)
    learn(cast.ben, course)
    attempt = begin(cast.ben, course)
    assert attempt.deadline_at == T + timedelta(minutes=30)
    save(cast.ben, attempt, T + timedelta(minutes=29))
    save(cast.ben, attempt, attempt.deadline_at + GRACE, number=2)  # it was on its way
    with pytest.raises(NotOpen, match="time was over"):
        save(cast.ben, attempt, attempt.deadline_at + GRACE + timedelta(seconds=1), number=3)
    done = submit_attempt(cast.ben, attempt.key, T + HOUR)
    assert (done.state, done.expired, done.submitted_at) == ("scored", True, attempt.deadline_at)
    assert done.earned == 2


def test_a_page_opened_after_the_deadline_is_the_result(cast, tiny_content, sign_in):
    course = republished(tiny_content, limit_minutes=1)
    learn(cast.ben, course)
    attempt = begin(cast.ben, course)  # long ago
    page = sign_in(cast.ben).get(reverse("courses:item", args=[attempt.key, 1]), follow=True)
    assert page.redirect_chain[-1][0] == reverse("courses:result", args=[attempt.key])
    assert "The time was over" in page.content.decode()


def test_granted_time_counts_for_the_open_attempt_and_those_to_come(cast, tiny_content):
    course = republished(tiny_content, limit_minutes=30)
    learn(cast.ana, course)
    attempt = begin(cast.ana, course)
    grant_time(
        cast.tess,
        given(cast),
        cast.ana.pk,
        "final",
        15,
        "Reads with a magnifier",
        T + timedelta(minutes=5),
    )
    attempt.refresh_from_db()
    assert attempt.deadline_at == T + timedelta(minutes=45)
    submit_attempt(cast.ana, attempt.key, T + timedelta(minutes=10))
    assert begin(cast.ana, course, T + HOUR).deadline_at == T + HOUR + timedelta(minutes=45)
    assert begin(cast.ben, course).deadline_at == T + timedelta(minutes=30), "it is hers alone"


def test_between_two_attempts_lies_the_pause_of_the_rule(cast, tiny_content):
    course = republished(tiny_content, wait_hours=12)
    learn(cast.ben, course)
    submit_attempt(cast.ben, begin(cast.ben, course).key, T)
    with pytest.raises(TooSoon, match="Monday 2 March 2026, 21:00"):
        begin(cast.ben, course, T + timedelta(hours=11, minutes=59))
    assert begin(cast.ben, course, T + timedelta(hours=12)).number == 2


def test_a_request_waits_once_and_a_grant_answers_it(cast, course):
    request_accommodation(cast.ana, course.pk, "final", "attempt", "Called away", T)
    with pytest.raises(AskedAlready):
        request_accommodation(cast.ana, course.pk, "final", "attempt", "Again", T)
    request_accommodation(cast.ana, course.pk, "final", "time", "Another wish", T)
    grant_attempt(cast.tess, given(cast), cast.ana.pk, "final", "Of course", T + HOUR)
    answered = AccommodationRequest.objects.get(kind="attempt")
    assert (answered.granted, answered.decided_by, answered.decided_at) == (
        True,
        cast.tess,
        T + HOUR,
    )
    assert AccommodationRequest.objects.pending().get().kind == "time"
    request_accommodation(cast.ana, course.pk, "final", "attempt", "And again", T + HOUR)


def test_of_two_answers_to_a_request_the_first_counts(cast, course):
    asked = request_accommodation(cast.ana, course.pk, "final", "attempt", "Called away", T)
    assert decline_request(cast.tess, given(cast), asked, "No", T)
    assert not decline_request(cast.mo, given(cast), asked, "No", T)
    assert AuditEvent.objects.filter(action="decline_request").count() == 1


def test_a_learner_asks_on_the_page_and_the_trainer_sees_it_first(cast, course, sign_in):
    learn(cast.ana, course)
    for _ in range(2):
        submit_attempt(cast.ana, begin_quiz(cast.ana, course).key, T)
    ana, url = sign_in(cast.ana), reverse("courses:quiz", args=["tiny", "final"])
    assert "Ask your trainer" in ana.get(url).content.decode()
    refused = ana.post(url + "ask/", {"kind": "attempt", "reason": "  "})
    assert refused.status_code == 400
    assert "Write the reason" in refused.content.decode()
    kept = ana.post(url + "ask/", {"kind": "a pony", "reason": "I would like one"})
    assert kept.status_code == 400
    assert 'value="I would like one"' in kept.content.decode()
    ana.post(url + "ask/", {"kind": "attempt", "reason": "The line broke down"})
    assert "They have not answered yet" in ana.get(url).content.decode()
    tess = sign_in(cast.tess)
    assert "Asks for one more attempt" in tess.get(reverse("courses:cohorts")).content.decode()
    record = tess.get(
        reverse("courses:learner", args=[cast.cohort.key, "tiny", cast.ana.key])
    ).content.decode()
    assert "“The line broke down”" in record


def test_who_learns_alone_has_nobody_to_ask(cast, course, sign_in):
    learn(cast.ben, course)
    ben, url = sign_in(cast.ben), reverse("courses:quiz", args=["tiny", "final"])
    assert ben.post(url + "ask/", {"kind": "attempt", "reason": "Please"}).status_code == 404
    assert not AccommodationRequest.objects.exists()


def test_a_voided_attempt_no_longer_counts_and_stays(cast, course):
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt, right=False)
    submit_attempt(cast.ana, attempt.key, T)
    void_attempt(cast.tess, given(cast), attempt, "The wrong person answered", T)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.voided_by, attempt.void_reason) == (
        "voided",
        cast.tess,
        "The wrong person answered",
    )
    assert attempt.responses.count() == 3
    assert Attempt.objects.counted().count() == 0
    with pytest.raises(NotVoidable):
        void_attempt(cast.tess, given(cast), attempt, "Twice", T)


def test_a_pass_is_not_voided(cast, course):
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    submit_attempt(cast.ana, attempt.key, T)
    with pytest.raises(NotVoidable):
        void_attempt(cast.tess, given(cast), attempt, "Envy", T)
    with pytest.raises(NotVoidable):
        reset_quiz(cast.tess, given(cast), cast.ana.pk, "final", "Envy", T)
    assert Attempt.objects.get().passed


def test_a_reset_gives_all_attempts_anew_and_loses_none(cast, course):
    learn(cast.ana, course)
    for _ in range(2):
        submit_attempt(cast.ana, begin_quiz(cast.ana, course).key, T)
    assert reset_quiz(cast.tess, given(cast), cast.ana.pk, "final", "A fresh start", T) == 2
    for number in (3, 4):
        attempt = begin_quiz(cast.ana, course)
        assert attempt.number == number
        submit_attempt(cast.ana, attempt.key, T)
    assert Attempt.objects.count() == 4


def corrected(tiny_content, key: str) -> None:
    """The tiny course again, with an item's right options made wrong and its wrong ones right."""
    tiny = tiny_content[0]
    items = [one if one.key != key else swapped(one) for one in tiny.items]
    publish([tiny.model_copy(update={"items": tuple(items)})], T)


def swapped(item):
    options = [
        one.model_copy(update={"correct": not one.correct}) for one in item.options[:2]
    ] + list(item.options[2:])
    return item.model_copy(update={"options": tuple(options)})


def one_wrong(user, course) -> tuple[Attempt, str]:
    """A submitted attempt whose single choice was answered as the corrected key has it."""
    attempt = begin_quiz(user, course)
    answer_all(user, attempt, right=False)
    number = next(n for n in (1, 2, 3) if drawn_item(attempt, n).kind == "single")
    item = drawn_item(attempt, number)
    save_response(user, attempt.key, item.key, [item.options[1].key], Event(uuid.uuid4(), 9), T)
    return submit_attempt(user, attempt.key, T), item.key


def test_marking_again_raises_marks_and_records_the_run(cast, course, tiny_content):
    learn(cast.ben, course)
    attempt, key = one_wrong(cast.ben, course)
    assert attempt.earned == 0
    corrected(tiny_content, key)
    cast.sam.is_staff = True
    call_command("regrade_item", "tiny", key, by=cast.sam.email, reason="The key was wrong")
    attempt.refresh_from_db()
    assert attempt.earned == 1
    assert ItemScore.objects.get(attempt=attempt, item_key=key).earned == 1
    row = RegradedAttempt.objects.get()
    assert (row.earned_before, row.earned_after, row.passed_after) == (0, 1, False)
    call_command("regrade_item", "tiny", key, by=cast.sam.email, reason="Again")
    attempt.refresh_from_db()
    assert (attempt.earned, Regrade.objects.count()) == (1, 2)


def test_marking_again_never_lowers_a_mark_or_a_pass(cast, course, tiny_content):
    learn(cast.ben, course)
    attempt = begin_quiz(cast.ben, course)
    answer_all(cast.ben, attempt)
    submit_attempt(cast.ben, attempt.key, T)
    key = next(
        one["key"]
        for one in attempt.items
        if content_of(course.edition_id).item(one["key"]).kind == "single"
    )
    corrected(tiny_content, key)
    call_command("regrade_item", "tiny", key, by=cast.sam.email, reason="The key was wrong")
    attempt.refresh_from_db()
    assert (attempt.earned, attempt.passed) == (3, True)


def test_who_passes_by_it_completes_the_course(cast, course, tiny_content):
    learn(cast.ben, course)
    attempt = begin_quiz(cast.ben, course)
    answer_all(cast.ben, attempt)
    number = next(n for n in (1, 2, 3) if drawn_item(attempt, n).kind == "single")
    item = drawn_item(attempt, number)
    save_response(cast.ben, attempt.key, item.key, [item.options[1].key], Event(uuid.uuid4(), 9), T)
    assert not submit_attempt(cast.ben, attempt.key, T).passed
    corrected(tiny_content, item.key)
    call_command("regrade_item", "tiny", item.key, by=cast.sam.email, reason="The key was wrong")
    attempt.refresh_from_db()
    assert attempt.passed
    assert Enrolment.objects.get(user=cast.ben).completed_at


@pytest.mark.parametrize(
    ("course_key", "item", "by", "reason"),
    [
        ("nowhere", "grows-a", "sam", "x"),
        ("tiny", "gone", "sam", "x"),
        ("tiny", "grows-a", "tess", "x"),
    ],
)
def test_what_cannot_be_marked_again_changes_nothing(cast, course, course_key, item, by, reason):
    with pytest.raises(CommandError, match=r"[Nn]othing was changed"):
        call_command("regrade_item", course_key, item, by=getattr(cast, by).email, reason=reason)
    assert not Regrade.objects.exists()


def test_other_options_cannot_be_read_against_old_answers(cast, course, tiny_content):
    learn(cast.ben, course)
    attempt, key = one_wrong(cast.ben, course)
    tiny = tiny_content[0]
    items = [
        one.model_copy(
            update={
                "options": (one.options[0].model_copy(update={"key": "other"}), *one.options[1:])
            }
        )
        if one.key == key
        else one
        for one in tiny.items
    ]
    publish([tiny.model_copy(update={"items": tuple(items)})], T)
    with pytest.raises(CommandError, match="other options"):
        call_command("regrade_item", "tiny", key, by=cast.sam.email, reason="x")
    attempt.refresh_from_db()
    assert attempt.earned == 0
    assert not Regrade.objects.exists()


def test_wrong_answers_of_the_cast_are_wrong(course):
    """Else the tests above prove nothing."""
    for item in content_of(course.edition_id).items:
        assert wrong_answer(item) != right_answer(item)
