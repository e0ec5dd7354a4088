"""The handout of a course, read and checked: two pages in plain words, each row with its sources. How it looks is elsewhere."""

import re
from typing import Any

from courses.library import content, schema
from courses.library.problems import line_of
from courses.library.reader import Reader

MOST_WORDS = 600  # on a page: what A4 holds at a size that can be read from an arm's length
CELLS = {"table": (2, 4), "list": (1, 1), "steps": (1, 1), "urgent": (1, 2), "ladder": (2, 2), "blanks": (1, 1)}
"""How many cells a row of each look has, at least and at most."""
MARKUP = re.compile(r"\*|\[@|\[\[|`|<[a-zA-Z/!]")
PRINTED = re.compile(r"[\x20-\x7e\xa0-\xac\xae-\xff–—‘’“”…•°ŵŷŴŶ]*")
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


def _section(reader: Reader, data: Any, n: int, row: schema.HandoutSection) -> content.HandoutSection:
    where, line = f"sections.{n}", line_of(data, ["sections", n], 1)
    for text in (row.title, row.lead, *row.columns):
        _check_text(reader, text, line, where)
    if row.columns and row.look != "table":
        reader.say(line, where, "has columns, which only a table shows; write `look: table`, or take them out")
    if row.look == "table" and not row.columns:
        reader.say(line, where, "has no columns, which name what stands in a table; write `columns: [...]`")
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
    reader: Reader, data: Any, place: tuple[int, int], section: schema.HandoutSection, row: schema.HandoutRow
) -> content.HandoutRow:
    n, m = place
    where, line = f"sections.{n}.rows.{m}", line_of(data, ["sections", n, "rows", m], 1)
    for cell in row.cells:
        _check_text(reader, cell, line, where)
    least, most = CELLS[section.look]
    if section.look == "table" and section.columns and len(row.cells) != len(section.columns):
        reader.say(line, where, f"has {len(row.cells)} cells under {len(section.columns)} columns; write one for each")
    elif not least <= len(row.cells) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        reader.say(line, where, f"has {len(row.cells)} cells; a row of a {section.look} has {wanted}")
    cells = tuple(_one_line(cell) for cell in row.cells)
    return content.HandoutRow(cells=cells, sources=reader.check_sources(row.sources, line, f"{where}.sources"))


def _check_text(reader: Reader, text: str, line: int, where: str) -> None:
    if MARKUP.search(text):
        reader.say(line, where, "has Markdown, a citation or a term; write plain words, and the ids as `sources`")
    elif strange := PRINTED.sub("", _one_line(text)):
        reader.say(line, where, f"has {strange[0]!r}, which the handout's typeface lacks; write it in letters")


def _check_page(reader: Reader, made: content.Handout, page: int, line: int) -> None:
    sections = [section for section in made.sections if section.page == page]
    texts = [text for one in sections for text in (one.title, one.lead, *one.columns)]
    texts += [cell for section in sections for row in section.rows for cell in row.cells]
    words = sum(len(text.split()) for text in texts)
    if not sections:
        reader.say(line, "sections", f"has none on page {page}; a handout has two pages")
    if words > MOST_WORDS:
        reader.say(line, "sections", f"page {page} has {words} words; it holds about {MOST_WORDS}, so shorten it")


def _one_line(text: str) -> str:
    return " ".join(text.split())
