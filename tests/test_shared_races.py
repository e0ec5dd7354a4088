"""Two people who save one form at the same moment: real threads on the real database."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.utils import timezone

from courses.models import AuditEvent, LocalPlanAnswer, Membership, Organisation, Pathway, User
from courses.pathways.actions import PathwayGone, add_pathway, change_pathway, remove_pathway
from courses.pathways.entries import PathwayChange, PathwayEntry
from courses.people.actions import start_organisation
from courses.people.permissions import ChangedMeanwhile
from courses.readiness.actions import answer_plan_question
from courses.readiness.entries import PlanAnswer
from tests.test_races import at_once, somebody

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def riverside() -> Organisation:
    return start_organisation(somebody("m0"), "Riverside", timezone.now())


@pytest.fixture
def managers(riverside) -> list[User]:
    others = [somebody(f"m{number}") for number in range(1, 6)]
    for user in others:
        Membership.objects.create(user=user, organisation=riverside, role="manager")
    return others


@pytest.fixture
def pathway(managers, riverside) -> Pathway:
    day = timezone.localdate()
    entry = PathwayEntry("referral", "", "Baby line", "", "111", "", "", "", day)
    return add_pathway(managers[0], riverside, entry, timezone.now())


def change(user: User, pathway: Pathway, number: int) -> Callable[[], object]:
    entry = replace(pathway.entry, hours=f"Hours {number}")
    wanted = PathwayChange(entry, is_day_chosen=False, stamp=pathway.stamp)
    return lambda: change_pathway(user, pathway, wanted, timezone.now())


def test_it_works(managers, pathway):
    """Of five who saw the same pathway, one saves."""
    changes = [change(user, pathway, number) for number, user in enumerate(managers)]
    done = at_once(*changes)
    assert done.count(True) == 1, done
    assert sum(isinstance(result, ChangedMeanwhile) for result in done) == 4, done
    assert Pathway.objects.get().hours == f"Hours {done.index(True)}"
    assert AuditEvent.objects.filter(action="change_pathway").count() == 1


def test_a_removal_beside_changes_leaves_it_removed(managers, pathway):
    changes = [change(user, pathway, number) for number, user in enumerate(managers)]
    done = at_once(*changes, lambda: remove_pathway(managers[0], pathway, timezone.now()))
    assert done[-1] is True
    assert done[:-1].count(True) <= 1
    refused = [result for result in done if isinstance(result, ChangedMeanwhile | PathwayGone)]
    assert len(refused) == 5 - done[:-1].count(True), done
    assert not Pathway.objects.current().exists()


def test_one_of_five_answers_to_a_question_counts(managers, riverside):
    def answer(user: User, number: int) -> Callable[[], object]:
        given = PlanAnswer("yes", f"Page {number}", "", timezone.localdate())
        question = "babies-named"
        return lambda: answer_plan_question(user, riverside, question, given, "", timezone.now())

    done = at_once(*[answer(user, number) for number, user in enumerate(managers)])
    assert sum(isinstance(result, ChangedMeanwhile) for result in done) == 4, done
    assert LocalPlanAnswer.objects.get().evidence == f"Page {done.index(True)}"
