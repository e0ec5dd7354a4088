"""The settings of a cohort: its name and trainers, closed, archived, copied; a course taken away."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.exports.columns import Column
from courses.exports.queries import Scope, export_rows, row_count
from courses.learning.actions import enrol
from courses.models import AuditEvent
from courses.organisations import joining
from courses.organisations.actions import create_invitations
from courses.organisations.invitees import Invitee
from courses.people.actions import (
    NameTaken,
    TooManyCohorts,
    assign_course,
    join_cohort,
    start_cohort,
)
from courses.people.cohort_actions import move_learner
from courses.people.cohort_life import (
    LastTrainer,
    add_trainer,
    archive_cohort,
    close_cohort,
    copy_cohort,
    remove_trainer,
    rename_cohort,
    reopen_cohort,
    restore_cohort,
)
from courses.people.due_dates import end_of_day
from courses.people.models import Assignment, Cohort, Membership, User
from courses.people.permissions import CohortArchived, NotYours
from courses.people.queries import nearest_due, trainers_of
from courses.people.term_names import next_term_name
from courses.reminders.digest_queries import week_of_cohorts
from courses.reminders.queries import people_to_look_at
from tests.conftest import person
from tests.test_access import rows

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
WEEK = timedelta(days=7)


@pytest.fixture
def tess(cast, sign_in) -> Client:
    return sign_in(cast.tess)


@pytest.fixture
def tara(cast) -> User:
    """A second trainer of Tess's organisation, who trains no cohort yet."""
    tara = person("Tara")
    Membership.objects.create(user=tara, organisation=cast.cohort.organisation, role="trainer")
    return tara


def url(name: str, cohort: Cohort, *more: object) -> str:
    return reverse(f"courses:{name}", args=[cohort.key, *more])


def page_of(client: Client, name: str, cohort: Cohort, *more: object) -> str:
    response = client.get(url(name, cohort, *more))
    assert response.status_code == 200
    return response.content.decode()


def press(client: Client, cohort: Cohort, state: str) -> str:
    response = client.post(url("set-cohort-state", cohort), {"state": state}, follow=True)
    return response.content.decode()


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_it_works(cast, tess):
    """The cohort's page leads to its settings, and a new name is on every page."""
    assert url("cohort-settings", cast.cohort) in page_of(tess, "cohort", cast.cohort)
    response = tess.post(url("cohort-settings", cast.cohort), {"name": " Autumn A "}, follow=True)
    assert "Autumn is called Autumn A now." in response.content.decode()
    assert "<h1>Autumn A</h1>" in page_of(tess, "cohort", cast.cohort)
    assert actions()[-1] == "rename_cohort"
    assert "Autumn" not in str(AuditEvent.objects.last().details)


def test_the_same_name_changes_nothing(cast, tess):
    before = rows()
    response = tess.post(url("cohort-settings", cast.cohort), {"name": "Autumn"}, follow=True)
    assert "is its name already" in response.content.decode()
    assert rows() == before


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Winter"])
def test_a_wrong_name_is_kept_on_the_page(cast, course, tess, name):
    start_cohort(cast.tess, cast.cohort.organisation, "Winter", course, None, NOW)
    before = rows()
    response = tess.post(url("cohort-settings", cast.cohort), {"name": name})
    assert response.status_code == 400
    assert f'value="{name}"' in response.content.decode() or not name.strip()
    assert rows() == before


def test_a_name_of_the_organisation_is_taken_once(cast, course):
    start_cohort(cast.tess, cast.cohort.organisation, "Winter", course, None, NOW)
    with pytest.raises(NameTaken):
        rename_cohort(cast.tess, cast.cohort, "Winter", NOW)


def test_only_its_trainers_change_a_cohort(cast):
    """A manager reads it, and another organisation's trainer does not see it."""
    before = rows()
    acts = (
        lambda who: rename_cohort(who, cast.cohort, "Mine", NOW),
        lambda who: add_trainer(who, cast.cohort, who, NOW),
        lambda who: remove_trainer(who, cast.cohort, cast.tess, NOW),
        lambda who: close_cohort(who, cast.cohort, NOW),
        lambda who: reopen_cohort(who, cast.cohort, NOW),
        lambda who: archive_cohort(who, cast.cohort, NOW),
        lambda who: restore_cohort(who, cast.cohort, NOW),
        lambda who: copy_cohort(who, cast.cohort, "Mine", {}, NOW),
    )
    for who in (cast.mo, cast.olga, cast.ana):
        for act in acts:
            with pytest.raises(NotYours):
                act(who)
    assert rows() == before


