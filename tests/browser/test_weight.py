"""What a page weighs in requests and bytes. Not time: that is measured by the bench."""

import pytest

pytestmark = pytest.mark.browser
SCRIPTS = 12_000  # bytes, packed as they are sent, all scripts of a page together
REQUESTS = {"step": 10, "item": 10}  # on a first visit, with nothing kept
OF_SCRIPTS = {"step": 4, "item": 4}  # an item's: the queue, its answers, cards, and text size


def visit(page, path):
    """Every answer of a page, redirects left out."""
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path, wait_until="networkidle")
    return [answer for answer in answers if answer.ok]


@pytest.fixture(params=["step", "item"])
def busy_page(request, open_as, site, course):
    """A page with a script, its path and its kind, for a browser that has never been here."""
    person, lesson = site.person(), course["lessons"][0]
    site.ask("reach", email=person.email, lesson=1, step=2)
    if request.param == "step":
        path = f"/courses/{course['key']}/lessons/{lesson['key']}/{lesson['steps'][1]['key']}/"
        return open_as(person), path, "step"
    # With cards to sort among its items: a quiz without any asks for one script less.
    attempt = site.ask("begin_with", email=person.email, kinds=["sort"])
    return open_as(person), f"/attempts/{attempt}/items/1/", "item"


def test_it_works(busy_page):
    page, path, kind = busy_page
    kinds = [answer.request.resource_type for answer in visit(page, path)]
    assert (kinds.count("document"), kinds.count("script")) == (1, OF_SCRIPTS[kind])


def test_scripts_are_small(busy_page):
    sizes = [
        answer.request.sizes()["responseBodySize"]
        for answer in visit(*busy_page[:2])
        if answer.request.resource_type == "script"
    ]
    assert 0 < sum(sizes) <= SCRIPTS


def test_a_first_visit_asks_for_little(busy_page, site):
    page, path, kind = busy_page
    before = len(site.asked())
    visit(page, path)
    asked = site.asked()[before:]
    assert len(asked) <= REQUESTS[kind], "\n".join(asked)


def test_a_second_page_asks_for_itself_alone(open_as, site):
    page = open_as(site.person())
    visit(page, "/courses/")
    before = len(site.asked())
    visit(page, "/record/")
    assert site.asked()[before:] == ["/record/"]


def test_text_comes_packed(open_as):
    for answer in visit(open_as(), "/"):
        if answer.request.resource_type in {"document", "stylesheet", "script"}:
            assert answer.headers.get("content-encoding") in {"br", "gzip"}, answer.url
