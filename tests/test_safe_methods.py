"""A look changes nothing: no GET, HEAD or prefetch writes a row, whoever asks, on any page.

RFC 9110 section 9.2.1: browsers, proxies and virus scanners of mail servers fetch links on their own.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from courses.assessment.models import Attempt
from courses.people.models import User
from tests.conftest import PASSWORD
from tests.crawling import crawl, everybody, things_of
from tests.test_access import ROLES, build_world, table, url_of

WRITES = re.compile(
    r'\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO|INSERT OR \w+ INTO)\s+"?(\w+)', re.I
)
# Rows that count wrong codes and passwords: a limit on looking must count the looks.
COUNTERS = {"cache", "courses_ratelimit"}
# A look at a named learner is written down, the one exception: see `people.looks`.
LOOKS = {"learner", "organisation-person", "reminder-history"}
PREFETCH = {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"}


@contextmanager
def written() -> Iterator[list[str]]:
    """The tables that are written to inside, but for the counters."""
    tables: list[str] = []

    def watch(execute, sql, params, many, context):
        match = WRITES.match(sql)
        if match and match[1] not in COUNTERS:
            tables.append(match[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables


@pytest.fixture
def world(cast, tiny_content):
    """Everything a page can show, with one attempt of Ana's whose time is over."""
    made = build_world(cast, tiny_content[0])
    Attempt.objects.filter(pk=made.open.pk).update(deadline_at=timezone.now() - timedelta(hours=1))
    return made


def is_look(path: str) -> bool:
    try:
        return resolve(path).url_name in LOOKS
    except Resolver404:
        return False


class Watched(Client):
    """A client that notes which of its looks wrote a row: the method, the address and the tables."""

    def __init__(self) -> None:
        super().__init__()
        self.writing: set[tuple[str, str, str]] = set()

    def request(self, **request: Any) -> HttpResponse:
        with written() as tables:
            response = super().request(**request)
        if request["REQUEST_METHOD"] == "GET" and is_look(request["PATH_INFO"]):
            tables = [table for table in tables if table != "courses_auditevent"]
        if request["REQUEST_METHOD"] in {"GET", "HEAD"}:
            asked = (request["REQUEST_METHOD"], request["PATH_INFO"])
            self.writing |= {(*asked, table) for table in tables}
        return response


def watched(user: User | None) -> Watched:
    client = Watched()
    if user:
        client.force_login(user)
    return client


@pytest.mark.parametrize("role", ROLES)
def test_it_works(world, role):
    client = watched(getattr(world.cast, role, None))
    for route in table():
        client.get(url_of(world, route))
        client.head(url_of(world, route))
        client.get(url_of(world, route), headers=PREFETCH)
    assert client.writing == set()


def test_nothing_is_written_by_opening_everything_there_is(world):
    for person in everybody(world.cast):
        client = watched(person)
        assert len(crawl(client, *things_of(world.cast, world.open))) > 10
        assert client.writing == set(), person


def test_words_that_wait_are_shown_without_being_taken(world):
    """Also the session's row stays as it is: a page that is loaded twice shows them twice."""
    client = watched(world.cast.ben)
    client.get("/")
    step = reverse("courses:step", args=["tiny", "first-things", "opening"])
    page = client.get(step).content.decode()
    field, option = re.search(r'name="([^"]*option)" type="radio" value="([^"]+)"', page).groups()
    answer = re.search(r'formaction="([^"]*/answer/)"', page)[1]
    del client.cookies["sessionid"]  # the session ended while the page was open
    client.post(answer, {field: option})
    client.force_login(world.cast.ben)
    for _ in range(2):
        assert "You were signed out before" in client.get(step).content.decode()
    assert client.writing == set()


def test_the_two_links_of_mails_write_no_more_than_the_session(world, mailoutbox):
    """Confirming an address and choosing a password are presses on the pages these links open."""
    mailoutbox.clear()  # of what was completed while the world was made
    client = watched(None)
    client.post("/account/password/reset/", {"email": "ana@example.org"})
    client.post(
        "/account/signup/",
        {"name": "New", "email": "new@example.org", "profession": "gp", "password1": PASSWORD},
    )
    links = [re.search(r"http://[^/]+(/account/\S+)", mail.body)[1] for mail in mailoutbox]
    assert len(links) == 2
    stranger = watched(None)
    for link in links:
        assert stranger.get(link, follow=True).status_code == 200
    assert {table for *_, table in stranger.writing} <= {"django_session"}
