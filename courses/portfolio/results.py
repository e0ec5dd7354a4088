"""What a search finds for one person: steps, signs, terms, and their own notes and plans.

Nothing that tells an answer: of a step ahead only the title is found, and what teaches after an
answer only once the answer was opened.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import FilteredRelation, Q
from django.urls import reverse
from django.utils.safestring import SafeString

from courses.learning.models import ActivityAnswer
from courses.learning.plans import answers_of, find_activity, plans_in
from courses.library.content import Step
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import User
from courses.portfolio.look_up import has_opened
from courses.portfolio.models import SearchEntry
from courses.portfolio.notes import notes_in
from courses.portfolio.search import Found, find_texts
from courses.portfolio.words import excerpt, marked_html, matches, words_in

MOST_SHOWN = 12  # of each kind
EVERY_STEP = 10_000  # more than a lesson has
KIND = SearchEntry.Kind


@dataclass(frozen=True)
class Result:
    """Something that was found. `context` says where; `is_ahead`: the learner has not reached it.

    `excerpt` is safe HTML, empty where there is nothing to show yet.
    """

    title: str
    url: str
    context: str
    excerpt: SafeString | str = ""
    is_ahead: bool = False


@dataclass(frozen=True)
class Results:
    """What was found by kind, each the best first and at most `MOST_SHOWN`.

    `ahead` are steps that the learner has not reached, without what they say. `words` are
    those that were searched for, empty where none were typed.
    """

    words: list[str]
    notes: list[Result] = field(default_factory=list)
    signs: list[Result] = field(default_factory=list)
    terms: list[Result] = field(default_factory=list)
    steps: list[Result] = field(default_factory=list)
    ahead: list[Result] = field(default_factory=list)

    @property
    def count(self) -> int:
        lists = (self.notes, self.signs, self.terms, self.steps, self.ahead)
        return sum(len(results) for results in lists)


@dataclass(frozen=True)
class Reach:
    """What of one course somebody may find.

    `steps_id` is the edition they are pinned to, else the newest; `newest_id` None where the
    course is offered no more. `furthest` is the position of the furthest step by lesson key.
    """

    steps_id: int
    newest_id: int | None
    furthest: dict[str, int]


def search(user: User, typed: str) -> Results:
    """Everything with all the words that this person may find, in three SQL queries."""
    words = words_in(typed)
    if not words:
        return Results(words)
    reaches = _reaches_of(user)
    newest = [reach.newest_id for reach in reaches if reach.newest_id is not None]
    found = find_texts(words, [reach.steps_id for reach in reaches], newest)
    answers = list(answers_of(user))
    steps = _steps_found(found, reaches, answers)
    return Results(
        words=words,
        notes=_notes_found(answers, words),
        signs=_signs_found(found, words),
        terms=_terms_found(found),
        steps=[row for row in steps if not row.is_ahead][:MOST_SHOWN],
        ahead=[row for row in steps if row.is_ahead][:MOST_SHOWN],
    )


def _reaches_of(user: User) -> list[Reach]:
    """One for each course that is offered or that this person learns; one SQL query."""
    own = FilteredRelation("enrolments", condition=Q(enrolments__user=user))
    is_offered = Q(edition__isnull=False, retired_at=None)
    courses = Course.objects.annotate(own=own).filter(is_offered | Q(own__isnull=False))
    lesson = "own__lessons__"
    rows = courses.values_list(
        "pk",
        "edition_id",
        "retired_at",
        "own__edition_id",
        f"{lesson}lesson_key",
        f"{lesson}furthest",
        f"{lesson}completed_at",
    )
    reaches: dict[int, Reach] = {}
    for pk, newest, retired_at, pinned, key, furthest, completed_at in rows:
        offered = newest if retired_at is None else None
        reach = reaches.setdefault(pk, Reach(pinned or newest, offered, {}))
        if key:
            reach.furthest[key] = EVERY_STEP if completed_at else furthest
    return list(reaches.values())


def _notes_found(answers: Iterable[ActivityAnswer], words: Sequence[str]) -> list[Result]:
    """Notes, the newest first, and plans."""
    answers = list(answers)
    page = reverse("courses:practice")
    results = []
    for note in reversed(notes_in(answers)):
        if matches(f"{note.prompt} {note.whole_text} {note.lesson_title}", words):
            shown = excerpt(note.whole_text, words)
            url = f"{page}?open={note.key}#{note.key}"
            results.append(Result(note.prompt or note.kind, url, note.lesson_title, shown))
    for plan in plans_in(answers):
        if matches(f"{plan.sentence} {plan.lesson_title}", words):
            shown = excerpt(plan.sentence, words)
            url = f"{page}?open={plan.name}#{plan.name}"
            results.append(Result("Your plan", url, plan.lesson_title, shown))
    return results[:MOST_SHOWN]


def _signs_found(found: Iterable[Found], words: Sequence[str]) -> list[Result]:
    # With the words, the page of signs shows those alone, and folds none of them.
    page = reverse("courses:signs") + "?" + urlencode({"q": " ".join(words)})
    results = []
    for row in found:
        if row.kind == KIND.SIGN:
            url = f"{page}#{row.key}"
            course = content_of(row.edition_id)
            results.append(Result(row.title, url, course.title, marked_html(row.excerpt)))
    return results[:MOST_SHOWN]


def _terms_found(found: Iterable[Found]) -> list[Result]:
    """Terms, each once: most courses explain the same ones."""
    results: dict[str, Result] = {}
    for row in found:
        if row.kind == KIND.TERM:
            url = reverse("courses:glossary") + f"#{row.key}"
            result = Result(row.title, url, "Glossary", marked_html(row.excerpt))
            results.setdefault(row.key, result)
    return list(results.values())[:MOST_SHOWN]


def _steps_found(
    found: Iterable[Found], reaches: Iterable[Reach], answers: Iterable[ActivityAnswer]
) -> list[Result]:
    """Steps, each once."""
    furthest = {reach.steps_id: reach.furthest for reach in reaches}
    opened = _opened_in(answers)
    results: dict[tuple[int, str], Result] = {}
    for row in found:
        if row.kind not in (KIND.STEP, KIND.AFTER):
            continue
        lesson_key = row.key.partition("/")[0]
        reached = furthest[row.edition_id].get(lesson_key, 0)
        result = _step_result(row, reached, opened)
        if result:
            results.setdefault((row.edition_id, row.key), result)
    return list(results.values())


# What an activity is found by: the edition's id, its lesson's key and its own.
ActivityPath = tuple[int, str, str]


def _opened_in(answers: Iterable[ActivityAnswer]) -> set[ActivityPath]:
    """The activities whose answers these have opened."""
    opened = set()
    for answer in answers:
        edition_id = answer.enrolment.edition_id
        course = content_of(edition_id)
        place = find_activity(course, answer.lesson_key, answer.activity_key)
        if place and has_opened(answer, place.block):
            opened.add((edition_id, answer.lesson_key, answer.activity_key))
    return opened


def _step_result(row: Found, reached: int, opened: set[ActivityPath]) -> Result | None:
    """A step as it is found; None where what was found in it may not be read yet."""
    course = content_of(row.edition_id)
    lesson_key, _, step_key = row.key.partition("/")
    lesson = course.lesson(lesson_key)
    position = lesson.position(step_key) if lesson else None
    if lesson is None or position is None:
        return None
    step = lesson.steps[position - 1]
    is_after = row.kind == KIND.AFTER
    context = f"{lesson.title}, {course.title}"
    if position > reached:
        # The page of the course opens to everybody, that of a lesson only to its learners.
        url = reverse("courses:course", args=[course.key])
        return None if is_after else Result(row.title, url, context, is_ahead=True)
    if is_after and not _is_step_opened(row.edition_id, lesson_key, step, opened):
        return None
    url = reverse("courses:step", args=[course.key, lesson_key, step_key])
    return Result(row.title, url, context, marked_html(row.excerpt))


def _is_step_opened(
    edition_id: int, lesson_key: str, step: Step, opened: set[ActivityPath]
) -> bool:
    """Whether every check of the step has been opened, so that what follows them may be read."""
    checks = [block.key for block in step.blocks if block.item]
    return all((edition_id, lesson_key, key) in opened for key in checks)
