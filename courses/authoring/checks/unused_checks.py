"""Files that nothing reads, and pictures, sources and terms that no text shows."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from courses.authoring.reading.diagnostics import Problems
from courses.authoring.reading.references import References
from courses.library import content

WANTED_NAMES = {
    "lessons": "NN-key.md",
    "items": "lesson-key.yaml",
    "scenes": "key.yaml",
}


def check_unused(
    root: Path,
    files: Iterable[Path],
    courses: list[content.Course],
    references: References,
    problems: Problems,
) -> None:
    """A problem for each file that would be ignored, a warning for what is shown nowhere.

    `files` are all that reading could have read (`files.list_files`).
    """
    unread = [path for path in _readable(root, files) if path not in problems.read]
    pictures = _check_unread_files(root, unread, problems)
    if problems.errors:
        return  # what is shown nowhere now may be shown once the problems are solved
    for path in pictures:
        what = "is a picture that is shown nowhere; name it in a text, or delete it"
        problems.warn(path, 1, path.name, what)
    _check_sources(root, courses, references, problems)
    _check_publications(root, references, problems)
    _check_glossary(root, courses, references, problems)


def _check_unread_files(root: Path, unread: list[Path], problems: Problems) -> list[Path]:
    """Report the files that nothing reads, and return the pictures among them.

    Those are fit to be shown, so they are no error.
    """
    pictures: list[Path] = []
    without_course: set[Path] = set()
    for path in unread:
        folder = _course_folder(root, path)
        if folder and not (folder / "course.yaml").is_file():
            without_course.add(folder)
        elif path.suffix == ".svg":
            pictures.append(path)
        else:
            what = f"is not read by anything; {_what_to_do_with(path)}"
            problems.add(path, 1, path.name, what)
    # One problem a folder: each of its files would say the same.
    for folder in sorted(without_course):
        what = "is missing, so nothing beside it is read; write it, or take the folder away"
        problems.add(folder / "course.yaml", 1, "course", what)
    return pictures


def _check_sources(
    root: Path, courses: list[content.Course], references: References, problems: Problems
) -> None:
    shown: set[str] = set()
    for course in courses:
        shown |= set(course.sources)
    unused = [key for key in references.sources if key not in shown]
    what = "shown in no course; cite it where its claim stands, or take it out"
    _warn_once(root / "references.yaml", "sources", unused, what, references, problems)


def _check_publications(root: Path, references: References, problems: Problems) -> None:
    named: set[str] = set()
    for source in references.sources.values():
        named |= set(source.publications)
    unused = [key for key in references.publications if key not in named]
    what = "named by no source; name it, or take it out"
    _warn_once(root / "references.yaml", "publications", unused, what, references, problems)


def _check_glossary(
    root: Path, courses: list[content.Course], references: References, problems: Problems
) -> None:
    opened: set[str] = set()
    for course in courses:
        opened |= set(course.glossary)
    unused = [key for key in references.glossary if key not in opened]
    what = "opened by no text; write `[[term]]` where it is met first, or take it out"
    _warn_once(root / "glossary.yaml", "terms", unused, what, references, problems)


def _warn_once(
    path: Path,
    field: str,
    unused: list[str],
    what: str,
    references: References,
    problems: Problems,
) -> None:
    """One warning for all unused entries of a field, at the line of the first."""
    if unused:
        line = min(references.lines.get(f"{field}:{key}", 1) for key in unused)
        listed = f"{len(unused)} such: {', '.join(unused)}"
        problems.warn(path, line, field, f"{what}; {listed}")


def _readable(root: Path, files: Iterable[Path]) -> Iterator[Path]:
    """The files in the folders of courses, and the YAML beside them."""
    for path in files:
        if path.parent != root or path.suffix in {".yaml", ".yml"}:
            yield path


def _course_folder(root: Path, path: Path) -> Path | None:
    """The folder of a course that a file lies in; None for a file beside the courses."""
    if path.parent == root:
        return None
    return root / path.relative_to(root).parts[0]


def _what_to_do_with(path: Path) -> str:
    """What an author most likely meant."""
    folder = path.parent.name
    if folder == "images":
        return "a picture is an SVG; draw it as one, or take the file away"
    if folder in WANTED_NAMES:
        return f"name it {WANTED_NAMES[folder]}, or take it away"
    return "see FORMAT.md for the files of a course, or take it away"
