"""Joining on approval, and asking to join an organisation of a like name."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Cohort, CohortMembership, JoinRequest, Membership, Organisation
from courses.organisations.joining import (
    AddressRefused,
    AskedEnough,
    answer_join_request,
    ask_to_join,
    join_by_code,
)
from courses.organisations.queries import join_requests_for
from courses.people.actions import join_cohort, start_organisation
from courses.people.organisation_names import is_like
from courses.people.permissions import CohortClosed, NotYours, OnOneself
from courses.people.queries import like_organisations
from tests.conftest import Cast, person
from tests.test_access import rows

NEW = {"name": "First group", "course": "tiny", "due_on": ""}


@pytest.fixture
def asked(cast) -> JoinRequest:
    """Ben has asked to join Tess's cohort, which lets in only whom she approves."""
    cast.cohort.joining = Cohort.Joining.APPROVAL
    cast.cohort.save()
    request = join_by_code(cast.ben, cast.cohort, timezone.now())
    assert isinstance(request, JoinRequest)
    return request


def answer_url(request: JoinRequest) -> str:
    return reverse("courses:answer-join-request", args=[request.key])


def is_in(cast: Cast) -> bool:
    return CohortMembership.objects.current().filter(user=cast.ben, cohort=cast.cohort).exists()


def test_it_works(cast, sign_in, mailoutbox):
    """Ben asks by the link, Tess gets a mail and lets him in from the cohort's page, Ben gets one."""
    Cohort.objects.filter(pk=cast.cohort.pk).update(joining="approval")
    ben, link = sign_in(cast.ben), reverse("courses:join-cohort", args=[cast.cohort.join_code])
    assert "Ask to join" in ben.get(link).content.decode()
    ben.post(link)
    before = rows()
    ben.post(link)
    assert rows() == before, "a second press asks no second time"
    assert "You asked to join on" in ben.get(link).content.decode()
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["tess@example.org"], "Ben asks to join Autumn")
    assert not is_in(cast)
    tess = sign_in(cast.tess)
    page = tess.get(reverse("courses:cohort", args=[cast.cohort.key])).content.decode()
    request = JoinRequest.objects.get()
    assert answer_url(request) in page
    assert join_requests_for(cast.tess) == [request]
    assert tess.post(answer_url(request), {"answer": "let-in"}).status_code == 302
    assert is_in(cast)
    assert mailoutbox[1].subject == "You have joined Autumn"
    before = rows()
    tess.post(answer_url(request), {"answer": "decline"})
    assert rows() == before, "it is answered once"
    assert len(mailoutbox) == 2


def test_who_is_declined_is_told_and_may_ask_again_after_a_week(cast, asked, mailoutbox):
    now = timezone.now()
    assert answer_join_request(cast.tess, asked, False, now)
    assert mailoutbox[-1].subject == "Your request to join: Autumn"
    assert not is_in(cast)
    with pytest.raises(AskedEnough):
        join_by_code(cast.ben, cast.cohort, now + timedelta(days=6))
    again = join_by_code(cast.ben, cast.cohort, now + timedelta(days=8))
    assert again.pk != asked.pk


def test_only_a_trainer_of_the_cohort_answers(cast, asked, sign_in):
    before = rows()
    for who in (cast.mo, cast.olga, cast.ana, cast.sam):
        with pytest.raises(NotYours):
            answer_join_request(who, asked, True, timezone.now())
        assert sign_in(who).post(answer_url(asked), {"answer": "let-in"}).status_code == 404
        assert join_requests_for(who) == []
    with pytest.raises(OnOneself):
        answer_join_request(cast.ben, asked, True, timezone.now())
    assert rows() == before


def test_an_answer_that_is_none_changes_nothing(cast, asked, sign_in):
    before = rows()
    for answer in ({}, {"answer": "yes"}, {"answer": ""}):
        assert sign_in(cast.tess).post(answer_url(asked), answer).status_code == 302
    assert rows() == before


def test_a_cohort_closed_meanwhile_lets_nobody_in(cast, asked):
    Cohort.objects.update(closed_at=timezone.now())
    asked.refresh_from_db()
    with pytest.raises(CohortClosed):
        answer_join_request(cast.tess, asked, True, timezone.now())
    with pytest.raises(CohortClosed):
        cast.cohort.refresh_from_db()
        join_by_code(person("Cara"), cast.cohort, timezone.now())


def test_who_is_in_stays_in_when_approval_is_switched_on(cast, sign_in):
    Cohort.objects.update(joining="approval")
    cast.cohort.refresh_from_db()
    assert isinstance(join_by_code(cast.ana, cast.cohort, timezone.now()), CohortMembership)


