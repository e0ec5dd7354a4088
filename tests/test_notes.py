"""Notes to learners: who gets one, what it says, and that each is sent once, with a clock that is moved."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.dashboards.queries import learners_on
from courses.learning.actions import submit_attempt
from courses.learning.lesson_actions import begin_lesson
from courses.learning.models import Enrolment, LessonRecord
from courses.library.queries import content_of
from courses.models import DueReminder, LearnerNote, OutgoingMail, ReminderRun
from courses.people.actions import join_cohort, start_cohort
from courses.people.models import Assignment, CohortMembership, Extension, User
from courses.reminders import notes as notes_module
from courses.reminders.actions import send_nudge
from courses.reminders.background import EVERY
from courses.reminders.notes import Notes, send_due_notes
from courses.reminders.runs import send_due_reminders
from courses.reminders.schedule import DAY, WEEK
from courses.reminders.stop_links import REMINDERS, stop_url
from courses.web.mail.delivery import deliver_due
from courses.web.mail.outbox import wrapped
from tests.conftest import answer_all, begin_quiz, given, learn, person

HOST = "http://127.0.0.1:8000"
MONDAY = datetime(2026, 12, 7, 8, tzinfo=UTC)
SUNDAY_END = datetime(2026, 12, 13, 23, 59, 59, tzinfo=UTC)
JOINED = datetime(2026, 9, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def joined_long_ago(cast):
    """The cohort is in its third month, so that dates could be known."""
    CohortMembership.objects.update(joined_at=JOINED)
    Assignment.objects.update(assigned_at=JOINED)


def due(cast, moment: datetime | None) -> Assignment:
    Assignment.objects.filter(cohort=cast.cohort).update(due_at=moment)
    return given(cast)


def last_seen(user: User, moment: datetime) -> None:
    """The learner was there at this moment and not since."""
    own = Enrolment.objects.filter(user=user)
    LessonRecord.objects.filter(enrolment__in=own).update(seen_at=moment)
    own.update(enrolled_at=moment - DAY)


def complete(user: User, course) -> None:
    learn(user, course)
    attempt = begin_quiz(user, course)
    answer_all(user, attempt)
    submit_attempt(user, attempt.key, timezone.now())


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_it_works(cast, course, mailoutbox):
    due(cast, SUNDAY_END)
    assert send_due_notes(MONDAY - timedelta(seconds=1)) == Notes(0, 0)
    assert send_due_notes(MONDAY) == Notes(1, 0)
    (mail,) = mailoutbox
    assert mail.to == ["ana@example.org"]
    assert mail.reply_to == ["tess@example.org"]
    assert mail.subject == "Tiny things is due on Sunday 13 December 2026"
    stop = stop_url(cast.ana.key, REMINDERS)
    assert mail.extra_headers == {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    minutes = content_of(course.edition_id).lessons[0].minutes
    first = (
        "You have not started yet. The first lesson, “First things”, takes about "
        f"{minutes} minutes, and you can stop at any step."
    )
    why = (
        "You get this because you are in Autumn. Such reminders come at most once a week, at "
        "your own time: Mondays at 8:00. Another day or hour:"
    )
    assert (
        mail.body
        == f"""Dear Ana,

“Tiny things” is due on Sunday 13 December 2026 (end of day).

{wrapped(first)}
Start here:
{HOST}/courses/tiny/

Is it too soon? Reply to this email: Tess can change the date.

{wrapped(why)}{HOST}/details/#reminders

Stop them by one press, without signing in, and stay in the cohort:
{stop}

