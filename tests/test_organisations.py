"""Confirmed organisations, who may start a cohort and how many a day, and what staff may not do for themselves."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.urls import reverse
from django.utils import timezone

from courses.models import AuditEvent, Cohort, Membership, Organisation, User
from courses.people.actions import join_cohort, start_cohort
from tests.conftest import Cast, begin_quiz, learn, person
from tests.test_access import rows

NEW = {"organisation_name": "Cwm Valley", "name": "First group", "course": "tiny", "due_on": ""}
CONFIRM = "admin:courses_organisation_confirm"
T = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def root(cast) -> User:
    return person("Root", is_staff=True, is_superuser=True)


def confirmed(organisation: Organisation) -> Organisation:
    organisation.confirmed_at = T
    organisation.save()
    return organisation


def pages_with_the_name(cast: Cast, sign_in) -> dict[str, str]:
    """Every page that shows the name of Tess's organisation."""
    tess, key = sign_in(cast.tess), cast.cohort.key
    return {
        "join": sign_in(cast.ben).get(f"/join/{cast.cohort.join_code}/").content.decode(),
        "own": sign_in(cast.ana).get("/seen-by-trainer/").content.decode(),
        "cohorts": tess.get("/cohorts/").content.decode(),
        "cohort": tess.get(f"/cohorts/{key}/").content.decode(),
    }


def test_it_works(cast, root, sign_in):
    """Not confirmed on every page; an administrator confirms it; then on none."""
    for name, text in pages_with_the_name(cast, sign_in).items():
        assert "Riverside (not confirmed)" in text, name
        assert text.count("Riverside") == text.count("Riverside (not confirmed)"), name
    browser, riverside = sign_in(root), cast.cohort.organisation
    page = browser.get(reverse(CONFIRM, args=[riverside.pk])).content.decode()
    assert "tess@example.org" in page
    assert "mo@example.org" in page
    assert browser.post(reverse(CONFIRM, args=[riverside.pk])).status_code == 302
    riverside.refresh_from_db()
    assert (riverside.is_confirmed, riverside.confirmed_by) == (True, root)
    event = AuditEvent.objects.get(action="confirm_organisation")
    assert (event.actor, event.details) == (root, {"organisation": "riverside"})
    for name, text in pages_with_the_name(cast, sign_in).items():
        assert "Riverside" in text, name
        assert "not confirmed" not in text, name


def test_the_page_before_joining_says_what_not_confirmed_means(cast, sign_in):
    text = sign_in(cast.ben).get(f"/join/{cast.cohort.join_code}/").content.decode()
    assert "Nobody who runs this site has checked" in text
    confirmed(cast.cohort.organisation)
    text = sign_in(cast.ben).get(f"/join/{cast.cohort.join_code}/").content.decode()
    assert "Nobody who runs this site has checked" not in text


def test_an_organisation_that_is_not_confirmed_stands_on_nothing_that_leaves_the_site(cast):
    riverside = cast.cohort.organisation
    assert riverside.printed_name is None
    assert confirmed(riverside).printed_name == "Riverside"


def test_only_the_model_says_how_an_organisation_is_named():
    """No page, mail, certificate or file takes the bare name: else two strangers are "NHS England".

    The admin does, and the copy of one's own data, which says beside it when it was confirmed.
    """
    found = []
    for folder in ("templates", "courses"):
        for path in sorted((Path(project.BASE_DIR) / folder).rglob("*.*")):
            if path.suffix in {".html", ".txt", ".py"} and not {
                "migrations",
                "admin",
                "admin.py",
                "personal_data",
            } & set(path.parts):
                for number, line in enumerate(path.read_text().splitlines(), 1):
                    if re.search(r"organisation\.name\b|organisation__name\b", line):
                        found.append(f"{path.name}:{number}: {line.strip()}")
    assert found == []


