"""A scene on the wall and three phones, one of them without scripts: answers, split, talk, again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import headline
from tests.browser.looking import faults

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def room(site, open_as) -> tuple[Page, list[Page]]:
    """The wall of a cohort of three, and their phones, which have joined by the code on it."""
    trainer = site.person("Tove Lund", "trainer")
    learners = [site.person(name) for name in ("Lark", "Wren", "Dove")]
    cohort = site.ask("cohort", trainer=trainer.email, learners=[one.email for one in learners])
    wall = open_as(trainer)
    wall.goto(f"/cohorts/{cohort['key']}/rooms/")
    wall.get_by_role("button", name="Put it on the wall").click()
    code = wall.locator(".wall__code").inner_text()
    phones = []
    for number, learner in enumerate(learners):
        phone = open_as(learner, java_script_enabled=number != 2, **PHONE)
        phone.goto("/room/")
        phone.get_by_label("Code on the wall").fill(code.lower())
        phone.get_by_role("button", name="Join").click()
        phones.append(phone)
    return wall, phones


def commit(phone: Page, number: int) -> None:
    phone.get_by_role("radio").nth(number).check()
    phone.get_by_role("button", name="Commit to this answer").click()
    expect(phone.get_by_text("Your answer is in")).to_be_visible()


def test_it_works(room):
    wall, (first, second, plain) = room
    assert faults(wall) == []
    assert faults(first) == []
    for number, phone in enumerate((first, second, plain)):
        commit(phone, number % 2)
    expect(wall.locator("[data-answered]")).to_have_text("3")  # by itself

    wall.get_by_role("button", name="Show the split").click()
    expect(wall.get_by_text("First: 2 of 3")).to_be_visible()
    assert faults(wall) == []
    expect(first.get_by_role("heading", name="Talk")).to_be_visible()  # by itself
    plain.get_by_role("link", name="Refresh").click()
    expect(plain.get_by_role("heading", name="Talk")).to_be_visible()

    wall.get_by_role("button", name="Answer again").click()
    expect(first.get_by_role("radio").first).to_be_visible()
    plain.get_by_role("link", name="Refresh").click()
    for phone in (first, second, plain):
        commit(phone, 0)
    wall.get_by_role("button", name="Show the split").click()
    expect(wall.get_by_text("After talking: 3 of 3")).to_be_visible()
    expect(wall.get_by_text("Best answer")).to_have_count(0)
    wall.get_by_role("button", name="Show what there is to see").click()
    expect(wall.get_by_text("Best answer")).to_be_visible()
    assert faults(wall) == []

    wall.get_by_role("button", name="End").click()
    wall.get_by_role("link", name="Record it as a group session").click()
    headline(wall, "Record a session")
    expect(wall.get_by_role("checkbox", checked=True)).to_have_count(3)
    wall.get_by_label("How many minutes did it take?").fill("40")
    assert faults(wall) == []
    wall.get_by_role("button", name="Record this session").click()
    expect(wall.get_by_text(re.compile("3 came, 0 have written their line"))).to_be_visible()

    plain.goto("/")
    plain.get_by_role("link", name=re.compile("^Add one line")).click()
    plain.get_by_label("What will you do differently?").fill("I wait before I speak")
    assert faults(first) == []
    plain.get_by_role("button", name="Save my line").click()
    expect(plain.get_by_role("status")).to_contain_text("40 minutes count as participatory CPD")


def test_a_phone_that_moves_on_sends_no_form_again(room):
    """Its page came from a form that was refused, as nothing was chosen."""
    wall, (phone, _, _) = room
    phone.get_by_role("button", name="Commit to this answer").click()
    expect(phone.get_by_text("Choose what you see first.")).to_be_visible()
    sent = []
    phone.on("request", lambda request: sent.append(request.method))
    wall.get_by_role("button", name="Show the split").click()
    expect(phone.get_by_role("heading", name="Talk")).to_be_visible()
    assert "POST" not in sent
    expect(phone.get_by_text("Your answer was not counted")).to_have_count(0)
