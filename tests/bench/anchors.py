"""The anchors: what Django costs for a signed-in page and for one stored row, when the view does nothing else."""

import os

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tests.bench.models import Note
from tests.bench.prose import text_page

PAGE = text_page()


@require_safe
def auth(request: HttpRequest) -> HttpResponse:
    """A-auth: the session, its user, a constant page of 15 KB."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    return HttpResponse(PAGE)


@require_POST
def insert(request: HttpRequest) -> HttpResponse:
    """A-ins: the session, its user, one row in one transaction, a short answer."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    with transaction.atomic():
        Note.objects.create(owner_id=request.user.pk, text=request.POST["text"], at=timezone.now())
    return JsonResponse({"saved": "now"})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Which worker answers this connection, so that both get the same number of them."""
    return HttpResponse(str(os.getpid()))


urlpatterns = [
    path("anchor/auth/", auth),
    path("anchor/insert/", insert),
    path("anchor/worker/", worker),
]
