"""Being signed in: the decorator every private page and deed carries, and what was typed when the session had ended."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:  # `web` is below `people`: what it needs to know of a user, Django tells it
    from courses.people.models import User

View = Callable[..., HttpResponse]
UNSENT, WHO = "unsent_forms", "who"
UNSENT_BEFORE = "unsent"  # the one form that sessions of the first release hold
DISCARD = "discard_unsent"  # the button of `_discard.html`
LARGEST = 30_000  # characters of a form kept over a sign-in
MOST_FORMS = 3  # kept over a sign-in, the newest


class SignedInRequest(HttpRequest):
    """A request behind `signed_in`: its user is a person, never a visitor."""

    user: "User"


def signed_in(page: str = "", *names: str) -> Callable[[View], View]:
    """Lets only signed-in people through; others sign in first and land on the page they wanted.

    A deed (POST) names the page it belongs to and that page's URL arguments: after signing in the person lands there,
    and what they had typed waits in their session: `unsent_form` shows it until `forget_unsent`.
    A script gets 401 instead.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated:
                if DISCARD in request.POST and page and forget_unsent(request):
                    return redirect(page, **{name: kwargs[name] for name in names})
                return view(request, *args, **kwargs)
            if wants_json(request):
                return JsonResponse(
                    {"error": "You are signed out. Sign in, and this answer is sent."}, status=401
                )
            back = request.get_full_path()
            if request.method == "POST":
                back = (
                    reverse(page, kwargs={name: kwargs[name] for name in names})
                    if page
                    else reverse("home")
                )
                _keep_unsent(request)
            return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back})}")

        return guarded

    return decorate


def wants_json(request: HttpRequest) -> bool:
    """Whether one of our scripts asks, rather than a form."""
    return request.headers.get("Accept") == "application/json"


def _unsent_forms(request: HttpRequest) -> list[dict[str, str]]:
    """Forms sent while signed out, the oldest first: path, fields as a query string, and whose."""
    before = request.session.get(UNSENT_BEFORE)
    return [*([before] if before else []), *request.session.get(UNSENT, [])]


def _keep_unsent(request: HttpRequest) -> None:
    """Keeps what was typed. A newer form takes the place of an older one for the same path.

    Forms of other people are dropped.
    """
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    if not typed:
        return  # a press without words does not push words out
    encoded, who = typed.urlencode(), request.COOKIES.get(WHO, "")
    if len(encoded) > LARGEST:
        messages.warning(
            request,
            "You were signed out, and what you sent is too long to be kept meanwhile. It is not saved."
            " Go back with your browser’s Back button and copy it, then sign in.",
        )
        return
    others = [
        form
        for form in _unsent_forms(request)
        if form["path"] != request.path and form["who"] == who
    ]
    newest = {"path": request.path, "data": encoded, "who": who}
    _store_unsent(request, [*others, newest][-MOST_FORMS:])


def _store_unsent(request: HttpRequest, forms: list[dict[str, str]]) -> None:
    request.session.pop(UNSENT_BEFORE, None)
    request.session[UNSENT] = forms


def user_token(user: "User") -> str:
    """A token of a person that only this site can make and nobody can read back."""
    return salted_hmac("courses.who", str(user.pk)).hexdigest()[:32]


def unsent_form(request: SignedInRequest, path: str) -> QueryDict | None:
    """What this browser last sent to `path` while signed out; None if nothing.

    Only for the person who was signed in before. It stays there, however often the page is loaded, until `forget_unsent`.
    """
    for form in _unsent_forms(request):
        if form["path"] == path and form["who"] == user_token(request.user):
            return QueryDict(form["data"])
    return None


def forget_unsent(request: HttpRequest) -> bool:
    """Drops what waits for the path of this request; whether something did.

    Call it once that form is saved.
    """
    forms = _unsent_forms(request)
    others = [form for form in forms if form["path"] != request.path]
    if len(others) == len(forms):
        return False
    _store_unsent(request, others)
    return True
