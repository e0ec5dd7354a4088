"""How the items of a course do, for authors and trainers: a page and a file. The figures are made in assessment."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.assessment.analysis import FEWEST
from courses.assessment.queries import AnalysedItem, analysis_of
from courses.dashboards.exports import analysis_csv
from courses.dashboards.queries import attempts_seen_by
from courses.library.queries import CatalogueEntry, catalogue
from courses.people.models import Cohort
from courses.web.access import SignedInRequest, signed_in


def _analysed(request: SignedInRequest, course: str) -> tuple[CatalogueEntry, list[AnalysedItem]]:
    """The items with figures over everybody for staff, and over their own learners for who leads cohorts; else 404."""
    listed = next((one for one in catalogue() if one.content.key == course), None)
    if not listed:
        raise Http404
    if request.user.is_staff:
        return listed, analysis_of(listed.course_id, listed.content)
    if not Cohort.objects.led_by(request.user).exists():
        raise Http404
    return listed, analysis_of(listed.course_id, listed.content, attempts_seen_by(request.user))


@require_safe
@signed_in()
def item_analysis(request: SignedInRequest, course: str) -> HttpResponse:
    """Items that want a look first, then all in the order of the lessons."""
    listed, rows = _analysed(request, course)
    titles = {lesson.key: lesson.title for lesson in listed.content.lessons}
    context = {
        "course": listed.content,
        "flagged": [(number, one) for number, one in enumerate(rows, 1) if one.figures.flags],
        "rows": [(one, titles.get(one.item.lesson, "")) for one in rows],
        "answered": sum(one.figures.n for one in rows),
        "fewest": FEWEST,
    }
    return render(request, "dashboards/item_analysis.html", context)


@require_safe
@signed_in()
def item_analysis_file(request: SignedInRequest, course: str) -> HttpResponse:
    listed, rows = _analysed(request, course)
    name = f"items-{course}-{timezone.localdate().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    data = analysis_csv(listed.content, rows)
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=headers)
