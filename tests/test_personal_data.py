"""Everything that is held about a person, in one ZIP: all of theirs, and nothing of anybody else."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.assessment.accommodations import void_attempt
from courses.assessment.models import AccommodationRequest, Attempt, ItemScore, Response
from courses.group_sessions.actions import SessionFacts, record_session, void_session
from courses.learning.actions import submit_attempt
from courses.learning.certifying import claim_certificate
from courses.learning.models import ActivityAnswer, ActivityDraft, Enrolment
from courses.learning.queries import enrolment_progress_on
from courses.library.markdown import plain_text
from courses.library.queries import content_of
from courses.models import (
    Attendance,
    AuditEvent,
    GroupSession,
    Invitation,
    LessonRecord,
    OutgoingMail,
)
from courses.people.actions import join_cohort
from courses.personal_data.acts import ACTS
from courses.personal_data.collection import collect
from courses.personal_data.tables import FOUND_OTHERWISE, LEFT_OUT, OWN
from courses.personal_data.words import answer_in_words
from tests.conftest import PASSWORD, answer_all, begin_quiz, given, learn, right_answer
from tests.crawling import SECRET

User = get_user_model()
MODELS = apps.get_models(include_auto_created=True)


def download(client) -> dict[str, str]:
    """The files in the ZIP by name, after the password."""
    asked = client.post(reverse("courses:download-own-data"))
    form = {"password": PASSWORD, "next": reverse("courses:download-own-data")}
    response = asked
    if asked.status_code == 302:
        response = client.post(reverse("account_reauthenticate"), form)
    assert response.headers["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    return {name: archive.read(name).decode() for name in archive.namelist()}


def rows_in(files: dict[str, str]) -> dict[str, list[dict]]:
    tables = json.loads(files["my-data.json"])["tables"]
    return {key: table["rows"] for key, table in tables.items()}


def do_everything(cast, user, words: str) -> Attempt:
    """Learns, writes, takes the quiz, is at a session and gets a certificate. The attempt."""
    course, now = given(cast).course, timezone.now()
    enrolment = learn(user, course)
    Enrolment.objects.filter(pk=enrolment.pk).update(intention=f"{words} intention")
    own = {"enrolment": enrolment, "lesson_key": "first-things"}
    ActivityAnswer.objects.create(**own, activity_key="one-thing", answer=f"{words} answer")
    ActivityDraft.objects.create(
        **own, activity_key="own-words", entered=f"{words} draft", event_id=user.key
    )
    attempt = begin_quiz(user, course)
    answer_all(user, attempt)
    submit_attempt(user, attempt.key, now)
    claim_certificate(enrolment_progress_on(user, "tiny"), user.name, now)
    attempt.refresh_from_db()
    return attempt


@pytest.fixture
def both(cast):
    """Ana and Ben of one cohort did everything and were at one session."""
    now = timezone.now()
    join_cohort(cast.ben, cast.cohort, now)
    do_everything(cast, cast.ana, f"{SECRET} Ana")
    do_everything(cast, cast.ben, "Words of the other")
    people = frozenset({cast.ana.pk, cast.ben.pk})
    facts = SessionFacts("A quiet baby", timezone.localdate(), 60, people)
    record_session(cast.tess, cast.cohort, facts, now)
    for user, line in ((cast.ana, f"{SECRET} Ana line"), (cast.ben, "Words of the other line")):
        Attendance.objects.filter(user=user).update(reflection=line, written_at=now)
    return cast


def test_it_works(both, sign_in):
    ana = both.ana
    files = download(sign_in(ana))
    assert sorted(files) == ["my-data.html", "my-data.json"]
    everything = json.loads(files["my-data.json"])
    assert everything["version"] == 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", everything["made_at"])
    for what in ("intention", "answer", "draft", "line"):
        assert f"{SECRET} Ana {what}" in files["my-data.json"]
        assert f"{SECRET} Ana {what}" in files["my-data.html"]
    rows = rows_in(files)
    assert rows["your_account"][0]["email"] == "ana@example.org"
    assert rows["memberships"][0]["organisation_name"] == "Riverside"
    assert rows["certificates"][0]["code"] == ana.certificates.get().code
    assert rows["courses"][0]["enrolled_at"].endswith("Z")
    assert [session["ends_at"][-1] for session in rows["sessions"]] == ["Z"]


def test_it_counts_every_row_of_the_person(both, sign_in):
    rows = rows_in(download(sign_in(both.ana)))
    own = {"attempt__user": both.ana}
    expected = {
        "attempts_at_quizzes": both.ana.attempts.count(),
        "results_of_quizzes": both.ana.attempts.filter(state="scored").count(),
        "answers_in_quizzes": Response.objects.filter(**own).count(),
        "marks_in_quizzes": ItemScore.objects.filter(**own).count(),
        "lessons": LessonRecord.objects.filter(enrolment__user=both.ana).count(),
        "answers_and_reflections_in_lessons": ActivityAnswer.objects.filter(
            enrolment__user=both.ana
        ).count(),
        "group_sessions_and_your_lines_on_them": 1,
        "drafts_in_lessons": 1,
    }
    assert {key: len(rows[key]) for key in expected} == expected
    assert 0 not in expected.values()


def test_answers_are_there_in_words(both, sign_in):
    row = rows_in(download(sign_in(both.ana)))["answers_in_quizzes"][0]
    assert row["asked"]
    assert row["answer_in_words"] != row["answer"]


def test_answers_to_each_kind_of_activity_are_there_in_words(course):
    """What has keys or numbers gets the words that stood there; texts stay as they are."""
    seen = set()
    for lesson in content_of(course.edition_id).lessons:
        for step in lesson.steps:
            for block in step.blocks:
                if not block.is_activity:
                    continue
                row = {"lesson_key": lesson.key, "activity_key": block.key}
                row["answer"] = sample_answer(block)
                asked, answer = answer_in_words(row, course.edition_id)
                assert asked == plain_text(block.item.stem if block.item else block.html)
                assert answer == sample_words(block, row["answer"]), block.key
                seen.add(block.kind)
    assert {"branch", "checklist", "commitment", "check"} <= seen, seen


def sample_answer(block):
    if block.item:
        return right_answer(block.item)
    if block.kind == "branch":
        return [block.moments[0].choices[0].key]
    if block.kind == "checklist":
        return [0, 99]
    if block.kind == "commitment":
        return {"sentence": "1", "own": "", "on": "2026-12-02"}
    return "My own words"


def sample_words(block, answer):
    if block.item and isinstance(answer, list):
        texts = {option.key: plain_text(option.html) for option in block.item.options}
        return [texts[key] for key in answer]
    if block.item:
        texts = {card.key: plain_text(card.html) for card in block.item.cards}
        groups = {group.key: plain_text(group.html) for group in block.item.groups}
        return {texts[card]: groups[group] for card, group in answer.items()}
    if block.kind == "branch":
        return [plain_text(block.moments[0].choices[0].html)]
    if block.kind == "checklist":
        return [plain_text(block.points[0]), ""]
    if block.kind == "commitment":
        return {"sentence": plain_text(block.points[1]), "on": "2026-12-02"}
    return answer


def test_an_answer_that_its_edition_does_not_have_stays_as_it_is(course):
    gone = {"lesson_key": "gone", "activity_key": "gone", "answer": "x"}
    assert answer_in_words(gone, course.edition_id) == ("", None)
    assert answer_in_words({"item_key": "gone", "answer": []}, course.edition_id) == ("", None)
    scene = {"room_scene_key": "gone", "answer": "x"}
    assert answer_in_words(scene, course.edition_id) == ("", None)


def test_nothing_of_another_learner_is_in_it(both, sign_in):
    text = "".join(download(sign_in(both.ana)).values())
    for other in ("Words of the other", both.ben.email, str(both.ben.key)):
        assert other not in text
    assert both.ben.certificates.get().code not in text
    assert SECRET in text


def void_open_attempt(cast, reason: str) -> None:
    learn(cast.ana, given(cast).course)
    attempt = begin_quiz(cast.ana, given(cast).course)
    void_attempt(cast.tess, given(cast), attempt, reason, timezone.now())


def test_a_trainer_finds_what_they_did_and_nothing_of_a_learner(cast, sign_in):
    """The mail names Ana in its subject, and the reason is about her: neither is given."""
    void_open_attempt(cast, "Ana was ill")
    Enrolment.objects.update(intention=SECRET)
    OutgoingMail.objects.create(to=[cast.tess.email], subject="Ana asks", from_email="x@y.org")
    files = download(sign_in(cast.tess))
    rows = rows_in(files)
    assert [row["quiz_key"] for row in rows["attempts_you_voided"]] == ["final"]
    assert len(rows["mails"]) >= 1
    assert "subject" not in rows["mails"][0]
    assert "void_attempt" in {row["action"] for row in rows["actions_of_yours"]}
    for text in files.values():
        assert not re.search(r"\bAna\b|\bBen\b", text)
        assert cast.ana.email not in text
        assert SECRET not in text


def test_a_learner_reads_what_a_trainer_wrote_of_them(cast, sign_in):
    void_open_attempt(cast, "The line broke")
    rows = rows_in(download(sign_in(cast.ana)))
    assert rows["attempts_at_quizzes"][0]["void_reason"] == "The line broke"
    assert rows["attempts_at_quizzes"][0]["voided_by_name"] == "Tess"
    done = rows["what_was_done_to_your_account_and_record"]
    assert "void_attempt" in {row["action"] for row in done}


def test_a_learner_reads_why_a_group_session_does_not_count(both, sign_in):
    session = GroupSession.objects.get()
    void_session(both.tess, session, "It was another cohort", timezone.now())
    files = download(sign_in(both.ana))
    row = rows_in(files)["group_sessions_and_your_lines_on_them"][0]
    assert row["session_void_reason"] == "It was another cohort"
    assert row["session_voided_by_name"] == "Tess"
    assert "It was another cohort" in files["my-data.html"]


def test_mails_are_found_by_confirmed_addresses_alone(cast, sign_in):
    """Ana's own, written in any case; not one to an address she only typed, nor a longer one."""
    EmailAddress.objects.create(user=cast.ana, email="tess2@example.org", verified=False)
    for to in ("ANA@example.org", "tess2@example.org", "mariana@example.org"):
        OutgoingMail.objects.create(to=[to], subject=f"To {to}", from_email="x@y.org", body="B0DY")
    files = download(sign_in(cast.ana))
    assert [row["subject"] for row in rows_in(files)["mails"]] == ["To ANA@example.org"]
    assert "B0DY" not in files["my-data.json"]


