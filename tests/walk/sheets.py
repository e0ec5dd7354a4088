"""Pictures of the pages of the way, at each width, and one sheet of them all: for the eye. No figure here."""

import base64
import shutil
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.server import ROOT, Person
from tests.walk.browsing import LAPTOP, PHONE, TABLET, Walker, onward

FOLDER = ROOT / "var" / "walk"
SIZES = (PHONE, TABLET, LAPTOP)
COLUMNS = {390: 8, 768: 6, 1280: 4}
CELL = {390: 195, 768: 256, 1280: 426}
TALLEST = 3  # times its width: what is longer is cut off on the sheet


def take(walker: Walker) -> list[Path]:
    """The sheets; beside them lie the single pictures."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    visits = pages_of(walker)
    sheets = []
    for size in SIZES:
        for number, (name, person, path) in enumerate(visits, 1):
            with walker.opened(person, size) as page:
                page.goto(path)
                shoot(page, f"{number:02}-{name}", size["width"])
                if name.startswith("step"):
                    shoot_cards(page, f"{number:02}-{name}", size["width"])
                if size is PHONE:
                    walker.judge(page)
        sheets.append(sheet_of(walker, size["width"]))
    return sheets


def shoot(page: Page, name: str, width: int) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(250)
    page.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=True)


def shoot_cards(page: Page, name: str, width: int) -> None:
    """The next two cards of a step, where it has cards."""
    here = page.url.split("#")[0]
    for number in (2, 3):
        if not onward(page).count():
            return
        onward(page).click()
        page.wait_for_timeout(150)
        if page.url.split("#")[0] != here:
            return
        shoot(page, f"{name}-card-{number}", width)


def pages_of(walker: Walker) -> list[tuple[str, Person | None, str]]:
    """The pages of the learner's way, each with who opens it."""
    ask, site = walker.site.ask, walker.site
    ana, ben, tess, mo, rhea = (site.demo(name) for name in ("ana", "ben", "tess", "mo", "rhea"))
    reader = site.person("Linnet Moor")
    scenes = ask("scene_steps", email=reader.email)
    attempt = ask("scene_attempts", email=reader.email)[-1]["key"]
    finisher = site.person("Lark Field")
    result = ask("take_with_mistakes", email=finisher.email, mistakes=3)
    trainer = site.person("Tove Lund", "trainer")
    cohort = ask("cohort", trainer=trainer.email, learners=[reader.email, finisher.email])
    course = ask("course")
    address = f"/courses/{course['key']}/"
    lesson = f"{address}lessons/{course['lessons'][0]['key']}/"
    steps = [f"{lesson}{step['key']}/" for step in course["lessons"][0]["steps"]]
    return [
        ("home-visitor", None, "/"),
        ("see", None, "/see/"),
        ("catalogue", None, "/courses/"),
        ("course-visitor", None, address),
        ("invitation", None, f"/join/{cohort['code']}/"),
        ("sign-up", None, "/account/signup/"),
        ("sign-in", None, "/account/login/"),
        ("home-learner", ana, "/"),
        ("course-learner", ana, address),
        ("lesson", finisher, lesson),
        ("step-first", reader, steps[0]),
        ("step-third", reader, steps[2]),
        ("step-scene", reader, scenes[0]["path"]),
        ("step-moving", reader, scenes[-1]["path"]),
        ("step-last", reader, steps[-1]),
        ("lesson-end", finisher, f"{lesson}done/"),
        ("quiz", finisher, f"{address}quiz/{course['quiz']}/"),
        ("item", reader, f"/attempts/{attempt}/items/1/"),
        ("review", reader, f"/attempts/{attempt}/hand-in/"),
        ("result", finisher, f"/attempts/{result}/result/"),
        ("record", ben, "/record/"),
        ("sources", reader, f"{address}sources/"),
        ("home-trainer", tess, "/"),
        ("cohort-table", trainer, f"/cohorts/{cohort['key']}/{course['key']}/"),
        ("home-manager", mo, "/"),
        ("home-reviewer", rhea, "/"),
        ("privacy", None, "/privacy/"),
    ]


def sheet_of(walker: Walker, width: int) -> Path:
    """One picture of all of this width, laid out by the browser itself."""
    cells = []
    for path in sorted(FOLDER.glob(f"*-{width}.png")):
        picture = base64.b64encode(path.read_bytes()).decode()
        name = path.stem.removesuffix(f"-{width}")
        cells.append(
            f'<figure><figcaption>{name}</figcaption><div><img src="data:image/png;base64,{picture}"></div></figure>'
        )
    cell = CELL[width]
    style = f"""body {{ margin: 8px; background: #888; display: grid; gap: 8px; align-items: start;
      grid-template-columns: repeat({COLUMNS[width]}, {cell}px); font: 11px sans-serif }}
      figure {{ margin: 0 }} div {{ max-height: {TALLEST * cell}px; overflow: hidden }}
      img {{ width: {cell}px; display: block }}"""
    html = f"<!doctype html><style>{style}</style>{''.join(cells)}"
    sheet = FOLDER / f"sheet-{width}.png"
    total = COLUMNS[width] * (cell + 8) + 16
    page = walker.browser.new_page(viewport={"width": total, "height": 800})
    page.set_content(html, wait_until="load")
    page.screenshot(path=sheet, full_page=True)
    page.close()
    return sheet