# ---- like names


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Riverside", "riverside", True),
        ("Riverside NHS Foundation Trust", "Riverside", True),
        ("The Riverside Trust", "Riverside, NHS Trust.", True),
        ("Rivreside", "Riverside", True),
        ("Ty’r Afon", "Ty'r Afon", True),
        ("Môn Health Board", "Mon", True),
        ("Valley Children and Families", "Valley Families & Children", True),
        ("River side", "Riverside", True),
        ("Riverside Children’s Services", "Riverside", False),
        ("Hillview", "Riverside", False),
        ("Bury", "Bute", False),
        ("NHS Trust", "Riverside NHS Trust", False),
        ("NHS Trust", "NHS trust", True),
        ("", "Riverside", False),
        ("…", "…", False),
    ],
)
def test_names_are_alike(one, other, alike):
    assert is_like(one, other) is alike
    assert is_like(other, one) is alike


def test_confirmed_ones_come_first_and_three_at_most(cast):
    now = timezone.now()
    made = [start_organisation(person(f"P{n}"), "Riverside Trust", now) for n in range(3)]
    made[2].confirmed_at = now
    made[2].save()
    found = like_organisations("riverside")
    assert [organisation.pk for organisation in found] == [
        made[2].pk,
        cast.cohort.organisation_id,
        made[0].pk,
    ]


def test_a_second_one_of_a_like_name_is_shown_the_first(cast, sign_in, mailoutbox):
    ben, sent = sign_in(cast.ben), NEW | {"organisation_name": "Riverside NHS Trust"}
    before = rows()
    response = ben.post("/cohorts/new/", sent)
    text = response.content.decode()
    assert response.status_code == 400
    assert "Riverside (not confirmed)" in text
    assert "No, mine is another" in text
    assert 'value="First group"' in text
    assert rows() == before
    ask = {"organisation": "riverside", "name": "Riverside NHS Trust"}
    assert ben.post(reverse("courses:ask-to-join"), ask).status_code == 302
    request = JoinRequest.objects.get()
    assert {tuple(mail.to) for mail in mailoutbox} == {("tess@example.org",), ("mo@example.org",)}
    assert "Riverside" not in mailoutbox[0].subject + mailoutbox[0].body, "it is not confirmed"
    people = reverse("courses:organisation-people", args=["riverside"])
    mo = sign_in(cast.mo)
    assert answer_url(request) in mo.get(people).content.decode()
    mo.post(answer_url(request), {"answer": "let-in"})
    membership = Membership.objects.get(user=cast.ben)
    assert (membership.role, membership.given_by) == ("learner", cast.mo)


def test_who_says_theirs_is_another_goes_on(cast, sign_in):
    sent = NEW | {"organisation_name": "Riverside NHS Trust", "another_than": "Riverside NHS Trust"}
    assert sign_in(cast.ben).post("/cohorts/new/", sent).status_code == 302
    assert Organisation.objects.filter(name="Riverside NHS Trust").exists()


def test_another_name_is_asked_about_again(cast, sign_in):
    sent = NEW | {"organisation_name": "Hillview", "another_than": "Riverside"}
    assert sign_in(cast.ben).post("/cohorts/new/", sent).status_code == 400


def test_nobody_tries_out_names_of_organisations(cast, sign_in):
    url, ben = reverse("courses:ask-to-join"), sign_in(cast.ben)
    for sent in (
        {"organisation": "riverside", "name": "Hillview"},
        {"organisation": "none-such", "name": "Riverside"},
        {"organisation": "riverside"},
        {},
    ):
        assert ben.post(url, sent).status_code == 404
    assert not JoinRequest.objects.exists()


def test_five_requests_wait_at_most(cast):
    now = timezone.now()
    for number in range(5):
        ask_to_join(cast.ben, start_organisation(person(f"P{number}"), f"Place {number}", now), now)
    with pytest.raises(AskedEnough):
        ask_to_join(cast.ben, cast.cohort.organisation, now)


def test_mail_domains_count_for_asking_too(cast):
    Organisation.objects.update(mail_domains="nhs.example")
    cast.cohort.organisation.refresh_from_db()
    with pytest.raises(AddressRefused):
        ask_to_join(cast.ben, cast.cohort.organisation, timezone.now())
    assert ask_to_join(cast.ana, cast.cohort.organisation, timezone.now()) is None, "she is in"
    join_cohort(cast.ana, cast.cohort, timezone.now())
