"""Forms sent after the session had ended, kept until their owner signs in and sends them again.

They are in the new session; a cookie says who was signed in. The decorator is in `access`.
"""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:  # `web` is below `people`, and needs the class of a user for type hints alone
    from courses.people.models import User
    from courses.web.access import SignedInRequest

SESSION_KEY = "unsent_forms"
FIRST_RELEASE_KEY = "unsent"  # sessions of the first release hold one form, under this key
OWNER_COOKIE = "who"  # token of the person who was signed in last in this browser
DISCARD_BUTTON = "discard_unsent"  # name of the button in `templates/_discard.html`
MAX_CHARACTERS = 30_000  # of one form
MAX_FORMS = 3  # the newest are kept


def user_token(user: "User") -> str:
    """A token of a user that only this site can make and from which nobody can tell who it is."""
    return salted_hmac("courses.who", str(user.pk)).hexdigest()[:32]


def keep_unsent(request: HttpRequest) -> None:
    """Stores the posted form. It replaces one of the same path; forms of other people are dropped.

    A form that is too long is not stored, and a message says so.
    """
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    if not fields:
        return  # a button without fields must not push out a form with text
    encoded = fields.urlencode()
    if len(encoded) > MAX_CHARACTERS:
        messages.warning(
            request,
            "You were signed out, and what you sent is too long to be kept meanwhile."
            " It is not saved. Go back with your browser’s Back button and copy it, then sign in.",
        )
        return
    owner = request.COOKIES.get(OWNER_COOKIE, "")
    newest = {"path": request.path, "data": encoded, "who": owner}
    own_forms = [form for form in _stored_forms(request) if form["who"] == owner]
    others = [form for form in own_forms if form["path"] != request.path]
    _store(request, [*others, newest][-MAX_FORMS:])


def unsent_form(request: "SignedInRequest", path: str) -> QueryDict | None:
    """What the signed-in user last sent to `path` while signed out; None where there is nothing.

    Reading does not remove it: a page may be loaded any number of times until `forget_unsent`.
    """
    owner = user_token(request.user)
    for form in _stored_forms(request):
        if form["path"] == path and form["who"] == owner:
            return QueryDict(form["data"])
    return None


def forget_unsent(request: HttpRequest, *paths: str) -> bool:
    """Removes the stored forms for these paths, or the path of this request where none is given.

    Returns whether there were any. Call it once such a form is saved.
    """
    gone = paths or (request.path,)
    forms = _stored_forms(request)
    others = [form for form in forms if form["path"] not in gone]
    if len(others) == len(forms):
        return False
    _store(request, others)
    return True


def _stored_forms(request: HttpRequest) -> list[dict[str, str]]:
    """The stored forms, oldest first: `path`, `data` (a query string) and `who` (owner's token)."""
    forms: list[dict[str, str]] = request.session.get(SESSION_KEY, [])
    first_release_form = request.session.get(FIRST_RELEASE_KEY)
    if first_release_form:
        return [first_release_form, *forms]
    return forms


def _store(request: HttpRequest, forms: list[dict[str, str]]) -> None:
    request.session.pop(FIRST_RELEASE_KEY, None)
    request.session[SESSION_KEY] = forms
