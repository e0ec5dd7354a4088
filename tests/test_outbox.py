"""The outbox: what is sent becomes a row with the action, and leaves later, once, whatever the mail server does."""

import os
import re
import signal
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from courses.models import OutgoingMail, User
from courses.web.mail import delivery
from courses.web.mail.delivery import (
    ATTEMPTS,
    KEPT,
    LEASE,
    WAITS,
    Round,
    delete_old_mail,
    deliver_due,
)
from courses.web.mail.outbox import message_of, queued
from tests.test_accounts import NEW, sign_up

pytestmark = pytest.mark.django_db
T = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def queue(*people: str, subject: str = "Hello", body: str = "A line", now: datetime = T) -> None:
    """A mail to each of them, due at this moment."""
    for person in people:
        send_mail(subject, body, None, [f"{person}@example.org"])
    OutgoingMail.objects.filter(attempts=0).update(created_at=now, next_attempt_at=now)


def test_it_works(client, course, outbox):
    """Signing up answers before any mail leaves; then the mail arrives, once, and its link is kept nowhere."""
    assert sign_up(client)["Location"] == "/account/confirm-email/"
    assert User.objects.count() == 1
    assert outbox.calls == 0
    row = OutgoingMail.objects.get()
    assert row.to == [NEW["email"]]

    assert deliver_due(timezone.now()) == Round(sent=1)
    (to, mail), *more = outbox.mails
    assert (to, more) == (NEW["email"], [])
    link = re.search(
        r"/account/confirm-email/\S+", message_from_string(mail).get_payload(decode=True).decode()
    )
    client.post(link[0])
    assert EmailAddress.objects.get().verified

    row.refresh_from_db()
    assert row.sent_at
    assert (row.body, row.html, row.last_error) == ("", "", "")
    assert deliver_due(timezone.now()) == Round()
    assert len(outbox.mails) == 1


def test_a_mail_server_that_is_down_changes_no_answer(client, course, outbox):
    outbox.stop()
    response = client.post("/account/signup/", NEW, follow=True)
    assert response.status_code == 200
    assert "We are sending you a link" in response.content.decode()
    assert deliver_due(timezone.now()) == Round(postponed=1)
    outbox.start()
    assert deliver_due(timezone.now() + 2 * MINUTE) == Round(sent=1)


def test_what_is_rolled_back_is_not_sent(outbox):
    with pytest.raises(LookupError), transaction.atomic():
        queue("ana")
        raise LookupError
    assert not OutgoingMail.objects.exists()


def test_a_commit_that_queued_mail_wakes_the_thread(outbox, django_capture_on_commit_callbacks):
    queued.clear()
    with django_capture_on_commit_callbacks(execute=True):
        queue("ana")
        assert not queued.is_set(), "before the commit there is nothing to send"
    assert queued.is_set()
    queued.clear()


def test_the_time_between_attempts_grows_and_a_day_later_it_is_given_up(outbox):
    outbox.stop()
    queue("ana")
    moment = T
    for number, wait in enumerate(WAITS, 1):
        assert deliver_due(moment - timedelta(seconds=1)) == Round()
        assert deliver_due(moment) == Round(postponed=1)
        row = OutgoingMail.objects.get()
        assert row.attempts == number
        assert wait <= row.next_attempt_at - moment < wait + MINUTE
        moment = row.next_attempt_at
    assert row.body == "A line", "as long as it may be sent, it is whole"
    assert deliver_due(moment) == Round(given_up=1)
    row.refresh_from_db()
    assert timedelta(hours=23) < row.failed_at - T < timedelta(hours=25)
    assert (row.sent_at, row.body, row.last_error) == (None, "", "ConnectionRefusedError 111")
    outbox.start()
    assert deliver_due(moment + timedelta(days=3)) == Round()


def test_one_bad_address_does_not_hold_up_the_others(outbox):
    outbox.refused = {"nobody@example.org"}
    queue("ana", "nobody", "ben")
    assert deliver_due(T) == Round(sent=2, postponed=1)
    assert [to for to, _ in outbox.mails] == ["ana@example.org", "ben@example.org"]
    assert outbox.calls == 1, "one connection for all of them"


def test_a_mail_that_cannot_be_written_does_not_hold_up_the_others(outbox):
    queue("ana", "ben")
    OutgoingMail.objects.filter(to=["ana@example.org"]).update(from_email="two\nlines")
    assert deliver_due(T) == Round(sent=1, postponed=1)


