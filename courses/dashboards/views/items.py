"""How the items of a course do, for authors and trainers: a page and a file.

The figures are made in `assessment.analysis`.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.assessment.analysis import FEWEST
from courses.assessment.queries import AnalysedItem, analysis_of
from courses.dashboards.exports import analysis_csv
from courses.dashboards.queries import attempts_seen_by
from courses.library.queries import CatalogueEntry, catalogue
from courses.people.audit import log_linked_export
from courses.people.models import Cohort
from courses.web.access import SignedInRequest, signed_in


def _analysis_or_404(
    request: SignedInRequest, course: str
) -> tuple[CatalogueEntry, list[AnalysedItem]]:
    """The items of a course with their figures.

    For staff over everybody, for people who lead cohorts over their own learners, else 404.
    """
    entries = {entry.content.key: entry for entry in catalogue()}
    entry = entries.get(course)
    if not entry:
        raise Http404
    if request.user.is_staff:
        return entry, analysis_of(entry.course_id, entry.content)
    if not Cohort.objects.led_by(request.user).exists():
        raise Http404
    attempts = attempts_seen_by(request.user)
    return entry, analysis_of(entry.course_id, entry.content, attempts)


@require_safe
@signed_in()
def item_analysis(request: SignedInRequest, course: str) -> HttpResponse:
    """Items that somebody should look at first, then all in the order of the lessons."""
    entry, rows = _analysis_or_404(request, course)
    titles = {lesson.key: lesson.title for lesson in entry.content.lessons}
    numbered = enumerate(rows, 1)
    context = {
        "course": entry.content,
        "flagged": [(number, row) for number, row in numbered if row.figures.flags],
        "rows": [(row, titles.get(row.item.lesson, "")) for row in rows],
        "answered": sum(row.figures.n for row in rows),
        "fewest": FEWEST,
    }
    return render(request, "dashboards/item_analysis.html", context)


@require_safe
@signed_in()
def item_analysis_file(request: SignedInRequest, course: str) -> HttpResponse:
    entry, rows = _analysis_or_404(request, course)
    name = f"items-{course}-{timezone.localdate().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    # A line for each option or card, and one for no answer.
    lines = sum(len(row.item.answers) + 1 for row in rows)
    log_linked_export(request.user, "items", lines, course=course)
    data = analysis_csv(entry.content, rows)
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=headers)
