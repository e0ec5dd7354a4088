"""What a trainer does for several learners of the table at once: remind, a later date, another cohort."""

import html
import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.dashboards.several import MOST
from courses.models import AuditEvent, CohortMembership, Nudge
from courses.people.actions import join_cohort, start_cohort
from courses.people.models import Extension, User
from tests.conftest import given, learn, person
from tests.test_access import rows
from tests.test_dashboards import take_quiz

pytestmark = pytest.mark.django_db
LATER = timezone.localdate() + timedelta(days=60)


@pytest.fixture
def three(cast, course) -> list[User]:
    """Ana, Bea and Cai in Tess's cohort, who has a due date for the course."""
    assignment = given(cast)
    assignment.due_at = timezone.now() + timedelta(days=10)
    assignment.save()
    people = [person("Bea"), person("Cai")]
    for one in people:
        join_cohort(one, cast.cohort, timezone.now())
    return [cast.ana, *people]


@pytest.fixture
def winter(cast, course):
    """Another cohort of Tess's, in the same organisation."""
    return start_cohort(cast.tess, cast.cohort.organisation, "Winter", course, None, timezone.now())


def address(name: str, cast, query: str = "") -> str:
    return reverse(f"courses:{name}", args=[cast.cohort.key, "tiny"]) + query


def press(client, name, cast, people, query="", **fields):
    """The page after the press, and its messages as one text."""
    data = {"learner": [str(getattr(one, "key", one)) for one in people], **fields}
    page = client.post(address(name, cast, query), data, follow=True)
    return page, " ".join(str(message) for message in page.context["messages"])


def later(**fields):
    return {"due_on": LATER.isoformat(), "reason": "The service was closed"} | fields


def test_it_works(cast, three, sign_in, mailoutbox):
    page, said = press(sign_in(cast.tess), "remind-learners", cast, three[:2])
    assert page.redirect_chain == [(address("cohort-progress", cast), 302)]
    assert said == "Reminded 2."
    assert sorted(mail.to[0] for mail in mailoutbox) == ["ana@example.org", "bea@example.org"]
    assert Nudge.objects.count() == 2


def test_a_second_press_reminds_nobody_twice_and_says_why(cast, three, sign_in, mailoutbox):
    tess = sign_in(cast.tess)
    press(tess, "remind-learners", cast, three[:2])
    _, said = press(tess, "remind-learners", cast, three)
    assert said == "Reminded 1. 2 not: reminded in the last three days."
    _, said = press(tess, "remind-learners", cast, three)
    assert said == "Reminded nobody. 3 not: reminded in the last three days."
    assert len(mailoutbox) == 3


def test_each_reason_is_said_once_with_its_number(cast, course, three, sign_in, mailoutbox):
    ana, bea, cai = three
    learn(ana, course)
    take_quiz(ana, course, right=True)
    mailoutbox.clear()
    User.objects.filter(pk=bea.pk).update(wants_reminders=False)
    _, said = press(sign_in(cast.tess), "remind-learners", cast, [*three, uuid.uuid4()])
    for reason in ("passed already", "reminders switched off", "no longer in this cohort"):
        assert f"1 not: {reason}." in said
    assert said.startswith("Reminded 1.")
    assert [mail.to for mail in mailoutbox] == [[cai.email]]


def test_a_later_date_with_its_reason_for_each(cast, three, sign_in, mailoutbox):
    _, said = press(sign_in(cast.tess), "extend-due-dates", cast, three[:2], **later())
    assert said.startswith("Moved the due date to ")
    assert said.endswith(" for 2.")
    given_to = Extension.objects.values_list("user__name", "reason", "granted_by__name")
    assert sorted(given_to) == [(name, "The service was closed", "Tess") for name in ("Ana", "Bea")]
    assert len(mailoutbox) == 2
    assert AuditEvent.objects.filter(action="extend_due_date").count() == 2


