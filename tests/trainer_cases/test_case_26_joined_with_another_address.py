"""Next in line: a learner registers with another e-mail address and is lost to the sheet.

An invitation that another address accepts stays matched: the manager sees both, and the employee
number, team and cohort of the sheet are the person's.
"""

from django.urls import reverse
from django.utils import timezone

from courses.models import CohortMembership, Membership, Team
from courses.organisations.actions import create_invitations
from courses.organisations.invitees import Invitee


def test_who_joins_with_another_address_is_found_under_both(cast, sign_in):
    riverside = cast.cohort.organisation
    team = Team.objects.create(organisation=riverside, name="North")
    row = Invitee(
        "b.jones@trust.example", "Ben Jones", team=team, cohort=cast.cohort, employee_number="0042"
    )
    (invitation,) = create_invitations(cast.mo, riverside, [row], timezone.now())
    sign_in(cast.ben).post(reverse("courses:invitation", args=[invitation.key]))

    membership = Membership.objects.get(user=cast.ben)
    assert (membership.employee_number, membership.team) == ("0042", team)
    assert CohortMembership.objects.current().filter(user=cast.ben, cohort=cast.cohort).exists()
    mo = sign_in(cast.mo)
    people = reverse("courses:organisation-people", args=[riverside.slug])
    assert "Ben" in mo.get(f"{people}?q=0042").content.decode()
    assert "Invited, never signed in (0)" in mo.get(people).content.decode()
    person = reverse("courses:organisation-person", args=[riverside.slug, cast.ben.key])
    assert "Invited as b.jones@trust.example" in mo.get(person).content.decode()
    listed = reverse("courses:organisation-invitations", args=[riverside.slug])
    assert "Joined as ben@example.org" in mo.get(listed).content.decode()
