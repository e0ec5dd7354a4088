"""Which picture messages show for a course or for the whole site, cached for all processes.

How it looks is in `card`.
"""

from django.conf import settings

from courses.library.models import Course
from courses.library.queries import catalogue, content_of
from courses.sharing.card import CardFacts, card_png, digest_of
from courses.web.caching import get_or_make

PROMISE = "Learning for the first 1001 days"
KEPT = 30 * 24 * 3600  # seconds; pictures that nobody shows any more leave the cache by then


def facts_of_course(key: str) -> CardFacts | None:
    """What the card of a published course says, None where there is none; one SQL query."""
    courses = Course.objects.published().filter(key=key)
    edition_id = courses.values_list("edition_id", flat=True).first()
    if edition_id is None:
        return None
    course = content_of(edition_id)
    lessons = _count(len(course.lessons), "lesson")
    minutes = _count(course.minutes, "minute")
    return CardFacts(
        title=course.title,
        length=(lessons, f"about {minutes}"),
        cover=course.cover,
        site_name=settings.SITE_NAME,
    )


def facts_of_site() -> CardFacts | None:
    """What the card of pages about all courses says, with the cover of the first course.

    None while nothing is published.
    """
    courses = [entry.content for entry in catalogue()]
    if not courses:
        return None
    lessons = sum(len(course.lessons) for course in courses)
    return CardFacts(
        title=PROMISE,
        length=(_count(len(courses), "course"), _count(lessons, "lesson")),
        cover=courses[0].cover,
        site_name=settings.SITE_NAME,
    )


def _count(number: int, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun}s"


def image_of(facts: CardFacts) -> bytes:
    """The card as a PNG: a tenth of a second the first time, then from the cache."""
    # The digest is the key, so a change of the facts or of the drawing needs no clearing.
    key = f"share-{digest_of(facts)}"
    return get_or_make(key, lambda: card_png(facts), KEPT)
