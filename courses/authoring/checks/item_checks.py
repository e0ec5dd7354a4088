"""What makes an item fair: options that give nothing away, and items of a group that ask alike. Scoring is elsewhere.

The rules are those of the content guide, "An item". What stops a quiz is a warning in a lesson, where nothing hangs on
the answer.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from courses.authoring.checks.cross_checks import LocatedItem
from courses.authoring.reading.diagnostics import Problems
from courses.library import content
from courses.library.markdown import plain

OPTIONS = 4
ALL_OF_THEM = re.compile(
    r"\b(?:all|none|both|any|either|neither) of (?:the (?:above|others|options)|these)\b(?! \w)",
    re.I,
)
BY_CHANCE = 0.01  # what happens by chance less often than this, at either end, is a pattern
CALM = 3  # one critical item in so many is right to stay calm
ENOUGH = 8  # items before their distribution says anything
UNLIKE, UNEVEN = (
    2,
    1.5,
)  # times the shortest, and `SLACK` letters: more than that is wrong, or worth a look
SLACK = 15

Say = Callable[[str], None]


def check_quiz_items(placed: list[LocatedItem], problems: Problems) -> None:
    """Every item of the quizzes, and then those of a group beside each other."""
    for one in placed:
        for where, asked in _asked(one.item):
            for wrong in (*_wrongs(asked), *_lengths(asked, UNLIKE)):
                problems.add(one.path, one.line, where, wrong)
            for wrong in _lengths(asked, UNEVEN, UNLIKE):
                problems.warn(one.path, one.line, where, wrong)
        for wrong in _one_sided(one.item):
            problems.add(one.path, one.line, one.item.key, wrong)
    _check_groups(placed, problems)


def check_lesson_item(item: content.Item, say: Say, warn: Say) -> None:
    """A check of a lesson or a scene: it may have fewer options, and what gives it away is worth a look."""
    for wrong in _wrongs(item, is_quiz=False):
        say(wrong)
    for wrong in _lengths(item, UNLIKE):
        warn(wrong)


def _asked(item: content.Item) -> Iterator[tuple[str, content.Item]]:
    """The item, or its parts, each with what to call it."""
    if not item.parts:
        yield item.key, item
    for n, part in enumerate(item.parts, 1):
        yield f"{item.key} part {n}", part


def _wrongs(item: content.Item, *, is_quiz: bool = True) -> Iterator[str]:
    if is_quiz and item.kind in {"single", "multiple"} and len(item.options) != OPTIONS:
        yield f"has {len(item.options)} options; write four, each of them plausible"
    for option in item.options:
        if found := ALL_OF_THEM.search(_words(option.html)):
            yield f"has the option {found[0]!r}, which is no answer of its own; write a plausible one"
    for answer in item.answers:
        if not answer.sources:
            yield f"{_words(answer.html)[:30]!r} has no source; write `sources:` with what its feedback rests on"


def _lengths(item: content.Item, least: float, most: float = 99) -> Iterator[str]:
    """Whether the longest option is more than `least` times the shortest, and no more than `most` times."""
    lengths = [len(_words(option.html)) for option in item.options] or [0]
    short, long = min(lengths), max(lengths)
    if least * short + SLACK < long <= most * short + SLACK:
        yield f"its options are of unlike length ({short} to {long} letters); even them out"


def _one_sided(item: content.Item) -> Iterator[str]:
    """What a critical choice lacks: without both ways of being wrong, whoever picks what sounds urgent passes."""
    options = _options_of(item)
    if not item.critical or not options:
        return
    if not any(option.leans == "waits" for option in options):
        yield "is critical, and no option waits; mark one `leans: waits`, or write one"
    if not any(option.leans == "acts" and not option.correct for option in options):
        yield "is critical, and no wrong option sounds urgent; mark one `leans: acts`, or write one"


def check_calm(items: list[content.Item], say: Say) -> None:
    """Whether one critical choice in three is right to wait: where acting is always right, nothing is recognised.

    Source: content guide, "An item"; when not to act is C9.19 of the fact sheet.
    """
    critical = [item for item in items if item.critical and _options_of(item)]
    calm = [
        item
        for item in critical
        if any(o.correct and o.leans == "waits" for o in _options_of(item))
    ]
    if len(critical) >= CALM and CALM * len(calm) < len(critical):
        counted = f"in {len(calm)} of {len(critical)} critical items waiting is right (`leans: waits` on what is correct)"
        say(f"{counted}; make it one in {CALM}, with what need not be escalated")


def _options_of(item: content.Item) -> list[content.Option]:
    return [option for _, asked in _asked(item) for option in asked.options]


def _check_groups(placed: list[LocatedItem], problems: Problems) -> None:
    """Items of one parallel group stand for each other: they have the same lesson, outcome and strictness."""
    first: dict[str, content.Item] = {}
    for one in placed:
        other = first.setdefault(one.item.parallel, one.item)
        for what, mine, its in (
            ("lesson", one.item.lesson, other.lesson),
            ("outcome", one.item.outcome, other.outcome),
            ("`critical`", one.item.critical, other.critical),
        ):
            if mine != its:
                group = f"of group {one.item.parallel!r} has another {what} than {other.key!r}"
                problems.add(
                    one.path,
                    one.line,
                    one.item.key,
                    f"{group}; give both the same, or another group",
                )


def check_guessing(items: list[content.Item], what: str, say: Say) -> None:
    """Whether somebody who knows nothing finds the right options by their length or their place. `what` names the items.

    A key that is never the longest tells as much as one that always is, so both ends are held against chance.
    """
    found = distribution_of(items)
    if found.asked < ENOUGH:
        return
    for name, times, chances in found.counts():
        chance = _chance_of(times, chances)
        if chance < BY_CHANCE / 2:
            counted = f"in {times} of {len(chances)} {what} the right option {name}"
            expected = f"where chance has {sum(chances):.0f} (p {chance:.4f})"
            say(f"{counted}, {expected}; make it about as many")


@dataclass(frozen=True)
class Distribution:
    """Where the right option is, over the items that take one of several options.

    `places` counts it in the first place, the second and so on; `chances` has 1 ÷ options for each item asked.
    """

    longest: int
    shortest: int
    places: tuple[int, ...]
    chances: tuple[float, ...]

    @property
    def asked(self) -> int:
        return len(self.chances)

    def counts(self) -> Iterator[tuple[str, int, list[float]]]:
        """Each thing one could go by, in words, how often it finds the right option, and each item's chance of that."""
        yield "is the longest", self.longest, list(self.chances)
        yield "is the shortest", self.shortest, list(self.chances)
        for number, times in enumerate(self.places, 1):
            have_it = [chance for chance in self.chances if chance * number <= 1]
            yield f"stands in place {number}", times, have_it


