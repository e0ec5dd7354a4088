import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from courses.assessment.accommodations import grant_attempt
from courses.assessment.actions import (
    AttemptsUsedUp,
    NotOpen,
    StaleAnswer,
    draw_items,
    drawn_item,
    newest_answers,
    open_attempt,
    rule_of,
    save_response,
)
from courses.assessment.actions import submit_attempt as score_submitted
from courses.assessment.forms import Event
from courses.assessment.items import score_item
from courses.assessment.models import Attempt, ExtraAttempt, ItemScore, Response
from courses.assessment.scoring import is_passed, score_attempt
from courses.authoring.publishing import publish
from courses.learning.actions import enrol, submit_attempt
from courses.learning.models import Enrolment
from courses.learning.queries import enrolment_progress_on
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.audit import AuditEvent
from tests.conftest import answer_all, begin_quiz, given, learn, right_answer, wrong_answer

T = datetime.fromisoformat("2026-03-02T09:00:00+00:00")


def event(sequence: int = 1) -> Event:
    return Event(uuid.uuid4(), sequence)


def save(user, attempt, answer=None, number=1, sequence=1, now=T):
    """Saves an answer to an item of the attempt, the right one unless another is given."""
    item = drawn_item(attempt, number)
    return save_response(
        user, attempt.key, item.key, answer or right_answer(item), event(sequence), now
    )


def take(user, course, *, right=True) -> Attempt:
    """One attempt, opened, answered and handed in."""
    attempt = begin_quiz(user, course)
    answer_all(user, attempt, right=right)
    return submit_attempt(user, attempt.key, timezone.now())


def rows(attempt) -> list[object]:
    """Everything that is stored of an attempt."""
    return [
        Attempt.objects.filter(pk=attempt.pk).values().get(),
        *Response.objects.filter(attempt=attempt).order_by("pk").values(),
        *ItemScore.objects.filter(attempt=attempt).order_by("pk").values(),
    ]


def test_it_works(cast, course):
    attempt = begin_quiz(cast.ben, course)
    assert (attempt.state, attempt.number, len(attempt.items)) == ("open", 1, 3)
    answer_all(cast.ben, attempt)
    scored = submit_attempt(cast.ben, attempt.key, T)
    assert (scored.state, scored.earned, scored.possible, scored.passed) == ("scored", 3, 3, True)
    assert scored.submitted_at == scored.scored_at == T
    assert scored.item_scores.count() == 3


def test_only_one_attempt_is_open_at_a_time(cast, course):
    first = begin_quiz(cast.ben, course)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(
            user=cast.ben,
            course=course,
            edition=first.edition,
            quiz_key="final",
            number=2,
            rule={},
            items=[],
        )
    assert begin_quiz(cast.ana, course).pk != first.pk


def test_an_open_attempt_is_resumed(cast, course):
    first = begin_quiz(cast.ben, course)
    save(cast.ben, first)
    again = begin_quiz(cast.ben, course)
    assert (again.pk, again.items) == (first.pk, first.items)
    assert again.responses.count() == 1


def test_the_draw_takes_one_of_each_parallel_group(tiny_content):
    tiny = tiny_content[0]
    drawn = [draw_items(tiny, tiny.finals[0], uuid.UUID(int=n)) for n in range(60)]
    groups = [sorted(tiny.item(one["key"]).parallel for one in shown) for shown in drawn]
    assert groups == [["danger", "grows", "small"]] * 60
    assert {one["key"] for shown in drawn for one in shown} == {
        item.key for item in tiny.pool("final")
    }
    assert len({tuple(one["key"] for one in shown) for shown in drawn}) > 20, (
        "items and their order vary"
    )


def test_a_draw_larger_than_the_groups_takes_more_but_no_item_twice(tiny_content):
    tiny = tiny_content[0]
    for draw in range(1, 7):
        quiz = tiny.finals[0].model_copy(update={"draw": draw})
        for n in range(20):
            keys = [one["key"] for one in draw_items(tiny, quiz, uuid.UUID(int=n))]
            assert len(keys) == len(set(keys)) == draw
            assert len({tiny.item(key).parallel for key in keys}) == min(draw, 3)


