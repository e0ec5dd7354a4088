"""More time for one learner, another cohort for them, out of the cohort; and the courses of a cohort."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.dashboards.queries import learners_on
from courses.learning.actions import enrol
from courses.models import AuditEvent
from courses.people.actions import assign_course, join_cohort, start_cohort
from courses.people.cohort_actions import (
    NoDueDate,
    NotLater,
    ThereAlready,
    extend_due_date,
    move_learner,
    remove_learner,
    withdraw_extension,
)
from courses.people.cohort_courses import BegunAlready, unassign_course
from courses.people.due_dates import end_of_day, own_due
from courses.people.models import Assignment, Cohort, CohortMembership, Extension, User
from courses.people.permissions import (
    CohortArchived,
    CohortClosed,
    NoLongerHere,
    NotYours,
    OnOneself,
)
from courses.people.queries import nearest_due
from courses.reminders.queries import candidates_of
from tests.conftest import Cast, given
from tests.test_access import rows

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
WEEK = timedelta(days=7)
REASON = "A ward move"


@pytest.fixture
def due(cast, course) -> date:
    """A due date in a week for the tiny course in Tess's cohort."""
    assign_course(cast.tess, cast.cohort, course, TODAY + WEEK, NOW)
    return TODAY + WEEK


@pytest.fixture
def winter(cast, course) -> Cohort:
    """A second cohort of Tess's, due in two weeks."""
    return start_cohort(
        cast.tess, cast.cohort.organisation, "Winter", course, TODAY + 2 * WEEK, NOW
    )


def extend(cast: Cast, day: date, reason: str = REASON, learner: User | None = None) -> Extension:
    return extend_due_date(cast.tess, given(cast), learner or cast.ana, day, reason, NOW)


def row_of(cast: Cast):
    return learners_on([given(cast)], NOW, only=cast.ana.key)[0]


def test_it_works(cast, due, mailoutbox):
    """The table, the learner's first page and the mail have the learner's own day."""
    later = due + WEEK
    mailoutbox.clear()
    extend(cast, later)
    row = row_of(cast)
    assert (row.due_at, row.is_extended) == (end_of_day(later), True)
    assert row.extension_reason == REASON
    own = nearest_due(cast.ana)[given(cast).course_id]
    assert (own.due_at, own.is_extended) == (end_of_day(later), True)
    mail = mailoutbox[-1]
    assert mail.to == [cast.ana.email]
    assert "more time" in mail.subject
    assert REASON in mail.body
    event = AuditEvent.objects.get(action="extend_due_date")
    assert (event.actor, event.subject) == (cast.tess, cast.ana)
    assert event.details["due_on"] == later.isoformat()
    assert REASON not in str(event.details)


@pytest.mark.parametrize(
    ("cohort_due", "extended_to", "expected"),
    [
        (None, None, None),
        (None, datetime(2027, 3, 1), None),
        (datetime(2027, 3, 1), None, datetime(2027, 3, 1)),
        (datetime(2027, 3, 1), datetime(2027, 4, 1), datetime(2027, 4, 1)),
        (datetime(2027, 5, 1), datetime(2027, 4, 1), datetime(2027, 5, 1)),
    ],
)
def test_an_extension_never_makes_a_date_earlier(cohort_due, extended_to, expected):
    assert own_due(cohort_due, extended_to) == expected


def test_the_same_press_twice_changes_nothing(cast, due, mailoutbox):
    first = extend(cast, due + WEEK)
    before, sent = rows(), len(mailoutbox)
    assert extend(cast, due + WEEK) == first
    assert (rows(), len(mailoutbox)) == (before, sent)


def test_the_newest_extension_counts(cast, due):
    extend(cast, due + 2 * WEEK)
    extend(cast, due + WEEK, "Sooner, as they asked")
    assert row_of(cast).due_at == end_of_day(due + WEEK)
    assert Extension.objects.count() == 2


def test_the_others_keep_their_date(cast, due):
    join_cohort(cast.ben, cast.cohort, NOW)
    extend(cast, due + WEEK)
    others = learners_on([given(cast)], NOW, only=cast.ben.key)
    assert others[0].due_at == end_of_day(due)


@pytest.mark.parametrize("days", [-8, -7, 0])
def test_a_day_that_gives_no_more_time_is_refused(cast, due, days):
    before = rows()
    with pytest.raises(NotLater):
        extend(cast, due + timedelta(days=days))
    assert rows() == before


def test_without_a_due_date_there_is_nothing_to_extend(cast):
    with pytest.raises(NoDueDate):
        extend(cast, TODAY + WEEK)