# ---- trainers


def test_another_trainer_is_added_once_and_told(cast, tara, tess, sign_in, mailoutbox):
    assert sign_in(tara).get(url("cohort", cast.cohort)).status_code == 404
    for words in ("Tara trains Autumn now", "Tara trains Autumn already"):
        response = tess.post(url("add-trainer", cast.cohort), {"person": tara.key}, follow=True)
        assert words in response.content.decode()
    assert "Settings" in page_of(sign_in(tara), "cohort", cast.cohort)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([tara.email], "You train Autumn now")
    assert mail.reply_to == [cast.tess.email]
    event = AuditEvent.objects.get(action="add_trainer")
    assert (event.actor, event.subject) == (cast.tess, tara)


def test_a_manager_becomes_a_trainer_by_it(cast, tess):
    tess.post(url("add-trainer", cast.cohort), {"person": cast.mo.key})
    assert list(trainers_of(cast.cohort)) == [cast.mo, cast.tess]
    membership = Membership.objects.get(user=cast.mo, role="trainer")
    assert membership.given_by == cast.tess


@pytest.mark.parametrize("name", ["olga", "ana", "ben"])
def test_nobody_else_can_be_picked(cast, tess, name):
    """No trainer of elsewhere, and no learner: not in the list, and refused when sent anyway."""
    somebody = getattr(cast, name)
    assert str(somebody.key) not in page_of(tess, "cohort-settings", cast.cohort)
    before = rows()
    tess.post(url("add-trainer", cast.cohort), {"person": somebody.key})
    with pytest.raises(NotYours):
        add_trainer(cast.tess, cast.cohort, somebody, NOW)
    assert rows() == before


def test_the_last_trainer_stays(cast, tess):
    before = rows()
    assert "Stop training" not in page_of(tess, "cohort-settings", cast.cohort)
    response = tess.post(url("remove-trainer", cast.cohort, cast.tess.key), follow=True)
    assert "Nobody else trains Autumn" in response.content.decode()
    assert rows() == before


def test_who_trains_no_more_in_the_organisation_does_not_count_as_another(cast, tara):
    """They stand among the cohort's trainers, and could not act in it."""
    add_trainer(cast.tess, cast.cohort, tara, NOW)
    Membership.objects.filter(user=tara).update(ended_at=NOW)
    with pytest.raises(LastTrainer):
        remove_trainer(cast.tess, cast.cohort, cast.tess, NOW)


def test_a_trainer_leaves_once_another_one_stays(cast, tara, tess):
    add_trainer(cast.tess, cast.cohort, tara, NOW)
    response = tess.post(url("remove-trainer", cast.cohort, cast.tess.key), follow=True)
    assert "You no longer train Autumn." in response.content.decode()
    assert list(trainers_of(cast.cohort)) == [tara]
    assert tess.post(url("remove-trainer", cast.cohort, tara.key)).status_code == 404


def test_a_trainer_is_removed_and_a_second_press_says_so(cast, tara, tess):
    add_trainer(cast.tess, cast.cohort, tara, NOW)
    for words in ("Tara no longer trains Autumn", "Tara does not train Autumn"):
        response = tess.post(url("remove-trainer", cast.cohort, tara.key), follow=True)
        assert words in response.content.decode()
    assert AuditEvent.objects.filter(action="remove_trainer", subject=tara).count() == 1


# ---- closed and open


def test_a_closed_cohort_takes_nobody_in_and_its_learners_learn_on(cast, course, tess, sign_in):
    assert "nobody joins any more" in press(tess, cast.cohort, "close")
    assert "That was done already" in press(tess, cast.cohort, "close")
    join = reverse("courses:join-cohort", args=[cast.cohort.join_code])
    sign_in(cast.ben).post(join)
    assert not cast.cohort.cohort_memberships.filter(user=cast.ben).exists()
    page = page_of(tess, "cohort", cast.cohort)
    assert "Closed on" in page
    assert join not in page
    assert cast.cohort.cohort_memberships.current().get().user == cast.ana
    assert "people can join" in press(tess, cast.cohort, "reopen")
    sign_in(cast.ben).post(join)
    assert cast.cohort.cohort_memberships.filter(user=cast.ben).exists()
    assert actions().count("close_cohort") == actions().count("reopen_cohort") == 1


@pytest.mark.parametrize("state", ["", "gone", "archived\x00"])
def test_any_other_state_changes_nothing(cast, tess, state):
    before = rows()
    assert "Nothing was changed" in press(tess, cast.cohort, state)
    assert rows() == before


# ---- archived