def test_the_options_of_an_item_are_all_shown_once_in_an_order_of_this_attempt(tiny_content):
    tiny = tiny_content[0]
    orders = set()
    for n in range(40):
        for one in draw_items(tiny, tiny.finals[0], uuid.UUID(int=n)):
            assert sorted(one["options"]) == sorted(
                option.key for option in tiny.item(one["key"]).options
            )
            if one["key"] == "grows-a":
                orders.add(tuple(one["options"]))
    assert len(orders) > 5


def test_the_right_option_stands_in_every_place(tiny_content):
    tiny = tiny_content[0]
    right = right_answer(tiny.item("grows-a"))[0]
    shown = [draw_items(tiny, tiny.finals[0], uuid.UUID(int=n)) for n in range(200)]
    places = {
        one["options"].index(right) for items in shown for one in items if one["key"] == "grows-a"
    }
    assert places == {0, 1, 2, 3}


def test_the_order_is_frozen_and_can_be_made_again(cast, course):
    attempt = begin_quiz(cast.ben, course)
    tiny = content_of(attempt.edition_id)
    assert attempt.items == draw_items(tiny, tiny.finals[0], attempt.key)
    assert Attempt.objects.get(pk=attempt.pk).items == attempt.items
    assert [drawn_item(attempt, n).key for n in (1, 2, 3)] == [one["key"] for one in attempt.items]


def test_the_order_cannot_be_foretold_without_the_secret(tiny_content, settings):
    tiny = tiny_content[0]
    before = [draw_items(tiny, tiny.finals[0], uuid.UUID(int=n)) for n in range(5)]
    settings.SECRET_KEY = "another-" * 8
    assert [draw_items(tiny, tiny.finals[0], uuid.UUID(int=n)) for n in range(5)] != before


def test_the_rule_the_edition_and_the_items_are_those_of_the_opening(cast, course, tiny_content):
    attempt = begin_quiz(cast.ben, course)
    edition = attempt.edition_id
    tiny = tiny_content[0]
    harder = tiny.finals[0].model_copy(update={"pass_mark": 1.0, "draw": 2})
    publish([tiny.model_copy(update={"quizzes": (harder,), "items": tiny.items[:4]})], T)
    save(cast.ben, attempt, number=1)
    save(cast.ben, attempt, number=2)
    scored = submit_attempt(cast.ben, attempt.key, T)
    assert Course.objects.get().edition_id != edition
    assert (scored.edition_id, scored.possible, scored.item_scores.count()) == (edition, 3, 3)
    assert scored.rule == rule_of(tiny.finals[0])


def test_attempts_are_limited(cast, course):
    first, second = take(cast.ben, course, right=False), take(cast.ben, course, right=False)
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(AttemptsUsedUp, match="all 2 attempts"):
        begin_quiz(cast.ben, course)
    assert Attempt.objects.taken_by(cast.ben).count() == 2
    assert begin_quiz(cast.ana, course).number == 1, "each person has their own"


def test_a_granted_attempt_can_be_taken_once_by_that_learner(cast, course):
    take(cast.ana, course, right=False)
    take(cast.ana, course, right=False)
    granted = grant_attempt(cast.tess, given(cast), cast.ana.pk, "final", "Was called away", T)
    third = begin_quiz(cast.ana, course)
    assert third.number == 3
    answer_all(cast.ana, third)
    assert submit_attempt(cast.ana, third.key, T).passed
    with pytest.raises(AttemptsUsedUp, match="all 3 attempts"):
        begin_quiz(cast.ana, course)
    assert (granted.granted_by, granted.reason, granted.granted_at) == (
        cast.tess,
        "Was called away",
        T,
    )
    event = AuditEvent.objects.get(action="grant_attempt")
    assert (event.actor, event.subject, "Was called away" in str(event.details)) == (
        cast.tess,
        cast.ana,
        False,
    )
    take(cast.ben, course, right=False)
    take(cast.ben, course, right=False)
    with pytest.raises(AttemptsUsedUp):
        begin_quiz(cast.ben, course)


def test_an_attempt_granted_at_another_quiz_does_not_count(cast, course):
    take(cast.ana, course, right=False)
    take(cast.ana, course, right=False)
    fields = {"granted_by": cast.tess, "reason": "Another quiz", "course": course}
    ExtraAttempt.objects.create(user=cast.ana, quiz_key="pretest", **fields)
    with pytest.raises(AttemptsUsedUp):
        begin_quiz(cast.ana, course)


