"""What of a course can be searched, as plain texts. A rule: content in, texts out."""

from collections.abc import Iterator
from dataclasses import dataclass

from courses.library.content import Block, Course, Lesson, Step
from courses.library.markdown import plain_text
from courses.portfolio.signs import signs_of
from courses.portfolio.words import without_marks

VERSION = 1  # raise it when what is made of an edition changes: every edition is indexed anew
# Never what is private until an answer: options, feedback, models, what is to be seen in a scene.
BEFORE_AN_ANSWER = {"text", "note", "figure"}


@dataclass(frozen=True)
class Text:
    """One text that can be found. `kind` and `key` are those of its `SearchEntry`."""

    kind: str
    key: str
    title: str
    body: str


def texts_of(course: Course) -> Iterator[Text]:
    """Every text of a course that can be found; none is empty, and no key comes twice in a kind."""
    for lesson in course.lessons:
        for step in lesson.steps:
            yield from _texts_of_step(lesson, step)
    for key, entry in course.glossary.items():
        yield Text("term", key, plain_text(entry.term), _clean(plain_text(entry.html)))
    for sign in signs_of(course):
        yield Text("sign", sign.key, _clean(sign.seen), _clean(sign.text))


def _texts_of_step(lesson: Lesson, step: Step) -> Iterator[Text]:
    key = f"{lesson.key}/{step.key}"
    before = [_words_of(block) for block in step.blocks if block.kind in BEFORE_AN_ANSWER]
    # What an activity asks may be read by everybody who reads the step.
    asked = [_question_of(block) for block in step.blocks if block.is_activity]
    title = _clean(step.title)
    # By the title of a lesson its first step is found, and not each of them.
    named = [lesson.title] if step == lesson.steps[0] else []
    yield Text("step", key, title, _clean(" ".join([*named, *before, *asked])))
    after = [_words_of(block) for block in step.blocks if block.kind == "reveal"]
    if after:
        yield Text("after", key, title, _clean(" ".join(after)))


def _question_of(block: Block) -> str:
    return plain_text(block.item.stem if block.item else block.html)


def _words_of(block: Block) -> str:
    return f"{plain_text(block.title)} {plain_text(block.html)}"


def _clean(text: str) -> str:
    return without_marks(" ".join(text.split()))