def test_the_file_and_the_reminder_do_not_name_it(
    cast, course, sign_in, mailoutbox, django_capture_on_commit_callbacks
):
    learn(cast.ana, course)
    begin_quiz(cast.ana, course)
    tess = sign_in(cast.tess)
    table = reverse("courses:cohort-csv", args=[cast.cohort.key, "tiny"])
    assert "Riverside" not in tess.get(table).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        tess.post(reverse("courses:send-nudge", args=[cast.cohort.key, "tiny", cast.ana.key]))
    assert "Riverside" not in f"{mailoutbox[0].subject} {mailoutbox[0].body}"


# ---- who confirms


def test_several_are_confirmed_from_the_list(cast, root, sign_in):
    browser, both = sign_in(root), list(Organisation.objects.values_list("pk", flat=True))
    sent = {"action": "confirm", "_selected_action": both}
    url = reverse("admin:courses_organisation_changelist")
    assert "Riverside" in browser.post(url, sent).content.decode()
    assert Organisation.objects.filter(confirmed_at=None).count() == 2, "looking is not confirming"
    browser.post(url, sent | {"confirm": "yes"})
    assert Organisation.objects.filter(confirmed_by=root).count() == 2
    before = rows()
    browser.post(url, sent | {"confirm": "yes"})
    assert rows() == before, "a second press changes nothing"


def test_nobody_confirms_an_organisation_they_are_in(cast, root, sign_in):
    for role in ("learner", "trainer", "manager"):
        Membership.objects.all().filter(user=root).delete()
        Membership.objects.create(user=root, organisation=cast.cohort.organisation, role=role)
        before = rows()
        browser = sign_in(root)
        page = browser.post(
            reverse(CONFIRM, args=[cast.cohort.organisation_id]), follow=True
        ).content.decode()
        assert "Nobody does this for themselves" in page
        assert rows() == before, role


@pytest.mark.parametrize("name", ["ana", "tess", "mo", "sam"])
def test_only_an_administrator_confirms(cast, sign_in, name):
    """Sam is staff without the permission to change organisations."""
    before = rows()
    response = sign_in(getattr(cast, name)).post(
        reverse(CONFIRM, args=[cast.cohort.organisation_id])
    )
    assert response.status_code in {302, 403}
    assert rows() == before


def test_the_form_of_an_organisation_does_not_confirm_it(cast, root, sign_in):
    riverside = cast.cohort.organisation
    sent = {
        "name": "Riverside",
        "slug": "riverside",
        "confirmed_at_0": "2026-01-01",
        "confirmed_at_1": "10:00",
    }
    url = reverse("admin:courses_organisation_change", args=[riverside.pk])
    assert sign_in(root).post(url, sent | {"confirmed_by": root.pk}).status_code == 302
    riverside.refresh_from_db()
    assert (riverside.confirmed_at, riverside.confirmed_by) == (None, None)


def test_the_demos_organisations_are_confirmed(course, settings, capsys):
    from django.core.management import call_command

    settings.DEMO = True
    call_command("make_demo")
    assert not Organisation.objects.filter(confirmed_at=None).exists()


# ---- staff and themselves


def test_staff_do_not_change_what_they_themselves_may_do(cast, root, sign_in):
    sent = {
        "email": root.email,
        "name": "Root",
        "profession": "gp",
        "is_active": "on",
        "is_reviewer": "on",
    }
    url = reverse("admin:courses_user_change", args=[root.pk])
    assert sign_in(root).post(url, sent).status_code == 302
    root.refresh_from_db()
    assert (root.is_staff, root.is_superuser, root.is_reviewer, root.profession) == (
        True,
        True,
        False,
        "gp",
    )


def test_only_a_superuser_makes_others_staff(cast, sign_in):
    """Sam may change people, and so could make a friend a superuser, who makes Sam one."""
    from django.contrib.auth.models import Permission

    cast.sam.user_permissions.set(
        Permission.objects.filter(codename__in=["change_user", "view_user"])
    )
    sent = {"email": cast.ben.email, "name": "Ben", "profession": "gp", "is_active": "on"}
    url = reverse("admin:courses_user_change", args=[cast.ben.pk])
    response = sign_in(cast.sam).post(url, sent | {"is_staff": "on", "is_superuser": "on"})
    assert response.status_code == 302
    cast.ben.refresh_from_db()
    assert (cast.ben.profession, cast.ben.is_staff, cast.ben.is_superuser) == ("gp", False, False)


