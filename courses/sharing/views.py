"""The pictures that messages show beside our addresses, open to everyone. Which pages name them is said in templates."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from courses.sharing.card import CardFacts, digest_of
from courses.sharing.queries import facts_of_course, facts_of_site, image_of

A_DAY = "public, max-age=86400"


@require_safe
def course_image(request: HttpRequest, course: str) -> HttpResponse:
    return _answer(request, facts_of_course(course))


@require_safe
def site_image(request: HttpRequest) -> HttpResponse:
    """For the pages that are about all courses."""
    return _answer(request, facts_of_site())


def _answer(request: HttpRequest, facts: CardFacts | None) -> HttpResponse:
    """The picture, or that it is still the one they have; 404 where there is nothing to draw."""
    if not facts:
        raise Http404
    etag = quote_etag(digest_of(facts))
    answer = get_conditional_response(request, etag=etag) or HttpResponse(
        image_of(facts), "image/png"
    )
    answer.headers["ETag"], answer.headers["Cache-Control"] = etag, A_DAY
    return answer
