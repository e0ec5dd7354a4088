"""A lesson on one page, as a clinician reads it: everything a learner can meet, the right answers, and what each rests on.
What is signed is decided in `material`; who may see this page in `views`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from courses.assessment import items
from courses.assessment.items import Line
from courses.library.content import (
    Block,
    Choice,
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


@dataclass(frozen=True)
class Beside:
    """A publication beside a text: the number it is cited by there (0: none), and the source ids that rest on it.

    Each comes with what it says and when it is to be checked again, at the first publication it is shown with.
    """

    number: int
    publication: Publication
    says: tuple[tuple[str, Source, date | None], ...]
    also: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """An item with all its answers: every option or card, whether it is right or where it belongs, and its feedback."""

    item: Item
    lines: tuple[Line, ...]
    scene: Scene | None
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True)
class Drawn:
    """A scene with its drawing, its key and the answers to what it asks."""

    scene: Scene
    drawing: str
    answers: Answers


@dataclass(frozen=True)
class Part:
    """A block of a step, its text made to stand with all others on one page."""

    block: Block
    html: str
    answers: Answers | None
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class Read:
    """A step: its parts, and beside them what they rest on."""

    step: Step
    number: int
    parts: tuple[Part, ...]
    beside: tuple[Beside, ...]


@dataclass(frozen=True)
class Printed:
    """A section of the handout, and beside it what its rows rest on."""

    section: HandoutSection
    beside: tuple[Beside, ...]


@dataclass(frozen=True)
class Page:
    steps: tuple[Read, ...]
    items: tuple[Answers, ...]
    scenes: tuple[Drawn, ...]
    handout: tuple[Printed, ...]


def page_of(course: Course, material: Material) -> Page:
    """Everything of the material in the order it is read."""
    steps = material.lesson.steps if material.lesson else ()
    return Page(
        steps=tuple(_step(course, step, number) for number, step in enumerate(steps, 1)),
        items=tuple(_answers(course, item, _sources_in(item)) for item in material.items),
        scenes=tuple(_scene(course, scene) for scene in material.scenes),
        handout=tuple(
            _printed(course, one) for one in (material.handout.sections if material.handout else ())
        ),
    )


def _step(course: Course, step: Step, number: int) -> Read:
    parts = tuple(_part(course, step, block) for block in step.blocks)
    cited = [*step.sources, *(source for block in step.blocks for source in _sources_of(block))]
    return Read(step, number, parts, _beside(course, cited, step.publications))


def _part(course: Course, step: Step, block: Block) -> Part:
    html = _on_one_page(block.html, step)
    if not block.item:
        return Part(block, html, None, block.moments)
    answers = _answers(course, block.item.model_copy(update={"scene": block.scene}))
    return Part(block, _on_one_page(block.item.stem, step), answers, ())


def _sources_of(block: Block) -> list[str]:
    choices: tuple[Choice, ...] = tuple(
        choice for moment in block.moments for choice in moment.choices
    )
    asked = _sources_in(block.item) if block.item else []
    return [*block.sources, *asked, *(source for one in choices for source in one.sources)]


def _sources_in(item: Item) -> list[str]:
    return [source for one in item.answers for source in one.sources]


def _answers(course: Course, item: Item, cited: Iterable[str] = ()) -> Answers:
    scene = course.scene(item.scene) if item.scene else None
    return Answers(item, items.feedback(item, None), scene, _beside(course, cited))


def _scene(course: Course, scene: Scene) -> Drawn:
    cited = [*(scene.seen.sources if scene.seen else ()), *_sources_in(scene.item)]
    return Drawn(scene, drawing_of(scene), _answers(course, scene.item, cited))


def _printed(course: Course, section: HandoutSection) -> Printed:
    return Printed(
        section, _beside(course, [source for row in section.rows for source in row.sources])
    )


def _on_one_page(html: str, step: Step) -> str:
    """The text of a step with what it leads to beside other steps: its references, its neighbours, the terms' list."""
    html = html.replace('href="#ref-', f'href="#{step.key}-ref-')
    html = re.sub(r'href="\.\./([a-z0-9-]+)/"', r'href="#step-\1"', html)
    return re.sub(
        r'<button [^>]*popovertarget="term-([a-z0-9-]+)"[^>]*>(.*?)</button>',
        r'<a href="#term-\1">\2</a>',
        html,
    )


def _beside(
    course: Course, cited: Iterable[str], numbered: Iterable[str] = ()
) -> tuple[Beside, ...]:
    """The publications cited by number, in that order, then those of the other source ids; each once."""
    ids = [key for key in dict.fromkeys(cited) if key in course.sources]
    numbers = {name: number for number, name in enumerate(numbered, 1)}
    names = dict.fromkeys(
        [*numbers, *(name for key in ids for name in course.sources[key].publications)]
    )
    rows, told = [], set[str]()
    for name in names:
        mine = [key for key in ids if name in course.sources[key].publications]
        says = tuple(_says(course, key) for key in mine if key not in told)
        also = tuple(key for key in mine if key in told)
        rows.append(Beside(numbers.get(name, 0), course.publications[name], says, also))
        told.update(mine)
    return tuple(rows)


def _says(course: Course, key: str) -> tuple[str, Source, date | None]:
    source = course.sources[key]
    return key, source, date.fromisoformat(source.check_by) if source.check_by else None
