"""Retiring a course: staff see first whom it touches, and publishing does not undo it."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from courses.authoring.publishing import publish
from courses.learning.retiring import offer_course_again, retire_course, still_learning
from courses.library.models import Course
from courses.models import AuditEvent
from courses.people.permissions import NotYours
from tests.conftest import learn
from tests.test_access import rows


@pytest.fixture
def staff(cast, sign_in):
    """Sam, who may look at courses and change them."""
    codenames = ("view_course", "change_course")
    cast.sam.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return sign_in(cast.sam)


def page_of(course: Course) -> str:
    return reverse("admin:courses_course_retire", args=[course.pk])


def test_it_works(cast, course, staff):
    learn(cast.ana, course, lessons=1)
    learn(cast.ben, course, lessons=1)
    before = rows()
    page = staff.get(page_of(course)).content.decode()
    assert "2 people are still learning it, and 2 open cohorts have it." in page
    assert "Its reminders stop today." in page
    assert rows() == before
    staff.post(page_of(course), {"choice": "retire"})
    course.refresh_from_db()
    assert course.retired_by == cast.sam
    assert staff.get("/courses/tiny/").status_code == 404
    event = AuditEvent.objects.get(action="retire_course")
    assert (event.actor, event.details) == (cast.sam, {"course": "tiny"})


def test_two_presses_are_as_one_and_it_can_be_offered_again(cast, course, staff):
    for _ in range(2):
        staff.post(page_of(course), {"choice": "retire"})
    assert AuditEvent.objects.filter(action="retire_course").count() == 1
    assert "offer it again" in staff.get(page_of(course)).content.decode()
    for _ in range(2):
        staff.post(page_of(course), {"choice": "offer"})
    course.refresh_from_db()
    assert (course.retired_at, course.retired_by) == (None, None)
    assert AuditEvent.objects.filter(action="offer_course_again").count() == 1


def test_who_is_under_way_may_finish(cast, course, sign_in, staff):
    learn(cast.ana, course, lessons=1)
    staff.post(page_of(course), {"choice": "retire"})
    ana = sign_in(cast.ana)
    assert ana.get("/courses/tiny/lessons/last-things/").status_code in (200, 302)
    assert ana.get("/learning/").status_code == 200


def test_publishing_does_not_bring_it_back(cast, course, tiny_content):
    retire_course(cast.sam, course, timezone.now())
    publish(tiny_content, timezone.now())
    assert not Course.objects.published().filter(key="tiny").exists()
    # One whose files were gone for a while comes back by itself, as before.
    offer_course_again(cast.sam, course, timezone.now())
    publish([], timezone.now())
    assert not Course.objects.published().exists()
    assert not offer_course_again(cast.sam, course, timezone.now())
    publish(tiny_content, timezone.now())
    assert Course.objects.published().filter(key="tiny").exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_takes_the_right_to_change_courses(cast, course, sign_in, method):
    for person in (cast.tess, cast.mo, cast.ana, cast.sam):
        getattr(sign_in(person), method)(page_of(course), {"choice": "retire"})
    course.refresh_from_db()
    assert course.retired_at is None
    with pytest.raises(NotYours):
        retire_course(cast.tess, course, timezone.now())


def test_junk_retires_nothing(course, staff):
    for choice in ("", "x", "offer", "\x00"):
        assert staff.post(page_of(course), {"choice": choice}).status_code == 302
    course.refresh_from_db()
    assert course.retired_at is None
    assert still_learning(course).people == 0
