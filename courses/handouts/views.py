"""The handout of a course, open to everyone: those who pin it up need no account.

Which edition it is of is in `queries`.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from courses.handouts.queries import edition_for, handout_of


@require_safe
def handout(request: HttpRequest, course: str) -> HttpResponse:
    """Two pages to print, as a PDF."""
    edition = edition_for(request.user, course)
    if not edition:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{course}-handout.pdf"'}
    return HttpResponse(handout_of(edition), content_type="application/pdf", headers=headers)
