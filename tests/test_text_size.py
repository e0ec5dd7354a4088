"""Text size and line spacing: set on any device, rendered by the server, kept in no cached part."""

import re

import pytest
from django.core.cache import caches
from django.test import Client

from courses.web.reading import SIZES, SPACINGS, Reading
from tests.test_access import rows

HTML = re.compile(r"<html[^>]*>")


def first_tag(client: Client, path: str = "/accessibility/") -> str:
    return HTML.search(client.get(path).content.decode())[0]


def set_to(client: Client, size: object, spacing: object, to: str = "/accessibility/"):
    return client.post("/reading/", {"size": size, "spacing": spacing, "next": to})


def test_it_works(client, db):
    assert first_tag(client) == '<html lang="en-GB">'
    assert set_to(client, 2, 1)["Location"] == "/accessibility/"
    assert first_tag(client) == '<html lang="en-GB" data-text-size="2" data-line-spacing="1">'
    page = client.get("/accessibility/").content.decode()
    assert 'name="size" value="2" checked' in page
    assert 'name="spacing" value="1" checked' in page
    set_to(client, 0, 0)
    assert first_tag(client) == '<html lang="en-GB">'


def test_it_is_of_the_device_and_not_of_the_account(cast, sign_in):
    ana = sign_in(cast.ana)
    before = rows()
    set_to(ana, 3, 2, "/details/")
    assert rows() == before
    assert "data-text-size" in first_tag(ana, "/details/")
    assert "data-text-size" not in first_tag(sign_in(cast.ana), "/details/")


@pytest.mark.parametrize("size", ["4", "-1", "", "2-1", "<script>", "1\x00", "9" * 400])
def test_another_size_is_the_normal_one(client, db, size):
    set_to(client, 2, 1)
    assert set_to(client, size, "0").status_code == 302
    assert first_tag(client) == '<html lang="en-GB">'
    client.cookies["reading"] = f"{size}-0"
    assert first_tag(client) == '<html lang="en-GB">'


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:a", "", "x"]
)
def test_it_leads_to_no_other_site(client, db, to):
    assert set_to(client, 1, 1, to)["Location"] == "/"


def test_no_cached_part_of_a_page_holds_it(client, db):
    """Whoever asks first for a page, the next person reads it in their own size."""
    caches["template_fragments"].clear()
    set_to(client, 3, 2, "/courses/")
    client.get("/courses/")
    assert "data-text-size" not in first_tag(Client(), "/courses/")
    kept = "".join(map(str, caches["template_fragments"]._cache.values()))
    assert kept
    assert "data-text-size" not in kept


def test_each_choice_has_a_name_and_one_is_chosen():
    reading = Reading(1, 2)
    assert [name for _, name, is_chosen in reading.sizes if is_chosen] == [SIZES[1]]
    assert [name for _, name, is_chosen in reading.spacings if is_chosen] == [SPACINGS[2]]
