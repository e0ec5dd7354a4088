"""The shared cache holds pictures alone: where it is away, every page goes on without it."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from courses.library.queries import content_of
from courses.practice.queries import _motion, scene_version
from courses.web.caching import get_or_make
from tests.conftest import PASSWORD
from tests.test_moving_pages import course, moving_content

__all__ = ["course", "moving_content"]
ROOT = Path(__file__).parent.parent
REDIS = "django.core.cache.backends.redis.RedisCache"
NOWHERE = {"default": {"BACKEND": REDIS, "LOCATION": "redis://127.0.0.1:1/0"}}


@pytest.fixture
def no_table(db) -> Iterator[None]:
    """Nobody ran `createcachetable`."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cache RENAME TO away")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE away RENAME TO cache")


@pytest.fixture
def no_redis(settings) -> None:
    """Redis is down: nobody listens there."""
    settings.CACHES = {**settings.CACHES, **NOWHERE}


@pytest.fixture(params=["no_table", "no_redis"])
def no_cache(request) -> str:
    request.getfixturevalue(request.param)
    _motion.cache_clear()
    return request.param


def test_it_works(db):
    cache.clear()
    made = []

    def make() -> str:
        made.append("a picture")
        return made[-1]

    assert get_or_make("one", make, 60) == get_or_make("one", make, 60) == "a picture"
    assert len(made) == 1


def test_what_is_empty_is_kept_too(db):
    cache.clear()
    made = []
    for _ in range(2):
        assert get_or_make("empty", lambda: made.append(1) or "", 60) == ""
    assert len(made) == 1


@pytest.mark.django_db(transaction=True)
def test_without_a_cache_it_is_made_each_time_and_the_log_says_so(no_cache, caplog):
    caplog.set_level(logging.WARNING)
    assert get_or_make("one", lambda: "a picture", 60) == "a picture"
    assert "the cache did not give one" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_every_page_goes_on_without_a_cache(no_cache, cast, course):
    scene = content_of(course.edition_id).scenes[0]
    pages = ["/", "/see/", "/courses/", "/courses/tiny/", "/health/", "/verify/", "/account/login/"]
    pages += [
        "/share.png",
        "/courses/tiny/share.png",
        "/courses/tiny/handout/",
        f"/drawn/{scene_version(scene)}.json",
    ]
    visitor = Client()
    for path in pages:
        assert visitor.get(path).status_code == 200, path


@pytest.mark.django_db(transaction=True)
def test_signing_in_and_joining_go_on_without_a_cache(no_cache, cast):
    """And so does slowing down: none of it is counted in a cache."""
    ben = Client()
    for _ in range(5):
        ben.post("/account/login/", {"login": cast.ben.email, "password": "guess"})
    slow = ben.post("/account/login/", {"login": cast.ben.email, "password": PASSWORD})
    assert "Too many wrong passwords" in slow.content.decode()
    mo = Client()
    assert (
        mo.post("/account/login/", {"login": cast.mo.email, "password": PASSWORD})["Location"]
        == "/"
    )
    assert mo.post(f"/join/{cast.cohort.join_code}/").status_code == 302


def test_only_pictures_use_the_cache():
    """What else is put there is dropped when it is full, and forgotten by `incr` after five minutes.

    `checks` only asks whether the cache answers.
    """
    files = [*ROOT.glob("courses/**/*.py"), *ROOT.glob("elearn/**/*.py")]
    uses = re.compile(r"django\.core\.cache import|caching import")
    users = [
        str(path.relative_to(ROOT / "courses")) for path in files if uses.search(path.read_text())
    ]
    assert sorted(users) == [
        "practice/exemplar_drawings.py",
        "practice/queries.py",
        "sharing/queries.py",
        "web/caching.py",
        "web/checks.py",
    ]


def test_allauth_counts_nothing_in_the_cache(cast, mailoutbox):
    cache.clear()
    client = Client()
    client.post("/account/login/", {"login": cast.ana.email, "password": "guess"})
    client.post("/account/password/reset/", {"email": cast.ana.email})
    client.post("/account/login/code/", {"email": cast.ana.email})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache")
        assert cursor.fetchone()[0] == 0


def test_the_cache_of_the_database_has_room(settings):
    """Beyond 300 entries it would drop a third of them."""
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 2000
