"""A quiz in the hands of a learner with a bad connection, two tabs and little time; then the certificate."""

import re
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import expect

from tests.browser.acting import choose, chosen, give, headline, is_idle, sign_in

pytestmark = pytest.mark.browser
SAVES = "**/items/*/save/"
SAVED = re.compile(r"^Saved \d\d:\d\d$")
NOT_YET = re.compile("kept on this device")
ONWARD = re.compile("^(Next|Review and finish)$")


@pytest.fixture
def learner(site):
    return site.person()


@pytest.fixture
def attempt(site, learner):
    """The key of an open attempt of a learner who has done every lesson."""
    site.ask("go_through", email=learner.email)
    return site.ask("begin", email=learner.email)


def at_item(open_as, learner, attempt, number=1, **options):
    page = open_as(learner, **options)
    page.goto(f"/attempts/{attempt}/items/{number}/")
    return page


def state(page):
    # A question with cards has a second place that says what happened.
    return page.get_by_role("main").get_by_role("status").and_(page.locator("[data-state]"))


def answer_all(page, site, attempt):
    """Goes through the items as a person does: chooses, waits for "Saved", goes on."""
    answers = site.ask("right_answers", attempt=attempt)
    for number, answer in enumerate(answers, 1):
        headline(page, f"Question {number} of {len(answers)}")
        give(page, answer)
        expect(state(page)).to_have_text(SAVED)
        page.get_by_role("button", name=ONWARD).click()


def test_it_works(open_as, site, course, learner, look):
    site.ask("go_through", email=learner.email)
    page = open_as(learner)
    page.goto("/")
    page.get_by_role("link", name="Go to the quiz").click()
    look(page, "state-quiz-start")
    page.get_by_role("button", name="Begin").click()
    expect(state(page)).to_have_text("No answer yet")
    attempt = page.url.split("/attempts/")[1].split("/")[0]
    answer_all(page, site, attempt)
    headline(page, f"All {course['draw']} are answered")
    look(page, "state-review-all-answered")
    page.get_by_role("button", name="Finish").click()
    headline(page, re.compile(f"^Passed: {course['draw']} of {course['draw']}"))
    look(page, "state-result-passed")
    page.get_by_role("link", name="Your certificate").click()
    headline(page, "Certificate of completion")
    page.get_by_role("link", name="Correct the name").click()
    headline(page, "Correct the name on your certificate")
    look(page, "state-correct-name")
    page.get_by_label("The name on your certificate").fill("Dr Wren Ŵyn-Hill")
    page.get_by_role("button", name="Replace my certificate").click()
    expect(page.get_by_role("main")).to_contain_text("Dr Wren Ŵyn-Hill")
    page.get_by_label("One thing I will try this week").fill("Say aloud one cue that I see.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("One thing I will try this week")).to_have_value(
        "Say aloud one cue that I see."
    )
    look(page, "state-certificate-kept")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="My practice").click()
    expect(page.get_by_role("main")).to_contain_text("Say aloud one cue that I see.")


