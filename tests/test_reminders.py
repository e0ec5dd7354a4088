"""A nudge: a kind reminder by mail, capped, never after completion, and nothing in it but what we meant to send."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from courses.dashboards.queries import learners_on
from courses.learning.actions import submit_attempt
from courses.library.models import Course
from courses.models import AuditEvent, Nudge, OutgoingMail
from courses.people.actions import join_cohort, start_cohort
from courses.people.models import Assignment, User
from courses.reminders.actions import PAUSE, NotNeeded, TooSoon, send_nudge
from courses.web.mail.delivery import deliver_due
from courses.web.mail.outbox import message_of, row_of
from tests.conftest import Cast, answer_all, begin_quiz, learn, person
from tests.test_access import rows


@pytest.fixture(autouse=True)
def commits(django_capture_on_commit_callbacks):
    """What waits for the commit runs when `with commits():` ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def action(cast: Cast, learner: User) -> str:
    return reverse("courses:send-nudge", args=[cast.cohort.key, "tiny", learner.key])


def assignment(cast: Cast) -> Assignment:
    return Assignment.objects.select_related("cohort", "course").get(cohort=cast.cohort)


def as_one_line(text: str) -> str:
    return " ".join(text.split())


def complete(user: User, course: Course) -> None:
    learn(user, course)
    attempt = begin_quiz(user, course)
    answer_all(user, attempt)
    submit_attempt(user, attempt.key, timezone.now())


def test_it_works(cast, sign_in, mailoutbox, commits):
    tess = sign_in(cast.tess)
    with commits():
        to = tess.post(action(cast, cast.ana))["Location"]
    page = reverse("courses:learner", args=[cast.cohort.key, "tiny", cast.ana.key])
    assert to == f"{page}#reminder"
    assert "We are sending Ana a reminder" in tess.get(to).content.decode()

    (mail,) = mailoutbox
    assert mail.to == ["ana@example.org"]
    assert mail.cc == mail.bcc == []
    assert mail.subject == "A reminder from Tess: Tiny things"
    assert mail.body.startswith("Dear Ana,")
    for words in (
        "you are in Autumn",
        "Tess asked us to remind you",
        "“Tiny things”",
        "You have not started yet",
    ):
        assert words in mail.body
    assert mail.reply_to == ["tess@example.org"]
    assert "http://127.0.0.1:8000/courses/tiny/" in mail.body
    stop = mail.extra_headers["List-Unsubscribe"].strip("<>")
    assert stop.startswith("http://127.0.0.1:8000/stop/reminders/")
    assert stop in mail.body, "how to get no more of them"

    nudge = Nudge.objects.get()
    assert (nudge.user, nudge.sent_by, nudge.cohort, nudge.reason) == (
        cast.ana,
        cast.tess,
        cast.cohort,
        "never_started",
    )
    event = AuditEvent.objects.get(action="send_nudge")
    assert (event.actor, event.subject, event.details) == (
        cast.tess,
        cast.ana,
        {"reason": "never_started", "cohort": str(cast.cohort.key)},
    )


def test_it_says_what_is_true_of_who_has_begun(cast, course, sign_in, mailoutbox, commits):
    learn(cast.ana, course, lessons=1)
    due = timezone.localdate() + timedelta(days=5)
    Assignment.objects.update(due_at=timezone.now() + timedelta(days=5))
    with commits():
        sign_in(cast.tess).post(action(cast, cast.ana))
    assert "Everything you did is kept" in mailoutbox[0].body
    assert "You have not started" not in mailoutbox[0].body
    assert f"The course is due on {due:%A} {due.day} {due:%B}" in as_one_line(mailoutbox[0].body)


def test_from_the_first_page_it_leads_back_there(cast, sign_in, commits):
    with commits():
        assert (
            sign_in(cast.tess).post(action(cast, cast.ana), {"from": "cohorts"})["Location"]
            == f"/cohorts/#{cast.cohort.key}-tiny-{cast.ana.key}"
        )
    with commits():
        to = sign_in(cast.tess).post(action(cast, cast.ana), {"from": "https://evil.example"})[
            "Location"
        ]
    assert to.startswith("/cohorts/")


def test_a_second_press_sends_nothing(cast, sign_in, mailoutbox, commits):
    tess = sign_in(cast.tess)
    with commits():
        tess.post(action(cast, cast.ana))
    before = rows()
    with commits():
        page = tess.post(action(cast, cast.ana), follow=True).content.decode()
    assert "Ana had a reminder on" in page
    assert rows() == before
    assert len(mailoutbox) == 1


def test_one_goes_out_in_three_days_whoever_sends_it_from_wherever(
    cast, course, sign_in, mailoutbox, commits
):
    """A second trainer, and a second cohort with the same course, are under the same cap; another learner is not."""
    second = start_cohort(
        cast.tess, cast.cohort.organisation, "Winter", course, None, timezone.now()
    )
    join_cohort(cast.ana, second, timezone.now())
    join_cohort(cast.ben, cast.cohort, timezone.now())
    uma = person("Uma")
    uma.memberships.create(organisation=cast.cohort.organisation, role="trainer")
    cast.cohort.trainers.add(uma)
    with commits():
        sign_in(cast.tess).post(action(cast, cast.ana))
        sign_in(uma).post(action(cast, cast.ana))
        sign_in(cast.tess).post(
            reverse("courses:send-nudge", args=[second.key, "tiny", cast.ana.key])
        )
        sign_in(uma).post(action(cast, cast.ben))
    assert [mail.to for mail in mailoutbox] == [["ana@example.org"], ["ben@example.org"]]