Notice: learning for the first 1001 days
"""
    )


def test_after_the_date_it_says_that_all_can_still_be_done(cast, mailoutbox):
    due(cast, MONDAY - DAY)
    send_due_notes(MONDAY)
    assert mailoutbox[0].subject == "Tiny things was due on Sunday 6 December 2026"
    assert "You can still do all of it." in one_line(mailoutbox[0].body)
    assert "Tess can give you another date." in one_line(mailoutbox[0].body)


def test_who_was_away_is_led_to_the_very_step(cast, course, mailoutbox):
    enrolment = learn(cast.ana, course, lessons=1)
    lesson = content_of(course.edition_id).lessons[1]
    begin_lesson(enrolment, lesson, timezone.now())
    last_seen(cast.ana, MONDAY - 15 * DAY)
    due(cast, None)
    assert send_due_notes(MONDAY).mails == 1
    (mail,) = mailoutbox
    assert mail.subject == "Carry on when you are ready: Tiny things"
    step = f"{HOST}/courses/tiny/lessons/{lesson.key}/{lesson.steps[0].key}/"
    assert step in mail.body
    assert "There is no hurry." in one_line(mail.body)
    assert send_due_notes(MONDAY + WEEK).mails == 0, "one note for one time away"


def test_run_again_it_finds_what_is_done(cast, mailoutbox):
    due(cast, SUNDAY_END)
    for hours in range(24):
        send_due_notes(MONDAY + timedelta(hours=hours))
    assert len(mailoutbox) == LearnerNote.objects.count() == 1


def test_a_whole_autumn_hour_by_hour(cast, course, mailoutbox):
    """A due date in November: announced once, said thrice after it, and then there is peace."""
    due(cast, datetime(2026, 11, 15, 23, 59, 59, tzinfo=UTC))
    now = datetime(2026, 10, 19, tzinfo=UTC)
    sent = []
    while now < datetime(2027, 1, 10, tzinfo=UTC):
        if send_due_notes(now).mails:
            sent.append(now)
        now += timedelta(hours=1)
    assert [str(moment.date()) for moment in sent] == [
        "2026-11-09",
        "2026-11-16",
        "2026-11-23",
        "2026-11-30",
    ]
    assert {moment.hour for moment in sent} == {8}
    reasons = list(LearnerNote.objects.order_by("at").values_list("reason", flat=True))
    assert reasons == ["due-soon", "overdue", "overdue", "overdue"]


def test_the_hour_stays_when_the_clocks_change(cast, mailoutbox):
    """On 29 March 2027 it is summer time: eight in London is seven in UTC."""
    due(cast, datetime(2027, 4, 4, 22, 59, 59, tzinfo=UTC))
    assert send_due_notes(datetime(2027, 3, 29, 6, 59, tzinfo=UTC)).mails == 0
    assert send_due_notes(datetime(2027, 3, 29, 7, tzinfo=UTC)).mails == 1
    assert "Sunday 4 April 2027 (end of day)" in one_line(mailoutbox[0].body)


def test_the_learner_chooses_day_and_hour(cast, sign_in, mailoutbox):
    due(cast, SUNDAY_END)
    ana = sign_in(cast.ana)
    ana.post("/details/reminder-time/", {"weekday": "2", "hour": "17"})
    assert "Wednesday" in ana.get("/details/").content.decode()
    assert send_due_notes(MONDAY).mails == 0
    assert send_due_notes(datetime(2026, 12, 9, 16, 59, tzinfo=UTC)).mails == 0
    assert send_due_notes(datetime(2026, 12, 9, 17, tzinfo=UTC)).mails == 1
    assert "Wednesdays at 17:00" in one_line(mailoutbox[0].body)


@pytest.mark.parametrize("data", [{"weekday": "7", "hour": "8"}, {"weekday": "1", "hour": "3"}, {}])
def test_another_day_or_hour_than_those_in_the_list_changes_nothing(cast, sign_in, data):
    page = sign_in(cast.ana).post("/details/reminder-time/", data, follow=True)
    assert "Nothing was changed" in page.content.decode()
    cast.ana.refresh_from_db()
    assert (cast.ana.reminder_weekday, cast.ana.reminder_hour) == (0, 8)


def test_courses_of_a_person_share_one_mail_a_week(cast, course, mailoutbox):
    """The most pressing first, in full, and a line for each of the others."""
    second = start_cohort(cast.tess, cast.cohort.organisation, "Winter", course, None, JOINED)
    join_cohort(cast.ana, second, JOINED)
    Assignment.objects.filter(cohort=second).update(due_at=MONDAY - DAY, assigned_at=JOINED)
    due(cast, SUNDAY_END)
    assert send_due_notes(MONDAY) == Notes(1, 0)
    (mail,) = mailoutbox
    assert mail.subject.startswith("Tiny things is due on")
    assert "Also waiting for you: - “Tiny things”, was due on Sunday 6 December 2026:" in one_line(
        mail.body
    )
    keys = set(LearnerNote.objects.values_list("mail_key", flat=True))
    assert LearnerNote.objects.count() == 2
    assert len(keys) == 1
    assert send_due_notes(MONDAY + 3 * DAY).mails == 0


def test_a_trainers_reminder_holds_it_back_and_it_comes_after(cast, mailoutbox):
    due(cast, SUNDAY_END)
    (ana,) = learners_on([given(cast)], MONDAY)
    send_nudge(cast.tess, ana, MONDAY - timedelta(hours=1))
    assert send_due_notes(MONDAY).mails == 0
    assert send_due_notes(MONDAY + 3 * DAY).mails == 1, "not lost: the date is still ahead"
    assert len(mailoutbox) == 2


def test_an_extension_moves_all_of_it(cast, mailoutbox):
    row = due(cast, MONDAY - DAY)
    extension = {"granted_by": cast.tess, "reason": "Leave", "granted_at": MONDAY - 2 * DAY}
    Extension.objects.create(assignment=row, user=cast.ana, due_at=SUNDAY_END + WEEK, **extension)
    assert send_due_notes(MONDAY).mails == 0
    assert send_due_notes(MONDAY + WEEK).mails == 1
    assert mailoutbox[0].subject == "Tiny things is due on Sunday 20 December 2026"


def switch_off(cast, course) -> None:
    User.objects.filter(pk=cast.ana.pk).update(wants_reminders=False)


def close_account(cast, course) -> None:
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)


def leave(cast, course) -> None:
    CohortMembership.objects.filter(user=cast.ana).update(left_at=JOINED + DAY)


def close_cohort(cast, course) -> None:
    type(cast.cohort).objects.filter(pk=cast.cohort.pk).update(closed_at=JOINED + DAY)


def archive_cohort(cast, course) -> None:
    moments = {"closed_at": JOINED + DAY, "archived_at": JOINED + DAY}
    type(cast.cohort).objects.filter(pk=cast.cohort.pk).update(**moments)


def retire_course(cast, course) -> None:
    type(course).objects.filter(pk=course.pk).update(retired_at=JOINED + DAY)


def finish(cast, course) -> None:
    complete(cast.ana, course)


def move_date(cast, course) -> None:
    due(cast, SUNDAY_END + 9 * WEEK)


OBSTACLES = {
    switch_off: "switched-off",
    close_account: "account-closed",
    leave: "left",
    close_cohort: "cohort-closed",
    archive_cohort: "cohort-closed",
    retire_course: "course-retired",
    finish: "completed",
    move_date: "date-moved",
}


@pytest.mark.parametrize("make", OBSTACLES, ids=lambda make: make.__name__)
def test_nothing_is_sent_against_what_is_so(cast, course, mailoutbox, make):
    due(cast, SUNDAY_END)
    make(cast, course)
    mailoutbox.clear()
    result = send_due_notes(MONDAY)
    assert mailoutbox == []
    # What one could wonder about is on record; who has completed or left was due nothing.
    is_kept = make in (switch_off, close_account)
    assert result == Notes(0, 1 if is_kept else 0)
    assert list(LearnerNote.objects.values_list("obstacle", flat=True)) == (
        [OBSTACLES[make]] if is_kept else []
    )
    assert send_due_notes(MONDAY + DAY) == Notes(0, 0)


@pytest.mark.parametrize("make", OBSTACLES, ids=lambda make: make.__name__)
def test_a_mail_that_waits_is_looked_at_again_as_it_leaves(cast, course, outbox, make):
    """The mail server was down for hours; meanwhile the reason went away."""
    due(cast, SUNDAY_END)
    assert send_due_notes(MONDAY).mails == 1
    make(cast, course)
    OutgoingMail.objects.filter(is_rechecked=False).delete()
    deliver_due(timezone.now() + timedelta(seconds=1))
    assert outbox.mails == []
    assert not OutgoingMail.objects.exists()
    note = LearnerNote.objects.get()
    assert (note.obstacle, note.mail_key) == (OBSTACLES[make], None)


def test_a_mail_that_is_still_wanted_leaves_once(cast, outbox):
    due(cast, SUNDAY_END)
    send_due_notes(MONDAY)
    for _ in range(2):
        deliver_due(timezone.now() + timedelta(seconds=1))
    assert [to for to, _ in outbox.mails] == ["ana@example.org"]
    text = outbox.mails[0][1]
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in text


def test_an_error_as_it_is_looked_at_again_holds_up_no_mail(cast, outbox, settings):
    due(cast, SUNDAY_END)
    send_due_notes(MONDAY)
    settings.MAIL_RECHECK = "tests.test_notes.failing_recheck"
    deliver_due(timezone.now() + timedelta(seconds=1))
    assert [to for to, _ in outbox.mails] == ["ana@example.org"]


def failing_recheck(key, now):
    raise ValueError("broken")


def test_who_trains_the_cohort_they_learn_in_does_not_answer_themselves(cast, mailoutbox):
    due(cast, SUNDAY_END)
    cast.cohort.trainers.add(cast.ana)
    User.objects.filter(pk=cast.tess.pk).update(is_active=False)
    send_due_notes(MONDAY)
    assert mailoutbox[0].reply_to == []
    assert "Reply to this email" not in one_line(mailoutbox[0].body)


def test_of_two_courses_the_one_still_open_is_said_again(cast, course, outbox):
    """One of them was completed while the mail waited: the next run writes what is still so."""
    second = start_cohort(cast.tess, cast.cohort.organisation, "Winter", course, None, JOINED)
    join_cohort(cast.ana, second, JOINED)
    Assignment.objects.update(assigned_at=JOINED, due_at=SUNDAY_END)
    send_due_notes(MONDAY)
    type(second).objects.filter(pk=second.pk).update(closed_at=MONDAY)
    deliver_due(timezone.now() + timedelta(seconds=1))
    assert outbox.mails == []
    assert send_due_notes(MONDAY + timedelta(hours=1)).mails == 1
    deliver_due(timezone.now() + timedelta(seconds=1))
    assert "Also waiting" not in outbox.mails[0][1]


def test_a_crash_between_row_and_mail_leaves_neither(cast, outbox, monkeypatch):
    due(cast, SUNDAY_END)

    def die(messages):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(notes_module, "send_all", die)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            send_due_notes(MONDAY)
    assert not LearnerNote.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert send_due_notes(MONDAY).mails == OutgoingMail.objects.count() == 1


def test_an_error_of_one_person_holds_up_nobody_else(cast, mailoutbox, monkeypatch):
    """And they get theirs once it is mended: no row says that it was sent."""
    due(cast, SUNDAY_END)
    for number in range(4):
        join_cohort(person(f"Learner{number}"), cast.cohort, JOINED)
    write = notes_module.note_message

    def fail_for_ana(notes, key):
        if notes[0].candidate.user_id == cast.ana.pk:
            raise ValueError("a broken edition")
        return write(notes, key)

    with monkeypatch.context() as patch:
        patch.setattr(notes_module, "note_message", fail_for_ana)
        assert send_due_notes(MONDAY) == Notes(4, 0, failed=1)
    assert ["ana@example.org"] not in [mail.to for mail in mailoutbox]
    assert send_due_notes(MONDAY + timedelta(hours=1)) == Notes(1, 0)


def test_what_the_release_before_sent_counts_for_the_week(cast, mailoutbox):
    due(cast, SUNDAY_END)
    DueReminder.objects.create(assignment=given(cast), user=cast.ana, sent_at=MONDAY - DAY)
    assert send_due_notes(MONDAY).mails == 0


def test_the_command_says_what_it_did(cast, mailoutbox, capsys):
    call_command("send_due_reminders")
    assert "reminders and" in capsys.readouterr().out
    run = ReminderRun.objects.get()
    assert run.finished_at is not None


def test_one_process_of_many_takes_the_run_upon_itself(cast):
    now = timezone.now()
    assert [ReminderRun.objects.claim(now, EVERY) for _ in range(5)] == [True, *[False] * 4]
    assert not ReminderRun.objects.claim(now + EVERY - timedelta(seconds=1), EVERY)
    assert ReminderRun.objects.claim(now + EVERY, EVERY)


@pytest.mark.parametrize("people", [2, 12])
def test_queries_do_not_grow_with_people(cast, course, people, mailoutbox):
    due(cast, SUNDAY_END)
    for number in range(people):
        learner = person(f"Learner{number}")
        join_cohort(learner, cast.cohort, JOINED)
        if number % 2:
            learn(learner, course, lessons=1)
    send_due_reminders(MONDAY - DAY)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert send_due_notes(MONDAY).mails == people + 1
    assert len(captured) <= 17, [query["sql"][:120] for query in captured]


def test_chunks_reach_everybody_once(cast, mailoutbox, monkeypatch):
    monkeypatch.setattr(notes_module, "CHUNK", 3)
    due(cast, SUNDAY_END)
    for number in range(7):
        join_cohort(person(f"Learner{number}"), cast.cohort, JOINED)
    assert send_due_notes(MONDAY).mails == 8
    assert len({mail.to[0] for mail in mailoutbox}) == 8
