"""Local pathways: whom an organisation's people call, who may change it, and how it goes stale."""

import uuid
from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.authoring.publishing import publish
from courses.library.models import Course
from courses.models import AuditEvent, Membership, Pathway
from courses.pathways.actions import (
    MOST_PATHWAYS,
    PathwayGone,
    PathwayThere,
    TooManyPathways,
    add_pathway,
    change_pathway,
    check_pathway,
    remove_pathway,
)
from courses.pathways.contacts import dial_address, is_phone, is_safe_address
from courses.pathways.entries import PathwayChange, PathwayEntry
from courses.pathways.freshness import age_in_words, is_stale, months_since
from courses.pathways.queries import local_pathways_for
from courses.people.permissions import NotYours
from courses.signoffs.material import materials_of
from tests.conftest import Cast, learn
from tests.shared_forms import once_more, seen
from tests.test_access import pathway_fields
from tests.test_lesson_end import words
from tests.test_queries import queries

PAGE = "/organisations/riverside/pathways/"
DONE = "/courses/tiny/lessons/first-things/done/"
TODAY = date(2026, 12, 1)
NOTHING = "Your organisation has not written down here whom to call"
URGENT = "999, or A&amp;E at once"


def entry(service: str = "Baby line", **instead: object) -> PathwayEntry:
    day = timezone.localdate() - timedelta(days=3)
    plain = PathwayEntry("consultation", "", service, "", "01632 960 100", "", "", "", day)
    return replace(plain, **instead)


def add(cast: Cast, service: str = "Baby line", **instead: object) -> Pathway:
    organisation = cast.cohort.organisation
    return add_pathway(cast.tess, organisation, entry(service, **instead), timezone.now())


@pytest.fixture
def flagged(cast, tiny_content) -> Course:
    """The tiny course, whose first lesson ends with local pathways and whose last does not."""
    first, *others = tiny_content[0].lessons
    lessons = (first.model_copy(update={"local_pathways": True}), *others)
    publish([tiny_content[0].model_copy(update={"lessons": lessons})], timezone.now())
    return Course.objects.get(key="tiny")


def test_it_works(cast, sign_in):
    tess = sign_in(cast.tess)
    assert "Nothing written down yet" in tess.get(PAGE).content.decode()
    response = tess.post(f"{PAGE}new/", pathway_fields("  Infant   team "))
    pathway = Pathway.objects.get()
    assert response["Location"] == f"{PAGE}#{pathway.key}"
    assert (pathway.service, pathway.checked_by) == ("Infant team", cast.tess)
    page = tess.get(PAGE).content.decode()
    for shown in ('href="tel:01632960101"', "mailto:desk@example.org", "Tuesdays 1 to 3", "North"):
        assert shown in page
    assert AuditEvent.objects.get(action="add_pathway").details["pathway"] == str(pathway.key)


def test_the_menu_of_the_organisation_leads_here(cast, sign_in):
    assert f'href="{PAGE}"' in sign_in(cast.mo).get("/organisations/riverside/").content.decode()


def test_learners_of_the_organisation_read_and_change_nothing(cast, sign_in):
    pathway = add(cast)
    page = sign_in(cast.ana).get(PAGE).content.decode()
    assert "Baby line" in page
    assert "Checked today, still right" not in page
    assert "Add a pathway" not in page
    with pytest.raises(NotYours):
        remove_pathway(cast.ana, pathway, timezone.now())
    with pytest.raises(NotYours):
        add_pathway(cast.olga, pathway.organisation, entry("Other"), timezone.now())


def test_another_organisation_reads_and_changes_nothing(cast, sign_in, flagged):
    pathway = add(cast)
    olga = sign_in(cast.olga)
    own = reverse("courses:pathways", args=[cast.other_cohort.organisation.slug])
    assert "Baby line" not in olga.get(own).content.decode()
    assert "Baby line" not in olga.get("/practice/").content.decode()
    # Not by the address of one's own organisation either.
    for page in ("", "remove/"):
        assert olga.get(f"{own}{pathway.key}/{page}").status_code == 404
    assert olga.post(f"{own}{pathway.key}/check/").status_code == 404
    assert olga.post(f"{own}{pathway.key}/remove/").status_code == 404


def test_who_has_left_reads_nothing(cast, sign_in):
    add(cast)
    Membership.objects.filter(user=cast.ana).update(ended_at=timezone.now())
    ana = sign_in(cast.ana)
    assert ana.get(PAGE).status_code == 404
    assert "Baby line" not in ana.get("/practice/").content.decode()


