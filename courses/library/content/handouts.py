"""The handout of a course: what is printed, and the sources it rests on.

How it looks is in `handouts`.
"""

from typing import Literal

from courses.library.content.frozen import Frozen

HandoutLook = Literal["table", "list", "steps", "urgent", "ladder", "blanks"]


class HandoutRow(Frozen):
    """One row of a handout in plain words, without Markdown; `sources` has at least one id."""

    cells: tuple[str, ...]
    sources: tuple[str, ...]


class HandoutSection(Frozen):
    """A part of one of the two pages.

    A half stands beside the next half; only a table has columns.
    """

    title: str
    page: Literal[1, 2]
    look: HandoutLook
    half: bool = False
    lead: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[HandoutRow, ...]


class Handout(Frozen):
    """What a course leaves on the wall: two printed pages."""

    title: str
    lead: str
    sections: tuple[HandoutSection, ...]

    def sources_on(self, page: int) -> tuple[str, ...]:
        """The ids that a page rests on, each once, in the order they are met."""
        # A dictionary keeps the order and has each once.
        sources: dict[str, None] = {}
        for section in self.sections:
            if section.page == page:
                for row in section.rows:
                    sources |= dict.fromkeys(row.sources)
        return tuple(sources)
