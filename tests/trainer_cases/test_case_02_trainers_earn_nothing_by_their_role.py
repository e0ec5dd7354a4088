"""Trainers got a certificate the moment they were enrolled: a role earns nothing, learning does."""

from django.utils import timezone

from courses.certificates.models import Certificate
from courses.models import Enrolment, Membership
from courses.people.actions import start_cohort, start_organisation
from tests.test_certificates import complete


def test_it_works(cast, course):
    """Ana completes the course of the cohort that Tess trains and Mo manages: it is hers alone."""
    complete(cast.ana, course)
    assert [held.user for held in Certificate.objects.all()] == [cast.ana]
    assert not Enrolment.objects.filter(user__in=[cast.tess, cast.mo]).exists()


def test_a_role_enrols_nobody(cast, course):
    now = timezone.now()
    organisation = start_organisation(cast.ben, "Seaview", now)
    start_cohort(cast.ben, organisation, "Summer", course, None, now)
    Membership.objects.create(user=cast.rhea, organisation=organisation, role="manager")
    assert not Enrolment.objects.exists()
    assert not Certificate.objects.exists()


def test_a_trainer_who_learns_earns_as_anybody(cast, course):
    complete(cast.tess, course)
    held = Certificate.objects.get()
    assert (held.user, held.facts["name"]) == (cast.tess, "Tess")
    assert held.facts["cohort_name"] is None, "nobody else trains her"