def test_the_same_date_again_changes_nothing(cast, three, sign_in, mailoutbox):
    tess = sign_in(cast.tess)
    press(tess, "extend-due-dates", cast, three, **later())
    before = rows()
    _, said = press(tess, "extend-due-dates", cast, three, **later())
    assert "3 not: had this date already." in said
    assert rows() == before
    assert len(mailoutbox) == 3


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"due_on": ""}, "Choose a day"),
        ({"reason": ""}, "Write a short reason"),
        ({"due_on": "2020-01-01"}, "This day has passed"),
        ({"due_on": timezone.localdate().isoformat()}, "Choose a later day"),
        ({"due_on": "99999-12-31"}, "Choose a day from the calendar"),
        ({"reason": "x" * 301}, "at most 300 characters"),
        ({"reason": "a\x00b"}, "Null characters"),
    ],
)
def test_a_date_that_will_not_do_keeps_what_was_typed_and_ticked(
    cast, three, sign_in, fields, error
):
    before = rows()
    data = {"learner": [str(three[1].key)], **later(**fields)}
    page = sign_in(cast.tess).post(address("extend-due-dates", cast), data)
    assert page.status_code == 400
    assert error in page.text
    assert page.text.count(" checked") == 1
    assert f'value="{three[1].key}" aria-label="Choose Bea" checked' in page.text
    if "reason" not in fields:
        assert 'value="The service was closed"' in page.text
    assert rows() == before


def test_every_link_of_a_rejected_page_leads_to_a_page(cast, three, winter, sign_in):
    tess = sign_in(cast.tess)
    data = {"learner": [str(three[1].key)]}
    page = tess.post(address("move-learners", cast, "?show=never-started&page=1"), data)
    assert page.status_code == 400
    main = page.text.split("<main")[1].split("</main>")[0]
    links = {html.unescape(link) for link in re.findall(r'href="([^"#]*)', main)}
    assert not [link for link in links if link.startswith("?")]
    assert address("cohort-progress", cast, "?show=never-started") in links
    for link in links:
        if link:
            assert tess.get(link).status_code == 200, link


@pytest.mark.parametrize("name", ["remind-learners", "extend-due-dates", "move-learners"])
@pytest.mark.parametrize(
    ("count", "error"),
    [(0, "Choose at least one learner"), (MOST + 1, f"Choose at most {MOST} learners")],
)
def test_nobody_and_too_many_are_refused(cast, three, winter, sign_in, name, count, error):
    before = rows()
    people = [uuid.uuid4() for _ in range(count)]
    page, said = press(sign_in(cast.tess), name, cast, people, **later(), to=str(winter.key))
    assert error in said + page.text
    assert rows() == before


def test_a_move_to_another_cohort_of_mine(cast, three, winter, sign_in, mailoutbox):
    tess = sign_in(cast.tess)
    _, said = press(tess, "move-learners", cast, three[:2], to=str(winter.key))
    assert said == "Moved to Winter: 2."
    there = CohortMembership.objects.current().filter(cohort=winter)
    assert sorted(row.user.name for row in there) == ["Ana", "Bea"]
    assert ">Ana<" not in tess.get(address("cohort-progress", cast)).text
    _, said = press(tess, "move-learners", cast, three[:2], to=str(winter.key))
    assert said == "Moved to Winter: nobody. 2 not: no longer in this cohort."
    assert len(mailoutbox) == 2


def test_who_is_there_already_stays_in_both_and_stops_nobody(cast, three, winter, sign_in):
    join_cohort(three[0], winter, timezone.now())
    _, said = press(sign_in(cast.tess), "move-learners", cast, three, to=str(winter.key))
    assert said == "Moved to Winter: 2. 1 not: in that cohort already."


def test_only_open_cohorts_of_mine_can_be_chosen(cast, three, winter, sign_in):
    tess = sign_in(cast.tess)
    page = tess.get(address("cohort-progress", cast))
    assert f'<option value="{winter.key}">Winter</option>' in page.text
    assert str(cast.other_cohort.key) not in page.text
    before = rows()
    for target in (cast.other_cohort.key, cast.cohort.key, uuid.uuid4(), "x\x00", ""):
        data = {"learner": [str(three[0].key)], "to": str(target)}
        assert tess.post(address("move-learners", cast), data).status_code == 400
    winter.closed_at = timezone.now()
    winter.save()
    data["to"] = str(winter.key)
    assert tess.post(address("move-learners", cast), data).status_code == 400
    assert CohortMembership.objects.filter(user=three[0]).count() == 1
    assert len(before) == len(rows())


@pytest.mark.parametrize("name", ["remind-learners", "extend-due-dates", "move-learners"])
def test_nobody_acts_on_themselves(cast, three, winter, sign_in, name, mailoutbox):
    join_cohort(cast.tess, cast.cohort, timezone.now())
    tess = sign_in(cast.tess)
    page = tess.get(address("cohort-progress", cast, "?tick=all"))
    assert "Choose Tess" not in page.text
    mailoutbox.clear()
    before = rows()
    _, said = press(tess, name, cast, [cast.tess], **later(), to=str(winter.key))
    assert "1 not: your own row." in said
    assert rows() == before
    assert mailoutbox == []


