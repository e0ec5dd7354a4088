"""Trainers who change one cohort at the same moment: real threads on the real database."""

import pytest
from django.utils import timezone

from courses.models import Cohort, Membership, Organisation, OutgoingMail, User
from courses.people.actions import join_cohort, start_cohort, start_organisation
from courses.people.cohort_actions import move_learner, remove_learner
from courses.people.cohort_life import (
    LastTrainer,
    add_trainer,
    archive_cohort,
    close_cohort,
    copy_cohort,
    remove_trainer,
    rename_cohort,
)
from courses.people.permissions import CohortClosed, NotYours
from courses.people.queries import trainers_of
from tests.test_races import at_once, published, somebody

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tess() -> User:
    return somebody("tess")


@pytest.fixture
def riverside(tess) -> Organisation:
    return start_organisation(tess, "Riverside", timezone.now())


@pytest.fixture
def autumn(tess, riverside, tiny_content) -> Cohort:
    course = published(tiny_content)
    return start_cohort(tess, riverside, "Autumn", course, None, timezone.now())


def trainer(name: str, organisation: Organisation) -> User:
    user = somebody(name)
    Membership.objects.create(user=user, organisation=organisation, role="trainer")
    return user


def test_it_works(tess, riverside, autumn):
    """Of two trainers who remove each other, one stays, whoever was first."""
    tara, now = trainer("tara", riverside), timezone.now()
    add_trainer(tess, autumn, tara, now)
    done = at_once(
        lambda: remove_trainer(tess, autumn, tara, now),
        lambda: remove_trainer(tara, autumn, tess, now),
    )
    assert trainers_of(autumn).count() == 1, done
    refused = [result for result in done if isinstance(result, (LastTrainer, NotYours))]
    assert len(refused) == 1, done


def test_eight_trainers_who_stop_at_once_leave_one(tess, riverside, autumn):
    now = timezone.now()
    people = [tess, *[trainer(f"t{number}", riverside) for number in range(7)]]
    for person in people[1:]:
        add_trainer(tess, autumn, person, now)
    done = at_once(
        *[lambda person=person: remove_trainer(person, autumn, person, now) for person in people]
    )
    assert trainers_of(autumn).count() == 1, done
    assert done.count(True) == 7


def test_a_trainer_added_eight_times_gets_one_mail(tess, riverside, autumn, settings):
    settings.EMAIL_BACKEND = "courses.web.mail.outbox.EmailBackend"
    settings.MAIL_DELIVERY = "worker"
    tara, now = trainer("tara", riverside), timezone.now()
    done = at_once(*[lambda: add_trainer(tess, autumn, tara, now)] * 8)
    assert sorted(done) == [False] * 7 + [True]
    assert OutgoingMail.objects.count() == 1


def test_eight_presses_of_a_copy_make_one_cohort(tess, riverside, autumn):
    done = at_once(*[lambda: copy_cohort(tess, autumn, "Spring", {}, timezone.now()).pk] * 8)
    assert len(set(done)) == 1, done
    assert Cohort.objects.filter(organisation=riverside).count() == 2


def test_two_cohorts_never_get_one_name(tess, riverside, autumn):
    now = timezone.now()
    spring = copy_cohort(tess, autumn, "Spring", {}, now)
    done = at_once(
        lambda: rename_cohort(tess, autumn, "Group", now),
        lambda: rename_cohort(tess, spring, "Group", now),
    )
    assert done.count(True) == 1, done
    assert Cohort.objects.filter(name="Group").count() == 1


def test_nobody_slips_into_a_cohort_that_closes(tess, autumn):
    """Who was let in came first: nobody is in it later than it closed."""
    people = [somebody(f"p{number}") for number in range(7)]
    done = at_once(
        lambda: close_cohort(tess, autumn, timezone.now()),
        *[lambda user=user: join_cohort(user, autumn, timezone.now()) for user in people],
    )
    refused = [result for result in done if isinstance(result, CohortClosed)]
    assert autumn.cohort_memberships.current().count() == 7 - len(refused), done
    with pytest.raises(CohortClosed):
        join_cohort(somebody("late"), autumn, timezone.now())


def test_a_learner_moved_and_removed_at_once_is_where_one_of_the_two_put_them(tess, autumn):
    now, ana = timezone.now(), somebody("ana")
    join_cohort(ana, autumn, now)
    spring = copy_cohort(tess, autumn, "Spring", {}, now)
    at_once(
        lambda: move_learner(tess, autumn, spring, ana, now),
        lambda: remove_learner(tess, autumn, ana, now),
    )
    assert not autumn.cohort_memberships.current().exists()
    assert ana.cohort_memberships.count() in (1, 2)


def test_it_is_archived_once(tess, autumn):
    done = at_once(*[lambda: archive_cohort(tess, autumn, timezone.now())] * 6)
    assert done.count(True) == 1, done
