"""Every mail, read whole: whose it is, of which course, one thing to do, why it came, how to stop."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.assessment.accommodations import request_accommodation
from courses.learning.actions import submit_attempt
from courses.learning.lesson_actions import begin_lesson
from courses.library.queries import content_of
from courses.people.actions import join_by_link
from courses.people.models import Assignment, User
from courses.reminders.stop_links import REMINDERS, stop_url
from courses.web.browsers import browser_name
from courses.web.mail.outbox import wrapped
from tests.conftest import PASSWORD, answer_all, begin_quiz, given, learn

HOST = "http://127.0.0.1:8000"
SIGNATURE = "Notice: learning for the first 1001 days"
DUE = datetime(2026, 12, 3, 23, 59, 59, tzinfo=UTC)
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/149.0 Safari/537.36"


def due(cast, moment: datetime) -> Assignment:
    Assignment.objects.filter(cohort=cast.cohort).update(due_at=moment)
    return given(cast)


def test_it_works(cast, mailoutbox):
    """Who joins by a link reads what they joined and what their trainer sees; nobody else does."""
    due(cast, DUE)
    join_by_link(cast.ben, cast.cohort, timezone.now())
    join_by_link(cast.ben, cast.cohort, timezone.now())
    (mail,) = mailoutbox
    assert mail.to == ["ben@example.org"]
    assert mail.subject == "You have joined Autumn"
    assert (
        mail.body
        == f"""Dear Ben,

You have joined Autumn, led by Tess.

Your trainer has given you:
- Tiny things, due Thursday 3 December 2026 (end of day)

Begin here:
{HOST}/courses/tiny/

Your trainer sees which lessons you have done, your quiz marks, and when
you were last here. They never see what you answer or write. See their
view of you, or leave the cohort, here:
{HOST}/seen-by-trainer/

You get this once, because you joined. If it was not you, leave the
cohort and choose a new password.

{SIGNATURE}
"""
    )


def test_a_reminder_has_the_trainers_own_line_and_leads_to_the_very_step(
    cast, course, sign_in, mailoutbox
):
    enrolment = learn(cast.ana, course, lessons=1)
    lesson = content_of(course.edition_id).lessons[1]
    begin_lesson(enrolment, lesson, timezone.now())
    due(cast, DUE)
    url = reverse("courses:send-nudge", args=[cast.cohort.key, "tiny", cast.ana.key])
    sign_in(cast.tess).post(url, {"line": "Only two\nsteps to go, Ana."})
    (mail,) = mailoutbox
    assert mail.reply_to == ["tess@example.org"]
    assert mail.subject == "A reminder from Tess: Tiny things"
    minutes = "1 minute of it is" if lesson.minutes == 1 else f"{lesson.minutes} minutes of it are"
    place = f"Everything you did is kept. You stopped in “{lesson.title}”: about {minutes} left."
    step = f"{HOST}/courses/tiny/lessons/{lesson.key}/{lesson.steps[0].key}/"
    assert mail.body.startswith(f"""Dear Ana,

Tess asked us to remind you of “Tiny things”.

Tess writes: “Only two steps to go, Ana.”

{wrapped(place + " The course is due on Thursday 3 December 2026 (end of day).")}
Carry on here:
{step}
""")
    assert mail.body.endswith(f"""
To write to Tess, reply to this email.

You get this because you are in Autumn. No more reminders by email? Stop
them by one press, without signing in, and stay in the cohort:
{stop_url(cast.ana.key, REMINDERS)}

{SIGNATURE}
""")


def test_a_reminder_before_the_first_lesson_says_how_long_it_takes(
    cast, course, sign_in, mailoutbox
):
    url = reverse("courses:send-nudge", args=[cast.cohort.key, "tiny", cast.ana.key])
    sign_in(cast.tess).post(url)
    body = " ".join(mailoutbox[0].body.split())
    minutes = content_of(course.edition_id).lessons[0].minutes
    assert f"The first lesson, “First things”, takes about {minutes} minutes" in body
    assert f"Start here: {HOST}/courses/tiny/" in body
    assert "writes:" not in body


@pytest.mark.parametrize("switched_off", [False, True])
def test_a_line_of_a_refused_reminder_is_kept(cast, sign_in, mailoutbox, switched_off):
    """Too long, too soon, or switched off since: nothing is sent, and what was typed stands there."""
    url = reverse("courses:send-nudge", args=[cast.cohort.key, "tiny", cast.ana.key])
    tess = sign_in(cast.tess)
    if switched_off:
        User.objects.filter(pk=cast.ana.pk).update(wants_reminders=False)
    else:
        tess.post(url)
        mailoutbox.clear()
    for line in ("A line I thought about.", "Long. " * 60):
        page = tess.post(url, {"line": line})
        assert page.status_code == 400
        assert line in page.content.decode()
        assert "The reminder was not sent" in page.content.decode()
    assert mailoutbox == []


def test_who_switches_reminders_off_gets_none_by_hand_and_stays(cast, sign_in, mailoutbox):
    """The trainer sees it, and so does the learner see that they see it."""
    ana = sign_in(cast.ana)
    for _ in range(2):
        ana.post(reverse("courses:set-reminders"), {"reminders": "off"})
    ana.post(reverse("courses:set-reminders"), {"reminders": "perhaps"})
    assert "Switch reminders on" in ana.get("/details/").content.decode()
    page = reverse("courses:learner", args=[cast.cohort.key, "tiny", cast.ana.key])
    seen = sign_in(cast.tess).get(page).content.decode()
    assert "has switched reminders by email off" in seen
    assert "Send a reminder</button>" not in seen
    assert "Reminders by email" in ana.get("/seen-by-trainer/").content.decode()
    assert mailoutbox == []


def test_a_completed_course_is_a_mail_with_the_certificate(cast, course, mailoutbox):
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    for _ in range(2):
        submit_attempt(cast.ana, attempt.key, timezone.now())
    (mail,) = mailoutbox
    assert mail.to == ["ana@example.org"]
    assert mail.subject == "Completed: Tiny things"
    assert (
        mail.body
        == f"""Dear Ana,

