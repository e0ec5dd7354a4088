"""A trainer's first page: who needs them this week, each with one press, and their cohorts."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.assessment.accommodations import request_accommodation
from courses.assessment.models import AccommodationRequest
from courses.learning.actions import enrol
from courses.models import Nudge
from courses.organisations.models import Invitation, JoinRequest
from courses.people.actions import join_cohort, start_cohort, start_organisation
from courses.people.models import Assignment, Cohort, CohortMembership, Membership, User
from tests.conftest import Cast, person
from tests.test_dashboards import begin_quiz, learn, page, seen, take_quiz

DAY = timedelta(days=1)
HOME = reverse("courses:cohorts")
ALL = reverse("courses:remind-never-started")


def home_of(client) -> str:
    return re.sub(r"\s+", " ", client.get(HOME).content.decode())


def part(text: str, part_id: str) -> str:
    """The HTML from the heading or section of this id to the next heading."""
    found = re.search(rf'id="{part_id}">(<h2>)?.*?(?=<h2|</section>|$)', text)
    assert found, f"no part {part_id}"
    return found[0]


def add(cast: Cast, name: str, joined: int, *, quiet: int | None = None) -> User:
    """A learner of Tess's cohort who joined so many days ago; `quiet`: last seen so many ago."""
    one = person(name)
    now = timezone.now()
    join_cohort(one, cast.cohort, now - joined * DAY)
    if quiet is not None:
        enrol(one, Assignment.objects.get(cohort=cast.cohort).course, now - quiet * DAY)
    return one


def test_it_works(cast, course, sign_in):
    """Who asks is first, then who has gone quiet, then who never started as one line."""
    add(cast, "Quiet Quin", 40, quiet=20)
    add(cast, "Absent Abi", 12)
    learn(cast.ana, course)
    request_accommodation(cast.ana, course.pk, "final", "attempt", "I froze.", timezone.now())
    text = home_of(sign_in(cast.tess))
    assert "Who needs you this week" in text
    places = [text.index(words) for words in ("“I froze.”", "Quiet Quin", "Absent Abi")]
    assert places == sorted(places)
    assert "<strong>1</strong> joined over a week ago and has never started" in text
    assert "Spring" not in text, "the cohort of another organisation"


def test_a_quiet_week_says_so(cast, course, sign_in):
    learn(cast.ana, course)
    take_quiz(cast.ana, course, right=True)
    text = home_of(sign_in(cast.tess))
    assert "<h1>A quiet week</h1>" in text
    assert "Nobody waits for your answer" in text
    assert "Autumn" in part(text, "cohorts")


def test_who_joined_this_week_is_counted_and_not_chased(cast, sign_in):
    text = home_of(sign_in(cast.tess))
    assert "1 joined in the last week and has not started yet" in text
    assert ALL not in text


