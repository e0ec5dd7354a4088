"""What a learner's hands do: answering an activity, moving by keyboard, signing up. What should come of it is in the tests."""

import re
from typing import Any

from playwright.sync_api import ElementHandle, Locator, Page, expect

LOOKS = """(e) => {
  const parts = [e, ...(e.labels ?? [])].flatMap((one) => [[one, null], [one, "::before"], [one, "::after"]]);
  const styles = () => parts.map(([one, pseudo]) => getComputedStyle(one, pseudo));
  const names = ["outlineStyle", "outlineColor", "outlineWidth", "boxShadow", "backgroundColor", "borderColor", "borderWidth"];
  const seen = () => styles().map((style) => names.map((name) => style[name]).join(" ")).join("; ");
  const outlined = styles().some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  const shadowed = styles().some((style) => style.boxShadow !== "none");
  const focused = seen();
  const box = e.getBoundingClientRect();
  const inView = box.bottom > 0 && box.top < innerHeight;
  e.blur();
  const blurred = seen();
  e.focus({ preventScroll: true });
  return { outlined: outlined || shadowed, changes: focused !== blurred, inView };
}"""
NAME = """(e) => (e.ariaLabel || [...(e.labels ?? [])].map((l) => l.textContent).join(" ") || e.textContent || e.value || "")
  .replace(/\\s+/g, " ").trim()"""
EMAIL = re.compile("^e-?mail", re.I)
IN_SIGHT = "[data-number]:not([hidden])"  # the item of a quiz that is shown
FOCUS = "document.activeElement"
PATIENCE = 20_000  # milliseconds until what waits in the browser must have been sent


def plain(text: str) -> str:
    return " ".join(text.split())


def answer(page: Page, activity: dict[str, Any], *, right: bool = True) -> None:
    """Answers one activity of a step, by its data, and sends it. Writing and ticking have no right or wrong."""
    kind, name = activity["kind"], activity["name"]
    place = come_to(page, name)
    if kind in {"single", "multiple"}:
        wrong = place.locator("input[name$=option]")
        chosen = activity["right"] if right else [first_wrong(wrong, activity["right"])]
        for one in chosen:
            page.locator(f"[id='{name}-{one}']").check()
    elif kind in {"sort", "match"}:
        places = list(dict.fromkeys(activity["right"].values()))
        chosen = dict(activity["right"])
        for card, group in activity["right"].items() if not right else ():
            chosen[card] = next(one for one in places if one != group)
        place_cards(place, chosen)
    elif kind == "checklist":
        place.get_by_role("checkbox").first.check()
    elif kind == "commitment":
        place.get_by_role("radio").first.check()
        place.locator("input[type=date]").fill("2027-01-11")
    else:
        place.get_by_role("textbox").fill("She looked at him, and he waited.")
    place.get_by_role("button", name=re.compile("^(Check my answer|Try again|Save)")).click()


def come_to(page: Page, name: str) -> Locator:
    """The activity of this name, on its card, which is brought into view."""
    if page.evaluate("document.documentElement.classList.contains('one-card')"):
        page.evaluate("(name) => { location.hash = name; }", name)
    place = page.locator(f"#{name}")
    expect(place).to_be_visible()
    return place


def place_cards(place: Locator, chosen: dict[str, str]) -> int:
    """Puts each card of a sort or match into its place, by taps where there is a script; how many taps it took."""
    selects = place.locator(".place-card select")
    names = [select.get_attribute("name") or "" for select in selects.all()]
    taps = 0
    for number, name in enumerate(names):
        group = chosen[name.split("card-")[1]]
        if not place.locator(".tap").count():
            selects.nth(number).select_option(group)
            continue
        if place.locator(".tap__places").is_hidden():
            place.locator(".tap__list button").nth(number).click()
        place.locator(f".tap__place[value='{group}']").click()
        taps += 1
    return taps


def first_wrong(options: Locator, right: list[str]) -> str:
    values = [options.nth(n).get_attribute("value") or "" for n in range(options.count())]
    return next(value for value in values if value not in right)


def choose(page: Page, number: int) -> None:
    """The option at this place of an item, from 1."""
    page.locator(f"{IN_SIGHT} input[name=option]").nth(number - 1).check()


def chosen(page: Page) -> list[int]:
    """Which options of an item are chosen, counted from 1."""
    options = page.locator(f"{IN_SIGHT} input[name=option]")
    return [n + 1 for n in range(options.count()) if options.nth(n).is_checked()]


def give(page: Page, answer: list[str] | dict[str, Any]) -> None:
    """Gives an answer of the desk to the item in sight: options, places of cards, or the options of each part."""
    item = page.locator(IN_SIGHT)
    if isinstance(answer, list):
        for key in answer:
            item.locator(f"input[name=option][value='{key}']").check()
        return
    if any(isinstance(value, str) for value in answer.values()):
        place_cards(item, answer)
        return
    for name, value in answer.items():
        for key in value:
            item.locator(f"input[name='{name}'][value='{key}']").check()


def is_idle(page: Page) -> None:
    """Waits until no answer waits in this browser any more."""
    for _ in range(PATIENCE // 100):
        if page.evaluate("Object.keys(localStorage).length === 0"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate("JSON.stringify(localStorage)"))


def sign_in(page: Page, email: str, password: str) -> None:
    """Signs in on the page that asks for it."""
    page.get_by_label(EMAIL).fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


class Keyboard:
    """Moving by Tab, and pressing Space, Enter and, inside a group of options, the arrows. `dull` is where focus hid."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dull: list[str] = []

    def to(self, name: str, role: str = "") -> None:
        """Presses Tab until what has the focus is called so; `role` is a tag or an input type to tell twins apart."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            if self._is(name, role):
                return
        raise AssertionError(f"Tab never came to {name!r} on {self.page.url}")

    def _is(self, name: str, role: str) -> bool:
        focus = self.page.evaluate_handle(FOCUS).as_element()
        if not focus or focus.evaluate("(e) => e === document.body"):
            return False
        found = focus.evaluate(NAME)
        kind = focus.evaluate("(e) => e.type || e.localName")
        if (
            kind != "date"
        ):  # to look is to leave and come back, to the day again: Tab would never pass its month and year
            self._look(focus, found)
        return name.lower() in found.lower() and (not role or kind == role)

    def _look(self, focus: ElementHandle, found: str) -> None:
        looks = focus.evaluate(LOOKS)
        if not (looks["outlined"] and looks["changes"] and looks["inView"]):
            self.dull.append(f"{self.page.url}: {found[:60]!r} {looks}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def follow(self, name: str, key: str = "Enter") -> None:
        """Goes to a link or button and presses it, and waits for the page it leads to."""
        self.to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)


def headline(page: Page, text: str | re.Pattern[str]) -> None:
    """Waits until the page's one heading says this."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
