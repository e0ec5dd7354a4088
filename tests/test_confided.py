"""What a learner writes and answers is seen by nobody else, in no page, log or mail."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.assessment.actions import drawn_item
from courses.assessment.models import Attempt
from courses.learning.actions import submit_attempt
from courses.learning.activity_forms import page_name
from courses.library.models import Course
from courses.library.queries import content_of
from tests.conftest import (
    PASSWORD,
    answer_all,
    begin_quiz,
    fields_of,
    learn,
    right_answer,
    wrong_answer,
)
from tests.crawling import (
    JSON,
    MARK,
    SECRET,
    answer_step,
    crawl,
    everybody,
    items_in_lessons,
    junk,
    marked,
    numbers_of,
    post,
    publish_whole,
    save,
    things_of,
    through,
)


@pytest.fixture
def course(db, tiny_content) -> Course:
    """Its quiz asks every item, one of each kind among them; the cast learns this one."""
    return publish_whole(tiny_content)


@pytest.fixture
def confided(cast, course, sign_in) -> Attempt:
    """Ana wrote the secret wherever something can be written, and passed the quiz."""
    learn(cast.ana, course)
    ana = sign_in(cast.ana)
    answer_step(ana, "writing", "one-thing", text=f"{SECRET}: reflection")
    answer_step(ana, "writing", "own-words", text=f"{SECRET}: rewrite")
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    submit_attempt(cast.ana, attempt.key, timezone.now())
    page = ana.post(reverse("courses:claim-certificate", args=["tiny"]), {"name": "Ana Jones"})[
        "Location"
    ]
    ana.post(f"{page}intention/", {"intention": f"{SECRET}: intention"})
    plan = {"sentence": "own", "own": f"{SECRET}: plan", "on": "2026-03-02"}
    step = ["tiny", "last-things", "ending", "one-sentence"]
    ana.post(reverse("courses:answer-activity", args=step), plan)
    outcome = reverse(
        "courses:record-plan-outcome", args=["tiny", page_name("last-things", "one-sentence")]
    )
    ana.post(outcome, {"outcome": "done", "words": f"{SECRET}: outcome"})
    return attempt


def test_what_a_learner_writes_is_seen_by_nobody_else(cast, confided, sign_in):
    mine = crawl(sign_in(cast.ana), *things_of(cast, confided))
    for kind in ("reflection", "rewrite", "intention", "plan", "outcome"):
        assert marked(mine, f"{SECRET}: {kind}") != []
        assert "/practice/" in marked(mine, f"{SECRET}: {kind}")
    for one in everybody(cast):
        if one != cast.ana:
            pages = crawl(sign_in(one), *mine, *things_of(cast, confided), "/admin/")
            assert marked(pages, SECRET) == []
            assert (
                one is None
                or not one.is_superuser
                or len([url for url in pages if url.startswith("/admin/")]) > 40
            )


def test_what_a_learner_answered_is_seen_by_nobody_else(cast, course, confided, sign_in):
    """No option's key or words, and no stem of the quiz, on any page of a trainer, a manager or staff."""
    items = content_of(course.edition_id).items
    secrets = [item.stem for item in items]
    secrets += [text for item in items for one in item.answers for text in (one.key, one.html)]
    secrets += [option.key for item in items_in_lessons(course) for option in item.options]
    everywhere = crawl(sign_in(cast.ana), *things_of(cast, confided))
    assert any(text in page for page in everywhere.values() for text in secrets)
    for one in everybody(cast):
        if one not in {cast.ana, None}:
            pages = crawl(sign_in(one), *everywhere, *things_of(cast, confided), "/admin/")
            del pages["/see/"]  # the scene is open to anyone, and may ask what a lesson asks
            for url in ("/courses/tiny/items/", "/courses/tiny/items/csv/"):
                assert "Ana" not in pages.pop(
                    url, ""
                )  # how the items do: of no person, below ten answers of nobody
            assert [
                (url, text) for url, page in pages.items() for text in secrets if text in page
            ] == []


def test_a_reminder_tells_nothing_of_what_was_written(
    cast, course, sign_in, mailoutbox, django_capture_on_commit_callbacks
):
    through(cast.ana, course)
    answer_step(sign_in(cast.ana), "writing", "one-thing", text=SECRET)
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(cast.tess).post(
            reverse("courses:send-nudge", args=[cast.cohort.key, "tiny", cast.ana.key])
        )
    assert len(mailoutbox) == 1
    assert SECRET not in str(mailoutbox[0].message())
    assert MARK not in str(mailoutbox[0].message())


def test_nothing_private_is_logged(cast, course, sign_in, caplog):
    """Neither an answer, nor a reflection, nor a password, at any level of the log."""
    caplog.set_level("DEBUG")
    through(cast.ana, course)
    ana, attempt = sign_in(cast.ana), begin_quiz(cast.ana, course)
    answer_step(ana, "writing", "one-thing", text=SECRET)
    answer_step(ana, "writing", "one-thing", text=SECRET * 500)
    for number in numbers_of(attempt):
        item = drawn_item(attempt, number)
        for answer in (right_answer(item), wrong_answer(item)):
            save(ana, attempt, number, answer, **JSON)
        post(ana, attempt, number, junk(right_answer(item)))
        post(ana, attempt, number, fields_of(right_answer(item)) | {"sequence": 1})
    Client().post("/account/login/", {"login": cast.ana.email, "password": "not-her-password"})
    assert "sign-in failed" in caplog.text
    keys = [one.key for item in content_of(course.edition_id).items for one in item.answers]
    for private in (SECRET, "no-such-thing", "not-her-password", MARK, *keys):
        assert private not in caplog.text


def test_no_mail_tells_anything(
    cast, course, sign_in, mailoutbox, django_capture_on_commit_callbacks
):
    """Every mail that can be had while Ana's attempt is open."""
    through(cast.ana, course)
    answer_step(sign_in(cast.ana), "writing", "one-thing", text=SECRET)
    answer_all(cast.ana, begin_quiz(cast.ana, course))
    new = {"name": "New", "email": "new@example.org", "profession": "gp", "password1": PASSWORD}
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(cast.tess).post(
            reverse("courses:send-nudge", args=[cast.cohort.key, "tiny", cast.ana.key])
        )
        Client().post(reverse("account_signup"), new)
        Client().post(reverse("account_reset_password"), {"email": cast.ana.email})
        Client().post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert len(mailoutbox) >= 3
    for mail in mailoutbox:
        assert not [private for private in (MARK, SECRET) if private in str(mail.message())]
