"""Session mode: a scene on the wall, phones that commit, the split, talk, and once more."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.group_sessions.models import Commitment, GroupSession, Room, Tally
from courses.group_sessions.room_actions import (
    NoSuchOption,
    RoomMovedOn,
    advance_room,
    commit_answer,
    end_old_rooms,
    end_room,
    start_room,
)
from courses.group_sessions.room_queries import wall_of
from courses.group_sessions.scenes import options_of, scene_of, split_of, wall_scenes
from courses.people.actions import join_cohort, start_cohort
from courses.people.cohort_life import archive_cohort, restore_cohort
from courses.people.models import User
from courses.people.permissions import CohortArchived, NotYours
from tests.conftest import Cast, person
from tests.crawling import MARK, everything_in
from tests.test_queries import queries

JSON = {"accept": "application/json"}


@pytest.fixture
def room(cast, course) -> Room:
    """The tiny course's scene on the wall of Tess's cohort."""
    return start_room(cast.tess, cast.cohort, wall_scenes()[0], timezone.now())


def phone(room: Room) -> str:
    return reverse("courses:room", args=[room.code])


def wall(room: Room) -> str:
    return reverse("courses:wall", args=[room.cohort.key, room.key])


def joined(cast: Cast, *names: str) -> list[User]:
    people = []
    for name in names:
        user = person(name)
        join_cohort(user, cast.cohort, timezone.now())
        people.append(user)
    return people


def keys_of(room: Room) -> list[str]:
    """The keys of the options: the one that fits first."""
    options = options_of(scene_of(room.edition_id, room.scene_key))
    return [option.key for option in sorted(options, key=lambda option: not option.correct)]


def commit(client: Client, room: Room, option: str, number: int = 1) -> int:
    return client.post(phone(room), {"number": number, "option": option}).status_code


def advance(client: Client, room: Room, stage: str) -> None:
    url = reverse("courses:advance-room", args=[room.cohort.key, room.key])
    assert client.post(url, {"stage": stage}).status_code == 302


def test_it_works(cast, room, sign_in):
    """Four phones answer, talk and answer again; the wall shows both splits, then what fits."""
    learners = [cast.ana, *joined(cast, "Bea", "Cai", "Dai")]
    tess, phones = sign_in(cast.tess), [sign_in(user) for user in learners]
    right, wrong = keys_of(room)
    for client, answer in zip(phones, (right, wrong, wrong, wrong), strict=True):
        assert "Commit to this answer" in client.get(phone(room)).content.decode()
        assert commit(client, room, answer) == 302
        assert "Your answer is in" in client.get(phone(room)).content.decode()
    text = tess.get(wall(room)).content.decode()
    assert room.code in text
    assert ">4</strong>" in text
    assert "How the room answered" not in text

    advance(tess, room, "first-shown")
    text = tess.get(wall(room)).content.decode()
    assert "First: 1 of 4" in text and "First: 3 of 4" in text
    assert "After talking" not in text
    assert "Talk" in phones[0].get(phone(room)).content.decode()

    advance(tess, room, "second")
    for client in phones:
        assert commit(client, room, right, number=2) == 302
    advance(tess, room, "second-shown")
    text = tess.get(wall(room)).content.decode()
    assert "First: 3 of 4" in text and "After talking: 4 of 4" in text
    advance(tess, room, "told")
    assert f"{MARK}-SCENE-RIGHT" in tess.get(wall(room)).content.decode()


def test_nothing_of_the_answer_leaves_before_the_trainer_shows_it(cast, room, sign_in):
    tess, ana = sign_in(cast.tess), sign_in(cast.ana)
    pages = [(tess, wall(room)), (ana, phone(room)), (ana, "/room/")]
    pages.append((tess, reverse("courses:new-room", args=[cast.cohort.key])))
    right = keys_of(room)[0]
    commit(ana, room, right)
    for stage in ("first-shown", "second", "second-shown"):
        for client, page in pages:
            for headers in ({}, JSON):
                assert MARK not in everything_in(client.get(page, headers=headers))
        advance(tess, room, stage)
    assert MARK not in everything_in(tess.get(wall(room)))
    advance(tess, room, "told")
    assert MARK in everything_in(tess.get(wall(room)))
    assert MARK not in everything_in(ana.get(phone(room)))


def test_no_name_is_on_the_wall_or_on_a_phone(cast, room, sign_in):
    people = [cast.ana, *joined(cast, "Bea", "Cai")]
    right = keys_of(room)[0]
    for user in people:
        commit(sign_in(user), room, right)
    tess = sign_in(cast.tess)
    advance(tess, room, "first-shown")
    shown = [everything_in(tess.get(wall(room), headers=headers)) for headers in ({}, JSON)]
    shown.append(everything_in(sign_in(cast.ana).get(phone(room))))
    for text in shown:
        for user in people:
            assert user.email not in text
            assert str(user.key) not in text
            assert user.name not in text.replace(f"Signed in as {user.name}", "")


def test_a_double_commit_counts_once_and_the_first_stays(cast, room, sign_in):
    ana = sign_in(cast.ana)
    right, wrong = keys_of(room)
    assert [commit(ana, room, answer) for answer in (right, right, wrong)] == [302, 302, 302]
    assert list(Commitment.objects.values_list("answer", flat=True)) == [right]
    assert wall_of(room).answered == 1


@pytest.mark.parametrize("count", [0, 1, 2])
def test_of_fewer_than_three_only_the_number_is_shown(cast, room, sign_in, count):
    right = keys_of(room)[0]
    for user in [cast.ana, *joined(cast, "Bea")][:count]:
        commit(sign_in(user), room, right)
    tess = sign_in(cast.tess)
    advance(tess, room, "first-shown")
    text = tess.get(wall(room)).content.decode()
    assert f"{count} ha{'s' if count == 1 else 've'} answered. A split is shown from three" in text
    assert f"of {count}<" not in text
    assert split_of(wall_of(room).scene, 1, {right: 3}).bars[0].count in (0, 3)


def test_an_answer_after_the_split_is_shown_is_not_counted(cast, room, sign_in):
    tess, ana = sign_in(cast.tess), sign_in(cast.ana)
    right = keys_of(room)[0]
    advance(tess, room, "first-shown")
    commit(ana, room, right)
    advance(tess, room, "second")
    commit(ana, room, right, number=1)  # from a page that is still open
    assert not Commitment.objects.exists()
    assert "has moved on" in ana.get(phone(room)).content.decode()


def test_a_press_twice_moves_on_once(cast, room, sign_in):
    tess = sign_in(cast.tess)
    for _ in range(2):
        advance(tess, room, "first-shown")
    room.refresh_from_db()
    assert room.stage == "first-shown"
    for stage in ("told", "first", "", "x", "second-shown"):
        advance(tess, room, stage)
        room.refresh_from_db()
        assert room.stage == "first-shown"


def test_the_same_scene_pressed_twice_is_one_room_and_another_ends_it(cast, room, sign_in):
    url = reverse("courses:new-room", args=[cast.cohort.key])
    tess, choice = sign_in(cast.tess), wall_scenes()[0].choice
    assert tess.post(url, {"scene": choice})["Location"] == wall(room)
    assert Room.objects.count() == 1
    commit(sign_in(cast.ana), room, keys_of(room)[0])
    assert tess.post(url, {"scene": choice})["Location"] != wall(room)
    assert Room.objects.running().count() == 1
    assert tess.post(url, {"scene": "first"}).status_code == 400


def test_others_get_a_404(cast, course, room, sign_in):
    """Ben is in no cohort, Olga trains elsewhere, Mo manages, and Tess does not answer herself."""
    right = keys_of(room)[0]
    for user in (cast.ben, cast.olga, cast.mo, cast.tess):
        client = sign_in(user)
        assert client.get(phone(room)).status_code == 404
        assert commit(client, room, right) == 404
        assert client.post("/room/", {"code": room.code}).status_code == 400
    for user in (cast.ana, cast.ben, cast.olga, cast.mo):
        assert sign_in(user).get(wall(room)).status_code == 404
    join_cohort(cast.tess, cast.cohort, timezone.now())
    assert sign_in(cast.tess).get(phone(room)).status_code == 404
    with pytest.raises(NotYours):
        commit_answer(cast.tess, room, 1, right)
    another = start_cohort(
        cast.tess, cast.cohort.organisation, "Next", course, None, timezone.now()
    )
    url = reverse("courses:wall", args=[another.key, room.key])
    assert sign_in(cast.tess).get(url).status_code == 404
    assert not Commitment.objects.exists()


def test_the_code_is_read_as_people_type_it(cast, room, sign_in):
    ana = sign_in(cast.ana)
    typed = f" {room.code[:3].lower()}-{room.code[3:]} "
    assert ana.post("/room/", {"code": typed})["Location"] == phone(room)
    assert ana.get(phone(room).replace(room.code, room.code.lower())).status_code == 200


def test_wrong_codes_are_limited(cast, room, sign_in):
    ana = sign_in(cast.ana)
    statuses = [ana.post("/room/", {"code": f"WR{number}"}).status_code for number in range(21)]
    assert statuses == [400] * 20 + [429]
    assert ana.post("/room/", {"code": room.code}).status_code == 429


def test_only_an_option_of_the_scene_is_taken(cast, room, sign_in):
    ana = sign_in(cast.ana)
    for option in ("", "x", "\x00", "9" * 400):
        assert commit(ana, room, option) == 400
    with pytest.raises(NoSuchOption):
        commit_answer(cast.ana, room, 1, "x")
    with pytest.raises(RoomMovedOn):
        commit_answer(cast.ana, room, 2, keys_of(room)[0])
    assert not Commitment.objects.exists()


def test_what_is_over_can_be_recorded_with_those_who_answered(cast, room, sign_in):
    bea, _ = joined(cast, "Bea", "Cai")
    for user in (cast.ana, bea):
        commit(sign_in(user), room, keys_of(room)[0])
    tess = sign_in(cast.tess)
    end = reverse("courses:end-room", args=[cast.cohort.key, room.key])
    for _ in range(2):
        assert tess.post(end).status_code == 302
    assert "Record it as a group session" in tess.get(wall(room)).content.decode()
    assert "This session is over" in sign_in(cast.ana).get(phone(room)).content.decode()
    commit(sign_in(cast.ana), room, keys_of(room)[1])
    assert Tally.objects.get().count == 2

    new = reverse("courses:new-group-session", args=[cast.cohort.key])
    text = tess.get(f"{new}?room={room.code}").content.decode()
    assert "A first scene" in text
    assert text.count(" checked") == 2
    for query in ("?room=x", "?room=%00", "?room="):
        assert " checked" not in tess.get(new + query).content.decode()
    assert not GroupSession.objects.exists()


def test_an_archived_cohort_ends_its_room_in_plain_words(cast, room, sign_in):
    """On the wall, on phones and for their scripts; no press changes anything."""
    tess, ana = sign_in(cast.tess), sign_in(cast.ana)
    right, wrong = keys_of(room)
    commit(ana, room, right)
    archive_cohort(cast.tess, cast.cohort, timezone.now())
    before = [Room.objects.values().get(), *Commitment.objects.values()]
    for client, page in ((tess, wall(room)), (ana, phone(room))):
        text = client.get(page).content.decode()
        assert "This session is over" in text
        assert f"{cast.cohort.name} is archived" in text
        assert "Commit to this answer" not in text
        assert 'method="post"' not in text.split("<main")[1]
        assert "room.js" not in text
        assert client.get(page, headers=JSON).json()["state"] == "archived"
    assert commit(ana, room, wrong) == 302
    assert "Your answer was not counted." in ana.get(phone(room)).content.decode()
    advance(tess, room, "first-shown")
    assert "is archived, so nothing was changed" in tess.get(wall(room)).content.decode()
    end = reverse("courses:end-room", args=[room.cohort.key, room.key])
    assert tess.post(end).status_code == 302
    assert [Room.objects.values().get(), *Commitment.objects.values()] == before
    assert not Room.objects.open_to(cast.ana).exists()
    for action in (
        lambda: commit_answer(cast.ana, room, 1, wrong),
        lambda: advance_room(room, "first-shown"),
        lambda: end_room(room, timezone.now()),
    ):
        with pytest.raises(CohortArchived):
            action()
    restore_cohort(cast.tess, cast.cohort, timezone.now())
    assert ana.get(phone(room), headers=JSON).json() == {"state": "first"}


def in_rooms(user: User) -> int:
    """How many stored rows say that this person took part in a room."""
    took_part = Room.answered_by.through.objects.filter(user=user)
    return Commitment.objects.filter(user=user).count() + took_part.count()


def test_who_answered_what_is_forgotten_when_the_room_ends(cast, room, sign_in):
    """The splits stay. Who took part is kept for the form, until it is recorded."""
    people = [cast.ana, *joined(cast, "Bea", "Cai")]
    right, wrong = keys_of(room)
    for user, answer in zip(people, (right, right, wrong), strict=True):
        commit_answer(user, room, 1, answer)
    advance_room(room, "first-shown")
    advance_room(room, "second")
    commit_answer(cast.ana, room, 2, right)
    room.refresh_from_db()
    before = wall_of(room).splits
    assert before[0].answered == 3
    end_room(room, timezone.now())
    room.refresh_from_db()
    assert wall_of(room).splits == before
    assert not Commitment.objects.exists()
    assert in_rooms(cast.ana) == 1

    url = reverse("courses:new-group-session", args=[cast.cohort.key])
    tess = sign_in(cast.tess)
    text = tess.get(f"{url}?room={room.code}").content.decode()
    assert f'action="{url}?room={room.code}"' in text
    today, keys = timezone.localdate().isoformat(), [str(user.key) for user in people]
    form = {"topic": "A first scene", "held_on": today, "minutes": "40", "came": keys}
    assert tess.post(f"{url}?room={room.code}", form).status_code == 302
    assert GroupSession.objects.get().attendances.count() == 3
    assert [in_rooms(user) for user in people] == [0, 0, 0]
    assert wall_of(room).splits == before


def test_another_scene_on_the_wall_forgets_too(cast, room, sign_in):
    commit_answer(cast.ana, room, 1, keys_of(room)[0])
    start_room(cast.tess, cast.cohort, wall_scenes()[0], timezone.now())
    assert not Commitment.objects.exists()
    assert Room.objects.exclude(ended_at=None).get() == room


def test_a_room_that_nobody_ends_is_ended_after_a_day(cast, room):
    commit_answer(cast.ana, room, 1, keys_of(room)[0])
    a_day = room.started_at + timedelta(days=1)
    assert end_old_rooms(a_day - timedelta(seconds=1)) == 0
    assert Commitment.objects.filter(user=cast.ana).exists()
    assert [end_old_rooms(a_day), end_old_rooms(a_day)] == [1, 0]
    assert Room.objects.get().ended_at == a_day
    assert in_rooms(cast.ana) == 1
    end_old_rooms(a_day + timedelta(days=1))
    assert in_rooms(cast.ana) == 0
    assert Tally.objects.get().count == 1


def test_the_timer_ends_old_rooms_in_archived_cohorts_too(cast, room):
    commit_answer(cast.ana, room, 1, keys_of(room)[0])
    archive_cohort(cast.tess, cast.cohort, timezone.now())
    Room.objects.update(started_at=timezone.now() - timedelta(days=2))
    call_command("close_expired_attempts", stdout=StringIO())
    assert Room.objects.get().ended_at
    assert not Commitment.objects.exists()


def test_answers_in_rooms_that_the_release_before_ended_are_counted_and_forgotten(cast, room):
    for user in [cast.ana, *joined(cast, "Bea", "Cai")]:
        commit_answer(user, room, 1, keys_of(room)[0])
    advance_room(room, "first-shown")
    room.refresh_from_db()
    before = wall_of(room).splits
    Room.objects.update(ended_at=timezone.now())
    for _ in range(2):
        end_old_rooms(timezone.now())
        room.refresh_from_db()
        assert wall_of(room).splits == before
        assert in_rooms(cast.ana) == 1
    assert not Commitment.objects.exists()


def test_a_script_is_told_the_stage_and_the_number_alone(cast, room, sign_in):
    tess, ana = sign_in(cast.tess), sign_in(cast.ana)
    commit(ana, room, keys_of(room)[0])
    assert tess.get(wall(room), headers=JSON).json() == {"state": "first", "answered": 1}
    assert ana.get(phone(room), headers=JSON).json() == {"state": "first"}
    end_room(room, timezone.now())
    assert ana.get(phone(room), headers=JSON).json() == {"state": "ended"}


def test_queries_do_not_grow_with_people(cast, room, sign_in):
    tess, ana = sign_in(cast.tess), sign_in(cast.ana)
    commit(ana, room, keys_of(room)[0])
    pages = ((tess, wall(room)), (ana, phone(room)))
    before = [len(queries(client, page)) for client, page in pages]
    for user in joined(cast, *(f"Learner{number}" for number in range(9))):
        commit_answer(user, room, 1, keys_of(room)[number_of(user) % 2])
    assert [len(queries(client, page)) for client, page in pages] == before
    assert before[0] <= 5


def number_of(user: User) -> int:
    return int(user.name.removeprefix("Learner"))