@pytest.fixture
def archived(cast, course, mailoutbox) -> Cohort:
    """Tess's cohort, due in two days with Ana not begun, as it is once it is archived."""
    assign_course(cast.tess, cast.cohort, course, TODAY + timedelta(days=2), NOW)
    mailoutbox.clear()
    archive_cohort(cast.tess, cast.cohort, NOW)
    cast.cohort.refresh_from_db()
    return cast.cohort


def bring_back(cohort: Cohort) -> None:
    """As if it had never been archived: what was missing is there then, so the tests can fail."""
    Cohort.objects.filter(pk=cohort.pk).update(archived_at=None, closed_at=None)


def test_an_archived_cohort_can_be_read_and_has_no_buttons(archived, cast, tess):
    assert archived.closed_at == archived.archived_at == NOW
    for name, *more in (
        ("cohort",),
        ("cohort-progress", "tiny"),
        ("learner", "tiny", cast.ana.key),
    ):
        main = page_of(tess, name, archived, *more).split("<main")[1]
        assert 'method="post"' not in main, name
    settings = page_of(tess, "cohort-settings", archived).split("<main")[1]
    assert settings.count('method="post"') == 1
    assert "Take it out of the archive" in settings


def test_an_archived_cohort_is_off_the_first_page_and_on_a_page_of_its_own(
    archived, cast, tess, sign_in
):
    for client in (tess, sign_in(cast.mo)):
        assert "Autumn" not in client.get(reverse("courses:cohorts")).content.decode()
        listed = client.get(reverse("courses:archived-cohorts")).content.decode()
        assert url("cohort", archived) in listed
    others = sign_in(cast.olga).get(reverse("courses:archived-cohorts")).content.decode()
    assert "Autumn" not in others


def test_an_archived_cohort_sends_no_reminder_and_is_in_no_digest(archived, cast, mailoutbox):
    assert people_to_look_at(NOW) == []
    assert not week_of_cohorts(cast.tess, archived.organisation, NOW)
    call_command("send_due_reminders")
    assert [mail for mail in mailoutbox if cast.ana.email in mail.to] == []
    bring_back(archived)
    assert people_to_look_at(NOW) == [cast.ana.pk]
    assert week_of_cohorts(cast.tess, archived.organisation, NOW)


def test_an_archived_cohort_is_not_on_the_learners_pages(archived, cast, sign_in):
    assert nearest_due(cast.ana) == {}
    ana = sign_in(cast.ana)
    for page in ("learning", "catalogue"):
        assert "Autumn" not in ana.get(reverse(f"courses:{page}")).content.decode()
    course_page = ana.get(reverse("courses:course", args=["tiny"])).content.decode()
    assert "Autumn" not in course_page
    bring_back(archived)
    assert [own.cohort for own in nearest_due(cast.ana).values()] == [archived]


def test_an_archived_cohort_stays_in_exports(archived, cast, tess):
    """A trust's staff record needs what was completed last term."""
    for viewer, is_manager in ((cast.tess, False), (cast.mo, True)):
        scope = Scope(viewer, archived.organisation, is_manager)
        assert row_count(scope) == 1
        assert list(export_rows(scope, [Column("email", "Email")])) == [[cast.ana.email]]
    own = tess.get(url("cohort-csv", archived, "tiny"))
    assert "Ana" in own.content.decode()


def test_the_learner_still_sees_who_can_read_their_record(archived, cast, sign_in):
    """Its trainers can read it in the archive, so it would be untrue to leave it out."""
    seen = sign_in(cast.ana).get(reverse("courses:seen-by-trainer")).content.decode()
    assert "Autumn" in seen


def test_nothing_in_an_archived_cohort_changes(archived, cast, course, tara, tess):
    before = rows()
    acts = (
        lambda: rename_cohort(cast.tess, archived, "Other", NOW),
        lambda: add_trainer(cast.tess, archived, tara, NOW),
        lambda: remove_trainer(cast.tess, archived, cast.tess, NOW),
        lambda: close_cohort(cast.tess, archived, NOW),
        lambda: reopen_cohort(cast.tess, archived, NOW),
    )
    for act in acts:
        with pytest.raises(CohortArchived):
            act()
    tess.post(url("cohort-settings", archived), {"name": "Other"})
    tess.post(url("add-trainer", archived), {"person": tara.key})
    press(tess, archived, "reopen")
    for name in ("extend-due-date", "withdraw-extension", "move-learner", "remove-learner"):
        tess.post(
            url(name, archived, "tiny", cast.ana.key), {"due_on": "2030-01-01", "reason": "x"}
        )
    tess.post(url("unassign-course", archived, "tiny"))
    tess.post(url("assign-course", archived), {"course": "tiny", "due_on": ""})
    tess.post(url("renew-join-code", archived))
    tess.post(url("send-nudge", archived, "tiny", cast.ana.key))
    assert rows() == before


