"""The page of one's own data, and the download of all of it."""

from allauth.account.decorators import reauthentication_required
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.personal_data.actions import log_own_download
from courses.personal_data.archive import zip_file
from courses.personal_data.collection import collect, row_count
from courses.web.access import SignedInRequest, signed_in


@require_safe
@signed_in()
def own_data(request: SignedInRequest) -> HttpResponse:
    """What a download of one's own data has in it, and what not."""
    return render(request, "personal_data/own_data.html")


@require_POST
@signed_in("courses:own-data")
def download_own_data(request: SignedInRequest) -> HttpResponseBase:
    """Everything held about the person who asks, once they gave their password."""
    return _send_confirmed(request)


def _send(request: SignedInRequest) -> HttpResponseBase:
    now = timezone.now()
    sections = collect(request.user)
    log_own_download(request.user, row_count(sections), now)
    return FileResponse(
        zip_file(sections, now),
        as_attachment=True,
        filename=f"my-data-{timezone.localdate(now).isoformat()}.zip",
        content_type="application/zip",
    )


_send_confirmed = reauthentication_required(_send)
