"""Which cases come next: contrast pairs first, then a mix that leans to what is not yet sure.

Plain rules, with the randomness passed in. Sources: novices learn more from blocks than from a mix
(fact B44), so pairs of opposites come first; new cases beat repeated ones (B40, B41); how many are
signals moves the habit and not the skill (B43), so half are, but for the block with few.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from courses.library.content.exemplars import Category, Exemplar, Pool
from courses.practice.detection import wilson

ROUND = 12  # cases, about four minutes
WARM_UP = 20  # cases of a person before any score is shown
RARE_SIGNALS = 2  # of a round of 12, in the block that nobody announces
NOT_AGAIN_FOR = timedelta(days=10)
ENOUGH_OF_A_PAIR = 3  # judged cases of its signal, before the mix begins
MOST_OF_A_CATEGORY = 3  # in one mixed round
RECENT = 40  # judgements of a category that say how somebody is doing now


@dataclass(frozen=True)
class Past:
    """One judgement made before: what the case was, what was chosen, and when."""

    exemplar_key: str
    category: str
    chosen: str
    made_at: datetime


@dataclass(frozen=True)
class Drawn:
    """One case of a round: the key of its exemplar, and of four categories as options, in order."""

    exemplar_key: str
    options: tuple[str, ...]


class History:
    """What somebody judged before, counted once for a draw."""

    def __init__(self, past: Iterable[Past]) -> None:
        self.last_seen: dict[str, datetime] = {}
        self.by_category: dict[str, list[Past]] = defaultdict(list)
        for judgement in sorted(past, key=lambda judgement: judgement.made_at):
            self.last_seen[judgement.exemplar_key] = judgement.made_at
            self.by_category[judgement.category].append(judgement)

    def recent(self, category: str) -> list[Past]:
        return self.by_category[category][-RECENT:]

    def right_of(self, category: str) -> tuple[int, int]:
        """How many of the recent cases were right, of how many."""
        recent = self.recent(category)
        right = sum(1 for judgement in recent if judgement.chosen == category)
        return right, len(recent)

    def confused_with(self, category: str) -> Counter[str]:
        """What was chosen in place of the category, with how often."""
        wrong = Counter(judgement.chosen for judgement in self.recent(category))
        del wrong[category]
        return wrong


def draw_round(
    pool: Pool,
    past: Iterable[Past],
    now: datetime,
    rng: Random,
    *,
    size: int = ROUND,
    signals: int | None = None,
    categories: Collection[str] = (),
) -> list[Drawn]:
    """The cases of the next round of practice, in their order, each exemplar once.

    Args:
        signals: how many of them show a sign; None: half.
        categories: keys to draw from alone, as when one is due or asked for; none: all.

    Returns:
        `size` cases; fewer only when the pool for practice has fewer. When too little is unseen,
        what was seen longest ago comes again; when a category has nothing left, another of its
        kind steps in.
    """
    draw = _Draw(pool, History(past), now, rng)
    if categories:
        return draw.of_categories(categories, size)
    pairs = draw.pairs_to_begin()
    if pairs and signals is None:
        return draw.in_contrast(pairs, size)
    return draw.mixed(size, size // 2 if signals is None else signals)


def draw_form(pool: Pool, form: str, rng: Random) -> list[Drawn]:
    """All cases of a sealed form, in a random order."""
    draw = _Draw(pool, History(()), None, rng)
    cases = [draw.asked(exemplar) for exemplar in pool.of_form(form)]
    rng.shuffle(cases)
    return cases


def draw_another(
    pool: Pool, past: Iterable[Past], now: datetime, rng: Random, like: Exemplar, taken: set[str]
) -> Drawn | None:
    """A case that is equal to one: of its category, of the nearest tier, not among `taken`.

    It is one for practice, also in place of a sealed one: no form has a spare. None when the
    category has nothing else.
    """
    draw = _Draw(pool, History(past), now, rng)
    draw.taken |= taken
    exemplar = draw.exemplar_of(like.category, tier=like.tier)
    return draw.asked(exemplar) if exemplar else None


class _Draw:
    """One draw: what is taken already is not taken again."""

    def __init__(self, pool: Pool, history: History, now: datetime | None, rng: Random) -> None:
        self.pool = pool
        self.history = history
        self.now = now
        self.rng = rng
        self.taken: set[str] = set()
        self.by_category: dict[str, list[Exemplar]] = defaultdict(list)
        for exemplar in pool.for_practice():
            self.by_category[exemplar.category].append(exemplar)

    # Which categories

    def pairs_to_begin(self) -> list[Category]:
        """Signals of which too little was judged, in the order of the pool."""
        begun = []
        for category in self.pool.categories:
            is_new = len(self.history.recent(category.key)) < ENOUGH_OF_A_PAIR
            if category.is_signal and is_new and self.by_category[category.key]:
                begun.append(category)
        return begun

    def in_contrast(self, pairs: Sequence[Category], size: int) -> list[Drawn]:
        """A block for each of the first two pairs: the sign and what looks like it, in turn."""
        chosen = list(pairs[:2])
        blocks = []
        for number, category in enumerate(chosen):
            share = size // len(chosen)
            if number == len(chosen) - 1:
                share = size - share * number
            wanted = [category.key] * (share // 2)
            wanted += [category.opposite] * (share - share // 2)
            self.rng.shuffle(wanted)
            blocks += self._cases(wanted)
        return blocks

    def mixed(self, size: int, signals: int) -> list[Drawn]:
        wanted = self._least_sure(True, signals)
        wanted += self._least_sure(False, size - signals)
        self.rng.shuffle(wanted)
        return self._cases(wanted)

    def of_categories(self, keys: Collection[str], size: int) -> list[Drawn]:
        """The categories in turn until there are enough."""
        known = [key for key in keys if key in self.pool.category_by_key]
        if not known:
            return []
        wanted = [known[number % len(known)] for number in range(size)]
        return self._cases(wanted)

    def _least_sure(self, is_signal: bool, count: int) -> list[str]:
        """`count` keys of one kind: again and again that of which we would learn most."""
        keys = [
            category.key
            for category in self.pool.categories
            if category.is_signal == is_signal and self.by_category[category.key]
        ]
        if not keys:
            return []
        chosen: list[str] = []
        for _ in range(count):
            given = Counter(chosen)
            allowed = [key for key in keys if given[key] < MOST_OF_A_CATEGORY] or keys
            self.rng.shuffle(allowed)
            chosen.append(max(allowed, key=lambda key: self._worth(key, given[key])))
        return chosen

    def _worth(self, key: str, given: int) -> float:
        """How much another case would tell: the width of the interval, more where errors are.

        Args:
            given: cases of it that are in this round already, as if judged as well as before.
        """
        right, judged = self.history.right_of(key)
        share = right / judged if judged else 0.5
        of = judged + given
        width = wilson(share * of, of).width
        return width * (1 + (1 - share) / 10)

    # Which exemplars

    def _cases(self, wanted: Sequence[str]) -> list[Drawn]:
        cases = []
        for key in wanted:
            exemplar = self.exemplar_of(key) or self._of_the_same_kind(key)
            if exemplar:
                cases.append(self.asked(exemplar))
        return cases

    def _of_the_same_kind(self, key: str) -> Exemplar | None:
        category = self.pool.category_by_key[key]
        for other in self.pool.categories:
            if other.is_signal == category.is_signal:
                exemplar = self.exemplar_of(other.key)
                if exemplar:
                    return exemplar
        return None

    def exemplar_of(self, category: str, tier: int | None = None) -> Exemplar | None:
        """The best exemplar that is not taken: unseen, then seen longest ago, near the tier."""
        left = [one for one in self.by_category[category] if one.key not in self.taken]
        if not left:
            return None
        self.rng.shuffle(left)
        wanted = self._tier_for(category) if tier is None else tier
        likely = self.history.confused_with(category)
        best = min(left, key=lambda exemplar: self._cost(exemplar, wanted, likely))
        self.taken.add(best.key)
        return best

    def _cost(
        self, exemplar: Exemplar, tier: int, likely: Mapping[str, int]
    ) -> tuple[bool, float, int, int]:
        seen = self.history.last_seen.get(exemplar.key)
        is_too_soon = False
        if seen is not None and self.now is not None:
            is_too_soon = self.now - seen < NOT_AGAIN_FOR
        # Unseen first; of those seen, the one longest ago.
        when = seen.timestamp() if seen else 0.0
        confused = -likely.get(exemplar.mistaken_for, 0)
        return is_too_soon, when, abs(exemplar.tier - tier), confused

    def _tier_for(self, category: str) -> int:
        """Plain cases until most are right, hard ones once nearly all are."""
        right, judged = self.history.right_of(category)
        if judged < ENOUGH_OF_A_PAIR or right < 0.6 * judged:
            return 1
        return 2 if right < 0.8 * judged else 3

    # What is asked

    def asked(self, exemplar: Exemplar) -> Drawn:
        """The exemplar with its options: two signals and two ordinary, in a random order.

        They are two pairs of opposites, so that they tell neither the answer nor its pair.
        """
        pair = self._pair_of(exemplar.category)
        options = [*pair, *self._other_pair(exemplar, pair)]
        self.rng.shuffle(options)
        return Drawn(exemplar.key, tuple(options))

    def _pair_of(self, key: str) -> tuple[str, str]:
        return key, self.pool.category_by_key[key].opposite

    def _other_pair(self, exemplar: Exemplar, pair: tuple[str, str]) -> tuple[str, ...]:
        """The pair that this case, or else this person, confuses with its own; else any."""
        others = [key for key in self.pool.category_by_key if key not in pair]
        if not others:
            return ()
        if exemplar.mistaken_for in others:
            return self._pair_of(exemplar.mistaken_for)
        self.rng.shuffle(others)
        likely = self.history.confused_with(exemplar.category)
        return self._pair_of(max(others, key=lambda key: likely[key]))
