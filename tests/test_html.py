"""The HTML of every page is valid: what each of the cast can open, and each activity before and after its answer."""

import re

import pytest

from tests.crawling import crawl, everybody, items_in_lessons, publish_whole, through
from tests.html.validating import problems_of

BODY = re.compile(r"<!doctype html>.*", re.S)


def page(body: str) -> str:
    head = "<head><title>A page</title></head>"
    return f'<!doctype html><html lang="en-GB">{head}<body>{body}</body></html>'


def faults_in(pages: dict[str, str]) -> list[str]:
    """What is wrong, once, with the first page that has it."""
    faults: dict[str, str] = {}
    for url, answer in pages.items():
        html = BODY.search(answer)
        for problem in problems_of(html[0]) if html else ():
            faults.setdefault(problem, url)
    return [f"{url}: {problem}" for problem, url in faults.items()]


def test_it_works():
    assert problems_of(page("<main><h1>Small</h1><p>things</p></main>")) == []


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<fieldset><legend><p>What?</p></legend></fieldset>", "<p> in <legend>"),
        ("<span><div>A</div></span>", "<div> in <span>"),
        ("<ul><p>A</p></ul>", "<p> in <ul>"),
        ("<a href='/'><button>A</button></a>", "<button> somewhere in"),
        ("<p id='a'></p><p id='a'></p>", "stands 2 times"),
        ("<p id=''></p>", "is empty"),
        ("<p class='a' class='b'></p>", "class 2 times"),
        ("<label for='nothing'>A</label>", "which is not there"),
        ("<div id='a'></div><label for='a'>A</label>", "which takes no label"),
        ("<p>A<div>B</div></p>", "</p>"),
        ("<b><i>A</b></i>", "</i>"),
        ("<tr><td>A</td></tr>", "stands 0 times"),
        ("<main></main><main></main>", "2 <main>"),
        ("<div aria-label='A'></div>", "no role"),
        ("<details>A</details>", "no summary"),
        ("<dl><dt>A</dt></dl>", "a term without"),
        ("<img src='/a.png'>", "has no alt"),
        ("<input type='text' minlength='a'>", "not a number"),
        ("<button type='go'>A</button>", "type is 'go'"),
        ("<p align='left'>A</p>", "cannot have"),
        ("<blink>A</blink>", "no element that we know"),
        ("<form><form></form></form>", "form"),
        ("<fieldset><p>A</p><legend>B</legend></fieldset>", "not the first"),
    ],
)
def test_what_is_wrong_is_found(html, problem):
    assert any(problem in found for found in problems_of(page(html))), problems_of(page(html))


@pytest.mark.parametrize(
    "html",
    [
        "<fieldset><legend><h2>What?</h2></legend></fieldset>",
        "<a href='/'><h2>A card</h2></a>",
        "<dl><div><dt>A</dt><dd>B</dd></div></dl>",
        "<label>A <input name='a'></label>",
        "<svg viewBox='0 0 1 1'><title>A</title><g><path d='M0 0'/></g></svg>",
        "<table><tr><th scope='row'>A</th><td>B</td></tr></table>",
        "<details><summary>A</summary><p>B</p></details>",
        "<p>A<br>B",
    ],
)
def test_what_the_standard_allows_is_allowed(html):
    assert problems_of(page(html)) == []


def test_every_page_that_somebody_can_open_is_valid(cast, tiny_content, sign_in):
    course = publish_whole(tiny_content)
    through(cast.ana, course)
    faults: list[str] = []
    for user in everybody(cast):
        faults += faults_in(crawl(sign_in(user), "/reviewing/", "/details/", "/account/signup/"))
    assert list(dict.fromkeys(faults)) == []


def test_the_course_still_has_activities_to_look_at(cast, tiny_content):
    assert len(items_in_lessons(publish_whole(tiny_content))) > 5


DESCRIPTION = re.compile(r'<meta name="description" content="([^"]+)">')


def test_every_public_page_says_in_a_sentence_what_it_is(client, course):
    described = {}
    for path in (
        "/",
        "/see/",
        "/courses/",
        "/courses/tiny/",
        "/courses/tiny/sources/",
        "/verify/",
        "/privacy/",
        "/accessibility/",
        "/about/",
        "/commissioners/",
        "/account/login/",
        "/account/signup/",
    ):
        found = DESCRIPTION.search(client.get(path).content.decode())
        assert found, path
        described[path] = found[1]
    assert all(30 <= len(words) <= 200 for words in described.values()), described
    assert len(set(described.values())) >= len(described) - 2, described
