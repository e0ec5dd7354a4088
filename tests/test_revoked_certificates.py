"""Revoking a certificate: who may, what is written down, and who is shown what of it."""

import csv
import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from courses.certificates.actions import (
    NotStaff,
    OwnCertificate,
    ReasonMissing,
    RevokedAlready,
    revoke_certificate,
)
from courses.certificates.codes import new_code, show_code
from courses.certificates.models import Certificate
from courses.certificates.pdf import VERSION, read_facts
from courses.learning.queries import enrolment_progress_on
from courses.models import AuditEvent
from tests.conftest import person
from tests.test_certificates import complete, complete_before, main_of, page_of

REASON = "Somebody else sat the quiz"
LIST = "/admin/courses/certificate/"

EVERY = {
    "name": "Ana Ŵyn-Jones",
    "course_title": "Tiny things",
    "edition": 1,
    "outcomes": ["Name a small thing"],
    "completed_on": "2026-03-29",
    "issued_on": "2026-03-30",
    "individual_minutes": 13,
    "participatory_minutes": 0,
    "result": "Final quiz passed with 3 of 3 marks",
    "content_status": "No clinician has reviewed it yet",
    "site_name": "Notice",
}
VERSIONS = {
    0: EVERY,
    1: {**EVERY, "site_url": "https://notice.example"},
    2: {**EVERY, "site_url": "https://notice.example", "version": 2},
    3: {**EVERY, "site_url": "https://notice.example", "version": 3},
    4: {
        **EVERY,
        "site_url": "https://notice.example",
        "version": 4,
        "organisation_name": None,
        "organisation_logo": None,
    },
    5: {
        **EVERY,
        "site_url": "https://notice.example",
        "version": 5,
        "organisation_name": None,
        "organisation_logo": None,
        "cohort_name": "Autumn",
    },
}
"""What each version wrote. Never take one out: certificates of all of them are on paper."""


@pytest.fixture
def held(cast, course) -> Certificate:
    """Ana's certificate; Tess trains her."""
    cast.ana.name = "Ana Ŵyn-Jones"
    cast.ana.save()
    complete(cast.ana, course)
    return Certificate.objects.get(user=cast.ana)


@pytest.fixture
def root(cast):
    return person("Root", is_staff=True, is_superuser=True)


def test_it_works(held, cast, sign_in):
    facts, now = held.facts, timezone.now()
    revoke_certificate(cast.sam, held, f"  {REASON}\n", now)
    held.refresh_from_db()
    assert (held.revoked_at, held.revoked_by, held.revoke_reason) == (now, cast.sam, REASON)
    assert held.facts == facts
    event = AuditEvent.objects.get(action="revoke_certificate")
    assert (event.actor, event.subject, event.at) == (cast.sam, cast.ana, now)
    assert event.details == {"certificate": held.code}, "no free text"

    ana = sign_in(cast.ana)
    for url in (page_of(held), "/record/"):
        assert f"withdrawn on {now.day} " in ana.get(url).content.decode()
    assert REASON in ana.get(page_of(held)).content.decode()


def refusal_of(held, actor, reason=REASON):
    before = Certificate.objects.values().get()
    try:
        revoke_certificate(actor, held, reason, timezone.now())
    except Exception as refusal:
        assert Certificate.objects.values().get() == before
        return refusal
    return None


@pytest.mark.parametrize("who", ["ana", "ben", "tess", "mo", "olga", "rhea"])
def test_only_staff_revoke(held, cast, who):
    assert isinstance(refusal_of(held, getattr(cast, who)), NotStaff)
    assert not AuditEvent.objects.filter(action="revoke_certificate").exists()


def test_staff_who_have_left_do_not(held, cast):
    cast.sam.is_active = False
    cast.sam.save()
    assert isinstance(refusal_of(held, cast.sam), NotStaff)


def test_nobody_revokes_their_own(held, cast):
    cast.ana.is_staff = True
    cast.ana.save()
    assert isinstance(refusal_of(held, cast.ana), OwnCertificate)


@pytest.mark.parametrize("reason", ["", "  \n\x00", "x" * 301])
def test_it_takes_a_reason(held, cast, reason):
    assert isinstance(refusal_of(held, cast.sam, reason), ReasonMissing)


def test_the_first_reason_stays(held, cast, root):
    """A second press, and another member of staff who looked at the same list."""
    revoke_certificate(cast.sam, held, REASON, timezone.now())
    for actor in (cast.sam, root):
        assert isinstance(refusal_of(held, actor, "Another reason"), RevokedAlready)
    assert AuditEvent.objects.filter(action="revoke_certificate").count() == 1