def test_a_lesson_with_the_flag_ends_with_them(cast, sign_in, flagged):
    learn(cast.ana, flagged)
    add(cast)
    ana = sign_in(cast.ana)
    page = ana.get(DONE).content.decode()
    assert "Whom to call near you" in page
    assert "Baby line" in page
    assert URGENT in page
    other = ana.get("/courses/tiny/lessons/last-things/done/").content.decode()
    assert "Baby line" not in other
    assert "Whom to call" not in other


def test_without_an_organisation_or_pathways_it_says_whom_to_ask(cast, sign_in, flagged):
    for person in (cast.ana, cast.ben):
        learn(person, flagged)
        for address in (DONE, "/practice/"):
            page = sign_in(person).get(address).content.decode()
            assert NOTHING in page, (person, address)
            assert URGENT in page
            assert "Write it down for your organisation" not in page
    assert "Write it down for" in sign_in(cast.tess).get("/practice/").content.decode()


def test_my_practice_shows_those_of_every_organisation_with_its_name(cast, sign_in):
    add(cast)
    ana = sign_in(cast.ana)
    assert '<p class="kicker">' not in ana.get("/practice/").content.decode()
    other = cast.other_cohort.organisation
    Membership.objects.create(user=cast.ana, organisation=other)
    add_pathway(cast.olga, other, entry("Hill line"), timezone.now())
    page = ana.get("/practice/").content.decode()
    for shown in ("Baby line", "Hill line", cast.cohort.organisation.name, other.name):
        assert shown in page
    assert page.count('<p class="kicker">') == 2


def test_they_stand_by_kind_then_area_and_everywhere_comes_first(cast):
    add(cast, "Z", area="West")
    add(cast, "b", area="")
    add(cast, "A", area="west")
    add(cast, "R", kind="referral", area="East")
    (own,) = local_pathways_for(cast.ana, timezone.localdate()).organisations
    shown = []
    for kind in own.kinds:
        for area in kind.areas:
            shown.append((kind.label, area.area, [row.pathway.service for row in area.rows]))
    assert shown == [
        ("Consultation", "", ["b"]),
        ("Consultation", "west", ["A", "Z"]),
        ("Referral", "East", ["R"]),
    ]


def test_a_long_list_is_folded_by_area(cast, sign_in):
    for number in range(9):
        add(cast, f"Line {number}", area="North")
    page = sign_in(cast.ana).get("/practice/").content.decode()
    assert local_pathways_for(cast.ana, TODAY).is_long
    assert '<span class="nhsuk-details__summary-text">North<span' in page


@pytest.mark.parametrize("count", [1, 12])
def test_one_query_whatever_their_number(cast, flagged, sign_in, count, django_assert_num_queries):
    learn(cast.ana, flagged)
    ana = sign_in(cast.ana)
    without = len(queries(ana, "/courses/tiny/lessons/last-things/done/"))
    for number in range(count):
        add(cast, f"Line {number}")
    assert len(queries(ana, DONE)) == without + 1
    with django_assert_num_queries(1):
        local_pathways_for(cast.ana, TODAY)
    assert len(queries(ana, PAGE)) <= 8


@pytest.mark.parametrize(
    ("checked_on", "months", "stale"),
    [
        (date(2026, 12, 1), 0, False),
        (date(2026, 11, 30), 0, False),
        (date(2026, 6, 2), 5, False),
        (date(2026, 6, 1), 6, True),
        (date(2026, 5, 1), 7, True),
        (date(2024, 12, 1), 24, True),
        (date(2026, 12, 2), 0, False),
    ],
)
def test_it_is_stale_after_six_months(checked_on, months, stale):
    assert months_since(checked_on, TODAY) == months
    assert is_stale(checked_on, TODAY) == stale


def test_its_age_in_words():
    assert age_in_words(TODAY, TODAY) == "Checked today"
    assert age_in_words(date(2026, 11, 3), TODAY) == "Checked on 3 November 2026"
    seven = "Checked 7 months ago – check it before you rely on it"
    assert age_in_words(date(2026, 5, 1), TODAY) == seven
    assert age_in_words(date(2024, 11, 1), TODAY).startswith("Checked 2 years ago")


