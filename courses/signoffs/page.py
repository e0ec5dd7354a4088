"""A lesson on one page for a reviewer: all that a learner can meet, with right answers and sources.

What a sign-off covers is in `material`; who may open the page is in `views`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from courses.assessment import items
from courses.assessment.items import Line
from courses.library.content import (
    Block,
    Course,
    HandoutSection,
    Item,
    Moment,
    Publication,
    Scene,
    Source,
    Step,
)
from courses.practice.queries import drawing_of
from courses.signoffs.material import Material

# How links to terms and to other steps are written in the stored HTML of a step.
TERM_BUTTON = re.compile(r'<button [^>]*popovertarget="term-([a-z0-9-]+)"[^>]*>(.*?)</button>')
STEP_LINK = re.compile(r'href="\.\./([a-z0-9-]+)/"')


@dataclass(frozen=True)
class SourceNote:
    """A source as a margin note shows it; `check_by` None: it need not be checked again."""

    key: str
    source: Source
    check_by: date | None


@dataclass(frozen=True)
class MarginNote:
    """A publication beside the text that cites it, with the sources that rest on it.

    `number` is the one the text cites it by; 0: none. A source rests on several publications at
    times: it is in `sources` of the first, and its key alone in `repeated_keys` of the others.
    """

    number: int
    publication: Publication
    sources: tuple[SourceNote, ...]
    repeated_keys: tuple[str, ...]


@dataclass(frozen=True)
class ReviewedItem:
    """An item with a line for every option or card: whether it is right, and its feedback."""

    item: Item
    lines: tuple[Line, ...]
    scene: Scene | None
    notes: tuple[MarginNote, ...] = ()


@dataclass(frozen=True)
class ReviewedScene:
    """A scene with its drawing as SVG and the item it asks."""

    scene: Scene
    drawing: str
    question: ReviewedItem


@dataclass(frozen=True)
class ReviewedBlock:
    """A block of a step. The links in its `html` lead to places on this page."""

    block: Block
    html: str
    question: ReviewedItem | None
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class ReviewedStep:
    """A step; `number` is its place in the lesson, from 1."""

    step: Step
    number: int
    blocks: tuple[ReviewedBlock, ...]
    notes: tuple[MarginNote, ...]


@dataclass(frozen=True)
class ReviewedSection:
    """A section of the handout."""

    section: HandoutSection
    notes: tuple[MarginNote, ...]


@dataclass(frozen=True)
class ReviewPage:
    """Everything of one material, in reading order."""

    steps: tuple[ReviewedStep, ...]
    items: tuple[ReviewedItem, ...]
    scenes: tuple[ReviewedScene, ...]
    sections: tuple[ReviewedSection, ...]


def review_page(course: Course, material: Material) -> ReviewPage:
    """The page of one lesson, or of the other materials of a course."""
    steps = material.lesson.steps if material.lesson else ()
    sections = material.handout.sections if material.handout else ()
    numbered_steps = enumerate(steps, start=1)
    return ReviewPage(
        steps=tuple(_step(course, step, number) for number, step in numbered_steps),
        items=tuple(_item(course, item, _sources_of_item(item)) for item in material.items),
        scenes=tuple(_scene(course, scene) for scene in material.scenes),
        sections=tuple(_section(course, section) for section in sections),
    )


def _step(course: Course, step: Step, number: int) -> ReviewedStep:
    blocks = tuple(_block(course, step, block) for block in step.blocks)
    cited = list(step.sources)
    for block in step.blocks:
        cited += _sources_of_block(block)
    notes = _margin_notes(course, cited, step.publications)
    return ReviewedStep(step, number, blocks, notes)


def _block(course: Course, step: Step, block: Block) -> ReviewedBlock:
    if not block.item:
        html = _with_links_on_this_page(block.html, step)
        return ReviewedBlock(block, html, None, block.moments)
    # The item of a block shows the scene of the block.
    item = block.item.model_copy(update={"scene": block.scene})
    html = _with_links_on_this_page(block.item.stem, step)
    return ReviewedBlock(block, html, _item(course, item), ())


def _item(course: Course, item: Item, cited: Iterable[str] = ()) -> ReviewedItem:
    lines = items.feedback(item, None)  # without an answer: a line for every option
    scene = course.scene(item.scene) if item.scene else None
    return ReviewedItem(item, lines, scene, _margin_notes(course, cited))


def _scene(course: Course, scene: Scene) -> ReviewedScene:
    cited = _sources_of_item(scene.item)
    if scene.seen:
        cited = [*scene.seen.sources, *cited]
    question = _item(course, scene.item, cited)
    return ReviewedScene(scene, drawing_of(scene), question)


def _section(course: Course, section: HandoutSection) -> ReviewedSection:
    cited = [source for row in section.rows for source in row.sources]
    return ReviewedSection(section, _margin_notes(course, cited))


def _sources_of_block(block: Block) -> list[str]:
    sources = list(block.sources)
    if block.item:
        sources += _sources_of_item(block.item)
    for moment in block.moments:
        for choice in moment.choices:
            sources += choice.sources
    return sources


def _sources_of_item(item: Item) -> list[str]:
    sources: list[str] = []
    for answer in item.answers:
        sources += answer.sources
    return sources


def _with_links_on_this_page(html: str, step: Step) -> str:
    """The text of a step with links to references, other steps and terms on this one page.

    For learners each step is a page: references have the same ids in every step, other steps are
    other URLs, and terms open a popover.
    """
    html = html.replace('href="#ref-', f'href="#{step.key}-ref-')
    html = STEP_LINK.sub(r'href="#step-\1"', html)
    return TERM_BUTTON.sub(r'<a href="#term-\1">\2</a>', html)


def _margin_notes(
    course: Course, cited: Iterable[str], numbered: Iterable[str] = ()
) -> tuple[MarginNote, ...]:
    """The publications on which the cited sources rest, each once.

    Args:
        cited: keys of sources; those that the course does not have are left out.
        numbered: keys of the publications that the text cites by number, in that order. They come
            first, and then the others.
    """
    source_keys = [key for key in dict.fromkeys(cited) if key in course.sources]
    numbers = {name: number for number, name in enumerate(numbered, start=1)}
    names = dict.fromkeys(numbers)  # a dict keeps the order and holds each name once
    for key in source_keys:
        names |= dict.fromkeys(course.sources[key].publications)
    notes = []
    shown: set[str] = set()
    for name in names:
        keys = [key for key in source_keys if name in course.sources[key].publications]
        sources = tuple(_source_note(course, key) for key in keys if key not in shown)
        repeated_keys = tuple(key for key in keys if key in shown)
        publication = course.publications[name]
        notes.append(MarginNote(numbers.get(name, 0), publication, sources, repeated_keys))
        shown.update(keys)
    return tuple(notes)


def _source_note(course: Course, key: str) -> SourceNote:
    source = course.sources[key]
    check_by = date.fromisoformat(source.check_by) if source.check_by else None
    return SourceNote(key, source, check_by)
