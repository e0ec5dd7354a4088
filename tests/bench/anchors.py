"""The anchors: what Django costs for a signed-in page and for one stored row, when the view does nothing else.

They sign in as Django itself does, whatever the product has in its place, so that a change of the
product's own sign-in shows in the figures and does not move what they are measured against.
"""

import os
import random
from pathlib import Path

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from tests.bench.models import Note

SIZE = 15_000  # bytes of HTML in a lesson step, and of the anchor's page
# any English words do
TEXT = (Path(__file__).parents[2] / "README.md").read_text()
WORDS = [word for word in TEXT.split() if word.isalpha()]


def paragraphs(size: int = SIZE, seed: int = 1001) -> str:
    """So many bytes of HTML paragraphs of invented sentences; the same every time."""
    draw = random.Random(seed)
    text = ""
    while len(text) < size:
        words = draw.choices(WORDS, k=draw.randint(34, 48))
        text += f"<p>{' '.join(words).capitalize()}.</p>\n"
    return text[: size - 5] + "</p>\n"


PAGE = f"<!doctype html><title>Anchor</title>{paragraphs()}".encode()


def sign_in(request: HttpRequest) -> bool:
    """Loads the session and its user as Django's own middleware and backend do; whether somebody is signed in."""
    request.session = SessionStore(request.COOKIES.get("sessionid"))
    request.user = AnonymousUser()
    user_id = request.session.get(SESSION_KEY)
    # as `ModelBackend.get_user`, on a custom user model with what the navigation needs
    manager = get_user_model().objects
    people = manager.with_navigation() if hasattr(manager, "with_navigation") else manager.all()
    user = people.filter(pk=user_id).first()
    if user is None:
        return False
    expected = user.get_session_auth_hash()
    if not constant_time_compare(request.session[HASH_SESSION_KEY], expected):
        return False
    request.user = request._cached_user = user
    return True


def auth(request: HttpRequest) -> HttpResponse:
    """A-auth: the session, its user, a constant page of 15 KB."""
    if not sign_in(request):
        return HttpResponse(status=403)
    return HttpResponse(PAGE)


def insert(request: HttpRequest) -> HttpResponse:
    """A-ins: the session, its user, one row in one transaction, a short answer."""
    if not sign_in(request):
        return HttpResponse(status=403)
    with transaction.atomic():
        Note.objects.create(owner_id=request.user.pk, text=request.POST["text"], at=timezone.now())
    return JsonResponse({"saved": "now"})


def worker(request: HttpRequest) -> HttpResponse:
    """Which worker answers, so that a run can wait until all do."""
    return HttpResponse(str(os.getpid()))


urlpatterns = [
    path("anchor/auth/", auth),
    path("anchor/insert/", insert),
    path("anchor/worker/", worker),
]
