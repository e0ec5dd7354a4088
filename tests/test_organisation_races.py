"""People and invitations at the same moment: real threads on the real database."""

from copy import copy

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from courses.exports.actions import LayoutGone, add_layout, change_layout, remove_layout
from courses.exports.columns import Column
from courses.models import (
    AuditEvent,
    CohortMembership,
    ExportLayout,
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    OutgoingMail,
    User,
)
from courses.organisations.actions import create_invitations
from courses.organisations.invitees import Invitee
from courses.organisations.joining import (
    UsedByAnother,
    accept_invitation,
    answer_join_request,
    ask_to_join,
)
from courses.organisations.leaving import LastManager, end_role, leave_organisation
from courses.people.actions import start_organisation
from tests.test_races import at_once, somebody

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mo() -> User:
    return somebody("mo")


@pytest.fixture
def riverside(mo) -> Organisation:
    return start_organisation(mo, "Riverside", timezone.now())


def confirmed(name: str) -> User:
    user = somebody(name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_it_works(mo, riverside):
    """Of eight people with one link, one joins; the others are told that it was used."""
    (invitation,) = create_invitations(mo, riverside, [Invitee("x@example.org")], timezone.now())
    people = [confirmed(f"p{number}") for number in range(8)]
    done = at_once(
        *[lambda user=user: accept_invitation(user, invitation, timezone.now()) for user in people]
    )
    refused = [result for result in done if isinstance(result, UsedByAnother)]
    assert len(refused) == 7, done
    member = Membership.objects.get(role="learner").user
    assert Invitation.objects.get().accepted_by == member


def test_eight_presses_of_one_person_make_one_membership(mo, riverside):
    (invitation,) = create_invitations(mo, riverside, [Invitee("x@example.org")], timezone.now())
    ben = confirmed("ben")
    done = at_once(*[lambda: accept_invitation(ben, invitation, timezone.now()).pk] * 8)
    assert set(done) == {invitation.pk}
    assert Membership.objects.filter(user=ben).count() == 1


def test_eight_presses_of_the_form_send_one_mail_each(mo, riverside, settings):
    settings.EMAIL_BACKEND = "courses.web.mail.outbox.EmailBackend"
    settings.MAIL_DELIVERY = "worker"
    whom = [Invitee("x@example.org"), Invitee("y@example.org")]
    done = at_once(*[lambda: len(create_invitations(mo, riverside, whom, timezone.now()))] * 8)
    assert done == [2] * 8
    assert Invitation.objects.count() == OutgoingMail.objects.count() == 2


def test_two_managers_who_end_each_other_leave_one(mo, riverside):
    tess, now = somebody("tess"), timezone.now()
    Membership.objects.create(user=tess, organisation=riverside, role="manager")
    done = at_once(
        lambda: end_role(mo, tess, riverside, "manager", None, now),
        lambda: end_role(tess, mo, riverside, "manager", None, now),
    )
    managers = Membership.objects.current().filter(organisation=riverside, role="manager")
    assert managers.count() >= 1, done


def test_two_last_managers_who_leave_at_once_do_not_leave_the_others_alone(mo, riverside):
    tess, ana, now = somebody("tess"), somebody("ana"), timezone.now()
    Membership.objects.create(user=tess, organisation=riverside, role="manager")
    Membership.objects.create(user=ana, organisation=riverside, role="learner")
    done = at_once(
        lambda: leave_organisation(mo, riverside, now),
        lambda: leave_organisation(tess, riverside, now),
    )
    assert [isinstance(result, LastManager) for result in done].count(True) == 1, done


def test_a_layout_that_is_removed_while_others_save_it_stays_removed(mo, riverside):
    now, columns = timezone.now(), [Column("name", "Name")]
    made = at_once(*[lambda: add_layout(mo, riverside, "Staff", columns, now).pk] * 6)
    assert len(set(made)) == 1, made
    layout = ExportLayout.objects.get()
    # Each press has a copy of its own, as each window has read the layout by itself.
    changes = [
        lambda name=name: change_layout(mo, copy(layout), name, columns, now)
        for name in ("One", "Two", "Three", "Four")
    ]
    done = at_once(*changes, *[lambda: remove_layout(mo, copy(layout), now)] * 4)
    assert done[4:].count(True) == 1, done
    assert {type(result) for result in done[:4]} <= {bool, LayoutGone}, done
    assert not ExportLayout.objects.exists()
    assert AuditEvent.objects.filter(action="remove_export_layout").count() == 1


def test_a_request_is_made_and_answered_once(mo, riverside):
    ben, now = somebody("ben"), timezone.now()
    keys = at_once(*[lambda: ask_to_join(ben, riverside, now).pk] * 6)
    assert set(keys) == {JoinRequest.objects.get().pk}
    request = JoinRequest.objects.get()
    answers = at_once(
        *[
            lambda granted=granted: answer_join_request(mo, request, granted, now)
            for granted in (True, False) * 3
        ]
    )
    assert answers.count(True) == 1, answers
    request.refresh_from_db()
    assert Membership.objects.filter(user=ben).exists() == request.granted
    assert not CohortMembership.objects.exists()
