"""Pages of exports: the file of people and courses, and the layouts of its columns."""

import uuid
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.exports import actions
from courses.exports.columns import HEADINGS
from courses.exports.forms import ExportForm, LayoutForm
from courses.exports.models import ExportLayout
from courses.exports.queries import (
    Scope,
    export_rows,
    layout_columns,
    layouts_of,
    row_count,
    was_removed,
)
from courses.organisations.menu import menu_of
from courses.people.audit import LARGE_EXPORT
from courses.people.models import Organisation
from courses.people.permissions import Refused
from courses.web.access import SignedInRequest, signed_in
from courses.web.spreadsheets import CSV_TYPE, XLSX_TYPE, csv_rows, xlsx_file

PAGE = "courses:exports"
FORM_METHODS = ["GET", "HEAD", "POST"]


def _scope_or_404(request: SignedInRequest, slug: str) -> Scope:
    """The rows of an organisation that the person trains in or manages."""
    row = get_object_or_404(Organisation.objects.run_by(request.user), slug=slug)
    managed = Organisation.objects.managed_by(request.user)
    return Scope(request.user, row, is_manager=managed.filter(pk=row.pk).exists())


def _managed_or_404(request: SignedInRequest, slug: str) -> Organisation:
    return get_object_or_404(Organisation.objects.managed_by(request.user), slug=slug)


@require_safe
@signed_in()
def exports(request: SignedInRequest, organisation: str) -> HttpResponse:
    """Which file to download, and the saved layouts."""
    scope = _scope_or_404(request, organisation)
    layouts = layouts_of(scope.organisation)
    chosen = {"layout": request.GET.get("layout", "")}
    return _render_exports(request, scope, ExportForm(layouts=layouts, initial=chosen), layouts)


def _render_exports(
    request: SignedInRequest, scope: Scope, form: ExportForm, layouts: list[ExportLayout]
) -> HttpResponse:
    context = {
        "organisation": scope.organisation,
        "menu": menu_of(request.user, scope.organisation),
        "is_manager": scope.is_manager,
        "form": form,
        "layouts": layouts,
        "rows": row_count(scope),
        "large": LARGE_EXPORT,
        "all_columns": [column.heading for column in layout_columns(scope, None)[1]],
    }
    return render(request, "exports/exports.html", context, status=400 if form.errors else 200)


@require_POST
@signed_in(PAGE, "organisation")
def export_file(request: SignedInRequest, organisation: str) -> HttpResponseBase:
    """One row for each person and course, by a layout. Logged before it leaves."""
    scope = _scope_or_404(request, organisation)
    layouts = layouts_of(scope.organisation)
    form = ExportForm(request.POST, layouts=layouts)
    if not form.is_valid():
        return _render_exports(request, scope, form, layouts)
    scope = Scope(
        request.user, scope.organisation, scope.is_manager, form.cleaned_data["with_leavers"]
    )
    rows = row_count(scope)
    if rows > LARGE_EXPORT:
        return _send_confirmed(request, scope, form, rows)
    return _send(request, scope, form, rows)


def _send(request: SignedInRequest, scope: Scope, form: ExportForm, rows: int) -> HttpResponseBase:
    layout, file_format = form.chosen, form.cleaned_data["format"]
    title, columns = layout_columns(scope, layout)
    if not columns:
        messages.error(request, f"{title} has no column that you may export. Choose another.")
        return redirect(PAGE, scope.organisation.slug)
    layout_key = str(layout.key) if layout else ""
    actions.log_records_export(scope, layout_key, columns, rows, file_format, timezone.now())
    header = [column.heading for column in columns]
    lines = export_rows(scope, columns)
    name = f"{scope.organisation.slug}-{timezone.localdate().isoformat()}.{file_format}"
    if file_format == "xlsx":
        file = xlsx_file(header, lines, "People and courses")
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX_TYPE)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(csv_rows(header, lines), content_type=CSV_TYPE, headers=headers)


# The form is kept meanwhile, and the file comes once the password was right.
_send_confirmed = reauthentication_required(_send)


@require_http_methods(FORM_METHODS)
@signed_in("courses:new-export-layout", "organisation")
def new_layout(request: SignedInRequest, organisation: str) -> HttpResponse:
    """A form for a new layout of columns."""
    row = _managed_or_404(request, organisation)
    form = LayoutForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name, columns = form.cleaned_data["name"], form.columns()
        try:
            made = actions.add_layout(request.user, row, name, columns, timezone.now())
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{name} is saved.")
            return _redirect_to(made)
    return _render_layout(request, row, form, None)


def _redirect_to(layout: ExportLayout) -> HttpResponse:
    """To the page of exports, with this layout chosen."""
    page = reverse(PAGE, args=[layout.organisation.slug])
    return redirect(f"{page}?layout={layout.key}")


def _layout_of(
    request: SignedInRequest, organisation: Organisation, key: uuid.UUID
) -> ExportLayout | None:
    """The layout; None where a form was sent for one that is removed already. Else 404."""
    own = ExportLayout.objects.managed_by(request.user).select_related("organisation")
    row = own.filter(organisation=organisation, key=key).first()
    if not row and not (request.method == "POST" and was_removed(organisation, key)):
        raise Http404
    return row


@require_http_methods(FORM_METHODS)
@signed_in("courses:export-layout", "organisation", "layout")
def layout(request: SignedInRequest, organisation: str, layout: uuid.UUID) -> HttpResponse:
    """A form to change a layout: which columns, where, under which headings."""
    own = _managed_or_404(request, organisation)
    row = _layout_of(request, own, layout)
    if not row:
        return _offer_as_new(request, own)
    form = LayoutForm(request.POST if request.method == "POST" else None, layout=row)
    if request.method == "POST" and form.is_valid():
        name, columns = form.cleaned_data["name"], form.columns()
        try:
            changed = actions.change_layout(request.user, row, name, columns, timezone.now())
        except actions.LayoutGone:
            return _offer_as_new(request, own)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            words = f"{name} is saved." if changed else "Nothing was different."
            messages.success(request, words)
            return _redirect_to(row)
    return _render_layout(request, own, form, row)


def _offer_as_new(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """What was typed into a layout that is removed, in the form of a new one."""
    form = LayoutForm(request.POST)
    form.add_error(
        "name",
        "This layout was removed meanwhile, so nothing was saved. To keep what you see here, save "
        "it: it becomes a new layout.",
    )
    return _render_layout(request, organisation, form, None)


def _render_layout(
    request: SignedInRequest,
    organisation: Organisation,
    form: LayoutForm,
    layout: ExportLayout | None,
) -> HttpResponse:
    errors: list[Any] = []
    for field in form:
        if field.errors:
            errors.append((field.auto_id, f"{field.label}: {field.errors[0]}"))
    context = {
        "organisation": organisation,
        "layout": layout,
        "form": form,
        "errors": errors,
        "column_count": len(HEADINGS),
    }
    return render(request, "exports/layout.html", context, status=400 if errors else 200)


@require_POST
@signed_in("courses:export-layout", "organisation", "layout")
def remove_layout(request: SignedInRequest, organisation: str, layout: uuid.UUID) -> HttpResponse:
    """Removes a layout; a second press finds it removed."""
    row = _layout_of(request, _managed_or_404(request, organisation), layout)
    try:
        is_removed = row is not None and actions.remove_layout(request.user, row, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(PAGE, organisation)
    if row and is_removed:
        messages.success(request, f"{row.name} is removed.")
    else:
        messages.info(request, "That layout was removed already. Nothing was changed.")
    return redirect(PAGE, organisation)
