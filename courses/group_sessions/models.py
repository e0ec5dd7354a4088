"""Group sessions that a trainer recorded, who came, and the line each wrote for themselves.

And the rooms in which a scene is on the wall.
What counts as participatory CPD minutes is in `queries`.
"""

import secrets
import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.group_sessions.bounds import (
    CORRECTABLE_FOR,
    FEWEST_MINUTES,
    LONGEST_LINE,
    MOST_MINUTES,
)
from courses.people.models import JOIN_ALPHABET, Cohort, User
from courses.web.shared_forms import stamp_of

ROOM_CODE_LENGTH = 6


class GroupSessionQuerySet(models.QuerySet["GroupSession"]):
    def in_force(self) -> Self:
        """Sessions that were not voided."""
        return self.filter(voided_at=None)


class GroupSession(models.Model):
    """A case discussion of a cohort: a day in London, its length, and who recorded it.

    `corrected_at` None: nothing was corrected. `voided_at` None: it counts.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="group_sessions")
    topic = models.CharField(max_length=120)
    held_on = models.DateField()
    minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(FEWEST_MINUTES), MaxValueValidator(MOST_MINUTES)]
    )
    led_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    corrected_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    void_reason = models.CharField(max_length=300, blank=True)

    objects = GroupSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=FEWEST_MINUTES, minutes__lte=MOST_MINUTES),
                name="a_session_has_sensible_minutes",
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} on {self.held_on.isoformat()}"

    @property
    def stamp(self) -> str:
        """Another one after every correction."""
        return stamp_of(self.corrected_at or self.created_at)

    def is_correctable(self, now: datetime) -> bool:
        """Whether it counts, and was recorded at most 14 days ago."""
        return self.voided_at is None and now - self.created_at <= CORRECTABLE_FOR


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def of(self, user: User) -> Self:
        """What counts for this person: sessions in force at which they are recorded."""
        return self.in_force().filter(user=user)

    def in_force(self) -> Self:
        """Attendances that were not taken back, of sessions that were not voided."""
        return self.filter(removed_at=None, session__voided_at=None)


class Attendance(models.Model):
    """One person at one session, with the line on their own learning that only they read.

    `written_at` None: they have written none yet, and the minutes do not count. `removed_at` None:
    they are recorded as having come; with a moment, a trainer corrected it, and the line stays
    theirs.
    """

    session = models.ForeignKey(GroupSession, models.CASCADE, related_name="attendances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="attendances")
    reflection = models.TextField(max_length=LONGEST_LINE, blank=True)
    written_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="one_attendance_of_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.session_id}"

    @property
    def is_in_force(self) -> bool:
        """Whether it was not taken back, as `AttendanceQuerySet.in_force` says it in SQL."""
        return self.removed_at is None and self.session.voided_at is None


def new_room_code() -> str:
    """A random code of six letters and digits, short enough to read from a wall.

    It only finds a room: whoever is not in its cohort gets nothing with it.
    """
    letters = [secrets.choice(JOIN_ALPHABET) for _ in range(ROOM_CODE_LENGTH)]
    return "".join(letters)


class RoomQuerySet(models.QuerySet["Room"]):
    def open_to(self, user: User) -> Self:
        """Rooms in which this person can answer: those of `seen_by`, of no archived cohort."""
        return self.seen_by(user).filter(cohort__archived_at=None)

    def seen_by(self, user: User) -> Self:
        """Rooms of cohorts in which this person learns, but for those they started."""
        return self.filter(cohort__in=Cohort.objects.joined_by(user)).exclude(started_by=user)

    def running(self) -> Self:
        """Rooms that nobody has ended."""
        return self.filter(ended_at=None)


class Room(models.Model):
    """One scene on the wall for a cohort: everybody commits, the split, talk, and once more.

    `stage` goes one way. `ended_at` None: it is running, unless its cohort is archived. The scene
    is that of the edition, by key. `answered_by` are those who took part, from its end until it is
    recorded as a group session, for a day at most.
    """

    class Stage(models.TextChoices):
        FIRST = "first", "First answer"
        FIRST_SHOWN = "first-shown", "First split"
        SECOND = "second", "Second answer"
        SECOND_SHOWN = "second-shown", "Both splits"
        TOLD = "told", "What there is to see"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=ROOM_CODE_LENGTH, unique=True, default=new_room_code)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="rooms")
    edition = models.ForeignKey("courses.Edition", models.PROTECT, related_name="+")
    scene_key = models.CharField(max_length=120)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.FIRST)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    answered_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    objects = RoomQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.code} of {self.cohort_id}"

    @property
    def state(self) -> str:
        """What its pages are drawn for: the stage, or "ended", or "archived" with its cohort."""
        if self.cohort.archived_at:
            return "archived"
        return "ended" if self.ended_at else self.stage

    @property
    def is_over(self) -> bool:
        """Whether nobody can do anything in it any more."""
        return self.state in {"archived", "ended"}

    @property
    def asked(self) -> int:
        """Which answer is asked now, 1 or 2; 0: none."""
        if self.is_over:
            return 0
        return {Room.Stage.FIRST: 1, Room.Stage.SECOND: 2}.get(Room.Stage(self.stage), 0)


class Commitment(models.Model):
    """One person's first or second answer in a running room: the key of an option, for good.

    The person is stored so that each counts once, and no page says who answered what. When the
    room ends, `Tally` has what was counted, and these rows are deleted.
    """

    room = models.ForeignKey(Room, models.CASCADE, related_name="commitments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "user", "number"], name="one_answer_each_time"),
            models.CheckConstraint(
                condition=Q(number__in=(1, 2)), name="answers_are_first_or_second"
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.number} in {self.room_id}"


class Tally(models.Model):
    """How many gave an answer in a room that has ended: all that is kept of its answers."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="tallies")
    number = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=120)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "number", "answer"], name="one_tally_an_answer")
        ]

    def __str__(self) -> str:
        return f"{self.count} of answer {self.number} in {self.room_id}"
