"""The page of sources, opened from a step: at the row that was named, in view, with the way back in sight."""

import pytest

pytestmark = pytest.mark.browser
ROW = """() => {
  const row = document.querySelector(":target").getBoundingClientRect();
  const head = document.querySelector(".matrix thead").getBoundingClientRect();
  return { top: row.top, headEnds: head.bottom, height: innerHeight };
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_it_works(open_as, site, course, width):
    person = site.person()
    site.ask("reach", email=person.email, lesson=1, step=2)
    lesson = course["lessons"][0]
    path = f"/courses/{course['key']}/lessons/{lesson['key']}/{lesson['steps'][1]['key']}/"
    page = open_as(person, viewport={"width": width, "height": 844})
    page.goto(path)
    link = page.locator(".sources a").last
    page.goto(link.evaluate("(link) => link.href"))
    page.wait_for_timeout(300)
    row = page.evaluate(ROW)
    assert row["headEnds"] - 1 <= row["top"] < row["height"] - 100, row
    back = page.get_by_role("link", name="Back to “")
    assert back.is_visible()
    box = back.bounding_box()
    assert box["y"] + box["height"] <= 844
    back.click()
    assert page.url.split("#")[0].endswith(path)
