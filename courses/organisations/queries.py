"""What the pages of an organisation show. Its cohorts' progress is in `dashboards`."""

from dataclasses import dataclass

from courses.people.models import Cohort, Membership, Organisation


@dataclass(frozen=True)
class Numbers:
    """How many people an organisation has now by role, its teams and its cohorts on the lists.

    A person with two roles counts in both, and once in `people`.
    """

    people: int
    learners: int
    trainers: int
    managers: int
    teams: int
    cohorts: int


def numbers_of(organisation: Organisation) -> Numbers:
    """The numbers of an organisation as they are now, by three queries."""
    current = Membership.objects.current().filter(organisation=organisation)
    people_by_role: dict[str, set[int]] = {role: set() for role in Membership.Role.values}
    for role, user_id in current.values_list("role", "user_id"):
        people_by_role[role].add(user_id)
    return Numbers(
        people=len(set().union(*people_by_role.values())),
        learners=len(people_by_role["learner"]),
        trainers=len(people_by_role["trainer"]),
        managers=len(people_by_role["manager"]),
        teams=organisation.teams.count(),
        cohorts=Cohort.objects.listed().filter(organisation=organisation).count(),
    )
