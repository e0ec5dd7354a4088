"""Being signed in: the decorator every private page and deed carries, and what was typed when the session had ended."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import salted_hmac

from courses.people.models import User

View = Callable[..., HttpResponse]
UNSENT, WHO = "unsent", "who"
LARGEST = 30_000  # characters of a form kept over a sign-in


class SignedInRequest(HttpRequest):
    """A request behind `signed_in`: its user is a person, never a visitor."""

    user: User


def signed_in(page: str = "", *names: str) -> Callable[[View], View]:
    """Lets only signed-in people through; others sign in first and land on the page they wanted.

    A deed (POST) names the page it belongs to and that page's URL arguments: after signing in the person lands there,
    and what they had typed waits in their session for `take_unsent`. A script is told 401 instead.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated:
                return view(request, *args, **kwargs)
            if wants_json(request):
                return JsonResponse({"error": "You are signed out. Sign in, and this answer is sent."}, status=401)
            back = request.get_full_path()
            if request.method == "POST":
                back = reverse(page, kwargs={name: kwargs[name] for name in names}) if page else reverse("home")
                _keep_unsent(request)
            return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back})}")

        return guarded

    return decorate


def wants_json(request: HttpRequest) -> bool:
    """Whether one of our scripts asks, rather than a form."""
    return request.headers.get("Accept") == "application/json"


def _keep_unsent(request: HttpRequest) -> None:
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    if typed and len(encoded := typed.urlencode()) <= LARGEST:  # a press without words does not push words out
        request.session[UNSENT] = {"path": request.path, "data": encoded, "who": request.COOKIES.get(WHO, "")}


def mark_of(user: User) -> str:
    """A mark of a person that only this site can make and nobody can read back."""
    return salted_hmac("courses.who", str(user.pk)).hexdigest()[:32]


def take_unsent(request: SignedInRequest, path: str) -> QueryDict | None:
    """What this browser last sent to `path` while signed out, once, to the person who was signed in before; else None."""
    unsent = request.session.get(UNSENT)
    if not unsent or unsent.get("path") != path:
        return None
    del request.session[UNSENT]
    return QueryDict(unsent["data"]) if unsent.get("who") == mark_of(request.user) else None
