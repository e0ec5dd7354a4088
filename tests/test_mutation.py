"""`make mutants` itself: what it changes, and that it says so when something survives."""

from pathlib import Path

import pytest

from tests.mutation import __main__ as mutation
from tests.mutation.changes import Mutant, mutants_of

RULE = '''"""What lives here."""

__all__ = ["passes"]


def passes(marks: int, needed: int = 4) -> bool:
    """Whether it is enough."""
    if not marks:
        return False
    return marks >= needed and all(one for one in [marks] if one > 0)
'''


@pytest.fixture
def mutants(tmp_path: Path) -> list[Mutant]:
    path = tmp_path / "rule.py"
    path.write_text(RULE)
    return list(mutants_of(path))


def test_it_works(mutants):
    names = [mutant.name for mutant in mutants]
    assert len(names) == len(set(names))
    for change in (
        "passes: 4 -> 5",
        "passes: not marks -> True",
        "passes: not marks -> marks",
        "passes: False -> True",
        "passes: marks >= needed -> marks > needed",
        "passes: marks >= needed and all((one for one in [marks] if one > 0)) -> marks >= needed",
        "passes: all((one for one in [marks] if one > 0)) -> any((one for one in [marks] if one > 0))",
        "passes: (one for one in [marks] if one > 0) -> (one for one in [marks])",
        "passes: return False -> return None",
    ):
        assert change in names
    assert not any("What lives" in name or "int" in name or "'passes'" in name for name in names)


def test_each_mutant_runs_and_is_another_rule(mutants):
    assert len({mutant.code for mutant in mutants}) == len(mutants)
    stricter = next(
        mutant for mutant in mutants if mutant.name == "passes: marks >= needed -> marks > needed"
    )
    module: dict[str, object] = {}
    exec(stricter.code, module)
    assert module["passes"](4) is False  # type: ignore[operator]
    assert module["passes"](5) is True  # type: ignore[operator]
    assert "-     return marks >= needed and" in stricter.diff
    assert "+     return marks > needed and" in stricter.diff


@pytest.mark.parametrize(
    ("listed", "killed", "verdict"),
    [
        ("", 100, "OK"),
        ("", 99, "MISS"),
        ("a.py f: 1 -> 2\n", 99, "MISS"),
        ("# why\na.py f: 1 -> 2\n  It is never looked at.\n", 99, "OK"),
        ("a.py f: 1 -> 2\n  It is never looked at.\n", 100, "MISS"),
        ("b.py f: 1 -> 2\n  Of a module that was not run.\n", 100, "OK"),
        ("a.py f: 1 -> 2\n  It is never looked at.\n", 10, "MISS"),
    ],
)
def test_it_says_when_it_is_not_enough(
    tmp_path, monkeypatch, capsys, mutants, listed, killed, verdict
):
    file = tmp_path / "survivors.txt"
    file.write_text(listed)
    monkeypatch.setattr(mutation, "LISTED", file)
    survivor = Mutant("f: 1 -> 2", "  line 1", mutants[0].code)
    code = mutation.report([mutation.Run("a.py", 100, [survivor] * (100 - killed))])
    said = capsys.readouterr().out
    assert (code, said.splitlines()[-1].split(":")[0]) == (int(verdict == "MISS"), verdict)
    assert f"{killed} of  100 killed" in said