def test_nobody_extends_their_own(cast, due):
    join_cohort(cast.tess, cast.cohort, NOW)
    with pytest.raises(OnOneself):
        extend(cast, due + WEEK, learner=cast.tess)
    assert not Extension.objects.exists()


def test_who_has_left_gets_no_extension(cast, due):
    with pytest.raises(NoLongerHere):
        extend(cast, due + WEEK, learner=cast.ben)


def test_a_withdrawn_extension_no_longer_counts(cast, due):
    extend(cast, due + WEEK)
    extend(cast, due + 2 * WEEK)
    assert withdraw_extension(cast.tess, given(cast), cast.ana, NOW)
    assert row_of(cast).due_at == end_of_day(due)
    assert nearest_due(cast.ana)[given(cast).course_id].due_at == end_of_day(due)
    assert not withdraw_extension(cast.tess, given(cast), cast.ana, NOW)
    assert AuditEvent.objects.filter(action="withdraw_extension").count() == 1
    assert Extension.objects.filter(withdrawn_by=cast.tess).count() == 2, "the rows stay"


def test_a_learner_moves_and_nothing_is_lost(cast, due, winter, mailoutbox):
    extend(cast, due + 3 * WEEK)
    joined_at = CohortMembership.objects.get(user=cast.ana).joined_at
    mailoutbox.clear()
    later = NOW + timedelta(days=1)
    moved = move_learner(cast.tess, cast.cohort, winter, cast.ana, later)
    assert (moved.cohort, moved.joined_at) == (winter, joined_at)
    left = CohortMembership.objects.get(user=cast.ana, cohort=cast.cohort)
    assert left.left_at == later
    own = nearest_due(cast.ana)[given(cast).course_id]
    assert (own.cohort, own.due_at) == (winter, end_of_day(due + 3 * WEEK))
    assert [mail.subject for mail in mailoutbox] == ["You are in Winter now"]
    event = AuditEvent.objects.get(action="move_learner")
    assert event.details == {"cohort": str(cast.cohort.key), "to": str(winter.key)}


def test_a_second_move_is_told_that_it_is_done(cast, winter, mailoutbox):
    move_learner(cast.tess, cast.cohort, winter, cast.ana, NOW)
    before, sent = rows(), len(mailoutbox)
    with pytest.raises(ThereAlready):
        move_learner(cast.tess, cast.cohort, winter, cast.ana, NOW)
    assert (rows(), len(mailoutbox)) == (before, sent)


def test_an_extension_shorter_than_the_new_date_stays_behind(cast, due, winter):
    extend(cast, due + timedelta(days=1))
    move_learner(cast.tess, cast.cohort, winter, cast.ana, NOW)
    assert not Extension.objects.filter(assignment__cohort=winter).exists()


def test_a_move_is_between_ones_own_cohorts_of_one_organisation(cast, winter):
    for actor, target in (
        (cast.tess, cast.other_cohort),
        (cast.olga, winter),
        (cast.tess, cast.cohort),
    ):
        with pytest.raises(NotYours):
            move_learner(actor, cast.cohort, target, cast.ana, NOW)
    assert CohortMembership.objects.current().get(user=cast.ana).cohort == cast.cohort


def test_nobody_moves_to_a_closed_or_archived_cohort(cast, winter):
    for field, refusal in (("closed_at", CohortClosed), ("archived_at", CohortArchived)):
        Cohort.objects.filter(pk=winter.pk).update(**{field: NOW})
        with pytest.raises(refusal):
            move_learner(cast.tess, cast.cohort, winter, cast.ana, NOW)
    assert CohortMembership.objects.current().get(user=cast.ana).cohort == cast.cohort


def test_a_removed_learner_is_told_and_keeps_what_they_learnt(cast, course, mailoutbox):
    enrol(cast.ana, course, NOW)
    mailoutbox.clear()
    assert remove_learner(cast.tess, cast.cohort, cast.ana, NOW)
    assert not cast.cohort.cohort_memberships.current().exists()
    assert cast.ana.enrolments.exists()
    assert cast.ana.memberships.filter(ended_at=None).exists(), "they stay in the organisation"
    assert "stays yours" in mailoutbox[0].body
    assert not remove_learner(cast.tess, cast.cohort, cast.ana, NOW)
    assert len(mailoutbox) == 1
    assert AuditEvent.objects.filter(action="remove_learner", subject=cast.ana).count() == 1


def test_nobody_removes_or_moves_themselves(cast, winter):
    join_cohort(cast.tess, cast.cohort, NOW)
    with pytest.raises(OnOneself):
        remove_learner(cast.tess, cast.cohort, cast.tess, NOW)
    with pytest.raises(OnOneself):
        move_learner(cast.tess, cast.cohort, winter, cast.tess, NOW)


