"""Group sessions: what a trainer records, the line of one's own, and the minutes that come of it."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.group_sessions import actions
from courses.group_sessions.actions import SessionFacts
from courses.group_sessions.forms import GroupSessionForm, LineForm
from courses.group_sessions.models import Attendance, GroupSession
from courses.group_sessions.queries import participation_of, recorded_sessions_of
from courses.models import AuditEvent
from courses.people.actions import join_cohort
from courses.people.models import CohortMembership, User
from courses.people.permissions import NoLongerHere, OnOneself, Refused
from tests.conftest import Cast, learn, person
from tests.crawling import SECRET, crawl, everybody, marked
from tests.shared_forms import once_more, seen
from tests.test_lesson_end import words
from tests.test_queries import queries

TOPIC = "A baby who looks away"


def facts(*users: User, **fields: object) -> SessionFacts:
    ids = frozenset(user.pk for user in users)
    given = {"topic": TOPIC, "held_on": timezone.localdate(), "minutes": 60, **fields}
    return SessionFacts(user_ids=ids, **given)


def record(cast: Cast, *users: User, **fields: object) -> GroupSession:
    now = timezone.now()
    return actions.record_session(cast.tess, cast.cohort, facts(*users, **fields), now)


def correct(cast: Cast, session: GroupSession, wanted: SessionFacts) -> bool:
    return actions.correct_session(cast.tess, session, wanted, session.stamp, timezone.now())


def form_of(*users: User, **fields: object) -> dict[str, object]:
    today = timezone.localdate().isoformat()
    came = [str(user.key) for user in users]
    return {"topic": TOPIC, "held_on": today, "minutes": "60", "came": came, **fields}


def address(cast: Cast, name: str = "group-sessions", *more: object) -> str:
    return reverse(f"courses:{name}", args=[cast.cohort.key, *more])


def line_of(user: User, session: GroupSession, words: str = "I wait longer") -> None:
    attendance = Attendance.objects.of(user).get(session=session)
    actions.write_line(attendance, words, timezone.now())


def participatory_in(text: str) -> int:
    found = re.search(r"participatory learning[^<]*</dt><dd>(\d+)</dd>", text)
    return int(found[1])


def test_it_works(cast, course, sign_in):
    """Tess records, Ana adds her line, and the minutes count on both of her pages."""
    tess, ana = sign_in(cast.tess), sign_in(cast.ana)
    assert tess.post(address(cast, "new-group-session"), form_of(cast.ana)).status_code == 302
    session = GroupSession.objects.get()
    assert (session.led_by, session.minutes, session.topic) == (cast.tess, 60, TOPIC)
    assert "1 came, 0 have written their line" in tess.get(address(cast)).content.decode()
    for page in ("/practice/", "/record/"):
        text = ana.get(page).content.decode()
        assert participatory_in(text) == 0
        assert reverse("courses:own-line", args=[session.key]) in text

    response = ana.post(reverse("courses:own-line", args=[session.key]), {"line": "I wait longer"})
    assert response["Location"] == "/practice/"
    for page in ("/practice/", "/record/"):
        text = ana.get(page).content.decode()
        assert participatory_in(text) == 60
        assert "I wait longer" in text
    assert "1 came, 1 has written their line" in tess.get(address(cast)).content.decode()


def test_studying_alone_gives_no_participatory_minutes(cast, course, sign_in):
    learn(cast.ana, course)
    record(cast, cast.ana)
    text = sign_in(cast.ana).get("/record/").content.decode()
    assert participatory_in(text) == 0
    assert int(re.search(r"designed</dt><dd>(\d+)</dd>", text)[1]) > 0


def test_minutes_of_several_sessions_add_up_and_individual_ones_stay_apart(cast, course, sign_in):
    learn(cast.ana, course)
    ana = sign_in(cast.ana)
    individual = re.search(r"designed</dt><dd>(\d+)</dd>", ana.get("/record/").content.decode())[1]
    for minutes in (30, 45, 60):
        line_of(cast.ana, record(cast, cast.ana, minutes=minutes, topic=f"{minutes} minutes"))
    record(cast, cast.ana, topic="No line yet")
    text = ana.get("/practice/").content.decode()
    assert participatory_in(text) == 135
    assert f"designed</dt><dd>{individual}</dd>" in text


def test_the_line_is_seen_by_nobody_else(cast, course, sign_in):
    session = record(cast, cast.ana)
    line_of(cast.ana, session, f"{SECRET}: line")
    own = reverse("courses:own-line", args=[session.key])
    pages = [address(cast), address(cast, "group-session", session.key), own, "/admin/"]
    assert own in marked(crawl(sign_in(cast.ana), own), SECRET)
    for one in everybody(cast):
        if one != cast.ana:
            assert marked(crawl(sign_in(one), *pages), SECRET) == []
    assert SECRET not in str(list(AuditEvent.objects.values_list("details", flat=True)))


def test_the_learner_is_told_what_the_trainer_sees_of_it(cast, course, sign_in):
    text = sign_in(cast.ana).get("/seen-by-trainer/").content.decode()
    assert "which group sessions you came to, and sees whether you have added your line" in text
    assert "Your line itself is seen by you alone" in text


def test_the_first_page_asks_for_the_line_until_it_is_written(cast, sign_in):
    session = record(cast, cast.ana)
    ana, own = sign_in(cast.ana), reverse("courses:own-line", args=[session.key])
    text = ana.get("/").content.decode()
    assert own in text
    assert TOPIC in text
    line_of(cast.ana, session)
    assert own not in ana.get("/").content.decode()
    other = record(cast, cast.ana, topic="Another")
    actions.void_session(cast.tess, other, "A mistake", timezone.now())
    assert "Another" not in ana.get("/").content.decode()


def test_a_double_press_records_once(cast, sign_in):
    tess = sign_in(cast.tess)
    for _ in range(2):
        assert tess.post(address(cast, "new-group-session"), form_of(cast.ana)).status_code == 302
    assert (GroupSession.objects.count(), Attendance.objects.count()) == (1, 1)
    session = GroupSession.objects.get()
    ana, own = sign_in(cast.ana), reverse("courses:own-line", args=[session.key])
    ana.post(own, {"line": "Once"})
    before = Attendance.objects.values().get()
    ana.post(own, {"line": "Once"})
    assert Attendance.objects.values().get() == before


def test_two_groups_on_one_day_are_two_sessions(cast):
    bea = person("Bea")
    join_cohort(bea, cast.cohort, timezone.now())
    assert record(cast, cast.ana) != record(cast, bea)
    assert GroupSession.objects.count() == 2


@pytest.mark.parametrize(
    "field, value, words",
    [
        ("held_on", "tomorrow", "Choose a day from"),
        ("held_on", "2020-01-01", "Choose a day from"),
        ("held_on", "", "Give the day."),
        ("held_on", "x", "Give the day as day, month and year."),
        ("minutes", "4", "from 5 to 480"),
        ("minutes", "481", "from 5 to 480"),
        ("minutes", "x", "from 5 to 480"),
        ("topic", "", "Say in a few words"),
        ("came", [], "Tick at least one person"),
        ("came", ["x"], "not in the cohort any more"),
    ],
)
def test_a_form_that_is_refused_says_why_and_keeps_what_was_typed(
    cast, sign_in, field, value, words
):
    if value == "tomorrow":
        value = (timezone.localdate() + timedelta(days=1)).isoformat()
    form = form_of(cast.ana, topic="Typed with care") | {field: value}
    response = sign_in(cast.tess).post(address(cast, "new-group-session"), form)
    assert response.status_code == 400
    text = response.content.decode()
    assert words in text
    assert field == "topic" or "Typed with care" in text
    assert not GroupSession.objects.exists()


def test_a_form_and_an_action_refuse_with_the_same_words(cast):
    """Both read them in `bounds`: a page that is passed by is refused as the page refuses."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    for field, value in (("minutes", 4), ("held_on", tomorrow)):
        data = form_of(cast.ana) | {field: str(value)}
        form = GroupSessionForm(data, cohort=cast.cohort, members=[cast.ana])
        message = form.errors[field][0]
        with pytest.raises(Refused, match=re.escape(message)):
            record(cast, cast.ana, **{field: value})
    message = LineForm({"line": "x" * 501}).errors["line"][0]
    with pytest.raises(actions.NoLine, match=re.escape(message)):
        line_of(cast.ana, record(cast, cast.ana), "x" * 501)


