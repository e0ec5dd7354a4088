import re
from datetime import timedelta

from django.utils import timezone
from django.utils.html import strip_tags

from courses.assessment.models import AccommodationRequest, ExtraAttempt
from courses.learning.actions import submit_attempt
from courses.learning.activity_forms import page_name
from courses.learning.lesson_actions import answer_activity
from courses.people.models import Assignment
from tests.conftest import answer_all, begin_quiz, given, learn


def words(page) -> str:
    return " ".join(strip_tags(page.content.decode()).split())


def headings(page) -> list[str]:
    return [strip_tags(text) for text in re.findall(r"<h1>(.*?)</h1>", page.content.decode())]


def fail(user, course) -> None:
    """One attempt at the final quiz with every answer wrong."""
    attempt = begin_quiz(user, course)
    answer_all(user, attempt, right=False)
    submit_attempt(user, attempt.key, timezone.now())


def fail_all(user, course) -> None:
    """Every attempt that the rule of the tiny course's quiz allows."""
    for _ in range(2):
        fail(user, course)


def ask(cast, course, **fields) -> AccommodationRequest:
    return AccommodationRequest.objects.create(
        user=cast.ana, course=course, quiz_key="final", kind="attempt", reason="Why", **fields
    )


def test_it_works(client, course):
    page = client.get("/").content.decode()
    assert "Learn to notice" in page
    assert "Tiny things" in page


def test_a_learner_sees_the_next_thing_first(cast, sign_in, course):
    learn(cast.ana, course, lessons=1)
    page = sign_in(cast.ana).get("/")
    assert headings(page) == ["Last things"]
    assert "1 of 3 done" in words(page)
    assert "Start lesson" in words(page)
    assert "See what is left (1 lesson)" in words(page)


def test_an_assigned_course_waits_for_who_never_started(cast, sign_in):
    page = sign_in(cast.ana).get("/")
    assert headings(page) == ["Tiny things"]
    assert "Your trainer has given you this course" in words(page)


def test_a_due_date_says_its_day_and_that_all_of_it_counts(cast, sign_in, course):
    due = timezone.now() + timedelta(days=3)
    Assignment.objects.filter(cohort=cast.cohort).update(due_at=due)
    assert re.search(r"Due \w+day \d+ \w+ \d{4} \(end of day\)", words(sign_in(cast.ana).get("/")))
    Assignment.objects.filter(cohort=cast.cohort).update(due_at=due - timedelta(days=9))
    assert re.search(r"It was due on \w+day \d+", words(sign_in(cast.ana).get("/")))


def test_a_lesson_under_way_says_what_is_left_and_where_it_starts(cast, sign_in, course):
    browser = sign_in(cast.ben)
    browser.post("/courses/tiny/enrol/")
    browser.post("/courses/tiny/lessons/first-things/begin/")
    browser.post("/courses/tiny/lessons/first-things/opening/finish/")
    page = words(browser.get("/"))
    assert re.search(
        r"Step 2 of 3, about \d minutes? left\. You will start where you stopped", page
    )


def test_a_half_done_quiz_comes_before_the_next_lesson(cast, sign_in, course):
    learn(cast.ana, course, lessons=1)
    attempt = begin_quiz(cast.ana, course)
    page = sign_in(cast.ana).get("/")
    assert headings(page) == ["Final quiz"]
    assert "0 of 3 answered" in words(page)
    assert f'href="/attempts/{attempt.key}/"' in page.content.decode()
    answer_all(cast.ana, attempt)
    assert "3 of 3 answered" in words(sign_in(cast.ana).get("/"))
    assert "Last things" in words(sign_in(cast.ana).get("/"))


def test_where_the_quiz_is_all_that_is_left_it_is_there_once(cast, sign_in, course):
    learn(cast.ana, course)
    assert "Go to the quiz" in words(sign_in(cast.ana).get("/"))
    begin_quiz(cast.ana, course)
    page = words(sign_in(cast.ana).get("/"))
    assert "Go to the quiz" not in page
    assert page.count("0 of 3 answered") == 1


def test_without_an_attempt_left_nobody_is_sent_to_the_quiz(cast, sign_in, course):
    learn(cast.ana, course)
    fail_all(cast.ana, course)
    page = words(sign_in(cast.ana).get("/"))
    assert "Go to the quiz" not in page
    assert "You have used all your attempts for now" in page
    assert "See what you can do now" in page
    ExtraAttempt.objects.create(
        user=cast.ana,
        course=course,
        assignment=given(cast),
        quiz_key="final",
        reason="Why",
        granted_by=cast.tess,
    )
    assert "Go to the quiz" in words(sign_in(cast.ana).get("/"))


def test_an_answer_to_a_request_is_shown_until_it_is_used(cast, sign_in, course):
    learn(cast.ana, course)
    fail(cast.ana, course)
    ask(cast, course)
    assert "Your trainer said yes" not in words(sign_in(cast.ana).get("/"))
    AccommodationRequest.objects.update(granted=True, decided_at=timezone.now())
    page = sign_in(cast.ana).get("/")
    assert headings(page) == ["You have one more attempt"]
    assert "Your trainer said yes to one more attempt at “Final quiz”" in words(page)
    fail(cast.ana, course)
    assert "Your trainer said yes" not in words(sign_in(cast.ana).get("/"))


