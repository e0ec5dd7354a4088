"""The files of the pool, `exemplars/<key>.yaml`, read and grown.

Checks over all of it are in `checks`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from courses.authoring.pool.growing import Grown, grow_category
from courses.authoring.pool.looks import Variety
from courses.authoring.pool.schema import CategoryFile
from courses.authoring.reading.diagnostics import Problems, line_of, validate
from courses.authoring.reading.reader import FileReader
from courses.authoring.reading.references import References, load
from courses.library.content.exemplars import Category, Pool

FOLDER = "exemplars"


@dataclass(frozen=True)
class CategoryRead:
    """A category's file with what was written, for the lines of its problems."""

    path: Path
    data: Any
    file: CategoryFile

    def line(self, *place: str | int) -> int:
        return line_of(self.data, place, 1)


@dataclass(frozen=True)
class GrownPool:
    """The pool, and how each exemplar came about, in the order of the pool."""

    pool: Pool
    grown: tuple[Grown, ...]
    files: tuple[CategoryRead, ...]


def read_categories(root: Path, references: References, problems: Problems) -> list[CategoryRead]:
    """The files that can be read, signals first, each kind by its order; adds all problems."""
    categories = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        data = load(path, problems)
        if data is None:
            continue
        file = validate(CategoryFile, data, path, 1, "category", problems)
        if file is None:
            continue
        read = CategoryRead(path, data, file)
        _check_names(read, references.reader(path), problems)
        categories.append(read)
    _check_pairs(categories, problems)
    return sorted(categories, key=_place)


def _place(read: CategoryRead) -> tuple[bool, int, str]:
    return not read.file.is_signal, read.file.order, read.file.key


def _check_names(read: CategoryRead, reader: FileReader, problems: Problems) -> None:
    """The key is the file's name, the sources are known, cues have names of their own."""
    file = read.file
    if file.key != read.path.stem:
        what = f"is {file.key!r} in a file called {read.path.name}; make them the same"
        problems.add(read.path, read.line("key"), "key", what)
    reader.check_sources(file.sources, read.line("sources"), "sources")
    names: set[str] = set()
    for number, cue in enumerate(file.cues):
        if cue.name in names:
            what = f"{cue.name!r} is there twice; call one of them otherwise"
            problems.add(read.path, read.line("cues", number, "name"), "cues", what)
        names.add(cue.name)


def _check_pairs(categories: list[CategoryRead], problems: Problems) -> None:
    """Opposites name each other, and what a cue is mistaken for is of the other kind."""
    by_key = {read.file.key: read.file for read in categories}
    taken: dict[tuple[bool, int], str] = {}
    for read in categories:
        file = read.file
        opposite = by_key.get(file.opposite)
        if not opposite or opposite.opposite != file.key or opposite.is_signal == file.is_signal:
            what = f"{file.opposite!r} does not name this one back; opposites are one of each kind"
            problems.add(read.path, read.line("opposite"), "opposite", what)
        other = taken.setdefault((file.is_signal, file.order), file.key)
        if other != file.key:
            what = f"{file.order} is that of {other!r} too; write one that is free"
            problems.add(read.path, read.line("order"), "order", what)
        if file.is_signal != (file.varies is not None):
            what = "is written in the file of the signal alone; the opposite varies alike"
            problems.add(read.path, read.line("varies"), "varies", what)
        _check_mistaken(read, by_key, problems)


def _check_mistaken(
    read: CategoryRead, by_key: Mapping[str, CategoryFile], problems: Problems
) -> None:
    for number, cue in enumerate(read.file.cues):
        other = by_key.get(cue.mistaken_for)
        if other is None or other.is_signal == read.file.is_signal:
            what = f"{cue.mistaken_for!r} is no category of the other kind; write one that is"
            line = read.line("cues", number, "mistaken_for")
            problems.add(read.path, line, f"cues.{number}.mistaken_for", what)


def grow_pool(categories: list[CategoryRead], problems: Problems) -> GrownPool:
    """Every exemplar of every category; adds a problem for a category that cannot be grown."""
    signals = {read.file.key: read.file for read in categories if read.file.is_signal}
    grown: list[Grown] = []
    for read in categories:
        pair = read.file if read.file.is_signal else signals.get(read.file.opposite)
        if pair is None or pair.varies is None:
            continue  # reported as a missing opposite
        variety = Variety(pair=pair.key, **pair.varies.model_dump())
        try:
            grown += grow_category(read.file, variety)
        except ValueError as error:
            for fault in str(error).splitlines():
                problems.add(read.path, read.line("cues"), "cues", fault)
    pool = Pool(
        categories=tuple(_category(read.file) for read in categories),
        exemplars=tuple(one.exemplar for one in grown),
    )
    return GrownPool(pool, tuple(grown), tuple(categories))


def _category(file: CategoryFile) -> Category:
    return Category(
        key=file.key,
        name=file.name,
        is_signal=file.is_signal,
        opposite=file.opposite,
        about=file.about,
        steps=tuple(file.steps),
        do=file.do,
        sources=tuple(file.sources),
    )


def read_pool(root: Path, references: References, problems: Problems) -> GrownPool | None:
    """The pool of a folder of courses; None where it has none."""
    categories = read_categories(root, references, problems)
    if not categories:
        return None
    grown = grow_pool(categories, problems)
    cites = _cites(categories, references)
    return replace(grown, pool=grown.pool.model_copy(update={"cites": cites}))


def _cites(categories: list[CategoryRead], references: References) -> dict[str, tuple[str, ...]]:
    """What the sources of the categories rest on, by the source's id, as HTML of one line."""
    cites: dict[str, tuple[str, ...]] = {}
    for read in categories:
        for key in read.file.sources:
            source = references.sources.get(key)
            names = source.publications if source else ()
            known = [references.publications[name] for name in names]
            cites[key] = tuple(publication.cite for publication in known)
    return cites
