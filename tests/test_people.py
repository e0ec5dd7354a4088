"""Joining a cohort, starting one, giving it courses, renewing its code, leaving it, and one's own details."""

from datetime import UTC, date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.learning.actions import enrol
from courses.library.models import Course
from courses.models import AuditEvent, Enrolment, Organisation, RateLimit
from courses.people.actions import end_of_day, join_cohort, start_cohort, start_organisation
from courses.people.models import (
    JOIN_ALPHABET,
    Assignment,
    Cohort,
    CohortMembership,
    Membership,
    User,
    new_join_code,
)
from tests.conftest import Cast, learn
from tests.test_access import plain, rows

NEW = {"organisation_name": "Cwm Valley", "name": "First group", "course": "tiny", "due_on": ""}


def page_of(cohort: Cohort) -> str:
    return reverse("courses:join-cohort", args=[cohort.join_code])


def action(name: str, cohort: Cohort) -> str:
    return reverse(f"courses:{name}", args=[cohort.key])


def test_it_works(cast, sign_in):
    """Ben types the code, reads who will see what, presses, and is in."""
    ben = sign_in(cast.ben)
    to = ben.post("/join/", {"code": cast.cohort.join_code})["Location"]
    assert to == page_of(cast.cohort)
    page = ben.get(to).content.decode()
    assert "Tess invites you to Autumn" in page
    assert "What your trainer will see" in page
    assert "Join and start" in page
    assert not CohortMembership.objects.filter(user=cast.ben).exists(), "looking is not joining"

    assert ben.post(to)["Location"] == "/"
    place = CohortMembership.objects.get(user=cast.ben)
    assert (place.cohort, place.left_at) == (cast.cohort, None)
    assert Membership.objects.get(user=cast.ben).role == "learner"
    assert "You have joined Autumn" in ben.get("/").content.decode()


def test_a_second_press_changes_nothing(cast, sign_in):
    ben = sign_in(cast.ben)
    ben.post(page_of(cast.cohort))
    before = rows()
    ben.post(page_of(cast.cohort))
    assert rows() == before
    assert "You are in this cohort" in ben.get(page_of(cast.cohort)).content.decode()


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        lambda code: f" {code[:5]} {code[5:]} ",
        lambda code: f"{code[:5]}-{code[5:]}",
        lambda code: f"{code}.",
    ],
)
def test_a_code_may_be_typed_as_people_type(cast, sign_in, write):
    assert sign_in(cast.ben).post("/join/", {"code": write(cast.cohort.join_code)})[
        "Location"
    ] == page_of(cast.cohort)


@pytest.mark.parametrize(
    "code", ["", "ABCDEFGHJK", "x" * 40, "x" * 41, "\x00", "' OR 1=1", "%", "ⅩⅩⅩ", "🍼"]
)
def test_a_wrong_code_is_refused_with_what_to_do(cast, sign_in, code):
    before = rows()
    response = sign_in(cast.ben).post("/join/", {"code": code})
    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()
    assert rows() == before


def test_a_link_with_a_wrong_code_is_not_there(cast, sign_in):
    ben, before = sign_in(cast.ben), rows()
    for code in ("ABCDEFGHJK", "%00", "x" * 300, "%F0%9F%8D%BC"):
        assert ben.get(f"/join/{code}/").status_code == 404
        assert ben.post(f"/join/{code}/").status_code == 404
    assert rows() == before


def test_guessing_codes_is_slowed(cast, sign_in):
    """Twenty wrong ones of an account in ten minutes, by form or by link; then a 429, even for the right code."""
    ben = sign_in(cast.ben)
    tried = [ben.post("/join/", {"code": new_join_code()}).status_code for _ in range(10)]
    tried += [ben.get(f"/join/{new_join_code()}/").status_code for _ in range(10)]
    assert tried == [400] * 10 + [404] * 10
    before = rows()
    elsewhere = sign_in(cast.ben)
    elsewhere.defaults["REMOTE_ADDR"] = "10.0.0.9"
    for refused in (
        ben.get(page_of(cast.cohort)),
        ben.post(page_of(cast.cohort)),
        ben.post("/join/", {"code": cast.cohort.join_code}),
        elsewhere.get(page_of(cast.cohort)),
    ):
        assert refused.status_code == 429
        assert "Wait 10 minutes" in refused.content.decode()
    assert rows() == before
    assert sign_in(cast.mo).get(page_of(cast.cohort)).status_code == 200, (
        "others behind the address go on"
    )


