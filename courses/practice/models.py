"""Editions of the pool, the rounds that people take, the cases in them, and what was judged.

What is drawn into a round is in `mix`; what the two errors are is in `detection`.
"""

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.assessment.models import Certainty


class PoolEdition(models.Model):
    """One published state of the pool, whole and immutable, as an `Edition` is of a course.

    `content` is what `library.content.Pool` reads. It holds the right answers, so no template gets
    it. The newest one is drawn from; rounds keep the one they began with.
    """

    number = models.PositiveIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"pool edition {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("an edition of the pool never changes; publish another one")
        super().save(*args, **kwargs)


class RoundQuerySet(models.QuerySet["Round"]):
    def taken_by(self, user: object) -> Self:
        """This person's own rounds, of any kind, finished or not."""
        return self.filter(user=user)

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def open(self) -> Self:
        """Rounds with cases still to answer that were not left for another."""
        return self.filter(finished_at=None, left_at=None)

    def finished(self) -> Self:
        return self.exclude(finished_at=None)


class Round(models.Model):
    """Some cases in a row: practice, or a check made of a sealed form.

    The cases and their options are frozen when it begins. `form` is "" for practice. `finished_at`
    None: cases are still to be answered. `left_at`: the learner began another in its place; what
    they had answered stays.
    """

    class Kind(models.TextChoices):
        PRACTICE = "practice", "Practice"
        RARE = "rare", "Practice with few signs"
        MASTERY = "mastery", "Check of 40 new cases"
        BEFORE = "before", "First look, before the course"
        AFTER = "after", "Second look, after the course"
        BOOSTER = "booster", "Booster after one to two weeks"
        DAY_30 = "day-30", "What stays after 30 days"
        DAY_90 = "day-90", "What stays after 90 days"
        UPKEEP = "upkeep", "Keeping the eye in"
        DUE = "due", "Today’s cases"
        BY_MAIL = "by-mail", "Cases from an email"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="rounds")
    pool = models.ForeignKey(PoolEdition, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    form = models.CharField(max_length=20, blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "kind", "begun_at"], name="rounds_of_a_person")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"

    @property
    def name(self) -> str:
        """What pages call it; a block with few signs is not announced."""
        return self.Kind.PRACTICE.label if self.kind == self.Kind.RARE else self.get_kind_display()

    @property
    def is_check(self) -> bool:
        """Whether it is made of a sealed form: no feedback before its end."""
        return bool(self.form)


class CaseQuerySet(models.QuerySet["Case"]):
    def taken_by(self, user: object) -> Self:
        """Cases of this person's own rounds."""
        return self.filter(round__user=user)


class Case(models.Model):
    """One exemplar at its place in a round, with the options it is asked with.

    `options` are keys of categories in the order shown: two signals and two ordinary, so that they
    say nothing of the answer. Pages address a case by `key`, never by its exemplar. `replaces` is
    the skipped case in whose place it was drawn.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="cases")
    position = models.PositiveSmallIntegerField()
    exemplar_key = models.CharField(max_length=40)
    options = models.JSONField()
    skipped_at = models.DateTimeField(null=True)
    replaces = models.OneToOneField(
        "self", models.CASCADE, null=True, related_name="replaced_by", editable=False
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="cases_have_a_place"),
        ]

    def __str__(self) -> str:
        return f"case {self.position} of {self.round_id}"


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def made_by(self, user: object) -> Self:
        return self.filter(user=user)

    def scored(self) -> Self:
        """Those that count for the two errors: all but the first 20 of a person."""
        return self.filter(is_warm_up=False)

    def since(self, moment: datetime) -> Self:
        return self.filter(made_at__gte=moment)


class Judgement(models.Model):
    """What one person saw in one case. It never changes, and each case has one at most.

    What the case was (`category`, `is_signal`) is written beside what was chosen, so that a cohort
    can be counted without reading the pool.

    Attributes:
        chosen: key of the category that was chosen; `called_signal` says of which kind that is.
        place: a key of `content.PLACES`, "" when none was given; `is_place_right` None then.
        moment: second of a moving case, None when not asked or not given.
        step: the rung chosen for what comes next, "" when not given.
        milliseconds: from the picture to the answer, as the browser measured it; None when it did
            not. It is in no mark.
        by_text: answered from the description alone.
        is_warm_up: one of the first 20 of this person, "getting your eye in": no score is shown.
    """

    case = models.OneToOneField(Case, models.CASCADE, related_name="judgement")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="judgements")
    exemplar_key = models.CharField(max_length=40)
    category = models.CharField(max_length=40)
    is_signal = models.BooleanField()
    chosen = models.CharField(max_length=40)
    called_signal = models.BooleanField()
    place = models.CharField(max_length=12, blank=True)
    is_place_right = models.BooleanField(null=True)
    moment = models.FloatField(null=True)
    is_moment_right = models.BooleanField(null=True)
    certainty = models.PositiveSmallIntegerField(choices=Certainty)
    step = models.CharField(max_length=10, blank=True)
    is_step_right = models.BooleanField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    by_text = models.BooleanField(default=False)
    is_warm_up = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    objects = JudgementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(milliseconds=None) | Q(milliseconds__lte=3_600_000),
                name="a_judgement_takes_an_hour_at_most",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "made_at"],
                include=["category", "is_signal", "chosen", "called_signal", "is_warm_up"],
                name="judgements_of_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chosen} for {self.category}"

    @property
    def is_right(self) -> bool:
        return self.chosen == self.category


class PanelRating(models.Model):
    """What one reviewer sees in an exemplar, to be shown beside the key from five on.

    A reviewer rates each once; `chosen` is the key of a category.
    """

    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    exemplar_key = models.CharField(max_length=40)
    chosen = models.CharField(max_length=40)
    certainty = models.PositiveSmallIntegerField(choices=Certainty)
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reviewer", "exemplar_key"], name="a_reviewer_rates_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chosen} for {self.exemplar_key}"