def test_a_day_within_a_year_before_the_cohort_began_is_taken(cast):
    began = timezone.localdate(cast.cohort.created_at)
    assert record(cast, cast.ana, held_on=began - timedelta(days=365))
    with pytest.raises(actions.WrongDay):
        record(cast, cast.ana, held_on=began - timedelta(days=366))
    with pytest.raises(actions.WrongDay):
        record(cast, cast.ana, held_on=date(9999, 12, 31))


def test_a_trainer_does_not_record_themselves(cast, sign_in):
    join_cohort(cast.tess, cast.cohort, timezone.now())
    tess = sign_in(cast.tess)
    assert str(cast.tess.key) not in tess.get(address(cast, "new-group-session")).content.decode()
    response = tess.post(address(cast, "new-group-session"), form_of(cast.ana, cast.tess))
    assert response.status_code == 400
    with pytest.raises(OnOneself):
        record(cast, cast.ana, cast.tess)
    assert not GroupSession.objects.exists()


def test_only_learners_of_the_cohort_are_recorded(cast):
    with pytest.raises(NoLongerHere):
        record(cast, cast.ana, cast.ben)
    assert not GroupSession.objects.exists()


def test_a_correction_takes_minutes_and_gives_them_back_with_the_line(cast, sign_in):
    bea = person("Bea")
    join_cohort(bea, cast.cohort, timezone.now())
    session = record(cast, cast.ana)
    line_of(cast.ana, session)
    tess, page = sign_in(cast.tess), address(cast, "group-session", session.key)
    assert tess.post(page, form_of(bea, minutes="90") | seen(tess, page)).status_code == 302
    assert participation_of(cast.ana).minutes == 0
    assert sign_in(cast.ana).get(reverse("courses:own-line", args=[session.key])).status_code == 404
    assert [row.session.minutes for row in participation_of(bea).unwritten] == [90]
    tess.post(page, form_of(cast.ana, bea, minutes="90") | seen(tess, page))
    assert participation_of(cast.ana).minutes == 90
    assert Attendance.objects.get(user=cast.ana).reflection == "I wait longer"


