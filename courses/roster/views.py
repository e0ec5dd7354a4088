"""A manager's pages of a roster: upload, dry run, import, receipt, and the roster as a file."""

import uuid
from collections.abc import Iterator
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.organisations.menu import menu_of
from courses.people.audit import LARGE_EXPORT, log_export, log_linked_export
from courses.people.models import Organisation
from courses.people.permissions import Refused
from courses.roster.actions import Changed, WrongFile, check_again, check_roster, import_roster
from courses.roster.forms import RosterForm
from courses.roster.known import Outcome
from courses.roster.models import KEPT, RosterImport
from courses.roster.queries import HEADER, roster_rows
from courses.web.access import SignedInRequest, signed_in
from courses.web.spreadsheets import CSV_TYPE, XLSX_TYPE, csv_rows, xlsx_file
from courses.web.unsent_forms import forget_unsent, unsent_form

PAGE = 50
RECEIPTS = 20  # on the first page
# In this order: what needs somebody comes first.
LABELS = {
    Outcome.ERROR.value: ("To correct", "Refused"),
    Outcome.INVITED.value: ("New: will be invited", "New: invited"),
    Outcome.MOVED.value: ("Will move", "Moved"),
    Outcome.UPDATED.value: ("Will be updated", "Updated"),
    Outcome.LEAVES.value: ("Will leave", "Left"),
    Outcome.UNCHANGED.value: ("Already there", "Unchanged"),
}
FILE_HEADER = ("Row", "Outcome", "Name", "Email", "Column", "What", "Note")


def _organisation_or_404(request: SignedInRequest, slug: str) -> Organisation:
    return get_object_or_404(Organisation.objects.managed_by(request.user), slug=slug)


def _roster_or_404(request: SignedInRequest, slug: str, key: uuid.UUID) -> RosterImport:
    own = RosterImport.objects.managed_by(request.user).select_related(
        "organisation", "uploaded_by", "imported_by"
    )
    roster = get_object_or_404(own, key=key, organisation__slug=slug)
    if roster.is_lapsed(timezone.now()):
        raise Http404
    return roster


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in("courses:roster", "organisation")
def roster(request: SignedInRequest, organisation: str) -> HttpResponse:
    """Where a file comes in, and the receipts of earlier ones. A file sent is checked, no more."""
    row = _organisation_or_404(request, organisation)
    if request.method != "POST":
        # A file does not survive the way over signing in; the words beside it do.
        return _render_upload(request, row, RosterForm(), was_out=_was_signed_out(request))
    form = RosterForm(request.POST, request.FILES)
    if not form.is_valid():
        return _render_upload(request, row, form)
    name, data = form.content()
    leaves = form.cleaned_data["says_who_leaves"]
    try:
        checked = check_roster(request.user, row, name, data, leaves, timezone.now())
    except WrongFile as refusal:
        form.add_error("file" if form.cleaned_data["file"] else "pasted", str(refusal))
        return _render_upload(request, row, form)
    forget_unsent(request)
    return redirect("courses:roster-import", row.slug, checked.key)


def _was_signed_out(request: SignedInRequest) -> bool:
    return unsent_form(request, request.path) is not None


def _render_upload(
    request: SignedInRequest, organisation: Organisation, form: RosterForm, was_out: bool = False
) -> HttpResponse:
    rosters = RosterImport.objects.managed_by(request.user).filter(organisation=organisation)
    rows = rosters.select_related("uploaded_by", "imported_by").defer("rows")
    context = {
        "organisation": organisation,
        "menu": menu_of(request.user, organisation),
        "form": form,
        "was_out": was_out,
        "receipts": rows.imported()[:RECEIPTS],
        "columns": HEADER[:-1],
    }
    return render(request, "roster/roster.html", context, status=400 if form.errors else 200)


@require_safe
@signed_in()
def roster_import(request: SignedInRequest, organisation: str, roster: uuid.UUID) -> HttpResponse:
    """What a file would do, row by row; once it is imported, what it did."""
    row = _roster_or_404(request, organisation, roster)
    return render(request, "roster/roster_import.html", _import_context(request, row))


