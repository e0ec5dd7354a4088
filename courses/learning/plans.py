"""Plans: what learners mean to do, as they wrote it in lessons, and how it went.

A plan is the answer to a `commitment`. What its form sends is in `activity_forms`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from courses.assessment.actions import Refused
from courses.learning.activity_forms import OWN_SENTENCE, page_name
from courses.learning.models import ActivityAnswer, PlanOutcome
from courses.library.content import Block, Course
from courses.library.markdown import plain_text
from courses.library.queries import content_of
from courses.people.models import User

LONGEST_WORDS = 500  # characters of how a plan went
COMES_BACK_AFTER = (7, 30)  # days after it was written, while it is still to be done
STILL_OPEN = (PlanOutcome.Outcome.NOT_YET, PlanOutcome.Outcome.PARTLY)


class BadOutcome(Refused):
    """What was sent is no outcome, or its words are too long."""


@dataclass(frozen=True)
class Plan:
    """One thing a learner means to do. `answer` is the row it was read from.

    `on` is the day they chose, None where they chose none. `outcome` is what they said of it,
    None while they have not, or since they changed the plan.
    """

    answer: ActivityAnswer
    course: Course
    lesson_title: str
    step_key: str
    sentence: str
    on: date | None
    outcome: PlanOutcome | None

    @property
    def lesson_key(self) -> str:
        return self.answer.lesson_key

    @property
    def name(self) -> str:
        """What pages and addresses call the activity."""
        return page_name(self.answer.lesson_key, self.answer.activity_key)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done, as far as the learner has said."""
        return self.outcome is None or self.outcome.outcome in STILL_OPEN

    @property
    def asked_on(self) -> list[date]:
        """The days on which it comes back, earliest first: its own, and after 7 and 30 days.

        It never comes before the day that the learner chose.
        """
        written_on = timezone.localdate(self.answer.answered_at)
        days = {self.on} if self.on else set()
        for count in COMES_BACK_AFTER:
            later = written_on + timedelta(days=count)
            days.add(max(later, self.on) if self.on else later)
        return sorted(days)

    def is_due(self, today: date) -> bool:
        """Whether it has come back, and the learner has not said since then how it went."""
        come = [day for day in self.asked_on if day <= today]
        if not come or not self.is_open:
            return False
        return self.outcome is None or timezone.localdate(self.outcome.answered_at) < come[-1]


def plans_of(user: User) -> list[Plan]:
    """This person's plans, the earliest day first and those without a day last; one SQL query."""
    # Only commitments have a day in their answer.
    return plans_in(answers_of(user).filter(answer__has_key="on"))


def answers_of(user: User) -> QuerySet[ActivityAnswer]:
    """This person's answers inside lessons, with what `plans_in` reads, in the order of time."""
    answers = ActivityAnswer.objects.filter(enrolment__user=user)
    related = answers.select_related("enrolment", "outcome")
    return related.order_by("answered_at", "pk")


def plans_in(answers: Iterable[ActivityAnswer]) -> list[Plan]:
    """The plans among answers that `answers_of` fetched, in the order of `plans_of`."""
    plans = []
    for answer in answers:
        plan = _plan_of(answer)
        if plan:
            plans.append(plan)
    plans.sort(key=lambda plan: plan.on or date.max)
    return plans


def _plan_of(answer: ActivityAnswer) -> Plan | None:
    """The plan in an answer; None where it holds none.

    It is read with care: an author may have made the activity another kind since.
    """
    course = content_of(answer.enrolment.edition_id)
    place = find_activity(course, answer.lesson_key, answer.activity_key)
    if place is None or place.block.kind != "commitment" or not isinstance(answer.answer, dict):
        return None
    sentence = _sentence_of(place.block, answer.answer)
    if not sentence:
        return None
    on = _day_in(answer.answer)
    return Plan(
        answer=answer,
        course=course,
        lesson_title=place.lesson_title,
        step_key=place.step_key,
        sentence=sentence,
        on=on,
        outcome=_outcome_of(answer, sentence, on),
    )


@dataclass(frozen=True)
class ActivityPlace:
    """Where an activity stands in a course."""

    block: Block
    lesson_title: str
    step_key: str
    step_title: str


def find_activity(course: Course, lesson_key: str, activity_key: str) -> ActivityPlace | None:
    """The activity of this lesson of the course; None where the course has none such."""
    lesson = course.lesson(lesson_key)
    for step in lesson.steps if lesson else ():
        block = step.activity(activity_key)
        if lesson and block:
            return ActivityPlace(block, lesson.title, step.key, step.title)
    return None


def _sentence_of(block: Block, answer: dict[str, object]) -> str:
    """The sentence in plain text, empty where none was chosen."""
    chosen = str(answer.get("sentence", ""))
    if chosen == OWN_SENTENCE:
        return str(answer.get("own", "")).strip()
    if not chosen.isdecimal() or int(chosen) >= len(block.points):
        return ""
    return plain_text(block.points[int(chosen)])


def _day_in(answer: dict[str, object]) -> date | None:
    try:
        return date.fromisoformat(str(answer.get("on", "")))
    except ValueError:
        return None


def _outcome_of(answer: ActivityAnswer, sentence: str, on: date | None) -> PlanOutcome | None:
    """What was said of this very plan, and not of one that stood in its place before."""
    outcome: PlanOutcome | None = getattr(answer, "outcome", None)
    if outcome and (outcome.sentence, outcome.planned_on) == (sentence, on):
        return outcome
    return None


@transaction.atomic
def record_outcome(plan: Plan, outcome: str, words: str, now: datetime) -> None:
    """Saves how a plan went. The same answer sent twice changes nothing.

    Raises:
        BadOutcome: it is none of `PlanOutcome.Outcome`, or has more than `LONGEST_WORDS`
            characters.
    """
    if outcome not in PlanOutcome.Outcome.values:
        raise BadOutcome("Choose how it went. Nothing was changed.")
    if len(words) > LONGEST_WORDS:
        raise BadOutcome(
            f"This has {len(words):,} characters; up to {LONGEST_WORDS} are kept. "
            "Shorten it, and save again."
        )
    before = plan.outcome
    # The same answer counts again once the plan has come back since, or it would come for ever.
    is_due = plan.is_due(timezone.localdate(now))
    if before and not is_due and (before.outcome, before.words) == (outcome, words):
        return
    fields = {
        "sentence": plan.sentence,
        "planned_on": plan.on,
        "outcome": outcome,
        "words": words,
        "answered_at": now,
    }
    PlanOutcome.objects.update_or_create(plan=plan.answer, defaults=fields)
