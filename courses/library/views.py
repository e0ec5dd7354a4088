"""Whether the product can serve: asked by machines. Pages of courses are in learning."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.library.models import Course


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and there is a course to learn, 503 otherwise."""
    try:
        published = Course.objects.published().count()
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    if not published:
        return JsonResponse({"status": "no course published"}, status=503)
    return JsonResponse({"status": "ok", "courses": published})
