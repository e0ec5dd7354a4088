"""What makes a lesson good to take: its length, how often it asks, how it ends, how hard it reads.

The rules are those of the content guide, "A lesson". A lesson that takes longer than learners are
promised stops publishing; everything else is a warning, since an author may have a reason.
"""

import math
import re
from collections.abc import Iterator
from itertools import pairwise

from courses.authoring.checks.cross_checks import AuthoredLesson
from courses.authoring.checks.readability import (
    MOST,
    grade_of,
    prose_of,
    sentences,
)
from courses.authoring.reading.diagnostics import Problems
from courses.learning.duration import LONGEST, path_words_of, sum_of_minutes
from courses.library import content
from courses.library.markdown import count_words

FEWEST_STEPS, MOST_STEPS = 5, 9
SHORTEST = 6  # minutes: what is less is a part of another lesson
STEP_WORDS = 260  # a phone screen and a bit
READ_KINDS = {"text", "note", "reveal"}  # blocks that are simply read
ACTIVITY_KINDS = 3  # different ones that a lesson should have
CLOSING_KINDS = {"commitment": "one dated sentence", "reflect": "a private reflection"}
LONG_ENOUGH = 8  # words a sentence needs to be called hard
HARDEST = 3  # sentences that are named
NAMED_WORDS = 6  # of each of them
# Citations, and what a term's link leads to: a learner reads the words around them as neighbours.
NOT_SHOWN = re.compile(r"\[@[^\]\n]*\]|\|[^\[\]|\n]*(?=\]\])")


def advise(written: AuthoredLesson, problems: Problems) -> None:
    """Warn of what the guide asks of a lesson and this one does not give."""
    for line, what in _advice(written):
        problems.warn(written.path, line, written.lesson.key, what)
    reading = _reading_advice(written.lesson, problems.texts[written.path])
    if reading:
        line, what = reading
        problems.warn(written.path, line, "reading", what)


def check_duration(written: AuthoredLesson, problems: Problems) -> None:
    """Refuse a lesson that takes longer than the twelve minutes a learner was promised."""
    steps = written.lesson.steps
    minutes = sum_of_minutes(steps)
    if minutes <= LONGEST:
        return
    shown = math.ceil(minutes * 10) / 10  # never "12.0" for what is refused as more than 12
    what = (
        f"takes {shown:.1f} minutes by the guide's sum, {path_words_of(steps)} words on one path"
        f" and its activities; shorten it to {LONGEST} minutes or less"
    )
    problems.add(written.path, 1, written.lesson.key, what)


def _advice(written: AuthoredLesson) -> Iterator[tuple[int, str]]:
    """What the lesson lacks, each with its line in the file; how hard it reads is separate."""
    for what in _advice_on_whole(written.lesson):
        yield 1, what
    for before, step in pairwise(written.lesson.steps):
        if not _has_activity(before) and not _has_activity(step):
            both = f"steps {before.key!r} and {step.key!r}"
            yield written.line(step.key), f"{both} tell without asking; ask first in one of them"
    for step in written.lesson.steps:
        count = _words_simply_read(step)
        if count > STEP_WORDS:
            length = f"step {step.key!r} has {count} words to read"
            what = f"{length}; keep to {STEP_WORDS}, or make two steps of it"
            yield written.line(step.key), what


def _advice_on_whole(lesson: content.Lesson) -> Iterator[str]:
    steps = len(lesson.steps)
    if not FEWEST_STEPS <= steps <= MOST_STEPS:
        wanted = f"{FEWEST_STEPS} to {MOST_STEPS}, what fits between two visits"
        yield f"has {steps} steps; make it {wanted}"
    if lesson.minutes < SHORTEST:
        yield (
            f"takes {lesson.minutes} min, which is no lesson;"
            " give more to do, or join it to another"
        )
    kinds = _activity_kinds(lesson)
    if len(kinds) < ACTIVITY_KINDS:
        yield f"has {len(kinds)} kinds of activity; use {ACTIVITY_KINDS} or more"
    for kind, purpose in CLOSING_KINDS.items():
        if kind not in kinds:
            yield f"has no `::: {kind}`; close with {purpose}"


def _activity_kinds(lesson: content.Lesson) -> set[str]:
    kinds: set[str] = set()
    for step in lesson.steps:
        kinds |= {block.kind for block in step.blocks if block.is_activity}
    return kinds


def _has_activity(step: content.Step) -> bool:
    return any(block.is_activity for block in step.blocks)


def _words_simply_read(step: content.Step) -> int:
    read = [block for block in step.blocks if block.kind in READ_KINDS]
    return sum(count_words(block.html) for block in read)


def _reading_advice(lesson: content.Lesson, text: str) -> tuple[int, str] | None:
    """The line of the first hard sentence and what to say; None for a lesson that is easy enough.

    `text` is that of the lesson's file.
    """
    prose = prose_of(lesson)
    grade = grade_of(prose)
    if grade <= MOST:
        return None
    places = sorted((_line_of(sentence, text), sentence) for sentence in _hardest(prose))
    named = [f"line {line} (“{_beginning(sentence)} …”)" for line, sentence in places]
    what = (
        f"asks for grade {grade:.1f}, above {MOST:.0f};"
        f" the hardest sentences are in {', '.join(named)}"
    )
    first_line, _ = places[0]
    return first_line, what


def _hardest(prose: str) -> list[str]:
    """The hardest sentences, hardest first; short ones only where there is none but short ones."""
    every = list(sentences(prose))
    long = [sentence for sentence in every if len(sentence.split()) >= LONG_ENOUGH]
    hardest_first = sorted(long or every, key=grade_of, reverse=True)
    return hardest_first[:HARDEST]


def _beginning(sentence: str) -> str:
    return " ".join(sentence.split()[:NAMED_WORDS])


def _line_of(sentence: str, text: str) -> int:
    """The line of the file's `text` that a sentence begins in, found by its first words.

    1 when they do not follow each other there, as when a word is half bold.
    """
    words = re.findall(r"\w+", sentence)[:NAMED_WORDS]
    beginning = re.compile(r"\W+".join(words))
    shown = NOT_SHOWN.sub(" ", text)
    match = beginning.search(shown)
    if match is None:
        return 1
    return 1 + shown.count("\n", 0, match.start())
