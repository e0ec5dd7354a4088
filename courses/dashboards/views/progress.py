"""The trainer's table of a cohort on one course: page, file and picture.

What the table is made of is in `tables`, and which learners it has in `filters`.
"""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from courses.dashboards.dots import LEGEND
from courses.dashboards.exports import progress_csv
from courses.dashboards.filters import narrowing_of
from courses.dashboards.leavers import leavers_of
from courses.dashboards.picture import table_picture
from courses.dashboards.queries import learners_on, newest_content
from courses.dashboards.several_forms import SeveralForms, several_forms
from courses.dashboards.states import state_counts
from courses.dashboards.tables import Ticks, table_rows
from courses.dashboards.views.cohorts import assignment_or_404
from courses.people.audit import log_linked_export
from courses.people.models import Assignment
from courses.web.access import SignedInRequest, signed_in

PAGE = 50  # rows


@require_safe
@signed_in()
def progress(request: SignedInRequest, cohort: uuid.UUID, course: str) -> HttpResponse:
    """Learners with their needs and progress, as the address asks; fifty on a page.

    With `all` in the address they are all on one page, to print.
    """
    assignment = assignment_or_404(request, cohort, course)
    # To print, there is nothing to tick.
    forms = None if is_whole(request) else several_forms(request.user, assignment)
    return render_table(request, assignment, forms)


def is_whole(request: SignedInRequest) -> bool:
    """Whether all the learners are wanted on one page."""
    return request.GET.get("all") == "1"


def render_table(
    request: SignedInRequest, assignment: Assignment, forms: SeveralForms | None
) -> HttpResponse:
    """The page; `forms` are for the learners who are ticked, None: the viewer trains none here."""
    is_rejected = bool(forms and forms.sent)
    context = _table_context(request, assignment, forms)
    if is_rejected:
        # The address is that of the action, which is no page: links of the table lead back to it.
        address = [assignment.cohort.key, assignment.course.key]
        context["table_url"] = reverse("courses:cohort-progress", args=address)
    return render(request, "dashboards/progress.html", context, status=400 if is_rejected else 200)


def _table_context(
    request: SignedInRequest, assignment: Assignment, forms: SeveralForms | None
) -> dict[str, Any]:
    now = timezone.now()
    learners = learners_on([assignment], now)
    narrowing = narrowing_of(request.GET)
    shown = narrowing.narrow(learners, now)
    size = max(len(shown), 1) if is_whole(request) else PAGE
    page = Paginator(shown, size).get_page(request.GET.get("page"))
    content = newest_content(assignment)
    is_all = request.GET.get("tick") == "all"
    ticks = Ticks(request.user.pk, forms.keys, is_all) if forms else None
    return {
        "assignment": assignment,
        "cohort": assignment.cohort,
        "course": content,
        "people": len(learners),
        "counts": state_counts(learners),
        "narrowing": narrowing,
        "choices": narrowing.choices(learners, now),
        "page": page,
        "is_whole": is_whole(request),
        "rows": table_rows(content, list(page), now, ticks),
        "forms": forms,
        "is_all_ticked": is_all,
        "here": urlencode(narrowing.fields | {"page": str(page.number)}),
        "headings": narrowing.headings(),
        "legend": LEGEND,
    }


@require_safe
@signed_in()
def progress_file(request: SignedInRequest, cohort: uuid.UUID, course: str) -> HttpResponse:
    """The table as a file, narrowed as the address asks; with `left=1`, who has left too."""
    assignment = assignment_or_404(request, cohort, course)
    now = timezone.now()
    learners = narrowing_of(request.GET).narrow(learners_on([assignment], now), now)
    leavers = leavers_of(assignment.cohort) if request.GET.get("left") == "1" else None
    rows = len(learners) + len(leavers or ())
    cohort_key = str(assignment.cohort.key)
    log_linked_export(request.user, "progress", rows, cohort=cohort_key, course=course)
    data = progress_csv(newest_content(assignment), learners, leavers)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(assignment)}.csv"'}
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
@signed_in()
def progress_picture(request: SignedInRequest, cohort: uuid.UUID, course: str) -> HttpResponse:
    """All the learners of the table, as the address narrows them, as one drawing."""
    assignment = assignment_or_404(request, cohort, course)
    now = timezone.now()
    learners = narrowing_of(request.GET).narrow(learners_on([assignment], now), now)
    content = newest_content(assignment)
    drawing = table_picture(content, assignment.cohort.name, learners, now)
    log_linked_export(
        request.user,
        "cohort-picture",
        len(learners),
        cohort=str(assignment.cohort.key),
        course=course,
    )
    headers = {"Content-Disposition": f'attachment; filename="{file_name(assignment)}.svg"'}
    return HttpResponse(drawing, content_type="image/svg+xml", headers=headers)


def file_name(assignment: Assignment) -> str:
    """The name of a file of the table, without its ending: cohort, course and day."""
    # A name may have no letter that a file name can hold.
    cohort_name = slugify(assignment.cohort.name) or "cohort"
    return f"{cohort_name}-{assignment.course.key}-{timezone.localdate().isoformat()}"
