"""A course is due at the end of a day in London, printed with its weekday, when clocks change too."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.dashboards.exports import progress_csv
from courses.dashboards.queries import learners_on, newest_content
from courses.people.actions import assign_course
from courses.people.cohort_actions import extend_due_date
from courses.people.models import Assignment
from courses.people.queries import nearest_due
from tests.conftest import given

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
# The last second of the day in UTC. On both days the clocks change at 01:00 UTC.
DAYS = [
    (date(2027, 3, 28), datetime(2027, 3, 28, 22, 59, 59, tzinfo=UTC), "Sunday 28 March 2027"),
    (date(2027, 10, 31), datetime(2027, 10, 31, 23, 59, 59, tzinfo=UTC), "Sunday 31 October 2027"),
    (date(2027, 3, 27), datetime(2027, 3, 27, 23, 59, 59, tzinfo=UTC), "Saturday 27 March 2027"),
    (
        date(2027, 10, 30),
        datetime(2027, 10, 30, 22, 59, 59, tzinfo=UTC),
        "Saturday 30 October 2027",
    ),
]


def state_of(cast, at):
    return learners_on([given(cast)], at)[0]


@pytest.mark.parametrize(("day", "end", "printed"), DAYS)
def test_it_works(cast, course, day, end, printed):
    """Nobody is late on the day itself, and everybody from its end on."""
    assign_course(cast.tess, cast.cohort, course, day, timezone.now())
    assert given(cast).due_at == end
    reasons = [state_of(cast, at).attention_reasons for at in (end - SECOND, end, end + SECOND)]
    is_late = [any("overdue" in reason.name.lower() for reason in row) for row in reasons]
    assert is_late == [False, False, True]


@pytest.mark.parametrize(("day", "end", "printed"), DAYS)
def test_an_extension_ends_with_its_day_too(cast, course, day, end, printed):
    before = day - timedelta(days=21)
    assign_course(cast.tess, cast.cohort, course, before, timezone.now())
    extend_due_date(cast.tess, given(cast), cast.ana, day, "A ward move", timezone.now())
    assert nearest_due(cast.ana)[course.pk].due_at == end
    assert state_of(cast, timezone.now()).due_at == end


@pytest.mark.parametrize(("day", "end", "printed"), DAYS)
def test_every_page_prints_the_same_day_with_its_weekday(cast, course, sign_in, day, end, printed):
    assign_course(cast.tess, cast.cohort, course, day, timezone.now())
    cohort = [cast.cohort.key]
    pages = {
        "the learner's first page": (cast.ana, reverse("courses:learning")),
        "what my trainer sees": (cast.ana, reverse("courses:seen-by-trainer")),
        "the invitation": (cast.ben, reverse("courses:join-cohort", args=[cast.cohort.join_code])),
        "the cohort": (cast.tess, reverse("courses:cohort", args=cohort)),
        "the table": (cast.tess, reverse("courses:cohort-progress", args=[*cohort, "tiny"])),
        "the learner": (
            cast.tess,
            reverse("courses:learner", args=[*cohort, "tiny", cast.ana.key]),
        ),
    }
    for name, (person, url) in pages.items():
        page = sign_in(person).get(url).content.decode()
        assert f"{printed} (end of day)" in page, name


def test_a_file_has_the_day_in_london(cast, course):
    """Stored as 22:59:59 of the day in summer time: never the day before or after."""
    for day, _, _ in DAYS:
        assign_course(cast.tess, cast.cohort, course, day, timezone.now())
        row = Assignment.objects.select_related("cohort", "course").get(pk=given(cast).pk)
        data = progress_csv(newest_content(row), learners_on([row], timezone.now()))
        assert f"{day.isoformat()}" in data.decode("utf-8-sig")
