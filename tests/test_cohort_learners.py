"""One learner of a cohort, on the pages of their trainer: more time, another cohort, removed."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.learning.actions import enrol
from courses.models import AuditEvent
from courses.people.actions import assign_course, join_cohort, start_cohort
from courses.people.cohort_actions import extend_due_date, remove_learner
from courses.people.cohort_life import close_cohort
from courses.people.due_dates import end_of_day
from courses.people.models import Cohort, CohortMembership, Extension
from courses.web import dates
from tests.conftest import Cast, given, learn
from tests.test_access import rows

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
WEEK = timedelta(days=7)
LATER = TODAY + 2 * WEEK
TIME = {"due_on": LATER.isoformat(), "reason": "Back from leave"}


@pytest.fixture
def tess(cast, sign_in) -> Client:
    return sign_in(cast.tess)


@pytest.fixture
def due(cast, course, mailoutbox) -> date:
    """A due date in a week for the tiny course in Tess's cohort, and no mail about it."""
    assign_course(cast.tess, cast.cohort, course, TODAY + WEEK, NOW)
    mailoutbox.clear()
    return TODAY + WEEK


@pytest.fixture
def winter(cast, course) -> Cohort:
    """A second cohort of Tess's."""
    return start_cohort(cast.tess, cast.cohort.organisation, "Winter", course, None, NOW)


def url(name: str, cast: Cast) -> str:
    return reverse(f"courses:{name}", args=[cast.cohort.key, "tiny", cast.ana.key])


def main_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode().split("<main")[1]


def sent(client: Client, address: str, data: dict[str, object] | None = None) -> str:
    return client.post(address, data or {}, follow=True).content.decode()


def test_it_works(cast, due, tess, sign_in, mailoutbox):
    """A later date, with its reason, on the trainer's page, on the learner's own and by mail."""
    assert url("extend-due-date", cast) in main_of(tess, url("learner", cast))
    said = sent(tess, url("extend-due-date", cast), TIME)
    until = dates.long_day(end_of_day(LATER))
    assert f"Ana has until {until}" in said
    ana = sign_in(cast.ana)
    for page in (
        main_of(tess, url("learner", cast)),
        main_of(ana, reverse("courses:seen-by-trainer")),
    ):
        assert until in page
        assert "Back from leave" in page
    enrol(cast.ana, given(cast).course, NOW)
    own = main_of(ana, reverse("courses:learning"))
    assert f"Due {until} (end of day): your trainer gave you more time" in own
    assert [mail.to for mail in mailoutbox] == [[cast.ana.email]]
    event = AuditEvent.objects.get(action="extend_due_date")
    assert (event.actor, event.subject) == (cast.tess, cast.ana)


def test_the_same_press_twice_gives_it_once(cast, due, tess, mailoutbox):
    for _ in range(2):
        assert "Ana has until" in sent(tess, url("extend-due-date", cast), TIME)
    assert Extension.objects.count() == len(mailoutbox) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_on": ""},
        {"due_on": "soon"},
        {"due_on": (TODAY + timedelta(days=3)).isoformat()},
        {"due_on": "2001-01-01"},
        {"reason": ""},
        {"reason": "x" * 301},
    ],
)
def test_a_wrong_form_keeps_what_was_typed(cast, due, tess, mailoutbox, wrong):
    before = rows()
    data = TIME | wrong
    response = tess.post(url("extend-due-date", cast), data)
    page = response.content.decode()
    assert response.status_code == 400
    assert "<title>Error:" in page
    for value in data.values():
        assert not value or f'value="{value}"' in page
    assert (rows(), mailoutbox) == (before, [])


def test_without_a_date_of_the_cohort_there_is_no_form(cast, tess):
    page = main_of(tess, url("extend-due-date", cast))
    assert "There is no due date" in page
    assert 'method="post"' not in page
    before = rows()
    assert tess.post(url("extend-due-date", cast), TIME).status_code == 400
    assert rows() == before


def test_an_extension_is_withdrawn_once_and_the_learner_told(cast, due, tess, mailoutbox):
    extend_due_date(cast.tess, given(cast), cast.ana, LATER, "Back from leave", NOW)
    mailoutbox.clear()
    assert "Withdraw the extra time" in main_of(tess, url("extend-due-date", cast))
    for words in ("the date of the cohort again", "Nothing was changed"):
        assert words in sent(tess, url("withdraw-extension", cast))
    (mail,) = mailoutbox
    assert mail.to == [cast.ana.email]
    assert dates.long_day(end_of_day(due)) in " ".join(mail.body.split())
    page = main_of(tess, url("extend-due-date", cast))
    assert "Withdrawn by Tess" in page, "the history stays"
    assert "Withdraw the extra time" not in page
    assert AuditEvent.objects.filter(action="withdraw_extension").count() == 1


def test_one_that_the_cohorts_date_has_passed_by_is_withdrawn_without_a_mail(
    cast, course, due, tess, mailoutbox
):
    extend_due_date(cast.tess, given(cast), cast.ana, LATER, "Back from leave", NOW)
    assign_course(cast.tess, cast.cohort, course, LATER + WEEK, NOW)
    mailoutbox.clear()
    sent(tess, url("withdraw-extension", cast))
    assert mailoutbox == []
    assert not Extension.objects.in_force().exists()


