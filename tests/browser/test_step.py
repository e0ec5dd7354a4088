"""A step on the screen: one card at a time, its picture in view, and feedback that shows where to look.

How many picture questions share a view with their last option is counted over all of them in `make walk`.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.walk.browsing import COUNT_SHIFTS, LAPTOP, PHONE

pytestmark = pytest.mark.browser
LESSON = "/courses/first-1001-days/lessons/a-special-time/"
ASKS = LESSON + "where-it-starts-and-ends/"  # three questions, and what their answers mean
STILL = "/courses/first-1001-days/lessons/parents-partners-and-context/the-first-thing-you-say/"
BOX = "(e) => { const {top, bottom, height} = e.getBoundingClientRect(); return {top, bottom, height}; }"


@pytest.fixture
def learner(site):
    """Somebody who has reached every step of every course, and answered nothing."""
    person = site.person()
    site.ask("every_step", email=person.email)
    return person


@pytest.fixture
def moving_path(site, learner):
    """The step of a question about a scene that moves, and the name of the question."""
    moving = site.ask("moving_step", email=learner.email)
    found = site.ask("scene_steps", email=learner.email)
    return next(one for one in found if one["path"] == moving)


def onward(page: Page):
    return page.locator("[data-onward]")


def shown(page: Page) -> str:
    """The id of the card in sight; fails where it is not one alone."""
    cards = page.locator(".card").filter(visible=True)
    expect(cards).to_have_count(1)
    return cards.get_attribute("id")


def go_to_card(page: Page, number: int) -> None:
    for _ in range(number - 1):
        onward(page).click()
    assert shown(page) == f"card-{number}"


def is_in_sight(page: Page, selector: str) -> bool:
    """Whether all of it is in the window, and not under the bar at its foot."""
    box = page.locator(selector).filter(visible=True).first.evaluate(BOX)
    foot = page.locator(".onward--bar").evaluate(BOX)["top"]
    return box["height"] > 0 and box["top"] >= -1 and box["bottom"] <= foot + 1


def test_it_works(open_as, learner, look):
    page = open_as(learner, viewport=PHONE)
    page.goto(ASKS)
    assert shown(page) == "card-1"
    for number in (2, 3, 4):
        onward(page).click()
        assert shown(page) == f"card-{number}"
        assert page.url.endswith(f"{ASKS}#card-{number}")
        assert page.evaluate("document.activeElement.closest('.card')?.id") == f"card-{number}"
        assert page.evaluate("scrollY") == 0
    look(page, "step-last-card")
    onward(page).click()
    page.wait_for_url("**/what-grows/")
    assert shown(page) == "card-1"


def test_back_forward_and_reload_keep_the_card(open_as, learner):
    page = open_as(learner)
    page.goto(ASKS)
    go_to_card(page, 3)
    page.go_back()
    assert shown(page) == "card-2"
    page.go_forward()
    assert shown(page) == "card-3"
    page.reload()
    assert shown(page) == "card-3"
    page.locator("[data-back]").click()
    assert shown(page) == "card-2"
    page.go_back()
    assert shown(page) == "card-1"
    page.locator("[data-back]").click()
    page.wait_for_url("**/monday-twenty-to-ten/")


def test_back_in_the_browser_returns_from_the_next_step_to_the_last_card(open_as, learner):
    page = open_as(learner)
    page.goto(ASKS)
    go_to_card(page, 4)
    onward(page).click()
    page.wait_for_url("**/what-grows/")
    page.go_back()
    assert shown(page) == "card-4"


def test_continue_stands_in_one_place_and_the_minutes_fall(open_as, learner):
    page = open_as(learner, viewport=PHONE)
    page.goto(ASKS)
    places, minutes = set(), []
    for _ in range(4):
        places.add(round(onward(page).evaluate(BOX)["top"]))
        left = page.locator(".position__left").inner_text()
        minutes.append(int(re.fullmatch(r"About (\d+) minutes? left", left)[1]))
        onward(page).click()
    assert len(places) == 1
    assert minutes == sorted(minutes, reverse=True)
    assert minutes[-1] >= 1


def test_a_focused_page_has_a_name_a_place_and_a_way_out_and_no_more(open_as, learner):
    page = open_as(learner)
    page.goto(ASKS)
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("contentinfo")).to_have_count(0)
    bar = page.get_by_role("banner")
    expect(bar).to_contain_text("A special time")
    expect(bar).to_contain_text("Step 2 of 7")
    bar.get_by_role("link", name="Close").click()
    page.wait_for_url("**/courses/first-1001-days/")


def test_without_a_script_all_cards_stand_in_one_column(open_as, learner):
    page = open_as(learner, java_script_enabled=False)
    page.goto(ASKS)
    expect(page.locator(".card").filter(visible=True)).to_have_count(4)
    onward(page).click()
    page.wait_for_url("**/what-grows/")


def test_so_they_do_where_the_script_does_not_come(open_as, learner):
    page = open_as(learner)
    page.route("**/step*.js", lambda route: route.abort())
    page.goto(ASKS)
    expect(page.locator(".card").filter(visible=True)).to_have_count(4)


def test_what_an_answer_means_opens_by_itself(open_as, learner):
    page = open_as(learner)
    page.goto(ASKS)
    go_to_card(page, 4)
    teaching = page.locator("#card-4 > details:not(.sources)")
    expect(teaching).not_to_have_attribute("open", "")
    expect(page.get_by_text("This opens by itself once you have answered")).to_be_visible()
    page.go_back()
    for _ in range(2):  # two tries open the answer, right or not
        page.locator("#card-3 input[type=radio]").first.check()
        page.locator("#card-3 button[formaction]").click()
        expect(page.locator("#card-3 [id$=-said]")).to_be_visible()
        if page.locator("#card-3 .reply--hint").count() == 0:
            break
    onward(page).click()
    expect(teaching).to_have_attribute("open", "")
    expect(page.get_by_text("This opens by itself once you have answered")).to_be_hidden()
    page.reload()
    expect(teaching).to_have_attribute("open", "")


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_picture_stays_in_view_down_to_the_last_option(open_as, learner, size):
    page = open_as(learner, viewport=size)
    page.goto(STILL)
    last = "#card-1 .nhsuk-radios__item >> nth=-1"
    page.locator("#card-1 .nhsuk-radios__item").last.evaluate(
        "(e) => e.scrollIntoView({block: 'end'})"
    )
    assert is_in_sight(page, last)
    picture = page.locator("#card-1 .scene > svg").evaluate(BOX)
    assert is_in_sight(page, "#card-1 .scene > svg")
    if size == PHONE:
        assert 0.38 * size["height"] <= picture["height"] <= 0.42 * size["height"]
        assert picture["bottom"] <= page.locator(last).evaluate(BOX)["top"]


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_page_stays_where_it_is_when_its_picture_begins_to_move(
    open_as, learner, moving_path, motion
):
    page = open_as(learner, viewport=PHONE, reduced_motion=motion)
    page.add_init_script(COUNT_SHIFTS)
    page.goto(moving_path["path"])
    scene = page.locator(f"#{moving_path['name']} .moving")
    if motion == "no-preference":
        expect(scene.locator(".player")).to_be_visible(timeout=30_000)
    page.wait_for_timeout(500)
    assert page.evaluate("window.shifts") < 0.001


def opened_answer(page: Page, place: str):
    """Answers until the answer is open; the button of its feedback that shows where to look."""
    for number in range(2):
        page.locator(f"{place} input[type=radio]").nth(number).check()
        page.locator(f"{place} button[formaction]").click()
        expect(page.locator(f"{place} [id$=-said]")).to_be_visible()
        if page.locator(f"{place} .reply--hint").count() == 0:
            break
    return page.locator(f"{place} [data-ring]")


def test_feedback_plays_a_moment_again_and_rings_what_it_speaks_of(open_as, learner, moving_path):
    page = open_as(learner, viewport=LAPTOP, reduced_motion="no-preference")
    page.goto(moving_path["path"])
    place = f"#{moving_path['name']}"
    expect(page.locator(f"{place} .player")).to_be_visible(timeout=30_000)
    assert page.locator("[data-ring]").count() == 0, "not before the answer"
    button = opened_answer(page, place)
    begins, ends = map(float, button.get_attribute("data-watch").split("-"))
    button.click()
    slider = page.locator(f"{place} .player input")
    expect(page.locator(f"{place} .moving")).to_have_attribute("data-state", "playing")
    assert begins <= float(slider.input_value()) < ends
    expect(page.locator(f"{place} .stage .ring")).to_have_count(1)
    expect(page.locator(f"{place} .moving")).to_have_attribute(
        "data-state", "still", timeout=15_000
    )
    assert float(slider.input_value()) == ends, "it stops at the end of the span"
    ring = page.locator(f"{place} .stage .ring circle").first.evaluate(BOX)
    picture = page.locator(f"{place} .strip svg").first.evaluate(BOX)
    assert picture["top"] <= ring["top"] < ring["bottom"] <= picture["bottom"]
    page.locator(f"{place} .player").get_by_role("button", name="Replay").click()
    expect(page.locator(f"{place} .ring")).to_have_count(0)


def test_a_still_picture_is_ringed_too(open_as, learner):
    page = open_as(learner, viewport=PHONE)
    page.goto(STILL)
    button = opened_answer(page, "#card-1")
    button.click()
    button.click()
    expect(page.locator("#card-1 .scene > svg > .ring")).to_have_count(1)
    assert (
        page.locator("#card-1 .ring").evaluate("(e) => getComputedStyle(e).animationName") == "none"
    )


def test_where_nothing_may_move_the_still_of_the_moment_is_ringed(open_as, learner, moving_path):
    page = open_as(learner)
    page.goto(moving_path["path"])
    place = f"#{moving_path['name']}"
    opened_answer(page, place).click()
    ring = page.locator(f"{place} .strip li .ring")
    expect(ring).to_have_count(1)
    assert ring.locator("circle").first.evaluate(BOX)["height"] > 10


def test_tapping_the_picture_pauses_and_plays_it(open_as, learner, moving_path):
    page = open_as(learner, viewport=PHONE, reduced_motion="no-preference")
    page.goto(moving_path["path"])
    scene = page.locator(f"#{moving_path['name']} .moving")
    expect(scene.locator(".player")).to_be_visible(timeout=30_000)
    expect(scene).to_have_attribute("data-state", "playing")
    picture = scene.locator(".strip svg").first
    picture.click()
    expect(scene).to_have_attribute("data-state", "still")
    sign = "(e) => getComputedStyle(e, '::after').borderLeftWidth"
    assert float(scene.locator(".strip").evaluate(sign).removesuffix("px")) > 20, "a sign to play"
    expect(scene.get_by_role("button", name="Play", exact=True)).to_be_visible()
    picture.click()
    expect(scene).to_have_attribute("data-state", "playing")


def test_the_scrubber_has_a_tick_at_each_moment(open_as, learner, moving_path):
    page = open_as(learner, reduced_motion="no-preference")
    page.goto(moving_path["path"])
    scene = page.locator(f"#{moving_path['name']} .moving")
    moments = scene.locator(".moments li").evaluate_all(
        "(all) => all.map((e) => e.dataset.at / 100)"
    )
    ticks = scene.locator("input").evaluate("(e) => [...e.list.options].map((o) => +o.value)")
    assert ticks == moments
