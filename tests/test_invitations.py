"""Invitations by e-mail: who may write them, what the link says, how they end, and their limits."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import AuditEvent, CohortMembership, Invitation, Membership, Team
from courses.organisations.actions import (
    Answered,
    CohortClosed,
    SentOften,
    TooManyToday,
    WrongDomain,
    create_invitations,
    resend_invitation,
    revoke_invitation,
    send_waiting_invitations,
)
from courses.organisations.invitees import Invitee
from courses.organisations.joining import (
    AddressRefused,
    Expired,
    UsedByAnother,
    accept_invitation,
)
from courses.people.permissions import NotYours, OnOneself
from tests.conftest import Cast, person
from tests.test_access import rows

DAY = timedelta(days=1)


def invite(cast: Cast, *invitees: Invitee, now: datetime | None = None) -> list[Invitation]:
    whom = invitees or (Invitee("new@example.org", "New", cohort=cast.cohort),)
    return create_invitations(cast.mo, cast.cohort.organisation, whom, now or timezone.now())


@pytest.fixture
def trainer(cast) -> Cast:
    """Tess trains, and does not manage any more what she has started."""
    Membership.objects.filter(user=cast.tess, role="manager").delete()
    return cast


def page_of(cast: Cast) -> str:
    return reverse("courses:organisation-invitations", args=[cast.cohort.organisation.slug])


def link_of(invitation: Invitation) -> str:
    return reverse("courses:invitation", args=[invitation.key])


def test_it_works(cast, sign_in, mailoutbox):
    """Mo invites two people, one of them opens the link and is in the team, the role and the cohort."""
    team = Team.objects.create(organisation=cast.cohort.organisation, name="North")
    form = {
        "people": "Cara Jones <Cara@example.org>\nben@example.org",
        "cohort": cast.cohort.key,
        "role": "learner",
        "team": team.key,
    }
    mo = sign_in(cast.mo)
    assert mo.post(page_of(cast), form).status_code == 302
    cara, ben = Invitation.objects.order_by("pk")
    assert (cara.email, cara.name, ben.email, ben.name) == (
        "cara@example.org",
        "Cara Jones",
        "ben@example.org",
        "",
    )
    assert [mail.to for mail in mailoutbox] == [["cara@example.org"], ["ben@example.org"]]
    assert link_of(cara) in mailoutbox[0].body
    assert "Riverside" not in mailoutbox[0].body, "it is not confirmed"
    assert "Invited, never signed in" in mo.get(page_of(cast)).content.decode()

    browser = sign_in(cast.ben)
    assert "Mo invites you to Autumn" in browser.get(link_of(ben)).content.decode()
    assert browser.post(link_of(ben)).status_code == 302
    membership = Membership.objects.get(user=cast.ben)
    assert (membership.role, membership.team) == ("learner", team)
    assert CohortMembership.objects.current().filter(user=cast.ben, cohort=cast.cohort).exists()
    before = rows()
    browser.post(link_of(ben))
    assert rows() == before, "a second press changes nothing"


def test_a_visitor_is_carried_through_signing_up(cast, mailoutbox):
    (invitation,) = invite(cast)
    mailoutbox.clear()
    page = Client().get(link_of(invitation)).content.decode()
    assert f"/account/signup/?next={link_of(invitation).replace('/', '%2F')}" in page
    form = {"name": "Nia", "email": "new@example.org", "profession": "gp"}
    sent = form | {"password1": "the-quiet-baby", "next": link_of(invitation)}
    Client().post("/account/signup/", sent)
    assert "to join Autumn, invited by Mo" in " ".join(mailoutbox[0].body.split())
    assert "next=%2Finvitations%2F" in mailoutbox[0].body


def test_an_address_that_has_an_unanswered_invitation_keeps_it_and_is_sent_once_more(
    cast, mailoutbox
):
    now = timezone.now()
    (first,) = invite(cast, now=now - DAY)
    (second,) = invite(
        cast, Invitee("NEW@example.org", role="learner", cohort=cast.cohort), now=now
    )
    assert (second.pk, second.name, second.times_sent) == (first.pk, "New", 2)
    assert second.expires_at > first.expires_at
    assert len(mailoutbox) == 2


def test_a_second_press_of_the_form_sends_no_second_mail(cast, mailoutbox):
    invite(cast)
    invite(cast)
    assert len(mailoutbox) == 1


def test_the_same_address_twice_in_one_list_is_one_invitation(cast, mailoutbox):
    twice = [
        Invitee("new@example.org", cohort=cast.cohort),
        Invitee("New@example.org", cohort=cast.cohort),
    ]
    first, second = invite(cast, *twice)
    assert first.pk == second.pk
    assert len(mailoutbox) == 1


def test_an_invitation_is_sent_three_times_at_most(cast, mailoutbox):
    now = timezone.now()
    (invitation,) = invite(cast, now=now - 6 * DAY)
    resend_invitation(cast.mo, invitation, now - 4 * DAY)
    resend_invitation(cast.mo, invitation, now - 2 * DAY)
    with pytest.raises(SentOften, match="3 mails"):
        resend_invitation(cast.mo, invitation, now)
    assert len(mailoutbox) == 3


def test_revoking_is_no_way_around_the_limit(cast, mailoutbox):
    now = timezone.now()
    for minutes in range(0, 60, 10):
        (invitation,) = invite(cast, now=now + timedelta(minutes=minutes))
        revoke_invitation(cast.mo, invitation, now + timedelta(minutes=minutes + 1))
    assert len(mailoutbox) == 3


def test_above_the_limit_of_a_day_they_wait_and_nothing_is_lost(
    cast, settings, sign_in, mailoutbox
):
    settings.INVITATIONS_A_DAY = 2
    now = timezone.now()
    invite(cast, *[Invitee(f"p{n}@example.org") for n in range(5)], now=now)
    assert len(mailoutbox) == 2
    page = sign_in(cast.mo).get(page_of(cast) + "?state=unsent").content.decode()
    assert page.count("Waits to be sent") == 4, "three rows and the filter"
    assert send_waiting_invitations(cast.mo, cast.cohort.organisation, now) == 0
    waiting = Invitation.objects.get(email="p4@example.org")
    with pytest.raises(TooManyToday):
        resend_invitation(cast.mo, waiting, now)
    assert send_waiting_invitations(cast.mo, cast.cohort.organisation, now + DAY) == 2
    assert send_waiting_invitations(cast.mo, cast.cohort.organisation, now + 2 * DAY) == 1


def test_five_hundred_take_few_queries(cast, settings, django_assert_max_num_queries):
    settings.CONFIRMED_INVITATIONS_A_DAY = settings.INVITATIONS_A_DAY = 1000
    whom = [Invitee(f"p{n}@example.org") for n in range(500)]
    with django_assert_max_num_queries(30):
        invite(cast, *whom)


# ---- who may invite


@pytest.mark.parametrize(
    ("who", "invitee"),
    [
        ("tess", Invitee("new@example.org")),
        ("tess", Invitee("new@example.org", role="manager")),
        ("olga", Invitee("new@example.org")),
        ("ana", Invitee("new@example.org")),
    ],
)
def test_a_trainer_invites_only_learners_to_cohorts_of_their_own(trainer, who, invitee):
    cast = trainer
    before = rows()
    with pytest.raises(NotYours):
        create_invitations(getattr(cast, who), cast.cohort.organisation, [invitee], timezone.now())
    assert rows() == before


def test_a_cohort_or_team_of_another_organisation_is_refused(cast):
    elsewhere = Team.objects.create(organisation=cast.other_cohort.organisation, name="West")
    for invitee in (
        Invitee("new@example.org", cohort=cast.other_cohort),
        Invitee("new@example.org", team=elsewhere),
    ):
        with pytest.raises(NotYours):
            invite(cast, invitee)


def test_a_trainers_form_offers_no_role_and_their_own_cohorts_alone(trainer, sign_in):
    cast = trainer
    tess = sign_in(cast.tess)
    page = tess.get(page_of(cast)).content.decode()
    assert 'name="role"' not in page
    sent = {"people": "x@example.org", "cohort": cast.cohort.key, "role": "manager"}
    assert tess.post(page_of(cast), sent).status_code == 302
    assert Invitation.objects.get().role == "learner"
    sent["cohort"] = cast.other_cohort.key
    assert tess.post(page_of(cast), sent).status_code == 400


def test_a_trainer_sees_the_invitations_to_their_cohorts_alone(trainer, sign_in):
    cast = trainer
    invite(
        cast,
        Invitee("boss@example.org", role="manager"),
        Invitee("l@example.org", cohort=cast.cohort),
    )
    page = sign_in(cast.tess).get(page_of(cast)).content.decode()
    assert "l@example.org" in page
    assert "boss@example.org" not in page
    assert "boss@example.org" in sign_in(cast.mo).get(page_of(cast)).content.decode()


def test_who_is_there_already_is_named_and_nothing_typed_is_lost(cast, sign_in):
    sent = {
        "people": "ana@example.org\nx@example.org",
        "cohort": cast.cohort.key,
        "role": "learner",
    }
    response = sign_in(cast.mo).post(page_of(cast), sent)
    text = response.content.decode()
    assert response.status_code == 400
    assert "In this cohort already: ana@example.org." in text
    assert "x@example.org</textarea>" in text


@pytest.mark.parametrize(
    "people", ["", "  \n ", "ana@", "Ana <ana>", "a b c", "x" * 300 + "@example.org"]
)
def test_what_is_no_address_is_refused_by_name(cast, sign_in, people):
    sent = {"people": people, "cohort": "", "role": "learner"}
    assert sign_in(cast.mo).post(page_of(cast), sent).status_code == 400
    assert not Invitation.objects.exists()


def test_lists_as_mail_programs_copy_them_are_read(cast, sign_in):
    people = "Jones, Ana <a@example.org>; b@example.org, c@example.org\r\nD <d@example.org>,e@example.org"
    sent = {"people": people, "cohort": "", "role": "learner"}
    assert sign_in(cast.mo).post(page_of(cast), sent).status_code == 302
    emails = set(Invitation.objects.values_list("email", flat=True))
    assert emails == {f"{letter}@example.org" for letter in "abcde"}


# ---- accepting


def test_another_address_than_invited_is_allowed_and_stays_matched(cast, sign_in):
    (invitation,) = invite(
        cast, Invitee("work@example.org", cohort=cast.cohort, employee_number="007")
    )
    sign_in(cast.ben).post(link_of(invitation))
    invitation.refresh_from_db()
    assert (invitation.email, invitation.accepted_by) == ("work@example.org", cast.ben)
    assert Membership.objects.get(user=cast.ben).employee_number == "007"
    page = sign_in(cast.mo).get(page_of(cast)).content.decode()
    assert "Joined as ben@example.org" in page
    event = AuditEvent.objects.get(action="accept_invitation")
    assert event.details["is_other_address"] is True


def test_a_trainer_who_is_invited_to_a_cohort_trains_it(cast):
    (invitation,) = invite(cast, Invitee("ben@example.org", role="trainer", cohort=cast.cohort))
    accept_invitation(cast.ben, invitation, timezone.now())
    assert cast.ben in cast.cohort.trainers.all()
    assert not CohortMembership.objects.filter(user=cast.ben).exists()
    assert Membership.objects.get(user=cast.ben).given_by == cast.mo


def test_nobody_accepts_what_they_wrote_themselves(cast, sign_in):
    (invitation,) = invite(cast, Invitee("other@example.org", role="trainer"))
    with pytest.raises(OnOneself):
        accept_invitation(cast.mo, invitation, timezone.now())
    assert sign_in(cast.mo).post(link_of(invitation)).status_code == 400


@pytest.mark.parametrize(
    ("ending", "error", "words"),
    [
        ("used", UsedByAnother, "was used already"),
        ("revoked", Answered, "was taken back"),
        ("expired", Expired, "This invitation ended on"),
        ("closed", CohortClosed, "is closed meanwhile"),
    ],
)
def test_a_link_that_has_ended_says_so_kindly(cast, sign_in, ending, error, words):
    now = timezone.now()
    (invitation,) = invite(cast, now=now - 20 * DAY if ending == "expired" else now)
    if ending == "used":
        accept_invitation(person("Cara"), invitation, now)
    if ending == "revoked":
        assert revoke_invitation(cast.mo, invitation, now)
        assert not revoke_invitation(cast.mo, invitation, now)
    if ending == "closed":
        type(cast.cohort).objects.update(closed_at=now)
    before = rows()
    with pytest.raises(error):
        accept_invitation(cast.ben, invitation, now)
    ben = sign_in(cast.ben)
    for page in (ben.get(link_of(invitation)), ben.post(link_of(invitation))):
        assert words in page.content.decode()
    assert rows() == before


def test_it_lasts_to_the_end_of_the_fourteenth_day(cast):
    now = timezone.now()
    (invitation,) = invite(cast, now=now)
    accept_invitation(cast.ben, invitation, now + 14 * DAY)


def test_an_organisation_of_some_domains_refuses_others_by_name(cast, sign_in):
    riverside = cast.cohort.organisation
    riverside.mail_domains = "riverside.example\nnhs.example"
    riverside.save()
    with pytest.raises(WrongDomain, match=r"riverside\.example or nhs\.example"):
        invite(cast)
    (invitation,) = invite(cast, Invitee("b@nhs.example", cohort=cast.cohort))
    with pytest.raises(AddressRefused, match=r"ben@example\.org"):
        accept_invitation(cast.ben, invitation, timezone.now())
    page = sign_in(cast.ben).post(link_of(invitation))
    assert page.status_code == 400
    assert "takes only email addresses at" in page.content.decode()
    joined = sign_in(cast.ben).post(reverse("courses:join-cohort", args=[cast.cohort.join_code]))
    assert joined.status_code == 400
    assert "takes only email addresses at" in joined.content.decode()
    assert not CohortMembership.objects.filter(user=cast.ben).exists()


def test_who_comes_by_the_cohorts_link_has_accepted_their_invitation(cast, sign_in):
    (invitation,) = invite(
        cast, Invitee("ben@example.org", cohort=cast.cohort, employee_number="8")
    )
    sign_in(cast.ben).post(reverse("courses:join-cohort", args=[cast.cohort.join_code]))
    invitation.refresh_from_db()
    assert invitation.accepted_by == cast.ben
    assert Membership.objects.get(user=cast.ben).employee_number == "8"


def test_the_mail_is_plain_and_names_no_link_but_its_own(cast, mailoutbox):
    cast.mo.name = "Visit http://bad.example"
    cast.mo.save()
    invite(cast, Invitee("new@example.org", "www.bad.example"))
    (mail,) = mailoutbox
    assert "bad.example" not in mail.subject + mail.body
    assert mail.body.count("http://") == 1
