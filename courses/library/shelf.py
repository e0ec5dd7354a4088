"""What all courses of a folder share: references and glossary. The courses themselves are read in `files`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from courses.library import content, schema
from courses.library.markdown import Notes, render
from courses.library.problems import Problems, line_of, read_text, read_yaml, validate
from courses.library.reader import KEY, Kind, Reader

Authored = TypeVar("Authored", bound=schema.Authored)


@dataclass(frozen=True)
class Shelf:
    """What all courses share: publications, sources, the glossary, the kinds of item; and what is wrong so far."""

    publications: dict[str, content.Publication]
    sources: dict[str, content.Source]
    glossary: dict[str, content.Entry]
    kinds: Mapping[str, Kind]
    problems: Problems

    @property
    def cites(self) -> dict[str, tuple[str, ...]]:
        return {key: source.publications for key, source in self.sources.items()}

    @property
    def terms(self) -> dict[str, str]:
        return {key: entry.term for key, entry in self.glossary.items()}

    def reader(self, path: Path, scenes: Iterable[str] = ()) -> Reader:
        """What a file of a course is read with; `path` lies in a folder of the course."""
        images = path.parent.parent / "images"
        return Reader(path, images, self.cites, self.terms, self.problems, self.kinds, frozenset(scenes))


def load(path: Path, problems: Problems) -> Any:
    """The YAML of a file, None (and a problem) when it cannot be read."""
    text = read_text(path, problems)
    return None if text is None else read_yaml(text, path, 1, problems)


def read_shelf(root: Path, kinds: Mapping[str, Kind], problems: Problems) -> Shelf:
    """The files beside the courses: references.yaml and glossary.yaml."""
    path = root / "references.yaml"
    data = load(path, problems)
    whole = data if isinstance(data, dict) else {}
    if data is not None:
        validate(schema.References, data, path, 1, "references", problems)
    publications, sources = {}, {}
    for key, raw in _mapping(whole.get("publications")).items():
        if one := _silently(schema.Publication, raw):
            publications[str(key)] = content.Publication(
                cite=_line(one.cite), doi=one.doi, url=one.url, status=one.status
            )
    for key, raw in _mapping(whole.get("sources")).items():
        line = line_of(data, ["sources", key], 1)
        entry = _silently(schema.Source, raw)
        names = entry.publications if entry else []
        for name in names:
            if name not in publications:
                problems.add(path, line, str(key), f"publication {name!r} is not listed; add it above")
        known = tuple(name for name in names if name in publications)
        check_by = entry.check_by.isoformat() if entry and entry.check_by else ""
        says, reported = (entry.says, entry.reported) if entry else ("", False)
        sources[str(key)] = content.Source(publications=known, says=says, check_by=check_by, reported=reported)
    return Shelf(publications, sources, _read_glossary(root, sources, problems), kinds, problems)


def _mapping(data: Any) -> dict[Any, Any]:
    return data if isinstance(data, dict) else {}


def _silently(model: type[Authored], data: Any) -> Authored | None:
    """The entry if it is right; what is wrong with it was told when the whole file was checked."""
    try:
        return model.model_validate(data)
    except ValidationError:
        return None


def _line(text: str) -> str:
    """A citation's Markdown (italics) as HTML without a paragraph."""
    return render(text, Notes({}, {})).removeprefix("<p>").removesuffix("</p>\n").strip()


def _read_glossary(root: Path, sources: dict[str, content.Source], problems: Problems) -> dict[str, content.Entry]:
    path = root / "glossary.yaml"
    data = load(path, problems)
    glossary = {}
    if data is not None and not isinstance(data, dict):
        problems.add(path, 1, "glossary", "is not a mapping of fields; write `key: {term, means}` entries")
    for key, raw in _mapping(data).items():
        line = line_of(data, [key], 1)
        if not KEY.match(str(key)):
            problems.add(path, line, str(key), "does not fit; write something like 'lower-case-words'")
        entry = validate(schema.Entry, raw, path, 1, str(key), problems)
        for source in entry.sources if entry else ():
            if source not in sources:
                problems.add(path, line, str(key), f"source {source!r} is not in references.yaml; add it there")
        if entry:
            glossary[str(key)] = content.Entry(term=entry.term, html=_line(entry.means))
    return glossary
