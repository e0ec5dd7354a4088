"""Which handout somebody gets, and its document, kept in memory once it was made.

What the document looks like is in `pdf`.
"""

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
from courses.web.single_flight import single_flight_cache


def edition_for(user: object, course_key: str) -> Edition | None:
    """The edition whose handout this visitor gets; it comes without its content.

    The newest one for everybody, as guidance moves. Of a retired course, its learners get that
    of the edition they are pinned to. None where there is none, or it has no handout.
    """
    # The content is long, and `content_of` has it in memory.
    editions = Edition.objects.defer("content")
    newest = Course.objects.published().filter(key=course_key).values("edition")
    edition = editions.filter(pk__in=newest).first()
    # A retired course is offered to nobody new, but still has its learners.
    if not edition and getattr(user, "is_authenticated", False):
        own = Enrolment.objects.held_by(user).filter(course__key=course_key).values("edition")
        edition = editions.filter(pk__in=own).first()
    if not edition or not content_of(edition.pk).handout:
        return None
    return edition


def handout_of(edition: Edition) -> bytes:
    """The handout of an edition that has one, as PDF.

    One SQL query, and a second or two the first time.
    """
    review_statuses = review_statuses_on(edition.course_id, edition.pk)
    review_status = review_statuses.get(HANDOUT, ReviewStatus())
    # A day and a sentence, so that the same document is found in memory again.
    published_on = timezone.localdate(edition.published_at)
    return printed(edition.pk, edition.number, published_on, status_of(review_status))


def status_of(review_status: ReviewStatus) -> str:
    """Who signed the handout off, in a sentence each; or that nobody has."""
    if not review_status.is_signed:
        return UNREVIEWED
    sentences = []
    for sign_off in review_status.signed:
        who = f"{sign_off.name}, {sign_off.role} ({sign_off.body})"
        sentences.append(f"Signed off by {who} on {dates.day(sign_off.at)}.")
    return " ".join(sentences)


@single_flight_cache(maxsize=16)
def printed(edition_id: int, number: int, published_on: date, status: str) -> bytes:
    """The document, made once in a process even when many ask for it at the same moment."""
    course = content_of(edition_id)
    assert course.handout is not None, "`edition_for` gives no edition without a handout"
    facts = HandoutFacts(
        handout=course.handout,
        course_title=course.title,
        edition=number,
        published_on=published_on,
        status=status,
        sources_url=settings.SITE_URL + reverse("courses:sources", args=[course.key]),
        site_name=settings.SITE_NAME,
    )
    return handout_pdf(facts)
