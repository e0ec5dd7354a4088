"""Why a learner needs their trainer: the rule alone, and that both ways to its facts agree."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from courses.assessment.models import (
    AccommodationRequest,
    Certainty,
    ExtraAttempt,
    ItemScore,
)
from courses.dashboards.attention import AttentionReason, CourseFacts, Take, attention_reasons
from courses.dashboards.members import members_on
from courses.dashboards.queries import learners_on
from courses.library.content import Quiz
from courses.library.queries import content_of
from courses.people.actions import join_cohort
from courses.people.models import Assignment, Cohort, Organisation, User
from tests.test_dashboards import learn, take_quiz

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
DAY = timedelta(days=1)
FINAL = Quiz(key="final", title="Final", kind="final", draw=1, pass_mark=0.8, attempts=3, minutes=5)


def reasons(facts, **changes):
    rule = {
        "joined_at": NOW - 30 * DAY,
        "due_at": None,
        "unsafe": 0,
        "has_request": False,
        "extra_attempts": {},
        "cohort_decides": True,
        "is_open": True,
        "now": NOW,
    }
    return attention_reasons(facts, **(rule | changes))


def facts_of(*results, opened_at=NOW - DAY):
    takes = [
        Take(pk, opened_at, is_scored=True, is_passed=passed) for pk, passed in enumerate(results)
    ]
    return CourseFacts(False, NOW - DAY, (FINAL,), {"final": takes})


def test_it_works():
    assert reasons(facts_of()) == ()
    assert reasons(None) == (AttentionReason.NEVER_STARTED,)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ((False,), ()),
        ((False, False), (AttentionReason.FAILED_TWICE,)),
        ((False, False, False), (AttentionReason.NO_ATTEMPTS,)),
        ((False, False, True), ()),
    ],
)
def test_who_has_failed_twice_is_seen_before_all_attempts_are_used_up(results, expected):
    assert reasons(facts_of(*results)) == expected


def test_attempts_before_joining_are_not_counted_as_failed():
    before = facts_of(False, False, opened_at=NOW - 40 * DAY)
    assert reasons(before) == ()


def test_an_attempt_granted_at_one_quiz_is_none_at_another():
    used_up = facts_of(False, False, False)
    assert reasons(used_up, extra_attempts={"other": 1}) == (AttentionReason.NO_ATTEMPTS,)
    assert reasons(used_up, extra_attempts={"final": 1}) == (AttentionReason.FAILED_TWICE,)


def test_due_soon_is_a_week_to_the_second():
    for due_at, expected in (
        (NOW + 7 * DAY, (AttentionReason.DUE_SOON,)),
        (NOW + 7 * DAY + timedelta(seconds=1), ()),
        (NOW, (AttentionReason.DUE_SOON,)),
        (NOW - timedelta(seconds=1), (AttentionReason.OVERDUE,)),
    ):
        assert reasons(facts_of(), due_at=due_at) == expected


def test_the_order_is_who_asked_then_who_is_late_then_who_finds_it_hard():
    found = reasons(
        facts_of(False, False, opened_at=NOW - 20 * DAY),
        unsafe=1,
        has_request=True,
        due_at=NOW - DAY,
        now=NOW + 14 * DAY,
    )
    assert found == (
        AttentionReason.ASKS,
        AttentionReason.OVERDUE,
        AttentionReason.QUIET,
        AttentionReason.FAILED_TWICE,
        AttentionReason.UNSAFE,
    )


def assigned(cast):
    return [Assignment.objects.select_related("cohort", "course").get(cohort=cast.cohort)]


def test_being_sure_and_wrong_about_safety_is_counted_in_the_last_attempt(cast, course):
    learn(cast.ana, course)
    attempt = take_quiz(cast.ana, course, right=False)
    critical = {item.key for item in content_of(course.edition_id).items if item.critical}
    scores = ItemScore.objects.filter(attempt=attempt, item_key__in=critical, earned__lt=1)
    assert scores.update(certainty=Certainty.SURE) > 0
    for found in (learners_on, members_on):
        ana = found(assigned(cast), timezone.now())[0]
        assert ana.attention_reasons == (AttentionReason.UNSAFE,)
        assert ana.unsafe == scores.count()
    scores.update(certainty=Certainty.FAIRLY)
    for found in (learners_on, members_on):
        assert found(assigned(cast), timezone.now())[0].unsafe == 0


FIELDS = (
    "key", "user_id", "name", "joined_at", "has_started", "is_completed", "attention_reasons",
    "unsafe", "wants_reminders",
)  # fmt: skip


def test_of_a_retired_course_who_has_not_begun_needs_nothing():
    assert reasons(None, is_open=False, due_at=NOW - DAY) == ()
    assert reasons(facts_of(), is_open=False, due_at=NOW - DAY) == (AttentionReason.OVERDUE,)


def assert_agree(assignments, now):
    members, learners = members_on(assignments, now), learners_on(assignments, now)
    assert len(members) == len(learners) > 0
    for member, learner in zip(members, learners, strict=True):
        for name in FIELDS:
            assert getattr(member, name) == getattr(learner, name), (learner.name, name)
        if not member.is_completed:
            assert member.has_just_been_reminded(now) == learner.has_just_been_reminded(now)
            assert member.last_seen_at == learner.last_seen_at, learner.name
            assert member.due_at == learner.due_at, learner.name
    return learners


@pytest.mark.parametrize("granted_by", ["nobody", "tess", "olga"])
@pytest.mark.parametrize("asks", [False, True])
@pytest.mark.parametrize("confirmed", ["nobody", "tess", "olga"])
def test_they_agree_on_who_decides_about_a_learner_of_two_organisations(
    cast, course, granted_by, asks, confirmed
):
    cohorts = {"tess": cast.cohort, "olga": cast.other_cohort}
    now = timezone.now()
    if confirmed in cohorts:
        organisations = Organisation.objects.filter(cohorts=cohorts[confirmed])
        organisations.update(confirmed_at=now)
    Assignment.objects.get_or_create(cohort=cast.other_cohort, course=course)
    join_cohort(cast.ana, cast.other_cohort, now)
    learn(cast.ana, course)
    for _ in range(2):
        take_quiz(cast.ana, course, right=False)
    if granted_by in cohorts:
        ExtraAttempt.objects.create(
            user=cast.ana,
            course=course,
            assignment=Assignment.objects.get(cohort=cohorts[granted_by], course=course),
            quiz_key="final",
            reason="The line broke down",
            granted_by=getattr(cast, granted_by),
        )
    if asks:
        AccommodationRequest.objects.create(
            user=cast.ana, course=course, quiz_key="final", kind="attempt", reason="Once more?"
        )
    for cohort in cohorts.values():
        rows = Assignment.objects.filter(cohort=cohort, course=course)
        assert_agree(list(rows.select_related("cohort__organisation", "course")), timezone.now())


def test_the_first_page_and_the_table_say_the_same_of_everybody(course, settings):
    settings.DEMO = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("make_demo", verbosity=0)
    led = Cohort.objects.trained_by(User.objects.get(email="tess@example.org"))
    assignments = list(
        Assignment.objects.filter(cohort__in=led).select_related("cohort__organisation", "course")
    )
    for days in (0, 3, 10, 40):
        assert len(assert_agree(assignments, timezone.now() + days * DAY)) == 48