def test_a_repeated_event_is_acknowledged_and_changes_nothing(cast, course):
    attempt = begin_quiz(cast.ben, course)
    item, change = drawn_item(attempt, 1), event()
    first = save_response(cast.ben, attempt.key, item.key, right_answer(item), change, T)
    before = rows(attempt)
    later = T + timedelta(minutes=5)
    assert (
        save_response(cast.ben, attempt.key, item.key, right_answer(item), change, later) == first
    )
    assert rows(attempt) == before
    assert first == T


def test_another_answer_with_an_old_event_is_not_called_saved(cast, course):
    """A page shown again by the Back button sends its old event.

    What is not stored must not be acknowledged.
    """
    attempt = begin_quiz(cast.ben, course)
    item, change = drawn_item(attempt, 1), event()
    save_response(cast.ben, attempt.key, item.key, right_answer(item), change, T)
    before, other = rows(attempt), drawn_item(attempt, 2)
    for asked, answer, sent in (
        (item, wrong_answer(item), change),
        (other, right_answer(other), change),
        (item, right_answer(item), replace(change, certainty=3)),
    ):
        with pytest.raises(StaleAnswer, match="not added"):
            save_response(cast.ben, attempt.key, asked.key, answer, sent, T)
    assert rows(attempt) == before


def test_a_repeat_after_handing_in_is_still_acknowledged(cast, course):
    attempt = begin_quiz(cast.ben, course)
    item, change = drawn_item(attempt, 1), event()
    first = save_response(cast.ben, attempt.key, item.key, right_answer(item), change, T)
    submit_attempt(cast.ben, attempt.key, T)
    before = rows(attempt)
    assert save_response(cast.ben, attempt.key, item.key, right_answer(item), change, T) == first
    assert rows(attempt) == before


@pytest.mark.parametrize("late", [1, 4, 5])
def test_an_older_sequence_is_refused(cast, course, late):
    attempt = begin_quiz(cast.ben, course)
    save(cast.ben, attempt, sequence=5)
    before = rows(attempt)
    with pytest.raises(StaleAnswer, match="not saved"):
        save(cast.ben, attempt, wrong_answer(drawn_item(attempt, 1)), sequence=late)
    assert rows(attempt) == before


def test_sequences_of_two_items_do_not_disturb_each_other(cast, course):
    attempt = begin_quiz(cast.ben, course)
    save(cast.ben, attempt, number=1, sequence=9)
    assert save(cast.ben, attempt, number=2, sequence=1) == T


def test_the_newest_sequence_counts_whatever_the_order_of_rows(cast, course):
    attempt = begin_quiz(cast.ben, course)
    item = drawn_item(attempt, 1)
    for sequence, answer in (
        (7, right_answer(item)),
        (3, wrong_answer(item)),
        (1, wrong_answer(item)),
    ):
        fields = {"event_id": uuid.uuid4(), "saved_at": T + timedelta(hours=9 - sequence)}
        Response.objects.create(
            attempt=attempt, item_key=item.key, answer=answer, sequence=sequence, **fields
        )
    assert newest_answers(attempt) == {item.key: right_answer(item)}
    submit_attempt(cast.ben, attempt.key, T)
    scored = ItemScore.objects.get(attempt=attempt, item_key=item.key)
    assert (scored.answer, scored.earned) == (right_answer(item), 1)


def test_every_answer_stays_on_record(cast, course):
    attempt = begin_quiz(cast.ben, course)
    item = drawn_item(attempt, 1)
    given = [wrong_answer(item), right_answer(item), wrong_answer(item)]
    for sequence, answer in enumerate(given, 1):
        save(cast.ben, attempt, answer, sequence=sequence)
    assert list(attempt.responses.order_by("sequence").values_list("answer", flat=True)) == given


def test_nothing_is_saved_after_handing_in(cast, course):
    attempt = begin_quiz(cast.ben, course)
    save(cast.ben, attempt)
    submit_attempt(cast.ben, attempt.key, T)
    before = rows(attempt)
    with pytest.raises(NotOpen, match="was not added"):
        save(cast.ben, attempt, number=2)
    with pytest.raises(NotOpen):
        save(cast.ben, attempt, sequence=2)
    assert rows(attempt) == before


def test_a_second_handing_in_changes_nothing(cast, course):
    attempt = begin_quiz(cast.ben, course)
    answer_all(cast.ben, attempt)
    submit_attempt(cast.ben, attempt.key, T)
    before = rows(attempt)
    again = submit_attempt(cast.ben, attempt.key, T + timedelta(days=1))
    assert rows(attempt) == before
    assert (again.state, again.submitted_at, again.earned) == ("scored", T, 3)
    with transaction.atomic():
        assert score_submitted(cast.ben, attempt.key, T)[1] is False


