"""Group sessions and rooms at the same moment: real threads on the real database."""

import pytest
from django.utils import timezone

from courses.group_sessions.actions import SessionFacts, record_session
from courses.group_sessions.models import Attendance, Commitment, GroupSession, Room, Tally
from courses.group_sessions.room_actions import (
    RoomMovedOn,
    advance_room,
    commit_answer,
    end_room,
    start_room,
)
from courses.group_sessions.room_queries import wall_of
from courses.group_sessions.scenes import options_of, wall_scenes
from courses.people.actions import join_cohort, start_cohort, start_organisation
from courses.people.cohort_life import archive_cohort
from courses.people.models import Cohort, User
from courses.people.permissions import CohortArchived
from tests.test_races import at_once, published, somebody

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cohort(tiny_content) -> Cohort:
    """Tess's cohort with eight learners."""
    course, tess, now = published(tiny_content), somebody("tess"), timezone.now()
    service = start_organisation(tess, "Riverside", now)
    made = start_cohort(tess, service, "Autumn", course, None, now)
    for number in range(8):
        join_cohort(somebody(f"p{number}"), made, now)
    return made


def learners() -> list[User]:
    return list(User.objects.exclude(email="tess@example.org").order_by("pk"))


def room_of(cohort: Cohort) -> tuple[Room, str]:
    tess = User.objects.get(email="tess@example.org")
    chosen = wall_scenes()[0]
    room = start_room(tess, cohort, chosen, timezone.now())
    return room, options_of(chosen.scene)[0].key


def test_it_works(cohort):
    """Eight phones at once: each counts once."""
    room, option = room_of(cohort)
    done = at_once(*[lambda user=user: commit_answer(user, room, 1, option) for user in learners()])
    assert done == [True] * 8
    assert wall_of(room).answered == 8


def test_eight_presses_of_one_person_are_one_answer(cohort):
    room, option = room_of(cohort)
    user = learners()[0]
    done = at_once(*[lambda: commit_answer(user, room, 1, option)] * 8)
    assert sorted(done) == [False] * 7 + [True]
    assert Commitment.objects.count() == 1


def test_what_is_counted_while_the_split_is_shown_is_in_it(cohort):
    """An answer is in before the split, or refused: the split never changes once it is shown."""
    room, option = room_of(cohort)
    presses = [lambda user=user: commit_answer(user, room, 1, option) for user in learners()[:7]]
    done = at_once(*presses, lambda: advance_room(room, "first-shown"))
    refused = [result for result in done if isinstance(result, RoomMovedOn)]
    assert all(result is True or isinstance(result, RoomMovedOn) for result in done), done
    assert Commitment.objects.count() == 7 - len(refused)


def test_eight_presses_record_one_session(cohort):
    tess = User.objects.get(email="tess@example.org")
    ids = frozenset(user.pk for user in learners())
    facts = SessionFacts("A quiet baby", timezone.localdate(), 60, ids)
    done = at_once(*[lambda: record_session(tess, cohort, facts, timezone.now())] * 8)
    assert len({session.pk for session in done}) == 1
    assert (GroupSession.objects.count(), Attendance.objects.count()) == (1, 8)


def test_answers_that_come_in_while_the_room_ends_are_forgotten_too(cohort):
    """Each is in before the end, and nobody's then, or is refused."""
    room, option = room_of(cohort)
    presses = [lambda user=user: commit_answer(user, room, 1, option) for user in learners()[:7]]
    done = at_once(*presses, lambda: end_room(room, timezone.now()))
    counted = done[:-1].count(True)
    assert done[-1] is True
    assert not Commitment.objects.exists()
    assert sum(Tally.objects.values_list("count", flat=True)) == counted
    assert room.answered_by.count() == counted
    assert wall_of(room).splits == ()


def test_an_answer_and_the_archive_at_once(cohort):
    """An answer is in before the cohort is archived, or is refused; none comes in after."""
    room, option = room_of(cohort)
    tess, now = User.objects.get(email="tess@example.org"), timezone.now()
    presses = [lambda user=user: commit_answer(user, room, 1, option) for user in learners()[:7]]
    done = at_once(*presses, lambda: archive_cohort(tess, cohort, now))
    assert done[-1] is True
    assert Commitment.objects.count() == done[:-1].count(True)
    for refusal in done[:-1]:
        assert refusal is True or isinstance(refusal, CohortArchived)
