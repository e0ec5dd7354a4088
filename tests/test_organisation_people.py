"""The people of an organisation: the list, team and number, roles given and ended, and leaving."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import AuditEvent, CohortMembership, Enrolment, Membership, Team, User
from courses.organisations.actions import create_invitations
from courses.organisations.invitees import Invitee
from courses.organisations.leaving import (
    LastManager,
    NoOtherTrainer,
    end_membership,
    end_role,
    give_role,
    leave_organisation,
)
from courses.organisations.people_actions import NumberTaken, set_place
from courses.people.actions import join_cohort
from courses.people.permissions import NotYours, OnOneself
from tests.conftest import Cast, learn, person
from tests.test_access import rows


def page_of(cast: Cast, query: str = "") -> str:
    return reverse("courses:organisation-people", args=["riverside"]) + query


def action(name: str, user: User) -> str:
    return reverse(f"courses:{name}", args=["riverside", user.key])


def roles_of(user: User) -> set[str]:
    current = Membership.objects.current().filter(user=user, organisation__slug="riverside")
    return set(current.values_list("role", flat=True))


@pytest.fixture
def nia(cast) -> User:
    """A second trainer of Riverside, of no cohort."""
    made = person("Nia")
    Membership.objects.create(user=made, organisation=cast.cohort.organisation, role="trainer")
    return made


def test_it_works(cast, sign_in):
    """A manager finds Ana, and sets her team and number, and makes her a trainer."""
    mo = sign_in(cast.mo)
    text = mo.get(page_of(cast)).content.decode()
    assert [name in text for name in ("Ana", "Tess", "Mo", "Ben", "Olga")] == [1, 1, 1, 0, 0]
    assert "Trainer, Manager" in text, "Tess has two roles and one row"
    team = Team.objects.create(organisation=cast.cohort.organisation, name="North")
    sent = {"team": team.key, "employee_number": " 0042 "}
    assert mo.post(action("organisation-person", cast.ana), sent).status_code == 302
    membership = Membership.objects.get(user=cast.ana)
    assert (membership.team, membership.employee_number) == (team, "0042")
    assert "Ana" in mo.get(page_of(cast, "?q=0042")).content.decode()
    assert mo.post(action("give-role", cast.ana), {"role": "trainer"}).status_code == 302
    assert roles_of(cast.ana) == {"learner", "trainer"}
    trainer = Membership.objects.get(user=cast.ana, role="trainer")
    assert (trainer.given_by, trainer.team, trainer.employee_number) == (cast.mo, team, "0042")
    assert mo.post(action("end-role", cast.ana), {"role": "trainer"}).status_code == 302
    assert roles_of(cast.ana) == {"learner"}
    done = set(AuditEvent.objects.filter(subject=cast.ana).values_list("action", flat=True))
    assert {"set_place", "give_role", "end_role"} <= done


def test_search_and_filters_go_to_page_one_and_pages_hold_fifty(cast, sign_in):
    for number in range(55):
        join_cohort(person(f"Person{number:02}"), cast.cohort, timezone.now())
    mo = sign_in(cast.mo)
    assert mo.get(page_of(cast)).content.decode().count("<tr>") == 51
    second = mo.get(page_of(cast, "?page=2")).content.decode()
    assert second.count("<tr>") == 1 + 58 - 50
    assert "Page 2 of 2" in second
    found = mo.get(page_of(cast, "?q=person0")).content.decode()
    assert found.count("<tr>") == 11
    assert "page=" not in found
    assert "In the organisation (10)" in found
    assert "Nobody is found" in mo.get(page_of(cast, "?q=zzz&page=9")).content.decode()


def test_the_list_takes_the_same_queries_for_three_as_for_fifty(
    cast, sign_in, django_assert_num_queries
):
    mo = sign_in(cast.mo)
    mo.get(page_of(cast))
    with django_assert_num_queries(11):
        mo.get(page_of(cast))
    for number in range(50):
        join_cohort(person(f"Person{number:02}"), cast.cohort, timezone.now())
    with django_assert_num_queries(11):
        mo.get(page_of(cast))


def test_who_was_invited_and_never_came_is_a_state_of_its_own(cast, sign_in):
    whom = [Invitee("new@example.org", "New Person", cohort=cast.cohort)]
    create_invitations(cast.mo, cast.cohort.organisation, whom, timezone.now())
    text = sign_in(cast.mo).get(page_of(cast, "?state=invited")).content.decode()
    assert "Invited, never signed in (1)" in text
    assert "New Person" in text
    assert "new@example.org" in text


def test_nobody_acts_on_themselves(cast, sign_in):
    before = rows()
    now, riverside = timezone.now(), cast.cohort.organisation
    for act in (
        lambda: set_place(cast.mo, cast.mo, riverside, None, "1", now),
        lambda: give_role(cast.mo, cast.mo, riverside, "trainer", now),
        lambda: end_role(cast.mo, cast.mo, riverside, "manager", None, now),
        lambda: end_membership(cast.mo, cast.mo, riverside, None, now),
    ):
        with pytest.raises(OnOneself):
            act()
    mo = sign_in(cast.mo)
    for name in ("give-role", "end-role", "end-membership"):
        assert mo.post(action(name, cast.mo), {"role": "trainer"}).status_code == 302
    assert rows() == before
    assert "This is you" in mo.get(action("organisation-person", cast.mo)).content.decode()


def test_a_number_belongs_to_one_person(cast):
    now, riverside = timezone.now(), cast.cohort.organisation
    set_place(cast.mo, cast.ana, riverside, None, "A1", now)
    with pytest.raises(NumberTaken):
        set_place(cast.mo, cast.tess, riverside, None, "a1", now)
    assert not set_place(cast.mo, cast.ana, riverside, None, "A1", now), "nothing changed"


def test_who_is_no_manager_changes_nothing(cast):
    Membership.objects.filter(user=cast.tess, role="manager").delete()
    now, riverside, before = timezone.now(), cast.cohort.organisation, rows()
    for who in (cast.tess, cast.olga, cast.sam, cast.ben):
        with pytest.raises(NotYours):
            set_place(who, cast.ana, riverside, None, "1", now)
        with pytest.raises(NotYours):
            give_role(who, cast.ana, riverside, "manager", now)
        with pytest.raises(NotYours):
            end_membership(who, cast.ana, riverside, None, now)
    with pytest.raises(NotYours):
        give_role(cast.mo, cast.ben, riverside, "trainer", now)
    assert rows() == before


# ---- leaving


def test_who_leaves_is_out_of_its_cohorts_and_keeps_the_record(cast, course, sign_in):
    learn(cast.ana, course, lessons=1)
    join_cohort(cast.ana, cast.other_cohort, timezone.now())
    ana = sign_in(cast.ana)
    assert "Riverside" in ana.get(reverse("courses:own-organisations")).content.decode()
    url = reverse("courses:leave-organisation", args=["riverside"])
    assert ana.post(url).status_code == 302
    assert ana.post(url).status_code == 404, "once"
    assert roles_of(cast.ana) == set()
    assert not CohortMembership.objects.current().filter(user=cast.ana, cohort=cast.cohort).exists()
    stays = CohortMembership.objects.current().filter(user=cast.ana, cohort=cast.other_cohort)
    assert stays.exists(), "another organisation keeps its own"
    assert Enrolment.objects.filter(user=cast.ana).exists()
    assert AuditEvent.objects.get(action="leave_organisation").subject == cast.ana
    listed = sign_in(cast.mo).get(page_of(cast, "?state=left")).content.decode()
    assert "Ana" in listed


def test_the_last_manager_stays_while_others_are_there(cast):
    now, riverside = timezone.now(), cast.cohort.organisation
    end_role(cast.mo, cast.tess, riverside, "manager", None, now)
    before = rows()
    with pytest.raises(LastManager, match="Mo is the last manager"):
        leave_organisation(cast.mo, riverside, now)
    assert rows() == before


def test_who_is_alone_may_leave(cast, course):
    now = timezone.now()
    hillview = cast.other_cohort.organisation
    cast.other_cohort.archived_at = now
    cast.other_cohort.save()
    assert leave_organisation(cast.olga, hillview, now)
    assert not leave_organisation(cast.olga, hillview, now)
    assert cast.olga in cast.other_cohort.trainers.all(), "the archive still says who trained it"


def test_a_cohort_is_not_left_without_a_trainer(cast, nia, sign_in):
    now, riverside = timezone.now(), cast.cohort.organisation
    before = rows()
    with pytest.raises(NoOtherTrainer, match="Autumn would have no trainer"):
        leave_organisation(cast.tess, riverside, now)
    with pytest.raises(NoOtherTrainer):
        end_membership(cast.mo, cast.tess, riverside, None, now)
    with pytest.raises(NoOtherTrainer):
        end_role(cast.mo, cast.tess, riverside, "trainer", None, now)
    assert rows() == before
    page = sign_in(cast.mo).get(action("organisation-person", cast.tess)).content.decode()
    assert "Without Tess, nobody trains:" in page
    assert f'value="{nia.key}"' in page


def test_a_manager_hands_the_cohorts_over(cast, nia, sign_in):
    sent = {"successor": nia.key}
    assert sign_in(cast.mo).post(action("end-membership", cast.tess), sent).status_code == 302
    assert list(cast.cohort.trainers.all()) == [nia]
    assert roles_of(cast.tess) == set()


def test_only_another_trainer_of_the_organisation_takes_over(cast):
    now, riverside, before = timezone.now(), cast.cohort.organisation, rows()
    for successor in (cast.olga, cast.mo, cast.tess, cast.ana):
        with pytest.raises(NotYours):
            end_membership(cast.mo, cast.tess, riverside, successor, now)
    assert rows() == before


def test_with_another_trainer_one_leaves_freely(cast, nia):
    cast.cohort.trainers.add(nia)
    assert leave_organisation(cast.tess, cast.cohort.organisation, timezone.now())
    assert list(cast.cohort.trainers.all()) == [nia]


def test_who_loses_their_only_role_stays_as_a_learner(cast, nia):
    end_role(cast.mo, nia, cast.cohort.organisation, "trainer", None, timezone.now())
    assert roles_of(nia) == {"learner"}


def test_who_comes_back_is_counted_from_the_new_day(cast, sign_in):
    riverside, now = cast.cohort.organisation, timezone.now()
    leave_organisation(cast.ana, riverside, now)
    join_cohort(cast.ana, cast.cohort, now + timedelta(days=1))
    text = sign_in(cast.mo).get(page_of(cast)).content.decode()
    assert text.count(">Ana<") == 1
    assert "Left (0)" in text
