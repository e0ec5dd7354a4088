"""Teams: a tree of two levels that managers add to, rename, move about in and remove from."""

from copy import copy

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import AuditEvent, Membership, Team
from courses.organisations.queries import teams_of
from courses.organisations.team_actions import (
    TeamGone,
    TeamNameTaken,
    TeamNotEmpty,
    ThirdLevel,
    TooManyTeams,
    add_team,
    change_team,
    remove_team,
)
from courses.people.permissions import NotYours
from tests.conftest import Cast
from tests.test_access import rows


def add(cast: Cast, name: str, parent: Team | None = None) -> Team:
    return add_team(cast.mo, cast.cohort.organisation, name, parent, timezone.now())


def page_of(cast: Cast) -> str:
    return reverse("courses:organisation-teams", args=[cast.cohort.organisation.slug])


def test_it_works(cast, sign_in):
    mo, page = sign_in(cast.mo), page_of(cast)
    assert mo.post(page, {"name": "  North   locality ", "parent": ""}).status_code == 302
    north = Team.objects.get()
    assert north.name == "North locality"
    assert mo.post(page, {"name": "Cwm", "parent": north.key}).status_code == 302
    cwm = Team.objects.get(name="Cwm")
    Membership.objects.filter(user=cast.ana).update(team=cwm)
    text = mo.get(page).content.decode()
    assert "in North locality, 1 person" in text
    assert "0 people in the team itself, 1 in its teams" in text
    (row,) = teams_of(cast.cohort.organisation)
    assert (row.team, row.people, [inside.people for inside in row.children]) == (north, 0, [1])
    assert AuditEvent.objects.filter(action="add_team", actor=cast.mo).count() == 2


def test_a_team_is_renamed_and_moved(cast, sign_in):
    north, south = add(cast, "North"), add(cast, "South")
    url = reverse("courses:organisation-team", args=["riverside", south.key])
    assert sign_in(cast.mo).post(url, {"name": "Sea", "parent": north.key}).status_code == 302
    south.refresh_from_db()
    assert (south.name, south.parent) == ("Sea", north)
    assert sign_in(cast.mo).post(url, {"name": "Sea", "parent": ""}).status_code == 302
    south.refresh_from_db()
    assert south.parent is None


def test_a_third_level_is_refused_by_name(cast, sign_in):
    north = add(cast, "North")
    cwm = add(cast, "Cwm", north)
    with pytest.raises(ThirdLevel, match="Cwm cannot hold other teams"):
        add(cast, "Glyn", cwm)
    other = add(cast, "South")
    with pytest.raises(ThirdLevel, match="North has teams in it"):
        change_team(cast.mo, north, "North", other, timezone.now())
    with pytest.raises(ThirdLevel):
        change_team(cast.mo, other, "South", other, timezone.now())
    response = sign_in(cast.mo).post(page_of(cast), {"name": "Glyn", "parent": cwm.key})
    assert response.status_code == 400
    assert "there are two levels" in response.content.decode()
    assert 'value="Glyn"' in response.content.decode()


def test_a_name_is_there_once_in_one_place(cast):
    north, south = add(cast, "North"), add(cast, "South")
    add(cast, "Cwm", north)
    add(cast, "Cwm", south)
    for name, parent in (("north", None), ("CWM", north)):
        with pytest.raises(TeamNameTaken):
            add(cast, name, parent)
    change_team(cast.mo, north, "NORTH", None, timezone.now())


def test_only_an_empty_team_is_removed(cast, sign_in):
    north = add(cast, "North")
    cwm = add(cast, "Cwm", north)
    Membership.objects.filter(user=cast.ana).update(team=cwm)
    for team in (north, cwm):
        with pytest.raises(TeamNotEmpty):
            remove_team(cast.mo, team, timezone.now())
    Membership.objects.filter(user=cast.ana).update(ended_at=timezone.now())
    url = reverse("courses:remove-team", args=["riverside", cwm.key])
    mo = sign_in(cast.mo)
    assert mo.post(url).status_code == 302
    assert mo.post(url).status_code == 404
    remove_team(cast.mo, north, timezone.now())
    assert Membership.objects.filter(user=cast.ana).get().team is None, "the membership stays"


def test_a_team_that_was_removed_meanwhile_is_neither_changed_nor_removed_again(cast):
    """Two windows had read it; the second press comes when it is gone."""
    north = add(cast, "North")
    window, other = copy(north), copy(north)
    remove_team(cast.mo, north, timezone.now())
    with pytest.raises(TeamGone):
        change_team(cast.mo, window, "South", None, timezone.now())
    with pytest.raises(TeamGone):
        remove_team(cast.mo, other, timezone.now())
    assert not Team.objects.exists()
    actions = AuditEvent.objects.filter(action__endswith="_team").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["add_team", "remove_team"]


def test_only_its_managers_change_them(cast):
    north = add(cast, "North")
    Membership.objects.filter(user=cast.tess, role="manager").delete()
    before = rows()
    for who in (cast.ana, cast.tess, cast.olga, cast.sam):
        with pytest.raises(NotYours):
            add_team(who, cast.cohort.organisation, "West", None, timezone.now())
        with pytest.raises(NotYours):
            change_team(who, north, "West", None, timezone.now())
        with pytest.raises(NotYours):
            remove_team(who, north, timezone.now())
    assert rows() == before


def test_a_team_of_another_organisation_is_no_place(cast, sign_in):
    elsewhere = Team.objects.create(organisation=cast.other_cohort.organisation, name="West")
    with pytest.raises(NotYours):
        add(cast, "Cwm", elsewhere)
    sent = {"name": "Cwm", "parent": elsewhere.key}
    assert sign_in(cast.mo).post(page_of(cast), sent).status_code == 400


@pytest.mark.parametrize("name", ["", "   ", "…", "x" * 81])
def test_a_name_that_is_none_is_refused(cast, sign_in, name):
    assert sign_in(cast.mo).post(page_of(cast), {"name": name, "parent": ""}).status_code == 400
    assert not Team.objects.exists()


def test_there_is_an_end_to_teams(cast, monkeypatch):
    monkeypatch.setattr("courses.organisations.team_actions.MOST_TEAMS", 1)
    add(cast, "North")
    with pytest.raises(TooManyTeams):
        add(cast, "South")


def test_the_page_takes_as_many_queries_for_one_team_as_for_fifty(
    cast, sign_in, django_assert_num_queries
):
    mo = sign_in(cast.mo)
    north = add(cast, "North")
    mo.get(page_of(cast))
    with django_assert_num_queries(6):
        mo.get(page_of(cast))
    for number in range(50):
        add(cast, f"Team {number}", north if number % 2 else None)
    with django_assert_num_queries(6):
        mo.get(page_of(cast))
