"""Which of a learner's words go into a reflective account. How it looks is in `pdf`."""

from collections.abc import Collection, Iterable
from datetime import date

from django.conf import settings

from courses.learning.plans import Plan
from courses.portfolio.notes import Note
from courses.portfolio.pdf import AccountFacts, Passage
from courses.portfolio.queries import Writing
from courses.web import dates

METHOD = "self-directed online learning"


def plan_key(plan: Plan) -> str:
    """What a page calls a plan to choose; a note has such a `key` of its own."""
    return f"{plan.course.key}.{plan.name}"


def account_of(writing: Writing, chosen: Collection[str], today: date) -> AccountFacts:
    """The account of the notes and plans with these keys; other keys are left out.

    Without any it is the empty form.
    """
    notes = [note for note in writing.notes if note.key in chosen]
    plans = [plan for plan in writing.plans if plan_key(plan) in chosen]
    return AccountFacts(
        nature=_nature_of(notes, plans),
        learnt=tuple(Passage(_about(note), note.whole_text) for note in notes),
        changed=tuple(Passage(_when(plan), _plan_text(plan)) for plan in plans),
        made_on=today,
        site_name=settings.SITE_NAME,
    )


def _nature_of(notes: Iterable[Note], plans: Iterable[Plan]) -> tuple[str, ...]:
    """One sentence a course: what kind of learning, its lessons, and the first and last day."""
    lessons: dict[str, list[str]] = {}
    days: dict[str, list[date]] = {}
    places = [(note.course_title, note.lesson_title, note.at) for note in notes]
    places += [(plan.course.title, plan.lesson_title, plan.answer.answered_at) for plan in plans]
    for course, lesson, at in places:
        lessons.setdefault(course, []).append(lesson)
        days.setdefault(course, []).append(at.astimezone(dates.LONDON).date())
    return tuple(_sentence(course, lessons[course], days[course]) for course in lessons)


def _sentence(course: str, lessons: list[str], days: list[date]) -> str:
    titles = "; ".join(f"“{lesson}”" for lesson in dict.fromkeys(lessons))
    first, last = dates.day(min(days)), dates.day(max(days))
    when = first if first == last else f"{first} to {last}"
    return f"CPD activity ({METHOD}): {course}. {titles}. {when}."


def _about(note: Note) -> str:
    asked = f"{note.kind}: {note.prompt}" if note.prompt else note.kind
    return f"{asked} ({dates.day(note.at)})"


def _when(plan: Plan) -> str:
    return f"My plan for {dates.day(plan.on)}" if plan.on else "My plan"


def _plan_text(plan: Plan) -> str:
    if plan.outcome is None:
        return plan.sentence
    went = f"{plan.outcome.get_outcome_display()}. {plan.outcome.words}"
    return f"{plan.sentence}\n{went.strip()}"
