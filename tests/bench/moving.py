"""A moving scene in a real browser: its frames a second, and what a step weighs more for it, compressed."""

import gzip
import re
from typing import Any

from django.utils import timezone

from courses.learning.actions import enrol
from courses.learning.lesson_actions import begin_lesson, finish_step
from courses.library.models import Course
from courses.library.queries import content_of
from tests.bench.load import Line, get
from tests.bench.report import NotRun, Report
from tests.bench.served import Served
from tests.bench.weight import KB, browser
from tests.bench.world import World

SECONDS = 6
FIGURE = re.compile(rb'<div class="moving".*?</script>', re.S)
COUNT = """(seconds) => new Promise((done) => {
  let [count, begin] = [0, 0];
  const frame = (time) => {
    begin ||= time;
    if (time - begin >= seconds * 1000) return done((count * 1000) / (time - begin));
    count++;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""


def step_with_a_scene(world: World) -> tuple[str, str]:
    """The path of a step whose scene moves, and the session of somebody who is there."""
    user, session = world.walkers[-1]
    now = timezone.now()
    for row in Course.objects.published():
        edition = content_of(row.edition_id)
        moving = {scene.key for scene in edition.scenes if scene.timeline}
        for lesson in edition.lessons:
            for n, step in enumerate(lesson.steps):
                if moving & {block.scene for block in step.blocks}:
                    record = begin_lesson(enrol(user, row, now), lesson, now)
                    for one in lesson.steps[:n]:
                        finish_step(record, lesson, one, now)
                        record.refresh_from_db()
                    return f"/courses/{edition.key}/lessons/{lesson.key}/{step.key}/", session
    raise NotRun("no step of a lesson shows a scene that moves")


def frames(page: Any) -> float:
    """Frames a second while the scene plays from its beginning."""
    page.locator(".moving svg").scroll_into_view_if_needed()
    page.wait_for_selector(".moving.plays", timeout=30_000)
    page.get_by_role("button", name="Replay").click()
    found = float(page.evaluate(COUNT, SECONDS))
    if page.get_attribute(".moving", "data-state") != "playing":
        raise RuntimeError("the scene did not play to the end of the measurement")
    return found


def weight(server: Served, session: str, path: str, html: bytes) -> dict[str, int]:
    """Bytes on the wire of what is there for the scene alone: its part of the page, the player, and its file."""
    line, cookie = Line(server.port), f"sessionid={session}"

    def size(path: str) -> int:
        status, _, body = line.ask(get(path, cookie, gzip=True))
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return len(body)

    figure = FIGURE.search(html)
    if not figure:
        raise RuntimeError(f"{path} has no moving scene")
    file, player = (
        re.search(rb'(?:data-motion|src)="([^"]+\.%s)"' % kind, figure[0])
        for kind in (rb"json", rb"js")
    )
    if not file or not player:
        raise RuntimeError(f"{path} names no file to play")
    return {
        "page": _packed(html) - _packed(FIGURE.sub(b"", html)),
        "player": size(player[1].decode()),
        "file": size(file[1].decode()),
    }


def _packed(body: bytes) -> int:
    return len(gzip.compress(body, 6))


def measure(names: list[str], server: Served, world: World, report: Report) -> None:
    """`names` are the figure for frames and the figure for weight."""
    path, session = step_with_a_scene(world)
    status, _, html = Line(server.port).ask(get(path, f"sessionid={session}"))
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    parts = weight(server, session, path, html)
    whole = sum(parts.values())
    said = ", ".join(f"{name} {size / KB:.1f}" for name, size in parts.items())
    report.at_most(names[1], whole, 40 * KB, f"{whole / KB:.1f} KB ({said})")
    with browser() as started:
        context = started.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
        page = context.new_page()
        page.goto(server.url + path)
        found = frames(page)
        context.close()
    report.at_least(names[0], found, 55, f"{found:.1f}")