def test_nobody_comes_into_an_archived_cohort(archived, cast, course, tess, sign_in):
    """Not by its link, not by an invitation that was sent before, and not from another cohort."""
    sign_in(cast.ben).post(reverse("courses:join-cohort", args=[archived.join_code]))
    spring = start_cohort(cast.tess, archived.organisation, "Spring", course, None, NOW)
    join_cohort(cast.ben, spring, NOW)
    with pytest.raises(CohortArchived):
        move_learner(cast.tess, spring, archived, cast.ben, NOW)
    assert not archived.cohort_memberships.filter(user=cast.ben).exists()
    invitations = reverse("courses:organisation-invitations", args=["riverside"])
    assert str(archived.key) not in tess.get(invitations).content.decode()


def test_an_invitation_from_before_says_that_the_cohort_is_closed(cast, course, sign_in):
    whom = [Invitee("ben@example.org", cohort=cast.cohort)]
    (invited,) = create_invitations(cast.tess, cast.cohort.organisation, whom, NOW)
    archive_cohort(cast.tess, cast.cohort, NOW)
    page = sign_in(cast.ben).post(reverse("courses:invitation", args=[invited.key]))
    assert "is closed" in page.content.decode()
    assert not cast.cohort.cohort_memberships.filter(user=cast.ben).exists()


def test_who_asked_to_join_reads_that_it_is_closed_and_may_ask_elsewhere(
    cast, course, tess, sign_in, monkeypatch
):
    """Nobody can answer a request to an archived cohort, so it does not count among those waiting."""
    monkeypatch.setattr(joining, "MOST_WAITING", 1)
    spring = start_cohort(cast.tess, cast.cohort.organisation, "Spring", course, None, NOW)
    Cohort.objects.filter(pk__in=[cast.cohort.pk, spring.pk]).update(joining="approval")
    ben = sign_in(cast.ben)
    links = [reverse("courses:join-cohort", args=[c.join_code]) for c in (cast.cohort, spring)]
    ben.post(links[0])
    assert "You asked to join" in ben.get(links[0]).content.decode()
    assert "as many as one may have" in ben.post(links[1]).content.decode()
    archive_cohort(cast.tess, cast.cohort, NOW)
    page = ben.get(links[0]).content.decode()
    assert "Autumn is closed" in page
    assert "You asked to join" not in page
    ben.post(links[1])
    assert "You asked to join" in ben.get(links[1]).content.decode()


def test_a_restored_cohort_is_listed_again_and_stays_closed(archived, cast, tess):
    assert "is on your lists again" in press(tess, archived, "restore")
    assert "That was done already" in press(tess, archived, "restore")
    assert "Autumn" in tess.get(reverse("courses:cohorts")).content.decode()
    archived.refresh_from_db()
    assert (archived.archived_at, archived.closed_at) == (None, NOW)
    assert actions().count("restore_cohort") == 1


def test_archiving_keeps_the_day_of_closing_and_is_done_once(cast):
    close_cohort(cast.tess, cast.cohort, NOW - WEEK)
    assert archive_cohort(cast.tess, cast.cohort, NOW)
    assert not archive_cohort(cast.tess, cast.cohort, NOW + WEEK)
    cast.cohort.refresh_from_db()
    assert (cast.cohort.closed_at, cast.cohort.archived_at) == (NOW - WEEK, NOW)


# ---- copied to next term


def test_a_copy_has_the_courses_and_trainers_and_no_learners(cast, tara, tess):
    add_trainer(cast.tess, cast.cohort, tara, NOW)
    Cohort.objects.filter(pk=cast.cohort.pk).update(joining="approval")
    form = page_of(tess, "copy-cohort", cast.cohort)
    assert 'value="Spring"' in form, "a name is suggested"
    due = TODAY + 10 * WEEK
    data = {"name": "Spring", "due-tiny": due.isoformat()}
    response = tess.post(url("copy-cohort", cast.cohort), data, follow=True)
    assert "Spring is ready. Send its link" in response.content.decode()
    made = Cohort.objects.get(organisation=cast.cohort.organisation, name="Spring")
    assert list(trainers_of(made)) == [tara, cast.tess]
    assert made.join_code != cast.cohort.join_code
    assert made.joining == "approval"
    assert made.assignments.get().due_at == end_of_day(due)
    assert not made.cohort_memberships.exists()
    assert cast.cohort.cohort_memberships.current().count() == 1
    event = AuditEvent.objects.get(action="copy_cohort")
    assert event.details == {"cohort": str(made.key), "from": str(cast.cohort.key)}


