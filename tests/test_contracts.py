"""The rules of the house as import contracts: all kept here, and each one shown to go red when it is broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "pyproject.toml"
SHELL = "The shell opens the domain; the domain never looks back"
ORDER = "Packages stand on one another in one order"
FLOORS = "Inside a package: views, then actions, then forms, then queries, then models"
MODELS = "Models import no other package's actions, queries or pages"
RULES = "Engines and rules are plain Python"
PAGES = "Pages are opened only by the URL index"

BREACHES = [
    (SHELL, "courses/library/queries.py", "from elearn import context"),
    (ORDER, "courses/people/queries.py", "from courses.learning import queries"),
    (ORDER, "courses/authoring/publishing.py", "from courses import models"),
    (ORDER, "courses/dashboards/exports.py", "from courses.authoring import course_report"),
    (ORDER, "courses/figure/baby.py", "from courses.library import content"),
    (ORDER, "courses/helpers/__init__.py", ""),
    (FLOORS, "courses/certificates/models.py", "from courses.certificates import actions"),
    (FLOORS, "courses/learning/queries.py", "from courses.learning import actions"),
    (FLOORS, "courses/web/mail/models.py", "from courses.web.mail import delivery"),
    (MODELS, "courses/learning/models.py", "from courses.signoffs.queries import digests_of"),
    (RULES, "courses/assessment/scoring.py", "from courses.assessment import queries"),
    (RULES, "courses/learning/completion.py", "from django.utils import timezone"),
    (RULES, "courses/exchange/gift_reader.py", "from django.utils import timezone"),
    (RULES, "courses/authoring/reading/blocks.py", "from courses.library.models import Course"),
    (RULES, "courses/figure/anatomy/face.py", "from courses.library.models import Course"),
    (PAGES, "courses/dashboards/exports.py", "from courses.people.views import join"),
    (PAGES, "courses/certificates/views.py", "from courses.learning.views import quiz"),
]


def copy_of_the_house(folder: Path) -> Path:
    """The code and the contracts in another folder, to be broken."""
    shutil.copy(CONFIG, folder)
    only_code = shutil.ignore_patterns(
        "__pycache__", "fonts", "migrations", "*.md", "*.svg", "*.yaml"
    )
    for package in ("elearn", "courses"):
        shutil.copytree(ROOT / package, folder / package, ignore=only_code)
    return folder


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """In a process of its own: import-linter sets up logging anew, which silences every log there is."""
    code = (
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    )
    plain = {**os.environ, "COLUMNS": "200", "PYTHONPATH": ""}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True)


def test_it_works():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_contract_is_one_that_was_seen_red():
    written = tomllib.loads(CONFIG.read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in written} == {name for name, _, _ in BREACHES}


@pytest.mark.parametrize(("contract", "path", "line"), BREACHES)
def test_a_breach_breaks_its_contract(tmp_path, contract, path, line):
    broken = copy_of_the_house(tmp_path) / path
    broken.parent.mkdir(exist_ok=True)
    with broken.open("a") as file:
        file.write(f"\n{line}\n")

    result = lint(tmp_path)

    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{contract} BROKEN" in result.stdout
    assert path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") in result.stdout
