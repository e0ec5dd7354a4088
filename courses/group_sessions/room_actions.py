"""A room from its start to its end, and the answers that people commit to in it."""

from datetime import datetime

from django.db import transaction

from courses.group_sessions.models import Commitment, Room
from courses.group_sessions.room_queries import STAGES
from courses.group_sessions.scenes import WallScene, options_of, scene_of
from courses.people.audit import AuditEvent
from courses.people.cohort_locks import lock_changeable
from courses.people.models import Cohort, User
from courses.people.permissions import NotYours, Refused


class RoomMovedOn(Refused):
    """The room is at another stage than the page that was sent."""


class NoSuchOption(Refused):
    """What was sent is none of the scene's options."""


@transaction.atomic
def start_room(trainer: User, cohort: Cohort, chosen: WallScene, now: datetime) -> Room:
    """Puts a scene on the wall, and ends what is still on it in this cohort.

    The same scene again, before anybody has answered, is the room that is there. The caller has
    fetched the cohort by `trained_by`.

    Raises:
        CohortArchived: the cohort can only be read.
    """
    locked = lock_changeable(cohort)
    running = Room.objects.running().filter(cohort=locked)
    same = running.filter(
        edition_id=chosen.edition_id,
        scene_key=chosen.scene.key,
        started_by=trainer,
        stage=Room.Stage.FIRST,
        commitments=None,
    )
    there = same.first()
    if there:
        return there
    running.update(ended_at=now)
    room = Room.objects.create(
        cohort=locked,
        edition_id=chosen.edition_id,
        scene_key=chosen.scene.key,
        started_by=trainer,
        started_at=now,
    )
    details = {"cohort": str(locked.key), "room": str(room.key)}
    AuditEvent.objects.create(actor=trainer, action="start_room", details=details, at=now)
    return room


@transaction.atomic
def advance_room(room: Room, stage: str) -> bool:
    """Takes a room to the stage that follows; False: it is there already.

    Args:
        stage: where the press leads: the value of a `Room.Stage`.

    Raises:
        RoomMovedOn: the stage does not follow, or the room has ended.
    """
    current = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    if stage == current.stage:
        return False
    following = STAGES[STAGES.index(Room.Stage(current.stage)) + 1 :]
    if current.ended_at or not following or following[0] != stage:
        raise RoomMovedOn("The wall is at another step. Nothing was changed.")
    current.stage = stage
    current.save(update_fields=["stage"])
    return True


@transaction.atomic
def end_room(room: Room, now: datetime) -> bool:
    """Takes the scene off the wall; False: it is off already."""
    return bool(Room.objects.running().filter(pk=room.pk).update(ended_at=now))


@transaction.atomic
def commit_answer(user: User, room: Room, number: int, answer: str) -> bool:
    """Stores a person's first or second answer; False: it is given already, and stays.

    The caller has fetched the room by `open_to`. The lock keeps an answer from coming in while
    the split is shown.

    Args:
        number: which answer the page asked for, 1 or 2.
        answer: the key of an option.

    Raises:
        NotYours: the person started the room themselves.
        RoomMovedOn: this answer is not asked now.
        NoSuchOption: the scene has no such option.
    """
    if room.started_by_id == user.pk:
        raise NotYours("You put this on the wall. Your own answer is not counted.")
    current = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    if not current.asked or current.asked != number:
        raise RoomMovedOn("The room has moved on. Your answer was not counted. Look at the wall.")
    scene = scene_of(current.edition_id, current.scene_key)
    if answer not in {option.key for option in options_of(scene)}:
        raise NoSuchOption("Choose what you see first.")
    _, is_new = Commitment.objects.get_or_create(
        room=current, user=user, number=number, defaults={"answer": answer}
    )
    return is_new
