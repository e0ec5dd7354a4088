"""Pages of coverage, its file, staff in post and what is expected of each role."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.library.queries import CatalogueEntry, catalogue
from courses.organisations.menu import menu_of
from courses.people.audit import log_linked_export
from courses.people.models import Organisation, User
from courses.people.permissions import ChangedMeanwhile
from courses.readiness import actions
from courses.readiness.charts import trend_chart
from courses.readiness.coverage import NO_TEAM, Group, Headcount
from courses.readiness.entries import StaffEntry
from courses.readiness.forms import (
    CoverageForm,
    ExpectationForm,
    StaffFileForm,
    StaffInPostForm,
    selections,
)
from courses.readiness.headcount_file import HEADER, FileRow, read_headcounts
from courses.readiness.models import Expectation
from courses.readiness.queries import (
    PROFESSIONS,
    Coverage,
    coverage_of,
    expectations_of,
    headcount_rows,
    headcounts_on,
    levels_of,
    role_rows,
    staff_stamp,
    teams_of,
)
from courses.readiness.report import months_in_words, role_labels
from courses.web.access import SignedInRequest, signed_in
from courses.web.shared_forms import COMPARE
from courses.web.spreadsheets import CSV_TYPE, csv_rows

FORM_METHODS = ["GET", "HEAD", "POST"]
MOST_TEAMS = 60
"""More teams than this make a page of numbers too long to fill in: a file takes its place."""

LARGEST_FILE = 500_000


def managed_or_404(request: SignedInRequest, slug: str) -> Organisation:
    """An organisation that the person manages, for what only managers change."""
    return get_object_or_404(Organisation.objects.managed_by(request.user), slug=slug)


def read_or_404(request: SignedInRequest, slug: str) -> tuple[Organisation, bool]:
    """An organisation whose readiness the person may read, and whether they may change it.

    Its trainers and managers read; only managers change.
    """
    organisation = get_object_or_404(Organisation.objects.run_by(request.user), slug=slug)
    managed = Organisation.objects.managed_by(request.user)
    return organisation, managed.filter(pk=organisation.pk).exists()


@require_safe
@signed_in()
def coverage(request: SignedInRequest, organisation: str) -> HttpResponse:
    """Trained and current of the staff in post, by team and role, as of a day and over time."""
    chosen, may_change = read_or_404(request, organisation)
    courses = catalogue()
    expectations = expectations_of(chosen)
    form, shown = _coverage(request, chosen, courses, expectations)
    context = {
        "organisation": chosen,
        "menu": menu_of(request.user, chosen),
        "may_change": may_change,
        "form": form,
        "selected": dict(selections(courses))[form.selection],
        "coverage": shown,
        "columns": role_labels(shown.table),
        "chart": trend_chart(shown.trend),
        "roles": role_rows(chosen, courses, expectations, shown.day),
        "months": months_in_words(expectations),
        "beyond": [(team, _label(role)) for team, role in shown.table.beyond],
        "query": request.GET.urlencode(),
    }
    status = 400 if form.errors else 200
    return render(request, "readiness/coverage.html", context, status=status)


def _coverage(
    request: SignedInRequest,
    organisation: Organisation,
    courses: list[CatalogueEntry],
    expectations: dict[str, Expectation],
) -> tuple[CoverageForm, Coverage]:
    """The form with what was chosen, and the coverage that it asks for."""
    form = CoverageForm(request.GET, courses)
    form.is_valid()  # what cannot be read is said on the page, and the default is shown
    levels = levels_of(form.selection, courses, expectations)
    return form, coverage_of(organisation, levels, form.day)


@require_safe
@signed_in()
def coverage_file(request: SignedInRequest, organisation: str) -> HttpResponse:
    """The table of coverage as CSV: what the page hides is hidden here too."""
    chosen, _ = read_or_404(request, organisation)
    courses = catalogue()
    form, shown = _coverage(request, chosen, courses, expectations_of(chosen))
    labels = [*role_labels(shown.table), "All"]
    selected = dict(selections(courses))[form.selection]
    header = ["As of", "Trained in", "Team", "Professional role"]
    header += ["Trained and current", "Staff in post"]
    lines = []
    for row in [*shown.table.rows, shown.table.totals]:
        for label, cell in zip(labels, row.cells, strict=True):
            if cell.is_listed:
                numbers = _numbers(cell)
                lines.append([shown.day.isoformat(), selected, row.label, label, *numbers])
    log_linked_export(request.user, "coverage", len(lines), organisation=chosen.pk)
    return _csv(header, lines, f"coverage-{shown.day.isoformat()}")


def _numbers(cell: Any) -> list[str]:
    """The two numbers of a cell as a file has them, in words where there are none."""
    if cell.is_hidden:
        return ["hidden", "hidden"]
    staff = "not known" if cell.staff is None else str(cell.staff)
    if cell.unknown and cell.staff is not None:
        staff = f"at least {cell.staff}"
    return [str(cell.current), staff]


def _csv(header: Sequence[str], lines: Iterable[Sequence[object]], name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    data = b"".join(csv_rows(header, lines))
    return HttpResponse(data, content_type=CSV_TYPE, headers=headers)


def _label(profession: str) -> str:
    return str(User.Profession(profession).label)


@require_http_methods(FORM_METHODS)
@signed_in("courses:staff-in-post", "organisation")
def staff_in_post(request: SignedInRequest, organisation: str) -> HttpResponse:
    """One number for each team and role, to be filled in on the page or by a file."""
    chosen = managed_or_404(request, organisation)
    is_post = request.method == "POST"
    form = _staff_form(chosen, request.POST if is_post else None)
    if is_post and form.is_valid():
        entered = (form.entries, timezone.now(), form.stamp)
        try:
            changed = actions.enter_staff_in_post(request.user, chosen, *entered)
        except ChangedMeanwhile as refusal:
            form.refuse(f"{refusal} {COMPARE}", _staff_form(chosen, None))
        else:
            messages.success(request, _saved(changed))
            return redirect("courses:coverage", organisation)
    return _render_staff(request, chosen, form, StaffFileForm(), [])


def _saved(changed: int) -> str:
    if not changed:
        return "Nothing was different, so nothing was changed."
    return f"{changed} number{'' if changed == 1 else 's'} saved. The earlier ones are kept."


def _staff_form(organisation: Organisation, data: Any) -> StaffInPostForm:
    teams = teams_of(organisation)
    stamp = staff_stamp(organisation)
    return StaffInPostForm(data, teams[:MOST_TEAMS], _known_today(organisation), stamp)


def _known_today(organisation: Organisation) -> dict[Group, Headcount]:
    today = timezone.localdate()
    return headcounts_on(headcount_rows(organisation, today), today)


def _render_staff(
    request: SignedInRequest,
    organisation: Organisation,
    form: StaffInPostForm,
    file_form: StaffFileForm,
    problems: list[str],
) -> HttpResponse:
    has_errors = bool(form.errors or file_form.errors or problems)
    context = {
        "organisation": organisation,
        "form": form,
        "file_form": file_form,
        "problems": problems[:50],
        "more_problems": max(0, len(problems) - 50),
        "columns": [_label(profession) for profession in PROFESSIONS],
        "is_too_long": len(teams_of(organisation)) > MOST_TEAMS,
        "errors": [
            (field.auto_id, f"{field.label}: {field.errors[0]}") for field in form if field.errors
        ],
        "has_errors": has_errors,
    }
    status = 400 if has_errors else 200
    return render(request, "readiness/staff_in_post.html", context, status=status)


@require_POST
@signed_in("courses:staff-in-post", "organisation")
def upload_staff_in_post(request: SignedInRequest, organisation: str) -> HttpResponse:
    """Takes a file of staff in post: all of its rows, or none where one cannot be read."""
    chosen = managed_or_404(request, organisation)
    file_form = StaffFileForm(request.POST, request.FILES)
    problems: list[str] = []
    if file_form.is_valid():
        rows, problems = _rows_of(file_form.cleaned_data["file"], chosen)
        if not problems:
            entries = [_entry(row) for row in rows]
            now = timezone.now()
            changed = actions.enter_staff_in_post(request.user, chosen, entries, now)
            messages.success(request, f"{len(entries)} rows read. {_saved(changed)}")
            return redirect("courses:coverage", organisation)
    return _render_staff(request, chosen, _staff_form(chosen, None), file_form, problems)


def _rows_of(file: Any, organisation: Organisation) -> tuple[list[FileRow], list[str]]:
    """The rows of an uploaded file, and what is wrong with it as sentences."""
    if file.size > LARGEST_FILE:
        return [], ["This file is larger than half a megabyte. Send fewer rows at once."]
    teams = {label.casefold(): str(team or "") for team, label in teams_of(organisation)}
    teams[""] = teams[NO_TEAM.casefold()]
    professions = {_label(role).casefold(): role for role in PROFESSIONS}
    rows, problems = read_headcounts(file.read(), teams, professions, timezone.localdate())
    return rows, [f"{problem}." for problem in problems]


def _entry(row: FileRow) -> StaffEntry:
    team = int(row.team) if row.team else None
    return StaffEntry(team, row.profession, row.number, row.as_of, row.source)


@require_safe
@signed_in()
def staff_in_post_file(request: SignedInRequest, organisation: str) -> HttpResponse:
    """What is known of staff in post, one row for each team and role, to fill in and send back."""
    chosen = managed_or_404(request, organisation)
    known, today = _known_today(chosen), timezone.localdate()
    lines = []
    for team, label in teams_of(chosen):
        for profession in PROFESSIONS:
            entry = known.get((team, profession)) or Headcount(None, today, "Fill in")
            number = "" if entry.number is None else entry.number
            cells = [label, _label(profession), number, entry.as_of.isoformat(), entry.source]
            lines.append(cells)
    log_linked_export(request.user, "staff-in-post", len(lines), organisation=chosen.pk)
    return _csv(HEADER, lines, f"staff-in-post-{today.isoformat()}")


@require_http_methods(FORM_METHODS)
@signed_in("courses:expectation", "organisation", "profession")
def expectation(request: SignedInRequest, organisation: str, profession: str) -> HttpResponse:
    """What is expected of one professional role, why, and how long it counts."""
    chosen = managed_or_404(request, organisation)
    if profession not in PROFESSIONS:
        raise Http404
    current = expectations_of(chosen).get(profession)
    data = request.POST if request.method == "POST" else None
    form = ExpectationForm(data, catalogue(), current)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        wanted = (cleaned["courses"], cleaned["reason"], cleaned["months"], form.stamp)
        try:
            actions.set_expectation(request.user, chosen, profession, *wanted, timezone.now())
        except ChangedMeanwhile as refusal:
            current = expectations_of(chosen).get(profession)
            newest = ExpectationForm(None, catalogue(), current)
            form.refuse(f"{refusal} {COMPARE}", newest)
        else:
            messages.success(request, f"Saved for {_label(profession).lower()}s.")
            return redirect(f"{reverse('courses:coverage', args=[organisation])}#roles")
    context = {"organisation": chosen, "role": _label(profession), "form": form}
    status = 400 if form.errors else 200
    return render(request, "readiness/expectation.html", context, status=status)