def test_after_fourteen_days_it_is_voided_and_not_corrected(cast, sign_in):
    session = record(cast, cast.ana)
    long_ago = timezone.now() - timedelta(days=14, minutes=1)
    GroupSession.objects.update(created_at=long_ago)
    tess, page = sign_in(cast.tess), address(cast, "group-session", session.key)
    response = tess.post(page, form_of(cast.ana, minutes="90"))
    assert response.status_code == 400
    assert "within 14 days" in response.content.decode()
    assert GroupSession.objects.get().minutes == 60
    GroupSession.objects.update(created_at=long_ago + timedelta(minutes=2))
    typed = form_of(cast.ana, minutes="90") | seen(tess, page)
    for _ in range(2):
        assert tess.post(page, typed).status_code == 302
    assert AuditEvent.objects.filter(action="correct_session").count() == 1


def test_who_corrects_second_takes_nobody_off_the_list_unseen(cast, sign_in):
    bea = person("Bea")
    join_cohort(bea, cast.cohort, timezone.now())
    session = record(cast, cast.ana)
    tess, page = sign_in(cast.tess), address(cast, "group-session", session.key)
    shown = seen(tess, page)
    first = form_of(cast.ana, bea) | seen(tess, page)
    assert tess.post(page, first).status_code == 302
    response = tess.post(page, form_of(cast.ana, topic="A loud baby") | shown)
    assert response.status_code == 400
    text = words(response)
    assert "This session was corrected while you had it open." in text
    assert "It says now:Ana, BeaYou had not changed this" in text
    assert participation_of(bea).unwritten
    assert GroupSession.objects.get().topic == "A baby who looks away"
    assert tess.post(page, once_more(response)).status_code == 302
    assert participation_of(bea).unwritten
    assert GroupSession.objects.get().topic == "A loud baby"


def test_a_voided_session_counts_for_nobody(cast, sign_in):
    session = record(cast, cast.ana)
    line_of(cast.ana, session)
    tess, void = sign_in(cast.tess), address(cast, "void-group-session", session.key)
    assert tess.post(void, {"reason": ""}).status_code == 400
    for _ in range(2):
        assert tess.post(void, {"reason": "It was another cohort"}).status_code == 302
    assert participation_of(cast.ana).attendances == []
    assert [row.session for row in participation_of(cast.ana).taken_back] == [session]
    assert "It was another cohort" in tess.get(address(cast)).content.decode()
    assert AuditEvent.objects.filter(action="void_session").count() == 1
    page = address(cast, "group-session", session.key)
    assert tess.post(page, form_of(cast.ana, minutes="90")).status_code == 400
    assert GroupSession.objects.get().minutes == 60


@pytest.mark.parametrize("page", ["/practice/", "/record/"])
def test_the_learner_reads_why_a_session_does_not_count(cast, sign_in, page):
    session = record(cast, cast.ana)
    line_of(cast.ana, session)
    actions.void_session(cast.tess, session, "It was another cohort", timezone.now())
    text = sign_in(cast.ana).get(page).content.decode()
    for part in (TOPIC, "60 minutes", "It was another cohort", "Tess voided it", "I wait longer"):
        assert part in text
    assert participatory_in(text) == 0


@pytest.mark.parametrize("page", ["/practice/", "/record/"])
def test_the_learner_reads_that_they_were_taken_off_the_list(cast, sign_in, page):
    bea = person("Bea")
    join_cohort(bea, cast.cohort, timezone.now())
    session = record(cast, cast.ana, bea)
    line_of(cast.ana, session)
    correct(cast, session, facts(bea))
    text = sign_in(cast.ana).get(page).content.decode()
    for part in (TOPIC, "corrected the list of who came", "ask Tess", "I wait longer"):
        assert part in text
    assert "corrected the list" not in sign_in(bea).get(page).content.decode()


