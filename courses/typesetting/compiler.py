"""Compiles a typst template and a page of JSON data to a tagged PDF or a PNG, with our fonts alone.
What a page says is decided by its feature; which characters the fonts have is in `glyph_coverage`.

Every PDF is PDF/UA-1 and PDF/A-2a, and the same data give the same bytes in any process.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courses.typesetting.glyph_coverage import (
    FONTS,
    MAIN_FONT,
    MISSING,
    coverage,
    covered_characters,
)

# typst is imported where it is used: it takes memory in every web worker, and most never make a
# document.
if TYPE_CHECKING:
    import typst

BLANKS = 4  # blank documents after each: 80 MB at most instead of 150, for 3 ms


class TypesettingError(Exception):
    """typst could not compile a page."""


class TemplateCompiler:
    """The typst compiler of one template, for one thread at a time."""

    def __init__(self, template: Path, fonts: typst.Fonts) -> None:
        import typst

        # typst raises "Already borrowed" when a second thread calls a compiler that is at work.
        self._lock = threading.Lock()
        self._typst = typst.Compiler(input=template, root=template.parent, font_paths=fonts)

    def compile(self, page: dict[str, object], options: dict[str, Any]) -> object:
        inputs = {"facts": json.dumps(page)}
        with self._lock:
            return self._typst.compile(sys_inputs=inputs, **options)


class Typesetter:
    """The typst compilers of a process, one for each template, made when first needed.

    Each has a lock of its own: a certificate (a tenth of a second) does not wait for a handout (one
    or two).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()  # guards the attributes below
        self._process: int | None = None
        self._fonts: typst.Fonts | None = None
        self._compilers: dict[Path, TemplateCompiler] = {}
        self._blank: typst.Compiler | None = None

    def pdf(self, template: Path, page: dict[str, object]) -> bytes:
        """The PDF of a page of data, which the template reads as `sys.inputs.facts`.

        Raises:
            TypesettingError: typst cannot compile it.
            RuntimeError: this process was forked from one that had made a document.
        """
        standards = ["ua-1", "a-2a"]
        return self._compile(template, page, format="pdf", pdf_standards=standards)

    def pdf_of_any_text(
        self, template: Path, page: Callable[[frozenset[int]], dict[str, object]]
    ) -> bytes:
        """The PDF of text that people typed; `page` gives its data, by the characters to print.

        Raises as `pdf` does.
        """
        try:
            return self.pdf(template, page(covered_characters()))
        except TypesettingError:
            # The fonts have the letter and still cannot show it: now trust the first typeface only.
            return self.pdf(template, page(coverage()[MAIN_FONT] | {ord(MISSING)}))

    def png(self, template: Path, page: dict[str, object]) -> bytes:
        """A PNG of a template that makes one page, one pixel a point; raises as `pdf` does."""
        return self._compile(template, page, format="png", ppi=72.0)

    def _compile(self, template: Path, page: dict[str, object], **options: Any) -> bytes:
        import typst

        self._refuse_after_fork()
        try:
            document = self._compiler(template).compile(page, options)
        except typst.TypstError as error:
            raise TypesettingError(str(error)) from error
        finally:
            self._evict_cache()
        if not isinstance(document, bytes):
            raise TypeError("typst gave something other than one document.")
        return document

    def _refuse_after_fork(self) -> None:
        # The first document starts worker threads, which a fork does not copy: a forked child would
        # wait for ever.
        if self._process not in (None, os.getpid()):
            raise RuntimeError(
                "A document was made before this process was forked: make none before forking."
            )
        self._process = os.getpid()

    def _compiler(self, template: Path) -> TemplateCompiler:
        with self._lock:
            if self._fonts is None:
                self._fonts = load_fonts([FONTS])
            if template not in self._compilers:
                self._compilers[template] = TemplateCompiler(template, self._fonts)
            return self._compilers[template]

    def _evict_cache(self) -> None:
        """Makes typst drop its cache of ten documents: blank ones count, and are quick."""
        import typst

        with self._lock:
            if self._blank is None:
                self._blank = typst.Compiler(input=b"", font_paths=load_fonts([]))
            for _ in range(BLANKS):
                self._blank.compile(input=b"")


def load_fonts(folders: list[Path]) -> typst.Fonts:
    """The fonts of these folders and no others: neither the machine's nor those in the wheel."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


TYPESETTER = Typesetter()
