"""What the wall and a phone show of a room. Nobody's name is among it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from courses.group_sessions.models import Commitment, Room
from courses.group_sessions.scenes import (
    Bar,
    Split,
    options_of,
    scene_of,
    side_by_side,
    split_of,
)
from courses.library.content import Option, Scene
from courses.people.models import User

STAGES = tuple(Room.Stage)


@dataclass(frozen=True)
class Wall:
    """A room as the wall shows it. `splits` are those the trainer has shown, the first one first.

    `answered` is how many have given the answer asked now. `told` are the options that fit, with
    their feedback, only once the trainer shows them.
    """

    room: Room
    scene: Scene
    options: list[Option]
    answered: int
    splits: tuple[Split, ...]
    told: tuple[Option, ...]

    @property
    def rows(self) -> list[tuple[str, list[Bar]]]:
        """Each option with a bar for each split, so that they are compared at one glance."""
        return side_by_side(self.splits)

    @property
    def next_stage(self) -> str:
        """Where the trainer's next press leads; empty where nothing follows."""
        if self.room.is_over:
            return ""
        following = STAGES[STAGES.index(Room.Stage(self.room.stage)) + 1 :]
        return following[0].value if following else ""


@dataclass(frozen=True)
class Phone:
    """A room as one learner's phone shows it. `asked` is 1 or 2, and 0 where nothing is asked now.

    `has_answered`: the answer that is asked now is given.
    """

    room: Room
    scene: Scene
    options: list[Option]
    asked: int
    has_answered: bool


def wall_of(room: Room) -> Wall:
    """The wall; one SQL query."""
    scene = scene_of(room.edition_id, room.scene_key)
    counts = _counts(room)
    shown = STAGES.index(Room.Stage(room.stage))
    splits = []
    if shown >= STAGES.index(Room.Stage.FIRST_SHOWN):
        splits.append(split_of(scene, 1, counts[1]))
    if shown >= STAGES.index(Room.Stage.SECOND_SHOWN):
        splits.append(split_of(scene, 2, counts[2]))
    told: tuple[Option, ...] = ()
    if room.stage == Room.Stage.TOLD:
        told = tuple(option for option in options_of(scene) if option.correct)
    answered = sum(counts[room.asked].values()) if room.asked else 0
    return Wall(room, scene, options_of(scene), answered, tuple(splits), told)


def _counts(room: Room) -> dict[int, dict[str, int]]:
    """How many chose each option, by number of the answer and key of the option; one SQL query.

    Of a room that has ended, what was counted at its end.
    """
    counts: dict[int, dict[str, int]] = {1: {}, 2: {}}
    rows = room.tallies.values_list("number", "answer", "count")
    for number, answer, count in rows if room.ended_at else counted_commitments(room):
        counts[number][answer] = count
    return counts


def counted_commitments(room: Room) -> Iterable[tuple[int, str, int]]:
    """Number of the answer, key of the option, and how many chose it, of a running room."""
    rows = Commitment.objects.filter(room=room).order_by()
    return rows.values_list("number", "answer").annotate(Count("pk"))


def phone_of(room: Room, user: User) -> Phone:
    """A learner's phone; one SQL query, none where nothing is asked."""
    scene = scene_of(room.edition_id, room.scene_key)
    asked = room.asked
    own = Commitment.objects.filter(room=room, user=user, number=asked)
    has_answered = bool(asked) and own.exists()
    return Phone(room, scene, options_of(scene), asked, has_answered)


def who_answered(room: Room) -> list[str]:
    """The keys of the people who took part in a room that has ended, whatever they answered.

    None from the moment it is recorded, or a day after its end.
    """
    keys = room.answered_by.values_list("key", flat=True)
    return [str(key) for key in keys]
