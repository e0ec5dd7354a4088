"""The press: typst with our fonts alone, which sets a page of data by a template as a tagged PDF, or as a picture.
What is printed is elsewhere.

Every document is PDF/UA-1 and PDF/A-2a, and the same data give the same bytes in any process.
"""

import json
import os
import threading
from pathlib import Path
from typing import Any

import typst

from courses.typesetting.glyph_coverage import FONTS

BLANKS = 4  # blank documents after each: 80 MB at most instead of 150, for 3 ms


class Compiler:
    """The typst compiler of one template. It refuses a second thread while it works ("Already borrowed"), hence the lock."""

    def __init__(self, template: Path, fonts: typst.Fonts) -> None:
        self._lock = threading.Lock()
        self._typst = typst.Compiler(input=template, root=template.parent, font_paths=fonts)

    def compile(self, page: dict[str, object], how: dict[str, Any]) -> object:
        with self._lock:
            return self._typst.compile(sys_inputs={"facts": json.dumps(page)}, **how)


class Press:
    """The typst compilers of a process, one for each template, made when first needed.

    Each has a lock of its own: a certificate (a tenth of a second) does not wait for a handout (one or two). The first
    document starts worker threads which a fork does not copy, so that a forked child would wait for them for ever,
    hence the note of the process.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()  # of what is below, and of the blank documents
        self._process: int | None = None
        self._fonts: typst.Fonts | None = None
        self._compilers: dict[Path, Compiler] = {}
        self._blank: typst.Compiler | None = None

    def compile(self, template: Path, page: dict[str, object]) -> bytes:
        """The PDF of a page of data, which the template reads as `sys.inputs.facts`.

        Raises typst.TypstError where it cannot be set, RuntimeError after a fork.
        """
        return self._set(template, page, format="pdf", pdf_standards=["ua-1", "a-2a"])

    def picture(self, template: Path, page: dict[str, object]) -> bytes:
        """The same as a PNG, where the template makes one page: a pixel for each of its points."""
        return self._set(template, page, format="png", ppi=72.0)

    def _set(self, template: Path, page: dict[str, object], **how: Any) -> bytes:
        if self._process not in (None, os.getpid()):
            raise RuntimeError(
                "A document was made before this process was forked: make none before forking."
            )
        self._process = os.getpid()
        try:
            document = self._compiler(template).compile(page, how)
        finally:
            self._forget()
        if not isinstance(document, bytes):
            raise TypeError("typst gave something other than one document.")
        return document

    def _compiler(self, template: Path) -> Compiler:
        with self._lock:
            self._fonts = self._fonts or fonts([FONTS])
            if template not in self._compilers:
                self._compilers[template] = Compiler(template, self._fonts)
            return self._compilers[template]

    def _forget(self) -> None:
        """Lets typst forget what it worked out, which it keeps for ten documents: blank ones count, and are quick."""
        with self._lock:
            self._blank = self._blank or typst.Compiler(input=b"", font_paths=fonts([]))
            for _ in range(BLANKS):
                self._blank.compile(input=b"")


def fonts(folders: list[Path]) -> typst.Fonts:
    """These fonts and no others: neither the machine's nor those in the wheel."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


PRESS = Press()