def test_a_learner_is_moved_and_gone_from_the_table_at_once(cast, winter, tess, mailoutbox):
    mailoutbox.clear()
    assert "Winter" in main_of(tess, url("move-learner", cast))
    data = {"to": winter.key}
    assert "Ana is in Winter now" in sent(tess, url("move-learner", cast), data)
    assert "Ana is not in Autumn any more" in sent(tess, url("move-learner", cast), data)
    old = reverse("courses:cohort-progress", args=[cast.cohort.key, "tiny"])
    new = reverse("courses:cohort-progress", args=[winter.key, "tiny"])
    assert "Ana" not in main_of(tess, old)
    assert "Ana" in main_of(tess, new)
    assert tess.get(url("learner", cast)).status_code == 404
    assert [mail.subject for mail in mailoutbox] == ["You are in Winter now"]
    history = CohortMembership.objects.filter(user=cast.ana).order_by("pk")
    assert [row.left_at is None for row in history] == [False, True]


def test_only_open_cohorts_that_one_trains_can_be_chosen(cast, course, winter, tess):
    """Not a closed one, not one of another organisation, not one the learner is in."""
    service = cast.cohort.organisation
    closed = start_cohort(cast.tess, service, "Closed", course, None, NOW)
    close_cohort(cast.tess, closed, NOW)
    joined = start_cohort(cast.tess, service, "Joined", course, None, NOW)
    join_cohort(cast.ana, joined, NOW)
    of_mo = start_cohort(cast.mo, service, "Mo's", course, None, NOW)
    before = rows()
    page = main_of(tess, url("move-learner", cast))
    assert str(winter.key) in page
    for cohort in (closed, joined, of_mo, cast.other_cohort, cast.cohort):
        assert f'value="{cohort.key}"' not in page
        assert tess.post(url("move-learner", cast), {"to": cohort.key}).status_code == 400
    assert rows() == before


def test_without_another_cohort_the_page_says_what_to_do(cast, tess):
    page = main_of(tess, url("move-learner", cast))
    assert "There is no other cohort to move to" in page
    assert "<form" not in page


def test_a_learner_is_removed_once_and_keeps_their_record(cast, course, tess, sign_in, mailoutbox):
    learn(cast.ana, course, lessons=1)
    mailoutbox.clear()
    page = main_of(tess, url("remove-learner", cast))
    assert "stay theirs" in page
    assert cast.cohort.cohort_memberships.current().exists(), "looking changes nothing"
    assert "Ana is no longer in Autumn" in sent(tess, url("remove-learner", cast))
    assert "Ana is not in Autumn any more" in sent(tess, url("remove-learner", cast))
    table = reverse("courses:cohort-csv", args=[cast.cohort.key, "tiny"])
    assert "Ana" not in tess.get(table).content.decode()
    assert tess.get(url("learner", cast)).status_code == 404
    assert [mail.subject for mail in mailoutbox] == ["You are no longer in Autumn"]
    assert "Tiny things" in main_of(sign_in(cast.ana), reverse("courses:learning"))
    membership = CohortMembership.objects.get(cohort=cast.cohort, user=cast.ana)
    assert membership.left_at, "the history stays"


def test_there_are_no_such_links_beside_oneself(cast, due, tess):
    join_cohort(cast.tess, cast.cohort, NOW)
    own = [cast.cohort.key, "tiny", cast.tess.key]
    assert "In this cohort" not in main_of(tess, reverse("courses:learner", args=own))
    for name in ("extend-due-date", "move-learner", "remove-learner"):
        address = reverse(f"courses:{name}", args=own)
        assert tess.get(address).status_code == 404
        assert tess.post(address, TIME).status_code == 404


def test_a_manager_reads_and_changes_nothing(cast, due, sign_in):
    mo = sign_in(cast.mo)
    assert "In this cohort" not in main_of(mo, url("learner", cast))
    for name in ("extend-due-date", "withdraw-extension", "move-learner", "remove-learner"):
        assert mo.post(url(name, cast), TIME).status_code == 404


def test_who_was_never_in_the_cohort_is_not_found(cast, due, tess):
    own = [cast.cohort.key, "tiny", cast.ben.key]
    for name in ("extend-due-date", "move-learner", "remove-learner"):
        assert tess.get(reverse(f"courses:{name}", args=own)).status_code == 404


def test_one_who_left_while_the_page_was_open_gets_nothing(cast, due, tess, mailoutbox):
    remove_learner(cast.tess, cast.cohort, cast.ana, NOW)
    mailoutbox.clear()
    before = rows()
    assert "Ana is not in Autumn any more" in sent(tess, url("extend-due-date", cast), TIME)
    assert (rows(), mailoutbox) == (before, [])


def test_who_has_completed_can_be_moved_and_needs_no_more_time(cast, course, due, tess):
    enrolment = enrol(cast.ana, course, NOW)
    enrolment.completed_at = NOW
    enrolment.save()
    page = main_of(tess, url("learner", cast))
    assert url("extend-due-date", cast) not in page
    assert url("move-learner", cast) in page