def test_invitations_are_found_by_confirmed_addresses_alone(cast, sign_in):
    EmailAddress.objects.create(user=cast.ana, email="other@example.org", verified=False)
    for email in ("Ana@example.org", "other@example.org"):
        Invitation.objects.create(
            organisation=cast.cohort.organisation,
            email=email,
            invited_by=cast.tess,
            expires_at=timezone.now() + timedelta(days=7),
        )
    rows = rows_in(download(sign_in(cast.ana)))["invitations_to_your_addresses"]
    assert [row["email"] for row in rows] == ["Ana@example.org"]


def test_an_invitation_that_was_passed_on_does_not_tell_whose_it_was(cast, sign_in):
    organisation, now = cast.cohort.organisation, timezone.now()
    Invitation.objects.create(
        organisation=organisation,
        email=cast.ben.email,
        name="Ben",
        employee_number="00977",
        invited_by=cast.tess,
        expires_at=now,
        accepted_by=cast.ana,
        accepted_at=now,
    )
    files = download(sign_in(cast.ana))
    assert [row["role"] for row in rows_in(files)["invitations_you_accepted"]] == ["learner"]
    for hidden in (cast.ben.email, "00977"):
        assert hidden not in files["my-data.json"]
    rows = rows_in(download(sign_in(cast.ben)))["invitations_to_your_addresses"]
    assert [row["employee_number"] for row in rows] == ["00977"]