def test_the_certificate_downloads_as_pdf(open_as, site, course, learner):
    site.ask("go_through", email=learner.email)
    site.ask("take", email=learner.email, right=True)
    code = site.ask("certificate", email=learner.email)
    page = open_as(learner)
    page.goto(f"/certificates/{code}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    assert code in download.value.suggested_filename


def test_it_says_saved_only_after_the_server_did(open_as, site, learner, attempt, look):
    page, held = at_item(open_as, learner, attempt), []
    page.route(SAVES, lambda route: held.append(route))
    choose(page, 2)
    expect(state(page)).to_have_text("Saving…")
    page.wait_for_timeout(700)
    expect(state(page)).to_have_text("Saving…")
    assert site.ask("rows", attempt=attempt)["responses"] == []
    held[0].continue_()
    expect(state(page)).to_have_text(SAVED)
    page.unroute(SAVES)
    look(page, "state-item-saved")
    assert len(site.ask("rows", attempt=attempt)["responses"]) == 1
    page.reload()
    assert chosen(page) == [2]


def test_the_count_moves_with_the_answer(open_as, course, learner, attempt):
    page = at_item(open_as, learner, attempt)
    items = page.get_by_role("navigation", name="Questions of this attempt")
    expect(items).to_contain_text(f"0 of {course['draw']} answered")
    choose(page, 1)
    expect(state(page)).to_have_text(SAVED)
    expect(items).to_contain_text(f"1 of {course['draw']} answered")
    expect(items.get_by_role("link", name="Question 1, answered")).to_be_visible()


@pytest.mark.parametrize("failure", ["no connection", "server error"])
def test_what_fails_is_said_and_tried_again(open_as, site, learner, attempt, failure):
    page = at_item(open_as, learner, attempt)
    page.route(
        SAVES,
        lambda route: route.abort() if failure == "no connection" else route.fulfill(status=503),
    )
    choose(page, 1)
    expect(state(page)).to_have_text(NOT_YET)
    page.unroute(SAVES)
    expect(state(page)).to_have_text(SAVED)
    assert len(site.ask("rows", attempt=attempt)["responses"]) == 1


def test_an_answer_whose_receipt_was_lost_is_saved_once(open_as, site, learner, attempt):
    page, tried = at_item(open_as, learner, attempt), []

    def lose_the_first(route):
        tried.append(route.request.post_data)
        if len(tried) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(SAVES, lose_the_first)
    choose(page, 1)
    expect(state(page)).to_have_text(SAVED)
    assert len(tried) == 2
    assert len(site.ask("rows", attempt=attempt)["responses"]) == 1


def kept_after(page, attempt):
    """What is chosen when nothing waits any more and the first item is opened afresh."""
    page.unroute_all(behavior="ignoreErrors")
    is_idle(page)
    page.goto(f"/attempts/{attempt}/items/1/")
    return chosen(page)


def test_a_change_after_a_lost_receipt_is_no_answer_from_another_window(open_as, learner, attempt):
    page, lost = at_item(open_as, learner, attempt), []

    def lose_the_first(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.route(SAVES, lose_the_first)
    choose(page, 1)
    expect(state(page)).to_have_text(NOT_YET)
    choose(page, 2)
    wanted = chosen(page)
    expect(state(page)).to_have_text(SAVED)
    assert kept_after(page, attempt) == wanted


def test_a_change_and_a_press_while_the_first_is_on_its_way_counts(open_as, learner, attempt):
    page, held = at_item(open_as, learner, attempt), []

    def store_and_hold(route):
        if route.request.resource_type != "fetch":
            return route.continue_()
        return held.append(route.fetch())  # the server has it; its receipt is still in the tunnel

    page.route(SAVES, store_and_hold)
    choose(page, 1)
    expect(state(page)).to_have_text("Saving…")
    choose(page, 2)
    wanted = chosen(page)
    page.get_by_role("button", name="Next").click()
    headline(page, re.compile("^Question 2 of"))
    assert kept_after(page, attempt) == wanted


def test_quick_changes_end_with_the_last_one(open_as, site, learner, attempt):
    page = at_item(open_as, learner, attempt)
    for number in (1, 2, 3, 4, 2):
        choose(page, number)
    expect(state(page)).to_have_text(SAVED)
    page.wait_for_timeout(300)
    expect(state(page)).to_have_text(SAVED)
    wanted = chosen(page)  # an item of several right options keeps all that were ticked
    page.reload()
    assert chosen(page) == wanted
    assert 2 in wanted


def test_offline_waits_and_saves_once_when_back(open_as, site, learner, attempt, look):
    page = at_item(open_as, learner, attempt, viewport={"width": 360, "height": 740})
    page.context.set_offline(True)
    choose(page, 3)
    expect(state(page)).to_have_text(re.compile("You are offline.* kept on this device"))
    look(page, "state-item-offline")
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    rows = site.ask("rows", attempt=attempt)
    assert len(rows["responses"]) == 1
    second = at_item(open_as, learner, attempt)
    assert chosen(second) == [3]


@pytest.mark.parametrize("why", ["offline", "signed out"])
def test_leaving_with_an_unsaved_answer_is_asked_about(open_as, learner, attempt, why):
    page, asked = at_item(open_as, learner, attempt), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    if why == "offline":
        page.context.set_offline(True)
    else:
        page.context.clear_cookies(name="sessionid")
    choose(page, 1)
    expect(state(page)).to_have_text(re.compile("offline|signed out"))
    page.get_by_role("link", name="Close").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert chosen(page) == [1]


@pytest.mark.parametrize("press", ["Review and finish", "Next"])
def test_moving_about_with_an_unsaved_answer_stays_on_the_page_and_says_what_waits(
    open_as, learner, attempt, press
):
    page, asked = at_item(open_as, learner, attempt), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.context.set_offline(True)
    choose(page, 1)
    expect(state(page)).to_have_text(re.compile("You are offline"))
    page.get_by_text(press, exact=True).filter(visible=True).click()
    headline(page, re.compile("^Question 1 of" if press.startswith("Review") else "^Question 2 of"))
    waiting = "You are offline. 1 answer is kept on this device."
    expect(page.get_by_role("navigation", name="Questions of this attempt")).to_contain_text(
        waiting
    )
    assert asked == []


def test_of_two_tabs_the_stale_one_is_told_and_the_newer_answer_stays(
    open_as, site, learner, attempt, look
):
    old = at_item(open_as, learner, attempt)
    new = at_item(open_as, learner, attempt)
    choose(new, 2)
    expect(state(new)).to_have_text(SAVED)
    choose(old, 4)
    expect(state(old)).to_contain_text("another window later")
    look(old, "state-item-stale")
    assert len(site.ask("rows", attempt=attempt)["responses"]) == 1
    old.reload()
    assert chosen(old) == [2]
    choose(old, 4)
    expect(state(old)).to_have_text(SAVED)


def test_of_two_forms_without_javascript_the_stale_one_is_told(open_as, site, learner, attempt):
    old = at_item(open_as, learner, attempt, java_script_enabled=False)
    new = at_item(open_as, learner, attempt, java_script_enabled=False)
    choose(new, 2)
    new.get_by_role("button", name="Next").click()
    headline(new, re.compile("^Question 2 of"))
    choose(old, 4)
    old.get_by_role("button", name="Next").click()
    expect(old.get_by_role("alert")).to_contain_text("another window later")
    assert len(site.ask("rows", attempt=attempt)["responses"]) == 1
    old.goto(f"/attempts/{attempt}/items/1/")
    assert chosen(old) == [2]


def test_without_javascript_a_whole_attempt_is_taken(open_as, site, course, learner, attempt):
    page = at_item(open_as, learner, attempt, java_script_enabled=False)
    for number, answer in enumerate(site.ask("right_answers", attempt=attempt), 1):
        headline(page, f"Question {number} of {course['draw']}")
        give(page, answer)
        page.get_by_role("button", name=ONWARD).click()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Passed: {course['draw']} of")
    assert site.ask("rows", attempt=attempt)["scores"] == course["draw"]


def test_what_is_unanswered_is_listed_before_handing_in(open_as, course, learner, attempt, look):
    page = at_item(open_as, learner, attempt)
    choose(page, 1)
    expect(state(page)).to_have_text(SAVED)
    page.get_by_role("link", name="Review and finish").click()
    left = course["draw"] - 1
    headline(page, re.compile(f"^{left} of {course['draw']} have no answer yet"))
    expect(page.get_by_text("No answer yet", exact=True)).to_have_count(left)
    expect(page.get_by_role("button", name="Finish with")).to_be_visible()
    look(page, "state-review-unanswered")


def test_a_double_click_on_hand_in_makes_one_result(open_as, site, course, learner, attempt):
    site.ask("answer", attempt=attempt)
    page = open_as(learner)
    page.goto(f"/attempts/{attempt}/")
    page.get_by_role("button", name="Finish").dblclick()
    headline(page, re.compile("^Passed: "))
    rows = site.ask("rows", attempt=attempt)
    assert (rows["state"], rows["scores"], rows["attempts"]) == ("scored", course["draw"], 1)


def test_back_after_handing_in_leads_to_the_result(open_as, site, learner, attempt):
    site.ask("answer", attempt=attempt)
    page = at_item(open_as, learner, attempt)
    page.get_by_role("link", name="Review and finish").click()
    page.get_by_role("button", name="Finish").click()
    headline(page, re.compile("^Passed: "))
    for _ in range(2):
        page.go_back()
        headline(page, re.compile("^Passed: "))


def test_an_answer_after_handing_in_elsewhere_is_refused_in_words(open_as, site, learner, attempt):
    page = at_item(open_as, learner, attempt)
    site.ask("answer", attempt=attempt)
    other = open_as(learner)
    other.goto(f"/attempts/{attempt}/")
    other.get_by_role("button", name="Finish").click()
    headline(other, re.compile("^Passed: "))
    before = len(site.ask("rows", attempt=attempt)["responses"])
    choose(page, 1)
    expect(state(page)).to_contain_text("handed in already")
    page.get_by_role("button", name="Next").click()
    headline(page, re.compile("^Passed: "))
    expect(page.get_by_role("main")).to_contain_text("handed in already")
    assert len(site.ask("rows", attempt=attempt)["responses"]) == before


def sign_in_in_the_middle(page, learner, attempt):
    """Answers the second item after the session ended, and signs in by the button that leads there."""
    page.context.clear_cookies(name="sessionid")
    choose(page, 3)
    page.get_by_role("button", name="Next").filter(visible=True).click()
    headline(page, "Sign in")
    sign_in(page, learner.email, learner.password)
    headline(page, re.compile("^Question 2 of"))
    assert chosen(page) == [3]


def test_signed_out_in_the_middle_the_answer_waits_and_is_sent_after_signing_in(
    open_as, site, learner, attempt, look
):
    page = at_item(open_as, learner, attempt, 2)
    page.context.clear_cookies(name="sessionid")
    choose(page, 3)
    expect(state(page)).to_have_text(
        re.compile("You are signed out.*kept on this device.*Sign in to send it")
    )
    look(page, "state-item-signed-out")
    assert site.ask("rows", attempt=attempt)["responses"] == []
    sign_in_in_the_middle(page, learner, attempt)
    expect(state(page)).to_have_text(SAVED)
    assert len(site.ask("rows", attempt=attempt)["responses"]) == 1


def test_signed_out_in_the_middle_without_javascript_nothing_is_lost(
    open_as, site, learner, attempt, look
):
    page = at_item(open_as, learner, attempt, 2, java_script_enabled=False)
    sign_in_in_the_middle(page, learner, attempt)
    expect(page.get_by_role("main")).to_contain_text(
        "You were signed out before this answer was saved"
    )
    assert site.ask("rows", attempt=attempt)["responses"] == []
    page.get_by_role("button", name="Next").click()
    headline(page, re.compile("^Question 3 of"))
    assert len(site.ask("rows", attempt=attempt)["responses"]) == 1


def test_an_attempt_whose_time_is_over_says_so_and_leads_to_its_result(
    open_as, site, learner, attempt, look
):
    site.ask("answer", attempt=attempt)
    site.ask("run_out", attempt=attempt)
    page = open_as(learner)
    page.goto(f"/attempts/{attempt}/")
    headline(page, re.compile("^The time was over on"))
    look(page, "state-time-over")
    page.get_by_role("link", name=re.compile("quiz", re.I)).first.click()
    look(page, "state-quiz-time-over")
    page.get_by_role("button", name="See the result").click()
    headline(page, re.compile("^Passed: "))


def test_words_that_wait_after_signing_in_can_be_saved_with_javascript_too(
    open_as, site, learner, attempt, look
):
    plain = at_item(open_as, learner, attempt, 2, java_script_enabled=False)
    sign_in_in_the_middle(plain, learner, attempt)
    page = open_as(storage_state=plain.context.storage_state())
    page.goto(f"/attempts/{attempt}/items/2/")
    look(page, "state-item-restored")
    page.get_by_role("button", name="Next").filter(visible=True).click()
    headline(page, re.compile("^Question 3 of"))
    expect(page.locator("[data-count]")).to_contain_text("1 of")
    is_idle(page)
    assert len(site.ask("rows", attempt=attempt)["responses"]) == 1
    page.goto(f"/attempts/{attempt}/items/2/")
    expect(page.get_by_role("main")).not_to_contain_text("You were signed out")


def test_not_passing_says_what_to_do_and_how_many_attempts_are_left(
    open_as, site, course, learner, look
):
    site.ask("go_through", email=learner.email)
    key = site.ask("take", email=learner.email, right=False)
    page = open_as(learner)
    page.goto(f"/attempts/{key}/result/")
    headline(page, re.compile("to (get right|pass)$"))
    expect(page.get_by_role("main")).to_contain_text("more attempts")
    expect(page.get_by_role("link", name=re.compile("^Look again at"))).to_be_visible()
    look(page, "state-result-not-passed")
    site.ask("take", email=learner.email, right=False)
    site.ask("take", email=learner.email, right=False)
    page.goto(f"/courses/{course['key']}/quiz/final/")
    expect(page.get_by_role("main")).to_contain_text("You can try once more")
    look(page, "state-quiz-used-up")


def test_an_item_tells_nothing_of_its_answer(open_as, site, learner, attempt):
    page = at_item(open_as, learner, attempt)
    html = page.content()
    assert not re.search(r"correct|feedback|rationale|tempting", html, re.I)


def test_a_certificate_is_not_given_before_the_course_is_completed(
    open_as, site, course, learner, attempt
):
    page = open_as(learner)
    page.goto(f"/courses/{course['key']}/certificate/")
    headline(page, "Your certificate is not ready yet")
    expect(page.get_by_role("link", name="See what is left")).to_be_visible()


PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
MOVING = "recognising-early-stress"  # the course with scenes in its quiz
COURSES = ["first-1001-days", MOVING, "under-twos-in-camhs"]
LONGEST_RESULT = 3000  # px on a phone, with three mistakes

IN_VIEW = """(item) => {
  const options = [...item.querySelectorAll("[data-fields] label")];
  options.at(-1).scrollIntoView({ block: "nearest", behavior: "instant" });
  const pictures = [...item.querySelectorAll(".beside__look svg")];
  const picture = pictures.find((one) => one.getBoundingClientRect().height > 100).getBoundingClientRect();
  const last = options.at(-1).getBoundingClientRect();
  const bar = item.querySelector(".onward").getBoundingClientRect();
  const isBelow = last.left >= picture.right || last.top >= picture.bottom - 1;
  return isBelow && picture.top >= -1 && last.bottom <= Math.min(innerHeight, bar.top) + 1;
}"""


@pytest.mark.parametrize("key", COURSES)
def test_a_result_with_three_mistakes_is_three_screens_and_a_half_long(open_as, site, look, key):
    """The usual draw: of five, as a quiz that draws three cases of two parts each is longer."""
    heights = []
    for _ in range(5):
        learner = site.person()
        attempt = site.ask("take_quiz_of", email=learner.email, course=key, mistakes=3)
        page = open_as(learner, viewport=PHONE)
        page.goto(f"/attempts/{attempt}/result/")
        expect(page.locator(".missed")).to_have_count(3)
        heights.append(page.evaluate("document.documentElement.scrollHeight"))
    print(f"result of {key} with three mistakes | {sorted(heights)} px | {LONGEST_RESULT} px")
    look(page, f"state-result-three-mistakes-{key}")
    assert median(heights) <= LONGEST_RESULT
    for picture in page.locator(".missed img").all():
        assert picture.evaluate("(img) => img.decode().then(() => img.naturalWidth > 0)")


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_picture_and_the_last_option_share_one_view(open_as, site, viewport):
    learner = site.person()
    asked = site.ask("open_quiz_of", email=learner.email, course=MOVING)
    page = open_as(learner, viewport=viewport)
    seen = []
    for number in asked["numbers"]:
        page.goto(f"/attempts/{asked['key']}/items/{number}/")
        seen.append(page.locator("[data-number]:not([hidden])").evaluate(IN_VIEW))
    width = viewport["width"]
    print(f"picture and last option in view at {width} px | {sum(seen)} of {len(seen)} | 9 of 10")
    assert sum(seen) * 10 >= len(seen) * 9


def test_what_was_wrong_is_practised_with_parallel_questions(open_as, site, look):
    learner = site.person()
    attempt = site.ask("take_quiz_of", email=learner.email, course=MOVING, mistakes=2)
    page = open_as(learner, viewport=PHONE)
    page.goto(f"/attempts/{attempt}/result/")
    page.get_by_role("link", name="Practise these now").click()
    headline(page, re.compile("^Question 1 of"))
    look(page, "state-practice")
    page.get_by_role("button", name="Check my answer").click()
    expect(page.get_by_text("Error:")).to_be_attached()
    page.get_by_role("link", name="Close").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith(f"/attempts/{attempt}/result/")