def test_an_unanswered_item_earns_nothing_and_has_its_row(cast, course):
    attempt = begin_quiz(cast.ben, course)
    save(cast.ben, attempt, number=2)
    scored = submit_attempt(cast.ben, attempt.key, T)
    assert (scored.earned, scored.possible, scored.passed) == (1, 3, False)
    answers = dict(scored.item_scores.values_list("item_key", "answer"))
    assert [answers[one["key"]] is None for one in attempt.items] == [True, False, True]


def test_handing_in_an_empty_attempt_is_not_passed(cast, course):
    scored = submit_attempt(cast.ben, begin_quiz(cast.ben, course).key, T)
    assert (scored.state, scored.earned, scored.passed) == ("scored", 0, False)


def test_a_wrong_safety_item_is_not_passed_whatever_the_total(cast, course):
    attempt = begin_quiz(cast.ben, course)
    Attempt.objects.filter(pk=attempt.pk).update(rule={**attempt.rule, "pass_mark": 0.5})
    for number in (1, 2, 3):
        item = drawn_item(attempt, number)
        save(cast.ben, attempt, wrong_answer(item) if item.critical else right_answer(item), number)
    scored = submit_attempt(cast.ben, attempt.key, T)
    assert (scored.earned, scored.passed) == (2, False)


def test_a_voided_attempt_does_not_count(cast, course):
    learn(cast.ben, course)
    passed = take(cast.ben, course)
    Enrolment.objects.filter(user=cast.ben).update(completed_at=None)
    Attempt.objects.filter(pk=passed.pk).update(state=Attempt.State.VOIDED)
    enrolment_progress = enrolment_progress_on(cast.ben, "tiny")
    assert enrolment_progress.attempts == ()
    assert not enrolment_progress.progress.is_complete
    second, third = take(cast.ben, course, right=False), take(cast.ben, course, right=False)
    assert (second.number, third.number) == (2, 3), "numbers go on, and two attempts are left"
    with pytest.raises(AttemptsUsedUp):
        begin_quiz(cast.ben, course)


def test_a_voided_pass_does_not_complete_a_course(cast, course):
    learn(cast.ben, course, lessons=1)
    passed = take(cast.ben, course)
    Attempt.objects.filter(pk=passed.pk).update(state=Attempt.State.VOIDED)
    learn(cast.ben, course)
    assert Enrolment.objects.get(user=cast.ben).completed_at is None


def test_a_voided_attempt_takes_no_answer_and_is_not_handed_in(cast, course):
    attempt = begin_quiz(cast.ben, course)
    Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.VOIDED)
    before = rows(attempt)
    with pytest.raises(NotOpen):
        save(cast.ben, attempt)
    with pytest.raises(NotOpen, match="does not count"):
        submit_attempt(cast.ben, attempt.key, T)
    assert rows(attempt) == before


def test_an_attempt_of_somebody_else_is_not_there(cast, course):
    attempt = begin_quiz(cast.ben, course)
    for action in (
        lambda: save(cast.ana, attempt),
        lambda: submit_attempt(cast.ana, attempt.key, T),
    ):
        with pytest.raises(Attempt.DoesNotExist):
            action()
    assert not attempt.responses.exists()


def test_passing_after_the_last_lesson_completes_the_course_at_that_moment(cast, course):
    learn(cast.ben, course)
    attempt = begin_quiz(cast.ben, course)
    answer_all(cast.ben, attempt)
    submit_attempt(cast.ben, attempt.key, T)
    assert Enrolment.objects.get(user=cast.ben).completed_at == T


def test_the_moment_of_completion_is_written_once(cast, course):
    learn(cast.ben, course)
    take(cast.ben, course)
    moment = Enrolment.objects.get(user=cast.ben).completed_at
    take(cast.ben, course)
    learn(cast.ben, course)
    assert Enrolment.objects.get(user=cast.ben).completed_at == moment


