"""The audit log only grows, and a chain of seals shows a change that went past the product."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from courses.models import AuditEvent, AuditSeal
from courses.people.seal_actions import check_chain, seal_events

NOW = timezone.now()
pytestmark = pytest.mark.django_db


def write(cast, count: int) -> None:
    for number in range(count):
        details = {"number": number, "share": 0.5, "words": "Siân"}
        AuditEvent.objects.create(actor=cast.tess, action="let_review", details=details)


def sql(statement: str, *values: object) -> None:
    """Past the product, as somebody with the database's password would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def verify() -> tuple[int, list[str]]:
    out, code = StringIO(), 0
    try:
        call_command("verify_audit", stdout=out)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue().splitlines()


@pytest.fixture
def sealed(cast, monkeypatch):
    """Every event of the cast and more, under at least three seals."""
    monkeypatch.setattr("courses.people.seal_actions.BATCH", 3)
    write(cast, 7)
    seal_events(NOW)
    return cast


def test_it_works(sealed):
    events, seals = AuditEvent.objects.count(), AuditSeal.objects.count()
    assert seals >= 3
    code, lines = verify()
    assert code == 0
    newest = AuditSeal.objects.latest("number").digest
    assert lines == [f"{events} events, {seals} seals, 0 unsealed", f"newest seal: {newest}"]
    assert seal_events(NOW) == 0, "a second run finds nothing"


def test_what_came_after_the_last_seal_is_counted(sealed):
    write(sealed, 2)
    assert "2 unsealed" in verify()[1][0]
    assert seal_events(NOW + timedelta(hours=3)) == 2
    assert verify()[0] == 0
    write(sealed, 1)
    assert seal_events(NOW + timedelta(hours=9)) == 1
    assert check_chain().unsealed == 0


def test_an_event_that_commits_late_is_sealed_too(sealed):
    """Its id was given before that of one which is sealed."""
    highest = AuditEvent.objects.latest("pk").pk
    AuditEvent.objects.bulk_create(
        [AuditEvent(pk=highest + 10, actor=sealed.tess, action="let_review")]
    )
    seal_events(NOW)
    AuditEvent.objects.bulk_create(
        [AuditEvent(pk=highest + 5, actor=sealed.tess, action="let_review")]
    )
    assert seal_events(NOW + timedelta(minutes=1)) == 1
    assert seal_events(NOW + timedelta(hours=4)) == 0, "nor is one sealed twice"
    assert verify()[0] == 0


def test_a_changed_event_is_named(sealed):
    event = AuditEvent.objects.earliest("pk")
    sql("UPDATE courses_auditevent SET deed = 'let_go' WHERE id = %s", event.pk)
    code, lines = verify()
    assert code == 1
    assert lines[2:] == [f"event {event.pk} was changed (seal 1)"]


def test_a_missing_event_is_named(sealed):
    event = AuditEvent.objects.earliest("pk")
    sql("DELETE FROM courses_auditevent WHERE id = %s", event.pk)
    assert verify()[1][2:] == [f"event {event.pk} is gone (seal 1)"]


def test_a_changed_seal_is_named(sealed):
    sql("UPDATE courses_auditseal SET sealed_at = %s WHERE number = 2", NOW + timedelta(days=1))
    code, lines = verify()
    assert code == 1
    assert lines[2:] == ["seal 2 was changed, or the one before it"]


def test_a_missing_seal_is_named(sealed):
    sql("DELETE FROM courses_auditseal WHERE number = 1")
    assert "seal 1 is gone" in verify()[1]


def test_two_seals_of_one_number_cannot_be(sealed, monkeypatch):
    """The copy that comes second stops without an error, and nothing is sealed twice."""
    write(sealed, 1)
    first = AuditSeal.objects.get(number=1)
    monkeypatch.setattr(
        "courses.people.seal_actions.AuditSeal.objects.select_for_update",
        lambda: AuditSeal.objects.filter(pk=first.pk),
    )
    assert seal_events(NOW) == 0
    monkeypatch.undo()
    assert seal_events(NOW) == 1
    assert verify()[0] == 0


def test_the_timer_seals(cast):
    call_command("close_expired_attempts", stdout=StringIO())
    assert check_chain().unsealed == 0


@pytest.mark.parametrize("model", [AuditEvent, AuditSeal])
def test_a_row_neither_changes_nor_goes(sealed, model):
    row = model.objects.earliest("pk")
    attempts = (
        row.save,
        row.delete,
        model.objects.all().delete,
        lambda: model.objects.filter(pk=row.pk).update(pk=0),
        lambda: model.objects.bulk_update([row], ["id"]),
    )
    for attempt in attempts:
        with pytest.raises(TypeError, match="only grows"):
            attempt()
    assert verify()[0] == 0