def distribution_of(items: Iterable[content.Item]) -> Distribution:
    """Counted over these items and the parts of their cases; what takes several options is left out."""
    asked = [one for item in items for _, one in _asked(item) if _takes_one(one)]
    lengths = [[len(_words(option.html)) for option in one.options] for one in asked]
    right = [_place_of_right(one) for one in asked]
    places = Counter(right)
    return Distribution(
        longest=sum(_is_alone(max, row, place) for row, place in zip(lengths, right, strict=True)),
        shortest=sum(_is_alone(min, row, place) for row, place in zip(lengths, right, strict=True)),
        places=tuple(places[place] for place in range(OPTIONS)),
        chances=tuple(1 / len(one.options) for one in asked),
    )


def _takes_one(item: content.Item) -> bool:
    return sum(option.correct for option in item.options) == 1 < len(item.options)


def _place_of_right(item: content.Item) -> int:
    return next(place for place, option in enumerate(item.options) if option.correct)


def _is_alone(end: Callable[[list[int]], int], lengths: list[int], place: int) -> bool:
    """Whether the option in this place alone is the longest (or shortest) one."""
    return lengths[place] == end(lengths) and lengths.count(lengths[place]) == 1


def _chance_of(times: int, chances: Sequence[float]) -> float:
    """How likely as many or more, or as few or fewer, are where each item has its own chance: the smaller of the two."""
    likely = [1.0]
    for chance in chances:
        one_more = [0.0, *(share * chance for share in likely)]
        no_more = [*(share * (1 - chance) for share in likely), 0.0]
        likely = [more + same for more, same in zip(one_more, no_more, strict=True)]
    return min(sum(likely[times:]), sum(likely[: times + 1]))


def _words(html: str) -> str:
    return unescape(plain(html))
