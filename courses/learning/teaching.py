"""Which step of a lesson taught what an item asks. A plain rule over the content of an edition.

Authors may name the step; else it is the one that cites most of what the item rests on.
"""

from collections import Counter
from collections.abc import Iterable
from math import log, sqrt

from courses.library.content import Course, Item, Lesson, Option, Step

RIGHT = 2  # how much more a right answer's sources say than those of an answer that tempts


def teaching_step(course: Course, item: Item) -> Step | None:
    """The step of the item's lesson that taught it; None where none can be told.

    Items of a parallel group test the same thing, so what any of them names or cites counts for
    all. A source that every step cites tells nothing; one that a single step cites tells most.
    """
    lesson = course.lesson(item.lesson)
    if not lesson:
        return None
    group = [one for one in course.items if one.parallel == item.parallel and item.parallel]
    for one in (item, *group):
        for step in lesson.steps:
            if step.key == one.step:
                return step
    return _most_cited(lesson, group or [item])


def _most_cited(lesson: Lesson, items: Iterable[Item]) -> Step | None:
    wanted = _wanted(items)
    cited = {step.key: _cited(step) for step in lesson.steps}
    steps_citing = Counter(source for sources in cited.values() for source in sources)
    best, most = None, 0.0
    for step in lesson.steps:
        weight = 0.0
        for source, times in cited[step.key].items():
            rarity = log((len(lesson.steps) + 1) / steps_citing[source])
            weight += wanted[source] * rarity * sqrt(min(times, 3))
        # The first of two that tell the same: what is taught first is repeated later.
        if weight > most:
            best, most = step, weight
    return best


def _wanted(items: Iterable[Item]) -> Counter[str]:
    """How much each source counts for these items, by its id."""
    wanted: Counter[str] = Counter()
    for item in items:
        for answer in item.answers:
            tempts = isinstance(answer, Option) and not answer.correct
            for source in answer.sources:
                wanted[source] += 1 if tempts else RIGHT
    return wanted


def _cited(step: Step) -> Counter[str]:
    """How often a step cites each source, in its text and in the feedback of its activities."""
    cited = Counter(step.sources)
    for block in step.blocks:
        cited.update(block.sources)
        for answer in block.item.answers if block.item else ():
            cited.update(answer.sources)
        for moment in block.moments:
            for choice in moment.choices:
                cited.update(choice.sources)
    return cited