def test_a_manager_sees_no_boxes_and_can_do_nothing(cast, three, winter, sign_in):
    mo, before = sign_in(cast.mo), rows()
    page = mo.get(address("cohort-progress", cast, "?tick=all"))
    assert 'type="checkbox"' not in page.text
    assert 'id="several"' not in page.text
    for name in ("remind-learners", "extend-due-dates", "move-learners"):
        data = {"learner": [str(three[0].key)], **later(), "to": str(winter.key)}
        assert mo.post(address(name, cast), data).status_code == 404
    assert rows() == before


def test_learners_of_another_cohort_are_not_touched(cast, three, sign_in, mailoutbox):
    join_cohort(cast.ben, cast.other_cohort, timezone.now())
    mailoutbox.clear()
    before = rows()
    _, said = press(sign_in(cast.tess), "remind-learners", cast, [cast.ben])
    assert said == "Reminded nobody. 1 not: no longer in this cohort."
    assert rows() == before


def test_all_on_this_page_are_ticked_by_a_link(cast, three, sign_in):
    for number in range(60):
        join_cohort(person(f"Learner{number:02}"), cast.cohort, timezone.now())
    tess = sign_in(cast.tess)
    page = tess.get(address("cohort-progress", cast, "?sort=name&page=2"))
    assert page.text.count(" checked") == 0
    assert 'href="?sort=name&amp;page=2&amp;tick=all#several"' in page.text
    ticked = tess.get(address("cohort-progress", cast, "?sort=name&page=2&tick=all"))
    assert ticked.text.count(" checked") == 13


def test_the_page_and_the_filter_stay_after_a_press(cast, three, sign_in):
    query = "?show=never-started&page=1"
    page = sign_in(cast.tess).get(address("cohort-progress", cast, query))
    assert address("extend-due-dates", cast, "?show=never-started&amp;page=1") in page.text
    page, _ = press(sign_in(cast.tess), "remind-learners", cast, three, query)
    assert page.redirect_chain == [(address("cohort-progress", cast, query), 302)]


def test_the_list_to_print_has_no_boxes(cast, three, sign_in):
    page = sign_in(cast.tess).get(address("cohort-progress", cast, "?all=1"))
    assert 'type="checkbox"' not in page.text


def test_without_a_due_date_there_is_none_to_move(cast, course, winter, sign_in):
    tess = sign_in(cast.tess)
    assert address("extend-due-dates", cast) not in tess.get(address("cohort-progress", cast)).text
    page, _ = press(tess, "extend-due-dates", cast, [cast.ana], **later())
    assert page.status_code == 400
    assert "no due date" in page.text
    assert not Extension.objects.exists()


def test_a_later_date_for_several_takes_nothing_from_who_has_longer(cast, three, sign_in):
    longer = LATER + timedelta(days=60)
    tess = sign_in(cast.tess)
    press(tess, "extend-due-dates", cast, three[:1], **later(due_on=longer.isoformat()))
    _, said = press(tess, "extend-due-dates", cast, three[:2], **later())
    assert said == "Moved the due date to {day} for 1. 1 not: has longer already.".format(
        day=said.split(" to ")[1].split(" for ")[0]
    )
    assert Extension.objects.in_force().filter(user=three[0]).count() == 1
    first = Extension.objects.in_force().filter(user=three[0]).first()
    assert timezone.localdate(first.due_at) == longer


def test_the_last_other_cohort_closed_meanwhile_is_said(cast, three, winter, sign_in):
    tess = sign_in(cast.tess)
    winter.closed_at = timezone.now()
    winter.save()
    page, _ = press(tess, "move-learners", cast, three[:1], to=str(winter.key))
    assert page.status_code == 400
    assert "Choose a cohort from the list as it is now" in page.text


def test_enter_in_a_field_presses_no_button(cast, three, sign_in):
    """The first button of a form is the one that Enter presses: here it is one that does nothing."""
    page = sign_in(cast.tess).get(address("cohort-progress", cast))
    form = page.text.split("/remind/")[1]
    assert form.index('<button type="submit" disabled hidden>') < form.index("Remind them")


def test_a_trainer_with_many_cohorts_asks_no_more(cast, three, course, sign_in):
    tess = sign_in(cast.tess)
    url = address("cohort-progress", cast)
    asked = []
    for number in range(2):
        tess.get(url)
        with CaptureQueriesContext(connection) as queries:
            tess.get(url)
        asked.append(len(queries))
        for more in range(4):
            name = f"Cohort {number}{more}"
            start_cohort(cast.tess, cast.cohort.organisation, name, course, None, timezone.now())
    assert asked[0] == asked[1]