def left(cast: Cast, user: User) -> None:
    rows = CohortMembership.objects.filter(user=user, cohort=cast.cohort)
    rows.update(left_at=timezone.now())


@pytest.mark.parametrize("others", [True, False])
def test_a_session_is_corrected_when_everybody_who_came_has_left(cast, sign_in, others):
    session = record(cast, cast.ana)
    line_of(cast.ana, session)
    left(cast, cast.ana)
    if others:
        join_cohort(person("Bea"), cast.cohort, timezone.now())
    tess, page = sign_in(cast.tess), address(cast, "group-session", session.key)
    text = tess.get(page).content.decode()
    assert "1 person who came has left the cohort since" in text
    assert "Ana" not in text
    assert ("Who came?" in text) is others
    form = form_of(topic="A quiet baby", minutes="45")
    assert tess.post(page, form | seen(tess, page)).status_code == 302
    assert participation_of(cast.ana).minutes == 45
    assert [row.session.topic for row in participation_of(cast.ana).written] == ["A quiet baby"]
    assert Attendance.objects.filter(removed_at=None).count() == 1


def test_somebody_is_ticked_while_all_who_came_are_there(cast, sign_in):
    session = record(cast, cast.ana)
    page = address(cast, "group-session", session.key)
    response = sign_in(cast.tess).post(page, form_of(minutes="45"))
    assert response.status_code == 400
    assert "Tick at least one person" in response.content.decode()
    with pytest.raises(actions.NobodyCame):
        correct(cast, session, facts(minutes=45))
    assert GroupSession.objects.get().minutes == 60


def test_nobody_corrects_or_voids_a_session_they_came_to(cast, sign_in):
    """Tess learns in the cohort too: another trainer recorded her, and she would give herself."""
    join_cohort(cast.tess, cast.cohort, timezone.now())
    session = record(cast, cast.ana)
    Attendance.objects.create(session=session, user=cast.tess)
    with pytest.raises(OnOneself):
        correct(cast, session, facts(cast.ana, minutes=480))
    with pytest.raises(OnOneself):
        actions.void_session(cast.tess, session, "No", timezone.now())
    assert GroupSession.objects.in_force().get().minutes == 60
    page = address(cast, "group-session", session.key)
    text = sign_in(cast.tess).get(page).content.decode()
    assert "another trainer of the cohort corrects or voids it" in text
    assert "<h2" not in text.split("</header>")[-1]


def test_those_who_left_the_cohort_keep_their_minutes_and_are_counted_without_a_name(cast, sign_in):
    session = record(cast, cast.ana)
    line_of(cast.ana, session)
    CohortMembership.objects.filter(user=cast.ana).update(left_at=timezone.now())
    text = sign_in(cast.tess).get(address(cast)).content.decode()
    assert "Ana" not in text
    assert "And 1 person who has left" in text
    assert participation_of(cast.ana).minutes == 60


def test_a_line_is_needed_and_has_a_length(cast, sign_in):
    session = record(cast, cast.ana)
    ana, own = sign_in(cast.ana), reverse("courses:own-line", args=[session.key])
    for line, message in (("  ", "Write one line first"), ("x" * 501, "This is 501")):
        response = ana.post(own, {"line": line})
        assert response.status_code == 400
        assert message in response.content.decode()
    assert ana.post(own, {"line": "x" * 500}).status_code == 302


def test_a_line_sent_while_signed_out_is_filled_in_again(cast, sign_in):
    session = record(cast, cast.ana)
    own = reverse("courses:own-line", args=[session.key])
    ana = sign_in(cast.ana)
    ana.get("/practice/")
    del ana.cookies["sessionid"]
    ana.post(own, {"line": "I watch her hands"})
    ana.post("/account/login/", {"login": cast.ana.email, "password": "the-quiet-baby"})
    text = ana.get(own).content.decode()
    assert "I watch her hands" in text
    assert "You were signed out" in text


def test_queries_do_not_grow_with_people_and_sessions(cast, course, sign_in):
    tess, ana = sign_in(cast.tess), sign_in(cast.ana)
    record(cast, cast.ana)
    pages = ((tess, address(cast)), (ana, "/practice/"), (ana, "/record/"))
    for client, page in pages:
        client.get(page)  # what a process keeps of an edition is read once
    before = [len(queries(client, page)) for client, page in pages]
    for number in range(8):
        user = person(f"Learner{number}")
        join_cohort(user, cast.cohort, timezone.now())
        line_of(user, record(cast, cast.ana, user, topic=f"Case {number}"))
    assert [len(queries(client, page)) for client, page in pages] == before
    assert len(recorded_sessions_of(cast.cohort)) == 9
