"""Archiving depended on the kind of certificate: here one function leads to every newer one."""

import ast
from pathlib import Path

import pytest
from django.utils import timezone

from courses.certificates.actions import (
    MOST_CERTIFICATES,
    CorrectedOften,
    NameMissing,
    NotCurrent,
    correct_name,
    replace_certificate,
    revoke_certificate,
)
from courses.certificates.models import Certificate
from courses.models import AuditEvent
from tests.test_certificates import complete, page_of
from tests.test_revoked_certificates import VERSIONS

ROOT = Path(__file__).parent.parent.parent
PAGE = "/certificates/{}/name/"


@pytest.fixture
def held(cast, course) -> Certificate:
    complete(cast.ana, course)
    return Certificate.objects.get()


def test_it_works(cast, held, sign_in):
    ana = sign_in(cast.ana)
    assert 'value="Ana"' in ana.get(PAGE.format(held.code)).text
    to = ana.post(PAGE.format(held.code), {"name": "Ana Ŵyn-Jones"})["Location"]
    newer = Certificate.objects.current().get()
    assert to == page_of(newer)
    assert "The earlier one was replaced" in ana.get(to).text
    assert newer.facts == {**held.facts, "name": "Ana Ŵyn-Jones"}
    held.refresh_from_db()
    assert (held.state, held.facts["name"]) == ("replaced", "Ana")
    assert newer.code != held.code
    event = AuditEvent.objects.get(action="correct_certificate_name")
    assert "Ana" not in str(event.details)


def test_the_account_and_the_trainers_table_keep_their_name(cast, held, sign_in):
    correct_name(held, "Ana Wren", timezone.now())
    cast.ana.refresh_from_db()
    assert cast.ana.name == "Ana"
    assert "Wren" not in sign_in(cast.tess).get(f"/cohorts/{cast.cohort.key}/tiny/").text


def test_a_second_press_replaces_nothing(cast, held, sign_in):
    ana = sign_in(cast.ana)
    first = ana.post(PAGE.format(held.code), {"name": "Ana Wren"})["Location"]
    again = ana.post(PAGE.format(held.code), {"name": "Ana Wren"})
    assert (again.status_code, again["Location"]) == (302, first)
    assert ana.get(PAGE.format(held.code))["Location"] == first
    with pytest.raises(NotCurrent):
        correct_name(held, "Ana Wren", timezone.now())
    assert Certificate.objects.count() == 2


def test_the_same_name_replaces_nothing(held):
    assert correct_name(held, "  Ana ", timezone.now()) == held
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("name", ["", "  ", "123", "\x00", None])
def test_a_name_without_a_letter_is_refused(cast, held, sign_in, name):
    data = {} if name is None else {"name": name}
    response = sign_in(cast.ana).post(PAGE.format(held.code), data)
    assert response.status_code == 400
    assert "Enter the name" in response.text
    with pytest.raises(NameMissing):
        correct_name(held, name or "", timezone.now())
    assert Certificate.objects.count() == 1


def test_one_that_was_withdrawn_gets_no_new_name(cast, held, sign_in):
    revoke_certificate(cast.sam, held, "Somebody else sat the quiz", timezone.now())
    held.refresh_from_db()
    with pytest.raises(NotCurrent):
        correct_name(held, "Ana Wren", timezone.now())
    ana = sign_in(cast.ana)
    assert "Correct the name" not in ana.get(page_of(held)).text
    assert ana.post(PAGE.format(held.code), {"name": "Ana Wren"})["Location"] == page_of(held)
    assert Certificate.objects.count() == 1


def test_it_may_be_corrected_five_times(held):
    for number in range(1, MOST_CERTIFICATES):
        held = correct_name(held, "Ana" + "a" * number, timezone.now())
    with pytest.raises(CorrectedOften):
        correct_name(held, "Somebody", timezone.now())
    assert Certificate.objects.count() == MOST_CERTIFICATES
    assert Certificate.objects.current().get() == held


@pytest.mark.parametrize("version", VERSIONS)
def test_facts_of_every_version_are_replaced_alike(held, version):
    """A newer certificate says no more than the earlier one knew, and says it in its version."""
    Certificate.objects.update(facts=VERSIONS[version])
    held.refresh_from_db()
    newer = replace_certificate(held, {"name": "Ana Wren"}, timezone.now())
    today = timezone.localdate().isoformat()
    assert newer.facts == {**VERSIONS[version], "name": "Ana Wren", "issued_on": today}
    held.refresh_from_db()
    assert held.facts == VERSIONS[version]


MAKERS = {
    "Certificate",
    "Certificate.objects.create",
    "Certificate.objects.get_or_create",
    "Certificate.objects.bulk_create",
}


def calls_in_courses() -> list[tuple[str, ast.Call]]:
    """Every call in the product, with the path of its module; migrations are left out."""
    calls = []
    for path in sorted((ROOT / "courses").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        name = str(path.relative_to(ROOT / "courses"))
        calls += [(name, node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return calls


def test_one_function_makes_rows_and_one_ends_them():
    made, ended = [], []
    for name, call in calls_in_courses():
        function = ast.unparse(call.func)
        if function in MAKERS:
            made.append(name)
        keywords = {keyword.arg for keyword in call.keywords}
        if function.endswith(".update") and "superseded_at" in keywords:
            ended.append(name)
    assert made == ended == ["certificates/actions.py"]
