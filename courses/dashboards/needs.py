"""Who needs a trainer this week: who asked, who to remind, who never started, who waits.

The reasons themselves are in `attention`, and the facts in `members`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from courses.assessment.models import AccommodationRequest
from courses.dashboards.attention import NEW, AttentionReason
from courses.dashboards.members import Member

SHOWN = 12  # learners to remind on the first page; the table has all, and requests are never cut


@dataclass(frozen=True)
class NeverStarted:
    """Who has not started a course, in numbers: one press reminds all in `to_remind`.

    `people` joined over a week ago. Of them `overdue` are past their due date, `waiting` were
    reminded in the last days, `switched_off` want no reminders. `new` joined in the last week, and
    nobody is chased for that.
    """

    people: int
    overdue: int
    waiting: int
    switched_off: int
    new: int
    to_remind: tuple[Member, ...]


@dataclass(frozen=True)
class Needs:
    """Learners with a reason and without a request: listed, reminded lately, and how many more."""

    shown: list[Member]
    waiting: list[Member]
    more: int
    never_started: NeverStarted

    @property
    def is_any(self) -> bool:
        """Whether somebody is to be reminded, or is late; False in a quiet week."""
        never = self.never_started
        return bool(self.shown or self.more or never.to_remind or never.overdue)


def needs_of(members: Sequence[Member], trained: Collection[int], now: datetime) -> Needs:
    """Splits the learners who need their trainer into what the first page shows of them.

    Who was reminded today stays in their place, so that the list does not move under the hand.
    Who was reminded in the days before waits apart, so that those after the twelfth come up. Who
    never started is counted only. `trained` is the ids of the cohorts that the viewer trains.
    """
    today = timezone.localdate(now)
    shown: list[Member] = []
    waiting: list[Member] = []
    to_do = more = 0
    for member in members:
        if member.asks or not member.attention_reasons or not member.has_started:
            continue
        if member.assignment.course.retired_at:
            continue  # no reminder of it leaves any more
        reminded_at = member.reminded_at
        if reminded_at and timezone.localdate(reminded_at) == today:
            shown.append(member)
        elif member.has_just_been_reminded(now):
            waiting.append(member)
        elif to_do < SHOWN:
            shown.append(member)
            to_do += 1
        else:
            more += 1
    return Needs(shown, waiting, more, never_started_of(members, trained, now))


def never_started_of(
    members: Iterable[Member], trained: Collection[int], now: datetime
) -> NeverStarted:
    """The same for those who never started. Who is in two cohorts on a course counts once."""
    by_course: dict[tuple[int, int], Member] = {}
    new = set()
    for member in members:
        if member.has_started or not member.attention_reasons or member.asks:
            continue
        key = (member.user_id, member.assignment.course_id)
        if member.joined_at > now - NEW:
            new.add(key)
        elif key not in by_course or member.assignment.cohort_id in trained:
            by_course[key] = member
    people = list(by_course.values())
    waiting = [member for member in people if member.has_just_been_reminded(now)]
    to_remind = []
    for member in people:
        is_reachable = member.wants_reminders and member.assignment.cohort_id in trained
        if is_reachable and not member.has_just_been_reminded(now):
            to_remind.append(member)
    return NeverStarted(
        people=len(people),
        overdue=sum(AttentionReason.OVERDUE in member.attention_reasons for member in people),
        waiting=len(waiting),
        switched_off=sum(not member.wants_reminders for member in people),
        new=len(new - set(by_course)),
        to_remind=tuple(to_remind),
    )


def requests_of(
    members: Sequence[Member], trained: Collection[int]
) -> list[tuple[AccommodationRequest, Member]]:
    """What these learners ask their trainers for, with who asks; the oldest first.

    Each request once, whatever the number of cohorts its learner is in: as one of a cohort that
    the viewer trains (`trained` has their ids), where there is one. One SQL query, none where
    nobody asks.
    """
    asking: dict[tuple[int, int], Member] = {}
    for member in members:
        key = (member.user_id, member.assignment.course_id)
        if member.asks and (key not in asking or member.assignment.cohort_id in trained):
            asking[key] = member
    if not asking:
        return []
    users, courses = zip(*asking, strict=True)
    pending = AccommodationRequest.objects.pending().filter(user__in=users, course__in=courses)
    requests = []
    for request in pending:
        asker = asking.get((request.user_id, request.course_id))
        if asker:
            requests.append((request, asker))
    return requests
