"""Text without the marks of its citations, as a learner reads it; reviewers read it with them."""

import re
from functools import lru_cache

from courses.library.content import Block, Course, Step

# `markdown` makes no other <sup>: change both together. The space before the mark goes with it.
MARKS = re.compile(r"\s*<sup>.*?</sup>", re.S)
NUMBER = re.compile(r'href="#ref-(\d+)"')


@lru_cache(8192)
def without_marks(html: str) -> str:
    """The HTML without its numbers of citations, which a screen reader would read out too."""
    return MARKS.sub("", html)


@lru_cache(8192)
def cited_numbers(html: str) -> tuple[int, ...]:
    """The numbers the HTML cites, from 1, each once and in the order of the text."""
    numbers = [int(number) for number in NUMBER.findall(html)]
    return tuple(dict.fromkeys(numbers))


def uncited(course: Course, step: Step) -> Step:
    """The step as a learner reads it: no marks of citations in its blocks.

    What a text cites is in the `sources` of its block instead, as it is for feedback.
    """
    blocks = tuple(_uncited_block(course, step, block) for block in step.blocks)
    return step.model_copy(update={"blocks": blocks})


def _uncited_block(course: Course, step: Step, block: Block) -> Block:
    if block.item:
        stem = without_marks(block.item.stem)
        if stem == block.item.stem:
            return block
        return block.model_copy(update={"item": block.item.model_copy(update={"stem": stem})})
    html = without_marks(block.html)
    if html == block.html:
        return block
    sources = _sources_of(course, step, block.html)
    return block.model_copy(update={"html": html, "sources": (*block.sources, *sources)})


def _sources_of(course: Course, step: Step, html: str) -> tuple[str, ...]:
    """Ids of the step's sources that rest on the publications the text cites by number."""
    publications = {step.publications[number - 1] for number in cited_numbers(html)}
    keys = []
    for key in step.sources:
        if publications.intersection(course.sources[key].publications):
            keys.append(key)
    return tuple(keys)