def test_the_same_copy_sent_twice_makes_one(cast, tess):
    data = {"name": "Spring", "due-tiny": ""}
    first = tess.post(url("copy-cohort", cast.cohort), data)
    second = tess.post(url("copy-cohort", cast.cohort), data)
    assert first["Location"] == second["Location"]
    other = tess.post(url("copy-cohort", cast.cohort), data | {"due-tiny": "2031-01-01"})
    assert other.status_code == 400, "another form, whose name is taken"
    assert Cohort.objects.filter(name="Spring", started_by=cast.tess).count() == 1


@pytest.mark.parametrize(
    "data", [{"name": ""}, {"name": "Autumn"}, {"name": "New", "due-tiny": "2001-01-01"}]
)
def test_a_wrong_copy_keeps_what_was_typed(cast, tess, data):
    before = rows()
    response = tess.post(url("copy-cohort", cast.cohort), data)
    assert response.status_code == 400
    for value in data.values():
        assert not value or f'value="{value}"' in response.content.decode()
    assert rows() == before


def test_a_copy_counts_to_the_days_limit(cast, settings, tess):
    settings.COHORTS_A_DAY = 1
    with pytest.raises(TooManyCohorts):
        copy_cohort(cast.tess, cast.cohort, "Spring", {}, timezone.now())
    response = tess.post(url("copy-cohort", cast.cohort), {"name": "Spring"})
    assert "as many as one may" in response.content.decode()


def test_an_archived_cohort_can_be_copied_and_a_retired_course_is_left_out(archived, cast, course):
    course.retired_at = NOW
    course.save()
    made = copy_cohort(cast.tess, archived, "Spring", {}, timezone.now())
    assert made.archived_at is made.closed_at is None
    assert not made.assignments.exists()


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Autumn", "Spring"),
        ("Autumn 2026", "Spring 2027"),
        ("Spring 2027", "Summer 2027"),
        ("Riverside, summer", "Riverside, autumn"),
        ("Intake 2026", "Intake 2027"),
        ("Group 9", "Group 10"),
        ("Night staff", "Night staff, next term"),
        ("x" * 80, "x" * 69 + ", next term"),
        ("Springfield", "Springfield, next term"),
    ],
)
def test_the_next_terms_name(name, suggested):
    assert next_term_name(name, []) == suggested


def test_a_taken_name_is_not_suggested():
    assert next_term_name("Autumn", ["spring", "Spring (2)"]) == "Spring (3)"


# ---- a course taken away


def test_a_course_is_taken_away_after_saying_whom_it_touches(cast, tess):
    page = page_of(tess, "unassign-course", cast.cohort, "tiny")
    assert "1 person in Autumn has this course, and has not begun it." in page
    assert Assignment.objects.filter(cohort=cast.cohort).exists(), "looking changes nothing"
    for words in ("Autumn no longer has Tiny things.", "does not have this course"):
        response = tess.post(url("unassign-course", cast.cohort, "tiny"), follow=True)
        assert words in response.content.decode()
    assert not Assignment.objects.filter(cohort=cast.cohort).exists()
    assert actions().count("unassign_course") == 1
    assert tess.get(url("unassign-course", cast.cohort, "tiny")).status_code == 404


def test_a_course_that_was_begun_stays_and_the_page_says_by_how_many(cast, course, tess):
    enrol(cast.ana, course, NOW)
    page = page_of(tess, "unassign-course", cast.cohort, "tiny")
    assert "1 of the 1 people in Autumn has begun this course" in page
    assert 'method="post"' not in page.split("<main")[1]
    before = rows()
    response = tess.post(url("unassign-course", cast.cohort, "tiny"), follow=True)
    assert "so it stays with the cohort" in response.content.decode()
    assert rows() == before


def test_the_settings_take_a_fixed_number_of_queries(cast, tara, tess, django_assert_num_queries):
    address = url("cohort-settings", cast.cohort)
    tess.get(address)
    with django_assert_num_queries(QUERIES):
        tess.get(address)
    for number in range(6):
        trainer = person(f"Trainer{number}")
        own = {"user": trainer, "organisation": cast.cohort.organisation}
        Membership.objects.create(**own, role="trainer")
        if number % 2:
            add_trainer(cast.tess, cast.cohort, trainer, NOW)
    with django_assert_num_queries(QUERIES):
        tess.get(address)


QUERIES = 7
