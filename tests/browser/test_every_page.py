"""Every page each of the cast reaches by links: judged by axe, by its layout at each width, and by what it asks for."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.acting import answer, choose
from tests.browser.looking import Seen, Walk, faults

pytestmark = pytest.mark.browser
CAST = ("visitor", "ana", "ben", "tess", "mo", "rhea")


@pytest.fixture(scope="session", params=CAST)
def walk(request: pytest.FixtureRequest, walks: Callable[[str], Walk]) -> Walk:
    return walks(request.param)


def report(walk: Walk, wrong: Callable[[Seen], object]) -> str:
    """One line for each page with something wrong; empty when there is none."""
    return "\n".join(f"{seen.path}: {found}" for seen in walk.seen if (found := wrong(seen)))


def test_it_works(walk):
    kinds = {
        "visitor": "verified",
        "ana": "step",
        "ben": "certificate",
        "tess": "learner",
        "mo": "cohort-progress",
        "rhea": "sign-off",
    }
    assert walk.kinds[kinds[walk.who]], "the walk did not come as far as it should"
    assert not report(walk, lambda seen: seen.status != 200 and seen.status)


def test_it_is_accessible_and_fits_at_every_width(walk):
    assert not report(walk, lambda seen: seen.faults)


def test_nothing_goes_wrong_in_the_console(walk):
    assert not report(walk, lambda seen: seen.console)


def test_nothing_is_asked_of_another_host(walk):
    assert not report(walk, lambda seen: seen.foreign)


def test_nothing_of_a_signed_in_person_is_kept(walk):
    if walk.who != "visitor":
        assert not report(
            walk,
            lambda seen: "no-store" not in seen.cache_control and (seen.cache_control or "nothing"),
        )


def test_there_is_no_inline_script_or_style(walk):
    assert not report(walk, lambda seen: seen.inline)


def pages_of(site, course):
    """A handful of the pages people use most, with who looks at them."""
    learner, trainer = site.person(), site.person("Tove Lund", "trainer")
    cohort = site.ask(
        "cohort", trainer=trainer.email, learners=[learner.email, site.person("Lark").email]
    )
    site.ask("go_through", email=learner.email)
    failed = site.ask("take", email=learner.email, right=False)
    attempt, lesson = site.ask("begin", email=learner.email), course["lessons"][0]
    step = first_asking(course)
    return [
        ("home", None, "/"),
        ("scene", None, "/see/"),
        ("step", learner, f"/courses/{course['key']}/lessons/{lesson['key']}/{step['key']}/"),
        ("item", learner, f"/attempts/{attempt}/items/1/"),
        ("result", learner, f"/attempts/{failed}/result/"),
        ("table", trainer, f"/cohorts/{cohort['key']}/{course['key']}/"),
    ]


def first_asking(course):
    """The first step of the first course that asks something."""
    return next(step for step in course["lessons"][0]["steps"] if step["activities"])


def give_an_answer(page, kind, course):
    """What a page that asks says to an answer is judged too. An item of a quiz says nothing."""
    if kind == "step":
        activity = first_asking(course)["activities"][0]
        answer(page, activity, right=False)
        expect(page.locator(f"#{activity['name']}-said")).to_be_visible()
    elif kind in {"home", "scene"}:
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Check my answer").first.click()
    elif kind == "item":
        choose(page, 1)


@pytest.mark.parametrize(
    "colours", [{"color_scheme": "dark"}, {"forced_colors": "active"}], ids=["dark", "forced"]
)
def test_other_colours_are_accessible_too(open_as, site, course, request, colours):
    found = []
    name = request.node.callspec.id.split("-")[-1]
    for kind, person, path in pages_of(site, course):
        page = open_as(person, **colours)
        page.goto(path)
        give_an_answer(page, kind, course)
        found += [f"{kind}: {fault}" for fault in faults(page, f"{name}-{kind}", axe_at=(360,))]
        page.context.close()
    assert not found, "\n".join(found)


def test_no_page_asked_for_anything_that_failed(walks, site):
    """Runs after the walks: whatever they met, the server had no error of its own."""
    for who in CAST:
        walks(who)
    failed = [
        line
        for line in (site.folder / "access.log").read_text().splitlines()
        if line.startswith("5")
    ]
    assert not failed, "\n".join(failed)