def test_without_a_confirmed_address_there_are_no_mails(cast):
    EmailAddress.objects.filter(user=cast.ana).delete()
    OutgoingMail.objects.create(to=[cast.ben.email], from_email="x@y.org")
    assert [section.rows for section in collect(cast.ana) if section.key == "mails"] == [[]]


def test_the_password_is_asked_for_and_the_download_is_logged(cast, sign_in):
    ana = sign_in(cast.ana)
    asked = ana.post(reverse("courses:download-own-data"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not AuditEvent.objects.filter(action="download_own_data").exists()
    rows = rows_in(download(ana))
    event = AuditEvent.objects.get(action="download_own_data")
    assert (event.actor, event.subject) == (cast.ana, cast.ana)
    assert event.details == {"rows": sum(len(table) for table in rows.values())}
    later = rows_in(download(ana))["what_was_done_to_your_account_and_record"]
    assert [row["action"] for row in later] == ["download_own_data"]


def test_the_page_leads_to_it_and_the_details_lead_to_the_page(cast, sign_in):
    ana = sign_in(cast.ana)
    assert reverse("courses:own-data") in ana.get(reverse("courses:details")).text
    assert reverse("courses:download-own-data") in ana.get(reverse("courses:own-data")).text
    assert ana.get(reverse("courses:download-own-data")).status_code == 405


def test_the_page_to_read_needs_nothing_else_and_runs_nothing(both, sign_in):
    ActivityAnswer.objects.filter(enrolment__user=both.ana).update(answer="<script>x</script>")
    page = download(sign_in(both.ana))["my-data.html"]
    assert "<script" not in page
    assert "&lt;script&gt;x" in page
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert page.count("<h1>") == 1


def test_the_queries_do_not_grow_with_the_rows(cast, both):
    collect(cast.olga)  # editions come into memory
    counts = []
    for user in (both.olga, both.ana, both.ben):
        with CaptureQueriesContext(connection) as queries:
            collect(user)
        counts.append(len(queries))
    assert counts == [len(OWN) + len(ACTS) + 4] * 3


def test_every_model_is_exported_or_left_out_with_a_reason():
    named = {table.model for table in OWN} | set(FOUND_OTHERWISE) | set(LEFT_OUT)
    labels = {model._meta.label for model in MODELS}
    assert labels - named == set(), "name these in courses/personal_data/tables.py"
    assert {table.model for table in ACTS} | named <= labels, "these are no models any more"
    assert {table.model for table in OWN} & set(LEFT_OUT) == set()
    assert all(LEFT_OUT.values())


def test_every_way_from_a_model_to_a_person_is_named():
    """A row leads to a person by a foreign key; whose rows they are, or what they did."""
    named = set()
    for table in (*OWN, *ACTS):
        named |= {(table.model, lookup) for lookup in table.whose}
    for model in MODELS:
        for field in model._meta.local_fields:
            if field.related_model is User:
                assert (model._meta.label, field.name) in named, "name it in tables or acts"


def test_every_field_of_an_exported_model_is_given_or_left_out_with_a_reason():
    for table in OWN:
        begun = {lookup.split("__")[0] for lookup in (*table.fields, *table.whose)}
        fields = apps.get_model(table.model)._meta.local_fields
        names = {field.name for field in fields if not field.primary_key}
        assert names - begun - set(table.without) == set(), table.model
        assert set(table.without) <= names - begun, table.model


def test_no_two_tables_share_a_key():
    keys = [table.key for table in (*OWN, *ACTS)] + ["mails", "sessions"]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[a-z_]+", key) for key in keys)


def test_what_somebody_did_tells_no_name_of_a_person():
    for table in ACTS:
        for lookup in table.fields:
            assert not lookup.startswith(("user", "subject", "email", "accepted_by")), lookup
    assert AccommodationRequest._meta.label in {table.model for table in ACTS}
