"""Reading aloud with a voice that writes down what it is given, and text in four sizes."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# A voice of the device, which reads nothing until `ended` says that it has come to an end.
VOICE = """(() => {
  const said = [];
  let speech = null;
  const voices = [
    { name: "far", lang: "en-GB", localService: false },
    { name: "near", lang: "en-GB", localService: VOICES_ARE_HERE },
  ];
  const synthesis = {
    paused: false,
    getVoices: () => voices,
    speak(one) { said.push([one.text, one.voice.name]); speech = one; },
    cancel() { speech = null; },
    pause() { this.paused = true; },
    resume() { this.paused = false; },
    addEventListener() {},
  };
  Object.defineProperty(window, "speechSynthesis", { value: synthesis });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  window.said = said;
  window.ended = () => { const one = speech; speech = null; one?.onend(); };
})()"""
PHONE = {"viewport": {"width": 390, "height": 844}}


def voice(*, here: bool) -> str:
    return VOICE.replace("VOICES_ARE_HERE", str(here).lower())


@pytest.fixture
def learner(site):
    person = site.person("Rowan Hill")
    site.ask("reach", email=person.email, lesson=1, step=2)
    return person


@pytest.fixture
def step(course):
    lesson = course["lessons"][0]
    return f"/courses/{course['key']}/lessons/{lesson['key']}/{lesson['steps'][0]['key']}/"


def heard(page) -> list[str]:
    """What is read from now to the end."""
    for _ in range(200):
        page.evaluate("ended()")
    return [text for text, _ in page.evaluate("said")]


def test_it_works(open_as, learner, step):
    """The card in view is read to its end, by a voice of the device, and then it is silent."""
    page = open_as(learner, **PHONE)
    page.add_init_script(voice(here=True))
    page.goto(step)
    page.get_by_role("button", name="Read aloud").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    texts = heard(page)
    assert texts[0] == page.get_by_role("heading", level=1).inner_text()
    shown = page.locator(".card.shown").inner_text()
    shown = " ".join(shown.split())
    assert all(text.strip() in shown for text in texts[1:]), texts
    assert len(" ".join(texts)) > len(shown) / 2
    assert {name for _, name in page.evaluate("said")} == {"near"}
    expect(page.get_by_role("button", name="Read aloud")).to_be_visible()


def test_it_stops_pauses_and_ends_with_its_card(open_as, learner, step):
    page = open_as(learner, **PHONE)
    page.add_init_script(voice(here=True))
    page.goto(step)
    page.get_by_role("button", name="Read aloud").click()
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate("speechSynthesis.paused")
    page.get_by_role("button", name="Carry on", exact=True).click()
    assert not page.evaluate("speechSynthesis.paused")
    page.get_by_role("button", name="Stop").click()
    # The press is taken a moment later: `aloud.js` is imported at each press.
    expect(page.get_by_role("button", name="Read aloud")).to_be_visible()
    assert len(heard(page)) == 1
    page.get_by_role("button", name="Read aloud").click()
    page.locator("[data-onward]").click()
    expect(page.get_by_role("button", name="Read aloud")).to_be_visible()


@pytest.mark.parametrize("has_script", [True, False])
def test_there_is_no_button_where_nothing_can_read(open_as, learner, step, has_script):
    """Voices that are somewhere else would get the text: then it is as if there were none."""
    page = open_as(learner, java_script_enabled=has_script)
    page.add_init_script(voice(here=False))
    page.goto(step)
    expect(page.get_by_role("button", name="Read aloud")).to_have_count(0)


def is_wider_than_the_screen(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_largest_text_fits_a_phone_and_is_remembered(open_as, learner, step):
    page = open_as(learner, **PHONE)
    page.goto(step)
    before = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.locator("summary", has_text="A").first.click()
    page.get_by_label("Largest").check()
    page.get_by_label("Widest").check()
    after = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    assert after == pytest.approx(1.5 * before)
    page.keyboard.press("Escape")
    expect(page.get_by_label("Largest")).to_be_hidden()
    wide = []
    for path in (step, "/", "/courses/", "/details/", "/record/", "/see/"):
        page.goto(path)
        assert page.locator("html").get_attribute("data-text-size") == "3"
        if is_wider_than_the_screen(page):
            wide.append(path)
    assert wide == []


def test_without_a_script_a_button_sets_it(open_as, learner, step):
    page = open_as(learner, java_script_enabled=False, **PHONE)
    page.goto(step)
    page.locator("summary", has_text="A").first.click()
    page.get_by_label("Larger").check()
    page.get_by_role("button", name="Set").click()
    assert page.url.endswith(step)
    assert page.locator("html").get_attribute("data-text-size") == "2"
    page.goto("/accessibility/")
    expect(page.get_by_label("Larger")).to_be_checked()
