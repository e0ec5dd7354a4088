"""Choosing a group on page two never shows an empty list: it begins on its first page."""

import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.people.actions import join_cohort
from tests.conftest import learn, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_page(cast, course, sign_in):
    """The second page of a table of 61, of whom three have begun."""
    people = [person(f"Learner{number:02}") for number in range(60)]
    for one in people:
        join_cohort(one, cast.cohort, timezone.now())
    for one in people[:3]:
        learn(one, course, lessons=1)
    url = reverse("courses:cohort-progress", args=[cast.cohort.key, "tiny"])
    client = sign_in(cast.tess)
    return client, url, client.get(f"{url}?page=2")


def links_in(page, part):
    """The addresses of the links in a part of the page."""
    return [html.unescape(link) for link in re.findall(r'href="(\?[^"]*)"', part(page.text))]


def chips(text):
    return text.split('class="chips"')[1].split("</nav>")[0]


def headings(text):
    return text.split("<thead>")[1].split("</thead>")[0]


def test_it_works(second_page):
    _, _, page = second_page
    assert page.text.count('<th scope="row">') == 11
    assert "Page 2 of 2" in page.text


@pytest.mark.parametrize("part", [chips, headings])
def test_every_filter_and_every_order_begins_on_its_first_page(second_page, part):
    client, url, page = second_page
    links = links_in(page, part)
    assert len(links) >= 6
    for link in links:
        narrowed = client.get(url + link)
        assert narrowed.context["page"].number == 1, link
        shown = narrowed.text.count('<th scope="row">')
        assert shown == min(narrowed.context["page"].paginator.count, 50), link


def test_a_search_begins_on_its_first_page(second_page):
    _, _, page = second_page
    form = page.text.split('role="search"')[1].split("</form>")[0]
    assert 'name="page"' not in form
    assert 'name="all"' not in form


def test_the_next_page_keeps_filter_search_and_order(second_page):
    client, url, _ = second_page
    page = client.get(f"{url}?show=never-started&q=Learner&sort=-name")
    assert 'href="?q=Learner&amp;show=never-started&amp;sort=-name&amp;page=2"' in page.text


@pytest.mark.parametrize("number", ["3", "0", "-1", "9" * 5000, "two", "%00", ""])
def test_a_page_that_is_not_there_is_one_that_is(second_page, number):
    client, url, _ = second_page
    page = client.get(f"{url}?page={number}")
    assert page.status_code == 200
    assert page.text.count('<th scope="row">') in (50, 11)