def test_one_press_reminds_all_who_never_started_and_a_second_one_nobody(cast, sign_in, mailoutbox):
    people = [add(cast, f"Absent{number}", 9 + number) for number in range(5)]
    off = add(cast, "Off", 30)
    User.objects.filter(pk=off.pk).update(wants_reminders=False)
    tess = sign_in(cast.tess)
    text = home_of(tess)
    assert "<strong>6</strong> joined over a week ago and have never started" in text
    assert "1 has switched reminders off: speak to them." in text
    assert "Remind all 5" in text
    mailoutbox.clear()
    answer = tess.post(ALL, {"line": "See you on Monday."}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{HOME}#never-started"
    assert "Reminded 5." in answer.content.decode()
    nudged = set(Nudge.objects.values_list("user", "sent_by", "reason"))
    assert nudged == {(one.pk, cast.tess.pk, "never_started") for one in people}
    assert len(mailoutbox) == 5
    assert all("See you on Monday." in mail.body for mail in mailoutbox)
    again = tess.post(ALL, follow=True).content.decode()
    assert "nobody left to remind" in again
    assert "5 had a reminder in the last three days." in re.sub(r"\s+", " ", again)
    assert Nudge.objects.count() == 5
    assert len(mailoutbox) == 5


def test_one_press_reminds_nobody_in_a_cohort_of_somebody_else(cast, sign_in):
    add(cast, "Absent", 9)
    for other in (cast.mo, cast.olga, cast.ana):
        sign_in(other).post(ALL)
    assert Nudge.objects.count() == 0


def test_a_manager_sees_who_never_started_and_has_no_button(cast, sign_in):
    add(cast, "Absent", 9)
    add(cast, "Quiet", 40, quiet=20)
    text = home_of(sign_in(cast.mo))
    assert "<strong>1</strong> joined over a week ago and has never started" in text
    assert "Quiet" in part(text, "remind")
    assert ALL not in text
    assert "/nudge/" not in text
    Membership.objects.create(user=cast.mo, organisation=cast.cohort.organisation, role="trainer")
    cast.cohort.trainers.add(cast.mo)
    text = home_of(sign_in(cast.mo))
    assert ALL in text
    assert "/nudge/" in text


def test_a_trainer_who_learns_in_their_own_cohort_is_no_case_of_their_own(cast, sign_in):
    join_cohort(cast.tess, cast.cohort, timezone.now() - 30 * DAY)
    CohortMembership.objects.filter(user=cast.ana).update(joined_at=timezone.now())
    assert "joined over a week ago" not in home_of(sign_in(cast.tess))
    sign_in(cast.tess).post(ALL)
    assert Nudge.objects.count() == 0


def test_who_was_reminded_today_stays_in_place_and_waits_for_three_days(cast, sign_in):
    add(cast, "Bea", 40, quiet=20)
    quin = add(cast, "Quin", 40, quiet=20)
    tess = sign_in(cast.tess)
    answer = tess.post(page("send-nudge", cast, "tiny", quin.key), {"from": "cohorts"}, follow=True)
    assert answer.redirect_chain[-1][0].startswith(f"{HOME}#")
    listed = part(home_of(tess), "remind")
    assert listed.index("Bea") < listed.index("Quin")
    assert "Reminded today" in listed
    Nudge.objects.update(sent_at=timezone.now() - 2 * DAY)
    text = home_of(tess)
    assert "Quin" not in part(text, "remind")
    assert "Waiting, reminded in the last three days: 1" in text
    Nudge.objects.update(sent_at=timezone.now() - 3 * DAY - timedelta(minutes=1))
    assert "Quin" in part(home_of(tess), "remind")


def test_a_line_typed_before_the_session_ended_is_filled_in_until_it_is_sent(cast, sign_in):
    quin = add(cast, "Quin", 40, quiet=20)
    tess = sign_in(cast.tess)
    tess.get(HOME)
    owner = tess.cookies["who"].value
    record = page("learner", cast, "tiny", quin.key)
    action = page("send-nudge", cast, "tiny", quin.key)
    tess.logout()
    tess.cookies["who"] = owner
    assert tess.post(action, {"line": "Two steps to go."}).url.startswith("/account/login/")
    tess.force_login(cast.tess)
    assert "Two steps to go.</textarea>" in tess.get(record).content.decode()
    tess.post(action, {"line": "Two steps to go."})
    Nudge.objects.update(sent_at=timezone.now() - 4 * DAY)
    assert "Two steps to go." not in tess.get(record).content.decode()


def test_a_request_is_granted_by_one_press_that_leads_back(cast, course, sign_in):
    learn(cast.ana, course)
    for _ in range(2):
        take_quiz(cast.ana, course, right=False)
    request_accommodation(cast.ana, course.pk, "final", "attempt", "Once more?", timezone.now())
    tess = sign_in(cast.tess)
    asked = AccommodationRequest.objects.get()
    action = page("grant-request", cast, "tiny", cast.ana.key, asked.key)
    assert action in home_of(tess)
    answer = tess.post(action, {"from": "cohorts"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{HOME}#asks"
    assert "Ana has one more attempt" in answer.content.decode()
    asked.refresh_from_db()
    assert asked.granted
    assert "Once more?" not in home_of(tess)


def test_who_asks_to_join_is_answered_on_the_first_page(cast, sign_in):
    JoinRequest.objects.create(
        organisation=cast.cohort.organisation, cohort=cast.cohort, user=cast.ben
    )
    text = home_of(sign_in(cast.tess))
    assert "They ask to join" in text
    assert text.index("They ask to join") < text.index('id="cohorts"')
    assert "They ask to join" not in home_of(sign_in(cast.olga))
    answer = reverse("courses:answer-join-request", args=[JoinRequest.objects.get().key])
    asked = sign_in(cast.tess).post(answer, {"answer": "let-in", "from": "cohorts"})
    assert asked.url == HOME
    assert "They ask to join" not in home_of(sign_in(cast.tess))


def test_who_was_invited_and_never_came_is_counted(cast, sign_in):
    """Case 20: a state of its own, before all whom one reminds."""
    add(cast, "Quin", 40, quiet=20)
    now = timezone.now()
    common = {
        "organisation": cast.cohort.organisation,
        "cohort": cast.cohort,
        "invited_by": cast.tess,
        "sent_at": now,
        "expires_at": now + 14 * DAY,
    }
    for number in range(3):
        Invitation.objects.create(email=f"new{number}@example.org", times_sent=1, **common)
    Invitation.objects.create(email="came@example.org", times_sent=1, accepted_at=now, **common)
    Invitation.objects.create(email="unsent@example.org", times_sent=0, **common)
    text = home_of(sign_in(cast.tess))
    assert "3 of Autumn" in part(text, "invited")
    assert text.index("Invited, never signed in") < text.index("Quin")


def test_an_archived_cohort_is_not_on_it_and_one_without_a_course_is(cast, sign_in):
    Assignment.objects.filter(cohort=cast.cohort).delete()
    text = home_of(sign_in(cast.tess))
    assert "Autumn" in text
    assert "No course is given to this cohort yet" in text
    Cohort.objects.update(archived_at=timezone.now())
    assert "Autumn" not in home_of(sign_in(cast.tess))


def test_a_cohort_without_a_course_is_on_it_beside_one_that_has_one(cast, course, sign_in):
    """With its requests to join, and also where it is the only one of another organisation."""
    near = Cohort.objects.create(organisation=cast.cohort.organisation, name="Near")
    service = start_organisation(cast.tess, "Elsewhere", timezone.now())
    far = Cohort.objects.create(organisation=service, name="Far")
    for cohort in (near, far):
        cohort.trainers.add(cast.tess)
        JoinRequest.objects.create(
            organisation=cohort.organisation, cohort=cohort, user=person(f"Asks {cohort}")
        )
        Invitation.objects.create(
            organisation=cohort.organisation,
            cohort=cohort,
            invited_by=cast.tess,
            email=f"{cohort.name}@example.org",
            times_sent=1,
            expires_at=timezone.now() + 14 * DAY,
        )
    text = home_of(sign_in(cast.tess))
    for name in ("Near", "Far"):
        assert name in text.split('id="cohorts"')[1]
        assert f"Asks {name}" in text
        assert f"1 of {name}" in part(text, "invited")
    assert "A quiet week" not in text


def test_a_request_has_its_button_where_the_viewer_trains_one_of_two_cohorts(cast, course, sign_in):
    Membership.objects.create(user=cast.mo, organisation=cast.cohort.organisation, role="trainer")
    winter = start_cohort(cast.mo, cast.cohort.organisation, "Winter", course, None, timezone.now())
    join_cohort(cast.ana, winter, timezone.now())
    learn(cast.ana, course)
    request_accommodation(cast.ana, course.pk, "final", "attempt", "Once more?", timezone.now())
    text = home_of(sign_in(cast.mo))
    assert text.count("“Once more?”") == 1
    assert "Answer in words" in text


def test_of_a_retired_course_nobody_is_reminded(cast, course, sign_in, mailoutbox):
    quin, absent = add(cast, "Quin", 40, quiet=20), add(cast, "Absent", 12)
    course.retired_at = timezone.now()
    course.save()
    tess = sign_in(cast.tess)
    mailoutbox.clear()
    text = home_of(tess)
    assert "A quiet week" in text
    assert "/nudge/" not in text
    assert ALL not in text
    for one in (quin, absent):
        answer = tess.post(page("send-nudge", cast, "tiny", one.key), follow=True)
        assert "not offered any more" in answer.content.decode()
    tess.post(page("remind-learners", cast, "tiny"), {"learner": [quin.key, absent.key]})
    tess.post(ALL)
    assert Nudge.objects.count() == 0
    assert mailoutbox == []
    table = tess.get(page("cohort-progress", cast, "tiny")).content.decode()
    assert "Never started" not in table


def test_twelve_are_listed_and_the_rest_is_counted(cast, sign_in):
    for number in range(15):
        add(cast, f"Quiet{number}", 40, quiet=20)
    text = home_of(sign_in(cast.tess))
    assert part(text, "remind").count("/nudge/") == 12
    assert "And 3 more" in text


@pytest.mark.parametrize("learners", [2, 30])
def test_it_asks_the_database_eight_times(
    cast, course, sign_in, django_assert_num_queries, learners
):
    for number in range(learners):
        one = add(cast, f"Quiet{number}", 40, quiet=20)
        if number % 2:
            learn(one, course)
            take_quiz(one, course, right=False)
            seen(one, timedelta(days=20))
    attempt = begin_quiz(cast.ana, course)
    assert attempt.number == 1
    tess = sign_in(cast.tess)
    tess.get(HOME)  # editions are read once
    with django_assert_num_queries(8):
        tess.get(HOME)
