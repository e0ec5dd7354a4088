"""Nobody acts on themselves, and a trainer sees and changes what belongs to their own assignment."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.assessment.actions import AttemptsUsedUp
from courses.assessment.models import AccommodationRequest, Attempt
from courses.learning.actions import enrol, submit_attempt
from courses.library.models import Course
from courses.models import AuditEvent
from courses.people.actions import join_cohort
from courses.people.models import Cohort, CohortMembership, Organisation, User
from tests.conftest import Cast, answer_all, begin_quiz, learn, person
from tests.test_access import rows

REASON = {"reason": "The line broke down", "minutes": "10"}
LONG_AGO = datetime(2026, 3, 2, 9, tzinfo=UTC)


def fail(user: User, course: Course) -> Attempt:
    """An attempt handed in with every answer wrong."""
    attempt = begin_quiz(user, course)
    answer_all(user, attempt, right=False)
    return submit_attempt(user, attempt.key, timezone.now())


def address(name: str, cohort: Cohort, learner: User, *more: object) -> str:
    return reverse(f"courses:{name}", args=[cohort.key, "tiny", learner.key, *more])


def actions_on(cohort: Cohort, learner: User, attempt: Attempt) -> dict[str, str]:
    """The address of everything a trainer may do for this learner on the tiny course."""
    found = {
        name: address(name, cohort, learner, "final")
        for name in ("grant-attempt", "grant-time", "reset-quiz", "assess-otherwise")
    }
    found["void-attempt"] = address("void-attempt", cohort, learner, attempt.key)
    found["send-nudge"] = address("send-nudge", cohort, learner)
    asked = AccommodationRequest.objects.filter(user=learner).first()
    if asked:
        for name in ("decline-request", "grant-request"):
            found[name] = address(name, cohort, learner, asked.key)
    return found


def friend_of(learner: User, sign_in) -> Cohort:
    """A cohort that Ben started by the page a minute ago, and that this learner has joined."""
    ben = User.objects.get(name="Ben")
    new = {"organisation_name": "Friends", "name": "Ours", "course": "tiny", "due_on": ""}
    sign_in(ben).post("/cohorts/new/", new)
    cohort = Cohort.objects.get(name="Ours")
    join_cohort(learner, cohort, timezone.now())
    return cohort


def main_of(client: Client, url: str) -> str:
    return client.get(url).content.decode().split("<main")[1]


def ask(learner: User, sign_in) -> None:
    url = reverse("courses:ask-for-more", args=["tiny", "final"])
    sign_in(learner).post(url, {"kind": "attempt", "reason": "The line is slow"})


# ---- oneself


@pytest.fixture
def tess_learns(cast: Cast, course: Course) -> Attempt:
    """Tess has joined the cohort she trains, and failed once."""
    join_cohort(cast.tess, cast.cohort, timezone.now())
    learn(cast.tess, course)
    return fail(cast.tess, course)


def test_it_works(cast, course, tess_learns, sign_in):
    """Tess's own row has no button, and says why; Ana's has them."""
    learn(cast.ana, course)
    tess = sign_in(cast.tess)
    own = main_of(tess, address("learner", cast.cohort, cast.tess))
    assert "This is your own row" in own
    assert "<form" not in own
    assert "<form" in main_of(tess, address("learner", cast.cohort, cast.ana))


@pytest.mark.parametrize(
    "name",
    ["grant-attempt", "grant-time", "reset-quiz", "assess-otherwise", "void-attempt", "send-nudge"],
)
def test_nobody_acts_on_themselves(cast, tess_learns, sign_in, mailoutbox, name):
    before = rows()
    url = actions_on(cast.cohort, cast.tess, tess_learns)[name]
    assert sign_in(cast.tess).post(url, REASON).status_code == 404
    assert rows() == before
    assert mailoutbox == []


def test_nobody_declines_their_own_request(cast, course, tess_learns, sign_in):
    cast.cohort.trainers.add(cast.mo)
    cast.mo.memberships.create(organisation=cast.cohort.organisation, role="trainer")
    fail(cast.tess, course)
    ask(cast.tess, sign_in)
    before = rows()
    url = actions_on(cast.cohort, cast.tess, tess_learns)["decline-request"]
    assert sign_in(cast.tess).post(url).status_code == 404
    assert rows() == before
    answer = {"answer": "Look at the lessons first"}
    assert sign_in(cast.mo).post(url, answer).status_code == 302
    assert AccommodationRequest.objects.get().granted is False


def test_the_list_of_who_needs_you_has_no_button_on_oneself(cast, course, tess_learns, sign_in):
    long_ago = timezone.now() - timedelta(days=30)
    CohortMembership.objects.update(joined_at=long_ago)
    for one in (cast.ana, cast.tess):
        enrol(one, course, long_ago)
    text = main_of(sign_in(cast.tess), "/cohorts/")
    assert address("send-nudge", cast.cohort, cast.ana) in text
    assert address("send-nudge", cast.cohort, cast.tess) not in text


def test_a_learner_with_a_cohort_of_their_own_takes_as_many_attempts_as_the_rule_allows(
    cast, course, sign_in
):
    cohort = friend_of(cast.ben, sign_in)
    learn(cast.ben, course)
    ben, taken = sign_in(cast.ben), [fail(cast.ben, course) for _ in range(2)]
    for url in actions_on(cohort, cast.ben, taken[0]).values():
        ben.post(url, REASON)
    with pytest.raises(AttemptsUsedUp):
        begin_quiz(cast.ben, course)
    assert Attempt.objects.counted().count() == 2


def test_a_cohort_of_ones_own_takes_nothing_from_the_real_trainers_page(cast, course, sign_in):
    """The learner joined their own first, and still the real trainer decides."""
    own = friend_of(cast.ben, sign_in)
    join_cohort(cast.ben, cast.cohort, timezone.now())
    learn(cast.ben, course)
    taken = [fail(cast.ben, course) for _ in range(2)]
    for url in actions_on(own, cast.ben, taken[0]).values():
        sign_in(cast.ben).post(url, REASON)
    tess = sign_in(cast.tess)
    page = main_of(tess, address("learner", cast.cohort, cast.ben))
    assert page.count("Not passed, 0 of 3 marks") == 2
    assert "No attempts left" in page
    assert (
        "has one more attempt"
        in tess.post(
            address("grant-attempt", cast.cohort, cast.ben, "final"), REASON, follow=True
        ).content.decode()
    )
    assert begin_quiz(cast.ben, course).number == 3


# ---- what another organisation relies on


@pytest.mark.parametrize(
    "name", ["grant-attempt", "grant-time", "reset-quiz", "assess-otherwise", "void-attempt"]
)
def test_a_friends_cohort_changes_nothing_in_the_real_trainers_course(cast, course, sign_in, name):
    learn(cast.ana, course)
    ours = friend_of(cast.ana, sign_in)
    taken = [fail(cast.ana, course) for _ in range(2)]
    before = rows()
    url = actions_on(ours, cast.ana, taken[0])[name]
    page = sign_in(cast.ben).post(url, REASON, follow=True).content.decode()
    assert (
        "Ana learns this course with another organisation too, whose trainer decides about attempts"
        in page
    )
    assert not [word for word in ("Tess", "Riverside", "Autumn") if word in page]
    assert rows() == before
    with pytest.raises(AttemptsUsedUp):
        begin_quiz(cast.ana, course)


def test_what_a_friend_granted_before_does_not_count_in_the_real_trainers_course(
    cast, course, sign_in
):
    """Ben is in his friend's cohort alone, is granted two attempts there, then joins a confirmed organisation's."""
    learn(cast.ben, course)
    olga = sign_in(cast.olga)
    join_cohort(cast.ben, cast.other_cohort, timezone.now())
    for _ in range(2):
        assert (
            olga.post(
                address("grant-attempt", cast.other_cohort, cast.ben, "final"), REASON
            ).status_code
            == 302
        )
    url = reverse("courses:quiz", args=["tiny", "final"])
    assert "You may take it 4 times" in sign_in(cast.ben).get(url).content.decode()
    Organisation.objects.filter(pk=cast.cohort.organisation_id).update(confirmed_at=timezone.now())
    join_cohort(cast.ben, cast.cohort, timezone.now())
    assert "You may take it 2 times" in sign_in(cast.ben).get(url).content.decode()
    for _ in range(2):
        fail(cast.ben, course)
    with pytest.raises(AttemptsUsedUp):
        begin_quiz(cast.ben, course)
    tess = main_of(sign_in(cast.tess), address("learner", cast.cohort, cast.ben))
    assert "No attempts left" in tess


def test_a_request_goes_to_the_trainer_who_decides(cast, course, sign_in):
    learn(cast.ana, course)
    ours = friend_of(cast.ana, sign_in)
    for _ in range(2):
        fail(cast.ana, course)
    ask(cast.ana, sign_in)
    asked = AccommodationRequest.objects.get()
    assert asked.assignment.cohort == cast.cohort
    for who, cohort, is_there in ((cast.tess, cast.cohort, True), (cast.ben, ours, False)):
        client = sign_in(who)
        assert (
            "The line is slow" in main_of(client, address("learner", cohort, cast.ana))
        ) is is_there
        assert ("Asks for " in main_of(client, "/cohorts/")) is is_there
    before = rows()
    url = address("decline-request", ours, cast.ana, asked.key)
    assert sign_in(cast.ben).post(url).status_code == 404
    assert rows() == before


# ---- what came before joining


@pytest.fixture
def ben_joins_late(cast: Cast, course: Course) -> Attempt:
    """Ben did both lessons and failed once in March, and joins Tess's cohort today."""
    enrolment = learn(cast.ben, course)
    attempt = fail(cast.ben, course)
    moments = {"opened_at": LONG_AGO, "submitted_at": LONG_AGO, "scored_at": LONG_AGO}
    Attempt.objects.filter(pk=attempt.pk).update(**moments)
    enrolment.lessons.update(started_at=LONG_AGO, seen_at=LONG_AGO, completed_at=LONG_AGO)
    type(enrolment).objects.filter(pk=enrolment.pk).update(enrolled_at=LONG_AGO)
    join_cohort(cast.ben, cast.cohort, timezone.now())
    return attempt


