"""A trainer: who needs them, the table, one learner's record, a nudge, an attempt granted, and a first cohort."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import headline, plain, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def trainer(site):
    return site.person("Tove Lund", "trainer")


@pytest.fixture
def learner(site):
    return site.person("Lark Field")


@pytest.fixture
def cohort(site, trainer, learner):
    """A cohort of a learner who never started and one who is under way."""
    busy = site.person("Robin Moss")
    site.ask("reach", email=busy.email, lesson=1, step=3)
    return site.ask("cohort", trainer=trainer.email, learners=[busy.email, learner.email])


def facts(page):
    """Each record on the page as its rows of words, whatever they look like."""
    rows = page.get_by_role("main").locator("dl > div")
    return [plain(text) for text in rows.all_inner_texts()]


def test_it_works(open_as, site):
    page = open_as(site.demo("tess"))
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Cohorts").click()
    headline(page, "Who needs you this week")
    # Who asked comes before all who are late or never started.
    needing = page.get_by_role("main").get_by_role("listitem")
    expect(needing.first).to_contain_text("Asks for one more attempt")
    page.get_by_role("link", name=re.compile("^See everyone.*autumn")).click()
    table = page.get_by_role("table")
    expect(table).to_have_accessible_name(re.compile("who needs you comes first"))
    names = table.get_by_role("rowheader").all_inner_texts()
    assert len(names) == 24
    assert names.index("Mo") < names.index("Ana")
    table.get_by_role("link", name="Ana", exact=True).click()
    headline(page, "Ana")
    expect(page.get_by_role("main")).to_contain_text("Health visitor")


def test_the_table_can_be_taken_along(open_as, site, trainer, learner, cohort, course):
    page = open_as(trainer)
    page.goto(f"/cohorts/{cohort['key']}/{course['key']}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this table as CSV").click()
    text = download.value.path().read_text("utf-8-sig")
    assert text.index("Lark Field") < text.index("Robin Moss")


def test_a_nudge_goes_out_once_and_the_list_stays_where_it_was(open_as, site, trainer, cohort):
    site.ask("grow_older", cohort=cohort["key"], days=10, due_in=3)
    page = open_as(trainer)
    page.goto("/cohorts/")
    row = page.locator("li", has_text="Robin Moss")
    row.locator("summary").click()
    row.get_by_label("A line of your own").fill("Two steps to go.")
    row.get_by_role("button", name="Remind").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    row.get_by_role("button", name="Remind").click()
    expect(row).to_contain_text("Reminded today")
    assert page.evaluate("scrollY") == before
    expect(page.get_by_role("status").first).to_contain_text("We are sending Robin Moss a reminder")
    expect(row).to_be_focused()
    expect(row.get_by_role("button")).to_have_count(0)


def test_a_press_without_a_line_says_so_and_keeps_what_was_typed(open_as, site, trainer, cohort):
    site.ask("grow_older", cohort=cohort["key"], days=10, due_in=3)
    page = open_as(trainer)
    page.goto("/cohorts/")
    row = page.locator("li", has_text="Robin Moss")
    row.locator("summary").click()
    line = row.get_by_label("A line of your own")
    line.fill("Two steps to go.")
    page.context.set_offline(True)
    row.get_by_role("button", name="Remind").click()
    expect(row).to_contain_text("The line is down")
    expect(line).to_have_value("Two steps to go.")
    page.context.set_offline(False)
    row.get_by_role("button", name="Remind").click()
    expect(row).to_contain_text("Reminded today")


def test_a_press_after_the_session_ended_leads_to_signing_in_with_what_was_typed(
    open_as, site, trainer, cohort
):
    site.ask("grow_older", cohort=cohort["key"], days=10, due_in=3)
    page = open_as(trainer)
    page.goto("/cohorts/")
    row = page.locator("li", has_text="Robin Moss")
    row.locator("summary").click()
    row.get_by_label("A line of your own").fill("Two steps to go.")
    page.context.clear_cookies(name="sessionid")
    row.get_by_role("button", name="Remind").click()
    headline(page, "Sign in")
    sign_in(page, trainer.email, trainer.password)
    expect(page.locator("#reminder textarea")).to_have_value("Two steps to go.")


def test_without_a_script_a_nudge_leads_back_to_its_row(open_as, site, trainer, cohort):
    site.ask("grow_older", cohort=cohort["key"], days=10, due_in=3)
    page = open_as(trainer, java_script_enabled=False)
    page.goto("/cohorts/")
    page.get_by_role("button", name="Remind Robin Moss").click()
    expect(page.get_by_role("status").first).to_contain_text("We are sending Robin Moss a reminder")
    row = page.locator("li", has_text="Robin Moss")
    expect(row).to_contain_text("Reminded today")
    expect(row).to_be_in_viewport()


def give_a_reason(page, words):
    """Grants one attempt, with these words."""
    form = page.locator("form").filter(
        has=page.get_by_role("button", name=re.compile("^Grant one attempt"))
    )
    form.get_by_label("Reason").fill(words)
    form.get_by_role("button").click()


def test_an_attempt_is_granted_with_a_reason(open_as, site, trainer, learner, cohort, course, look):
    site.ask("go_through", email=learner.email)
    for _ in range(3):
        site.ask("take", email=learner.email, right=False)
    page = open_as(trainer)
    page.goto("/cohorts/")
    needing = page.get_by_role("listitem").filter(has_text="No attempts left").first
    needing.get_by_role("link", name="Lark Field").click()
    look(page, "state-learner-no-attempts")
    give_a_reason(page, "The line broke twice.")
    expect(page.get_by_role("status")).to_contain_text("Lark Field has one more attempt")
    theirs = open_as(learner)
    theirs.goto(f"/courses/{course['key']}/quiz/{course['quiz']}/")
    theirs.get_by_role("button", name="Begin attempt 4").click()
    headline(theirs, re.compile("^Question 1 of"))


def test_a_grant_without_a_reason_is_refused(open_as, site, trainer, learner, cohort, course):
    site.ask("go_through", email=learner.email)
    page = open_as(trainer, java_script_enabled=False)
    page.goto("/cohorts/")
    page.get_by_role("link", name=re.compile("^See everyone")).click()
    page.get_by_role("table").get_by_role("link", name="Lark Field").click()
    give_a_reason(page, "   ")
    expect(page.get_by_role("status")).to_contain_text("Nothing was changed")


def test_a_first_cohort_and_a_learner_who_joins_by_its_link(
    open_as, site, trainer, learner, course, look
):
    page = open_as(trainer)
    page.goto("/")
    page.get_by_role("link", name="Start a cohort").click()
    page.get_by_role("button", name="Start this cohort").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    look(page, "state-new-cohort-errors")
    page.get_by_label("Organisation").fill("Otter Valley Service")
    page.get_by_label("Name of the cohort").fill("Otters, winter")
    page.get_by_role("button", name="Start this cohort").click()
    headline(page, "Otters, winter")
    expect(page.get_by_role("main")).to_contain_text("Nobody has joined yet")
    look(page, "state-cohort-empty")
    link = page.get_by_role("link", name=re.compile("^http.*join")).get_attribute("href")
    theirs = open_as()
    theirs.goto(link)
    headline(theirs, "Tove Lund invites you to Otters, winter")
    expect(theirs.get_by_role("main")).to_contain_text("What your trainer will see")
    look(theirs, "state-join")
    theirs.get_by_role("link", name="I have one").click()
    headline(theirs, "Sign in")
    sign_in(theirs, learner.email, learner.password)
    headline(theirs, "Tove Lund invites you to Otters, winter")
    theirs.get_by_role("button", name="Join and start").click()
    headline(theirs, course["lessons"][0]["steps"][0]["title"])
    theirs.goto("/")
    begun = theirs.get_by_role("main")
    expect(begun).to_contain_text("Otters, winter")
    expect(begun).to_contain_text(f"Carry on with {course['lessons'][0]['title']}")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Cohorts").click()
    page.get_by_role("link", name=re.compile("^See everyone")).click()
    expect(page.get_by_role("table").get_by_role("rowheader")).to_have_text(["Lark Field"])


def test_who_was_given_a_course_sees_it_at_home_and_stands_first_with_the_trainer(
    open_as, trainer, learner, cohort, look
):
    theirs = open_as(learner)
    theirs.goto("/")
    expect(theirs.get_by_role("main")).to_contain_text("Your trainer has given you this course")
    look(theirs, "state-home-assigned")
    page = open_as(trainer)
    page.goto("/cohorts/")
    expect(page.get_by_role("main")).to_contain_text("joined in the last week")
    page.get_by_role("link", name=re.compile("^See everyone")).click()
    first = page.get_by_role("table").get_by_role("row").nth(1)
    expect(first).to_contain_text("Lark Field")
    expect(first).to_contain_text("Never started")


def test_a_code_that_is_not_there_is_refused_in_words(open_as, learner, look):
    page = open_as(learner)
    page.goto("/join/")
    page.get_by_label("Join code").fill("NOSUCHCODE")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("No cohort has this code")
    look(page, "state-join-error")


@pytest.mark.parametrize("done", ["nothing", "some", "failed"])
def test_a_learner_sees_what_the_trainer_sees(
    open_as, site, trainer, learner, cohort, course, done
):
    if done == "some":
        site.ask("reach", email=learner.email, lesson=1, step=2)
    if done == "failed":
        site.ask("take", email=learner.email, right=False)
    page = open_as(trainer)
    page.goto(f"/cohorts/{cohort['key']}/{course['key']}/")
    page.get_by_role("table").get_by_role("link", name="Lark Field").click()
    theirs = open_as(learner)
    theirs.goto("/")
    theirs.get_by_role("link", name=re.compile("what (your|my) trainer sees", re.I)).first.click()
    headline(theirs, "What my trainer sees about me")
    assert facts(theirs) == facts(page) != []


def test_a_learner_who_leaves_is_no_longer_seen(
    open_as, site, trainer, learner, cohort, course, look
):
    theirs = open_as(learner)
    theirs.goto("/seen-by-trainer/")
    look(theirs, "state-seen-by-trainer")
    theirs.get_by_role("button", name=re.compile("^Leave")).click()
    expect(theirs.get_by_role("main")).to_contain_text("Nobody: you are in no cohort")
    page = open_as(trainer)
    page.goto(f"/cohorts/{cohort['key']}/{course['key']}/")
    assert page.get_by_role("table").get_by_role("rowheader").all_inner_texts() == ["Robin Moss"]


def test_a_manager_sees_and_does_not_act(open_as, site, cohort, course):
    manager = site.person("Maren Holt", "other")
    site.ask("manage", cohort=cohort["key"], email=manager.email)
    page = open_as(manager)
    page.goto("/cohorts/")
    expect(page.get_by_role("button", name=re.compile("reminder"))).to_have_count(0)
    page.goto(f"/cohorts/{cohort['key']}/{course['key']}/")
    page.get_by_role("table").get_by_role("link", name="Lark Field").click()
    expect(page.get_by_role("button", name=re.compile("Grant|reminder"))).to_have_count(0)


def test_another_trainers_cohort_is_not_there(open_as, site, cohort, course):
    page = open_as(site.demo("olga"))
    for path in (f"/cohorts/{cohort['key']}/", f"/cohorts/{cohort['key']}/{course['key']}/"):
        assert page.goto(path).status == 404
        headline(page, "This page is not here, or not yours to see")
