"""How long a round takes, from how long earlier cases took. Plain rules; times come in as numbers.

Nobody is shown a clock, and no time counts in a result (PRACTICE.md, section 5.9).
"""

import math
from collections.abc import Iterable
from datetime import datetime
from statistics import median
from uuid import UUID

USUAL_MINUTES = 4  # of a round of twelve, until there are times of one's own
FEWEST_GAPS = 11  # that one round of twelve gives
LONGEST_GAP = 180  # seconds; beyond it somebody went away and came back


def gaps_of(judged: Iterable[tuple[UUID | int, datetime]]) -> list[float]:
    """The seconds from one answer to the next of the same round, reading the feedback included.

    Args:
        judged: the round and the moment of each answer, oldest first.
    """
    last: dict[UUID | int, datetime] = {}
    gaps = []
    for a_round, made_at in judged:
        if a_round in last:
            seconds = (made_at - last[a_round]).total_seconds()
            if seconds <= LONGEST_GAP:
                gaps.append(seconds)
        last[a_round] = made_at
    return gaps


def minutes_of_round(gaps: list[float], cases: int) -> int:
    """About how many whole minutes so many cases take; at least one.

    The median, so that a telephone call in the middle counts as one case and no more.
    """
    if len(gaps) < FEWEST_GAPS:
        return USUAL_MINUTES
    return max(1, math.ceil(median(gaps) * cases / 60))
