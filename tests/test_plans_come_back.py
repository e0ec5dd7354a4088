"""A plan comes back on its day, and after 7 and 30 days, until it is done with."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.learning.models import ActivityAnswer, PlanOutcome
from courses.learning.plans import Plan, plans_of, record_outcome
from tests.conftest import learn
from tests.test_portfolio import plan_of

WRITTEN = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
Outcome = PlanOutcome.Outcome


def plan(on: date | None, outcome: str = "", after: int = 0) -> Plan:
    """One written on 20 March 2026, and what was said of it so many days later."""
    answer = ActivityAnswer(answered_at=WRITTEN, lesson_key="a", activity_key="b", answer={})
    said = None
    if outcome:
        said = PlanOutcome(outcome=outcome, answered_at=WRITTEN + after * DAY)
    return Plan(answer, None, "", "", "Wait longer", on, said)


def due_days(one: Plan) -> list[int]:
    """After how many days it is asked about, of the first forty."""
    written_on = WRITTEN.date()
    return [days for days in range(40) if one.is_due(written_on + timedelta(days=days))]


def test_it_works():
    assert due_days(plan(None)) == list(range(7, 40))
    assert due_days(plan(WRITTEN.date() + timedelta(days=2))) == list(range(2, 40))


@pytest.mark.parametrize("outcome", [Outcome.NOT_YET, Outcome.PARTLY])
def test_one_that_is_still_open_comes_back_after_30_days(outcome):
    assert due_days(plan(None, outcome, after=8)) == list(range(30, 40))
    assert due_days(plan(None, outcome, after=31)) == []


@pytest.mark.parametrize("outcome", [Outcome.DONE, Outcome.CHANGED, Outcome.NO_LONGER])
def test_one_that_is_done_with_never_comes_back(outcome):
    assert due_days(plan(None, outcome, after=8)) == []


def test_none_comes_before_the_day_that_was_chosen():
    assert due_days(plan(WRITTEN.date() + timedelta(days=20)))[0] == 20
    late = plan(WRITTEN.date() + timedelta(days=35), Outcome.NOT_YET, after=36)
    assert due_days(late) == []


def test_seven_days_over_the_change_of_the_clocks():
    """On 29 March 2026 the clocks go forward; late on the 20th it is still the 20th in London."""
    answer = ActivityAnswer(answered_at=datetime(2026, 3, 22, 23, 59, tzinfo=UTC), answer={})
    one = Plan(answer, None, "", "", "Wait longer", None, None)
    assert one.asked_on == [date(2026, 3, 29), date(2026, 4, 21)]


def test_the_same_answer_counts_again_once_it_has_come_back(cast, course):
    learn(cast.ana, course)
    plan_of(cast.ana, days=0)
    ActivityAnswer.objects.update(answered_at=timezone.now() - 31 * DAY)
    [one] = plans_of(cast.ana)
    record_outcome(one, Outcome.NOT_YET, "", timezone.now() - 20 * DAY)
    [one] = plans_of(cast.ana)
    first = one.outcome.answered_at
    assert one.is_due(timezone.localdate())
    record_outcome(one, Outcome.NOT_YET, "", timezone.now())
    [one] = plans_of(cast.ana)
    assert one.outcome.answered_at > first
    assert not one.is_due(timezone.localdate())


def test_the_home_page_asks_again(cast, course, sign_in):
    learn(cast.ana, course)
    client = sign_in(cast.ana)
    url = plan_of(cast.ana, days=0)
    home = reverse("courses:learning")
    assert "Say how it went" in client.get(home).content.decode()
    client.post(url, {"outcome": "partly", "words": "Half of it"})
    assert "Say how it went" not in client.get(home).content.decode()
    ActivityAnswer.objects.update(answered_at=timezone.now() - 31 * DAY)
    PlanOutcome.objects.update(answered_at=timezone.now() - 20 * DAY)
    assert "Say how it went" in client.get(home).content.decode()
    client.post(url, {"outcome": "no-longer", "words": ""})
    assert "Say how it went" not in client.get(home).content.decode()
