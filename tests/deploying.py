"""The files of deploy/, read: stages of the Containerfile, systemd units, nginx blocks, settings.

No test lives here.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
READERS = {"flag", "number", "choice", "address", "str", "list", "given", "is_on", "scheme"}
SETTING = re.compile(r"[A-Z][A-Z_]+")
EXAMPLE_LINE = re.compile(r"^(?:# )?([A-Z][A-Z_]+)=", re.MULTILINE)


@dataclass
class Stage:
    """The steps after one FROM, each as (instruction, the rest of its line)."""

    image: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def of(self, instruction: str) -> list[str]:
        return [rest for name, rest in self.steps if name == instruction]


def stages_of(text: str) -> list[Stage]:
    """A Containerfile's stages, in their order; comments are left out, continued lines joined."""
    stages: list[Stage] = []
    lines = [line for line in text.splitlines() if line.strip() and line[0] != "#"]
    for step in "\n".join(lines).replace("\\\n", " ").splitlines():
        instruction, _, rest = step.strip().partition(" ")
        if instruction == "FROM":
            image, _, name = rest.partition(" AS ")
            stages.append(Stage(image, name))
            continue
        stages[-1].steps.append((instruction, " ".join(rest.split())))
    return stages


def unit_of(path: Path) -> dict[str, list[str]]:
    """A unit's keys with their values in order, whatever their section."""
    keys: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if "=" in line and line[0] not in "#[":
            name, _, value = line.partition("=")
            keys.setdefault(name, []).append(value)
    return keys


def statements_of(text: str) -> Iterator[tuple[int, str]]:
    """nginx's directives as (depth, words), a block's opening among them.

    Raises:
        ValueError: a brace is missing, or a directive is not closed by a semicolon.
    """
    depth = 0
    plain = re.sub(r"(?m)#.*$", "", text)
    for words, end in re.findall(r"([^;{}]*)([;{}]|\Z)", plain):
        statement = " ".join(words.split())
        if statement and end not in ("{", ";"):
            raise ValueError(f"no semicolon after {statement!r}")
        if statement:
            yield depth, statement
        depth += {"{": 1, "}": -1}.get(end, 0)
        if depth < 0:
            raise ValueError("a closing brace too many")
    if depth:
        raise ValueError("a closing brace is missing")


def settings_read() -> set[str]:
    """The variables that the product reads, by the calls in the code that name them."""
    names = set()
    paths = [*(ROOT / "elearn").glob("*.py"), ROOT / "courses" / "web" / "starting.py"]
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                names |= _settings_of(node)
    return names


def _settings_of(call: ast.Call) -> set[str]:
    """The variable that this call reads: a constant as first argument of a reading function."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name not in READERS or not call.args:
        return set()
    first = call.args[0]
    if isinstance(first, ast.Constant) and SETTING.fullmatch(str(first.value)):
        return {str(first.value)}
    return set()


def settings_in(example: Path) -> list[str]:
    """The variables that an example file names, with or without # in front."""
    return EXAMPLE_LINE.findall(example.read_text(encoding="utf-8"))


def values_in(example: Path) -> dict[str, str]:
    """What an example file sets, without the lines that # switches off."""
    values = {}
    for line in example.read_text(encoding="utf-8").splitlines():
        name, separator, value = line.partition("=")
        if separator and name[0] != "#":
            values[name] = value.strip('"')
    return values