You have completed “Tiny things”: every lesson is done, and the final
quiz passed.

Your certificate is ready. Keep it, print it, or correct the name on it:
{HOST}/courses/tiny/certificate/

You get this once, because you completed the course.

{SIGNATURE}
"""
    )


def test_a_request_leads_the_trainer_to_the_answer(cast, course, sign_in, mailoutbox):
    learn(cast.ana, course)
    for _ in range(2):
        submit_attempt(cast.ana, begin_quiz(cast.ana, course).key, timezone.now())
    sent = {"kind": "attempt", "reason": "The line broke down"}
    sign_in(cast.ana).post(reverse("courses:ask-for-more", args=["tiny", "final"]), sent)
    (mail,) = mailoutbox
    assert mail.reply_to == [], "a learner’s address is theirs to give"
    assert mail.body.startswith("""Dear Tess,

Ana, who learns in Autumn, asks you for one more attempt at “Final quiz,
Tiny things”.

Read why, and answer here:
""")
    assert "#request-" in mail.body
    assert "You get this because you train Autumn." in mail.body


@pytest.mark.parametrize(("action", "word"), [("grant", "granted it"), ("decline", "declined")])
def test_an_answer_has_the_trainers_sentence(cast, course, sign_in, mailoutbox, action, word):
    learn(cast.ana, course)
    now = timezone.now()
    asked = request_accommodation(cast.ana, course.pk, "final", "attempt", "Called away", now)
    address = [cast.cohort.key, "tiny", cast.ana.key, asked.key]
    url = reverse(f"courses:{action}-request", args=address)
    sign_in(cast.tess).post(url, {"answer": "Look at step 3 first."})
    (mail,) = mailoutbox
    assert mail.reply_to == ["tess@example.org"]
    body = " ".join(mail.body.split())
    assert body.startswith(
        "Dear Ana, You asked your trainer for one more attempt at “Final quiz, Tiny things”. "
        f"Tess has {word}. Tess writes: “Look at step 3 first.”"
    )
    assert f"{HOST}/courses/tiny/quiz/final/" in body


def test_mails_of_an_account_name_the_person_and_the_browser(cast, sign_in, mailoutbox):
    ana = sign_in(cast.ana)
    ana.post("/account/reauthenticate/", {"password": PASSWORD})
    new = "another-quiet-baby"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    ana.post("/account/password/change/", sent, headers={"user-agent": CHROME})
    (mail,) = mailoutbox
    assert mail.body.startswith("Dear Ana,\n\nYou get this because the password of your Notice")
    assert "in Chrome on Linux." in " ".join(mail.body.split())
    assert mail.body.endswith(f"\n\n{SIGNATURE}\n")
    assert "127.0.0.1" not in mail.body


def test_the_link_to_a_new_password_says_how_long_it_works(cast, mailoutbox):
    Client().post("/account/password/reset/", {"email": cast.ana.email})
    body = " ".join(mailoutbox[0].body.split())
    assert body.startswith("Dear Ana, You get this because someone, perhaps you, asked")
    assert "The link works once, and for 60 minutes." in body


@pytest.mark.parametrize("name", ["win at evil.example", "http://evil.example", "me@evil.example"])
def test_a_name_that_is_a_link_greets_nobody(cast, mailoutbox, name):
    """Anybody may sign up with somebody else's address, and so write to them."""
    sent = {"email": "new@example.org", "name": name, "profession": "gp", "password1": PASSWORD}
    Client().post("/account/signup/", sent)
    (mail,) = mailoutbox
    assert "evil" not in mail.body
    assert mail.body.startswith("You get this because this address was given")


AGENTS = [
    (CHROME, "Chrome on Linux"),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/149.0 Safari/537.36 Edg/149.0",
        "Edge on Windows",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
        "Safari on iPhone",
    ),
    ("Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
    ("curl/8.5.0", "a browser we do not know"),
    ("", "a browser we do not know"),
]


@pytest.mark.parametrize(("agent", "name"), AGENTS)
def test_a_browser_is_named_as_people_name_it(agent, name):
    assert browser_name(agent) == name


def test_a_line_is_short_and_an_address_whole():
    address = "http://127.0.0.1:8000/" + "a-very-long-part/" * 9
    text = wrapped(f"\n\n{'word ' * 40}\n\n\n\n{address}\n")
    lines = text.splitlines()
    assert address in lines
    assert max(len(line) for line in lines if line != address) <= 72
    assert "\n\n\n" not in text
