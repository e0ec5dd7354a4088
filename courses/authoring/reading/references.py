"""What all courses of a folder share: references and glossary.

The courses are read in `authoring.courses`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from courses.authoring import schema
from courses.authoring.reading.diagnostics import Problems, line_of, read_yaml, validate
from courses.authoring.reading.files import read_text
from courses.authoring.reading.reader import KEY, FileReader
from courses.library import content
from courses.library.markdown import Notes, faults_of, render

Authored = TypeVar("Authored", bound=schema.Authored)


@dataclass(frozen=True)
class References:
    """Publications, sources and the glossary, by key.

    `lines` are those of the entries, by `sources:A1`, `publications:…` and `terms:…`. `lost` has
    the names of files that cannot be read: that something is missing in them is not reported.
    """

    publications: dict[str, content.Publication]
    sources: dict[str, content.Source]
    glossary: dict[str, content.Entry]
    problems: Problems
    lines: Mapping[str, int]
    lost: frozenset[str]

    def reader(self, path: Path, scenes: Iterable[str] = ()) -> FileReader:
        """What a file of a course is read with; `path` lies in a folder of the course."""
        publications = {key: source.publications for key, source in self.sources.items()}
        terms = {key: entry.term for key, entry in self.glossary.items()}
        return FileReader(
            path=path,
            images=path.parent.parent / "images",
            sources=publications,
            terms=terms,
            problems=self.problems,
            scenes=frozenset(scenes),
            lost=self.lost,
        )


def load(path: Path, problems: Problems) -> Any:
    """The YAML of a file; None (and a problem) when it cannot be read.

    Adds a problem for each line with something that no file of a course may have.
    """
    text = read_text(path, problems)
    if text is None:
        return None
    for number, line in enumerate(text.split("\n"), 1):
        for fault in faults_of(line):
            problems.add(path, number, "text", fault)
    return read_yaml(text, path, 1, problems)


def read_references(root: Path, problems: Problems) -> References:
    """The files beside the courses: references.yaml and glossary.yaml.

    What is wrong in an entry is reported, and the entry is known all the same: otherwise each text
    that names it would be reported too.
    """
    path = root / "references.yaml"
    data = load(path, problems)
    if data is not None:
        validate(schema.References, data, path, 1, "references", problems)
    written = _mapping(data)
    publications = _publications(path, _mapping(written.get("publications")), problems)
    sources = _sources(path, data, publications, problems)
    terms = load(root / "glossary.yaml", problems)
    glossary = _glossary(root / "glossary.yaml", terms, sources, problems)
    lines = _lines("publications", written.get("publications"))
    lines |= _lines("sources", written.get("sources"))
    lines |= _lines("terms", terms)
    files = {"references.yaml": data, "glossary.yaml": terms}
    lost = frozenset(name for name, read in files.items() if not isinstance(read, dict))
    return References(publications, sources, glossary, problems, lines, lost)


def _lines(field: str, data: Any) -> dict[str, int]:
    return {f"{field}:{key}": line_of(data, [key], 1) for key in _mapping(data)}


def _mapping(data: Any) -> dict[Any, Any]:
    return data if isinstance(data, dict) else {}


def _publications(
    path: Path, written: dict[Any, Any], problems: Problems
) -> dict[str, content.Publication]:
    publications = {}
    for key, data in written.items():
        row = _valid_or_none(schema.Publication, data)
        if row is None:
            continue
        report = partial(problems.add, path, line_of(data, ["cite"], 1), str(key))
        publications[str(key)] = content.Publication(
            cite=_plain_markdown(row.cite, report), doi=row.doi, url=row.url, status=row.status
        )
    return publications


def _sources(
    path: Path, data: Any, publications: dict[str, content.Publication], problems: Problems
) -> dict[str, content.Source]:
    sources = {}
    written = _mapping(_mapping(data).get("sources"))
    listed = _mapping(_mapping(data).get("publications"))
    for key, fields in written.items():
        row = _valid_or_none(schema.Source, fields)
        if row is None:
            sources[str(key)] = content.Source(publications=(), says="")
            continue
        line = line_of(data, ["sources", key], 1)
        for name in row.publications:
            if name not in listed:
                what = f"publication {name!r} is not listed; add it above"
                problems.add(path, line, str(key), what)
        sources[str(key)] = content.Source(
            publications=tuple(name for name in row.publications if name in publications),
            says=row.says,
            check_by=row.check_by.isoformat() if row.check_by else "",
            reported=row.reported,
        )
    return sources


def _valid_or_none(model: type[Authored], data: Any) -> Authored | None:
    """The entry if it fits. If not, that was reported when the whole file was validated."""
    try:
        return model.model_validate(data)
    except ValidationError:
        return None


def _plain_markdown(text: str, report: Callable[[str], None]) -> str:
    """A citation, or the meaning of a term, as HTML without a paragraph around it.

    Reports citations and terms in it: where it is shown, nothing can be opened.
    """
    notes = Notes({}, {}, is_bare=True)
    html = render(text, notes)
    for name in notes.unknown:
        report(f"{name} cannot stand here, where nothing opens; write its words, and `sources:`")
    for _, fault in notes.faults:
        report(fault)
    return html.removeprefix("<p>").removesuffix("</p>\n").strip()


def _glossary(
    path: Path, data: Any, sources: dict[str, content.Source], problems: Problems
) -> dict[str, content.Entry]:
    glossary = {}
    if data is not None and not isinstance(data, dict):
        what = "is not a mapping of fields; write `key: {term, means}` entries"
        problems.add(path, 1, "glossary", what)
    for key, fields in _mapping(data).items():
        line = line_of(data, [key], 1)
        if not KEY.match(str(key)):
            what = "does not fit; write something like 'lower-case-words'"
            problems.add(path, line, str(key), what)
        glossary[str(key)] = _entry(path, line, str(key), fields, sources, problems)
    return glossary


def _entry(
    path: Path,
    line: int,
    key: str,
    fields: Any,
    sources: dict[str, content.Source],
    problems: Problems,
) -> content.Entry:
    """The entry of a term; of one that is wrong, its key alone."""
    # Fields know their own lines; anything else is reported where its key is.
    first_line = 1 if isinstance(fields, dict) else line
    entry = validate(schema.Entry, fields, path, first_line, key, problems)
    if entry is None:
        return content.Entry(term=key, html="")
    for source in entry.sources:
        if source not in sources:
            what = f"source {source!r} is not in references.yaml; add it there"
            problems.add(path, line, key, what)
    report = partial(problems.add, path, line_of(fields, ["means"], 1), key)
    means = _plain_markdown(entry.means, report)
    return content.Entry(term=entry.term, html=means, sources=tuple(entry.sources))