def views_of_ben(cast: Cast, sign_in) -> dict[str, str]:
    """Everything that shows Ben to his trainer and managers, and his own view of that."""
    tess = sign_in(cast.tess)
    record = address("learner", cast.cohort, cast.ben)
    table = reverse("courses:cohort-progress", args=[cast.cohort.key, "tiny"])
    return {
        "record": main_of(tess, record),
        "manager": main_of(sign_in(cast.mo), record),
        "table": main_of(tess, table),
        "file": tess.get(f"{table}csv/").content.decode(),
        "list": main_of(tess, "/cohorts/"),
        "own": main_of(sign_in(cast.ben), "/seen-by-trainer/"),
    }


def row_of_ben(views: dict[str, str]) -> dict[str, str]:
    read = csv.DictReader(io.StringIO(views["file"].lstrip("\ufeff"), newline=""))
    return next(row for row in read if row["Name"] == "Ben")


def test_what_came_before_joining_has_no_marks_no_number_and_no_date(cast, ben_joins_late, sign_in):
    views = views_of_ben(cast, sign_in)
    for name, text in views.items():
        for word in (
            "March",
            "2026-03",
            "Not passed",
            "0 of 3",
            "1 attempt",
            "attempt 1",
            "attempt 2",
        ):
            assert word not in text, (name, word)
    for name in ("record", "file", "own"):
        assert views[name].count("Done before joining") == 2, name
    assert "Done before joining: 1 to 2." in views["table"]
    row = row_of_ben(views)
    assert (row["Started"], row["Last seen"], row["Percent"]) == ("before joining", "", "66")
    assert (
        row["Final quiz: attempts"],
        row["Final quiz: best marks"],
        row["Final quiz: passed"],
    ) == ("0", "", "")
    assert "Not since joining" in views["record"]


