"""The rules of the house as import contracts: all kept here, and each one shown to go red when it is broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "pyproject.toml"
SHELL = "The shell opens the domain; the domain never looks back"
ORDER = "Features stand on one another in one order"
FLOORS = "Inside a feature: views, then deeds, then questions, then rows, then rules"
RULES = "Rules are plain Python"
PAGES = "Pages are opened only by the URL index"

BREACHES = [
    (SHELL, "courses/library/queries.py", "from elearn import context"),
    (ORDER, "courses/people/queries.py", "from courses.learning import queries"),
    (ORDER, "courses/library/loader.py", "from courses import models"),
    (ORDER, "courses/helpers/__init__.py", ""),
    (FLOORS, "courses/certificates/models.py", "from courses.certificates import actions"),
    (FLOORS, "courses/learning/queries.py", "from courses.learning import actions"),
    (FLOORS, "courses/assessment/scoring.py", "from courses.assessment import queries"),
    (FLOORS, "courses/people/utils.py", ""),
    (RULES, "courses/learning/completion.py", "from django.utils import timezone"),
    (RULES, "courses/assessment/exchange/gift.py", "from django.utils import timezone"),
    (RULES, "courses/practice/face.py", "from courses.library.models import Course"),
    (PAGES, "courses/dashboards/exports.py", "from courses.people.views import join"),
    (PAGES, "courses/certificates/views.py", "from courses.learning.views import quiz"),
]


def copy_of_the_house(folder: Path) -> Path:
    """The code and the contracts in another folder, to be broken."""
    shutil.copy(CONFIG, folder)
    only_code = shutil.ignore_patterns("__pycache__", "fonts", "migrations", "*.md", "*.svg", "*.yaml")
    for package in ("elearn", "courses"):
        shutil.copytree(ROOT / package, folder / package, ignore=only_code)
    return folder


def test_it_works():
    assert lint_imports(config_filename=str(CONFIG), no_logo=True, no_cache=True) == 0


def test_every_contract_is_one_that_was_seen_red():
    written = tomllib.loads(CONFIG.read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in written} == {name for name, _, _ in BREACHES}


@pytest.mark.parametrize(("contract", "path", "line"), BREACHES)
def test_a_breach_breaks_its_contract(tmp_path, contract, path, line):
    broken = copy_of_the_house(tmp_path) / path
    broken.parent.mkdir(exist_ok=True)
    with broken.open("a") as file:
        file.write(f"\n{line}\n")

    lint = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    plain = {**os.environ, "COLUMNS": "200", "PYTHONPATH": ""}
    said = subprocess.run([sys.executable, "-c", lint], cwd=tmp_path, env=plain, capture_output=True, text=True)

    assert said.returncode == 1, said.stdout + said.stderr
    assert f"{contract} BROKEN" in said.stdout
    assert path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") in said.stdout
