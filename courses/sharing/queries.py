"""Which picture stands for a course or for the whole site, drawn once and kept for all processes. How it looks is in `card`."""

from django.conf import settings

from courses.library.models import Course
from courses.library.queries import catalogue, content_of
from courses.sharing.card import CardFacts, card_png, digest_of
from courses.web.caching import get_or_make

PROMISE = "Learning for the first 1001 days"
KEPT = 30 * 24 * 3600  # seconds: what nobody shows any more goes by itself


def facts_of_course(key: str) -> CardFacts | None:
    """What the card of a published course says, None where there is none; one SQL query."""
    edition_id = (
        Course.objects.published().filter(key=key).values_list("edition_id", flat=True).first()
    )
    if edition_id is None:
        return None
    course = content_of(edition_id)
    length = (_count(len(course.lessons), "lesson"), f"about {_count(course.minutes, 'minute')}")
    return CardFacts(course.title, length, course.cover, settings.SITE_NAME)


def facts_of_site() -> CardFacts | None:
    """What the card of pages about all courses says, with the first one's cover; None while nothing is published."""
    courses = [listed.content for listed in catalogue()]
    if not courses:
        return None
    lessons = sum(len(course.lessons) for course in courses)
    return CardFacts(
        PROMISE,
        (_count(len(courses), "course"), _count(lessons, "lesson")),
        courses[0].cover,
        settings.SITE_NAME,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def image_of(facts: CardFacts) -> bytes:
    """The card as a PNG: a tenth of a second the first time, then from the cache."""
    return get_or_make(f"share-{digest_of(facts)}", lambda: card_png(facts), KEPT)
