"""What all courses of a folder share: references and glossary. The courses themselves are read in `authoring.courses`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from courses.authoring import schema
from courses.authoring.reading.diagnostics import Problems, line_of, read_yaml, validate
from courses.authoring.reading.files import read_text
from courses.authoring.reading.reader import KEY, Reader
from courses.library import content
from courses.library.markdown import Notes, faults_of, render

Authored = TypeVar("Authored", bound=schema.Authored)


@dataclass(frozen=True)
class References:
    """What all courses share: publications, sources, the glossary; and what is wrong so far.

    `lines` are those of the entries, by `sources:A1`, `publications:…` and `terms:…`; of a file that is `lost`, for
    it cannot be read, nobody is told that something is missing in it.
    """

    publications: dict[str, content.Publication]
    sources: dict[str, content.Source]
    glossary: dict[str, content.Entry]
    problems: Problems
    lines: Mapping[str, int]
    lost: frozenset[str]

    @property
    def cites(self) -> dict[str, tuple[str, ...]]:
        return {key: source.publications for key, source in self.sources.items()}

    @property
    def terms(self) -> dict[str, str]:
        return {key: entry.term for key, entry in self.glossary.items()}

    def reader(self, path: Path, scenes: Iterable[str] = ()) -> Reader:
        """What a file of a course is read with; `path` lies in a folder of the course."""
        images = path.parent.parent / "images"
        return Reader(
            path, images, self.cites, self.terms, self.problems, frozenset(scenes), self.lost
        )


def load(path: Path, problems: Problems) -> Any:
    """The YAML of a file, None (and a problem) when it cannot be read, or what no line of a file may have is told."""
    text = read_text(path, problems)
    if text is None:
        return None
    for line, row in enumerate(text.split("\n"), 1):
        for fault in faults_of(row):
            problems.add(path, line, "text", fault)
    return read_yaml(text, path, 1, problems)


def read_references(root: Path, problems: Problems) -> References:
    """The files beside the courses: references.yaml and glossary.yaml."""
    path = root / "references.yaml"
    data = load(path, problems)
    whole = data if isinstance(data, dict) else {}
    if data is not None:
        validate(schema.References, data, path, 1, "references", problems)
    publications, sources = {}, {}
    lines = _lines("publications", whole.get("publications")) | _lines(
        "sources", whole.get("sources")
    )
    for key, raw in _mapping(whole.get("publications")).items():
        if one := _silently(schema.Publication, raw):
            say = partial(problems.add, path, line_of(raw, ["cite"], 1), str(key))
            cite = _line(one.cite, say)
            publications[str(key)] = content.Publication(
                cite=cite, doi=one.doi, url=one.url, status=one.status
            )
    for key, raw in _mapping(whole.get("sources")).items():
        line = line_of(data, ["sources", key], 1)
        entry = _silently(schema.Source, raw)
        names = entry.publications if entry else []
        for name in names:
            if name not in _mapping(whole.get("publications")):
                problems.add(
                    path, line, str(key), f"publication {name!r} is not listed; add it above"
                )
        known = tuple(name for name in names if name in publications)
        check_by = entry.check_by.isoformat() if entry and entry.check_by else ""
        says, reported = (entry.says, entry.reported) if entry else ("", False)
        sources[str(key)] = content.Source(
            publications=known, says=says, check_by=check_by, reported=reported
        )
    terms = load(root / "glossary.yaml", problems)
    glossary = _read_glossary(root / "glossary.yaml", terms, sources, problems)
    lines |= _lines("terms", terms)
    lost = {
        name
        for name, read in (("references.yaml", data), ("glossary.yaml", terms))
        if not isinstance(read, dict)
    }
    return References(publications, sources, glossary, problems, lines, frozenset(lost))


def _lines(things: str, data: Any) -> dict[str, int]:
    return {f"{things}:{key}": line_of(data, [key], 1) for key in _mapping(data)}


def _mapping(data: Any) -> dict[Any, Any]:
    return data if isinstance(data, dict) else {}


def _silently(model: type[Authored], data: Any) -> Authored | None:
    """The entry if it is right; what is wrong with it was told when the whole file was checked."""
    try:
        return model.model_validate(data)
    except ValidationError:
        return None


def _line(text: str, say: Callable[[str], None]) -> str:
    """Markdown that cites nothing and opens nothing (a citation, the meaning of a term) as HTML without a paragraph."""
    notes = Notes({}, {}, is_bare=True)
    html = render(text, notes)
    for name in notes.unknown:
        say(f"{name} cannot stand here, where nothing opens; write its words, and `sources:`")
    for _, fault in notes.faults:
        say(fault)
    return html.removeprefix("<p>").removesuffix("</p>\n").strip()


def _read_glossary(
    path: Path, data: Any, sources: dict[str, content.Source], problems: Problems
) -> dict[str, content.Entry]:
    """The entries by key; one that is wrong is there too, so that nobody is told that it is missing."""
    glossary = {}
    if data is not None and not isinstance(data, dict):
        problems.add(
            path, 1, "glossary", "is not a mapping of fields; write `key: {term, means}` entries"
        )
    for key, raw in _mapping(data).items():
        line = line_of(data, [key], 1)
        if not KEY.match(str(key)):
            problems.add(
                path, line, str(key), "does not fit; write something like 'lower-case-words'"
            )
        entry = validate(
            schema.Entry, raw, path, 1 if isinstance(raw, dict) else line, str(key), problems
        )
        for source in entry.sources if entry else ():
            if source not in sources:
                problems.add(
                    path,
                    line,
                    str(key),
                    f"source {source!r} is not in references.yaml; add it there",
                )
        say = partial(problems.add, path, line_of(raw, ["means"], 1), str(key))
        means = _line(entry.means, say) if entry else ""
        known = tuple(entry.sources) if entry else ()
        glossary[str(key)] = content.Entry(
            term=entry.term if entry else str(key), html=means, sources=known
        )
    return glossary
