"""What was done in an organisation, for its managers: its own events alone, in plain words."""

import ast
import re
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from courses.models import AuditEvent
from courses.people.cohort_life import rename_cohort
from courses.people.event_queries import events_of
from courses.people.event_words import BY_THE_SITE, OF_NO_ORGANISATION, SENTENCES, SITE, sentence
from courses.people.looks import log_look
from tests.conftest import person

pytestmark = pytest.mark.django_db
PAGE = "/organisations/riverside/events/"
COURSES = Path(__file__).parent.parent / "courses"


def shown(client, **query: str) -> list[str]:
    text = client.get(PAGE, query).content.decode()
    return re.findall(r"</th><td>(.*?)</td>", text)


def test_it_works(cast, sign_in):
    mo = sign_in(cast.mo)
    log_look(cast.mo, cast.ana, cast.cohort.organisation, timezone.now())
    lines = shown(mo)
    assert lines[0] == "Mo looked at the record of Ana."
    assert "Tess started a cohort." in lines
    assert lines[-1] == "Tess started the organisation."


def test_the_menu_of_managers_leads_to_it(cast, sign_in):
    home = reverse("courses:organisation", args=["riverside"])
    assert PAGE in sign_in(cast.mo).get(home).content.decode()


def test_a_kind_narrows_it_and_an_unknown_one_is_all(cast, sign_in):
    mo = sign_in(cast.mo)
    assert shown(mo, kind="settings") == ["Tess started the organisation."]
    assert shown(mo, kind="no-such-kind") == shown(mo)
    assert "Nothing of this kind yet" in mo.get(PAGE, {"kind": "files"}).content.decode()


def test_nothing_of_another_organisation_is_on_it(cast, sign_in):
    assert not any("Olga" in line for line in shown(sign_in(cast.mo)))
    assert sign_in(cast.olga).get(PAGE).status_code == 404
    assert sign_in(cast.ana).get(PAGE).status_code == 404


def test_nothing_that_people_typed_is_on_it(cast, sign_in):
    rename_cohort(cast.tess, cast.cohort, "Zebra words", timezone.now())
    assert not any("Zebra" in line for line in shown(sign_in(cast.mo)))


def test_it_is_paged_and_asks_as_often_for_many(cast, sign_in, django_assert_max_num_queries):
    mo = sign_in(cast.mo)
    for number in range(60):
        AuditEvent.objects.create(
            actor=person(f"Boss{number}"),
            subject=cast.ana,
            action="give_role",
            details={"organisation": "riverside"},
        )
    with django_assert_max_num_queries(9):
        assert len(shown(mo)) == 50
    assert shown(mo, page="2")[-1] == "Tess started the organisation."
    assert shown(mo, kind="people", page="2"), "the kind is kept"
    assert "?kind=people&amp;page=2" in mo.get(PAGE, {"kind": "people"}).content.decode()


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite takes no expression index for a bound value"
)
def test_both_ways_to_an_event_have_an_index(cast):
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")  # a table of few rows is read whole otherwise
    plan = events_of(cast.cohort.organisation).explain()
    assert "events_of_organisations" in plan
    assert "events_of_cohorts" in plan


def actions_in_code() -> set[str]:
    """Every text that is written as an action: an argument of what writes an event."""
    writers = {"create", "AuditEvent", "_record", "_log", "_audit", "_update"}
    found = set()
    for path in COURSES.rglob("*.py"):
        text = path.read_text()
        if "AuditEvent" not in text or path.parent.name == "migrations":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and _name(node.func) in writers:
                values = [*node.args, *(key.value for key in node.keywords if key.arg == "action")]
                found |= set(_texts(values))
    return found


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _texts(values):
    for value in values:
        parts = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
        for part in parts:
            if isinstance(part, ast.Constant) and re.fullmatch(
                r"[a-z]+(_[a-z]+)*", str(part.value)
            ):
                yield part.value


def test_every_action_has_a_sentence_or_is_of_no_organisation():
    actions = actions_in_code()
    assert {"grant_attempt", "archive_cohort", "give_role", "export"} <= actions
    assert actions - set(SENTENCES) - OF_NO_ORGANISATION == set()


def test_the_sites_people_have_no_name_here():
    for action in BY_THE_SITE:
        assert sentence(action, "Sam", "Ana").startswith(SITE)


def test_a_name_with_braces_stays_as_it_is():
    assert sentence("give_role", "{x}", "{them}") == "{x} gave {them} a role."
