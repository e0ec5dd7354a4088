"""The trainer's table as one picture: people down, lessons across, and all of it in text too.

An SVG without style and script, so that it opens anywhere. What it shows comes from `dots`.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.html import escape

from courses.dashboards.dots import LEGEND, Dots, dots_of
from courses.dashboards.queries import Learner
from courses.dashboards.states import state_counts, state_of
from courses.library.content import Course
from courses.typesetting.glyph_coverage import shortened
from courses.web import dates

NAME_WIDTH, DOT, LINE, WORDS_WIDTH = 250, 22, 24, 190  # pixels
LEFT, TOP = 20, 118
LONGEST_NAME = 30  # letters; the whole name is in the row's title
NOT_IN_XML = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
INK, QUIET = "#2b2433", "#5e5468"
# One drawing for each state of a lesson, around its middle: told apart by shape, not by colour.
SHAPES = {
    "done": '<circle r="7" fill="#1e6b45"/>',
    "under-way": (
        '<circle r="6" fill="#fff" stroke="#5b2a6e" stroke-width="2"/>'
        '<path d="M0-6A6 6 0 0 0 0 6z" fill="#5b2a6e"/>'
    ),
    "outdated": (
        '<path d="M-6-6H6V6H-6z" fill="#fff" stroke="#6b4a00" stroke-width="2"/>'
        '<path d="M-6-6H6L-6 6z" fill="#6b4a00"/>'
    ),
    "not-started": '<circle r="6" fill="#fff" stroke="#5e5468" stroke-width="2"/>',
}


def table_picture(course: Course, title: str, learners: Sequence[Learner], now: datetime) -> str:
    """The SVG of these learners in their order. `title` is its heading, such as the cohort's name.

    Each learner has the dots of the edition they began with, so rows may differ in length.
    """
    rows = [(learner, dots_of(learner)) for learner in learners]
    columns = max((dots.total for _, dots in rows), default=len(course.lessons))
    foot = TOP + LINE * len(rows) + 20
    width = LEFT * 2 + NAME_WIDTH + DOT * columns + WORDS_WIDTH
    height = foot + LINE * (len(course.lessons) + 1)
    counts = ", ".join(row.words for row in state_counts(list(learners)))
    summary = f"{len(rows)} learners: {counts}. {dates.day(now)}."
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="14" fill="{INK}">',
        f'<title id="title">{_plain(title)}: {_plain(course.title)}</title>',
        f'<desc id="desc">{_plain(summary)}</desc>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *_symbols(),
        _text(LEFT, 32, f"{title}: {course.title}", 'font-size="18" font-weight="bold"'),
        _text(LEFT, 56, summary),
        *_legend(),
        *_heads(columns),
        *_rows(rows),
        *_lesson_titles(course, foot),
        "</svg>",
    ]
    return "".join(parts)


def _plain(text: str) -> str:
    """Text for XML, without the characters that no XML may hold."""
    return escape(NOT_IN_XML.sub("", text))


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" {more}>{_plain(text)}</text>'


def _symbols() -> Iterator[str]:
    yield "<defs>"
    for name, drawing in SHAPES.items():
        yield f'<g id="{name}">{drawing}</g>'
    yield "</defs>"


def _legend() -> Iterator[str]:
    x = LEFT + 7
    for name, words in LEGEND:
        yield f'<use href="#{name}" x="{x}" y="77"/>'
        yield _text(x + 13, 82, words)
        x += 50 + 7 * len(words)


def _dot_x(column: int) -> int:
    """The middle of a dot; columns are counted from 0."""
    return LEFT + NAME_WIDTH + DOT * column + DOT // 2


def _heads(columns: int) -> Iterator[str]:
    """The number of each lesson above its dots."""
    for column in range(columns):
        more = f'text-anchor="middle" font-size="12" fill="{QUIET}"'
        yield _text(_dot_x(column), TOP - 12, str(column + 1), more)


def _rows(rows: Sequence[tuple[Learner, Dots]]) -> Iterator[str]:
    columns = max((dots.total for _, dots in rows), default=0)
    for number, (learner, dots) in enumerate(rows):
        y = TOP + LINE * number + 10
        words = f"{dots.done} of {dots.total}, {state_of(learner).words.lower()}"
        title = f"{learner.name}: {words}. {dots.words}"
        shapes = [
            f'<use href="#{shape}" x="{_dot_x(column)}" y="{y - 5}"/>'
            for column, shape in enumerate(dots.shapes)
        ]
        name = shortened(learner.name, LONGEST_NAME)
        yield f"<g><title>{_plain(title)}</title>{_text(LEFT, y, name)}{''.join(shapes)}"
        yield f"{_text(_dot_x(columns) + 4, y, words)}</g>"


def _lesson_titles(course: Course, y: int) -> Iterator[str]:
    """Which number is which lesson."""
    for number, lesson in enumerate(course.lessons, start=1):
        more = f'font-size="13" fill="{QUIET}"'
        yield _text(LEFT, y + LINE * number - 4, f"{number}  {lesson.title}", more)
