"""What a panel of reviewers sees in an exemplar, beside its author's key. Plain rules.

Source: PERFORMS compares readers with a panel of experts and shows where the panel itself splits
(fact B48).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FEWEST = 5  # reviewers, below which the key is the author's
AGREED = 0.6  # share of the panel that one category needs to be the answer
FEWEST_FOR_KAPPA = 20  # cases that both the panel and the learner judged


@dataclass(frozen=True)
class Split:
    """How the panel's ratings of one exemplar fall: counts by the key of a category."""

    counts: Mapping[str, int]

    @property
    def ratings(self) -> int:
        return sum(self.counts.values())

    @property
    def is_shown(self) -> bool:
        """Whether there are enough ratings to say anything."""
        return self.ratings >= FEWEST

    @property
    def answer(self) -> str | None:
        """The category most of the panel chose; None when too few did, or nobody agrees."""
        if not self.is_shown:
            return None
        key, count = max(self.counts.items(), key=lambda item: item[1])
        return key if count >= AGREED * self.ratings else None

    @property
    def is_divided(self) -> bool:
        """Whether the split is the answer, so that the case counts in no error."""
        return self.is_shown and self.answer is None

    @property
    def in_order(self) -> list[tuple[str, int]]:
        """Category and count, the most chosen first."""
        return sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))


def splits_of(ratings: Iterable[tuple[str, str]]) -> dict[str, Split]:
    """The split of each exemplar, from pairs of its key and the category that was chosen."""
    counted: dict[str, Counter[str]] = {}
    for exemplar_key, chosen in ratings:
        counted.setdefault(exemplar_key, Counter())[chosen] += 1
    return {key: Split(counts) for key, counts in counted.items()}
