"""What is on offer to one learner beyond today's cases: rounds of the eye, and quizzes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from courses.learning.queries import EnrolmentProgress
from courses.library.content import Course, Quiz
from courses.people.models import User
from courses.practice.models import PoolEdition, Round
from courses.practice.pool_queries import newest_pool, pool_of
from courses.recall import follow_ups
from courses.recall.follow_ups import WINDOWS, Facts, FollowUp
from courses.recall.schedule import london_day

CASES = {follow_ups.BOOSTER: 12, follow_ups.UPKEEP: follow_ups.UPKEEP_CASES}


@dataclass(frozen=True)
class Review:
    """A quiz that asks what is still known of a course, while it is open to be taken."""

    row: EnrolmentProgress
    quiz: Quiz
    window: FollowUp
    is_begun: bool

    @property
    def course(self) -> Course:
        return self.row.content


@dataclass(frozen=True)
class Offered:
    """What is on offer.

    Attributes:
        follow_up: the round that is offered today, None for none.
        cases: how many babies are in it.
        is_begun: whether it was begun and not finished.
        reviews: quizzes that are open.
        coming: what is offered next, after today.
    """

    follow_up: FollowUp | None
    cases: int
    is_begun: bool
    reviews: tuple[Review, ...]
    coming: FollowUp | None

    @property
    def name(self) -> str:
        return _name(self.follow_up)

    @property
    def coming_name(self) -> str:
        return _name(self.coming)


def _name(follow_up: FollowUp | None) -> str:
    """What pages call it; "" for none."""
    return str(Round.Kind(follow_up.kind).label) if follow_up else ""


def facts_of(user: User, rows: Iterable[EnrolmentProgress]) -> Facts:
    """What `follow_ups` needs to know, from the learner's own `rows`. One SQL query."""
    completed = []
    has_begun = False
    for row in rows:
        has_begun = has_begun or bool(row.lesson_at)
        if row.enrolment.completed_at:
            completed.append(london_day(row.enrolment.completed_at))
    rounds = Round.objects.taken_by(user).finished().order_by()
    finished = {}
    for kind, at in rounds.values_list("kind").annotate(at=Max("finished_at")):
        finished[kind] = london_day(at)
    return Facts(
        has_begun=has_begun,
        first_completed_on=min(completed, default=None),
        last_completed_on=max(completed, default=None),
        finished=finished,
    )


def offered_to(user: User, rows: Sequence[EnrolmentProgress], now: datetime) -> Offered:
    """What is on offer today, and what comes next. Three SQL queries at most.

    Args:
        rows: how far this person is, from `enrolment_progress_of`.
    """
    today = london_day(now)
    facts = facts_of(user, rows)
    offer = follow_ups.offered(facts, today)
    edition = newest_pool() if offer else None
    if edition is None:
        offer = None
    return Offered(
        follow_up=offer,
        cases=_cases_in(edition, offer.kind) if offer and edition else 0,
        is_begun=offer is not None and _is_begun(user, offer),
        reviews=tuple(reviews_open(rows, today)),
        coming=follow_ups.coming(facts, today),
    )


def _cases_in(edition: PoolEdition, kind: str) -> int:
    """As many as the round is given, or as the sealed form of a check has."""
    if kind in CASES:
        return CASES[kind]
    return len(list(pool_of(edition.pk).of_form(kind)))


def _is_begun(user: User, offer: FollowUp) -> bool:
    return Round.objects.taken_by(user).of_kind(offer.kind).open().exists()


def reviews_open(rows: Iterable[EnrolmentProgress], today: date) -> list[Review]:
    """The quizzes for 30 and 90 days that are open, without those taken. No SQL query.

    They count from the completion of their own course, in the same windows as the cases.
    """
    reviews = []
    for row in rows:
        for quiz in row.content.quizzes:
            review = _review(row, quiz, today)
            if review:
                reviews.append(review)
    return reviews


def _review(row: EnrolmentProgress, quiz: Quiz, today: date) -> Review | None:
    completed_at = row.enrolment.completed_at
    is_planned = quiz.kind == "review" and quiz.key in WINDOWS
    if completed_at is None or not is_planned:
        return None
    window = follow_ups.window(quiz.key, london_day(completed_at))
    taken = row.attempts_at(quiz.key)
    is_over = any(not attempt.is_open for attempt in taken)
    if is_over or not window.is_open(today):
        return None
    return Review(row, quiz, window, is_begun=bool(taken))


def review_of(
    rows: Iterable[EnrolmentProgress], course: str, quiz_key: str, now: datetime
) -> Review | None:
    """One quiz of `reviews_open`, by the keys that its address has; None: it is not open."""
    for review in reviews_open(rows, london_day(now)):
        if (review.course.key, review.quiz.key) == (course, quiz_key):
            return review
    return None
