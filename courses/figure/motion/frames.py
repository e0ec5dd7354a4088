"""Many drawings of one scene as one drawing whose lines move: what is the same thing in all of them, and its values.
Which figure is drawn when is in timeline.py; how values over time become few numbers, in tracks.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from xml.etree import ElementTree

from courses.figure.anatomy.person import Layer
from courses.figure.motion.paths import Numbers, shape_of

EASED = ("fill", "stroke", "opacity")
"""What may change of a line without it being another line."""


class Value(NamedTuple):
    """How a line is drawn at one time: the numbers of its path, and fill, stroke and opacity as far as it has them."""

    numbers: Numbers
    fill: str
    stroke: str
    opacity: str


@dataclass(frozen=True, eq=False)
class Drawn:
    """A piece of one drawing: what makes it this piece and no other, its value if it is a line, and what it holds."""

    mark: tuple[str, ...]
    value: Value | None = None
    parts: tuple[Drawn, ...] = ()

    @cached_property
    def outline(self) -> tuple[Any, ...]:
        """What is there, whatever its values."""
        return (self.mark, tuple(part.outline for part in self.parts))

    @cached_property
    def values(self) -> tuple[Value | None, ...]:
        """The values of this piece and of all it holds, in the order of the drawing."""
        return (self.value, *(value for part in self.parts for value in part.values))


@dataclass(eq=False)
class Node:
    """A piece of the drawing that moves. `values` has its value at each time it is there."""

    mark: tuple[str, ...]
    parts: list[Node] = field(default_factory=list)
    values: dict[int, Value] = field(default_factory=dict)

    def walk(self) -> list[Node]:
        """This piece and all it holds, in the order of the drawing."""
        return [self, *(node for part in self.parts for node in part.walk())]


def read_drawing(parts: Sequence[Layer]) -> Drawn:
    """A drawing as a tree; every part of the figure is a group with its name."""
    return Drawn(
        ("sheet",), parts=tuple(_read_part(part.name, part.svg) for part in parts if part.svg)
    )


@lru_cache(maxsize=512)
def _read_part(name: str, svg: str) -> Drawn:
    drawing = ElementTree.fromstring(f"<g>{svg}</g>")  # noqa: S314 we drew it
    return Drawn(("g", "part", name), parts=_read_all(drawing))


def _read_all(parent: ElementTree.Element) -> tuple[Drawn, ...]:
    return tuple(_read_element(element) for element in parent)


def _read_element(element: ElementTree.Element) -> Drawn:
    own = dict(element.attrib)
    if element.tag != "path":
        fixed = [text for pair in sorted(own.items()) for text in pair]
        return Drawn((element.tag, *fixed), parts=_read_all(element))
    shape, numbers = shape_of(own.pop("d"))
    eased = [own.pop(name, "") for name in EASED]
    bare = [
        "none" if eased[0] == "none" else "",
        "none" if eased[1] == "none" else "",
        "fades" if eased[2] else "",
    ]
    fixed = [text for pair in sorted(own.items()) for text in pair]
    return Drawn(("path", shape, *bare, *fixed), Value(numbers, *eased))


class Film:
    """One drawing made of many: give it drawings in the order of time."""

    def __init__(self) -> None:
        self.root = Node(("sheet",))
        self._known: dict[tuple[Any, ...], list[Node]] = {}

    def add(self, time: int, drawn: Drawn) -> None:
        """Writes down the values of a drawing at a time, and what is new in it."""
        outline = drawn.outline
        if outline not in self._known:
            found: list[Node] = []
            _merge(self.root, drawn, found)
            self._known[outline] = found
        for node, value in zip(self._known[outline], drawn.values, strict=True):
            if value:
                node.values[time] = value

    @property
    def groups(self) -> list[tuple[str, list[Node]]]:
        """The lines that move as one, together, with the name of their part: those of an arm, of an eye."""
        return [
            (part.mark[2], group) for part in self.root.parts for group in _grouped(part) if group
        ]

    @property
    def lines(self) -> list[Node]:
        """Every line, in the order of the drawing."""
        return [node for node in self.root.walk() if node.mark[0] == "path"]


def _grouped(node: Node) -> list[list[Node]]:
    """The lines of a piece in groups: its own first, then those of every plain group in it."""
    own, others = [], []
    for part in node.parts:
        if part.mark == ("g",):
            others += _grouped(part)
        else:
            first, *rest = _grouped(part)
            own += [part, *first]
            others += rest
    return [own, *others]


def _merge(node: Node, drawn: Drawn, found: list[Node]) -> None:
    """Finds every piece of a drawing in the one that moves, and puts in what is not there. `found` is in its order."""
    found.append(node)
    pairs = _matched([part.mark for part in node.parts], [part.mark for part in drawn.parts])
    parts, taken = [], 0
    where: list[Node] = []
    for i, part in enumerate(drawn.parts):
        if (known := pairs.get(i)) is not None:
            parts += node.parts[taken : known + 1]
            taken = known + 1
            where.append(node.parts[known])
            continue
        fresh = Node(part.mark)
        parts.append(fresh)
        where.append(fresh)
    node.parts = [*parts, *node.parts[taken:]]
    for child, part in zip(where, drawn.parts, strict=True):
        _merge(child, part, found)


def _matched(old: list[tuple[str, ...]], new: list[tuple[str, ...]]) -> dict[int, int]:
    """The longest run of pieces that both have in the same order: place in `new` to place in `old`."""
    longest = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            same = longest[i + 1][j + 1] + 1 if old[i] == new[j] else 0
            longest[i][j] = max(same, longest[i + 1][j], longest[i][j + 1])
    pairs, i, j = {}, 0, 0
    while i < len(old) and j < len(new):
        if old[i] == new[j] and longest[i][j] == longest[i + 1][j + 1] + 1:
            pairs[j] = i
            i, j = i + 1, j + 1
        elif longest[i + 1][j] >= longest[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


LAYERS = ("trunk", "head", "tray")
"""Parts that a limb may pass from one side of to the other."""
BETWEEN = 1.5  # a grown-up behind the baby is over the shadow and under the rest
INSIDE = ("surface", "shadow", "hair", "leg0", "leg1", "straps", "arm0", "arm1")


def in_layers(parts: Sequence[Layer]) -> list[Layer]:
    """The parts in an order that changes little: a limb is told by what it is in front of, and so may be there twice."""
    names = [part.name for part in parts]
    marks = [names.index(name) for name in LAYERS if name in names]
    out: list[tuple[float, float, Layer]] = []
    for place, part in enumerate(parts):
        if part.name not in INSIDE:
            around = 9.0 if marks and place > marks[0] else 0.0
            out.append((marks.index(place) + 0.5 if place in marks else around, BETWEEN, part))
            continue
        passed = sum(mark < place for mark in marks)
        if part.name.startswith("leg"):
            passed = min(passed, 1)
        out.append(
            (float(passed), INSIDE.index(part.name), part._replace(name=f"{part.name} {passed}"))
        )
    return [part for _, _, part in sorted(out, key=lambda one: one[:2])]
