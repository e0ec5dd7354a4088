"""What is written and nobody will see: files that nothing reads, pictures, sources and terms that no text shows."""

from collections.abc import Collection, Iterable
from pathlib import Path

from courses.authoring.reading.diagnostics import Problems
from courses.authoring.reading.references import References
from courses.library import content


def check_shown(
    root: Path, courses: list[content.Course], references: References, problems: Problems
) -> None:
    """A problem for each file that would be passed over in silence, warnings for what is shown nowhere."""
    unread = [path for path in _files(root) if path not in problems.read]
    for folder in sorted({_folder(root, path) for path in unread}):
        if folder != root and not (folder / "course.yaml").is_file():
            what = "is missing, so nothing beside it is read; write it, or take the folder away"
            problems.add(folder / "course.yaml", 1, "course", what)
    unread = [
        path
        for path in unread
        if _folder(root, path) == root or (_folder(root, path) / "course.yaml").is_file()
    ]
    for path in unread:
        if path.suffix != ".svg":
            problems.add(path, 1, path.name, f"is not read by anything; {_instead(path)}")
    if problems.found:
        return  # what is not shown now may be shown once they are mended
    for path in unread:
        problems.warn(
            path,
            1,
            path.name,
            "is a picture that is shown nowhere; name it in a text, or delete it",
        )
    _check_references(root / "references.yaml", courses, references, problems)
    opened = {term for course in courses for term in course.glossary}
    idle = [key for key in references.glossary if key not in opened]
    what = "opened by no text; write `[[term]]` where it is met first, or take it out"
    _warn(root / "glossary.yaml", "terms", idle, what, references, problems)


def _check_references(
    path: Path, courses: list[content.Course], references: References, problems: Problems
) -> None:
    shown = {source for course in courses for source in course.sources}
    what = "shown in no course; cite it where its claim stands, or take it out"
    _warn(
        path,
        "sources",
        [key for key in references.sources if key not in shown],
        what,
        references,
        problems,
    )
    named = {name for source in references.sources.values() for name in source.publications}
    what = "named by no source; name it, or take it out"
    _warn(
        path,
        "publications",
        [key for key in references.publications if key not in named],
        what,
        references,
        problems,
    )


def _warn(
    path: Path,
    things: str,
    idle: Collection[str],
    what: str,
    references: References,
    problems: Problems,
) -> None:
    """One warning for all, at the line of the first."""
    if idle:
        line = min(references.lines.get(f"{things}:{key}", 1) for key in idle)
        problems.warn(path, line, things, f"{what}; {len(idle)} such: {', '.join(idle)}")


def _files(root: Path) -> Iterable[Path]:
    """Everything in the folders of courses, and the YAML beside them; hidden files are nobody's matter."""
    folders = [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []
    inside = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    beside = list(root.glob("*.y*ml"))
    seen = [
        path
        for path in (*beside, *inside)
        if not any(part.startswith(".") for part in path.parts[-3:])
    ]
    return sorted(path for path in seen if not path.name.endswith("~"))


def _folder(root: Path, path: Path) -> Path:
    """The folder of a course that a file lies in, the root itself for what lies beside them."""
    return root / path.relative_to(root).parts[0] if path.parent != root else root


def _instead(path: Path) -> str:
    """What an author most likely meant."""
    folder = path.parent.name
    if folder == "images":
        return "a picture is an SVG; draw it as one, or take the file away"
    wanted = {"lessons": "NN-key.md", "items": "lesson-key.yaml", "scenes": "key.yaml"}
    if folder in wanted:
        return f"name it {wanted[folder]}, or take it away"
    return "see FORMAT.md for the files of a course, or take it away"
