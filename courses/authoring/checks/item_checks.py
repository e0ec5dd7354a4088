"""What makes one item fair: plausible options of like length, sources, both ways of being wrong.

Patterns over many items are in `guessing`, scoring is in `assessment`. The rules are those of the
content guide, "An item". Some of what stops a quiz is only a warning in a lesson, where nothing
depends on the answer.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape

from courses.assessment.items import KINDS
from courses.authoring.checks.cross_checks import LocatedItem
from courses.authoring.reading.diagnostics import Problems
from courses.library import content
from courses.library.markdown import plain

OPTIONS = 4
ALL_OF_THEM = re.compile(
    r"\b(?:all|none|both|any|either|neither) of (?:the (?:above|others|options)|these)\b(?! \w)",
    re.I,
)
UNLIKE = 2  # times the shortest option, and `SLACK`: a longest option beyond that is an error ...
UNEVEN = 1.5  # ... and beyond this it is worth a look
SLACK = 15  # letters
CALM_SHARE = 3  # one critical item in so many is right to wait

Report = Callable[[str], None]
"""Takes what is wrong and what to write instead; the caller knows the place."""


def check_quiz_items(items: list[LocatedItem], problems: Problems) -> None:
    """Every item of the quizzes by itself, then those of a group beside each other."""
    for located in items:
        for name, part in _named_parts(located.item):
            for what in _part_errors(part):
                problems.add(located.path, located.line, name, what)
            for what in _part_advice(part):
                problems.warn(located.path, located.line, name, what)
        for what in _one_sided(located.item):
            problems.add(located.path, located.line, located.item.key, what)
    _check_groups(items, problems)


def check_lesson_item(item: content.Item, report: Report, warn: Report) -> None:
    """A check of a lesson or a scene.

    It may have fewer options, and what gives the answer away is only worth a look.
    """
    for what in _errors(item):
        report(what)
    for what in _giveaways(item, UNLIKE):
        warn(what)


def parts_of(item: content.Item) -> tuple[content.Item, ...]:
    """The parts of a case; any other item is its own only part."""
    return item.parts or (item,)


def text_of(answer: content.Option | content.Card) -> str:
    """The words of an option or card as a learner reads them."""
    return unescape(plain(answer.html))


def length_of(option: content.Option) -> int:
    """How many letters an option takes on the page, spaces among them."""
    return len(text_of(option))


def _named_parts(item: content.Item) -> Iterator[tuple[str, content.Item]]:
    """The parts with what to call each in a message."""
    for number, part in enumerate(parts_of(item), 1):
        name = f"{item.key} part {number}" if item.parts else item.key
        yield name, part


def _part_errors(part: content.Item) -> Iterator[str]:
    """What is wrong with an item of a quiz, or with one part of a case."""
    needed = KINDS[part.kind].quiz_options
    if needed and len(part.options) != needed:
        yield f"has {len(part.options)} options; write four, each of them plausible"
    yield from _errors(part)
    yield from _giveaways(part, UNLIKE)


def _part_advice(part: content.Item) -> Iterator[str]:
    # What is beyond UNLIKE is an error already.
    if not any(_giveaways(part, UNLIKE)):
        yield from _giveaways(part, UNEVEN)


def _errors(item: content.Item) -> Iterator[str]:
    """What is wrong with any item, in a quiz or in a lesson."""
    for option in item.options:
        match = ALL_OF_THEM.search(text_of(option))
        if match:
            what = f"has the option {match[0]!r}, which is no answer of its own"
            yield f"{what}; write a plausible one"
    for answer in item.answers:
        if not answer.sources:
            beginning = text_of(answer)[:30]
            yield f"{beginning!r} has no source; write `sources:` with what its feedback rests on"


def _giveaways(item: content.Item, times: float) -> Iterator[str]:
    """Lengths that tell options apart: the longest has over `times` the letters of the shortest."""
    lengths = [length_of(option) for option in item.options] or [0]
    shortest, longest = min(lengths), max(lengths)
    if longest > times * shortest + SLACK:
        yield f"its options are of unlike length ({shortest} to {longest} letters); even them out"


def _one_sided(item: content.Item) -> Iterator[str]:
    """What a critical choice lacks.

    Without both ways of being wrong, a learner passes who always picks what sounds urgent.
    """
    options = _options_of(item)
    if not item.critical or not options:
        return
    if not any(option.leans == "waits" for option in options):
        yield "is critical, and no option waits; mark one `leans: waits`, or write one"
    acts_wrongly = [option for option in options if option.leans == "acts" and not option.correct]
    if not acts_wrongly:
        yield "is critical, and no wrong option sounds urgent; mark one `leans: acts`, or write one"


def check_waiting(items: list[content.Item], report: Report) -> None:
    """In one critical choice of three waiting is right.

    Where acting is always right, nothing needs to be recognised.

    Source: content guide, "An item"; when not to act is C9.19 of the fact sheet.
    """
    critical = [item for item in items if item.critical and _options_of(item)]
    calm = [item for item in critical if _is_right_to_wait(item)]
    # Of one or two items no share can be asked for.
    if len(critical) < CALM_SHARE or len(calm) * CALM_SHARE >= len(critical):
        return
    report(
        f"in {len(calm)} of {len(critical)} critical items waiting is right"
        f" (`leans: waits` on what is correct); make it one in {CALM_SHARE},"
        " with what need not be escalated"
    )


def _is_right_to_wait(item: content.Item) -> bool:
    right = [option for option in _options_of(item) if option.correct]
    return any(option.leans == "waits" for option in right)


def _options_of(item: content.Item) -> list[content.Option]:
    """The options of all parts of an item."""
    options: list[content.Option] = []
    for part in parts_of(item):
        options += part.options
    return options


def _check_groups(items: list[LocatedItem], problems: Problems) -> None:
    """Items of a parallel group stand for each other: same lesson, outcome and strictness."""
    first_of_group: dict[str, content.Item] = {}
    for located in items:
        item = located.item
        first = first_of_group.setdefault(item.parallel, item)
        for field in _differences(item, first):
            what = (
                f"of group {item.parallel!r} has another {field} than {first.key!r};"
                " give both the same, or another group"
            )
            problems.add(located.path, located.line, item.key, what)


def _differences(item: content.Item, other: content.Item) -> Iterator[str]:
    if item.lesson != other.lesson:
        yield "lesson"
    if item.outcome != other.outcome:
        yield "outcome"
    if item.critical != other.critical:
        yield "`critical`"