def _import_context(request: SignedInRequest, roster: RosterImport) -> dict[str, Any]:
    chosen = request.GET.get("show", "")
    rows = _in_order(roster.rows["rows"])
    if chosen in LABELS:
        rows = [row for row in rows if row["outcome"] == chosen]
    index = 1 if roster.imported_at else 0
    counts = []
    for outcome, labels in LABELS.items():
        counts.append((outcome, labels[index], roster.counts.get(outcome, 0)))
    errors = roster.counts.get(Outcome.ERROR.value, 0)
    unchanged = roster.counts.get(Outcome.UNCHANGED.value, 0)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return {
        "organisation": roster.organisation,
        "menu": menu_of(request.user, roster.organisation),
        "roster": roster,
        "counts": counts,
        "chosen": chosen if chosen in LABELS else "",
        "page": page,
        "rows": [(row, LABELS[row["outcome"]][index]) for row in page],
        "errors": errors,
        "doing": roster.row_count - errors - unchanged,
        "lapses_at": roster.checked_at + KEPT,
        "is_own": roster.uploaded_by_id == request.user.pk,
    }


def _in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By outcome as `LABELS` has them, then as in the file."""
    order = list(LABELS)
    return sorted(rows, key=lambda row: (order.index(row["outcome"]), row["number"]))


@require_safe
@signed_in()
def roster_import_file(
    request: SignedInRequest, organisation: str, roster: uuid.UUID
) -> HttpResponse:
    """The rows of a dry run or a receipt as CSV; of an error, a line for each reason."""
    row = _roster_or_404(request, organisation, roster)
    index = 1 if row.imported_at else 0
    kind = "receipt" if row.imported_at else "check"
    name = f"roster-{kind}-{timezone.localdate(row.imported_at or row.checked_at)}.csv"
    lines = list(_file_lines(_in_order(row.rows["rows"]), index))
    log_linked_export(request.user, "roster-import", len(lines), roster=str(row.key))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(csv_rows(FILE_HEADER, lines), content_type=CSV_TYPE, headers=headers)


def _file_lines(rows: list[dict[str, Any]], index: int) -> Iterator[tuple[object, ...]]:
    for row in rows:
        label = LABELS[row["outcome"]][index]
        start = (row["number"], label, row["name"], row["email"])
        notes = " ".join(row["notes"])
        for column, reason in row["reasons"]:
            yield *start, column, reason, notes
        if not row["reasons"]:
            yield *start, "", "; ".join(row["changes"]), notes


@require_POST
@signed_in("courses:roster-import", "organisation", "roster")
def import_checked_roster(
    request: SignedInRequest, organisation: str, roster: uuid.UUID
) -> HttpResponse:
    """Imports what the dry run showed."""
    row = _roster_or_404(request, organisation, roster)
    now = timezone.now()
    try:
        import_roster(request.user, row, request.POST.get("digest", ""), now)
    except Changed as refusal:
        check_again(row, now)
        messages.error(request, str(refusal))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("courses:roster-import", organisation, roster)


@require_POST
@signed_in("courses:roster", "organisation")
def roster_file(request: SignedInRequest, organisation: str, suffix: str) -> HttpResponse:
    """The organisation's people as a file that can be imported again."""
    row = _organisation_or_404(request, organisation)
    if suffix not in ("csv", "xlsx"):
        raise Http404
    rows = roster_rows(row, timezone.now())
    if len(rows) > LARGE_EXPORT:
        return _send_confirmed(request, row, rows, suffix)
    return _send(request, row, rows, suffix)


def _send(
    request: SignedInRequest, organisation: Organisation, rows: list[tuple[str, ...]], suffix: str
) -> HttpResponse:
    slug, now = organisation.slug, timezone.now()
    log_export(request.user, "roster", len(rows), suffix, now, organisation=slug)
    name = f"roster-{slug}-{timezone.localdate(now).isoformat()}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if suffix == "xlsx":
        with xlsx_file(HEADER, rows, "Roster") as file:
            return HttpResponse(file.read(), content_type=XLSX_TYPE, headers=headers)
    return HttpResponse(csv_rows(HEADER, rows), content_type=CSV_TYPE, headers=headers)


# The press is kept meanwhile, and the file comes once the password was right.
_send_confirmed = reauthentication_required(_send)
