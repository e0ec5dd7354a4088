"""The handout of a course, read and checked: two pages in plain words, each row with its sources.

How it looks is decided in `handouts`.
"""

import re
from collections.abc import Sequence
from typing import Any, get_args

from courses.authoring import schema
from courses.authoring.reading.diagnostics import line_of
from courses.authoring.reading.reader import FileReader
from courses.library import content

MOST_ROOM = 740
"""What a page holds, in words of running text, at a size read from an arm's length (8 points or
more).
"""
LETTERS = 6
"""What counts as a word, with the space after it."""
HEADING = 24
"""The room that a section's title and the gap before it take, in words."""
LEAST = {"table": 13, "list": 13, "steps": 13, "urgent": 13, "ladder": 28, "blanks": 19}
"""The room of a row in words, however few it has. Measured; the tests hold it against the print."""
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


def make_handout(reader: FileReader, data: Any, row: schema.Handout) -> content.Handout:
    """The handout as the product prints it; adds a problem for what is wrong in it."""
    _check_text(reader, row.title, line_of(data, ["title"], 1), "title")
    _check_text(reader, row.lead, line_of(data, ["lead"], 1), "lead")
    sections = []
    for number, section in enumerate(row.sections):
        sections.append(_section(reader, data, number, section))
    line = line_of(data, ["sections"], 1)
    for page in (1, 2):
        on_page = [section for section in sections if section.page == page]
        _check_page(reader, on_page, page, line)
    return content.Handout(
        title=_one_line(row.title), lead=_one_line(row.lead), sections=tuple(sections)
    )


def _section(
    reader: FileReader, data: Any, number: int, section: schema.HandoutSection
) -> content.HandoutSection:
    where = f"sections.{number}"
    line = line_of(data, ["sections", number], 1)
    for text in (section.title, section.lead, *section.columns):
        _check_text(reader, text, line, where)
    if section.columns and section.look != "table":
        what = "has columns, which only a table shows; write `look: table`, or take them out"
        reader.report(line, where, what)
    if section.look == "table" and not section.columns:
        what = "has no columns, which name what stands in a table; write `columns: [...]`"
        reader.report(line, where, what)
    rows = []
    for row_number, row in enumerate(section.rows):
        place = ("sections", number, "rows", row_number)
        rows.append(_row(reader, data, place, section, row))
    return content.HandoutSection(
        title=_one_line(section.title),
        page=section.page,
        look=section.look,
        half=section.half,
        lead=_one_line(section.lead),
        columns=tuple(_one_line(column) for column in section.columns),
        rows=tuple(rows),
    )


def _row(
    reader: FileReader,
    data: Any,
    place: tuple[str | int, ...],
    section: schema.HandoutSection,
    row: schema.HandoutRow,
) -> content.HandoutRow:
    where = ".".join(str(step) for step in place)
    line = line_of(data, place, 1)
    for cell in row.cells:
        _check_text(reader, cell, line, where)
    if wrong := _cells_error(section, row.cells):
        reader.report(line, where, wrong)
    if section.look == "ladder" and row.cells[0] not in RUNGS:
        what = f"begins with {row.cells[0][:20]!r}; write a rung: {', '.join(RUNGS)}"
        reader.report(line, where, what)
    return content.HandoutRow(
        cells=tuple(_one_line(cell) for cell in row.cells),
        sources=reader.check_sources(row.sources, line, f"{where}.sources"),
    )


def _cells_error(section: schema.HandoutSection, cells: Sequence[str]) -> str:
    """What is wrong with the number of cells; empty when it fits the section."""
    count, columns = len(cells), len(section.columns)
    if section.look == "table" and columns and count != columns:
        return f"has {count} cells under {columns} columns; write one for each"
    least, most = CELLS[section.look]
    if least <= count <= most:
        return ""
    wanted = str(least) if least == most else f"{least} to {most}"
    return f"has {count} cells; a row of a {section.look} has {wanted}"


def _check_text(reader: FileReader, text: str, line: int, where: str) -> None:
    if MARKUP.search(text):
        what = "has Markdown, a citation or a term; write plain words, and the ids as `sources`"
        reader.report(line, where, what)
    elif unprintable := PRINTED.sub("", _one_line(text)):
        character = unprintable[0]
        what = f"has {character!r}, which the handout's typeface lacks; write it in letters"
        reader.report(line, where, what)


def _check_page(
    reader: FileReader, sections: Sequence[content.HandoutSection], page: int, line: int
) -> None:
    if not sections:
        reader.report(line, "sections", f"has none on page {page}; a handout has two pages")
    room = room_of(sections)
    if room > MOST_ROOM:
        what = f"page {page} takes the room of {room} words and holds {MOST_ROOM}; shorten it"
        reader.report(line, "sections", what)


def room_of(sections: Sequence[content.HandoutSection]) -> int:
    """The room these sections of a page take, in words.

    Two halves stand side by side, and take twice the room of the longer one.
    """
    room = 0
    left_half = 0  # the room of a half that may get another one beside it
    for section in sections:
        own = _room(section)
        if section.half and left_half:
            room += 2 * max(left_half, own) - left_half
            left_half = 0
        else:
            room += own
            left_half = own if section.half else 0
    return room


def _room(section: content.HandoutSection) -> int:
    share = 2 if section.half else 1
    room = HEADING // share + len(section.lead) // LETTERS + len(section.columns)
    for row in section.rows:
        words = sum(len(cell) + 1 for cell in row.cells) // LETTERS
        room += max(words, LEAST[section.look] // share)
    return room


def _one_line(text: str) -> str:
    return " ".join(text.split())
