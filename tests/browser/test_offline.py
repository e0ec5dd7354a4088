"""A quiz where the line, the server, the session or the tab goes away: what the page called saved is saved, once.

A witness on every page notes each time an item says "Saved" and what is chosen then; each test ends by looking for all
of it in the rows.
"""

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.acting import choose, chosen, headline, is_idle, sign_in

pytestmark = pytest.mark.browser
SAVES = "**/items/*/save/"
ONWARD = re.compile("^(Next|Review and finish)$")
SAVED = re.compile(r"^Saved \d\d:\d\d$")
WITNESS = """
const look = () => {
  for (const item of document.querySelectorAll("[data-number]")) {
    const text = item.querySelector("[data-state]").textContent;
    const saved = /^Saved \\d\\d:\\d\\d$/.test(text);
    if (saved && !item.seen) heard(Number(item.dataset.number), [...item.querySelectorAll(":checked")].map((one) => one.value));
    item.seen = saved;
  }
};
addEventListener("DOMContentLoaded", () => {
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  look();
});
"""


@pytest.fixture
def learner(site):
    return site.person()


@pytest.fixture
def attempt(site, learner):
    return site.ask("begin", email=learner.email)


@pytest.fixture
def rows(site, attempt):
    """What is stored now: [number of the item, answer] of every response, oldest first."""

    def read():
        told = site.ask("rows", attempt=attempt)
        return [[told["items"].index(key) + 1, answer] for key, answer, _ in told["responses"]]

    return read


@pytest.fixture
def heard(rows):
    """[number, answer] of everything a page called saved. All of it is in the rows when the test is over."""
    told: list[list] = []
    yield told
    stored = rows()
    assert told, "no page said that anything was saved"
    assert not [one for one in told if one not in stored], stored


@pytest.fixture
def at_item(open_as, attempt, heard):
    """Opens an item as somebody, in a browser of their own, with a witness on all its pages."""

    def open_(person, number=1, **options):
        page = open_as(person, **options)
        page.context.expose_function("heard", lambda number, answer: heard.append([number, answer]))
        page.context.add_init_script(WITNESS)
        page.goto(f"/attempts/{attempt}/items/{number}/")
        return page

    return open_


def state(page):
    # A question with cards has a second place that says what happened.
    return page.get_by_role("main").get_by_role("status").and_(page.locator("[data-state]"))


def summary(page):
    return page.get_by_role("navigation", name="Questions of this attempt")


def answer_items(page, options):
    """Chooses one option of each item in turn, and goes on by the button, as fast as the page lets one."""
    for number, option in enumerate(options, 1):
        headline(page, re.compile(f"^Question {number} of"))
        choose(page, option)
        page.get_by_role("button", name=ONWARD).click()


def keys_at(page, options):
    """[number, answer] of the options chosen in turn, as the rows have them."""
    found = []
    for number, option in enumerate(options, 1):
        inputs = page.locator(f"[data-number='{number}'] input[name=option]")
        found.append([number, [inputs.nth(option - 1).get_attribute("value")]])
    return found


def three_waiting(page):
    page.context.set_offline(True)
    answer_items(page, (1, 2, 3))
    page.get_by_role("link", name="Question 3, waiting to be sent").click()


def test_it_works(at_item, learner, rows, look):
    page = at_item(learner)
    three_waiting(page)
    waiting = "You are offline. 3 answers are kept on this device"
    expect(state(page)).to_have_text(
        "You are offline. This answer is kept on this device, sent when you are back online"
    )
    expect(summary(page)).to_contain_text(f"0 of 12 answered. {waiting}.")
    assert rows() == []
    look(page, "state-item-three-waiting")
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    expect(summary(page)).to_contain_text(re.compile(r"3 of 12 answered\.\s*1"))
    assert rows() == keys_at(page, (1, 2, 3))


@dataclass
class Line:
    """Carries what is saved, and breaks at one point: 3 before each answer, as it leaves, and with its receipt on the way."""

    page: Page
    breaks_at: int
    passed: int = 0
    committed: set[str] = field(default_factory=set)

    def breaks(self) -> bool:
        """Passes one more point; whether the line is broken now."""
        self.passed += 1
        if self.passed == self.breaks_at:
            self.page.context.set_offline(True)
        return self.passed >= self.breaks_at

    def carry(self, route: Route) -> None:
        if self.passed < self.breaks_at and not self.breaks():
            answer = route.fetch()
            self.committed.add(route.request.url)
            if not self.breaks():
                return route.fulfill(response=answer)
        return route.abort("internetdisconnected")