def test_a_server_that_is_down_is_tried_once_a_round(outbox):
    outbox.stop()
    queue(*"abcdefgh")
    assert deliver_due(T) == Round(postponed=1)
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0] * 7 + [1]


def test_a_server_that_does_not_answer_ends_a_round_and_then_all_arrive(outbox, settings):
    settings.EMAIL_TIMEOUT, outbox.delay = 0.2, 1
    queue("ana", "ben")
    assert deliver_due(T) == Round(postponed=1)
    assert OutgoingMail.objects.exclude(last_error="").get().last_error == "SMTPServerDisconnected"
    outbox.delay = 0
    assert deliver_due(T + 2 * MINUTE) == Round(sent=2)
    assert outbox.times(["ana@example.org", "ben@example.org"]) == [1, 1]


def test_what_a_server_says_is_not_stored_since_it_may_hold_an_address(outbox, caplog):
    outbox.refused = {"nobody@example.org"}
    queue("nobody")
    deliver_due(T)
    assert OutgoingMail.objects.get().last_error == "SMTPRecipientsRefused 550"
    assert "nobody" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_send_each_mail_once(outbox):
    people = [f"p{n}" for n in range(40)]
    queue(*people)
    rounds: list[Round] = []

    def deliver() -> None:
        rounds.append(deliver_due(T))
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outbox.times([f"{name}@example.org" for name in people]) == [1] * 40
    assert sum(done.sent for done in rounds) == 40


def test_what_a_dead_process_was_sending_is_sent_by_another_when_its_lease_is_over(outbox):
    queue("ana")
    mail = delivery._claim_next(T)
    assert deliver_due(T + LEASE - MINUTE) == Round()
    assert deliver_due(T + LEASE) == Round(sent=1)
    assert f"<{mail.key}@" in outbox.mails[0][1]


def test_a_mail_that_ends_each_process_is_given_up_too(outbox):
    queue("ana")
    moment = T
    for _ in range(ATTEMPTS):
        assert delivery._claim_next(moment)
        moment += LEASE
    assert deliver_due(moment) == Round()
    assert OutgoingMail.objects.get().failed_at


