"""How hard a text is to read: its Flesch–Kincaid grade, and which prose of a lesson counts.

Advice on a hard lesson is in `lesson_checks`.

Words, sentences and syllables are counted by textstat. Source: Kincaid JP and others (1975):
grade = 0.39 × words a sentence + 11.8 × syllables a word − 15.59.
"""

import re
from collections.abc import Iterator

from courses.library import content
from courses.library.markdown import paragraphs

MOST = 9.0  # the grade that a lesson's prose should not exceed
SHORTEST = 4  # words; what is shorter is a label
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s+(?=[\"“‘(\[]*[A-Z0-9])")
CLOSED = re.compile(r"[.!?][\"”’)\]]*$")


def grade_of(text: str) -> float:
    """The school grade that a text asks for, about 0 to 20; 0 for a text without a word.

    The end of a line ends a sentence, so text is given a paragraph a line.
    """
    # Imported here because it loads a dictionary of sounds, 130,000 words that no web worker needs.
    import textstat

    grade = textstat.flesch_kincaid_grade("\n".join(_plain_lines(text)))
    return max(0.0, float(grade))


def _plain_lines(text: str) -> Iterator[str]:
    """The lines as textstat reads them rightly: closed sentences, with typewriter apostrophes."""
    for line in text.replace("’", "'").splitlines():
        yield line if CLOSED.search(line) else f"{line}."


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text given a paragraph a line, in order; what has no word is left out."""
    for line in text.splitlines():
        for sentence in SENTENCE_END.split(line):
            if re.search(r"\w", sentence):
                yield sentence.strip()


def prose_of(lesson: content.Lesson) -> str:
    """What a learner may read in a lesson in whole sentences, a paragraph a line.

    Headings, tables and labels are left out.
    """
    lines: list[str] = []
    for step in lesson.steps:
        for block in step.blocks:
            lines += _prose_lines(block)
    return "\n".join(lines)


def _prose_lines(block: content.Block) -> Iterator[str]:
    for text in _texts_of(block):
        for line in paragraphs(text):
            if len(line.split()) >= SHORTEST:
                yield line


def _texts_of(block: content.Block) -> Iterator[str]:
    """The rendered texts of a block, in the order a learner meets them."""
    yield from (block.html, block.start, block.model, block.near_miss)
    yield from block.points
    if block.item:
        yield from _item_texts(block.item)
    for moment in block.moments:
        yield moment.html
        for choice in moment.choices:
            yield from (choice.html, choice.feedback)


def _item_texts(item: content.Item) -> Iterator[str]:
    yield item.stem
    for answer in item.answers:
        yield from (answer.html, answer.feedback)
