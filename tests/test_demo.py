"""The demo's trainer has a real Monday: three cohorts with everything that may need her."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from courses.dashboards.attention import AttentionReason
from courses.dashboards.queries import learners_on
from courses.group_sessions.queries import participation_of
from courses.models import Assignment, Cohort, Enrolment, ItemScore, StaffInPost
from courses.people.models import Organisation, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def learners(course, settings):
    settings.DEMO = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("make_demo", verbosity=0)
    tess = User.objects.get(email="tess@example.org")
    led = Assignment.objects.filter(cohort__in=Cohort.objects.trained_by(tess))
    return learners_on(list(led.select_related("cohort__organisation", "course")), timezone.now())


def test_it_works(learners):
    sizes = {}
    for row in learners:
        name = row.assignment.cohort.name
        sizes[name] = sizes.get(name, 0) + 1
    assert sorted(sizes.values()) == [6, 18, 24]


def test_every_reason_to_look_is_there(learners):
    reasons = {reason for row in learners for reason in row.attention_reasons}
    # The tiny quiz has two attempts, so who failed twice has used them up.
    assert reasons == set(AttentionReason) - {AttentionReason.FAILED_TWICE}


def test_who_is_well_or_waits_is_there_too(learners):
    assert any(row.is_completed for row in learners)
    assert any(row.reminded_at for row in learners)
    assert any(row.extended_to for row in learners)
    a_week_ago = timezone.now() - timedelta(days=7)
    assert any(not row.has_started and row.joined_at > a_week_ago for row in learners)


def test_a_cohort_of_last_term_is_archived(learners):
    (archived,) = Cohort.objects.archived()
    assert archived.cohort_memberships.count() == 4
    assert archived.trainers.get().email == "tess@example.org"


def test_nobody_bears_the_name_of_another(learners):
    names = list(User.objects.values_list("name", flat=True))
    assert len(set(names)) == len(names)


def test_wrong_answers_are_marked_as_wrong(learners):
    wrong = ItemScore.objects.filter(earned=0, attempt__passed=False)
    assert wrong.exists()
    assert not ItemScore.objects.filter(earned=0, attempt__passed=True).exists()


def test_the_manager_has_an_organisation_of_300_in_post(learners):
    organisation = Organisation.objects.managed_by(User.objects.get(email="mo@example.org")).get()
    in_post = StaffInPost.objects.filter(organisation=organisation)
    assert sum(row.headcount for row in in_post) == 300
    placed = organisation.memberships.exclude(team=None).values_list("team", flat=True)
    assert len(set(placed)) == 6
    assert Enrolment.objects.exclude(completed_at=None).count() > 50


def test_two_group_sessions_are_recorded_and_one_waits_for_anas_line(learners):
    ana = User.objects.get(email="ana@example.org")
    participation = participation_of(ana)
    assert [row.session.minutes for row in participation.unwritten] == [45]
    assert participation.minutes == 60
