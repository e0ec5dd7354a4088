"""Many drawings of one scene merged into one drawing whose lines move.
Which figure is drawn when is in timeline.py; how states become few numbers, in tracks.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from xml.etree import ElementTree

from courses.figure.anatomy.person import Layer
from courses.figure.motion.paths import Numbers, split_path

PAINTS = ("fill", "stroke", "opacity")
"""What may change of a line without it being another line."""

Identity = tuple[str, ...]
"""What makes a piece of a drawing this piece and no other.

The tag and then name and value of each fixed attribute; for a line its path template and three
words for how it is painted come between.
"""
PAINT_WORDS = 5  # where the fixed attributes of a line begin


class LineState(NamedTuple):
    """How a line is drawn at one time: the numbers of its path, and its paints ("" for none).

    `d` is the path data they were read from.
    """

    d: str
    numbers: Numbers
    fill: str
    stroke: str
    opacity: str

    @property
    def values(self) -> tuple[Numbers, str, str, str]:
        """All but the path data, which may round the same numbers in another way."""
        return self[1:]

    def paint(self, name: str) -> str:
        """One of PAINTS."""
        return str(getattr(self, name))


@dataclass(frozen=True, eq=False)
class DrawingNode:
    """A piece of one drawing, with its state if it is a line, and the pieces inside it."""

    identity: Identity
    state: LineState | None = None
    children: tuple[DrawingNode, ...] = ()

    @cached_property
    def structure(self) -> tuple[Any, ...]:
        """What is there, whatever its states."""
        inner = [child.structure for child in self.children]
        return (self.identity, *inner)

    @cached_property
    def states(self) -> tuple[LineState | None, ...]:
        """The states of this piece and of all inside it, in the order of the drawing."""
        states = [self.state]
        for child in self.children:
            states += child.states
        return tuple(states)


@dataclass(eq=False)
class MovingNode:
    """A piece of the drawing that moves.

    `states` has its state at each time at which it is there.
    """

    identity: Identity
    children: list[MovingNode] = field(default_factory=list)
    states: dict[int, LineState] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        return self.identity[0]

    @property
    def is_line(self) -> bool:
        return self.tag == "path"

    @property
    def template(self) -> str:
        """The path template of a line."""
        return self.identity[1]

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes that never change."""
        start = PAINT_WORDS if self.is_line else 1
        names = self.identity[start::2]
        values = self.identity[start + 1 :: 2]
        return dict(zip(names, values, strict=True))

    def walk(self) -> list[MovingNode]:
        """This piece and all inside it, in the order of the drawing."""
        nodes = [self]
        for child in self.children:
            nodes += child.walk()
        return nodes


def read_drawing(layers: Sequence[Layer]) -> DrawingNode:
    """A drawing as a tree; every layer of the figure is a group with its name."""
    drawn = [layer for layer in layers if layer.svg]
    groups = [_read_layer(layer.name, layer.svg) for layer in drawn]
    return DrawingNode(("sheet",), children=tuple(groups))


@lru_cache(maxsize=512)
def _read_layer(name: str, svg: str) -> DrawingNode:
    drawing = ElementTree.fromstring(f"<g>{svg}</g>")  # noqa: S314 we drew it
    identity = ("g", "part", name)
    children = _read_children(drawing)
    return DrawingNode(identity, children=children)


def _read_children(parent: ElementTree.Element) -> tuple[DrawingNode, ...]:
    nodes = [_read_element(element) for element in parent]
    return tuple(nodes)


def _read_element(element: ElementTree.Element) -> DrawingNode:
    attributes = dict(element.attrib)
    if element.tag != "path":
        identity = (element.tag, *_flat(attributes))
        return DrawingNode(identity, children=_read_children(element))
    d = attributes.pop("d")
    template, numbers = split_path(d)
    fill, stroke, opacity = (attributes.pop(name, "") for name in PAINTS)
    # A fill that fades to its edge has a definition of its own, and never becomes a colour.
    if fill.startswith("url("):
        attributes["fill"] = fill
        fill = ""
    # "none" cannot become a colour over time, nor can a line without opacity begin to fade.
    paint_words = (
        "none" if fill == "none" else "",
        "none" if stroke == "none" else "",
        "fades" if opacity else "",
    )
    identity = ("path", template, *paint_words, *_flat(attributes))
    return DrawingNode(identity, LineState(d, numbers, fill, stroke, opacity))


def _flat(attributes: Mapping[str, str]) -> list[str]:
    """Names and values in one list, sorted by name."""
    flat: list[str] = []
    for name, value in sorted(attributes.items()):
        flat += [name, value]
    return flat


