"""The report of a cohort: a page for who leads it, and a document to send."""

import uuid

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.dashboards.queries import assignment_of
from courses.organisations.queries import shown_logo
from courses.people.audit import log_linked_export
from courses.people.models import Assignment, Cohort
from courses.reports import words
from courses.reports.pdf import report_pdf
from courses.reports.printing import facts_of
from courses.reports.queries import Figures, report_of
from courses.web.access import SignedInRequest, signed_in


def _assignment_or_404(request: SignedInRequest, cohort: uuid.UUID, course: str) -> Assignment:
    assignment = assignment_of(Cohort.objects.led_by(request.user), cohort, course)
    if not assignment:
        raise Http404
    return assignment


@require_safe
@signed_in()
def cohort_report(request: SignedInRequest, cohort: uuid.UUID, course: str) -> HttpResponse:
    """Everything on one page; the counts and the names are those of the table of progress."""
    report = report_of(_assignment_or_404(request, cohort, course), timezone.now())
    context = {
        "report": report,
        "cohort": report.assignment.cohort,
        "logo": shown_logo(report.assignment.cohort.organisation),
        "course_key": report.assignment.course.key,
        "edition": words.edition_words(report),
        "counts": words.count_rows(report.counts.numbers, is_open=report.is_open),
        "completions": [(row.name, words.completed_words(row)) for row in report.completions],
        "too_few": words.TOO_FEW,
    }
    if report.figures:
        context |= _figures(report.figures)
    return render(request, "reports/cohort_report.html", context)


def _figures(figures: Figures) -> dict[str, object]:
    """What the page says of a cohort of at least five people."""
    return {
        "weeks_note": words.weeks_note(figures),
        "weeks": words.week_chart(figures),
        "scores_note": words.scores_note(figures),
        "scores": words.score_chart(figures),
        "gain_note": words.gain_note(figures),
        "outcomes": words.outcome_rows(figures.gain.outcomes),
        "hard_note": words.hard_note(figures),
        "hard_items": figures.hard_items,
        "asked_note": words.asked_note(figures),
        "asked": words.asked_rows(figures),
    }


@require_safe
@signed_in()
def cohort_report_file(request: SignedInRequest, cohort: uuid.UUID, course: str) -> HttpResponse:
    """The document; `?names=yes` adds who completed, and when."""
    report = report_of(_assignment_or_404(request, cohort, course), timezone.now())
    with_names = request.GET.get("names") == "yes"
    if with_names:
        rows = len(report.completions)
        log_linked_export(request.user, "cohort-report", rows, cohort=str(cohort), course=course)
    facts = facts_of(
        report,
        with_names=with_names,
        site_name=settings.SITE_NAME,
        site_url=settings.SITE_URL,
    )
    # The name of a cohort may be one of people, and files travel: it stays out of this one.
    name = f"cohort-report-{course}-{timezone.localdate(report.made_at).isoformat()}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(report_pdf(facts), content_type="application/pdf", headers=headers)