def test_what_comes_after_joining_is_seen_and_counted_from_one(
    cast, course, ben_joins_late, sign_in
):
    fail(cast.ben, course)
    views = views_of_ben(cast, sign_in)
    assert "Final quiz, attempt 1" in views["record"]
    assert "Not passed, 0 of 3 marks" in views["record"]
    assert "Not yet, 0 of 3, 1 attempt" in views["table"]
    assert row_of_ben(views)["Final quiz: attempts"] == "1"
    assert "No attempts left" in views["record"], (
        "the rule counts both, and the trainer can grant one more"
    )


def test_a_quiz_passed_before_joining_is_passed_before_joining(
    cast, course, ben_joins_late, sign_in
):
    Attempt.objects.update(passed=True, earned=3)
    type(cast.ben.enrolments.get()).objects.update(completed_at=LONG_AGO)
    views = views_of_ben(cast, sign_in)
    for name in ("record", "table", "own"):
        assert "Passed before joining" in views[name], name
        assert "Completed" not in views[name], name
        assert "3 of 3" not in views[name], name
    row = row_of_ben(views)
    assert (row["Final quiz: passed"], row["Final quiz: best marks"]) == ("before joining", "")
    assert (row["Completed"], row["Percent"]) == ("before joining", "100")


def test_a_lesson_begun_before_joining_shows_no_step_until_it_is_opened_again(
    cast, course, sign_in
):
    learn(cast.ben, course, lessons=1)
    record = cast.ben.enrolments.get().lessons
    record.update(seen_at=LONG_AGO, completed_at=None)
    join_cohort(cast.ben, cast.cohort, timezone.now())
    assert "Begun before joining" in views_of_ben(cast, sign_in)["record"]
    record.update(seen_at=timezone.now())
    assert "Begun before joining" not in views_of_ben(cast, sign_in)["record"]


