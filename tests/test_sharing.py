"""What a message shows beside an address: a picture of a course, and the tags of public pages alone."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone

from courses.authoring.courses import read_courses
from courses.authoring.publishing import publish
from courses.library.models import Course
from courses.sharing import card, queries
from courses.sharing.card import CardFacts, card_png, digest_of
from courses.sharing.queries import facts_of_course, facts_of_site
from tests.conftest import SHIPPED, learn
from tests.pixels import pixels, size_of
from tests.test_queries import queries as sql

ROOT = Path(__file__).parent.parent
IMAGE, SITE_IMAGE = "/courses/tiny/share.png", "/share.png"
PUBLIC = {"/": "home", "/courses/": "catalogue", "/courses/tiny/": "course", "/see/": "scene"}
MOST = 120_000  # bytes
SIDE, TITLE, COVERED = (
    60,
    166,
    (592, 333),
)  # the margin, the room of the title, the cover: in pixels, as in card.typ
COVER = '<svg viewBox="0 0 16 9" xmlns="http://www.w3.org/2000/svg"><rect width="16" height="9" fill="#8048a0"/></svg>'
SHORT = CardFacts("Small things", ("2 lessons", "about 18 minutes"), COVER, "Notice")
NINETY = (
    "Working with babies, parents and partners when everyone is tired and worried: first steps."
)
PAPER, SKY, PURPLE = (bytes.fromhex(f"{colour}ff") for colour in ("fdf6ec", "ffffff", "8048a0"))


def tags_of(response) -> dict[str, str]:
    """The tags that say what to show, by name."""
    html = response.content.decode()
    found = re.findall(
        r'<meta (?:property="(og:[\w:]+)"|name="(twitter:\w+)") content="([^"]*)">', html
    )
    return {og or twitter: unescape(content) for og, twitter, content in found}


def test_it_works(client, course):
    response = client.get(IMAGE)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert size_of(response.content) == (1200, 630)
    facts = facts_of_course("tiny")
    assert (facts.title, facts.length, facts.site_name) == (
        "Tiny things",
        ("2 lessons", "about 18 minutes"),
        "Notice",
    )
    site = client.get(SITE_IMAGE)
    assert size_of(site.content) == (1200, 630)
    assert site.content != response.content
    assert facts_of_site().length == ("1 course", "2 lessons")


class TestThePicture:
    def test_of_every_shipped_course_is_light_enough_for_any_messenger(self, db):
        courses, problems = read_courses(SHIPPED)
        publish(courses, timezone.now())
        made = {one.key: card_png(facts_of_course(one.key)) for one in courses} | {
            "": card_png(facts_of_site())
        }
        assert problems == []
        assert {key: len(png) for key, png in made.items() if len(png) > MOST} == {}
        assert {size_of(png) for png in made.values()} == {(1200, 630)}
        assert len({sha256(png).digest() for png in made.values()}) == len(courses) + 1

    def test_the_same_facts_give_the_same_bytes_and_digest_in_another_process(self):
        code = (
            "from hashlib import sha256; from courses.sharing.card import *;"
            f"facts = {SHORT!r}; print(sha256(card_png(facts)).hexdigest(), digest_of(facts))"
        )
        own = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
        said = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=own, capture_output=True, text=True
        )
        assert said.stdout.split() == [sha256(card_png(SHORT)).hexdigest(), digest_of(SHORT)], (
            said.stderr
        )

    @pytest.mark.parametrize(
        "change",
        [
            {"title": "Other things"},
            {"length": ("3 lessons", "about 9 minutes")},
            {"site_name": "N"},
            {"cover": ""},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_every_fact_is_told_by_the_digest(self, change):
        assert digest_of(replace(SHORT, **change)) != digest_of(SHORT)

    def test_other_code_has_another_digest(self, tmp_path, monkeypatch):
        before, other = digest_of(SHORT), tmp_path / "card.typ"
        other.write_text(card.TEMPLATE.read_text() + "\n// changed")
        monkeypatch.setattr(card, "TEMPLATE", other)
        card._drawing_digest.cache_clear()
        after = digest_of(SHORT)
        card._drawing_digest.cache_clear()
        assert after != before

    @pytest.mark.parametrize(
        "title",
        [
            "",
            "A",
            NINETY,
            NINETY.upper(),
            NINETY * 5,
            "Zdraví kojenců, цілком нове, Ŵyn 🍼",
            "#set page(width: 9pt) $x$",
        ],
        ids=["empty", "short", "ninety", "capitals", "endless", "letters", "markup"],
    )
    def test_any_title_stands_inside_with_a_margin(self, title):
        png = card_png(replace(SHORT, title=title))
        assert size_of(png) == (1200, 630)
        rows = pixels(png)
        under_title, over_cover = SIDE + TITLE, 630 - SIDE - COVERED[1]
        empty = [*rows[:SIDE], *rows[under_title:over_cover], *rows[-SIDE:]]
        empty += [row[:SIDE] + row[-SIDE:] for row in rows]
        assert {pixel for row in empty for pixel in row} == {PAPER}

    def test_a_title_of_ninety_letters_is_shown_whole_and_a_longer_one_is_cut(self):
        def shown(title: str) -> bytes:
            return card_png(replace(SHORT, title=title))

        assert len(NINETY) == 90
        assert shown(NINETY) != shown(NINETY.rsplit(" ", 1)[0] + " ends.")
        assert shown(NINETY * 5) == shown(NINETY * 6)

    def test_a_letter_that_no_font_has_is_shown_as_missing(self):
        assert card_png(replace(SHORT, title="Milk 🍼")) == card_png(replace(SHORT, title="Milk □"))

    @pytest.mark.parametrize(
        ("width", "height"), [(16, 9), (9, 9), (30, 9)], ids=["usual", "square", "wide"]
    )
    def test_the_whole_cover_is_seen(self, width, height):
        """One that is purple but for a margin of half a unit: the margin is seen at each side, in the sky's colour."""
        inner = f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" fill="#8048a0"/>'
        own = (
            f'<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">{inner}</svg>'
        )
        rows = pixels(card_png(replace(SHORT, cover=own)))
        unit = min(COVERED[0] / width, COVERED[1] / height)
        middle, centre = 630 - SIDE - COVERED[1] // 2, 1200 - SIDE - COVERED[0] // 2
        to_side, to_top = int(width / 2 * unit), int(height / 2 * unit)
        inside, outside = int(unit * 0.8), int(unit * 0.25)
        for pixel_at, reach in (
            (lambda n: rows[middle][centre + n], to_side),
            (lambda n: rows[middle + n][centre], to_top),
        ):
            seen = [
                pixel_at(n)
                for n in (outside - reach, inside - reach, reach - inside, reach - outside)
            ]
            assert seen == [SKY, PURPLE, PURPLE, SKY]

    @pytest.mark.parametrize("cover", ["<svg", "no drawing"])
    def test_a_cover_that_cannot_be_drawn_is_left_out(self, cover):
        assert card_png(replace(SHORT, cover=cover)) == card_png(replace(SHORT, cover=""))


