"""Whether a picture and its question share one view, and whether a page stays where it is when a picture begins to move."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.server import Person
from tests.longruns.report import Report
from tests.walk.browsing import LAPTOP, PHONE, Walker, open_card_of

IN_ONE_VIEW = {"phone": "picture and last option in one view, phone", "laptop": "the same, laptop"}
SHIFT = "layout shift when a player appears, phone"
NAMES = [*IN_ONE_VIEW.values(), SHIFT]
PROMISED = dict.fromkeys(IN_ONE_VIEW.values(), "≥ 9 of 10") | {SHIFT: "0"}
STILL = 0.001  # a browser's rounding
# Whether some way of scrolling shows the whole picture and the whole last option, nothing over either.
SHARE_A_VIEW = """([picture, last]) => {
  const shows = (e) => {
    const box = e.getBoundingClientRect();
    const [seen, middle] = [Math.min(box.bottom, innerHeight) - Math.max(box.top, 0), box.left + box.width / 2];
    if (!box.height || seen < 0.95 * box.height) return false;
    return [0.1, 0.5, 0.9].every((part) => {
      const hit = document.elementFromPoint(middle, Math.max(1, Math.min(innerHeight - 1, box.top + part * box.height)));
      return hit && (e.contains(hit) || hit.contains(e));
    });
  };
  for (let y = 0; y <= document.documentElement.scrollHeight - innerHeight + 24; y += 24) {
    scrollTo({ top: y, behavior: "instant" });
    if (shows(picture) && shows(last)) return true;
  }
  return false;
}"""
# The largest picture in sight: of a moving scene the player's, of a still one the drawing.
PICTURE = """(places) => places.flatMap((place) => [...place.querySelectorAll("svg, img, canvas")])
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 120)
  .sort((a, b) => b.getBoundingClientRect().width - a.getBoundingClientRect().width)[0]"""
OPTIONS = "label.nhsuk-radios__label, label.nhsuk-checkboxes__label, select, [data-answer] button"


@dataclass(frozen=True)
class SceneQuestion:
    """A question about a picture: its page, and the part of the page that is the question."""

    path: str
    place: str


def measure(walker: Walker, report: Report) -> None:
    questions = list(scene_questions(walker))
    person = questions[0][0]
    for size_name, size in (("phone", PHONE), ("laptop", LAPTOP)):
        apart = []
        with walker.opened(person, size) as page:
            for _, question in questions:
                if not shares_a_view(page, question):
                    apart.append(question.path + question.place)
        together = len(questions) - len(apart)
        shown = f"{together} of {len(questions)}"
        if apart:
            shown += f" (not: {', '.join(apart[:4])}{' …' if len(apart) > 4 else ''})"
        name = IN_ONE_VIEW[size_name]
        report.at_least(name, together / len(questions), 0.9, shown)
    measure_shift(walker, person, report)


def scene_questions(walker: Walker) -> Iterator[tuple[Person, SceneQuestion]]:
    """All shipped ones: in steps, in a quiz that asks them all, and the one for visitors."""
    person = walker.site.person()
    for step in walker.site.ask("scene_steps", email=person.email):
        yield person, SceneQuestion(step["path"], f"#{step['name']}")
    for attempt in walker.site.ask("scene_attempts", email=person.email):
        for number in range(1, attempt["items"] + 1):
            path = f"/attempts/{attempt['key']}/items/{number}/"
            yield person, SceneQuestion(path, f"[data-number='{number}']")
    yield person, SceneQuestion("/see/", "main")


def shares_a_view(page: Page, question: SceneQuestion) -> bool:
    page.goto(question.path)
    place = page.locator(question.place)
    open_card_of(page, place)
    page.wait_for_timeout(150)  # until a player has taken the place of its stills
    picture = picture_of(page, place)
    last = place.locator(OPTIONS).filter(visible=True).last.element_handle()
    return bool(page.evaluate(SHARE_A_VIEW, [picture, last]))


def picture_of(page: Page, place: Locator) -> Any:
    """In the question, or where the page has the picture before it."""
    inside = place.evaluate_handle(f"(place) => ({PICTURE})([place])").as_element()
    if inside:
        return inside
    whole = page.locator("main").evaluate_handle(f"(place) => ({PICTURE})([place])").as_element()
    assert whole, f"{page.url} shows no picture"
    return whole


def measure_shift(walker: Walker, person: Person, report: Report) -> None:
    """The largest sum of shifts of a page with a moving scene, on a first visit."""
    moving = walker.site.ask("moving_step", email=person.email)
    sums = {}
    for path in ("/see/", moving):
        with walker.opened(person, PHONE) as page:
            slow_down(page)
            page.goto(path)
            scene = page.locator(".moving").first
            open_card_of(page, scene)
            page.wait_for_timeout(1500)
            sums[path] = page.evaluate("window.shifts")
    worst = max(sums, key=sums.__getitem__)
    report.at_most(SHIFT, sums[worst], STILL, f"{sums[worst]:.3f} on {worst}")


def slow_down(page: Page) -> None:
    """A line as in a car park: what arrives late moves a page that kept no room for it."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    line = {
        "offline": False,
        "latency": 150,
        "downloadThroughput": 200_000,
        "uploadThroughput": 90_000,
    }
    session.send("Network.emulateNetworkConditions", line)