def test_guessing_codes_with_many_accounts_is_slowed_by_address(cast, sign_in, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "join-code-address": (6, 600)}
    for who in (cast.ben, cast.mo, cast.olga):
        for _ in range(2):
            assert sign_in(who).post("/join/", {"code": new_join_code()}).status_code == 400
    assert sign_in(cast.sam).get(page_of(cast.cohort)).status_code == 429
    elsewhere = sign_in(cast.sam)
    elsewhere.defaults["REMOTE_ADDR"] = "10.0.0.9"
    assert elsewhere.get(page_of(cast.cohort)).status_code == 200


def test_right_codes_and_empty_boxes_are_never_counted(cast, sign_in):
    """A room that opens one link, and looks again and again."""
    ben = sign_in(cast.ben)
    for _ in range(30):
        assert ben.get(page_of(cast.cohort)).status_code == 200
        assert ben.post("/join/", {"code": ""}).status_code == 400
    assert ben.post(page_of(cast.cohort)).status_code == 302
    assert not RateLimit.objects.filter(scope__startswith="join").exists()


def test_codes_are_long_enough_and_never_alike():
    codes = {new_join_code() for _ in range(20_000)}
    assert len(codes) == 20_000
    assert all(len(code) == 10 and set(code) <= set(JOIN_ALPHABET) for code in codes)
    assert len(JOIN_ALPHABET) ** 10 > 2**48
    assert not set("01IOL") & set(JOIN_ALPHABET)


def test_a_renewed_code_ends_the_old_link_and_keeps_who_joined(cast, sign_in):
    old = page_of(cast.cohort)
    sign_in(cast.tess).post(action("renew-join-code", cast.cohort))
    cast.cohort.refresh_from_db()
    ben = sign_in(cast.ben)
    assert ben.get(old).status_code == ben.post(old).status_code == 404
    assert ben.get(page_of(cast.cohort)).status_code == 200
    assert cast.cohort.cohort_memberships.current().get().user == cast.ana
    assert AuditEvent.objects.filter(action="renew_join_code", actor=cast.tess).count() == 1
    assert (
        cast.cohort.join_code
        in sign_in(cast.tess).get(action("cohort", cast.cohort)).content.decode()
    )


def test_leaving_ends_the_place_and_keeps_the_learning(cast, course, sign_in):
    learn(cast.ana, course, lessons=1)
    ana = sign_in(cast.ana)
    assert ana.post(action("leave-cohort", cast.cohort))["Location"] == "/seen-by-trainer/"
    assert CohortMembership.objects.get(user=cast.ana).left_at is not None
    assert Enrolment.objects.get(user=cast.ana).lessons.get().completed_at is not None
    assert "Nobody: you are in no cohort" in ana.get("/seen-by-trainer/").content.decode()
    assert "Last things" in ana.get("/").content.decode()


def test_leaving_twice_changes_nothing(cast, sign_in):
    ana = sign_in(cast.ana)
    ana.post(action("leave-cohort", cast.cohort))
    before = rows()
    assert ana.post(action("leave-cohort", cast.cohort)).status_code == 404
    assert rows() == before


def test_who_left_can_come_back(cast, sign_in):
    ana = sign_in(cast.ana)
    ana.post(action("leave-cohort", cast.cohort))
    ana.post(page_of(cast.cohort))
    assert CohortMembership.objects.filter(user=cast.ana).count() == 2
    assert CohortMembership.objects.current().filter(user=cast.ana).count() == 1
    assert Membership.objects.filter(user=cast.ana).count() == 1


def test_a_first_cohort_brings_its_organisation(cast, sign_in):
    ben = sign_in(cast.ben)
    to = ben.post("/cohorts/new/", NEW)["Location"]
    made = Cohort.objects.get(name="First group")
    assert to == action("cohort", made)
    assert (made.organisation.name, made.organisation.slug) == ("Cwm Valley", "cwm-valley")
    assert [*made.trainers.all()] == [cast.ben]
    assert made.assignments.get().due_at is None
    roles = Membership.objects.filter(user=cast.ben, organisation=made.organisation)
    assert sorted(roles.values_list("role", flat=True)) == ["manager", "trainer"]
    page = ben.get(to).content.decode()
    assert made.join_code in page
    assert page_of(made) in page


