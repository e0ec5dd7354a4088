"""What makes a lesson good to take: its length, how often it asks, how it ends, how hard it reads.

The rules are those of the content guide, "A lesson". A lesson that takes longer than it is sold as stops publishing;
everything else is a warning, since an author may have a reason.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from courses.authoring.checks.cross_checks import AuthoredLesson
from courses.authoring.checks.duration import LONGEST, path_words_of, sum_of_minutes
from courses.authoring.checks.readability import (
    MOST,
    Sentence,
    grade_of,
    prose_of,
    sentences,
    words_in,
)
from courses.authoring.reading.diagnostics import Problems
from courses.authoring.reading.prose import Stretch
from courses.library import content

STEPS = (5, 9)
SHORTEST = 6  # minutes: what is less is a part of another lesson
STEP_WORDS = 260  # a phone screen and a bit
KINDS = 3  # of activities
LONG_ENOUGH = 8  # words a sentence needs to be called hard


def advise(written: AuthoredLesson, problems: Problems) -> None:
    """Warns of what the guide asks of a lesson and this one does not give."""
    for line, what in _wishes(written):
        problems.warn(written.path, line, written.lesson.key, what)
    if hard := _reading(written, problems.prose):
        problems.warn(written.path, hard[0], "reading", hard[1])


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


def _reading(written: AuthoredLesson, prose: list[Stretch]) -> tuple[int, str] | None:
    """Where a lesson that is too hard is hardest, and what is said of it."""
    text = prose_of(written.lesson)
    grade = grade_of(text)
    if grade <= MOST:
        return None
    long = [one for one in sentences(text) if one.words >= LONG_ENOUGH] or list(sentences(text))
    hardest = sorted(long, key=lambda one: -one.grade)[:3]
    words = [piece for one in prose if one.path == written.path for piece in one.pieces()]
    places = sorted((_line_of(one, words), one) for one in hardest)
    named = ", ".join(f"line {line} (“{' '.join(one.text.split()[:6])} …”)" for line, one in places)
    return places[0][
        0
    ], f"asks for grade {grade:.1f}, above {MOST:.0f}; the hardest sentences are in {named}"


def _line_of(sentence: Sentence, words: list[tuple[str, int]]) -> int:
    """The line a sentence begins in, found by its words; 1 when they do not stand in the file one after another."""
    said = [word for word, _ in Stretch(Path(), 1, sentence.text).pieces()]
    for n in range(len(words) - len(said) + 1):
        if words[n][0] == said[0] and [word for word, _ in words[n : n + len(said)]] == said:
            return words[n][1]
    return 1
