"""What a web worker holds in memory before its first request: no typesetter, drawing or spreadsheet."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CODE = """
import sys, django
django.setup()
from django.urls import resolve
resolve("/")
print(*sorted(sys.modules))
"""
# `library` counts the seconds of a scene by this constant.
LIGHT = {"courses.figure", "courses.figure.motion", "courses.figure.motion.final_hold"}


def test_a_web_worker_imports_engines_when_it_needs_them():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "elearn.settings", "DEBUG": "1"}
    run = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    modules = set(run.stdout.split())
    assert "courses.urls" in modules, run.stderr
    assert modules.isdisjoint({"typst", "openpyxl", "PIL"})
    assert {name for name in modules if name.startswith("courses.figure")} <= LIGHT
