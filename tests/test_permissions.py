"""Who decides about a learner's attempts, as a rule and as SQL; and that no action is on oneself, whoever calls it."""

from datetime import UTC, datetime, timedelta

import pytest

from courses.assessment.accommodations import (
    BeforeJoining,
    NoLongerHere,
    OtherDecides,
    decider_of,
    decline_request,
    grant_attempt,
    grant_time,
    request_accommodation,
    reset_quiz,
    void_attempt,
)
from courses.assessment.models import Attempt, ExtraAttempt, ExtraTime
from courses.dashboards.queries import learners_on
from courses.people.actions import (
    join_cohort,
    leave_cohort,
    set_review_right,
    start_cohort,
    start_organisation,
)
from courses.people.models import CohortMembership, Organisation
from courses.people.permissions import (
    CohortMembershipFacts,
    OnOneself,
    deciding_membership,
    forbid_oneself,
)
from courses.reminders.actions import send_nudge
from tests.conftest import begin_quiz, given, learn
from tests.test_access import rows

T = datetime(2026, 3, 2, 9, tzinfo=UTC)
OWN, TRUST, CLINIC = (
    "Own",
    "Trust",
    "Clinic",
)  # the learner leads the first alone; the others are led by others

# Each place: organisation, whether it is confirmed, days after T when the learner joined. Then who decides.
CASES = [
    ([], None),
    ([(TRUST, False, 0)], TRUST),
    ([(TRUST, True, 0)], TRUST),
    ([(TRUST, False, 0), (CLINIC, False, 1)], TRUST),
    ([(TRUST, False, 1), (CLINIC, False, 0)], CLINIC),
    ([(TRUST, False, 0), (CLINIC, True, 1)], CLINIC),
    ([(TRUST, True, 1), (CLINIC, False, 0)], TRUST),
    ([(TRUST, True, 0), (CLINIC, True, 1)], TRUST),
    ([(TRUST, True, 1), (CLINIC, True, 0)], CLINIC),
    ([(TRUST, False, 0), (CLINIC, False, 0)], TRUST),
    ([(CLINIC, False, 0), (TRUST, False, 0)], CLINIC),
    ([(OWN, False, 0)], None),
    ([(OWN, True, 0)], None),
    ([(OWN, False, 0), (TRUST, False, 1)], TRUST),
    ([(OWN, True, 0), (TRUST, False, 1)], TRUST),
    ([(OWN, True, 0), (TRUST, False, 1), (CLINIC, True, 2)], CLINIC),
]


@pytest.mark.parametrize(("places", "decides"), CASES, ids=str)
def test_it_works(places, decides):
    names = {number: name for number, (name, _, _) in enumerate(places)}
    rows_ = []
    for number, (name, is_confirmed, days) in enumerate(places):
        confirmed_at = T if is_confirmed else None
        rows_.append(
            CohortMembershipFacts(number, number, confirmed_at, T + timedelta(days), name != OWN)
        )
    for order in (rows_, rows_[::-1]):
        found = deciding_membership(order)
        assert (names[found.organisation_id] if found else None) == decides


@pytest.mark.parametrize(("places", "decides"), CASES, ids=str)
def test_the_database_says_the_same(cast, course, places, decides):
    others = {TRUST: cast.olga, CLINIC: cast.mo, OWN: cast.ben}
    for name, is_confirmed, days in places:
        organisation = start_organisation(others[name], name, T)
        Organisation.objects.filter(pk=organisation.pk).update(
            confirmed_at=T if is_confirmed else None
        )
        cohort = start_cohort(others[name], organisation, name, course, None, T)
        join_cohort(cast.ben, cohort, T + timedelta(days))
    found = CohortMembership.objects.deciding(cast.ben.pk, course.pk).first()
    assert (found.cohort.name if found else None) == decides

    by_rule = decider_of(cast.ben.pk, course.pk)
    assert (by_rule.membership_id if by_rule else None) == (found.pk if found else None)


def test_a_cohort_without_the_course_and_one_that_was_left_decide_nothing(cast, course):
    join_cohort(cast.ben, cast.other_cohort, T)
    join_cohort(cast.ben, cast.cohort, T + timedelta(1))
    assert (
        CohortMembership.objects.deciding(cast.ben.pk, course.pk).first().cohort
        == cast.other_cohort
    )
    leave_cohort(cast.ben, cast.other_cohort, T + timedelta(2))
    assert CohortMembership.objects.deciding(cast.ben.pk, course.pk).first().cohort == cast.cohort
    cast.cohort.assignments.all().delete()
    assert not CohortMembership.objects.deciding(cast.ben.pk, course.pk).exists()


def test_a_trainer_whose_membership_ended_decides_nothing(cast, course):
    cast.tess.memberships.filter(role="trainer").update(ended_at=T)
    assert not CohortMembership.objects.deciding(cast.ana.pk, course.pk).exists()


