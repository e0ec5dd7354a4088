"""A trainer's Monday: Tess's cohorts of 24, 18 and 6, with everything that may need her.

One more, of last term, is archived.

Names are made of a first name and a word for a place outdoors, so that nobody takes them for
people.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from courses.assessment.accommodations import request_accommodation
from courses.assessment.models import AccommodationRequest
from courses.library.models import Course
from courses.management.demo.stories import Story, StoryWriter
from courses.people.actions import start_cohort
from courses.people.cohort_life import archive_cohort
from courses.people.models import (
    Cohort,
    CohortMembership,
    Extension,
    Membership,
    Organisation,
    User,
)
from courses.reminders.models import Nudge

FIRST_NAMES = (
    "Aisha", "Bronwen", "Callum", "Dilys", "Efe", "Farah", "Gwen", "Hamza", "Isla", "Jorge",
    "Kezia", "Lowri", "Mina", "Nia", "Orla", "Priya", "Rowan", "Seren", "Tomos", "Uma",
)  # fmt: skip
PLACES = (
    "Brook", "Field", "Hill", "Wood", "Lake", "Moor", "Marsh", "Glen", "Heath", "Shore",
    "Vale", "Meadow", "Rivers", "Cliffe", "Fell",
)  # fmt: skip

NEVER_STARTED, JOINED_LATELY = Story(joined=15), Story(joined=1)
UNDER_WAY = Story(joined=18, seen=1, lessons=2)
QUIET = Story(joined=40, seen=19, lessons=1)
HALF_WAY = Story(joined=40, seen=3, lessons=4)
USED_UP = Story(joined=40, seen=2, lessons=7, failed=3)
FAILED_TWICE = Story(joined=40, seen=4, lessons=7, failed=2)
SURE_OF_DANGER = Story(joined=40, seen=5, lessons=7, failed=1, is_sure_of_danger=True)
PASSED = Story(joined=40, seen=8, lessons=7, is_passed=True)

AUTUMN = (
    *(USED_UP,) * 2, *(FAILED_TWICE,) * 2, *(QUIET,) * 3, *(NEVER_STARTED,) * 6,
    *(JOINED_LATELY,) * 2, *(UNDER_WAY,) * 4, *(PASSED,) * 3,
)  # fmt: skip
SPRING = (
    *(SURE_OF_DANGER,) * 2, *(HALF_WAY,) * 3, *(NEVER_STARTED,) * 3, *(QUIET,) * 2,
    *(PASSED,) * 8,
)  # fmt: skip
LAST_TERM = (*(Story(joined=190, seen=120, lessons=7, is_passed=True),) * 3, Story(joined=190))
NIGHT_STAFF = (*(HALF_WAY,) * 2, UNDER_WAY, FAILED_TWICE, *(PASSED,) * 2)


@dataclass
class Names:
    """Names and addresses of demo people, no two alike: 300 of them."""

    made: int = 0

    def next_user(self, profession: User.Profession, joined_at: datetime) -> User:
        """The next one, not saved, without a password."""
        number = self.made
        self.made += 1
        row, column = divmod(number, len(FIRST_NAMES))
        first = FIRST_NAMES[column]
        place = PLACES[(row + column) % len(PLACES)]
        return User(
            name=f"{first} {place}",
            email=f"{first}.{place}.{number}@example.org".lower(),
            password=make_password(None),
            profession=profession,
            joined_at=joined_at,
        )


def make_monday(tess: User, autumn: Cohort, names: Names, now: datetime) -> list[User]:
    """Fills the cohort that Tess has and gives her two more, and an archived one of last term.

    Returns the learners of all.
    """
    courses = list(Course.objects.published()[:2])
    first, second = courses[0], courses[-1]
    service = autumn.organisation
    start = now - timedelta(days=60)
    days = {"spring": -5, "night": 4}
    due = {name: timezone.localdate(now + timedelta(days=day)) for name, day in days.items()}
    spring = start_cohort(tess, service, "Riverside, spring", second, due["spring"], start)
    night = start_cohort(tess, service, "Riverside, night staff", second, due["night"], start)
    in_autumn = _join(autumn, first, AUTUMN, names, now)
    in_spring = _join(spring, second, SPRING, names, now)
    in_night = _join(night, second, NIGHT_STAFF, names, now)
    _ask_for_more(in_autumn[:2], first, now)
    _extend(tess, spring, in_spring[2], now)
    _remind(tess, spring, second, in_spring[3:5], now)
    in_last_term = _archive_last_term(tess, service, first, names, now)
    return [*in_autumn, *in_spring, *in_night, *in_last_term]


def _archive_last_term(
    tess: User, service: Organisation, course: Course, names: Names, now: datetime
) -> list[User]:
    """A cohort that is over; returns its learners."""
    start = now - timedelta(days=200)
    due = timezone.localdate(now - timedelta(days=110))
    cohort = start_cohort(tess, service, "Riverside, summer", course, due, start)
    learners = _join(cohort, course, LAST_TERM, names, now)
    archive_cohort(tess, cohort, now - timedelta(days=90))
    return learners


def _join(
    cohort: Cohort, course: Course, stories: Sequence[Story], names: Names, now: datetime
) -> list[User]:
    """New learners of the cohort, one a story."""
    moments = [now - timedelta(days=story.joined) for story in stories]
    professions = _professions()
    users = [names.next_user(next(professions), at) for at in moments]
    create_users(users)
    writer = StoryWriter(course, now)
    memberships, places = [], []
    for user, story, at in zip(users, stories, moments, strict=True):
        writer.add(user, story)
        own = {"user": user, "organisation": cohort.organisation}
        memberships.append(Membership(**own, role=Membership.Role.LEARNER, started_at=at))
        places.append(CohortMembership(cohort=cohort, user=user, joined_at=at))
    Membership.objects.bulk_create(memberships)
    CohortMembership.objects.bulk_create(places)
    writer.save()
    return users


def _professions() -> Iterator[User.Profession]:
    while True:
        yield User.Profession.HEALTH_VISITOR
        yield User.Profession.HEALTH_VISITOR
        yield User.Profession.CAMHS
        yield User.Profession.EARLY_YEARS


def create_users(users: Sequence[User]) -> None:
    """Saves users with confirmed addresses."""
    User.objects.bulk_create(users)
    addresses = [
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    ]
    EmailAddress.objects.bulk_create(addresses)


def _ask_for_more(learners: Sequence[User], course: Course, now: datetime) -> None:
    """They have used up their attempts, and ask Tess for one more."""
    reasons = (
        "I know the lessons, and I froze at the cards. May I try once more?",
        "The line broke down twice while I was answering, and I lost my thread.",
    )
    kind = AccommodationRequest.Kind.ATTEMPT
    for learner, reason in zip(learners, reasons, strict=True):
        at = now - timedelta(days=1, hours=3)
        request_accommodation(learner, course.pk, "final", kind, reason, at)


def _extend(tess: User, cohort: Cohort, learner: User, now: datetime) -> None:
    assignment = cohort.assignments.get()
    assert assignment.due_at is not None, "the demo's cohort has a due date"
    Extension.objects.create(
        assignment=assignment,
        user=learner,
        due_at=assignment.due_at + timedelta(days=14),
        reason="Back from leave on Wednesday",
        granted_by=tess,
        granted_at=now - timedelta(days=6),
    )


def _remind(
    tess: User, cohort: Cohort, course: Course, learners: Sequence[User], now: datetime
) -> None:
    """They had a reminder yesterday, and wait for the next one."""
    common = {"cohort": cohort, "course": course, "sent_by": tess, "reason": "overdue"}
    sent_at = now - timedelta(days=1)
    nudges = [Nudge(user=learner, sent_at=sent_at, **common) for learner in learners]
    Nudge.objects.bulk_create(nudges)
