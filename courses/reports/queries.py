"""What a cohort did on a course, for its page and its document alike.

The figures are made in `figures`; the learners are those of the table of progress.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Exists, OuterRef
from django.utils import timezone

from courses.assessment.models import AccommodationRequest, Attempt, AttemptQuerySet
from courses.assessment.queries import analysis_of
from courses.dashboards.gains import CohortGain, gain_of
from courses.dashboards.queries import Learner, learners_on, newest_content
from courses.dashboards.states import state_of
from courses.learning.course_state import CourseState
from courses.library import content
from courses.library.models import Edition
from courses.people.models import Assignment, CohortMembership
from courses.people.suppression import FEWEST
from courses.reports.figures import (
    Asked,
    AskedFigures,
    Band,
    Counts,
    ShownCounts,
    Weeks,
    asked_figures,
    bands_of,
    is_exact_safe,
    shown_counts,
    tenths_of,
    weeks_of,
)

HARD = 0.6  # facility below which an item is named as hard
MOST_HARD = 5


@dataclass(frozen=True)
class Completion:
    """Who completed, and the day in London; None: before they joined the cohort."""

    name: str
    day: date | None


@dataclass(frozen=True)
class HardItem:
    """An item that people found hard: `percent` of its marks were earned, 0 to 100.

    `stem` is for pages of trainers; a document that goes further has the lesson and the outcome
    alone.
    """

    lesson: str
    outcome: str
    stem: str
    percent: int
    is_critical: bool


@dataclass(frozen=True)
class Figures:
    """The figures of a cohort of at least five people, as they may be shown outside.

    `weeks` None: nobody completed since joining. Bands are empty where none can be shown.
    `is_of_completed`: the scores are those of who completed, as the others are too few.
    `is_gain_exact`: the number of people of the gain may be shown.
    """

    weeks: Weeks | None
    week_bands: tuple[Band, ...]
    score_bands: tuple[Band, ...]
    is_of_completed: bool
    gain: CohortGain
    is_gain_exact: bool
    hard_items: tuple[HardItem, ...]
    asked: tuple[tuple[str, AskedFigures], ...]

    @property
    def has_asked(self) -> bool:
        """Whether anybody asked for anything."""
        return any(row.people_words != "Nobody" for _, row in self.asked)


@dataclass(frozen=True)
class CohortReport:
    """A cohort on a course as of `made_at`.

    `editions` are the numbers of those its people learn, the newest one where nobody began.
    `completions` have the names of who completed, the first first. `figures` None: fewer than
    five people are in the cohort.
    """

    assignment: Assignment
    course: content.Course
    made_at: datetime
    editions: tuple[int, ...]
    counts: Counts
    completions: tuple[Completion, ...]
    figures: Figures | None

    @property
    def is_open(self) -> bool:
        """Whether somebody who has not begun the course can begin it."""
        return self.assignment.course.retired_at is None

    def shown(self, *, with_names: bool) -> ShownCounts:
        """The counts as they may be shown outside, beside the names or without them."""
        return shown_counts(self.counts, is_completed_known=with_names)


def report_of(assignment: Assignment, now: datetime) -> CohortReport:
    """The report of a cohort on a course; the same number of SQL queries for every size."""
    course = newest_content(assignment)
    learners = learners_on([assignment], now)
    counts = counts_of(learners, _left(assignment))
    figures = None
    if counts.people >= FEWEST:
        figures = _figures(assignment, course, learners, counts)
    return CohortReport(
        assignment=assignment,
        course=course,
        made_at=now,
        editions=_editions(assignment, learners),
        counts=counts,
        completions=completions_of(learners),
        figures=figures,
    )


def counts_of(learners: list[Learner], left: int) -> Counts:
    """How many of these learners are how far; `left` have gone and are not among them."""
    states = Counter(state_of(learner) for learner in learners)
    return Counts(
        completed=states[CourseState.PASSED],
        finished=states[CourseState.FINISHED],
        started=states[CourseState.STARTED],
        not_started=states[CourseState.NOT_STARTED] + states[CourseState.NOT_OPEN],
        left=left,
    )


def _left(assignment: Assignment) -> int:
    """How many people left after the course was given, and have not come back."""
    memberships = CohortMembership.objects.filter(cohort=assignment.cohort_id)
    current = memberships.current().values("user")
    gone = memberships.filter(left_at__gte=assignment.assigned_at).exclude(user__in=current)
    return gone.values("user").distinct().count()


def _editions(assignment: Assignment, learners: list[Learner]) -> tuple[int, ...]:
    ids = set()
    for learner in learners:
        if learner.enrolment_progress:
            ids.add(learner.enrolment_progress.enrolment.edition_id)
    editions = Edition.objects.filter(pk__in=ids or {assignment.course.edition_id})
    return tuple(editions.order_by("number").values_list("number", flat=True))


def completions_of(learners: list[Learner]) -> tuple[Completion, ...]:
    """Who completed and when, the first first, and those of before joining at the end."""
    completions = []
    for learner in learners:
        if learner.is_completed:
            moment = learner.completed_at
            completions.append(
                Completion(learner.name, timezone.localdate(moment) if moment else None)
            )
    return tuple(sorted(completions, key=_by_day_then_name))


def _by_day_then_name(row: Completion) -> tuple[date, str]:
    return row.day or date.max, row.name.casefold()


def best_score(course: content.Course, learner: Learner) -> Fraction | None:
    """The share of marks of the learner's best attempts at the final quizzes, 0 to 1.

    None where there are none with marks: not taken, or assessed in another way.
    """
    if not learner.enrolment_progress:
        return None
    earned, possible = Fraction(0), 0
    for quiz in course.finals:
        best = learner.enrolment_progress.best_at(quiz.key)
        if best:  # one assessed in another way has no marks, earned or possible
            earned += Fraction(best.earned)
            possible += best.possible
    return earned / possible if possible else None


def _figures(
    assignment: Assignment, course: content.Course, learners: list[Learner], counts: Counts
) -> Figures:
    days = [row.day for row in completions_of(learners) if row.day]
    weeks = weeks_of(days)
    totals = _totals(counts)
    tenths = tenths_of(_scores(course, learners))
    # A few who did not pass would follow from the others: then it is of who completed alone.
    is_of_completed = not is_exact_safe(sum(tenths), totals)
    if is_of_completed:
        tenths = tenths_of(_scores(course, [row for row in learners if row.is_completed]))
        score_bands = bands_of(tenths, [counts.completed])
    else:
        score_bands = bands_of(tenths, totals)
    gain = gain_of(assignment, learners)
    return Figures(
        weeks=weeks,
        week_bands=bands_of(weeks.numbers, [counts.completed]) if weeks else (),
        score_bands=score_bands,
        is_of_completed=is_of_completed,
        gain=gain,
        is_gain_exact=is_exact_safe(gain.n, [*totals, sum(tenths)]),
        hard_items=hard_items(assignment, course),
        asked=_asked(assignment, [counts.people, counts.total]),
    )


def _scores(course: content.Course, learners: list[Learner]) -> list[Fraction]:
    scores = [best_score(course, learner) for learner in learners]
    return [score for score in scores if score is not None]


def _totals(counts: Counts) -> list[int]:
    """The numbers of people that a reader of the counts knows or can add up."""
    finished = counts.completed + counts.finished
    began = finished + counts.started
    return [counts.completed, finished, began, counts.people, counts.total]


def hard_items(assignment: Assignment, course: content.Course) -> tuple[HardItem, ...]:
    """The items that the cohort earned the smallest share of marks on, the hardest first.

    Only items that enough people answered in a final quiz have figures (`assessment.analysis`);
    two SQL queries.
    """
    rows = analysis_of(assignment.course_id, course, _final_attempts(assignment, course))
    lessons = {lesson.key: lesson.title for lesson in course.lessons}
    outcomes = {outcome.key: outcome.text for outcome in course.outcomes}
    hard = []
    for row in rows:
        facility, item = row.figures.facility, row.item
        if facility is not None and facility < HARD:
            hard.append(
                HardItem(
                    lesson=lessons.get(item.lesson, ""),
                    outcome=outcomes.get(item.outcome, ""),
                    stem=item.stem,
                    percent=int(100 * facility),
                    is_critical=item.critical,
                )
            )
    return tuple(sorted(hard, key=lambda item: item.percent)[:MOST_HARD])


def _final_attempts(assignment: Assignment, course: content.Course) -> AttemptQuerySet:
    """Attempts at the final quizzes by who is in the cohort now, opened since they joined it."""
    memberships = CohortMembership.objects.current().filter(
        cohort=assignment.cohort_id, user=OuterRef("user"), joined_at__lte=OuterRef("opened_at")
    )
    final_keys = [quiz.key for quiz in course.finals]
    return Attempt.objects.filter(Exists(memberships), quiz_key__in=final_keys)


def _asked(assignment: Assignment, totals: list[int]) -> tuple[tuple[str, AskedFigures], ...]:
    """The kinds of requests in words, each with its figures; one SQL query.

    Only requests that were put to this cohort, by who is in it now.
    """
    current = CohortMembership.objects.current().filter(cohort=assignment.cohort_id)
    requests = AccommodationRequest.objects.filter(
        assignment=assignment, user__in=current.values("user")
    )
    fields = ("user_id", "kind", "granted", "asked_at", "decided_at")
    by_kind: dict[str, list[Asked]] = defaultdict(list)
    for values in requests.order_by("pk").values_list(*fields):
        asked = Asked(*values)
        by_kind[asked.kind].append(asked)
    rows = []
    for kind in AccommodationRequest.Kind:
        rows.append((str(kind.label), asked_figures(by_kind[kind.value], totals)))
    return tuple(rows)
