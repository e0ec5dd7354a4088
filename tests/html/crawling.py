"""Every kind of page that somebody can open from the first one by links. Django is set up before this is imported."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve

from courses.people.models import User

STARTS = (
    "/",
    "/see/",
    "/courses/",
    "/verify/",
    "/join/",
    "/cohorts/",
    "/record/",
    "/reviewing/",
    "/nothing/",
)
STARTS += ("/account/login/", "/account/signup/", "/account/password/reset/", "/details/", "/mail/")
LINK = re.compile(r'(?:href|action)="([^"]+)"')


def make_site() -> None:
    """The shipped courses and the demo people, in the database that the settings name."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("publish_courses", verbosity=0)
    call_command("make_demo", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def pages_of(name: str | None, often: int) -> Iterator[tuple[str, str]]:
    """The path and the HTML of each page; of one kind, at most so many."""
    client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    if name:
        client.force_login(User.objects.get(email=f"{name}@example.org"))
    yield from crawl(client, list(STARTS), often)


def crawl(client: Client, waiting: list[str], often: int) -> Iterator[tuple[str, str]]:
    """Opens these addresses and what they link to."""
    seen: set[str] = set()
    kinds: Counter[str] = Counter()
    while waiting:
        url = waiting.pop(0)
        kind = kind_of(url)
        if url in seen or kinds[kind] >= often or "logout" in url:
            continue
        seen.add(url)
        response = client.get(url)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if not is_page or not response.content:  # a file, or a redirect
            waiting += links_of(url, response.headers.get("Location", ""))
            continue
        assert response.status_code not in {400, 500}, f"{url} was answered {response.status_code}"
        if response.status_code == 405:  # what a form sends to, opened as a page
            continue
        html = response.content.decode()
        kinds[kind] += 1
        yield url, html
        for link in LINK.findall(html):
            waiting += links_of(url, unescape(link))


def links_of(url: str, link: str) -> list[str]:
    """The address a link of this page leads to; none where it leads out of the site."""
    parts = urlsplit(urljoin(url, link))
    if not link or parts.netloc or parts.scheme in {"mailto", "https", "http"}:
        return []
    if parts.path.startswith(("/static/", "/admin/")):
        return []
    return [parts.path + (f"?{parts.query}" if parts.query else "")]


def kind_of(url: str) -> str:
    """The name of the URL, with the names of what is asked for; one course's are not another's."""
    parts = urlsplit(url)
    try:
        return resolve(parts.path).view_name + re.sub(r"=[^&]*", "", parts.query)
    except Resolver404:
        return parts.path
