"""The decorator of every private page and action. Forms sent while signed out: `unsent_forms`."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from courses.web.unsent_forms import DISCARD_BUTTON, forget_unsent, keep_unsent

if TYPE_CHECKING:  # `web` is below `people`, and needs the class of a user for type hints alone
    from courses.people.models import User

View = Callable[..., HttpResponseBase]


class SignedInRequest(HttpRequest):
    """A request behind `signed_in`: its user is never anonymous."""

    user: "User"


def signed_in(page: str = "", *names: str) -> Callable[[View], View]:
    """Decorates a view that needs a signed-in user; others sign in first and then come back.

    After a GET they come back to the page they asked for. After a POST they come back to `page`,
    and the form they sent waits in their session (see `unsent_forms`). Our scripts get a 401.

    Args:
        page: URL name of the page the action belongs to; "" is the home page.
        names: the keyword arguments of the view that `page` needs too.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            page_kwargs = {name: kwargs[name] for name in names}
            if request.user.is_authenticated:
                if DISCARD_BUTTON in request.POST and page and forget_unsent(request):
                    return redirect(page, **page_kwargs)
                return view(request, *args, **kwargs)
            if wants_json(request):
                error = "You are signed out. Sign in, and this answer is sent."
                return JsonResponse({"error": error}, status=401)
            return_to = request.get_full_path()
            if request.method == "POST":
                keep_unsent(request)
                return_to = reverse(page or "home", kwargs=page_kwargs)
            query = urlencode({"next": return_to})
            return redirect(f"{reverse(settings.LOGIN_URL)}?{query}")

        return guarded

    return decorate


def wants_json(request: HttpRequest) -> bool:
    """Whether the request comes from one of our scripts, which read JSON, and not from a form."""
    return request.headers.get("Accept") == "application/json"
