"""What `{% cache %}` keeps of a page is the same for everybody: nothing of one person shows to another."""

import re

import pytest
from django.core.cache import caches
from django.test import Client

from courses.learning.actions import enrol
from courses.learning.activity_forms import page_name
from courses.learning.lesson_actions import begin_lesson
from courses.library.queries import content_of
from tests.conftest import Cast

LESSON = "/courses/tiny/lessons/first-things/"
STEPS = ["opening", "placing", "writing"]
WORDS = "Quaggas hum at noon"  # of no course and of no template


@pytest.fixture
def learners(cast: Cast, sign_in) -> tuple[Client, Client]:
    """Ana's and Ben's browsers, both with every step of the lesson reached."""
    browsers = []
    for user in (cast.ana, cast.ben):
        browser = sign_in(user)
        browser.post("/courses/tiny/enrol/")
        browser.post(LESSON + "begin/")
        for step in STEPS[:-1]:
            browser.post(f"{LESSON}{step}/finish/")
        browsers.append(browser)
    return browsers[0], browsers[1]


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_it_works(learners):
    """The second time, the page is put together from kept parts, and is the same."""
    ana, _ = learners
    ana.get(LESSON + "opening/")  # which shows the messages of enrolling
    caches["template_fragments"].clear()
    first, second = (ana.get(LESSON + "opening/").content.decode() for _ in range(2))
    assert without_tokens(first) == without_tokens(second)


def test_what_one_learner_wrote_is_on_no_page_of_another(learners, tiny_content):
    ana, ben = learners
    for step in tiny_content[0].lessons[0].steps:
        for block in step.blocks:
            if block.kind in ("reflect", "rewrite"):
                name = page_name("first-things", block.key)
                ana.post(f"{LESSON}{step.key}/{name}/answer/", {"text": WORDS})
    hers = "".join(ana.get(f"{LESSON}{step}/").content.decode() for step in STEPS)
    his = "".join(ben.get(f"{LESSON}{step}/").content.decode() for step in STEPS)
    assert WORDS in hers
    assert WORDS not in his


def test_names_and_form_tokens_are_never_kept(learners, cast):
    ana, ben = learners
    hers, his = (browser.get(LESSON + "opening/").content.decode() for browser in (ana, ben))
    assert "csrfmiddlewaretoken" in hers and "csrfmiddlewaretoken" in his
    catalogue = learners[0].get("/courses/").content.decode()
    assert cast.ana.name in catalogue, "pages with a menu say who is signed in"
    kept = "".join(map(str, caches["template_fragments"]._cache.values()))
    assert kept
    for private in (cast.ana.name, cast.ben.name, "csrfmiddlewaretoken", cast.ana.email):
        assert private not in kept


def test_the_navigation_is_that_of_the_person(cast, sign_in):
    """Whoever asks first, a trainer sees their cohorts, and a learner and a visitor do not."""
    browsers = {"trainer": sign_in(cast.tess), "learner": sign_in(cast.ben), "visitor": Client()}
    for order in (("trainer", "learner", "visitor"), ("visitor", "learner", "trainer")):
        caches["template_fragments"].clear()
        for who in order * 2:
            page = browsers[who].get("/courses/").content.decode()
            assert ('href="/cohorts/"' in page) is (who == "trainer")
            assert ('href="/practice/"' in page) is (who != "visitor")


def test_a_step_of_another_edition_is_another_step(cast, course, sign_in, tiny_content):
    """What is kept of a step is kept by its edition, which never changes."""
    from django.utils import timezone

    from courses.authoring.publishing import publish

    now = timezone.now()
    lesson = content_of(course.edition_id).lessons[0]
    begin_lesson(enrol(cast.ana, course, now), lesson, now)
    ana, ben = sign_in(cast.ana), sign_in(cast.ben)
    before = ana.get(LESSON + "opening/").content.decode()
    steps = (lesson.steps[0].model_copy(update={"title": "A title made anew"}), *lesson.steps[1:])
    lessons = (lesson.model_copy(update={"steps": steps}), *tiny_content[0].lessons[1:])
    publish([tiny_content[0].model_copy(update={"lessons": lessons})], now)
    ben.post("/courses/tiny/enrol/")
    ben.post(LESSON + "begin/")
    assert "A title made anew" not in before
    assert "A title made anew" in ben.get(LESSON + "opening/").content.decode()
    assert "A title made anew" not in ana.get(LESSON + "opening/").content.decode()


def test_a_session_ends_at_once(cast, sign_in):
    """Signing out, a new password and a deactivated account: the next request is a visitor's."""
    for end in ("sign out", "new password", "deactivated"):
        browser = sign_in(cast.ben)
        key = browser.cookies["sessionid"].value
        assert browser.get("/record/").status_code == 200
        if end == "sign out":
            browser.post("/account/logout/")
        elif end == "new password":
            cast.ben.set_password("another-quiet-baby")
            cast.ben.save()
        else:
            cast.ben.is_active = False
            cast.ben.save()
        browser.cookies["sessionid"] = key
        assert browser.get("/record/").status_code == 302, end