@pytest.mark.parametrize("point", range(1, 11))
def test_the_line_breaks_at_any_point_and_nothing_is_lost_or_doubled(at_item, learner, rows, point):
    page = at_item(learner)
    line = Line(page, point)
    page.route(SAVES, line.carry)
    for number, option in enumerate((2, 3, 1), 1):
        headline(page, re.compile(f"^Question {number} of"))
        is_broken = line.passed >= point or line.breaks()
        choose(page, option)
        if not is_broken:
            expect(state(page)).to_have_text(re.compile(r"^Saved|kept on this device", re.I))
        page.get_by_role("button", name=ONWARD).click()
    is_last = line.passed < point and line.breaks()
    before = rows()
    assert len(before) == len(line.committed)
    waiting = 3 - len(before) + (point in (3, 6, 9))
    assert bool(waiting) != is_last
    if waiting:
        expect(summary(page)).to_contain_text(
            re.compile(rf"You are offline\. {waiting} answers? (is|are) kept on this device")
        )
    page.unroute(SAVES)
    page.context.set_offline(False)
    is_idle(page)
    expect(summary(page)).to_contain_text(re.compile(r"3 of 12 answered\.\s*1"))
    assert rows() == keys_at(page, (2, 3, 1))


def test_the_server_goes_away_after_it_stored_the_answer(at_item, learner, rows):
    page, tried = at_item(learner), []

    def go_away(route):
        tried.append(route.request.post_data)
        if len(tried) == 1:
            route.fetch()
            return route.abort("connectionreset")
        return route.fulfill(status=502) if len(tried) < 4 else route.continue_()

    page.route(SAVES, go_away)
    choose(page, 2)
    expect(state(page)).to_have_text("This answer is kept on this device. Trying again")
    page.wait_for_timeout(300)
    expect(state(page)).to_have_text(SAVED, timeout=15_000)
    assert len(tried) == 4
    assert len(set(tried)) == 1, "it is the same change each time"
    assert rows() == keys_at(page, (2,))


@pytest.mark.parametrize(
    "body",
    ["<html>Welcome to our guest network</html>", '{"sav', "null", "{}"],
    ids=["portal", "half", "null", "empty"],
)
def test_an_answer_that_is_no_receipt_is_not_called_saved(at_item, learner, rows, body):
    page = at_item(learner)
    page.route(SAVES, lambda route: route.fulfill(status=200, body=body))
    choose(page, 1)
    expect(state(page)).to_have_text("This answer is kept on this device. Trying again")
    assert rows() == []
    page.unroute(SAVES)
    expect(state(page)).to_have_text(SAVED)
    assert rows() == keys_at(page, (1,))


def test_a_tab_closed_with_answers_waiting_sends_them_when_it_is_opened_again(
    at_item, learner, attempt, rows
):
    page = at_item(learner)
    three_waiting(page)
    page.close(run_before_unload=False)
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(f"/attempts/{attempt}/items/2/")
    expect(state(again)).to_have_text(SAVED)
    assert chosen(again) == [2]
    is_idle(again)
    assert rows() == keys_at(again, (1, 2, 3))


def test_answers_waiting_in_two_tabs_that_are_closed_are_all_sent(at_item, learner, attempt, rows):
    first = at_item(learner)
    second = first.context.new_page()
    second.goto(f"/attempts/{attempt}/items/2/")
    first.context.set_offline(True)
    choose(first, 1)
    choose(second, 2)
    for page in (first, second):
        expect(state(page)).to_contain_text("You are offline")
        page.close(run_before_unload=False)
    again = first.context.new_page()
    first.context.set_offline(False)
    again.goto(f"/attempts/{attempt}/items/1/")
    expect(state(again)).to_have_text(SAVED)
    is_idle(again)
    assert rows() == keys_at(again, (1, 2))


def test_a_reload_with_answers_waiting_shows_them_and_says_that_they_wait(at_item, learner, rows):
    page = at_item(learner)
    page.route(SAVES, lambda route: route.fulfill(status=503))
    answer_items(page, (1, 2, 3))
    page.get_by_role("link", name="Question 2, waiting to be sent").click()
    page.reload()
    assert chosen(page) == [2]
    expect(state(page)).to_have_text("This answer is kept on this device. Trying again")
    expect(summary(page)).to_contain_text("3 answers are kept on this device.")
    page.unroute(SAVES)
    is_idle(page)
    expect(state(page)).to_have_text(SAVED)
    assert rows() == keys_at(page, (1, 2, 3))


def signed_out_with_three(page):
    page.context.clear_cookies(name="sessionid")
    for number in (1, 2, 3):
        summary(page).get_by_role("link", name=f"Question {number},").click()
        choose(page, number)
    expect(state(page)).to_have_text(
        "You are signed out. This answer is kept on this device. Sign in to send it"
    )
    waiting = "You are signed out. 3 answers are kept on this device."
    expect(summary(page)).to_contain_text(waiting)


def test_a_session_that_ended_keeps_the_answers_until_one_signs_in_here(at_item, learner, rows):
    page = at_item(learner)
    signed_out_with_three(page)
    assert rows() == []
    state(page).get_by_role("link", name="Sign in").click()
    sign_in(page, learner.email, learner.password)
    headline(page, re.compile("^Question 3 of"))
    expect(state(page)).to_have_text(SAVED)
    is_idle(page)
    assert rows() == keys_at(page, (1, 2, 3))