def test_nothing_else_of_a_certificate_changes(held):
    held.facts["name"] = "Somebody else"
    with pytest.raises(TypeError):
        held.save()
    held.refresh_from_db()
    assert held.facts["name"] == "Ana Ŵyn-Jones"


def test_it_cannot_be_printed_any_more(held, cast, sign_in):
    """A fresh paper would say nothing of it. The code on the old one tells whoever checks it."""
    ana = sign_in(cast.ana)
    assert "Download as PDF" in ana.get(page_of(held)).content.decode()
    revoke_certificate(cast.sam, held, REASON, timezone.now())
    refused = ana.get(f"{page_of(held)}pdf/")
    assert (refused.status_code, refused["Location"]) == (302, page_of(held))
    page = ana.get(page_of(held)).content.decode()
    assert "cannot be printed any more" in page
    assert "Download as PDF" not in page


def test_the_trainer_sees_when_and_not_why(held, cast, sign_in):
    tess, day = sign_in(cast.tess), timezone.localdate()
    learner = f"/cohorts/{cast.cohort.key}/tiny/{cast.ana.key}/"
    table = f"/cohorts/{cast.cohort.key}/tiny/"
    assert "withdrawn" not in tess.get(learner).content.decode().lower()
    revoke_certificate(cast.sam, held, REASON, timezone.now())
    record, overview, file = (
        tess.get(url).content.decode() for url in (learner, table, f"{table}csv/")
    )
    assert f"Withdrawn on {day.day} {day:%B %Y}" in record
    assert "Completed, certificate withdrawn" in overview
    (row,) = csv.DictReader(io.StringIO(file.lstrip("\ufeff")))
    assert row["Certificate withdrawn"] == day.isoformat()
    assert not [page for page in (record, overview, file) if REASON in page]


def test_the_learner_sees_what_the_trainer_sees(held, cast, sign_in):
    revoke_certificate(cast.sam, held, REASON, timezone.now())
    assert "Withdrawn on" in sign_in(cast.ana).get("/seen-by-trainer/").content.decode()


def test_a_trainer_of_others_sees_nothing_of_it(held, cast, sign_in):
    revoke_certificate(cast.sam, held, REASON, timezone.now())
    page = sign_in(cast.olga).get(f"/cohorts/{cast.other_cohort.key}/tiny/").content.decode()
    assert "withdrawn" not in page.lower()


def test_a_stranger_sees_when_and_not_why(held, cast, client):
    revoke_certificate(cast.sam, held, REASON, timezone.now())
    main = main_of(client.get(f"/verify/{held.code}/").content.decode())
    assert f"withdrawn on {timezone.localdate().day} " in main
    for private in (REASON, "Ana", "Sam", "Tiny things"):
        assert private not in main


def test_one_that_was_revoked_before_reasons_were_kept_is_shown(held, cast, sign_in):
    Certificate.objects.update(revoked_at=timezone.now())
    page = sign_in(cast.ana).get(page_of(held)).content.decode()
    assert "This certificate was withdrawn" in page
    assert "The reason:" not in page


# ---- the administrator's page and the command


def press(client: Client, held: Certificate, **more: str):
    return client.post(LIST, {"action": "revoke", "_selected_action": held.pk, **more}, follow=True)


def test_an_administrator_is_asked_for_the_reason(held, root, sign_in):
    client = sign_in(root)
    asked = press(client, held).content.decode()
    assert "Reason, in one sentence" in asked
    assert not Certificate.objects.exclude(revoked_at=None).exists()
    assert "Write the reason in one sentence" in press(client, held, reason=" ").content.decode()
    assert not Certificate.objects.exclude(revoked_at=None).exists()
    assert f"{held.code} is withdrawn" in press(client, held, reason=REASON).content.decode()
    held.refresh_from_db()
    assert (held.revoked_by, held.revoke_reason) == (root, REASON)
    assert "withdrawn before" in press(client, held, reason="Again").content.decode()


def test_an_administrator_does_not_revoke_their_own(held, cast, sign_in):
    cast.ana.is_staff = cast.ana.is_superuser = True
    cast.ana.save()
    page = press(sign_in(cast.ana), held, reason=REASON).content.decode()
    assert "This is your own certificate" in page
    assert not Certificate.objects.exclude(revoked_at=None).exists()