def test_a_second_press_on_a_first_cohort_makes_no_second_one(cast, sign_in):
    ben = sign_in(cast.ben)
    ben.post("/cohorts/new/", NEW)
    before = rows()
    ben.post("/cohorts/new/", NEW)
    assert rows() == before


def test_whoever_starts_a_cohort_can_invite_to_it(cast, sign_in):
    """Everybody who is offered the form: a learner, a trainer, and a manager who is no trainer."""
    for who in (cast.ana, cast.ben, cast.tess, cast.mo, cast.olga):
        client = sign_in(who)
        own = Organisation.objects.filter(
            memberships__user=who, memberships__role__in=["trainer", "manager"]
        ).first()
        # Ana and Ben give their first organisations one name, and say that theirs is another.
        place = {"organisation": own.pk if own else "", "another_than": NEW["organisation_name"]}
        to = client.post("/cohorts/new/", NEW | place | {"name": f"By {who}"})["Location"]
        made = Cohort.objects.get(name=f"By {who}")
        page = client.get(to).content.decode()
        assert made.join_code in page, who
        assert client.post(action("renew-join-code", made)).status_code == 302, who


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organisation_name", ""),
        ("organisation_name", "x" * 121),
        ("name", ""),
        ("name", "  "),
        ("name", "x" * 81),
        ("name", "a\x00b"),
        ("course", ""),
        ("course", "no-such-course"),
        ("due_on", "yesterday"),
        ("due_on", "2020-01-01"),
        ("due_on", "2027-02-30"),
    ],
)
def test_a_cohort_with_an_error_makes_nothing_and_keeps_what_was_typed(cast, sign_in, field, value):
    before = rows()
    response = sign_in(cast.ben).post("/cohorts/new/", NEW | {field: value})
    page = response.content.decode()
    assert response.status_code == 400
    assert "There is a problem" in page
    assert rows() == before
    assert ("Cwm Valley" in page) or field == "organisation_name"
    assert ("First group" in page) or field == "name"


def test_a_name_that_is_taken_is_refused_and_kept(cast, sign_in):
    Cohort.objects.update(
        created_at=timezone.now() - timedelta(minutes=2)
    )  # no press again, see test_organisations
    form = NEW | {"organisation": cast.cohort.organisation.pk, "name": "Autumn"}
    before = rows()
    response = sign_in(cast.tess).post("/cohorts/new/", form)
    assert response.status_code == 400
    assert "Your organisation has a cohort called Autumn already" in response.content.decode()
    assert 'value="Autumn"' in response.content.decode()
    assert rows() == before


def test_another_organisation_may_use_the_same_name(cast, sign_in):
    sign_in(cast.olga).post(
        "/cohorts/new/", NEW | {"organisation": cast.other_cohort.organisation.pk, "name": "Autumn"}
    )
    assert Cohort.objects.filter(name="Autumn").count() == 2


def test_organisations_of_one_name_stay_apart(cast):
    now = timezone.now()
    made = [
        start_organisation(cast.ben, name, now).slug
        for name in ("Riverside", "Riverside!", "!!!", "???", "x" * 120)
    ]
    assert made == ["riverside-2", "riverside-3", "organisation", "organisation-2", "x" * 40]


def test_a_trainer_of_several_organisations_chooses_one_of_them(cast, sign_in):
    Membership.objects.create(user=cast.olga, organisation=cast.cohort.organisation, role="trainer")
    page = sign_in(cast.olga).get("/cohorts/new/").content.decode()
    assert "Riverside" in page
    assert "Hillview" in page
    assert "organisation_name" not in page


def test_a_course_is_given_with_a_due_date_and_the_date_can_change(cast, sign_in):
    tess, day = sign_in(cast.tess), timezone.localdate() + timedelta(days=30)
    for due_on, due_at in ((day.isoformat(), end_of_day(day)), ("", None)):
        tess.post(action("assign-course", cast.cohort), {"course": "tiny", "due_on": due_on})
        assert Assignment.objects.get(cohort=cast.cohort).due_at == due_at
    assert AuditEvent.objects.filter(action="assign_course", actor=cast.tess).count() == 3


def test_giving_a_course_twice_changes_nothing(cast, sign_in):
    tess = sign_in(cast.tess)
    tess.post(action("assign-course", cast.cohort), {"course": "tiny", "due_on": ""})
    before = [*Assignment.objects.values_list()]
    tess.post(action("assign-course", cast.cohort), {"course": "tiny", "due_on": ""})
    assert [*Assignment.objects.values_list()] == before


