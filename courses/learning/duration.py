"""How long a lesson takes, and what is left: reading the words on one path, and doing activities.

The sum is the content guide's, "A lesson": reading at 200 words a minute, and measured times for
activities.
"""

from collections.abc import Iterable, Iterator
from math import ceil

from courses.assessment.items import kinds_by_block
from courses.library import content
from courses.library.markdown import count_words

LONGEST = 12  # minutes that a lesson may take: what fits between two visits
WORDS_A_MINUTE = 200
OTHER_MINUTES = {
    "branch": 1.5,
    "rewrite": 2,
    "checklist": 0.5,
    "look": 1,
    "commitment": 0.5,
    "reflect": 1,
}
"""Of the blocks that ask no item (guide; a checklist and a commitment are like a check, a look like
a sort)."""


def activity_minutes() -> dict[str, float]:
    """Minutes of doing, beside the reading, by kind of block.

    Blocks that are only read have none. Items take what their kind says (`Kind.minutes`).
    """
    minutes: dict[str, float] = dict(OTHER_MINUTES)
    for block, kinds in kinds_by_block().items():
        minutes[block] = max(kind.minutes for kind in kinds)
    return minutes


def minutes_of(steps: Iterable[content.Step]) -> int:
    """Whole minutes these steps of a lesson take, rounded up; at least 1."""
    return max(1, ceil(sum_of_minutes(steps)))


def sum_of_minutes(steps: Iterable[content.Step]) -> float:
    """The guide's sum in minutes: reading, and doing."""
    return _sum_of(block for step in steps for block in step.blocks)


def minutes_left(lesson: content.Lesson, rest: Iterable[content.Block]) -> int:
    """About how many of the lesson's minutes these blocks take, the rest of it; at least 1.

    What the lesson says it takes is shared out by the sum, so that what is left on a page fits
    what the course page says.
    """
    whole = sum_of_minutes(lesson.steps)
    share = _sum_of(rest) / whole if whole else 0.0
    return max(1, round(lesson.minutes * share))


def minutes_from(lesson: content.Lesson, position: int) -> int:
    """About how many minutes the lesson takes from a step to its end; steps count from 1."""
    steps = lesson.steps[position - 1 :]
    if sum_of_minutes(lesson.steps):
        return minutes_left(lesson, [block for step in steps for block in step.blocks])
    # Without anything to read or do, each step is as long as the others.
    return max(1, round(lesson.minutes * len(steps) / len(lesson.steps)))


def path_words_of(steps: Iterable[content.Step]) -> int:
    """The words read by somebody who opens everything and answers everything rightly."""
    words = 0
    for step in steps:
        words += sum(_path_words(block) for block in step.blocks)
    return words


def _sum_of(blocks: Iterable[content.Block]) -> float:
    minutes = activity_minutes()
    words = 0
    doing = 0.0
    for block in blocks:
        words += _path_words(block)
        doing += minutes.get(block.kind, 0)
    return words / WORDS_A_MINUTE + doing


def _path_words(block: content.Block) -> int:
    on_page = sum(count_words(text) for text in _texts_on_path(block))
    return on_page + _branch_words(block)


def _texts_on_path(block: content.Block) -> Iterator[str]:
    yield from (block.title, block.html, block.start, block.model, block.near_miss)
    yield from block.points
    if block.item:
        yield from _item_texts(block.item)


def _item_texts(item: content.Item) -> Iterator[str]:
    """The question, everything that can be chosen, and the feedback on the right answer."""
    yield item.stem
    for group in item.groups:
        yield group.html
    for card in item.cards:
        yield from (card.html, card.feedback)
    for option in item.options:
        yield option.html
        if option.correct:
            yield option.feedback
    for part in item.parts:
        yield from _item_texts(part)


def _branch_words(block: content.Block) -> int:
    """The words on the longest way through a branch; 0 for any other block."""
    if not block.moments:
        return 0
    return _words_from(block, block.moments[0].key, {})


def _words_from(block: content.Block, key: str, counted: dict[str, int]) -> int:
    """The words from this moment to an ending; `counted` has those of the moments met before."""
    if key in counted:
        return counted[key]
    counted[key] = 0  # a circle is refused where branches are read, and the count must end here
    moment = block.moment(key)
    if moment is None:  # a choice that leads nowhere is refused there too
        return 0
    words = count_words(moment.html) + count_words(moment.ending)
    longest_way = 0
    for choice in moment.choices:
        words += count_words(choice.html)
        way = count_words(choice.feedback) + _words_from(block, choice.to, counted)
        longest_way = max(longest_way, way)
    counted[key] = words + longest_way
    return counted[key]
