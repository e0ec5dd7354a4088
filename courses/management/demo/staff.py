"""The organisation that Mo manages: six teams with 300 staff in post, some trained and some not.

Tess's learners are among them. Of one team nobody has said yet how many are in post.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from courses.library.models import Course
from courses.management.demo.monday import Names, create_users
from courses.management.demo.stories import Story, StoryWriter
from courses.people.models import Membership, Organisation, Team, User
from courses.readiness.actions import enter_staff_in_post
from courses.readiness.entries import StaffEntry

HEALTH_VISITOR = User.Profession.HEALTH_VISITOR
CAMHS = User.Profession.CAMHS
EARLY_YEARS = User.Profession.EARLY_YEARS
MIDWIFE = User.Profession.MIDWIFE


@dataclass(frozen=True)
class Post:
    """How many people of a role are in post in a team, how many are members here, and trained."""

    team: str
    profession: User.Profession
    in_post: int | None
    members: int
    trained: int


TEAMS = {
    "Health visiting": ("Harbour", "Market", "Valley"),
    "Children's mental health": ("Under-fives", "Schools", "Perinatal"),
}
POSTS = (
    Post("Harbour", HEALTH_VISITOR, 48, 36, 24),
    Post("Harbour", EARLY_YEARS, 14, 10, 6),
    Post("Market", HEALTH_VISITOR, 44, 30, 11),
    Post("Market", EARLY_YEARS, 12, 9, 6),
    Post("Valley", HEALTH_VISITOR, 38, 14, 6),
    Post("Valley", MIDWIFE, 9, 7, 0),
    Post("Under-fives", CAMHS, 31, 24, 19),
    Post("Schools", CAMHS, 52, 22, 5),
    Post("Perinatal", MIDWIFE, 22, 10, 8),
    Post("Perinatal", CAMHS, None, 12, 7),
)
TEAMS_OF_LEARNERS = {
    HEALTH_VISITOR: ("Harbour", "Market", "Valley"),
    CAMHS: ("Under-fives", "Schools"),
    EARLY_YEARS: ("Market",),
}
IN_POST_WITHOUT_TEAM = 30  # health visitors of the bank, so that all are 300


def make_staff(
    mo: User, organisation: Organisation, learners: Sequence[User], names: Names, now: datetime
) -> None:
    """Teams, staff in post, and the members of each team beside Tess's learners."""
    teams = _create_teams(organisation)
    _enter_staff_in_post(mo, organisation, teams, now)
    first, *others = Course.objects.published()
    first_writer = StoryWriter(first, now)
    other_writers = [StoryWriter(course, now) for course in others]
    users: list[User] = []
    stories: list[Story] = []
    places: list[Team] = []
    for post in POSTS:
        for number in range(post.members):
            story = _story(number, is_trained=number < post.trained)
            joined_at = now - timedelta(days=story.joined)
            users.append(names.next_user(post.profession, joined_at))
            stories.append(story)
            places.append(teams[post.team])
    create_users(users)
    memberships = []
    for user, story, team in zip(users, stories, places, strict=True):
        first_writer.add(user, story)
        memberships.append(_membership(user, organisation, team))
        # Who is trained has gone on to the other courses, but for the staff of one team.
        if story.is_passed and team.name != "Market":
            for writer in other_writers:
                writer.add(user, story)
    Membership.objects.bulk_create(memberships)
    for writer in (first_writer, *other_writers):
        writer.save()
    _place_learners(organisation, learners, teams)


def _create_teams(organisation: Organisation) -> dict[str, Team]:
    teams = {}
    for name, children in TEAMS.items():
        parent = Team.objects.create(organisation=organisation, name=name)
        for child in children:
            teams[child] = Team.objects.create(organisation=organisation, parent=parent, name=child)
    return teams


def _enter_staff_in_post(
    mo: User, organisation: Organisation, teams: dict[str, Team], now: datetime
) -> None:
    as_of = timezone.localdate(now - timedelta(days=30))
    source = "Staff record, end of the month"
    entries = []
    for post in POSTS:
        if post.in_post is not None:
            team = teams[post.team]
            entries.append(StaffEntry(team.pk, post.profession, post.in_post, as_of, source))
    entries.append(StaffEntry(None, HEALTH_VISITOR, IN_POST_WITHOUT_TEAM, as_of, source))
    enter_staff_in_post(mo, organisation, entries, now - timedelta(days=28))


def _story(number: int, *, is_trained: bool) -> Story:
    """Trained over the last year, a few each month; the others have begun, or not yet."""
    if is_trained:
        return Story(joined=420, seen=15 + 37 * number % 360, lessons=7, is_passed=True)
    if number % 3 == 0:
        return Story(joined=200)
    return Story(joined=200, seen=20 + number, lessons=1 + number % 4)


def _membership(user: User, organisation: Organisation, team: Team) -> Membership:
    return Membership(
        user=user,
        organisation=organisation,
        team=team,
        employee_number=f"R{20_000 + user.pk}",
        started_at=user.joined_at,
    )


def _place_learners(
    organisation: Organisation, learners: Sequence[User], teams: dict[str, Team]
) -> None:
    """Tess's learners work in the teams too, each in those of their professional role."""
    own = Membership.objects.filter(organisation=organisation, user__in=learners)
    for profession, names in TEAMS_OF_LEARNERS.items():
        alike = [learner.pk for learner in learners if learner.profession == profession]
        for number, name in enumerate(names):
            own.filter(user__in=alike[number :: len(names)]).update(team=teams[name])