def test_the_next_may_go_out_after_three_days_to_the_second(cast, mailoutbox, commits):
    now = timezone.now()
    (ana,) = learners_on([assignment(cast)], now)
    with commits():
        send_nudge(cast.tess, ana, now)
    with pytest.raises(TooSoon, match="three days later"):
        send_nudge(cast.tess, ana, now + PAUSE - timedelta(seconds=1))
    with commits():
        send_nudge(cast.tess, ana, now + PAUSE)
    assert len(mailoutbox) == 2


def test_a_hundred_presses_send_one(cast, sign_in, mailoutbox, commits):
    tess = sign_in(cast.tess)
    with commits():
        for _ in range(100):
            tess.post(action(cast, cast.ana))
    assert len(mailoutbox) == Nudge.objects.count() == 1


def test_nothing_goes_to_who_has_completed(cast, course, sign_in, mailoutbox, commits):
    complete(cast.ana, course)
    mailoutbox.clear()
    before = rows()
    with commits():
        page = sign_in(cast.tess).post(action(cast, cast.ana), follow=True).content.decode()
    assert "Ana has completed this course, so nothing was sent" in page
    assert "Send a reminder" not in page
    assert rows() == before
    assert mailoutbox == []


def test_completion_is_looked_at_when_it_is_sent(cast, course, mailoutbox, commits):
    """The trainer's page may be an hour old: who has completed since gets nothing."""
    complete(cast.ana, course)
    mailoutbox.clear()
    (ana,) = learners_on([assignment(cast)], timezone.now())
    with commits(), pytest.raises(NotNeeded):
        send_nudge(cast.tess, ana, timezone.now())
    assert mailoutbox == []


def test_nothing_goes_out_when_the_nudge_is_rolled_back(cast, outbox):
    """The nudge and its mail are committed together, or neither."""
    (ana,) = learners_on([assignment(cast)], timezone.now())
    with pytest.raises(LookupError), transaction.atomic():
        send_nudge(cast.tess, ana, timezone.now())
        assert OutgoingMail.objects.count() == 1
        raise LookupError
    assert not OutgoingMail.objects.exists()
    assert not Nudge.objects.exists()


INJECTIONS = [
    "Tess\nBcc: all@example.org",
    "Tess\r\nBcc: all@example.org",
    "Tess\rBcc: all@example.org",
    "Tess\r\n\r\nClick here",
    "Tess\vBcc: all@example.org",
    "Tess\fBcc: all@example.org",
    "Tess\x1cBcc: all@example.org",
    "Tess\x1dBcc: all@example.org",
    "Tess\x1eBcc: all@example.org",
    "Tess\x85Bcc: all@example.org",
    "Tess\u2028Bcc: all@example.org",
    "Tess\u2029Bcc: all@example.org",
    "Tess%0aBcc: all@example.org",
    "=?utf-8?q?Tess=0aBcc:_all@example.org?=",
    "Tess\tBcc: all@example.org",
    "Tess\x00Bcc: all@example.org",
    "{{ settings.SECRET_KEY }}{% debug %}{0.__class__}%(name)s",
    "Ŵyn " * 30,
]


@pytest.mark.parametrize("name", INJECTIONS, ids=ascii)
@pytest.mark.parametrize("who", ["tess", "ana"])
def test_a_name_adds_no_header_and_runs_nothing(cast, sign_in, mailoutbox, commits, who, name):
    name = name.replace("\x00", "") if who == "ana" else name
    User.objects.filter(email=f"{who}@example.org").update(name=name.replace("\x00", ""))
    with commits():
        assert sign_in(cast.tess).post(action(cast, cast.ana)).status_code == 302
    (mail,) = mailoutbox
    sent = message_of(row_of(mail, timezone.now())).message()  # as it leaves the outbox
    headers = {
        "Reply-To",
        "Content-Type",
        "MIME-Version",
        "Content-Transfer-Encoding",
        "Subject",
        "From",
        "To",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
    }
    assert set(sent.keys()) == headers
    assert sent["To"] == "ana@example.org"
    assert mail.recipients() == ["ana@example.org"]
    raw = sent.as_bytes().split(b"\n\n")[0]
    assert b"\nBcc:" not in raw.replace(b"\r", b"\n").replace(b"\v", b"\n").replace(b"\f", b"\n")
    if "{{" in name:
        assert name in sent.get_payload(decode=True).decode()


def test_a_learner_who_left_gets_nothing(cast, sign_in, mailoutbox, commits):
    sign_in(cast.ana).post(reverse("courses:leave-cohort", args=[cast.cohort.key]))
    with commits():
        assert sign_in(cast.tess).post(action(cast, cast.ana)).status_code == 404
    assert mailoutbox == []


def test_a_mail_server_that_is_down_delays_a_nudge_and_loses_nothing(cast, outbox, sign_in):
    """The trainer reads what is true: it is being sent. The mail goes when the server is back."""
    outbox.stop()
    page = sign_in(cast.tess).post(action(cast, cast.ana), follow=True)
    assert page.status_code == 200
    assert "We are sending Ana a reminder" in page.content.decode()
    assert Nudge.objects.count() == 1
    deliver_due(timezone.now())
    outbox.start()
    deliver_due(timezone.now() + timedelta(minutes=2))
    assert [to for to, _ in outbox.mails] == ["ana@example.org"]
    assert "Subject: A reminder from Tess: Tiny things" in outbox.mails[0][1]
