"""Routes of libraries that the access table does not name, for an upgrade may add some.

For everybody, by GET and by POST: no error of the server, nobody else's address of e-mail or join
code in what is shown, no page that may be kept by a cache where somebody is signed in, and no row
changed by a look or by a visitor. The admin's pages have a test of their own in test_access.
"""

import re

import pytest
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from courses.people.models import User
from elearn.urls import urlpatterns as product
from tests.test_access import (
    ROLES,
    World,
    build_world,
    clients,
    library_routes,
    rows,
    table,
    unlisted,
)

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
SAMPLES = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000000"}  # by converter; else a word


def unknown_routes() -> list[str]:
    """The patterns of those that the table does not name."""
    named = set(table())
    return [pattern for name, pattern in library_routes() if name not in named]


def address_of(pattern: str) -> str:
    """An address that the pattern takes, with a number, a key or a word for each parameter."""
    filled = PARAMETER.sub(lambda found: SAMPLES.get(found[1] or "", "a-word"), pattern)
    return "/" + re.sub(r"[\^$]|\\Z", "", filled)


def faults_of(world: World, sign_in, pattern: str) -> list[str]:
    """What is wrong with this route, for anybody; each with the method and the role."""
    url, before = address_of(pattern), rows()
    found = []
    for role, client in clients(world, sign_in).items():
        for method in ("get", "post"):
            response, after = tried(client, method, url)
            faults = faults_of_page(world, role, response)
            if after != before and (method == "get" or role == "visitor"):
                faults.append("changes a row")
            found += [f"{method} {url} as {role}: {fault}" for fault in faults]
    return found


def tried(client: Client, method: str, url: str) -> tuple[HttpResponse, dict]:
    """The response, and all rows after it; then what it did is taken back, cookies too."""
    fresh = Client(raise_request_exception=False)
    for name, cookie in client.cookies.items():
        fresh.cookies[name] = cookie.value
    with transaction.atomic():
        response = getattr(fresh, method)(url)
        after = rows()
        transaction.set_rollback(True)
    return response, after


def faults_of_page(world: World, role: str, response: HttpResponse) -> list[str]:
    """What is wrong with what this role was shown."""
    found = [f"answers {response.status_code}"] if response.status_code >= 500 else []
    own = getattr(world.cast, role).email if role != "visitor" else ""
    private = set(User.objects.exclude(email=own).values_list("email", flat=True))
    private |= {world.cast.cohort.join_code, world.cast.other_cohort.join_code}
    text = response.content.decode(errors="replace")
    found += [f"shows {secret}" for secret in sorted(private) if secret in text]
    if role != "visitor" and "no-store" not in response.headers.get("Cache-Control", ""):
        found.append("may be kept by a cache")
    return found


def about(request: HttpRequest) -> HttpResponse:
    return HttpResponse("About this library")


@login_required
def own_keys(request: HttpRequest, key: int) -> HttpResponse:
    return HttpResponse(f"Key {key} of {request.user.email}")


def everybody(request: HttpRequest) -> HttpResponse:
    return HttpResponse(", ".join(User.objects.values_list("email", flat=True)))


def broken(request: HttpRequest, name: str) -> HttpResponse:
    raise RuntimeError(name)


def renames(request: HttpRequest) -> HttpResponse:
    User.objects.update(name="Somebody")
    return HttpResponse("Done")


class Library:
    """The URLconf of a library that was upgraded."""

    urlpatterns = [path("about/", about), path("keys/<int:key>/", own_keys, name="own-keys")]


class BadLibrary:
    urlpatterns = [
        path("everybody/", everybody, name="everybody"),
        path("broken/<slug:name>/", broken, name="broken"),
        path("renames/", renames, name="renames"),
    ]


class Upgraded:
    """The product's URLconf, with what an upgrade added."""

    urlpatterns = [*product, path("library/", include(Library))]


class BadlyUpgraded:
    urlpatterns = [*product, path("library/", include(BadLibrary))]


class Grown:
    """The product's URLconf with a page of our own that the table does not name."""

    urlpatterns = [*product, path("ours/", about, name="ours")]


@pytest.fixture
def world(cast, tiny_content) -> World:
    return build_world(cast, tiny_content[0])


def test_it_works(world, sign_in):
    """Whatever the libraries of today have beyond the table is as it should be."""
    found = []
    for pattern in unknown_routes():
        found += faults_of(world, sign_in, pattern)
    assert found == []


def test_new_routes_of_a_library_do_not_break_the_access_table(world, sign_in, settings):
    settings.ROOT_URLCONF = Upgraded
    assert unknown_routes() == ["library/about/", "library/keys/<int:key>/"]
    test_it_works(world, sign_in)
    assert unlisted() == set()


def test_a_new_route_of_ours_must_be_in_the_table(settings):
    settings.ROOT_URLCONF = Grown
    assert unknown_routes() == []
    assert unlisted() == {"ours"}


def test_a_bad_route_of_a_library_is_found(world, sign_in, settings):
    settings.ROOT_URLCONF = BadlyUpgraded
    shown, error, written = (faults_of(world, sign_in, pattern) for pattern in unknown_routes())
    assert "get /library/everybody/ as visitor: shows ana@example.org" in shown
    assert "get /library/everybody/ as tess: shows ana@example.org" in shown
    assert not any("as ana: shows ana@" in fault for fault in shown)
    assert len(error) == 2 * len(ROLES)
    assert "get /library/broken/a-word/ as visitor: answers 500" in error
    assert "get /library/renames/ as ana: changes a row" in written
    assert "post /library/renames/ as visitor: changes a row" in written
