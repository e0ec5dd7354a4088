"""Deeds at the same moment: real threads, each with its own connection, on the real database."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from time import sleep

import pytest
from django.db import connection, connections
from django.test import Client

from courses.assessment.actions import (
    AttemptsUsedUp,
    NotOpen,
    StaleAnswer,
    drawn_item,
    newest_answers,
    save_response,
)
from courses.assessment.forms import Event
from courses.assessment.models import Attempt, ItemScore, Response
from courses.authoring.publishing import publish
from courses.certificates.models import Certificate
from courses.learning.actions import enrol, submit_attempt
from courses.learning.certifying import claim_certificate
from courses.learning.lesson_actions import answer_activity, begin_lesson, finish_step
from courses.learning.models import ActivityAnswer, Enrolment, LessonRecord
from courses.learning.queries import enrolment_progress_on
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.actions import join_cohort, start_cohort, start_organisation
from courses.people.models import Cohort, CohortMembership, Membership, Organisation, User
from tests.conftest import answer_all, begin_quiz, learn, right_answer, tried, wrong_answer

pytestmark = pytest.mark.django_db(transaction=True)
T = datetime(2026, 3, 2, 9, tzinfo=UTC)
FACTS = {"courses_attempt", "courses_lessonrecord"}


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Does all deeds at the same moment, each in a thread; what each returned, or the error it raised."""
    start = Barrier(len(deeds))

    def run(action: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            start.wait()
            return action()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def published(tiny_content) -> Course:
    publish(tiny_content, T)
    return Course.objects.get(key="tiny")


def somebody(name: str) -> User:
    return User.objects.create(email=f"{name}@example.org", name=name)


def test_it_works(tiny_content):
    course, user = published(tiny_content), somebody("ben")
    keys = at_once(*[lambda: begin_quiz(user, course).key] * 2)
    assert keys[0] == keys[1] == Attempt.objects.get().key


def test_sixteen_openings_at_once_make_one_attempt(tiny_content):
    course, user = published(tiny_content), somebody("ben")
    enrol(user, course, T)
    keys = at_once(*[lambda: begin_quiz(user, course).key] * 16)
    assert set(keys) == {Attempt.objects.get().key}


def test_sixteen_who_open_and_hand_in_at_once_never_take_more_than_the_rule_allows(tiny_content):
    course = published(tiny_content)
    for n in range(5):
        user = somebody(f"ben{n}")
        enrol(user, course, T)

        def action(user=user) -> object:
            return submit_attempt(user, begin_quiz(user, course).key, T).number

        told = at_once(*[action] * 16)
        assert {one for one in told if isinstance(one, int)} == {1, 2}
        assert {type(one) for one in told} <= {int, AttemptsUsedUp}, told
        assert Attempt.objects.taken_by(user).count() == 2


def test_one_change_sent_sixteen_times_at_once_is_one_row_and_acknowledged_each_time(tiny_content):
    user = somebody("ben")
    attempt = begin_quiz(user, published(tiny_content))
    item, change = drawn_item(attempt, 1), Event(uuid.uuid4(), 1)
    told = at_once(
        *[lambda: save_response(user, attempt.key, item.key, right_answer(item), change, T)] * 16
    )
    assert Response.objects.count() == 1
    assert set(told) == {T}


def test_of_sixteen_changes_at_once_the_highest_counts_and_none_is_lost(tiny_content):
    user = somebody("ben")
    attempt = begin_quiz(user, published(tiny_content))
    item = drawn_item(attempt, 1)

    def action(sequence: int) -> Callable[[], object]:
        answer = right_answer(item) if sequence == 16 else wrong_answer(item)
        change = Event(uuid.uuid4(), sequence)
        return lambda: save_response(user, attempt.key, item.key, answer, change, T)

    told = at_once(*[action(sequence) for sequence in range(1, 17)])
    assert {type(one) for one in told} <= {datetime, StaleAnswer}
    acknowledged = {sequence for sequence, one in enumerate(told, 1) if isinstance(one, datetime)}
    assert acknowledged == set(Response.objects.values_list("sequence", flat=True))
    assert 16 in acknowledged
    assert newest_answers(attempt) == {item.key: right_answer(item)}


def test_two_windows_with_the_same_sequence_keep_one_answer_and_refuse_the_other(tiny_content):
    user = somebody("ben")
    attempt = begin_quiz(user, published(tiny_content))
    item = drawn_item(attempt, 1)
    answers = [right_answer(item), wrong_answer(item)]
    for sequence in range(1, 11):
        changes = [Event(uuid.uuid4(), sequence), Event(uuid.uuid4(), sequence)]
        told = at_once(
            lambda changes=changes: save_response(
                user, attempt.key, item.key, answers[0], changes[0], T
            ),
            lambda changes=changes: save_response(
                user, attempt.key, item.key, answers[1], changes[1], T
            ),
        )
        kept = [
            answer for answer, one in zip(answers, told, strict=True) if isinstance(one, datetime)
        ]
        assert sorted(type(one).__name__ for one in told) == ["StaleAnswer", "datetime"]
        assert [newest_answers(attempt)[item.key]] == kept


def test_what_is_acknowledged_while_handing_in_is_scored_and_all_else_is_refused(tiny_content):
    course = published(tiny_content)
    seen = set()
    for n in range(12):
        user = somebody(f"ben{n}")
        attempt = begin_quiz(user, course)

        def action(number: int, sequence: int, user=user, attempt=attempt) -> Callable[[], object]:
            item = drawn_item(attempt, number)
            answer = right_answer(item) if sequence == 2 else wrong_answer(item)
            change = Event(uuid.uuid4(), sequence)
            return lambda: save_response(user, attempt.key, item.key, answer, change, T)

        saves = [(number, sequence) for sequence in (1, 2) for number in (1, 2, 3)]
        hand = [lambda user=user, attempt=attempt: submit_attempt(user, attempt.key, T)]
        told = at_once(
            *[action(*one) for one in saves[:3]], *hand, *[action(*one) for one in saves[3:]]
        )
        scored = told.pop(3)
        assert isinstance(scored, Attempt), scored
        assert {type(one) for one in told} <= {datetime, StaleAnswer, NotOpen}, told

        newest: dict[int, int] = {}
        for (number, sequence), one in zip(saves, told, strict=True):
            if isinstance(one, datetime):
                newest[number] = max(newest.get(number, 0), sequence)
        stored = Response.objects.filter(attempt=attempt)
        assert stored.count() == sum(isinstance(one, datetime) for one in told)
        for number in (1, 2, 3):
            item = drawn_item(attempt, number)
            counted = ItemScore.objects.get(attempt=attempt, item_key=item.key).answer
            due = {0: None, 1: wrong_answer(item), 2: right_answer(item)}[newest.get(number, 0)]
            assert counted == due
        seen |= {type(one) for one in told}
    assert seen >= {datetime, NotOpen}, "the two did meet"


def test_of_two_last_deeds_at_once_one_writes_the_moment_of_completion(tiny_content):
    course = published(tiny_content)
    for n in range(20):
        user = somebody(f"ben{n}")
        enrolment = learn(user, course, lessons=1)
        lesson = content_of(enrolment.edition_id).lessons[1]
        record = begin_lesson(enrolment, lesson, T)
        for step in lesson.steps[:-1]:
            finish_step(record, lesson, step, {}, T)
        record = LessonRecord.objects.select_related("enrolment").get(pk=record.pk)
        attempt = begin_quiz(user, course)
        answer_all(user, attempt)
        written: list[int] = []

        def counting(action: Callable[[], object], written=written) -> Callable[[], object]:
            def watch(execute, sql, params, many, context):
                result = execute(sql, params, many, context)
                if sql.startswith('UPDATE "courses_enrolment"'):
                    written.append(context["cursor"].rowcount)
                if sql.startswith("SELECT") and FACTS & set(sql.split('"')):
                    sleep(0.02)  # the facts are read: the other deed has time to miss them
                return result

            def watched() -> object:
                with connection.execute_wrapper(watch):
                    return action()

            return watched

        def finish(moment: datetime, record=record, lesson=lesson) -> object:
            return finish_step(record, lesson, lesson.steps[-1], tried(lesson), moment)

        moments = [T + timedelta(minutes=minute) for minute in range(4)]
        told = at_once(
            counting(lambda finish=finish, moments=moments: finish(moments[0])),
            counting(
                lambda user=user, key=attempt.key, moments=moments: submit_attempt(
                    user, key, moments[1]
                )
            ),
            counting(lambda finish=finish, moments=moments: finish(moments[2])),
            counting(
                lambda user=user, key=attempt.key, moments=moments: submit_attempt(
                    user, key, moments[3]
                )
            ),
        )
        assert not [one for one in told if isinstance(one, Exception)], told
        assert sum(written) == 1, f"round {n}: the moment was written {sum(written)} times"
        assert Enrolment.objects.get(pk=enrolment.pk).completed_at in moments
        assert enrolment_progress_on(user, "tiny").progress.is_complete


def test_eight_claims_at_once_issue_one_certificate(tiny_content):
    course, user = published(tiny_content), somebody("ben")
    learn(user, course)
    attempt = begin_quiz(user, course)
    answer_all(user, attempt)
    submit_attempt(user, attempt.key, T)
    told = at_once(
        *[lambda: claim_certificate(enrolment_progress_on(user, "tiny"), "Ben Jones", T).code] * 8
    )
    assert set(told) == {Certificate.objects.get().code}


def test_eight_joinings_at_once_make_one_place(tiny_content):
    course, tess, user = published(tiny_content), somebody("tess"), somebody("ben")
    service = start_organisation(tess, "Riverside", T)
    for name in ("Autumn", "Spring"):  # in the second the membership is there already
        cohort = start_cohort(tess, service, name, course, None, T)
        told = at_once(*[lambda cohort=cohort: join_cohort(user, cohort, T).pk] * 8)
        assert set(told) == {CohortMembership.objects.get(cohort=cohort).pk}
    assert Membership.objects.filter(user=user).count() == 1


def test_eight_first_presses_of_everything_in_a_lesson_make_one_row_each(tiny_content):
    course, user = published(tiny_content), somebody("ben")
    lesson = tiny_content[0].lessons[0]

    def action(n: int) -> Callable[[], object]:
        def run() -> object:
            enrolment = enrol(user, course, T)
            record = begin_lesson(enrolment, lesson, T)
            finish_step(record, lesson, lesson.steps[0], {}, T)
            answer_activity(enrolment, lesson.key, "one-thing", f"Words {n}", T)
            return enrolment.pk

        return run

    told = at_once(*[action(n) for n in range(8)])
    assert set(told) == {Enrolment.objects.get().pk}
    assert LessonRecord.objects.get().furthest == 2
    assert ActivityAnswer.objects.get().answer in {f"Words {n}" for n in range(8)}


def test_presses_at_once_in_eight_windows_are_all_answered(tiny_content):
    course, user = published(tiny_content), somebody("ben")
    enrol(user, course, T)
    clients = [Client() for _ in range(8)]
    for client in clients:
        client.force_login(user)

    def press(path: str, **body: object) -> list[int]:
        told = at_once(
            *[lambda client=client: client.post(path, body).status_code for client in clients]
        )
        assert not [one for one in told if isinstance(one, Exception)], told
        return told

    assert set(press("/courses/tiny/quiz/final/open/")) == {302}
    attempt = Attempt.objects.get()
    option = right_answer(drawn_item(attempt, 1))
    change = {"option": option, "event_id": str(uuid.uuid4()), "sequence": 1}
    assert set(press(f"/attempts/{attempt.key}/items/1/save/", **change)) == {302}
    assert Response.objects.count() == 1
    assert set(press(f"/attempts/{attempt.key}/submit/")) == {302}
    assert ItemScore.objects.count() == 3


NEW = {"organisation_name": "Cwm Valley", "name": "First group", "course": "tiny", "due_on": ""}


def test_eight_presses_on_a_first_cohort_at_once_make_one_organisation_and_one_cohort(tiny_content):
    published(tiny_content)
    user = somebody("ben")
    clients = [Client() for _ in range(8)]
    for client in clients:
        client.force_login(user)
    told = at_once(*[lambda client=client: client.post("/cohorts/new/", NEW) for client in clients])
    assert not [one for one in told if isinstance(one, Exception)], told
    organisation, cohort = Organisation.objects.get(), Cohort.objects.get()
    assert {one.get("Location") for one in told} == {f"/cohorts/{cohort.key}/"}
    assert (organisation.slug, cohort.organisation) == ("cwm-valley", organisation)
    assert Membership.objects.filter(user=user).count() == 2


def test_eight_people_who_name_their_organisations_alike_each_get_their_own(tiny_content):
    published(tiny_content)
    users = [somebody(f"ben{n}") for n in range(8)]
    told = at_once(
        *[lambda user=user: start_organisation(user, "Cwm Valley", T).slug for user in users]
    )
    assert sorted(told, key=str) == ["cwm-valley", *(f"cwm-valley-{n}" for n in range(2, 9))]


def test_no_more_cohorts_are_started_at_once_than_a_day_has_room_for(tiny_content, settings):
    settings.COHORTS_A_DAY = 3
    published(tiny_content)
    user = somebody("ben")
    service = start_organisation(user, "Cwm Valley", T)
    clients = [Client() for _ in range(8)]
    for client in clients:
        client.force_login(user)

    def press(n: int) -> int:
        sent = NEW | {"organisation": service.pk, "name": f"Group {n}"}
        return clients[n].post("/cohorts/new/", sent).status_code

    told = at_once(*[lambda n=n: press(n) for n in range(8)])
    assert sorted(told, key=str) == [302] * 3 + [400] * 5
    assert Cohort.objects.count() == 3
