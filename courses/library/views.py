"""Whether the site can serve, asked by machines. Pages of courses are in `learning`."""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.library.models import Course
from courses.library.queries import courses_to_learn
from courses.web import checks


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


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers at all, without a query to the database."""
    return JsonResponse({"status": "ok", "version": settings.VERSION})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when people can be sent here, 503 when not.

    With the version, and the state of each thing that is needed.
    """
    answers = checks.serving()
    # Without a database there is no sense in asking it for courses.
    if not _has_problem(answers):
        answers.append(courses_to_learn())
    is_ready = not _has_problem(answers)
    states = {answer.name: answer.state for answer in answers}
    body = {
        "status": "ok" if is_ready else "not ready",
        "version": settings.VERSION,
        "checks": states,
    }
    return JsonResponse(body, status=200 if is_ready else 503)


def _has_problem(answers: list[checks.CheckResult]) -> bool:
    return any(answer.state == "problem" for answer in answers)