def test_two_cohorts_of_one_organisation_decide_alike(cast, course):
    second = start_cohort(cast.tess, cast.cohort.organisation, "Winter", course, None, T)
    join_cohort(cast.ana, second, T + timedelta(days=400))
    for assignment in (given(cast), second.assignments.get()):
        assert grant_attempt(cast.tess, assignment, cast.ana.pk, "final", "One more", T)
    assert ExtraAttempt.objects.in_force().count() == 2


def test_a_person_is_not_another():
    forbid_oneself(1, 2)
    with pytest.raises(OnOneself, match="Nothing was changed"):
        forbid_oneself(1, 1)


@pytest.mark.parametrize("name", ["grant", "time", "reset", "void", "decline", "nudge", "review"])
def test_no_action_is_on_oneself_whoever_calls_it(cast, course, mailoutbox, name):
    """Without any view: the action itself refuses."""
    join_cohort(cast.tess, cast.cohort, T)
    learn(cast.tess, course)
    attempt, mine = begin_quiz(cast.tess, course), given(cast)
    asked = request_accommodation(cast.tess, course.pk, "final", "time", "The line is slow", T)
    (tess,) = learners_on([mine], T, only=cast.tess.key)
    before = rows()
    act = {
        "grant": lambda: grant_attempt(cast.tess, mine, cast.tess.pk, "final", "Why", T),
        "time": lambda: grant_time(cast.tess, mine, cast.tess.pk, "final", 10, "Why", T),
        "reset": lambda: reset_quiz(cast.tess, mine, cast.tess.pk, "final", "Why", T),
        "void": lambda: void_attempt(cast.tess, mine, attempt, "Why", T),
        "decline": lambda: decline_request(cast.tess, mine, asked, "No", T),
        "nudge": lambda: send_nudge(cast.tess, tess, T),
        "review": lambda: set_review_right(cast.sam, cast.sam, True, T),
    }[name]
    with pytest.raises(OnOneself):
        act()
    assert rows() == before
    assert mailoutbox == []


@pytest.mark.parametrize("name", ["grant", "time", "reset", "void", "decline"])
def test_no_action_is_on_a_learner_about_whom_others_decide(cast, course, name):
    learn(cast.ana, course)
    join_cohort(cast.ana, cast.other_cohort, T + timedelta(days=400))
    attempt, theirs = begin_quiz(cast.ana, course), cast.other_cohort.assignments.get()
    asked = request_accommodation(cast.ana, course.pk, "final", "time", "The line is slow", T)
    before = rows()
    act = {
        "grant": lambda: grant_attempt(cast.olga, theirs, cast.ana.pk, "final", "Why", T),
        "time": lambda: grant_time(cast.olga, theirs, cast.ana.pk, "final", 10, "Why", T),
        "reset": lambda: reset_quiz(cast.olga, theirs, cast.ana.pk, "final", "Why", T),
        "void": lambda: void_attempt(cast.olga, theirs, attempt, "Why", T),
        "decline": lambda: decline_request(cast.olga, theirs, asked, "No", T),
    }[name]
    with pytest.raises(OtherDecides, match="Ana learns this course with another organisation too"):
        act()
    assert rows() == before


def test_a_learner_who_left_is_no_longer_acted_on(cast, course):
    leave_cohort(cast.ana, cast.cohort, T)
    with pytest.raises(NoLongerHere):
        grant_attempt(cast.tess, given(cast), cast.ana.pk, "final", "Why", T)
    assert not ExtraAttempt.objects.exists()


def test_an_attempt_from_before_joining_or_of_another_course_is_not_voided(cast, course):
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    Attempt.objects.filter(pk=attempt.pk).update(opened_at=T)
    attempt.refresh_from_db()
    with pytest.raises(BeforeJoining):
        void_attempt(cast.tess, given(cast), attempt, "Why", T)
    assert Attempt.objects.get().state == "open"


def test_grants_without_an_assignment_count_as_before(cast, course):
    """The last release wrote them so."""
    fields = {"course": course, "quiz_key": "final", "reason": "Old", "granted_by": cast.tess}
    ExtraAttempt.objects.create(user=cast.ana, **fields)
    ExtraTime.objects.create(user=cast.ana, minutes=10, **fields)
    assert ExtraAttempt.objects.in_force().count() == ExtraTime.objects.in_force().count() == 1


def test_more_time_of_an_organisation_that_does_not_decide_does_not_count(cast, course):
    join_cohort(cast.ben, cast.other_cohort, T)
    grant_time(cast.olga, cast.other_cohort.assignments.get(), cast.ben.pk, "final", 60, "Why", T)
    assert ExtraTime.objects.in_force().count() == 1
    Organisation.objects.filter(name="Riverside").update(confirmed_at=T)
    join_cohort(cast.ben, cast.cohort, T + timedelta(1))
    assert ExtraTime.objects.in_force().count() == 0
    leave_cohort(cast.ben, cast.cohort, T + timedelta(2))
    assert ExtraTime.objects.in_force().count() == 1
