"""What one learner still has to keep: one card for each category they judged.

When a card is due is in `schedule`; the judgements themselves are in `practice`.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from courses.practice.models import Judgement
from courses.recall.schedule import Memory


class RecallCardQuerySet(models.QuerySet["RecallCard"]):
    def held_by(self, user: object) -> Self:
        """This person's own cards."""
        return self.filter(user=user)


class RecallCard(models.Model):
    """One category of one learner, as `schedule.Memory` has it.

    It follows from the judgements of the category, the first of each London day, and can be
    reckoned again from them. `was_*` are the moments before the last of them, None after the
    first: from them a page knows the list as the day began. `weights` is the version of the
    figures it was reckoned with, `judgement` the last that moved it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recall_cards")
    category = models.CharField(max_length=40)
    stability = models.FloatField()
    difficulty = models.FloatField()
    reviewed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    was_reviewed_at = models.DateTimeField(null=True)
    was_due_at = models.DateTimeField(null=True)
    weights = models.PositiveSmallIntegerField()
    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="+")

    objects = RecallCardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "category"], name="one_card_of_a_category"),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("reviewed_at")), name="a_card_rests_for_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} of {self.user_id}"

    @property
    def memory(self) -> Memory:
        return Memory(self.stability, self.difficulty, self.reviewed_at, self.due_at, self.weights)

    def move_to(self, memory: Memory, judgement: Judgement) -> None:
        """Takes on what is known since this judgement; the caller saves."""
        self.was_reviewed_at = self.reviewed_at
        self.was_due_at = self.due_at
        self.stability = memory.stability
        self.difficulty = memory.difficulty
        self.reviewed_at = memory.reviewed_at
        self.due_at = memory.due_at
        self.weights = memory.weights
        self.judgement = judgement