@pytest.mark.parametrize("name", ["void-attempt", "reset-quiz"])
def test_an_attempt_opened_before_joining_is_not_changed(cast, ben_joins_late, sign_in, name):
    before = rows()
    url = actions_on(cast.cohort, cast.ben, ben_joins_late)[name]
    response = sign_in(cast.tess).post(url, REASON)
    assert response.status_code == (404 if name == "void-attempt" else 302)
    assert rows() == before


def test_a_reset_sets_aside_only_what_came_after_joining(cast, course, ben_joins_late, sign_in):
    later = fail(cast.ben, course)
    sign_in(cast.tess).post(address("reset-quiz", cast.cohort, cast.ben, "final"), REASON)
    assert list(Attempt.objects.filter(state="voided")) == [later]
    event = AuditEvent.objects.get(action="reset_quiz")
    assert event.details["cohort"] == str(cast.cohort.key)


def test_who_was_quiet_before_joining_is_not_called_quiet(cast, ben_joins_late, sign_in):
    assert "Not seen for two weeks" not in views_of_ben(cast, sign_in)["record"]
    CohortMembership.objects.filter(user=cast.ben).update(
        joined_at=timezone.now() - timedelta(days=15)
    )
    assert "Not seen for two weeks" in views_of_ben(cast, sign_in)["record"]


def test_the_gain_of_a_cohort_counts_only_what_came_after_joining(cast, course, sign_in):
    """Twelve learners with marked attempts; for the eleven who joined afterwards they do not count."""
    people = [person(f"Learner{n}") for n in range(12)]
    for one in people:
        fail(one, course)
        join_cohort(one, cast.cohort, timezone.now())
    url = reverse("courses:item-analysis", args=["tiny"])
    tess = sign_in(cast.tess)
    assert "0 marked answers" in tess.get(url).content.decode()
    CohortMembership.objects.filter(user=people[0]).update(joined_at=LONG_AGO)
    assert "3 marked answers" in tess.get(url).content.decode()