def test_handing_in_offline_stays_on_the_page_and_says_that_all_is_saved(at_item, learner, rows):
    page = at_item(learner)
    choose(page, 2)
    expect(state(page)).to_have_text(SAVED)
    page.context.set_offline(True)
    page.get_by_role("link", name="Review and finish").click()
    expect(summary(page)).to_contain_text("You are offline. What you answered here is saved.")
    page.context.set_offline(False)
    page.get_by_role("link", name="Review and finish").click()
    headline(page, "11 of 12 have no answer yet")
    assert len(rows()) == 1


@pytest.mark.parametrize("keeps", ["session", "nothing"])
def test_signing_in_in_another_tab_changes_the_token_and_this_one_goes_on(
    at_item, learner, rows, keeps
):
    """The token of the open page is no longer good: with the old session still there, or with no cookie left at all."""
    page = at_item(learner)
    if keeps == "nothing":
        page.context.clear_cookies()
        choose(page, 1)
        expect(state(page)).to_contain_text("You are signed out")
    other = page.context.new_page()
    other.goto("/account/login/" if keeps == "nothing" else "/")
    if keeps == "session":
        other.get_by_role("button", name="Sign out").click()
        other.goto("/account/login/")
    sign_in(other, learner.email, learner.password)
    expect(other.get_by_role("button", name="Sign out")).to_be_visible()
    if keeps == "nothing":
        page.evaluate("dispatchEvent(new Event('focus'))")
    else:
        choose(page, 1)
    expect(state(page)).to_have_text(SAVED)
    choose(page, 2)
    is_idle(page)
    assert rows() == keys_at(page, (1,)) + keys_at(page, (2,))


def test_on_a_shared_laptop_the_answers_wait_for_their_owner(at_item, site, learner, rows):
    page, other = at_item(learner), site.person("Robin Moss")
    theirs = {"name": "sessionid", "value": other.session, "url": site.url}
    page.context.set_offline(True)
    choose(page, 2)
    expect(state(page)).to_contain_text("You are offline")
    page.context.add_cookies([theirs])
    page.context.set_offline(False)
    expect(state(page)).to_have_text(
        "Somebody else is signed in now. This answer is kept on this device. Sign in as yourself to send it"
    )
    assert rows() == []
    page.context.add_cookies([theirs | {"value": learner.session}])
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(state(page)).to_have_text(SAVED)
    assert rows() == keys_at(page, (2,))


def test_what_another_device_answered_meanwhile_stays(at_item, learner, rows):
    page, phone = at_item(learner), at_item(learner, viewport={"width": 360, "height": 740})
    three_waiting(page)
    choose(phone, 4)
    expect(state(phone)).to_have_text(SAVED)
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    page.get_by_role("link", name="Question 1, not yet answered").click()
    expect(state(page)).to_contain_text(
        "You answered this question in another window later. That answer is kept"
    )
    expect(summary(page)).to_contain_text("2 of 12 answered")
    stored = rows()
    assert stored == [keys_at(page, (4,))[0], *keys_at(page, (1, 2, 3))[1:]]
    state(page).get_by_role("link", name="See what is kept").click()
    expect(state(page)).to_have_text(SAVED)
    assert chosen(page) == [4]


def test_the_page_before_handing_in_sends_what_waits_and_counts_it(at_item, learner, attempt, rows):
    page = at_item(learner)
    three_waiting(page)
    page.route(SAVES, lambda route: route.fulfill(status=503))
    page.context.set_offline(False)
    page.goto(f"/attempts/{attempt}/hand-in/")
    headline(page, "12 of 12 have no answer yet")
    expect(state(page)).to_contain_text("3 answers are kept on this device")
    page.get_by_role("button", name="Finish with").click()
    expect(state(page)).to_contain_text("3 answers are kept on this device")
    page.unroute(SAVES)
    headline(page, "9 of 12 have no answer yet")
    page.goto(f"/attempts/{attempt}/items/3/")
    assert rows() == keys_at(page, (1, 2, 3))


def test_the_page_before_handing_in_says_what_was_not_taken(at_item, learner, attempt, rows):
    page, phone = at_item(learner), at_item(learner)
    three_waiting(page)
    choose(phone, 4)
    expect(state(phone)).to_have_text(SAVED)
    page.route(SAVES, lambda route: route.fulfill(status=503))
    page.context.set_offline(False)
    page.goto(f"/attempts/{attempt}/hand-in/")
    expect(state(page)).to_contain_text("3 answers are kept on this device")
    page.unroute(SAVES)
    is_idle(page)
    expect(state(page)).to_contain_text(
        "Question 1: You answered this question in another window later"
    )
    state(page).get_by_role("link", name="See what is kept").click()
    headline(page, "9 of 12 have no answer yet")
    assert len(rows()) == 3
