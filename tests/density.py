"""How dense the product's code is: `python -m tests.density [folder]` prints it, and each function over a limit.

A token is a name, an operator, a number or a string; counted a line of a function's own body, without docstring,
comments, blank lines and functions defined inside it. A thermometer, not an aim: test_density.py holds the limits.
"""

import ast
import io
import statistics
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COUNTED = {tokenize.NAME, tokenize.OP, tokenize.NUMBER, tokenize.STRING}


@dataclass(frozen=True)
class Function:
    """`lines` with code in the body; `length` from `def` to its end, docstring left out; `density` is tokens a line."""

    path: Path
    name: str
    line: int
    lines: int
    length: int
    tokens: int
    nested_comprehensions: int

    @property
    def density(self) -> float:
        return self.tokens / self.lines

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.name}"


def product_files(root: Path = ROOT) -> list[Path]:
    """The modules of the product, migrations left out."""
    files = [*(root / "courses").rglob("*.py"), *(root / "elearn").rglob("*.py")]
    return sorted(path for path in files if "migrations" not in path.parts)


def functions_in(path: Path) -> Iterator[Function]:
    """Every function of a file that has a body beside its docstring."""
    text = path.read_text(encoding="utf-8")
    tokens = [
        token
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type in COUNTED
    ]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, FUNCTIONS):
            found = _function(path, node, tokens)
            if found:
                yield found


def _function(
    path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef, tokens: list[tokenize.TokenInfo]
) -> Function | None:
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    if not body:
        return None
    first, last = body[0].lineno, node.end_lineno or node.lineno
    inner = {
        line
        for child in ast.walk(node)
        if isinstance(child, FUNCTIONS) and child is not node
        for line in range(child.lineno, (child.end_lineno or child.lineno) + 1)
    }
    own = [
        token for token in tokens if first <= token.start[0] <= last and token.start[0] not in inner
    ]
    lines = {line for token in own for line in range(token.start[0], token.end[0] + 1)}
    if not lines:
        return None
    docstring = (
        (node.body[0].end_lineno or 0) - node.body[0].lineno + 1 if body is not node.body else 0
    )
    length = last - node.lineno + 1 - docstring
    nested = sum(_is_nested(child) for child in ast.walk(node) if isinstance(child, COMPREHENSIONS))
    return Function(path, node.name, node.lineno, len(lines), length, len(own), nested)


def _is_nested(node: ast.AST) -> bool:
    """Whether a comprehension holds another one."""
    return any(isinstance(child, COMPREHENSIONS) for child in ast.walk(node) if child is not node)


def comments_a_hundred_lines(paths: list[Path]) -> float:
    """Comments beside a hundred lines that are neither blank nor a docstring's nor a comment's own."""
    comments = code = 0
    for path in paths:
        held: set[int] = set()
        for token in tokenize.generate_tokens(
            io.StringIO(path.read_text(encoding="utf-8")).readline
        ):
            comments += token.type == tokenize.COMMENT
            if token.type in COUNTED:
                held |= set(range(token.start[0], token.end[0] + 1))
        code += len(held)
    return 100 * comments / code


def main(folder: str = "") -> None:
    """Prints the measures of the product, or of one folder of it."""
    paths = [path for path in product_files() if path.is_relative_to(ROOT / folder)]
    functions = [function for path in paths for function in functions_in(path)]
    densities = sorted(function.density for function in functions)
    p90 = statistics.quantiles(densities, n=10)[-1]
    nested = sum(function.nested_comprehensions for function in functions)
    longest = max(function.length for function in functions)
    print(
        f"{len(functions)} functions; tokens a line: median {statistics.median(densities):.1f}, p90 {p90:.1f}"
    )
    print(f"nested comprehensions {nested}; longest function {longest} lines")
    print(
        f"comments {comments_a_hundred_lines(paths):.1f} in 100 lines of code; longest line {_longest_line(paths)}"
    )
    for function in sorted(functions, key=lambda one: -one.density):
        if function.density > 15 or function.nested_comprehensions or function.length > 40:
            print(
                f"{function}: {function.density:.1f} a line, {function.length} lines, nested {function.nested_comprehensions}"
            )


def _longest_line(paths: list[Path]) -> int:
    return max(
        len(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
