"""Whether right options give themselves away over many items: by their length, or by their place.

Each item by itself is checked in `item_checks`. Source: content guide, "An item".
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from courses.authoring.checks.item_checks import OPTIONS, Report, length_of, parts_of
from courses.library import content

BY_CHANCE = 0.01  # what happens by chance less often than this, at either end, is a pattern
ENOUGH = 8  # items before their distribution says anything


def check_guessing(items: list[content.Item], items_name: str, report: Report) -> None:
    """Whether somebody who knows nothing finds the right options by their length or their place.

    A key that is never the longest gives as much away as one that always is, so both ends are
    compared with chance. `items_name` is what the message calls them: items, checks.
    """
    distribution = distribution_of(items)
    if distribution.asked < ENOUGH:
        return
    for name, times, chances in distribution.counts():
        probability = _smaller_tail(times, chances)
        # There are two ends, and either would be a pattern.
        if probability < BY_CHANCE / 2:
            report(
                f"in {times} of {len(chances)} {items_name} the right option {name},"
                f" where chance has {sum(chances):.0f} (p {probability:.4f}); make it about as many"
            )


@dataclass(frozen=True)
class Distribution:
    """Where the right option is, over the items that take one of several options.

    `longest` and `shortest` count the items where it alone is that; `places` counts it in the first
    place, the second and so on; `chances` has 1 ÷ options for each item.
    """

    longest: int
    shortest: int
    places: tuple[int, ...]
    chances: tuple[float, ...]

    @property
    def asked(self) -> int:
        return len(self.chances)

    def counts(self) -> Iterator[tuple[str, int, list[float]]]:
        """Each pattern in words, how often it finds the right option, each item's chance of it."""
        yield "is the longest", self.longest, list(self.chances)
        yield "is the shortest", self.shortest, list(self.chances)
        for place, times in enumerate(self.places, 1):
            # An item with three options has no fourth place.
            with_place = [chance for chance in self.chances if chance * place <= 1]
            yield f"stands in place {place}", times, with_place


def distribution_of(items: Iterable[content.Item]) -> Distribution:
    """Counted over these items and the parts of their cases, where one option is right."""
    longest = shortest = 0
    places: Counter[int] = Counter()
    chances: list[float] = []
    for options in _options_with_one_right(items):
        lengths = [length_of(option) for option in options]
        place = next(place for place, option in enumerate(options) if option.correct)
        is_alone = lengths.count(lengths[place]) == 1
        longest += is_alone and lengths[place] == max(lengths)
        shortest += is_alone and lengths[place] == min(lengths)
        places[place] += 1
        chances.append(1 / len(options))
    counted_places = tuple(places[place] for place in range(OPTIONS))
    return Distribution(longest, shortest, counted_places, tuple(chances))


def _options_with_one_right(items: Iterable[content.Item]) -> Iterator[Sequence[content.Option]]:
    """The options of each item, or part of a case, that has several of them and one right."""
    for item in items:
        for part in parts_of(item):
            right = [option for option in part.options if option.correct]
            if len(part.options) > 1 and len(right) == 1:
                yield part.options


def _smaller_tail(times: int, chances: Sequence[float]) -> float:
    """How likely as many or more are, or as few or fewer: the smaller of the two.

    Each item has its own chance, so the numbers follow a Poisson binomial distribution; it is built
    up item by item.
    """
    likely = [1.0]  # how likely 0, 1, 2 … right ones are among the items so far
    for chance in chances:
        grown = [0.0] * (len(likely) + 1)
        for right, probability in enumerate(likely):
            grown[right] += probability * (1 - chance)
            grown[right + 1] += probability * chance
        likely = grown
    return min(sum(likely[times:]), sum(likely[: times + 1]))
