"""Which handout somebody gets, and its document: printed once for an edition and what was said of it, kept in memory."""

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from courses.handouts.pdf import HandoutFacts, handout_pdf
from courses.learning.models import Enrolment
from courses.library.models import Course, Edition
from courses.library.queries import content_of
from courses.signoffs.material import HANDOUT
from courses.signoffs.queries import review_statuses_on
from courses.signoffs.review_status import UNREVIEWED, ReviewStatus
from courses.web import dates
from courses.web.single_flight import kept_once


def edition_for(user: object, course_key: str) -> Edition | None:
    """The newest edition of a course, for everyone, as guidance moves; of a retired course that of who learns it.

    None where there is none, or it has no handout. The edition comes without its content.
    """
    editions = Edition.objects.defer("content")
    newest = Course.objects.published().filter(key=course_key).values("edition")
    found = editions.filter(pk__in=newest).first()
    if not found and getattr(user, "is_authenticated", False):
        own = Enrolment.objects.held_by(user).filter(course__key=course_key).values("edition")
        found = editions.filter(pk__in=own).first()
    return found if found and content_of(found.pk).handout else None


def handout_of(edition: Edition) -> bytes:
    """The handout of an edition that has one, as PDF; one query, and a second or two the first time."""
    said = review_statuses_on(edition.course_id, edition.pk).get(HANDOUT, ReviewStatus())
    return printed(
        edition.pk, edition.number, timezone.localdate(edition.published_at), status_of(said)
    )


def status_of(said: ReviewStatus) -> str:
    """Who signed the handout off, in a sentence each; or that nobody has."""
    if not said.is_signed:
        return UNREVIEWED
    return " ".join(
        f"Signed off by {one.name}, {one.role} ({one.body}) on {dates.day(one.at)}."
        for one in said.signed
    )


@kept_once(maxsize=16)
def printed(edition_id: int, number: int, published_on: date, status: str) -> bytes:
    """The document, made once a process, though many ask for it at the same moment."""
    course = content_of(edition_id)
    assert course.handout is not None
    sources = f"{settings.SITE_URL}{reverse('courses:sources', args=[course.key])}"
    return handout_pdf(
        HandoutFacts(
            course.handout, course.title, number, published_on, status, sources, settings.SITE_NAME
        )
    )