def test_nobody_gives_themselves_a_membership(cast, root, sign_in):
    browser, riverside = sign_in(root), cast.cohort.organisation
    sent = {
        "organisation": riverside.pk,
        "role": "manager",
        "started_at_0": "2026-11-01",
        "started_at_1": "10:00",
    }
    add = reverse("admin:courses_membership_add")
    before = rows()
    page = browser.post(add, sent | {"user": root.pk}).content.decode()
    assert "Nobody gives themselves a membership" in page
    assert rows() == before
    assert browser.post(add, sent | {"user": cast.ben.pk}).status_code == 302
    made = Membership.objects.get(user=cast.ben)
    assert (made.role, made.given_by) == ("manager", root)


def test_nobody_changes_or_deletes_their_own_membership(cast, root, sign_in):
    own = Membership.objects.create(
        user=root, organisation=cast.cohort.organisation, role="learner"
    )
    theirs = Membership.objects.get(user=cast.olga, role="trainer")
    browser, before = sign_in(root), rows()
    sent = {"user": root.pk, "organisation": own.organisation_id, "role": "manager"}
    sent |= {"started_at_0": "2026-11-01", "started_at_1": "10:00"}
    assert (
        browser.post(reverse("admin:courses_membership_change", args=[own.pk]), sent).status_code
        == 403
    )
    assert (
        browser.post(
            reverse("admin:courses_membership_delete", args=[own.pk]), {"post": "yes"}
        ).status_code
        == 403
    )
    # nor another's into their own
    url = reverse("admin:courses_membership_change", args=[theirs.pk])
    assert "Nobody gives themselves a membership" in browser.post(url, sent).content.decode()
    url = reverse("admin:courses_membership_changelist")
    browser.post(url, {"action": "delete_selected", "_selected_action": [own.pk], "post": "yes"})
    assert rows() == before


# ---- starting a cohort


def test_a_press_again_finds_the_cohort_it_made(cast, sign_in):
    """Also when the page is the old one, on which the organisation was still to be named."""
    ben = sign_in(cast.ben)
    first = ben.post("/cohorts/new/", NEW)
    before = rows()
    second = ben.post("/cohorts/new/", NEW)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert rows() == before


def test_the_same_name_for_another_course_is_refused(cast, sign_in):
    ben = sign_in(cast.ben)
    ben.post("/cohorts/new/", NEW)
    before = rows()
    later = timezone.localdate() + timedelta(days=9)
    own = Organisation.objects.get(name="Cwm Valley")
    page = ben.post("/cohorts/new/", {**NEW, "organisation": own.pk, "due_on": later.isoformat()})
    assert page.status_code == 400
    assert "has a cohort called First group already" in page.content.decode()
    assert rows() == before


def test_a_day_has_room_for_few_cohorts(cast, sign_in, settings):
    settings.COHORTS_A_DAY = 3
    ben = sign_in(cast.ben)
    ben.post("/cohorts/new/", NEW)
    own = Organisation.objects.get(name="Cwm Valley")
    for number in (2, 3):
        assert (
            ben.post(
                "/cohorts/new/", NEW | {"organisation": own.pk, "name": f"{number}"}
            ).status_code
            == 302
        )
    before = rows()
    refused = ben.post("/cohorts/new/", NEW | {"organisation": own.pk, "name": "Fourth group"})
    page = refused.content.decode()
    assert refused.status_code == 400
    assert "You have started 3 cohorts in the last 24 hours" in page
    assert 'value="Fourth group"' in page
    assert rows() == before
    tess = sign_in(cast.tess).post(
        "/cohorts/new/", NEW | {"organisation": cast.cohort.organisation_id}
    )
    assert tess.status_code == 302, "it is counted by person"
    Cohort.objects.filter(started_by=cast.ben, name="First group").update(
        created_at=timezone.now() - timedelta(days=1)
    )
    assert (
        ben.post(
            "/cohorts/new/", NEW | {"organisation": own.pk, "name": "Fourth group"}
        ).status_code
        == 302
    )