def test_a_stale_one_is_marked_and_one_press_makes_it_fresh(cast, sign_in):
    old = timezone.localdate() - timedelta(days=220)
    pathway = add(cast, checked_on=old)
    mo = sign_in(cast.mo)
    for person, address in ((cast.ana, "/practice/"), (cast.mo, PAGE)):
        page = sign_in(person).get(address).content.decode()
        assert "check it before you rely on it" in page
    assert "1 of 1 last checked six months ago or longer" in words(mo.get(PAGE))
    shown = {"stamp": pathway.stamp}
    for _ in range(2):
        response = mo.post(f"{PAGE}{pathway.key}/check/", shown)
        assert response["Location"] == f"{PAGE}#{pathway.key}"
    pathway.refresh_from_db()
    assert (pathway.checked_on, pathway.checked_by) == (timezone.localdate(), cast.mo)
    assert AuditEvent.objects.filter(action="check_pathway").count() == 1
    page = words(mo.get(PAGE))
    assert "Checked today by Mo" in page
    assert "before you rely" not in page


def as_shown(client: Client, pathway: Pathway) -> dict[str, str]:
    """What the form to change a pathway sends where nothing was typed."""
    fields = {}
    for name, value in asdict(pathway.entry).items():
        fields[name] = str(value)
    return fields | seen(client, f"{PAGE}{pathway.key}/")


def test_a_change_of_other_words_is_no_check_unless_its_day_is_changed(cast, sign_in):
    pathway = add(cast)
    before = pathway.checked_on
    mo, page = sign_in(cast.mo), f"{PAGE}{pathway.key}/"
    typed = as_shown(mo, pathway) | {"kind": "referral", "area": "North", "phone": "(01632) 960100"}
    for _ in range(2):
        assert mo.post(page, typed).status_code == 302
    pathway.refresh_from_db()
    assert (pathway.kind, pathway.area, pathway.phone) == ("referral", "North", "(01632) 960100")
    assert (pathway.checked_on, pathway.checked_by) == (before, cast.tess)
    assert AuditEvent.objects.filter(action="change_pathway").count() == 1
    day = before - timedelta(days=1)
    mo.post(page, as_shown(mo, pathway) | {"checked_on": day.isoformat()})
    pathway.refresh_from_db()
    assert (pathway.checked_on, pathway.checked_by) == (day, cast.mo)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "01632 960 199"),
        ("email", "line@example.org"),
        ("address", "https://example.org/line"),
    ],
)
def test_another_way_to_reach_it_is_checked_today_by_who_saves_it(cast, sign_in, field, value):
    pathway = add(cast)
    mo, page = sign_in(cast.mo), f"{PAGE}{pathway.key}/"
    assert "and today is noted, with your name" in words(mo.get(page))
    typed = as_shown(mo, pathway) | {field: value}
    for _ in range(2):
        assert mo.post(page, typed).status_code == 302
    pathway.refresh_from_db()
    assert getattr(pathway, field) == value
    assert (pathway.checked_on, pathway.checked_by) == (timezone.localdate(), cast.mo)
    assert AuditEvent.objects.filter(action="change_pathway").count() == 1


def test_a_new_number_with_a_day_that_was_chosen_keeps_that_day(cast, sign_in):
    pathway = add(cast)
    mo, day = sign_in(cast.mo), timezone.localdate() - timedelta(days=2)
    typed = {"phone": "01632 960 199", "checked_on": day.isoformat()}
    mo.post(f"{PAGE}{pathway.key}/", as_shown(mo, pathway) | typed)
    pathway.refresh_from_db()
    assert (pathway.checked_on, pathway.checked_by) == (day, cast.mo)


def test_a_new_number_on_the_day_of_a_check_is_the_savers_all_the_same(cast, sign_in):
    pathway = add(cast, checked_on=timezone.localdate())
    mo = sign_in(cast.mo)
    mo.post(f"{PAGE}{pathway.key}/", as_shown(mo, pathway) | {"phone": "01632 960 199"})
    pathway.refresh_from_db()
    assert pathway.checked_by == cast.mo


