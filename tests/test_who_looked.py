"""Who looked at my record: a row for each look at a named learner, and the learner's page of them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import AuditEvent, Membership
from courses.people.actions import join_cohort
from courses.people.looks import log_look
from tests.conftest import PASSWORD, person
from tests.test_safe_methods import LOOKS

pytestmark = pytest.mark.django_db
PAGE = "/details/seen/"


def record(cast, name: str = "learner") -> str:
    return reverse(f"courses:{name}", args=[cast.cohort.key, "tiny", cast.ana.key])


def place(cast) -> str:
    return reverse("courses:organisation-person", args=["riverside", cast.ana.key])


def looks():
    return AuditEvent.objects.filter(action="look_at_record")


def test_it_works(cast, sign_in):
    assert "Nobody yet" in sign_in(cast.ana).get(PAGE).content.decode()
    assert sign_in(cast.mo).get(record(cast)).status_code == 200
    text = sign_in(cast.ana).get(PAGE).content.decode()
    for words in ("Mo", "Manager", "Riverside", "1 look"):
        assert words in text
    assert "Mo" not in sign_in(cast.ben).get(PAGE).content.decode()


def test_two_pages_lead_to_it(cast, sign_in):
    ana = sign_in(cast.ana)
    for page in ("courses:details", "courses:seen-by-trainer"):
        assert f'href="{PAGE}"' in ana.get(reverse(page)).content.decode()


def test_a_day_of_looks_is_one_row(cast, sign_in):
    tess, pages = sign_in(cast.tess), (record(cast), record(cast, "reminder-history"), place(cast))
    assert len(pages) == len(LOOKS)
    for page in (*pages, *pages):
        assert tess.get(page).status_code == 200
    assert looks().count() == 1
    tomorrow = timezone.now() + timedelta(days=1)
    assert log_look(cast.tess, cast.ana, cast.cohort.organisation, tomorrow)
    assert looks().count() == 2


@pytest.mark.parametrize("page", [record, place, lambda cast: record(cast, "reminder-history")])
def test_each_page_of_one_learner_is_a_look(cast, sign_in, page):
    mo = sign_in(cast.mo)
    assert mo.head(page(cast)).status_code == 200
    assert not looks().exists(), "HEAD shows nothing"
    mo.get(page(cast))
    event = looks().get()
    assert (event.actor, event.subject) == (cast.mo, cast.ana)
    assert event.details == {"organisation": "riverside", "roles": ["manager"]}


def test_who_may_not_look_writes_nothing(cast, sign_in):
    for user in (cast.olga, cast.ben, cast.ana):
        assert sign_in(user).get(record(cast)).status_code == 404
    assert not looks().exists()


def test_ones_own_record_is_no_look(cast, sign_in):
    join_cohort(cast.tess, cast.cohort, timezone.now())
    own = reverse("courses:learner", args=[cast.cohort.key, "tiny", cast.tess.key])
    assert sign_in(cast.tess).get(own).status_code == 200
    assert not looks().exists()


def test_a_second_look_costs_one_question(cast, sign_in, django_assert_num_queries):
    now, organisation = timezone.now(), cast.cohort.organisation
    log_look(cast.tess, cast.ana, organisation, now)
    with django_assert_num_queries(1):
        assert not log_look(cast.tess, cast.ana, organisation, now)


def test_the_page_asks_as_often_for_many_as_for_one(cast, sign_in, django_assert_max_num_queries):
    ana, organisation, now = sign_in(cast.ana), cast.cohort.organisation, timezone.now()
    for number in range(60):
        viewer = person(f"Viewer{number}")
        Membership.objects.create(user=viewer, organisation=organisation, role="trainer")
        log_look(viewer, cast.ana, organisation, now)
    with django_assert_max_num_queries(6):
        text = ana.get(PAGE).content.decode()
    assert "Page 1 of 2" in text
    assert "Viewer59" in text
    assert "Viewer0<" in ana.get(PAGE, {"page": "2"}).content.decode()
    assert ana.get(PAGE, {"page": "nonsense"}).status_code == 200


def test_signing_in_is_an_event_and_a_wrong_password_none(cast):
    form = {"login": "ana@example.org", "password": "wrong"}
    Client().post("/account/login/", form)
    assert not AuditEvent.objects.filter(action="sign_in").exists()
    Client().post("/account/login/", form | {"password": PASSWORD})
    event = AuditEvent.objects.get(action="sign_in")
    assert (event.actor, event.details) == (cast.ana, {})