class MovingDrawing:
    """One drawing merged from many: add drawings in the order of time."""

    def __init__(self) -> None:
        self.root = MovingNode(("sheet",))
        # The nodes of the drawings added so far, by their structure: most are alike, and merged
        # once.
        self._merged: dict[tuple[Any, ...], list[MovingNode]] = {}

    def add(self, time: int, drawing: DrawingNode) -> None:
        """Records the states of a drawing at a time, and merges in what is new in it."""
        structure = drawing.structure
        if structure not in self._merged:
            nodes: list[MovingNode] = []
            _merge(self.root, drawing, nodes)
            self._merged[structure] = nodes
        for node, state in zip(self._merged[structure], drawing.states, strict=True):
            if state:
                node.states[time] = state

    @property
    def groups(self) -> list[tuple[str, list[MovingNode]]]:
        """The lines that move as one, with the name of their layer: those of an arm, of an eye."""
        groups = []
        for layer in self.root.children:
            name = layer.attributes["part"]
            groups += [(name, group) for group in _grouped(layer) if group]
        return groups

    @property
    def lines(self) -> list[MovingNode]:
        """Every line, in the order of the drawing."""
        nodes = self.root.walk()
        return [node for node in nodes if node.is_line]


def _grouped(node: MovingNode) -> list[list[MovingNode]]:
    """The nodes of a piece in groups: its own first, then those of every plain <g> in it."""
    own: list[MovingNode] = []
    others: list[list[MovingNode]] = []
    for child in node.children:
        if child.identity == ("g",):
            others += _grouped(child)
            continue
        first, *rest = _grouped(child)
        own += [child, *first]
        others += rest
    return [own, *others]


def _merge(node: MovingNode, drawing: DrawingNode, order: list[MovingNode]) -> None:
    """Finds every piece of a drawing in the moving one, and inserts those it has not.

    `order` receives the moving nodes in the order of the drawing's pieces.
    """
    order.append(node)
    old = [child.identity for child in node.children]
    new = [child.identity for child in drawing.children]
    matches = _common_subsequence(old, new)
    children: list[MovingNode] = []
    targets: list[MovingNode] = []
    taken = 0  # how many of the old children are in the new list
    for i, child in enumerate(drawing.children):
        if i in matches:
            position = matches[i]
            children += node.children[taken : position + 1]
            taken = position + 1
            targets.append(node.children[position])
        else:
            fresh = MovingNode(child.identity)
            children.append(fresh)
            targets.append(fresh)
    node.children = [*children, *node.children[taken:]]
    for target, child in zip(targets, drawing.children, strict=True):
        _merge(target, child, order)


def _common_subsequence(old: list[Identity], new: list[Identity]) -> dict[int, int]:
    """The longest common subsequence: index in `new` to index in `old`."""
    longest = _subsequence_lengths(old, new)
    pairs: dict[int, int] = {}
    i, j = 0, 0
    while i < len(old) and j < len(new):
        if old[i] == new[j] and longest[i][j] == longest[i + 1][j + 1] + 1:
            pairs[j] = i
            i, j = i + 1, j + 1
        elif longest[i + 1][j] >= longest[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _subsequence_lengths(old: list[Identity], new: list[Identity]) -> list[list[int]]:
    """The length of the longest common subsequence from each pair of indexes on."""
    following = [0] * (len(new) + 1)
    rows = [following]
    for piece in reversed(old):
        row = [0] * (len(new) + 1)
        for j in reversed(range(len(new))):
            row[j] = max(following[j], row[j + 1])
            if piece == new[j]:
                row[j] = max(row[j], following[j + 1] + 1)
        rows.append(row)
        following = row
    rows.reverse()
    return rows


CROSSED = ("trunk", "head", "tray")
"""Layers that a limb may pass from one side of to the other."""
BETWEEN = 1.5
"""Where a carer behind the baby comes among CROSSING: over the shadow and under the rest."""
CROSSING = ("surface", "shadow", "hair", "leg0", "leg1", "straps", "arm0", "arm1")


def stable_order(layers: Sequence[Layer]) -> list[Layer]:
    """The layers in an order that changes little over time.

    A limb's name gets the number of layers it is in front of, so that a limb that passes the trunk
    is there twice: once behind it and once before.
    """
    names = [layer.name for layer in layers]
    crossed = [names.index(name) for name in CROSSED if name in names]
    keyed: list[tuple[float, float, Layer]] = []
    for position, layer in enumerate(layers):
        if layer.name in CROSSING:
            passed = sum(place < position for place in crossed)
            if layer.name.startswith("leg"):
                passed = min(passed, 1)  # a leg over the head is drawn as one over the trunk
            named = layer._replace(name=f"{layer.name} {passed}")
            keyed.append((float(passed), CROSSING.index(layer.name), named))
        elif position in crossed:
            keyed.append((crossed.index(position) + 0.5, BETWEEN, layer))
        else:
            is_before_trunk = bool(crossed) and position > crossed[0]
            keyed.append((9.0 if is_before_trunk else 0.0, BETWEEN, layer))
    keyed.sort(key=lambda item: item[:2])
    return [layer for _, _, layer in keyed]
