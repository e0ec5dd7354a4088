"""A room from its start to its end, and the answers that people commit to in it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from courses.group_sessions.bounds import ANSWERED_KEPT_FOR, ROOM_OPEN_FOR
from courses.group_sessions.models import Commitment, Room, RoomQuerySet, Tally
from courses.group_sessions.room_queries import STAGES, counted_commitments
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
    _end(running, now)
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
        CohortArchived: the cohort can only be read.
    """
    current = _lock(room)
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
    """Takes the scene off the wall, and forgets who answered what; False: it is off already.

    Raises:
        CohortArchived: the cohort can only be read.
    """
    lock_changeable(room.cohort)
    return bool(_end(Room.objects.filter(pk=room.pk), now))


def _lock(room: Room) -> Room:
    """The room as it is now, locked with its cohort until the transaction ends.

    Raises:
        CohortArchived: the cohort can only be read.
    """
    cohort = lock_changeable(room.cohort)
    current = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    current.cohort = cohort
    return current


def _end(rooms: RoomQuerySet, now: datetime) -> int:
    """Ends those of the rooms that are running; returns how many.

    Who took part is kept for the form that records the session, and who answered what is not.
    """
    running = list(rooms.running().select_for_update(no_key=True).order_by("pk"))
    for room in running:
        _forget_answers(room)
        room.ended_at = now
        room.save(update_fields=["ended_at"])
    return len(running)


def _forget_answers(room: Room) -> None:
    """Keeps of a room, whose row is locked, how many answered what, and who took part."""
    rows = []
    for number, answer, count in counted_commitments(room):
        rows.append(Tally(room=room, number=number, answer=answer, count=count))
    Tally.objects.bulk_create(rows)
    room.answered_by.add(*room.commitments.values_list("user_id", flat=True).distinct())
    room.commitments.all().delete()


@transaction.atomic
def end_old_rooms(now: datetime) -> int:
    """Ends rooms that nobody ended for a day, and forgets after a day who took part in a room.

    For a timer: nobody's press, so in archived cohorts too. Returns how many rooms were ended.
    """
    began = now - ROOM_OPEN_FOR
    ended = _end(Room.objects.filter(started_at__lte=began), now)
    # The release before `Tally` ended rooms and left their answers as they were.
    answered = Exists(Commitment.objects.filter(room=OuterRef("pk")))
    unforgotten = Room.objects.exclude(ended_at=None).filter(answered)
    for room in unforgotten.select_for_update(no_key=True).order_by("pk"):
        _forget_answers(room)
    over = Room.objects.filter(ended_at__lte=now - ANSWERED_KEPT_FOR)
    Room.answered_by.through.objects.filter(room__in=over).delete()
    return ended


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
        CohortArchived: the cohort can only be read.
        RoomMovedOn: this answer is not asked now.
        NoSuchOption: the scene has no such option.
    """
    if room.started_by_id == user.pk:
        raise NotYours("You put this on the wall. Your own answer is not counted.")
    current = _lock(room)
    if not current.asked or current.asked != number:
        raise RoomMovedOn("The room has moved on. Your answer was not counted. Look at the wall.")
    scene = scene_of(current.edition_id, current.scene_key)
    if answer not in {option.key for option in options_of(scene)}:
        raise NoSuchOption("Choose what you see first.")
    _, is_new = Commitment.objects.get_or_create(
        room=current, user=user, number=number, defaults={"answer": answer}
    )
    return is_new
