"""The pictures that messages show beside our addresses, open to everyone.

Which pages name them is in `templates/_shared.html`.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from courses.sharing.card import CardFacts, digest_of
from courses.sharing.queries import facts_of_course, facts_of_site, image_of

A_DAY = "public, max-age=86400"


@require_safe
def course_image(request: HttpRequest, course: str) -> HttpResponse:
    return _png_response(request, facts_of_course(course))


@require_safe
def site_image(request: HttpRequest) -> HttpResponse:
    """For the pages that are about all courses."""
    return _png_response(request, facts_of_site())


def _png_response(request: HttpRequest, facts: CardFacts | None) -> HttpResponse:
    """The picture, or 304 where the client has it already; 404 where there is nothing to draw."""
    if not facts:
        raise Http404
    # From the facts: a client that has the picture costs no drawing.
    etag = quote_etag(digest_of(facts))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(image_of(facts), "image/png")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = A_DAY
    return response