def start(sign_in, user: User, **fields: object) -> int:
    return sign_in(user).post("/cohorts/new/", NEW | fields).status_code


def test_anybody_starts_a_cohort_by_default(cast, sign_in):
    assert project.COHORTS_STARTED_BY == "anybody"
    assert start(sign_in, cast.ben) == 302


def test_only_confirmed_organisations_start_cohorts_where_that_is_set(cast, sign_in, settings):
    settings.COHORTS_STARTED_BY = "confirmed"
    confirmed(cast.cohort.organisation)
    before = rows()
    assert start(sign_in, cast.ben) == 403
    assert start(sign_in, cast.olga, organisation=cast.other_cohort.organisation_id) == 403
    assert rows() == before
    assert start(sign_in, cast.tess, organisation=cast.other_cohort.organisation_id) == 400
    for who, name in ((cast.tess, "A"), (cast.mo, "B")):
        assert start(sign_in, who, organisation=cast.cohort.organisation_id, name=name) == 302


def test_only_who_is_invited_starts_cohorts_where_that_is_set(cast, root, sign_in, settings):
    settings.COHORTS_STARTED_BY = "invited"
    before = rows()
    for who in (cast.ben, cast.tess, cast.mo, cast.olga):
        assert start(sign_in, who, organisation=cast.cohort.organisation_id) == 403
    assert rows() == before
    Membership.objects.filter(user=cast.tess).update(given_by=root)
    assert start(sign_in, cast.tess, organisation=cast.cohort.organisation_id) == 302
    Membership.objects.filter(user=cast.tess).update(ended_at=timezone.now())
    assert start(sign_in, cast.tess, organisation=cast.cohort.organisation_id, name="Next") == 403


@pytest.mark.parametrize("rule", ["confirmed", "invited"])
def test_the_pages_say_whom_to_ask(cast, sign_in, settings, rule):
    settings.COHORTS_STARTED_BY = rule
    for who in (cast.ben, cast.olga):
        client = sign_in(who)
        page = client.get("/cohorts/new/")
        assert page.status_code == 200
        text = page.content.decode()
        assert "the people who run this site" in text
        assert "Start this cohort" not in text
        for url in ("/", "/cohorts/"):
            text = client.get(url, follow=True).content.decode()
            assert ">Start a cohort<" not in text, url
            assert ">Start another cohort<" not in text, url
            assert "How cohorts are started here" in text, url


def test_what_is_there_goes_on_under_every_rule(cast, sign_in, settings):
    settings.COHORTS_STARTED_BY = "invited"
    tess = sign_in(cast.tess)
    assert tess.get(f"/cohorts/{cast.cohort.key}/").status_code == 200
    assert tess.post(f"/cohorts/{cast.cohort.key}/renew-code/").status_code == 302
    join_cohort(cast.ben, cast.cohort, timezone.now())


def test_who_started_a_cohort_is_kept(cast, course):
    made = start_cohort(cast.tess, cast.cohort.organisation, "Winter", course, None, T)
    assert made.started_by == cast.tess
    event = AuditEvent.objects.get(action="start_cohort", at=T)
    assert (event.actor, event.details["cohort"]) == (cast.tess, str(made.key))


def test_the_copy_of_ones_own_data_says_beside_each_organisation_when_it_was_confirmed():
    for name in ("acts.py", "tables.py"):
        text = (Path(project.BASE_DIR) / "courses" / "personal_data" / name).read_text()
        names = re.findall(r'"((?:\w+__)?organisation)__name"', text)
        confirmed = re.findall(r'"((?:\w+__)?organisation)__confirmed_at"', text)
        assert names == confirmed != []
