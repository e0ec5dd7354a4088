"""Whether who the baby is, where, and with whom tells if there is a sign: it must not.

A small classifier is given only that, and must do no better than a coin. It does worse: everything
is dealt out evenly, so what it has seen more of among signals is what is left for the others.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from math import log
from random import Random

Features = Mapping[str, Hashable]
FOLDS = 5
MOST = 0.55
"""Balanced accuracy that is still a coin's: of 480 babies, one standard error is 0.023."""


def balanced_accuracy(rows: Sequence[Features], labels: Sequence[bool], seed: str = "1") -> float:
    """Mean of both rates of naive Bayes on babies it has not seen, by five-fold cross-validation.

    Every value is counted once more than it occurs (Laplace), so that a new one decides nothing.
    """
    order = list(range(len(rows)))
    Random(seed).shuffle(order)  # noqa: S311
    right: Counter[bool] = Counter()
    for fold in range(FOLDS):
        test = order[fold::FOLDS]
        held_out = set(test)
        train = [number for number in order if number not in held_out]
        model = _Model([rows[number] for number in train], [labels[number] for number in train])
        for number in test:
            is_right = model.calls(rows[number]) == labels[number]
            right[labels[number]] += is_right
    of = Counter(labels)
    return sum(right[label] / of[label] for label in of) / len(of)


class _Model:
    """Naive Bayes with equal priors."""

    def __init__(self, rows: Sequence[Features], labels: Sequence[bool]) -> None:
        self.of = Counter(labels)
        self.counts: dict[tuple[str, bool], Counter[Hashable]] = defaultdict(Counter)
        self.values: dict[str, set[Hashable]] = defaultdict(set)
        for row, label in zip(rows, labels, strict=True):
            for name, value in row.items():
                self.counts[name, label][value] += 1
                self.values[name].add(value)

    def calls(self, row: Features) -> bool:
        return self._log_likelihood(row, True) > self._log_likelihood(row, False)

    def _log_likelihood(self, row: Features, label: bool) -> float:
        total = 0.0
        for name, value in row.items():
            seen = self.counts[name, label][value] + 1
            total += log(seen / (self.of[label] + len(self.values[name])))
        return total
