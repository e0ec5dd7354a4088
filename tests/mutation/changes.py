"""The small changes that make a mutant: an expression or statement in, its wrong variants out.

Running them is in `__main__`.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

COMPARED: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
COUNTED: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any"}
UNTOUCHED = {
    "annotation",
    "returns",
    "decorator_list",
    "bases",
    "type_params",
    "format_spec",
}  # what a value is, not what it comes to
Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


@dataclass(frozen=True)
class Mutant:
    """One changed module: `name` says what and where without a line number.

    `diff` shows the change, `code` runs it.
    """

    name: str
    diff: str
    code: CodeType


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def variants(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in this node's place and should not."""
    return VARIANTS.get(type(node), lambda _: iter(()))(node)


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for n, op in enumerate(node.ops):
        for other in COMPARED[type(op)]:
            yield _with(node, ops=[*node.ops[:n], other(), *node.ops[n + 1 :]])


def _count(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in COUNTED:
        yield _with(node, op=COUNTED[type(node.op)]())


def _combine(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for n in range(len(node.values)):
        left = _without(node.values, n)
        yield _with(node, values=left) if len(left) > 1 else left[0]


def _sign(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _choose(node: ast.IfExp) -> Iterator[ast.AST]:
    yield from (node.body, node.orelse)


def _value(node: ast.Constant) -> Iterator[ast.AST]:
    found, others = node.value, ()
    if isinstance(found, bool):
        others = (not found,)
    elif isinstance(found, int):
        others = (found + 1, found - 1)
    elif isinstance(found, str):
        others = ("" if found else "something",)
    yield from (_with(node, value=other) for other in others)


def _return(node: ast.Return) -> Iterator[ast.AST]:
    if node.value:
        yield _with(node, value=ast.Constant(None))


def _condition(node: ast.If) -> Iterator[ast.AST]:
    yield from (_with(node, test=ast.Constant(sure)) for sure in (True, False))


def _slice(node: ast.Slice) -> Iterator[ast.AST]:
    yield from (_with(node, **{end: None}) for end in ("lower", "upper") if getattr(node, end))


def _call(node: ast.Call) -> Iterator[ast.AST]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    in_order = name not in {"min", "max"} and not any(
        isinstance(one, ast.Starred) for one in node.args[:2]
    )
    if len(node.args) > 1 and in_order:
        yield _with(node, args=[node.args[1], node.args[0], *node.args[2:]])
    if name in SWAPPED:
        yield _with(node, func=ast.Name(SWAPPED[name], ast.Load()))
    yield from (_with(node, keywords=_without(node.keywords, n)) for n in range(len(node.keywords)))


def _statement(node: ast.Expr | ast.Raise) -> Iterator[ast.AST]:
    yield ast.Pass()


def _comprehend(node: Comprehension) -> Iterator[ast.AST]:
    """The conditions of a comprehension, taken away."""
    for n, one in enumerate(node.generators):
        if one.ifs:
            yield _with(
                node,
                generators=[*node.generators[:n], _with(one, ifs=[]), *node.generators[n + 1 :]],
            )


def _without(values: list[Any], n: int) -> list[Any]:
    return [*values[:n], *values[n + 1 :]]


VARIANTS: dict[type, Callable[[Any], Iterator[ast.AST]]] = {
    ast.Compare: _compare,
    ast.BinOp: _count,
    ast.BoolOp: _combine,
    ast.UnaryOp: _sign,
    ast.IfExp: _choose,
    ast.Constant: _value,
    ast.Return: _return,
    ast.If: _condition,
    ast.Slice: _slice,
    ast.Call: _call,
    ast.Expr: _statement,
    ast.Raise: _statement,
    **dict.fromkeys((ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp), _comprehend),
}


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module, from its first line to its last."""
    source = path.read_text(encoding="utf-8")
    tree, seen = ast.parse(source), dict[str, int]()
    for owner, field, at, node, where in _places(tree, ""):
        for other in variants(node):
            _put(owner, field, at, other)
            code = compile(ast.fix_missing_locations(copy.deepcopy(tree)), str(path), "exec")
            _put(owner, field, at, node)
            called = f"{where or 'module'}: {_words(node)} -> {_words(other)}"
            seen[called] = seen.get(called, 0) + 1
            again = f" ({seen[called]})" if seen[called] > 1 else ""
            yield Mutant(f"{called}{again}", _diff(source, node, other), code)


Position = tuple[ast.AST, str, int | None, ast.AST, str]


def _places(owner: ast.AST, where: str) -> Iterator[Position]:
    """Every node with its parent, its place in it, and the function it is in.

    Docstrings and types are left alone.
    """
    for field, value in ast.iter_fields(owner):
        if field in UNTOUCHED:
            continue
        for at, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _is_text(node, owner):
                continue
            named = isinstance(node, ast.FunctionDef | ast.ClassDef)
            inside = f"{where}.{node.name}".lstrip(".") if named else where  # type: ignore[attr-defined]
            yield owner, field, at, node, inside
            yield from _places(node, inside)


def _is_text(node: ast.AST, owner: ast.AST) -> bool:
    """Whether it is a docstring, the `...` of a protocol, words of an f-string, or `__all__`."""
    if isinstance(owner, ast.JoinedStr):
        return isinstance(node, ast.Constant)
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) == "__all__"
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _put(owner: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(owner, field, node)
    else:
        getattr(owner, field)[at] = node


def _words(node: ast.AST) -> str:
    if isinstance(node, ast.If):
        node = node.test
    words = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return words if len(words) <= 150 else f"{words[:100]} … {words[-45:]}"


def _diff(source: str, node: ast.AST, other: ast.AST) -> str:
    """The lines of the change, as they were and as they are in the mutant."""
    if isinstance(node, ast.If):
        node, other = node.test, other.test  # type: ignore[attr-defined]
    lines = source.splitlines()
    first, last = node.lineno - 1, node.end_lineno  # type: ignore[attr-defined]
    before = lines[first:last]
    start = len(before[0].encode()[: node.col_offset].decode())  # type: ignore[attr-defined]
    end = before[-1].encode()[node.end_col_offset :].decode()  # type: ignore[attr-defined]
    after = before[0][:start] + ast.unparse(ast.fix_missing_locations(copy.deepcopy(other))) + end
    return "\n".join([f"  line {first + 1}", *(f"  - {line}" for line in before), f"  + {after}"])
