"""What one learner saw before, after, and weeks later: their own checks beside each other."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from courses.people.models import User
from courses.practice.detection import Counts, counts_of
from courses.practice.models import Judgement, Round
from courses.practice.panel_queries import divided_exemplars
from courses.recall import follow_ups

LOOKS = (follow_ups.BEFORE, follow_ups.AFTER, follow_ups.DAY_30, follow_ups.DAY_90)
MILLISECONDS = 60_000  # in a minute


@dataclass(frozen=True)
class Look:
    """One finished check: its two errors, each with how many cases and its range."""

    name: str
    finished_at: datetime
    counts: Counts


@dataclass(frozen=True)
class ThenAndNow:
    """The finished checks in the order of `LOOKS`, and what looking took.

    Attributes:
        cases: everything this person judged, in practice and checks.
        minutes: how long they looked at those cases whose time was measured; rounded.
        is_whole: whether the check of 90 days is among the looks, with one to compare it with.
    """

    looks: tuple[Look, ...]
    cases: int
    minutes: int
    is_whole: bool


def then_and_now(user: User) -> ThenAndNow:
    """Four SQL queries. Cases on which the panel is divided are left out, as in every score."""
    rounds = Round.objects.taken_by(user).finished().filter(kind__in=LOOKS)
    by_kind = {row.kind: row for row in rounds}
    pairs = _pairs_of(user)
    looks = []
    for kind in LOOKS:
        row = by_kind.get(kind)
        if row and row.finished_at:
            counts = counts_of(pairs.get(kind, ()))
            looks.append(Look(row.name, row.finished_at, counts))
    own = Judgement.objects.made_by(user)
    spent = own.aggregate(spent=Sum("milliseconds"))["spent"] or 0
    return ThenAndNow(
        looks=tuple(looks),
        cases=own.count(),
        minutes=round(spent / MILLISECONDS),
        is_whole=follow_ups.DAY_90 in by_kind and len(looks) > 1,
    )


def _pairs_of(user: User) -> dict[str, list[tuple[bool, bool]]]:
    """(was a signal, was called one) of each judged case of the checks, by kind. Two queries."""
    divided = divided_exemplars()
    judged = Judgement.objects.made_by(user).filter(case__round__kind__in=LOOKS)
    fields = ("case__round__kind", "exemplar_key", "is_signal", "called_signal")
    pairs: dict[str, list[tuple[bool, bool]]] = {}
    for kind, exemplar_key, is_signal, called_signal in judged.values_list(*fields):
        if exemplar_key not in divided:
            pairs.setdefault(kind, []).append((is_signal, called_signal))
    return pairs
