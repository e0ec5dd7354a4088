"""What makes an item fair: options that give nothing away, and items of a group that ask alike. Scoring is elsewhere.

The rules are those of the content guide, "An item". What stops a quiz is a warning in a lesson, where nothing hangs on
the answer.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape

from courses.library import content
from courses.library.markdown import plain
from courses.library.problems import Problems
from courses.library.together import Placed

OPTIONS = 4
ALL_OF_THEM = re.compile(
    r"\b(?:all|none|both|any|either|neither) of (?:the (?:above|others|options)|these)\b(?! \w)", re.I
)
SEEN = 6  # letters: a shorter difference is not seen
LONGER = 1.1  # times the longest other: then the right one stands out
UNLIKE, UNEVEN = 2, 1.5  # times the shortest, and `SLACK` letters: more than that is wrong, or worth a look
SLACK = 15
ENOUGH = 12  # items before a share of them says anything

Say = Callable[[str], None]


def check_quiz_items(placed: list[Placed], problems: Problems) -> None:
    """Every item of the quizzes, and then those of a group beside each other."""
    for one in placed:
        for where, asked in _asked(one.item):
            for wrong in (*_wrongs(asked), *_tells(asked), *_lengths(asked, UNLIKE)):
                problems.add(one.path, one.line, where, wrong)
            for wrong in _lengths(asked, UNEVEN, UNLIKE):
                problems.warn(one.path, one.line, where, wrong)
    _check_groups(placed, problems)


def check_lesson_item(item: content.Item, say: Say, warn: Say) -> None:
    """A check of a lesson or a scene: it may have fewer options, and what gives it away is worth a look."""
    for wrong in _wrongs(item, is_quiz=False):
        say(wrong)
    for tell in (*_tells(item), *_lengths(item, UNLIKE)):
        warn(tell)


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


def _tells(item: content.Item) -> Iterator[str]:
    """What lets somebody who knows nothing find the right option: how long it is beside the others."""
    right = [len(_words(option.html)) for option in item.options if option.correct]
    wrong = [len(_words(option.html)) for option in item.options if not option.correct]
    if not right or not wrong:
        return
    if min(right) >= max(wrong) + SEEN and min(right) > LONGER * max(wrong):
        longest = f"{min(right)} letters, the longest other {max(wrong)}"
        yield f"what is right is longer than what is not ({longest}); shorten it, or give the others as much"


def _lengths(item: content.Item, least: float, most: float = 99) -> Iterator[str]:
    """Whether the longest option is more than `least` times the shortest, and no more than `most` times."""
    lengths = [len(_words(option.html)) for option in item.options] or [0]
    short, long = min(lengths), max(lengths)
    if least * short + SLACK < long <= most * short + SLACK:
        yield f"its options are of unlike length ({short} to {long} letters); even them out"


def _check_groups(placed: list[Placed], problems: Problems) -> None:
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
                problems.add(one.path, one.line, one.item.key, f"{group}; give both the same, or another group")


def check_guessing(items: list[content.Item], what: str, warn: Say) -> None:
    """Whether whoever always takes the longest option is right more often than by chance. `what` names the items."""
    asked = [(where, one) for item in items for where, one in _asked(item) if _takes_one(one)]
    longest = [where for where, one in asked if _is_right_longest(one)]
    by_chance = sum(1 / len(one.options) for _, one in asked)
    if len(asked) >= ENOUGH and len(longest) > by_chance:
        share = f"{len(longest)} of {len(asked)} {what} the right option is the longest"
        warn(f"in {share}, more often than by chance; shorten it in some of {', '.join(longest)}")


def _takes_one(item: content.Item) -> bool:
    return sum(option.correct for option in item.options) == 1 < len(item.options)


def _is_right_longest(item: content.Item) -> bool:
    lengths = [len(_words(option.html)) for option in item.options]
    right = next(len(_words(option.html)) for option in item.options if option.correct)
    return right == max(lengths) and lengths.count(right) == 1


def _words(html: str) -> str:
    return unescape(plain(html))