def test_an_error_while_scores_are_stored_takes_everything_back(cast, course):
    attempt = begin_quiz(cast.ben, course)
    answer_all(cast.ben, attempt)
    ItemScore.objects.create(attempt=attempt, item_key=attempt.items[2]["key"], earned=0)
    before = rows(attempt)
    with pytest.raises(IntegrityError), transaction.atomic():
        submit_attempt(cast.ben, attempt.key, T)
    assert rows(attempt) == before
    assert Attempt.objects.get(pk=attempt.pk).state == "open"


def test_an_error_after_scoring_takes_everything_back(cast, course):
    learn(cast.ben, course)
    attempt = begin_quiz(cast.ben, course)
    answer_all(cast.ben, attempt)
    before = rows(attempt)

    def broken(execute, sql, params, many, context):
        if sql.startswith('UPDATE "courses_enrolment"'):
            raise DatabaseError("the disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(broken), pytest.raises(DatabaseError, match="disk is full"):
        submit_attempt(cast.ben, attempt.key, T)
    assert rows(attempt) == before
    assert Enrolment.objects.get(user=cast.ben).completed_at is None
    assert submit_attempt(cast.ben, attempt.key, T).passed, "and it can be done again"


@pytest.mark.parametrize("pattern", ["rrr", "rrw", "rw-", "wpp", "ppp", "---", "r-p", "prr"])
def test_stored_scores_equal_those_counted_again(cast, course, pattern):
    attempt = begin_quiz(cast.ben, course)
    for number, how in enumerate(pattern, 1):
        item = drawn_item(attempt, number)
        given = {"r": right_answer(item), "w": wrong_answer(item), "p": right_answer(item)[:1]}.get(
            how
        )
        if given:
            save(cast.ben, attempt, wrong_answer(item), number, sequence=1)
            save(cast.ben, attempt, given, number, sequence=2)
    scored = Attempt.objects.get(pk=submit_attempt(cast.ben, attempt.key, T).pk)

    edition = content_of(attempt.edition_id)
    items = [edition.item(drawn["key"]) for drawn in attempt.items]
    answers = {}
    for row in Response.objects.filter(attempt=attempt).order_by("-sequence"):
        answers.setdefault(row.item_key, row.answer)
    scores = [score_item(item, answers.get(item.key)) for item in items]
    stored = dict(scored.item_scores.values_list("item_key", "earned"))
    assert stored == {item.key: score.marks for item, score in zip(items, scores, strict=True)}
    assert (scored.earned, scored.possible) == (score_attempt(scores).marks, 3)
    assert scored.earned == sum(stored.values())
    assert scored.passed == is_passed(items, scores, 0.8)
    assert dict(scored.item_scores.values_list("item_key", "answer")) == {
        item.key: answers.get(item.key) for item in items
    }


def test_partly_right_answers_are_stored_as_marks(cast, course):
    attempt = begin_quiz(cast.ben, course)
    for number in (1, 2, 3):
        item = drawn_item(attempt, number)
        save(cast.ben, attempt, right_answer(item)[:1], number)
    scored = submit_attempt(cast.ben, attempt.key, T)
    assert Fraction(scored.earned) == Fraction(5, 2)
    assert scored.passed, "2.5 of 3 is more than 0.8 of 3"


def test_an_item_that_is_not_in_the_attempt_cannot_be_answered_through_the_page(
    cast, course, sign_in
):
    attempt = begin_quiz(cast.ben, course)
    page = sign_in(cast.ben)
    drawn = {one["key"] for one in attempt.items}
    other = next(item for item in content_of(attempt.edition_id).items if item.key not in drawn)
    body = {"event_id": str(uuid.uuid4()), "sequence": 1, "item": other.key, "item_key": other.key}
    for number in (0, 4, 99, 2**70):
        url = f"/attempts/{attempt.key}/items/{number}/save/"
        assert page.post(url, {**body, "option": right_answer(other)}).status_code == 404
    url = f"/attempts/{attempt.key}/items/1/save/"
    assert page.post(url, {**body, "option": right_answer(other)}).status_code == 400
    assert not attempt.responses.exists()


def test_extra_attempts_do_not_lower_what_the_rule_allows(cast, course):
    enrolment = enrol(cast.ana, course, T)
    quiz = content_of(enrolment.edition_id).finals[0]
    grant_attempt(cast.tess, given(cast), cast.ana.pk, "final", "One more", T)
    for number in (1, 2, 3):
        attempt = open_attempt(cast.ana, course.pk, enrolment.edition_id, quiz, T)
        assert attempt.number == number
        submit_attempt(cast.ana, attempt.key, T)
