"""The handout of a course, read and checked: two pages in plain words, each row with its sources. How it looks is elsewhere."""

import re
from collections.abc import Sequence
from typing import Any, get_args

from courses.authoring import schema
from courses.authoring.reading.diagnostics import line_of
from courses.authoring.reading.reader import Reader
from courses.library import content

MOST_ROOM = 740
"""What a page holds, in words of running text, at a size that can be read from an arm's length (8 points or more)."""
LETTERS = 6
"""What counts as a word, with the space after it."""
HEADING = 24
"""The room that a section's title and the gap before it take, in words."""
LEAST = {"table": 13, "list": 13, "steps": 13, "urgent": 13, "ladder": 28, "blanks": 19}
"""The room of a row in words, however few it has: a line is a line. Measured; the tests hold it against the print."""
CELLS = {
    "table": (2, 4),
    "list": (1, 1),
    "steps": (1, 1),
    "urgent": (1, 2),
    "ladder": (2, 2),
    "blanks": (1, 1),
}
"""How many cells a row of each look has, at least and at most."""
RUNGS = get_args(schema.Rung)
MARKUP = re.compile(r"\*|\[@|\[\[|`|<[a-zA-Z/!]")
PRINTED = re.compile(r"[\x20-\x7e\xa0-\xac\xae-\xb4\xb6-\xff–—‘’“”…•°ŵŷŴŶ]*")
"""What every typeface of a handout has; a test holds it against the fonts."""


def make_handout(reader: Reader, data: Any, row: schema.Handout) -> content.Handout:
    """The handout as the product prints it; what is wrong with it is told by the reader."""
    for field, text in (("title", row.title), ("lead", row.lead)):
        _check_text(reader, text, line_of(data, [field], 1), field)
    sections = tuple(_section(reader, data, n, section) for n, section in enumerate(row.sections))
    made = content.Handout(title=_one_line(row.title), lead=_one_line(row.lead), sections=sections)
    for page in (1, 2):
        _check_page(reader, made, page, line_of(data, ["sections"], 1))
    return made


def _section(
    reader: Reader, data: Any, n: int, row: schema.HandoutSection
) -> content.HandoutSection:
    where, line = f"sections.{n}", line_of(data, ["sections", n], 1)
    for text in (row.title, row.lead, *row.columns):
        _check_text(reader, text, line, where)
    if row.columns and row.look != "table":
        reader.say(
            line,
            where,
            "has columns, which only a table shows; write `look: table`, or take them out",
        )
    if row.look == "table" and not row.columns:
        reader.say(
            line, where, "has no columns, which name what stands in a table; write `columns: [...]`"
        )
    rows = tuple(_row(reader, data, (n, m), row, one) for m, one in enumerate(row.rows))
    return content.HandoutSection(
        title=_one_line(row.title),
        page=row.page,
        look=row.look,
        half=row.half,
        lead=_one_line(row.lead),
        columns=tuple(_one_line(one) for one in row.columns),
        rows=rows,
    )


def _row(
    reader: Reader,
    data: Any,
    place: tuple[int, int],
    section: schema.HandoutSection,
    row: schema.HandoutRow,
) -> content.HandoutRow:
    n, m = place
    where, line = f"sections.{n}.rows.{m}", line_of(data, ["sections", n, "rows", m], 1)
    for cell in row.cells:
        _check_text(reader, cell, line, where)
    least, most = CELLS[section.look]
    if section.look == "table" and section.columns and len(row.cells) != len(section.columns):
        reader.say(
            line,
            where,
            f"has {len(row.cells)} cells under {len(section.columns)} columns; write one for each",
        )
    elif not least <= len(row.cells) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        reader.say(
            line, where, f"has {len(row.cells)} cells; a row of a {section.look} has {wanted}"
        )
    if section.look == "ladder" and row.cells[0] not in RUNGS:
        reader.say(
            line, where, f"begins with {row.cells[0][:20]!r}; write a rung: {', '.join(RUNGS)}"
        )
    cells = tuple(_one_line(cell) for cell in row.cells)
    return content.HandoutRow(
        cells=cells, sources=reader.check_sources(row.sources, line, f"{where}.sources")
    )


def _check_text(reader: Reader, text: str, line: int, where: str) -> None:
    if MARKUP.search(text):
        reader.say(
            line,
            where,
            "has Markdown, a citation or a term; write plain words, and the ids as `sources`",
        )
    elif strange := PRINTED.sub("", _one_line(text)):
        reader.say(
            line,
            where,
            f"has {strange[0]!r}, which the handout's typeface lacks; write it in letters",
        )


def _check_page(reader: Reader, made: content.Handout, page: int, line: int) -> None:
    sections = [section for section in made.sections if section.page == page]
    room = room_of(sections)
    if not sections:
        reader.say(line, "sections", f"has none on page {page}; a handout has two pages")
    if room > MOST_ROOM:
        reader.say(
            line,
            "sections",
            f"page {page} takes the room of {room} words and holds {MOST_ROOM}; shorten it",
        )


def room_of(sections: Sequence[content.HandoutSection]) -> int:
    """The room these sections of a page take, in words. Two halves stand side by side, and the longer one counts."""
    room, beside = 0, 0
    for section in sections:
        own = _room(section)
        if section.half and beside:
            room += 2 * max(beside, own) - beside
            beside = 0
        else:
            room, beside = room + own, own if section.half else 0
    return room


def _room(section: content.HandoutSection) -> int:
    share = 2 if section.half else 1
    words = (sum(len(cell) + 1 for cell in row.cells) // LETTERS for row in section.rows)
    rows = sum(max(count, LEAST[section.look] // share) for count in words)
    return HEADING // share + len(section.lead) // LETTERS + len(section.columns) + rows


def _one_line(text: str) -> str:
    return " ".join(text.split())