@pytest.mark.parametrize(
    "due_on", ["2020-01-01", "soon", "2027-02-30", "0000-00-00", "99999-01-01"]
)
def test_a_wrong_due_date_is_refused_and_the_old_one_kept(cast, sign_in, due_on):
    tess, before = sign_in(cast.tess), rows()
    response = tess.post(
        action("assign-course", cast.cohort), {"course": "tiny", "due_on": due_on}, follow=True
    )
    assert "message--error" in response.content.decode()
    assert rows() == before


@pytest.mark.parametrize(
    "course_key", ["", "no-such-course", "x" * 300, "a\x00b", "tiny\x00", "🍼"]
)
def test_a_course_that_is_not_there_is_not_given(cast, sign_in, course_key):
    before = rows()
    response = sign_in(cast.tess).post(
        action("assign-course", cast.cohort), {"course": course_key, "due_on": ""}
    )
    assert response.status_code == 404
    assert rows() == before


def test_a_retired_course_is_not_given(cast, sign_in):
    Course.objects.update(retired_at=timezone.now())
    response = sign_in(cast.tess).post(
        action("assign-course", cast.cohort), {"course": "tiny", "due_on": ""}
    )
    assert response.status_code == 404
    assert sign_in(cast.ben).post("/cohorts/new/", NEW).status_code == 400


@pytest.mark.parametrize(
    ("day", "utc"),
    [((2026, 7, 1), 22), ((2026, 12, 1), 23), ((2026, 10, 25), 23), ((2026, 3, 29), 22)],
)
def test_a_day_ends_at_its_last_second_in_london(day, utc):
    """In summer time an hour earlier in UTC, on the nights of change too."""
    ends = end_of_day(date(*day)).astimezone(UTC)
    assert (ends.hour, ends.minute, ends.second, ends.day) == (utc, 59, 59, day[2])


def test_details_are_changed_by_their_owner(cast, sign_in):
    ana = sign_in(cast.ana)
    assert (
        ana.post("/details/", {"name": "Ana Ŵyn ’Jones", "profession": "midwife"})["Location"]
        == "/details/"
    )
    now = User.objects.get(pk=cast.ana.pk)
    assert (now.name, now.profession) == ("Ana Ŵyn ’Jones", "midwife")
    assert "Ana Ŵyn ’Jones" in ana.get("/details/").content.decode()


@pytest.mark.parametrize(
    ("name", "profession"),
    [("", "gp"), ("  ", "gp"), ("x" * 121, "gp"), ("Ana", "astronaut"), ("a\x00", "gp")],
)
def test_wrong_details_are_refused_and_kept(cast, sign_in, name, profession):
    before = rows()
    response = sign_in(cast.ana).post("/details/", {"name": name, "profession": profession})
    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()
    assert rows() == before


def test_the_page_before_joining_says_what_is_due(cast, course, sign_in):
    day = timezone.localdate() + timedelta(days=9)
    late = start_cohort(cast.tess, cast.cohort.organisation, "Late", course, day, timezone.now())
    page = sign_in(cast.ben).get(page_of(late)).content.decode()
    assert "Tiny things" in page
    assert f"{day.day} {day:%B %Y}" in page


def test_a_joiner_finds_the_course_on_the_first_page(cast, sign_in):
    ben = sign_in(cast.ben)
    ben.post(page_of(cast.cohort))
    assert "Your trainer has given you this course" in ben.get("/").content.decode()


def test_a_learner_of_two_cohorts_leaves_one_and_stays_in_the_other(cast, course, sign_in):
    second = start_cohort(
        cast.tess, cast.cohort.organisation, "Winter", course, None, timezone.now()
    )
    join_cohort(cast.ana, second, timezone.now())
    enrol(cast.ana, course, timezone.now())
    sign_in(cast.ana).post(action("leave-cohort", second))
    assert [*Cohort.objects.joined_by(cast.ana)] == [cast.cohort]


def test_the_pages_anyone_may_read_are_the_same_for_all(cast: Cast, sign_in):
    for url in ("/privacy/", "/accessibility/"):
        page = Client().get(url)
        assert page.status_code == 200
        main = plain(page).split("<main")[1].split("</main>")[0]
        assert plain(sign_in(cast.ana).get(url)).split("<main")[1].split("</main>")[0] == main