def test_who_saves_second_overwrites_nothing_and_keeps_what_they_typed(cast, sign_in):
    pathway = add(cast, hours="Mondays")
    tess, mo, page = sign_in(cast.tess), sign_in(cast.mo), f"{PAGE}{pathway.key}/"
    typed = as_shown(mo, pathway) | {"hours": "Thursdays, <b>mornings</b>"}
    first = as_shown(tess, pathway) | {"hours": "Tuesdays", "phone": "01632 960 199"}
    assert tess.post(page, first).status_code == 302
    response = mo.post(page, typed)
    assert response.status_code == 400
    pathway.refresh_from_db()
    assert (pathway.hours, pathway.phone) == ("Tuesdays", "01632 960 199")
    shown = words(response)
    assert "changed or checked while you had it open. Nothing of yours was saved" in shown
    assert "It says now:Tuesdays" in shown
    assert "You typed:Thursdays, &lt;b&gt;mornings&lt;/b&gt;" in shown
    assert 'value="Thursdays, &lt;b&gt;mornings&lt;/b&gt;"' in response.content.decode()
    # The number that they never touched is the new one, and so is the day of its check.
    again = response.context["form"].data
    assert (again["phone"], again["checked_on"]) == (
        "01632 960 199",
        timezone.localdate().isoformat(),
    )
    assert mo.post(page, again).status_code == 302
    pathway.refresh_from_db()
    assert (pathway.hours, pathway.phone) == ("Thursdays, <b>mornings</b>", "01632 960 199")
    assert pathway.checked_by == cast.tess


@pytest.mark.parametrize("sent", ["", "null", "[1]", "{", "[" * 5000, '{"stamp": 7, "shown": 7}'])
def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing(cast, sign_in, sent):
    pathway = add(cast)
    tess = sign_in(cast.tess)
    response = tess.post(f"{PAGE}{pathway.key}/", pathway_fields("Other") | {"seen": sent})
    assert response.status_code == 400
    assert Pathway.objects.get().entry == pathway.entry
    assert tess.post(f"{PAGE}{pathway.key}/", once_more(response)).status_code == 302


def test_a_form_of_a_pathway_that_was_removed_keeps_what_was_typed(cast, sign_in):
    pathway = add(cast)
    mo, page = sign_in(cast.mo), f"{PAGE}{pathway.key}/"
    typed = as_shown(mo, pathway) | {"hours": "Thursdays"}
    remove_pathway(cast.tess, pathway, timezone.now())
    response = mo.post(page, typed)
    assert response.status_code == 400
    assert "This pathway was removed while you had it open. Nothing was saved." in words(response)
    text = response.content.decode()
    assert 'value="Thursdays"' in text
    assert f'<form method="post" action="{PAGE}new/"' in text
    assert not Pathway.objects.current().exists()
    # The day was that of Tess's check, and who adds a pathway says that they checked it.
    assert mo.post(f"{PAGE}new/", once_more(response)).status_code == 400
    today = timezone.localdate().isoformat()
    mo.post(f"{PAGE}new/", once_more(response) | {"checked_on": today})
    assert Pathway.objects.current().get().hours == "Thursdays"


def test_nobody_vouches_for_what_their_page_did_not_show(cast, sign_in):
    pathway = add(cast)
    mo, shown = sign_in(cast.mo), {"stamp": pathway.stamp}
    assert f'name="stamp" value="{pathway.stamp}"' in mo.get(PAGE).content.decode()
    tess = sign_in(cast.tess)
    tess.post(f"{PAGE}{pathway.key}/", as_shown(tess, pathway) | {"phone": "01632 960 199"})
    response = mo.post(f"{PAGE}{pathway.key}/check/", shown, follow=True)
    assert "Look at it once more as it is now." in words(response)
    pathway.refresh_from_db()
    assert pathway.checked_by == cast.tess
    remove_pathway(cast.tess, pathway, timezone.now())
    response = mo.post(f"{PAGE}{pathway.key}/check/", {"stamp": pathway.stamp}, follow=True)
    assert "Somebody has removed this pathway meanwhile." in words(response)


def test_removing_asks_first_and_a_second_press_changes_nothing(cast, sign_in):
    pathway = add(cast)
    tess, url = sign_in(cast.tess), f"{PAGE}{pathway.key}/remove/"
    assert "Remove Baby line?" in tess.get(url).content.decode()
    assert Pathway.objects.current().exists()
    for _ in range(2):
        assert tess.post(url)["Location"] == PAGE
    assert not Pathway.objects.current().exists()
    assert AuditEvent.objects.filter(action="remove_pathway").count() == 1
    for page in ("", "remove/"):
        assert tess.get(f"{PAGE}{pathway.key}/{page}").status_code == 404
    with pytest.raises(PathwayGone):
        check_pathway(cast.tess, pathway, pathway.stamp, TODAY, timezone.now())
    add(cast)  # and it can be written down again