def test_a_mail_is_the_same_at_every_attempt(outbox):
    """The same id and date, so that a server that had it already can know it."""
    queue("ana")
    row = OutgoingMail.objects.get()
    first, second = (message_of(row).message() for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"] == f"<{row.key}@127.0.0.1>"
    assert first["Date"] == second["Date"] == "Mon, 02 Mar 2026 09:00:00 -0000"


def test_no_machine_answers_it(outbox):
    """Source: RFC 3834, section 5."""
    queue("ana")
    deliver_due(T)
    assert "\r\nAuto-Submitted: auto-generated\r\n" in outbox.mails[0][1]


@pytest.mark.parametrize(
    "name",
    [
        "Tess\nBcc: all@example.org",
        "Tess\r\n\r\nA body",
        "Tess\x00",
        "Tess\u2028Bcc: x",
        "Tess\x85x",
        "\ud800Tess",
        "=?utf-8?q?Tess=0aBcc:_all@example.org?=",
        "Ŵyn " * 60,
    ],
    ids=ascii,
)
def test_a_subject_is_one_line_whatever_a_name_holds(outbox, name):
    queue("ana", subject=f"A reminder from {name}", body=f"Dear {name}")
    assert deliver_due(T) == Round(sent=1)
    mail = message_from_string(outbox.mails[0][1], policy=policy.default)
    assert mail["Subject"].strip().startswith("A reminder from ")
    assert mail["Bcc"] is None
    assert outbox.times(["ana@example.org"]) == [1]
    assert len(outbox.mails) == 1


def test_both_forms_of_a_mail_are_kept_and_its_headers(outbox):
    headers = {"List-Unsubscribe": "<https://notice.example/stop/>"}
    mail = EmailMultiAlternatives(
        "Hello", "Plain", None, ["ana@example.org"], reply_to=["tess@example.org"], headers=headers
    )
    mail.attach_alternative("<p>Fine</p>", "text/html")
    mail.send()
    assert deliver_due(timezone.now()) == Round(sent=1)
    arrived = message_from_string(outbox.mails[0][1], policy=policy.default)
    assert arrived.get_body(["plain"]).get_content().strip() == "Plain"
    assert arrived.get_body(["html"]).get_content().strip() == "<p>Fine</p>"
    assert arrived["Reply-To"] == "tess@example.org"
    assert arrived["List-Unsubscribe"] == "<https://notice.example/stop/>"


def test_an_attachment_is_refused_where_it_is_sent(outbox):
    mail = EmailMessage("Hello", "Plain", None, ["ana@example.org"])
    mail.attach("list.csv", "a,b", "text/csv")
    with pytest.raises(ValueError, match="link"):
        mail.send()
    assert not OutgoingMail.objects.exists()


def test_a_mail_to_nobody_is_none(outbox):
    assert EmailMessage("Hello", "Plain", None, []).send() == 0
    assert not OutgoingMail.objects.exists()


def test_rows_are_deleted_after_thirty_days_but_for_what_waits(outbox):
    queue("sent", "waiting")
    OutgoingMail.objects.filter(to=["sent@example.org"]).update(sent_at=T)
    assert delete_old_mail(T + KEPT) == 0
    assert delete_old_mail(T + KEPT + MINUTE) == 1
    assert OutgoingMail.objects.get().to == ["waiting@example.org"]


def test_the_command_sends_once_and_a_second_run_sends_nothing(outbox, capsys):
    queue("ana", "ben")
    call_command("deliver_mail")
    assert "mail: 2 sent, 0 to be tried again, 0 given up" in capsys.readouterr().out
    call_command("deliver_mail")
    assert "mail: 0 sent, 0 to be tried again, 0 given up" in capsys.readouterr().out
    assert len(outbox.mails) == 2


@pytest.mark.django_db(transaction=True)
def test_the_loop_sends_what_comes_and_ends_in_order_when_stopped(outbox, capsys):
    before = [(number, signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGINT)]
    queue("ana")

    def stop_after_two() -> None:
        while not outbox.mails:
            queued.wait(0.05)
        queue("ben")
        connection.close()
        while len(outbox.mails) < 2:
            queued.wait(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    stopper = threading.Thread(target=stop_after_two)
    stopper.start()
    try:
        call_command("deliver_mail", loop=True, pause=0.05)
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    stopper.join()
    told = re.findall(r"(\d+) sent", capsys.readouterr().out)
    assert (
        sum(map(int, told)) == 2
    )  # in one round, where the second came before the first had ended


@pytest.mark.django_db(transaction=True)
def test_the_thread_outlives_an_error_and_says_it(outbox, settings, caplog):
    thread = delivery.DeliveryThread()
    queue("ana")
    settings.OUTBOX_TRANSPORT = "no.such.Transport"
    thread.deliver()
    assert "a round failed" in caplog.text
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    thread.deliver()
    assert outbox.times(["ana@example.org"]) == [1]


@pytest.mark.django_db(transaction=True)
def test_the_first_request_starts_one_thread_and_the_mail_leaves_after_the_response(
    course, outbox, settings
):
    settings.MAIL_DELIVERY = "after-response"
    started = {thread for thread in threading.enumerate() if thread.name == "mail"}
    client = Client()
    client.get("/")
    sign_up(client)
    waiting = threading.Event()
    for _ in range(100):
        if outbox.mails or waiting.wait(0.05):
            break
    assert outbox.times([NEW["email"]]) == [1]
    new = {thread for thread in threading.enumerate() if thread.name == "mail"} - started
    (thread,) = new
    assert thread.daemon
    thread.stop()
    thread.join(10)
    assert not thread.is_alive()


def test_a_site_with_a_worker_sends_nothing_in_web_processes(settings):
    settings.EMAIL_BACKEND = "courses.web.mail.outbox.EmailBackend"
    settings.MAIL_DELIVERY = "worker"
    with pytest.raises(delivery.MiddlewareNotUsed):
        delivery.after_response(lambda request: None)


def test_a_folder_gets_a_file_for_each_mail(settings, tmp_path):
    settings.EMAIL_BACKEND = "courses.web.mail.outbox.EmailBackend"
    settings.OUTBOX_TRANSPORT, settings.EMAIL_FILE_PATH = (
        "courses.web.mail.outbox.MailFolder",
        tmp_path / "mail",
    )
    queue("ana", "ben")
    assert deliver_due(T) == Round(sent=2)
    texts = [path.read_text() for path in (tmp_path / "mail").iterdir()]
    assert [path.suffix for path in (tmp_path / "mail").iterdir()] == [".log", ".log"]
    assert sorted(re.search(r"To: (\S+)", text)[1] for text in texts) == [
        "ana@example.org",
        "ben@example.org",
    ]