def test_a_refusal_is_shown_for_two_weeks(cast, sign_in, course):
    learn(cast.ana, course)
    fail_all(cast.ana, course)
    now = timezone.now()
    asked = ask(cast, course, granted=False, answer="Let us look <together>", decided_at=now)
    page = sign_in(cast.ana).get("/")
    assert "Let us look &lt;together&gt;" in page.content.decode()
    assert headings(page) == ["Your trainer has answered"]
    assert "your trainer said no" in words(page)
    AccommodationRequest.objects.filter(pk=asked.pk).update(decided_at=now - timedelta(days=15))
    assert "your trainer said no" not in words(sign_in(cast.ana).get("/"))


def test_nobody_sees_an_answer_to_somebody_else(cast, sign_in, course):
    learn(cast.ben, course)
    ask(cast, course, granted=False, decided_at=timezone.now())
    assert "your trainer said no" not in words(sign_in(cast.ben).get("/"))


def test_a_plan_that_has_come_due_is_asked_after(cast, sign_in, course):
    enrolment = learn(cast.ben, course, lessons=1)
    today = timezone.localdate()
    answer = {"sentence": "own", "own": "Sit down first", "on": today.isoformat()}
    now = timezone.now()
    answer_activity(enrolment, "last-things", "one-sentence", answer, now)
    browser = sign_in(cast.ben)
    assert headings(browser.get("/")) == ["Sit down first"]
    assert "You meant to" in words(browser.get("/"))
    name = page_name("last-things", "one-sentence")
    assert f'href="/practice/#{name}"' in browser.get("/").content.decode()
    browser.post(f"/practice/plans/tiny/{name}/", {"outcome": "done"})
    assert "Sit down first" not in words(browser.get("/"))
    later = {**answer, "on": (today + timedelta(days=1)).isoformat()}
    answer_activity(enrolment, "last-things", "one-sentence", later, now)
    assert "Sit down first" not in words(browser.get("/"))


def test_who_has_done_everything_is_done_for_now(cast, sign_in, course):
    learn(cast.ben, course)
    attempt = begin_quiz(cast.ben, course)
    answer_all(cast.ben, attempt)
    submit_attempt(cast.ben, attempt.key, timezone.now())
    assert headings(sign_in(cast.ben).get("/")) == ["All done for now"]


def test_who_has_nothing_yet_is_welcome(cast, sign_in):
    assert headings(sign_in(cast.ben).get("/")) == ["Welcome, Ben"]


def test_the_first_page_of_a_trainer_a_manager_and_a_reviewer_is_their_work(cast, sign_in):
    assert sign_in(cast.tess).get("/").url == "/cohorts/"
    assert sign_in(cast.mo).get("/").url == "/cohorts/"
    assert sign_in(cast.rhea).get("/").url == "/reviewing/"


def test_from_there_their_own_learning_is_one_press_away(cast, sign_in, course):
    cast.tess.is_reviewer = True
    cast.tess.save()
    learn(cast.tess, course, lessons=1)
    browser = sign_in(cast.tess)
    cohorts = browser.get("/", follow=True).content.decode()
    assert 'href="/learning/">My own learning' in cohorts
    assert 'href="/reviewing/">Sign-off' in cohorts
    assert 'href="/learning/">My own learning' in browser.get("/reviewing/").content.decode()
    assert headings(browser.get("/learning/")) == ["Last things"]


def test_own_learning_is_for_who_is_signed_in_and_takes_no_post(cast, client, sign_in):
    assert client.get("/learning/").url == "/account/login/?next=%2Flearning%2F"
    assert sign_in(cast.ana).post("/learning/").status_code == 405


def test_a_lesson_at_its_end_with_questions_left_leads_to_these(cast, sign_in, course):
    browser = sign_in(cast.ben)
    browser.post("/courses/tiny/enrol/")
    lesson = "/courses/tiny/lessons/first-things/"
    browser.post(f"{lesson}begin/")
    for step in ("opening", "placing", "writing"):
        browser.post(f"{lesson}{step}/finish/")
    assert browser.get(lesson).url == f"{lesson}done/"
    page = browser.get("/")
    assert "Some of its questions are still to try" in words(page)
    assert f'href="{lesson}done/"' in page.content.decode()
    assert "Questions left to try" in words(browser.get("/courses/tiny/"))


def test_a_request_that_waits_for_its_answer_is_not_forgotten(cast, sign_in, course):
    learn(cast.ana, course)
    fail_all(cast.ana, course)
    assert "You have asked your trainer" not in words(sign_in(cast.ana).get("/"))
    ask(cast, course)
    assert "You have asked your trainer. The answer comes here" in words(sign_in(cast.ana).get("/"))