def test_staff_without_the_list_do_not_revoke_by_it(held, cast, sign_in):
    assert press(sign_in(cast.sam), held, reason=REASON).status_code == 403
    assert (
        press(sign_in(cast.tess), held, reason=REASON)
        .redirect_chain[0][0]
        .startswith("/admin/login/")
    )
    assert not Certificate.objects.exclude(revoked_at=None).exists()


def test_the_command_does_the_same(held, cast, capsys):
    call_command(
        "revoke_certificate",
        show_code(held.code).lower(),
        "--by",
        cast.sam.email,
        "--reason",
        REASON,
    )
    assert f"{show_code(held.code)} is withdrawn" in capsys.readouterr().out
    held.refresh_from_db()
    assert (held.revoked_by, held.revoke_reason) == (cast.sam, REASON)


def test_the_command_says_what_is_wrong(held, cast):
    other = new_code()
    for code, by, reason, said in (
        (other, cast.sam.email, REASON, f"No certificate has the code {other}"),
        ("x", cast.sam.email, REASON, "No certificate has the code x"),
        (held.code, "nobody@example.org", REASON, "Nobody has the e-mail address"),
        (held.code, cast.tess.email, REASON, "Only staff"),
        (held.code, cast.sam.email, " ", "Write the reason"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("revoke_certificate", code, "--by", by, "--reason", reason)
    assert not Certificate.objects.exclude(revoked_at=None).exists()


# ---- facts of every version, and rows of the last release


@pytest.mark.parametrize("version", VERSIONS)
def test_facts_of_every_version_are_read(held, cast, sign_in, client, version):
    Certificate.objects.update(facts=VERSIONS[version])
    for page in (sign_in(cast.ana).get(page_of(held)), client.get(f"/verify/{held.code}/")):
        assert page.status_code == 200
        assert "Ana Ŵyn-Jones" in page.content.decode()
        assert "29 March 2026" in page.content.decode()
    assert sign_in(cast.ana).get(f"{page_of(held)}pdf/").content.startswith(b"%PDF")
    read = read_facts(
        VERSIONS[version],
        code=held.code,
        site_name="Here",
        site_url="http://here",
        verify_path="/verify/",
    )
    assert (read.completed_on, read.outcomes) == (date(2026, 3, 29), ("Name a small thing",))
    address = "https://notice.example/verify/" if version else "http://here/verify/"
    assert (read.site_name, read.verify_url) == ("Notice", address)


def test_only_those_issued_since_say_that_their_minutes_are_designed(held, cast, sign_in, client):
    """And that the quiz asked for their outcomes: what was issued before never changes."""
    for version, facts in VERSIONS.items():
        Certificate.objects.update(facts=facts)
        page = sign_in(cast.ana).get(page_of(held)).content.decode()
        checked = client.get(f"/verify/{held.code}/").content.decode()
        assert ("designed as 13 minutes of self-paced learning" in page) == (version >= 3)
        assert ("Designed as 13 minutes, self-paced" in checked) == (version >= 3)
        assert ("What its quiz asked for" in page) == (version >= 3)
        assert "13 minutes" in page


def test_what_is_written_now_is_the_newest_version(held):
    assert held.facts["version"] == VERSION == max(VERSIONS)
    assert held.facts.keys() == VERSIONS[VERSION].keys(), (
        "another key is another version: keep one of it above"
    )


def test_facts_of_a_later_release_are_read_as_far_as_they_are_known(held):
    later = {**VERSIONS[3], "version": 99, "accredited_by": "Somebody"}
    now = {
        "code": held.code,
        "site_name": "Here",
        "site_url": "http://here",
        "verify_path": "/verify/",
    }
    assert read_facts(later, **now) == read_facts(VERSIONS[3], **now)


def test_the_last_release_can_still_issue_one(held, cast, course):
    """It knows nothing of the new columns: the database has their defaults."""
    complete_before(cast.ben, course)
    enrolment_progress = enrolment_progress_on(cast.ben, "tiny")
    row = "INSERT INTO courses_certificate (code, user_id, enrolment_id, facts, issued_at) VALUES (%s, %s, %s, %s, %s)"
    values = [new_code(), cast.ben.pk, enrolment_progress.enrolment.pk, "{}", timezone.now()]
    with connection.cursor() as cursor:
        cursor.execute(row, values)
    made = Certificate.objects.get(user=cast.ben)
    assert (made.revoked_at, made.revoked_by, made.revoke_reason) == (None, None, "")
    assert made.superseded_at is None
