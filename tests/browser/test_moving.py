"""A moving scene: it plays, pauses, plays again and can be looked through by hand; stills where nothing may move.

The other browser tests ask for reduced motion; these do not.
"""

import gzip
import os
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from courses.authoring.courses import read_courses
from courses.figure.baby import draw_layers
from courses.figure.motion.merging import stable_order
from courses.figure.motion.paths import split_path
from courses.figure.motion.timeline import Timeline
from tests.browser.looking import TELL_CSP
from tests.path_templates import fill_template

pytestmark = pytest.mark.browser
SHIPPED = Path(__file__).parents[2] / "courses" / "content"
KB = 1000
MORE = 40 * KB  # what a step with a moving scene may weigh more, compressed, over one without
FRAMES = 50  # a second, in the best of some seconds
BUSY = 1.5  # other work for every core: then the figure says little of the scene, and a quarter of it must do
COUNT_FRAMES = """() => new Promise((done) => {
  let [count, begin] = [0, 0];
  const frame = (time) => {
    begin ||= time;
    if (time - begin >= 1000) return done((count * 1000) / (time - begin));
    count++;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""
LINES = """() => [...document.querySelectorAll(".moving svg path")]
  .filter((line) => !line.closest("[display=none]")).map((line) => line.getAttribute("d"))"""


@pytest.fixture
def moving(open_as):
    """The visitor's scene, playing."""
    page = open_as(reduced_motion="no-preference")
    page.add_init_script(TELL_CSP)
    page.errors = []
    page.on(
        "console",
        lambda message: page.errors.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.goto("/see/")
    expect(page.locator(".moving.plays")).to_be_visible(
        timeout=30_000
    )  # the file is made when it is first asked for
    page.locator(".moving svg").scroll_into_view_if_needed()
    yield page
    assert page.errors == []


def at(page: Page) -> float:
    """Where the scene is, in seconds."""
    return float(page.get_by_role("slider").input_value())


def button(page: Page, name: str):
    return page.locator(".player").get_by_role("button", name=name, exact=True)


def is_playing(page: Page, yes: bool = True) -> None:
    expect(page.locator(".moving")).to_have_attribute("data-state", "playing" if yes else "still")


def drawn(page: Page) -> list[str]:
    return page.evaluate(LINES)


def absolute(d: str) -> str:
    """Path data in the commands of the player; a line that does not move has those of the server."""
    is_relative = re.search(r"[a-y]", d)
    return fill_template(*split_path(d)) if is_relative else d


def moves(page: Page) -> bool:
    """Whether the drawing changes within a second: the chest always does."""
    trunk = page.locator(".moving svg [transform*=scale]")
    before = trunk.get_attribute("transform")
    until = time.monotonic() + 1.0
    while time.monotonic() < until:
        if trunk.get_attribute("transform") != before:
            return True
        time.sleep(0.05)
    return False


def test_it_works(moving):
    is_playing(moving)
    before = at(moving)
    moving.wait_for_function(
        "(t) => +document.querySelector('.player input').value > t + 1", arg=before
    )
    assert moves(moving)


def test_it_pauses_and_goes_on(moving):
    button(moving, "Pause").click()
    is_playing(moving, False)
    stopped, lines = at(moving), drawn(moving)
    assert not moves(moving)
    assert (at(moving), drawn(moving)) == (stopped, lines)
    button(moving, "Play").click()
    is_playing(moving)
    moving.wait_for_function(
        "(t) => +document.querySelector('.player input').value > t + 0.5", arg=stopped
    )


def test_it_plays_again_from_the_beginning(moving):
    moving.get_by_role("slider").fill("6")
    is_playing(moving, False)
    button(moving, "Replay").click()
    is_playing(moving)
    assert at(moving) < 3


def test_it_ends_by_itself_and_play_begins_anew(moving):
    slider = moving.get_by_role("slider")
    end = float(slider.get_attribute("max"))
    slider.fill(str(end - 0.5))
    button(moving, "Play").click()
    is_playing(moving, False)
    assert at(moving) == end
    button(moving, "Play").click()
    is_playing(moving)
    assert at(moving) < 3


def test_the_slider_shows_a_moment_by_keyboard(moving):
    slider = moving.get_by_role("slider", name="Moment")
    slider.fill("5")
    lines = drawn(moving)
    slider.press("ArrowRight")
    assert at(moving) == pytest.approx(5.1)
    slider.press("End")
    assert drawn(moving) != lines
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^\d+ seconds$"))


def test_the_slider_is_no_answer(moving):
    """It stands inside forms that save what changes in them."""
    moving.evaluate(
        "for (const kind of ['input', 'change']) addEventListener(kind, () => { document.title = kind; })"
    )
    title = moving.title()
    moving.get_by_role("slider").press("End")
    moving.get_by_role("slider").press("Home")
    assert moving.title() == title
    assert moving.get_by_role("slider").get_attribute("name") is None


def test_the_list_marks_the_moment(moving):
    moving.get_by_text("What happens, second by second").click()
    moments = moving.locator(".moments li")
    moving.get_by_role("slider").fill("0")
    expect(moments.first).to_have_class("now")
    moving.get_by_role("slider").press("End")
    expect(moments.last).to_have_class("now")
    expect(moments.first).to_have_class("")


def test_it_stops_off_screen(moving):
    moving.set_viewport_size({"width": 1280, "height": 500})
    # Beside its question it stays in view: it leaves the window with the question alone.
    moving.evaluate("document.body.style.paddingBottom = '2000px'")
    is_playing(moving)
    moving.evaluate("scrollTo(0, document.body.scrollHeight)")
    is_playing(moving, False)
    stopped = at(moving)
    assert not moves(moving)
    assert at(moving) == stopped
    moving.locator(".moving svg").scroll_into_view_if_needed()
    is_playing(moving)


def test_it_stops_when_the_tab_is_hidden(moving):
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    moving.evaluate(hide, True)
    is_playing(moving, False)
    assert not moves(moving)
    moving.evaluate(hide, False)
    is_playing(moving)


def test_what_was_paused_stays_so(moving):
    button(moving, "Pause").click()
    moving.evaluate("scrollTo(0, document.body.scrollHeight)")
    moving.locator(".moving svg").scroll_into_view_if_needed()
    is_playing(moving, False)


def test_it_is_told_to_whoever_does_not_see_it(moving):
    picture = moving.locator(".moving").get_by_role("img").first
    told = picture.evaluate(
        "(svg) => svg.ariaDescribedByElements?.map((e) => e.textContent).join(' ')"
    )
    moments = moving.locator(".moments li").all_text_contents()
    assert told is None or all(moment in told for moment in moments)
    expect(picture).to_have_attribute("aria-describedby", re.compile("-moments$"))


def test_it_looks_well(moving, look):
    moving.get_by_role("slider").fill("5")
    look(moving, "state-moving")


def stills_are_seen(page: Page) -> None:
    pictures = page.locator(".strip :is(svg, img)")
    assert pictures.count() >= 3
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_be_visible()
    wide = page.locator(".strip img").evaluate_all("(all) => all.map((one) => one.naturalWidth)")
    assert all(wide)
    assert all(page.locator(".strip img").evaluate_all("(all) => all.map((one) => one.alt)"))


def test_with_reduced_motion_there_are_stills(open_as):
    page = open_as(reduced_motion="reduce")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/see/", wait_until="networkidle")
    stills_are_seen(page)
    expect(page.locator(".player")).to_be_hidden()
    assert not [url for url in asked if url.endswith(".json")]


def test_without_javascript_there_are_stills(open_as):
    page = open_as(java_script_enabled=False, reduced_motion="no-preference")
    page.goto("/see/", wait_until="networkidle")
    stills_are_seen(page)
    expect(page.locator(".player")).to_be_hidden()
    page.get_by_text("What happens, second by second").click()
    expect(page.locator(".moments li").first).to_be_visible()


def test_without_the_file_there_are_stills(open_as):
    page = open_as(reduced_motion="no-preference")
    page.route("**/drawn/*.json", lambda route: route.abort())
    page.goto("/see/")
    expect(page.locator(".moving.stays")).to_be_attached()
    stills_are_seen(page)


def test_while_it_plays_no_still_is_fetched(moving, site):
    assert moving.locator(".strip img").count() >= 2
    loaded = moving.locator(".strip img").evaluate_all(
        "(all) => all.filter((one) => one.naturalWidth).length"
    )
    assert loaded == 0


def test_the_browser_draws_what_the_server_draws(moving):
    """At the beginning of each moment's hold, number by number."""
    address = moving.locator(".moving").get_attribute("data-motion")
    scenes = [scene for course in read_courses(SHIPPED)[0] for scene in course.scenes]
    scene = next(scene for scene in scenes if scene.timeline and scene.motion_digest in address)
    timeline = Timeline.from_dicts([moment.model_dump() for moment in scene.timeline])
    button(moving, "Pause").click()
    for t in (0.0, timeline.end):
        moving.get_by_role("slider").fill(f"{t:g}")
        figure = timeline.figure_at(t)
        figure.numbers["breath"] = 0.0
        svg = "".join(part.svg for part in stable_order(draw_layers(figure, "it")))
        wanted = [fill_template(*split_path(d)) for d in re.findall(r' d="([^"]*)"', svg)]
        there = [absolute(d) for d in drawn(moving)]
        assert len(there) == len(wanted)
        for one, other in zip(there, wanted, strict=True):
            numbers = [[float(n) for n in re.findall(r"-?[\d.]+", d)] for d in (one, other)]
            assert numbers[0] == pytest.approx(numbers[1], abs=0.6)


def test_a_step_plays_its_scene(open_as, site):
    person = site.person()
    path = site.ask("moving_step", email=person.email)
    page = open_as(person, reduced_motion="no-preference")
    page.goto(path)
    page.locator(".moving svg").scroll_into_view_if_needed()
    expect(page.locator(".moving.plays")).to_be_visible(timeout=30_000)
    is_playing(page)


def test_a_step_with_a_moving_scene_weighs_little_more(open_as, site, capsys):
    person = site.person()
    path = site.ask("moving_step", email=person.email)
    page, bodies = open_as(person, reduced_motion="no-preference"), {}
    page.on("response", lambda answer: bodies.setdefault(answer.url.split("/")[-1], answer))
    page.goto(path)
    page.locator(".moving svg").scroll_into_view_if_needed()
    expect(page.locator(".moving.plays")).to_be_visible(timeout=30_000)
    html = page.request.get(path).text()
    without = re.sub(r'<div class="moving".*?</script>', "", html, flags=re.S)
    assert len(without) < len(html)
    parts = {"page": packed(html) - packed(without)}
    parts |= {
        name: packed(answer.text())
        for name, answer in bodies.items()
        if re.search(r"scene.*\.js$|\.json$", name)
    }
    assert len(parts) == 3
    with capsys.disabled():
        print(
            f"\na step with a moving scene weighs {sum(parts.values()) / KB:.1f} KB more: {parts}"
        )
    assert sum(parts.values()) <= MORE


def packed(text: str) -> int:
    return len(gzip.compress(text.encode(), 6))


def test_it_runs_smoothly(moving, capsys):
    button(moving, "Replay").click()
    seconds = [moving.evaluate(COUNT_FRAMES) for _ in range(5)]
    is_playing(moving)
    with capsys.disabled():
        print(f"\nframes in each of five seconds: {', '.join(f'{one:.0f}' for one in seconds)}")
    is_busy = os.getloadavg()[0] > BUSY * (os.cpu_count() or 1)
    assert max(seconds) >= (FRAMES / 4 if is_busy else FRAMES)
