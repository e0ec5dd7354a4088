"""What somebody can look up: signs and red flags, and the glossary.

A scene is a sign once its answer was opened to the learner: until then it would give it away.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from courses.learning.models import ActivityAnswer
from courses.learning.plans import answers_of, find_activity
from courses.learning.tries import is_opened
from courses.library.content import Block, Course, Entry
from courses.library.queries import catalogue, content_of
from courses.people.models import User
from courses.portfolio.signs import Sign, ladder_of, sign_drawn, signs_of, urgent_first


@dataclass(frozen=True)
class Term:
    """A glossary entry, and the course whose words it is in."""

    key: str
    entry: Entry
    course: Course


@dataclass(frozen=True)
class SignBook:
    """All signs, the most urgent first, and what each rung of the ladder asks for."""

    signs: list[Sign]
    ladder: dict[str, str]


def sign_book_of(user: User) -> SignBook:
    """The signs of all courses as this learner may see them, in two SQL queries.

    The tables are those of the newest editions, as guidance moves.
    """
    courses = [entry.content for entry in catalogue()]
    signs: list[Sign] = []
    for course in courses:
        signs += signs_of(course)
    drawn = drawn_signs(answers_of(user)).values()
    return SignBook(urgent_first([*signs, *drawn]), ladder_of(courses))


def drawn_signs(answers: Iterable[ActivityAnswer]) -> dict[str, Sign]:
    """The scenes whose answers were opened by these answers, as signs by their keys."""
    signs: dict[str, Sign] = {}
    for answer in answers:
        course = content_of(answer.enrolment.edition_id)
        place = find_activity(course, answer.lesson_key, answer.activity_key)
        if place is None or not place.block.scene or not has_opened(answer, place.block):
            continue
        scene = course.scene(place.block.scene)
        sign = sign_drawn(course, scene) if scene else None
        if sign:
            signs[sign.key] = sign
    return signs


def has_opened(answer: ActivityAnswer, block: Block) -> bool:
    """Whether this answer opened what teaches the answer to its activity."""
    return block.item is None or is_opened(block.item, answer.answer, answer.tries)


def glossary() -> list[Term]:
    """Every term of the newest editions, each once, by the alphabet; one SQL query."""
    terms: dict[str, Term] = {}
    for offered in catalogue():
        for key, entry in offered.content.glossary.items():
            terms.setdefault(key, Term(key, entry, offered.content))
    return sorted(terms.values(), key=lambda term: term.entry.term.lower())
