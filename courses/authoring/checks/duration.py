"""How long a lesson takes: the words on one path through it, read, and the time its activities take.

The sum is the content guide's, "A lesson": reading at 200 words a minute, and measured times for activities.
"""

from collections.abc import Iterable, Iterator
from math import ceil

from courses.authoring.checks.readability import words_in
from courses.library import content

LONGEST = 12  # minutes that a lesson may take: what fits between two visits
WORDS_A_MINUTE = 200
ACTIVITY_MINUTES = {
    "check": 0.5,
    "spot": 0.5,
    "sort": 1,
    "match": 1,
    "order": 1,
    "branch": 1.5,
    "rewrite": 2,
    "checklist": 0.5,
    "look": 1,
    "commitment": 0.5,
    "reflect": 1,
}
"""Minutes of doing, beside the reading, by kind of activity (guide; an order is like a sort, a checklist and a
commitment like a check, a look like a sort)."""


def minutes_of(steps: Iterable[content.Step]) -> int:
    """Whole minutes these steps of a lesson take, rounded up; at least 1."""
    return max(1, ceil(sum_of_minutes(steps)))


def sum_of_minutes(steps: Iterable[content.Step]) -> float:
    """The guide's sum in minutes: reading, and doing."""
    blocks = [block for step in steps for block in step.blocks]
    reading = sum(_path_words(block) for block in blocks) / WORDS_A_MINUTE
    return reading + sum(ACTIVITY_MINUTES.get(block.kind, 0) for block in blocks)


def path_words_of(steps: Iterable[content.Step]) -> int:
    """The words somebody reads who opens everything and answers everything rightly."""
    return sum(_path_words(block) for step in steps for block in step.blocks)


def _path_words(block: content.Block) -> int:
    return sum(words_in(text) for text in _texts_on_path(block)) + _branch_words(block)


def _texts_on_path(block: content.Block) -> Iterator[str]:
    yield from (block.title, block.html, block.start, block.model, block.near_miss, *block.points)
    if block.item:
        yield from _item_texts(block.item)


def _item_texts(item: content.Item) -> Iterator[str]:
    """What is asked, all that can be chosen, and what is said to the right answer."""
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
    """The words on the longest way through a branch; 0 where the block is none."""
    return _words_from(block, block.moments[0].key, {}) if block.moments else 0


def _words_from(block: content.Block, key: str, counted: dict[str, int]) -> int:
    """The words from this moment to an ending; `counted` has those of the moments met before."""
    if key in counted:
        return counted[key]
    counted[key] = 0  # a branch that goes round in a circle is refused elsewhere, and must end here
    moment = block.moment(key)
    if moment is None:  # so is a choice that leads nowhere
        return 0
    words = words_in(moment.html) + words_in(moment.ending)
    ahead = 0
    for choice in moment.choices:
        words += words_in(choice.html)
        on_this_way = words_in(choice.feedback) + _words_from(block, choice.to, counted)
        ahead = max(ahead, on_this_way)
    counted[key] = words + ahead
    return counted[key]
