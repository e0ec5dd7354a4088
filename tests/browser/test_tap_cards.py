"""Cards to match and to put in order, by taps: in a lesson and in a quiz, where each tap is saved and outlives a reload."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import come_to, is_idle, place_cards

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
KINDS = ["order", "match"]  # the first items of the quiz
SAVED = re.compile(r"^Saved \d\d:\d\d$")


@pytest.fixture
def learner(site):
    return site.person()


@pytest.fixture
def attempt(site, learner):
    return site.ask("begin_with", email=learner.email, kinds=KINDS)


@pytest.fixture
def stored(site, attempt):
    """The newest stored answer to the item at this number; None before there is one."""

    def read(number):
        found = site.ask("rows", attempt=attempt)
        key = found["items"][number - 1]
        answers = [answer for item, answer, _ in found["responses"] if item == key]
        return answers[-1] if answers else None

    return read


@pytest.fixture
def at_item(open_as, learner, attempt):
    def open_(kind, **options):
        number = KINDS.index(kind) + 1
        page = open_as(learner, viewport=PHONE, **options)
        page.goto(f"/attempts/{attempt}/items/{number}/")
        return page, page.locator(f"[data-number='{number}']"), number

    return open_


def turns(item):
    """The words of the cards that are in order, first to last."""
    return item.locator(".tap__list--turns > li").all_inner_texts()


def left(item):
    """The words of the cards that are still to be tapped."""
    return item.locator(".tap__place").all_inner_texts()


def tap(item, words):
    item.locator(".tap__place", has_text=words).click()


def saved(item):
    expect(item.locator("[data-state]")).to_have_text(SAVED)


def test_it_works(at_item, stored, look):
    page, item, number = at_item("order")
    cards = left(item)
    wanted = [cards[1], cards[0], *cards[2:]]
    for words in wanted:
        tap(item, words)
    saved(item)
    is_idle(page)
    assert turns(item) == wanted
    places = stored(number)
    assert len(set(places.values())) == len(cards), "each card has a place of its own"
    look(page, "state-cards-in-order")
    page.reload()
    assert turns(item) == wanted
    assert left(item) == []
    assert stored(number) == places


def test_undo_takes_back_the_last_and_only_the_last(at_item, stored):
    page, item, number = at_item("order")
    undo = item.get_by_role("button", name="Undo the last")
    expect(undo).to_be_hidden()
    first, second, third, *_ = left(item)
    for words in (first, second):
        tap(item, words)
    undo.click()
    assert turns(item) == [first]
    expect(item.locator(".tap__place").first).to_be_focused()
    tap(item, third)
    is_idle(page)
    assert turns(item) == [first, third]
    assert len(stored(number)) == 2
    page.reload()
    assert turns(item) == [first, third]
    undo.click()
    undo.click()
    expect(undo).to_be_hidden()
    saved(item)
    is_idle(page)
    page.reload()
    assert turns(item) == []
    assert not stored(number)


def test_cards_are_put_in_order_by_keyboard(at_item, stored):
    page, item, number = at_item("order")
    cards = left(item)
    item.locator(".tap__place").first.focus()
    for _ in range(len(cards) + 1):  # held a little too long: nothing is taken back
        page.keyboard.press("Enter")
    assert turns(item) == cards
    expect(item.locator(".tap__progress")).to_be_focused()
    page.keyboard.press("Tab")
    expect(item.get_by_role("button", name="Undo the last")).to_be_focused()
    page.keyboard.press("Enter")
    assert turns(item) == cards[:-1]
    is_idle(page)
    assert len(stored(number)) == len(cards) - 1


def test_cards_that_were_matched_are_saved_and_can_be_changed_after_a_reload(
    at_item, stored, site, attempt, look
):
    page, item, number = at_item("match")
    right = site.ask("right_answers", attempt=attempt)[number - 1]
    assert place_cards(item, right) == len(right), "a tap a card"
    saved(item)
    is_idle(page)
    before = stored(number)
    look(page, "state-cards-matched")
    page.reload()
    expect(item.locator(".tap__progress")).to_have_text(f"{len(right)} of {len(right)} placed")
    item.get_by_role("button", name="Change").first.click()
    expect(item.locator(".tap__place").first).to_be_focused()
    item.locator(".tap__place[aria-pressed='false']").first.click()
    saved(item)
    is_idle(page)
    after = stored(number)
    changed = [card for card in before if before[card] != after[card]]
    assert len(changed) == 1


def test_taps_without_a_line_wait_through_a_reload_and_are_sent(at_item, stored):
    page, item, number = at_item("order")
    page.route("**/save/", lambda route: route.fulfill(status=503))
    cards = left(item)
    for words in cards:
        tap(item, words)
    expect(item.locator("[data-state]")).to_contain_text("kept on this device")
    assert stored(number) is None
    page.reload()
    assert turns(item) == cards
    expect(item.locator("[data-state]")).to_contain_text("kept on this device")
    page.unroute("**/save/")
    is_idle(page)
    saved(item)
    assert len(stored(number)) == len(cards)


def test_without_a_script_the_cards_have_menus(at_item):
    _, item, _ = at_item("order", java_script_enabled=False)
    assert item.locator("select:visible").count() >= 3
    assert item.locator(".tap").count() == 0


def test_a_match_in_a_lesson_is_saved_by_taps_and_answered_in_place(open_as, site, learner):
    found = site.ask("step_with", email=learner.email, kind="match")
    activity = found["activity"]
    page = open_as(learner, viewport=PHONE)
    page.goto(found["path"])
    place = come_to(page, activity["name"])
    value = place.locator(".tap__place").first.get_attribute("value")
    place_cards(place, dict.fromkeys(activity["right"], value))
    saved(place)
    page.reload()
    place = come_to(page, activity["name"])
    total = len(activity["right"])
    expect(place.locator(".tap__progress")).to_have_text(f"{total} of {total} placed")
    place.get_by_role("button", name="Check my answer").click()
    said = page.locator(f"#{activity['name']}-said")
    expect(said).to_have_text(re.compile(rf"^1 of {total} right"))
    expect(said).to_be_focused()
    assert ".." not in place.inner_text(), "one full stop a sentence"
    expect(place.locator(".tap__progress")).to_be_visible()
