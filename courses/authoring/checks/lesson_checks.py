"""What makes a lesson good to take: its length, how often it asks, how it ends, how hard it reads.

The rules are those of the content guide, "A lesson". A lesson that takes longer than it is sold as stops publishing;
everything else is a warning, since an author may have a reason.
"""

import math
import re
from collections.abc import Iterator
from itertools import pairwise

from courses.authoring.checks.cross_checks import AuthoredLesson
from courses.authoring.checks.duration import LONGEST, path_words_of, sum_of_minutes
from courses.authoring.checks.readability import (
    MOST,
    grade_of,
    prose_of,
    sentences,
    words_in,
)
from courses.authoring.reading.diagnostics import Problems
from courses.library import content

STEPS = (5, 9)
SHORTEST = 6  # minutes: what is less is a part of another lesson
STEP_WORDS = 260  # a phone screen and a bit
KINDS = 3  # of activities
LONG_ENOUGH = 8  # words a sentence needs to be called hard
HARDEST = 3  # sentences that are named
NAMED_WORDS = 6  # of each of them
# Citations, and what a term's link leads to: they stand between words that a learner reads as neighbours.
NOT_SHOWN = re.compile(r"\[@[^\]\n]*\]|\|[^\[\]|\n]*(?=\]\])")


def advise(written: AuthoredLesson, problems: Problems) -> None:
    """Warns of what the guide asks of a lesson and this one does not give."""
    for line, what in _wishes(written):
        problems.warn(written.path, line, written.lesson.key, what)
    advice = _reading_advice(written.lesson, problems.texts[written.path])
    if advice:
        line, what = advice
        problems.warn(written.path, line, "reading", what)


def check_duration(written: AuthoredLesson, problems: Problems) -> None:
    """Refuses a lesson that takes longer than the twelve minutes a learner was promised."""
    minutes = sum_of_minutes(written.lesson.steps)
    if minutes <= LONGEST:
        return
    words = path_words_of(written.lesson.steps)
    shown = math.ceil(minutes * 10) / 10  # never "12.0" for what is refused as more than 12
    what = f"takes {shown:.1f} minutes by the guide's sum, {words} words on one path and its activities"
    problems.add(
        written.path, 1, written.lesson.key, f"{what}; shorten it to {LONGEST} minutes or less"
    )


def _wishes(written: AuthoredLesson) -> Iterator[tuple[int, str]]:
    lesson = written.lesson
    kinds = {block.kind for step in lesson.steps for block in step.blocks if block.is_activity}
    if not STEPS[0] <= len(lesson.steps) <= STEPS[1]:
        yield (
            1,
            f"has {len(lesson.steps)} steps; make it {STEPS[0]} to {STEPS[1]}, what fits between two visits",
        )
    if lesson.minutes < SHORTEST:
        yield (
            1,
            f"takes {lesson.minutes} min, which is no lesson; give more to do, or join it to another",
        )
    if len(kinds) < KINDS:
        yield 1, f"has {len(kinds)} kinds of activity; use {KINDS} or more"
    for kind, why in (("commitment", "one dated sentence"), ("reflect", "a private reflection")):
        if kind not in kinds:
            yield 1, f"has no `::: {kind}`; close with {why}"
    for before, step in pairwise(lesson.steps):
        if not _asks(before) and not _asks(step):
            what = f"steps {before.key!r} and {step.key!r} tell without asking; ask first in one of them"
            yield written.line(step.key), what
    for step in lesson.steps:
        if (count := _told(step)) > STEP_WORDS:
            what = f"step {step.key!r} has {count} words to read; keep to {STEP_WORDS}, or make two steps of it"
            yield written.line(step.key), what


def _asks(step: content.Step) -> bool:
    return any(block.is_activity for block in step.blocks)


def _told(step: content.Step) -> int:
    """The words of a step that are simply read."""
    return sum(
        words_in(block.html) for block in step.blocks if block.kind in {"text", "note", "reveal"}
    )


def _reading_advice(lesson: content.Lesson, text: str) -> tuple[int, str] | None:
    """The line of the hardest sentence and what to say, None for a lesson that is easy enough.

    `text` is that of the lesson's file.
    """
    prose = prose_of(lesson)
    grade = grade_of(prose)
    if grade <= MOST:
        return None
    every = list(sentences(prose))
    long = [sentence for sentence in every if sentence.words >= LONG_ENOUGH]
    hardest = sorted(long or every, key=lambda sentence: -sentence.grade)[:HARDEST]
    places = sorted((_line_of(sentence.text, text), sentence.text) for sentence in hardest)
    named = ", ".join(f"line {line} (“{_first_words(words)} …”)" for line, words in places)
    advice = f"asks for grade {grade:.1f}, above {MOST:.0f}; the hardest sentences are in {named}"
    return places[0][0], advice


def _first_words(sentence: str) -> str:
    return " ".join(sentence.split()[:NAMED_WORDS])


def _line_of(sentence: str, text: str) -> int:
    """The line of the file's `text` that a sentence begins in, found by its first words.

    1 when they do not follow each other there, as when a word is half bold.
    """
    words = re.findall(r"\w+", sentence)[:NAMED_WORDS]
    followed = re.compile(r"\W+".join(words), re.IGNORECASE)
    match = followed.search(NOT_SHOWN.sub(" ", text))
    return 1 + text.count("\n", 0, match.start()) if match else 1
