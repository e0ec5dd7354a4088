"""The limits of the style guide that a number can hold; `python -m tests.density` prints the rest.

Tokens a line are a thermometer and have no limit for one function: see tests/density.py.
"""

import ast
import statistics

import pytest

from tests.density import functions_in, product_files

PATHS = product_files()
LONGEST_LINE = 100
LONGEST_FUNCTION = 40
MEDIAN, P90 = 9.5, 15.0


def test_it_works():
    functions = [function for path in PATHS for function in functions_in(path)]
    assert len(functions) > 1000
    densities = [function.density for function in functions]
    assert statistics.median(densities) <= MEDIAN
    assert statistics.quantiles(densities, n=10)[-1] <= P90
    assert [str(function) for function in functions if function.nested_comprehensions] == []
    assert [str(function) for function in functions if function.length > LONGEST_FUNCTION] == []


def test_no_line_is_longer_than_a_hundred_columns():
    long = []
    for path in PATHS:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if len(line) > LONGEST_LINE:
                long.append(f"{path}:{number}")
    assert long == []


@pytest.fixture
def nested(tmp_path):
    path = tmp_path / "dense.py"
    path.write_text("def rows(table):\n    return [[cell for cell in row] for row in table]\n")
    return path


def test_a_comprehension_inside_another_is_found(nested):
    (function,) = functions_in(nested)
    assert function.nested_comprehensions == 1
    assert (function.name, function.lines, function.length) == ("rows", 1, 2)
    assert function.tokens == len(
        [
            "return",
            "[",
            "[",
            "cell",
            "for",
            "cell",
            "in",
            "row",
            "]",
            "for",
            "row",
            "in",
            "table",
            "]",
        ]
    )


def test_every_module_says_what_lives_in_it():
    silent = [
        str(path)
        for path in PATHS
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []
