"""The broken courses: each file of `content/broken` is one fault in the tiny course, and all that is reported of it.

    edit:                          # what is done to the files, in order
      - file: tiny/course.yaml
        replace: "title: Tiny"     # the first place where this stands ...
        with: "titel: Tiny"        # ... becomes this; `times: 12` writes it so often, `{n}` being the number
    expect:                        # every problem and every further warning, by file and line: how it begins
      - "tiny/course.yaml:1: course title: is missing; write it"

Instead of `replace`: `write: the whole text`, `bytes: the whole file in hexadecimal`, `append: text`, `copy: from where`
or `delete: true`. `python -m tests.broken` shows what is reported of each fault that is not reported as it should be.
"""

import shutil
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from courses.authoring.courses import Reading, read_folder
from courses.authoring.reading.diagnostics import Problem

TINY = Path(__file__).parent / "content" / "tiny"
BROKEN = Path(__file__).parent / "content" / "broken"


@dataclass(frozen=True)
class Fault:
    """One mistake, by the name of its file."""

    name: str
    edit: tuple[dict, ...]
    expect: tuple[str, ...]

    def make(self, root: Path) -> None:
        for change in self.edit:
            _change(root, self.name, **change)


def _change(root: Path, name: str, file: str, **how: object) -> None:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    match how:
        case {"replace": str(old), "with": str(new)}:
            text = path.read_text(encoding="utf-8")
            assert old in text, f"{name}: {old!r} is not in {file}: the tiny course has changed"
            times = int(str(how.get("times", 1)))
            many = (
                "".join(new.replace("{n}", str(n)) for n in range(1, times + 1))
                if times > 1
                else new
            )
            path.write_text(text.replace(old, many, 1), encoding="utf-8")
        case {"write": str(text)}:
            path.write_text(text, encoding="utf-8")
        case {"append": str(text)}:
            path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
        case {"bytes": str(digits)}:
            path.write_bytes(bytes.fromhex(digits))
        case {"copy": str(source)}:
            shutil.copy(root / source, path)
        case {"delete": True}:
            path.unlink()
        case _:
            raise ValueError(f"{name}: no such change: {how}")


@cache
def faults() -> list[Fault]:
    """Every fault, by number."""
    found = []
    for path in sorted(BROKEN.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        found.append(Fault(path.stem, tuple(data["edit"]), tuple(data["expect"])))
    return found


def named(*names: str) -> list[Fault]:
    """The faults whose names, after the number, are these."""
    found = {fault.name.partition("-")[2]: fault for fault in faults()}
    return [found[name] for name in names]


def read(root: Path) -> Reading:
    return read_folder(root)


@cache
def _usual() -> frozenset[tuple[str, str, str]]:
    """The warnings the tiny course has as it is: it is smaller than a lesson should be."""
    return frozenset(_unplaced(warning) for warning in read(TINY).warnings)


def _unplaced(problem: Problem) -> tuple[str, str, str]:
    return problem.path, problem.where, problem.what


def reported(reading: Reading) -> list[str]:
    """All problems, and the warnings that the tiny course has not by itself, as an author reads them."""
    more = [warning for warning in reading.warnings if _unplaced(warning) not in _usual()]
    return [str(problem) for problem in sorted([*reading.problems, *more])]


def is_reported(fault: Fault, said: list[str]) -> bool:
    """Whether exactly what is expected is said, each in its place."""
    return len(said) == len(fault.expect) and all(
        one.startswith(expected) for one, expected in zip(said, fault.expect, strict=True)
    )


def main() -> int:
    failed = 0
    for fault in faults():
        with tempfile.TemporaryDirectory() as made:
            root = Path(shutil.copytree(TINY, Path(made) / "courses"))
            fault.make(root)
            said = reported(read(root))
        if not is_reported(fault, said):
            failed += 1
            print(f"{fault.name}:", *(f"  - {one!r}" for one in said), sep="\n")
    print(f"{len(faults()) - failed} faults reported, {failed} not")
    return failed


if __name__ == "__main__":
    sys.exit(bool(main()))