def test_a_double_press_adds_one_and_another_of_its_name_is_refused(cast, sign_in):
    tess = sign_in(cast.tess)
    for _ in range(2):
        assert tess.post(f"{PAGE}new/", pathway_fields("Desk")).status_code == 302
    assert Pathway.objects.count() == 1
    response = tess.post(f"{PAGE}new/", pathway_fields("DESK") | {"hours": "Mondays"})
    assert response.status_code == 400
    page = response.content.decode()
    assert "Desk is written down for referral already, North" in page
    assert 'value="Mondays"' in page
    other = add(cast, "Other")
    with pytest.raises(PathwayThere):
        same = PathwayChange(Pathway.objects.get(service="Desk").entry, True, other.stamp)
        change_pathway(cast.tess, other, same, timezone.now())


def test_an_organisation_has_as_many_as_its_page_can_show(cast, sign_in):
    for number in range(MOST_PATHWAYS):
        add(cast, f"Line {number}")
    with pytest.raises(TooManyPathways):
        add(cast, "One more")
    assert "Add a pathway" not in sign_in(cast.tess).get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("kind", "", "Choose consultation or referral."),
        ("service", "", "Write the name of the service."),
        ("service", "---", "Write a name with a letter or a number."),
        ("phone", "ring Gwen", "Write one number, as 01632 960 122"),
        ("phone", "1" * 30, "Write one number, as 01632 960 122"),
        ("address", "http://example.org", "that begins with https://"),
        ("address", "https://nhs.uk@example.org", "that begins with https://"),
        ("address", "javascript:alert(1)", "Write the whole address"),
        ("email", "nobody", "valid email address"),
        ("checked_on", "2999-01-01", "Choose a day from 2015 to today."),
    ],
)
def test_what_cannot_be_relied_on_is_refused_and_what_was_typed_stays(
    cast, sign_in, field, value, message
):
    data = pathway_fields("Infant team") | {"hours": "Tuesdays", field: value}
    response = sign_in(cast.tess).post(f"{PAGE}new/", data)
    assert response.status_code == 400
    page = response.content.decode()
    assert message in page
    assert 'value="Tuesdays"' in page
    assert not Pathway.objects.exists()


def test_there_is_a_way_to_reach_it(cast, sign_in):
    data = pathway_fields("Infant team") | {"phone": "", "email": "", "address": ""}
    page = sign_in(cast.tess).post(f"{PAGE}new/", data).content.decode()
    assert "Give a phone number, an email address or a web page." in page
    with pytest.raises(IntegrityError), transaction.atomic():
        add(cast, phone="")


def test_areas_so_far_are_named_and_escaped(cast, sign_in):
    add(cast, area="<b>North</b>")
    for page in (sign_in(cast.tess).get(f"{PAGE}new/"), sign_in(cast.ana).get("/practice/")):
        text = page.content.decode()
        assert "&lt;b&gt;North&lt;/b&gt;" in text
        assert "<b>North" not in text


def test_no_pathway_of_a_wrong_key(cast, sign_in):
    tess = sign_in(cast.tess)
    assert tess.get(f"{PAGE}{uuid.uuid4()}/").status_code == 404
    assert tess.post(f"{PAGE}{uuid.uuid4()}/check/").status_code == 404
    assert tess.get(f"{PAGE}no-key/").status_code == 404


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [
        ("01632 960 122", "tel:01632960122"),
        ("+44 (0)1632 960-122", "tel:+441632960122"),
        ("(01632) 960122", "tel:01632960122"),
        ("01632 960 122 ext. 14", "tel:01632960122;ext=14"),
        ("111", "tel:111"),
        ("", ""),
        ("٣٣٣", ""),
        ("01632;url=x", ""),
    ],
)
def test_a_number_becomes_a_link(phone, dialled):
    assert dial_address(phone) == dialled
    assert is_phone(phone) == bool(dialled)


def test_only_https_addresses_are_safe():
    assert is_safe_address("https://example.org/a?b=c")
    for address in ("http://example.org", "https://", "https://a@example.org", "https://[x", ""):
        assert not is_safe_address(address)


def test_the_flag_ends_no_sign_off(tiny_content):
    plain = tiny_content[0]
    lessons = [lesson.model_copy(update={"local_pathways": True}) for lesson in plain.lessons]
    flagged = plain.model_copy(update={"lessons": tuple(lessons)})
    digests = [material.digest for material in materials_of(plain)]
    assert [material.digest for material in materials_of(flagged)] == digests
