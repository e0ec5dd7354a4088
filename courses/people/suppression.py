"""Numbers below five people in a table with totals: which places are hidden, so that none shows.

Plain Python. Primary: a cell or total of one to four people. Secondary: so many others that no
hidden one follows from the totals. Source: the house's rule on small numbers, and the two steps
(primary and secondary suppression) that official statistics use.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

FEWEST = 5  # people: a smaller number speaks of single ones
Place = tuple[int, int]
Node = tuple[str, int]
"""A row or a column of the table, by its number."""

Table = Sequence[Sequence[int]]


def with_totals(table: Table) -> list[list[int]]:
    """The table with a last column of row totals and a last row of column totals."""
    rows = [[*row, sum(row)] for row in table]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def hidden_places(tables: Sequence[Table]) -> frozenset[Place]:
    """The places to hide, as (row, column) in the table with its totals.

    Several tables of one shape are shown in the same places, as a fraction is: what is hidden in
    one is hidden in all. The last row and the last column are the totals. In each line with a
    total at least two places are hidden or none, what is hidden in it adds up to no number
    between one and four, and no hidden place follows from the equations of all lines.

    Args:
        tables: without totals, at least one row and one column each, no number below 0.
    """
    layers = [with_totals(table) for table in tables]
    hidden = _small_places(layers)
    while True:
        exposed = _exposed_line(layers, hidden) or _bridge_line(layers, hidden)
        if not exposed:
            return frozenset(hidden)
        hidden.add(_best_to_hide(layers, exposed, hidden))


def is_small(number: int) -> bool:
    """Whether this many people are too few to be shown; none at all is no person."""
    return 0 < number < FEWEST


def _small_places(layers: Sequence[Table]) -> set[Place]:
    small = set()
    for place in _places(layers):
        if any(is_small(layer[place[0]][place[1]]) for layer in layers):
            small.add(place)
    return small


def _places(layers: Sequence[Table]) -> Iterable[Place]:
    rows, columns = len(layers[0]), len(layers[0][0])
    return ((row, column) for row in range(rows) for column in range(columns))


def _lines(layers: Sequence[Table]) -> list[list[Place]]:
    """Every row and every column: in each, the last place is the sum of the others."""
    rows, columns = len(layers[0]), len(layers[0][0])
    lines = []
    for row in range(rows):
        lines.append([(row, column) for column in range(columns)])
    for column in range(columns):
        lines.append([(row, column) for row in range(rows)])
    return lines


def _exposed_line(layers: Sequence[Table], hidden: Collection[Place]) -> list[Place] | None:
    """A line whose hidden places tell too much, with something left to hide; None: there is none.

    With the total shown, the hidden inner ones add up to a number that anybody can work out; with
    the total hidden too, nothing is known but that the others are part of it.
    """
    for line in _lines(layers):
        inner = [place for place in line[:-1] if place in hidden]
        is_total_hidden = line[-1] in hidden
        if len(inner) == len(line) - 1 and is_total_hidden:
            continue  # nothing of the line is shown
        if not inner and not is_total_hidden:
            continue
        if len(inner) + is_total_hidden < 2:
            return line
        if not is_total_hidden and _adds_up_to_few(layers, inner):
            return line
    return None


def _adds_up_to_few(layers: Sequence[Table], places: Iterable[Place]) -> bool:
    listed = list(places)
    sums = []
    for layer in layers:
        sums.append(sum(layer[row][column] for row, column in listed))
    return any(is_small(number) for number in sums)


def _bridge_line(layers: Sequence[Table], hidden: Collection[Place]) -> list[Place] | None:
    """A line with a hidden place that the equations determine, with something left to hide.

    The hidden places are the edges of a graph between rows and columns; the equations determine
    one exactly where it is a bridge, on no circle of others.
    """
    bridges = _Bridges(hidden).places
    for line in _lines(layers):
        has_bridge = any(place in bridges for place in line)
        if has_bridge and any(place not in hidden for place in line):
            return line
    return None


class _Bridges:
    """The edges of a graph of rows and columns without which it would fall apart.

    Tarjan's way: a walk through the graph numbers its nodes, and an edge is a bridge where nothing
    beyond it leads back to its beginning or before.
    """

    def __init__(self, edges: Iterable[Place]) -> None:
        self.places: set[Place] = set()
        self._neighbours: dict[Node, list[tuple[Node, Place]]] = defaultdict(list)
        for place in edges:
            row, column = ("row", place[0]), ("column", place[1])
            self._neighbours[row].append((column, place))
            self._neighbours[column].append((row, place))
        self._number: dict[Node, int] = {}
        for node in list(self._neighbours):
            if node not in self._number:
                self._walk(node, None)

    def _walk(self, node: Node, came_by: Place | None) -> int:
        """Visits a node and all beyond it; the lowest number that can be reached from there."""
        own = lowest = self._number[node] = len(self._number)
        for neighbour, place in self._neighbours[node]:
            if place == came_by:
                continue
            if neighbour in self._number:
                lowest = min(lowest, self._number[neighbour])
                continue
            reached = self._walk(neighbour, place)
            lowest = min(lowest, reached)
            if reached > own:
                self.places.add(place)
        return lowest


def _best_to_hide(
    layers: Sequence[Table], line: Sequence[Place], hidden: Collection[Place]
) -> Place:
    """The place of the line whose loss costs least.

    An inner one before a total, one with people before an empty one, which protects nothing where
    everybody knows that it is empty; then the smallest.
    """
    last_row, last_column = len(layers[0]) - 1, len(layers[0][0]) - 1

    def cost(place: Place) -> tuple[bool, bool, int, Place]:
        row, column = place
        people = sum(layer[row][column] for layer in layers)
        is_total = row == last_row or column == last_column
        return is_total, people == 0, people, place

    return min((place for place in line if place not in hidden), key=cost)
