"""`make mutants`: every small change of the rules must make a plain test red.

What survives is listed in survivors.txt, with the reason. Each mutant runs in a process of its own,
without Django and without a database. Called as `python -m tests.mutation [word …]`:
with words, only modules whose path has one of them.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, ModuleType

import hypothesis
import pytest

# What every mutant needs is imported once, before the processes are forked.
import courses.authoring.reading.reader  # noqa: F401
from tests.mutation.changes import Mutant, mutants_of

ROOT = Path(__file__).parent.parent.parent
LISTED = Path(__file__).parent / "survivors.txt"
ITEMS = ("tests/test_items.py", "tests/test_walkthroughs.py", "tests/test_scoring.py")
TESTS: dict[str, Sequence[str]] = {
    "courses/assessment/scoring.py": ITEMS,
    **{
        str(path.relative_to(ROOT)): ITEMS
        for path in sorted((ROOT / "courses/assessment/items").glob("*.py"))
    },
    "courses/learning/completion.py": ("tests/test_walkthroughs.py", "tests/test_completion.py"),
}
NEEDED = 95  # percent of all mutants, those that cannot be killed included
MEMORY = 2 * 1024**3  # bytes


class InPlace(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a mutant when its module is imported."""

    def __init__(self, path: str, code: CodeType) -> None:
        name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self.name, self.path, self.code = name, ROOT / path, code

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        inside = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(
            name, self.path, loader=self, submodule_search_locations=inside
        )

    def create_module(self, spec: object) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def begin(path: str, code: CodeType, seconds: float) -> int:
    """Starts the tests of a module with this code in its place; the id of their process."""
    if pid := os.fork():
        return pid
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(silence, descriptor)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1)
    )  # an endless loop ends here
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.meta_path.insert(0, InPlace(path, code))
    arguments = [
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "--noconftest",
        "-c",
        os.devnull,
        f"--rootdir={ROOT}",
    ]
    code_of_tests = 3
    try:
        code_of_tests = int(pytest.main([*arguments, *TESTS[path]]))
    finally:
        os._exit(code_of_tests)


def is_green(status: int) -> bool:
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


@dataclass
class Run:
    """What became of the mutants of one module."""

    path: str
    all: int = 0
    survived: list[Mutant] = field(default_factory=list)

    @property
    def killed(self) -> int:
        return self.all - len(self.survived)


def run(path: str) -> Run:
    """All mutants of a module, as many at once as there are processors."""
    seconds = seconds_of(path)
    made, running = Run(path), dict[int, Mutant]()
    waiting = list(mutants_of(ROOT / path))
    made.all = len(waiting)
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            mutant = waiting.pop(0)
            running[begin(path, mutant.code, seconds)] = mutant
        pid, status = os.wait()
        if is_green(status):
            made.survived.append(running[pid])
        del running[pid]
    return made


def seconds_of(path: str) -> float:
    """The processor time a mutant may take: five times that of the module unchanged."""
    code = compile((ROOT / path).read_text(encoding="utf-8"), path, "exec")
    _, status, used = os.wait4(begin(path, code, 600), 0)
    if not is_green(status):
        sys.exit(
            f"{path}: its tests are red without any change; run them first: {' '.join(TESTS[path])}"
        )
    return 5 * (used.ru_utime + used.ru_stime)


def listed() -> dict[str, str]:
    """Accepted survivors with their reasons.

    A line is `path function: change`; the reason follows, indented.
    """
    reasons: dict[str, str] = {}
    name = ""
    for line in LISTED.read_text(encoding="utf-8").splitlines():
        if line.startswith(" ") and name:
            reasons[name] = f"{reasons[name]} {line.strip()}".strip()
        elif line and not line.startswith("#"):
            name = line.strip()
            reasons[name] = ""
    return reasons


def report(runs: list[Run]) -> int:
    """Prints what was found; 0 when it is enough, else 1."""
    known, looked_at = listed(), {one.path for one in runs}
    survivors = {f"{one.path} {mutant.name}": mutant for one in runs for mutant in one.survived}
    wrong = [f"{name}\n{survivors[name].diff}" for name in survivors if not known.get(name)]
    gone = [name for name in known if name.split(" ")[0] in looked_at and name not in survivors]
    wrong += [f"{name}\n  is listed and does not survive any more: take it out" for name in gone]
    killed, total = sum(one.killed for one in runs), sum(one.all for one in runs)
    print("\n".join(wrong))
    for one in runs:
        print(
            f"{one.path:45} {one.killed:4} of {one.all:4} killed, "
            f"{100 * one.killed / max(one.all, 1):5.1f}%"
        )
    share = 100 * killed / total
    verdict = "MISS" if wrong or share < NEEDED else "OK"
    print(
        f"{verdict}: {killed} of {total} killed, {share:.1f}% "
        f"(needed: {NEEDED}%, and no survivor without a reason)"
    )
    return int(verdict == "MISS")


def main(words: list[str]) -> int:
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    same = {"derandomize": True, "database": None, "deadline": None, "max_examples": 40}
    hypothesis.settings.register_profile("mutants", **same)
    hypothesis.settings.load_profile("mutants")
    assert "courses.assessment" not in sys.modules, (
        "a mutant could not take the place of what is imported already"
    )
    return report([run(path) for path in TESTS if not words or any(word in path for word in words)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