def test_an_archived_cohort_is_only_read(cast, course, due):
    extend(cast, due + WEEK)
    Cohort.objects.filter(pk=cast.cohort.pk).update(archived_at=NOW, closed_at=NOW)
    before = rows()
    for act in (
        lambda: extend(cast, due + 2 * WEEK),
        lambda: withdraw_extension(cast.tess, given(cast), cast.ana, NOW),
        lambda: remove_learner(cast.tess, cast.cohort, cast.ana, NOW),
        lambda: assign_course(cast.tess, cast.cohort, course, None, NOW),
        lambda: unassign_course(cast.tess, cast.cohort, course, NOW),
    ):
        with pytest.raises(CohortArchived):
            act()
    assert rows() == before
    assert nearest_due(cast.ana) == {}


def test_an_earlier_date_is_told_once_to_whom_it_concerns(cast, course, due, mailoutbox):
    """Not to who has completed the course, and not to who has longer anyway."""
    ben = join_cohort(cast.ben, cast.cohort, NOW).user
    join_cohort(cast.mo, cast.cohort, NOW)
    extend(cast, due + WEEK, learner=ben)
    enrolment = enrol(cast.mo, course, NOW)
    type(enrolment).objects.filter(pk=enrolment.pk).update(completed_at=NOW)
    mailoutbox.clear()
    for _ in range(2):
        assign_course(cast.tess, cast.cohort, course, due - timedelta(days=2), NOW)
    assert [mail.to for mail in mailoutbox] == [[cast.ana.email]]
    assign_course(cast.tess, cast.cohort, course, due, NOW)
    assign_course(cast.tess, cast.cohort, course, None, NOW)
    assert len(mailoutbox) == 1, "a later date is on the pages"


def test_a_course_that_nobody_has_begun_can_be_taken_away(cast, course):
    assert unassign_course(cast.tess, cast.cohort, course, NOW)
    assert not Assignment.objects.filter(cohort=cast.cohort).exists()
    assert not unassign_course(cast.tess, cast.cohort, course, NOW)
    assert AuditEvent.objects.filter(action="unassign_course").count() == 1


def test_a_course_that_somebody_has_begun_stays(cast, course):
    enrol(cast.ana, course, NOW)
    with pytest.raises(BegunAlready, match="1 person has begun"):
        unassign_course(cast.tess, cast.cohort, course, NOW)
    assert given(cast)


def test_nobody_joins_a_closed_cohort_and_its_link_says_so(cast, sign_in):
    Cohort.objects.filter(pk=cast.cohort.pk).update(closed_at=NOW)
    link = reverse("courses:join-cohort", args=[cast.cohort.join_code])
    before = rows()
    ben = sign_in(cast.ben)
    page = ben.get(link).content.decode()
    assert "Autumn is closed" in page
    assert "Join" not in page.split("<main")[1].split("</main")[0]
    refused = ben.post(link, follow=True).content.decode()
    assert "nobody joins it" in refused
    assert rows() == before
    with pytest.raises(CohortClosed):
        join_cohort(cast.ben, cast.cohort, NOW)
    assert join_cohort(cast.ana, cast.cohort, NOW).user == cast.ana, "who is in it stays in it"


def test_the_learner_reads_their_own_date_and_the_reason(cast, due, sign_in):
    extend(cast, due + WEEK)
    ana = sign_in(cast.ana)
    record = ana.get("/seen-by-trainer/").content.decode()
    assert REASON in record
    trainers = reverse("courses:learner", args=[cast.cohort.key, "tiny", cast.ana.key])
    assert REASON in sign_in(cast.tess).get(trainers).content.decode()


def test_reminders_go_by_ones_own_date(cast, course, due):
    """What is reminded of in SQL follows the rule of `own_due`."""
    extend(cast, due + WEEK)
    assert reminded_of(cast) == end_of_day(due + WEEK)
    assign_course(cast.tess, cast.cohort, course, due + 2 * WEEK, NOW)
    assert reminded_of(cast) == end_of_day(due + 2 * WEEK), "an extension makes no date earlier"
    assign_course(cast.tess, cast.cohort, course, due, NOW)
    withdraw_extension(cast.tess, given(cast), cast.ana, NOW)
    assert reminded_of(cast) == end_of_day(due)
    extend(cast, due + WEEK)
    assign_course(cast.tess, cast.cohort, course, None, NOW)
    assert reminded_of(cast) is None


def reminded_of(cast: Cast) -> datetime | None:
    return candidates_of([cast.ana.pk])[0].facts.due_at