class TestWhoGetsIt:
    def test_it_may_be_kept_for_a_day_and_asked_for_again_for_nothing(self, client, course):
        response = client.get(IMAGE)
        assert response["Cache-Control"] == "public, max-age=86400"
        assert "Cookie" not in response.get("Vary", "")
        again = client.get(IMAGE, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert (again["ETag"], again["Cache-Control"]) == (
            response["ETag"],
            response["Cache-Control"],
        )
        assert client.get(IMAGE, headers={"If-None-Match": '"another"'}).status_code == 200
        head = client.head(IMAGE)
        assert (head.status_code, head.content, head["ETag"]) == (200, b"", response["ETag"])

    def test_it_is_drawn_once_for_all(self, client, course, monkeypatch):
        drawn = []
        monkeypatch.setattr(
            queries, "card_png", lambda facts: drawn.append(facts) or card_png(facts)
        )
        first, second = client.get(IMAGE).content, client.get(IMAGE).content
        assert first == second
        assert len(drawn) == 1
        cache.clear()
        client.get(IMAGE, headers={"If-None-Match": client.head(IMAGE)["ETag"]})
        assert len(drawn) == 2

    def test_asking_takes_one_query_beside_the_cache(self, client, course):
        client.get(IMAGE)
        assert len([one for one in sql(client, IMAGE) if '"cache"' not in one]) == 1

    def test_another_title_is_another_picture_and_another_lesson_is_not(
        self, client, course, tiny_content
    ):
        before = client.get(IMAGE)
        change = {"summary": "Another summary, which no picture shows."}
        publish([tiny_content[0].model_copy(update=change)], timezone.now())
        assert client.get(IMAGE)["ETag"] == before["ETag"]
        publish(
            [tiny_content[0].model_copy(update=change | {"title": "Larger things"})], timezone.now()
        )
        after = client.get(IMAGE)
        assert after["ETag"] != before["ETag"]
        assert after.content != before.content

    @pytest.mark.parametrize("key", ["none-like-this", "draft", "tiny"])
    def test_what_is_not_published_has_none(self, client, course, tiny_content, key):
        Course.objects.create(key="draft")
        publish(
            [tiny_content[0].model_copy(update={"key": "other"})], timezone.now()
        )  # retires the tiny course
        assert client.get(f"/courses/{key}/share.png").status_code == 404
        assert client.get("/courses/other/share.png").status_code == 200

    def test_without_a_course_there_is_none_for_the_site_and_no_page_names_it(self, client, db):
        assert client.get(SITE_IMAGE).status_code == 404
        assert [tags_of(client.get(path)) for path in ("/", "/courses/")] == [{}, {}]


class TestTags:
    @pytest.mark.parametrize("path", PUBLIC, ids=PUBLIC.values())
    def test_public_pages_have_all_of_them_with_full_addresses(
        self, client, course, settings, path
    ):
        settings.SITE_URL = "https://notice.example"
        tags = tags_of(client.get(path, {"from": "a-message"}))
        image = IMAGE if path == "/courses/tiny/" else SITE_IMAGE
        assert tags == tags | {
            "og:type": "website",
            "og:site_name": "Notice",
            "og:locale": "en_GB",
            "og:url": f"https://notice.example{path}",
            "og:image": f"https://notice.example{image}",
            "og:image:width": "1200",
            "og:image:height": "630",
            "twitter:card": "summary_large_image",
        }
        assert all(tags[f"og:{name}"] for name in ("title", "description", "image:alt"))
        assert len(tags) == 11
        assert size_of(client.get(image).content) == (1200, 630)

    @pytest.mark.parametrize("path", PUBLIC, ids=PUBLIC.values())
    def test_they_say_what_the_page_itself_says(self, client, course, path):
        response = client.get(path)
        body = " ".join(
            unescape(re.sub(r"<[^>]+>", " ", response.content.decode().split("<body>")[1])).split()
        )
        title = re.search(r"<title>(.*?) · Notice</title>", response.content.decode())[1]
        tags = tags_of(response)
        assert tags["og:description"] in body
        assert tags["og:title"] in f"{title} {body}"

    def test_a_course_tells_its_own_words(self, client, course, tiny_content):
        odd = {
            "title": 'Tiny "things" & <more>',
            "cover": tiny_content[0].cover.replace("A dot.", "A &quot;dot&quot; &amp; more."),
        }
        publish([tiny_content[0].model_copy(update=odd)], timezone.now())
        tags = tags_of(client.get("/courses/tiny/"))
        assert tags["og:title"] == 'Tiny "things" & <more>'
        assert tags["og:description"] == "A course for tests, small and whole."
        assert tags["og:image:alt"] == 'A "dot" & more.'

    def test_pages_of_somebody_signed_in_have_none(self, cast, course, sign_in):
        learn(cast.ana, course, 1)
        for who in (cast.ana, cast.ben, cast.tess):
            for path in [*PUBLIC, "/record/", "/details/"]:
                response = sign_in(who).get(path, follow=True)
                assert (response.status_code, tags_of(response)) == (200, {}), path
                assert "og:" not in response.content.decode(), path

    def test_private_pages_and_forms_have_none_for_a_visitor(self, client, course):
        for path in (
            "/account/login/",
            "/account/signup/",
            "/verify/",
            "/verify/ABCD/",
            "/nowhere/",
            "/privacy/",
        ):
            assert tags_of(client.get(path)) == {}, path
