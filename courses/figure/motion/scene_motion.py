"""A timeline as the file that static/js/scene.js plays: one drawing, and its changes over time.
Figures come from timeline.py, the merged drawing from merging.py, few values from tracks.py.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise, product

from courses.figure.anatomy.body import LayerCache
from courses.figure.baby import Figure, draw_layers, wrap_drawing
from courses.figure.motion.merging import (
    PAINTS,
    DrawingNode,
    LineState,
    MovingDrawing,
    MovingNode,
    read_drawing,
    stable_order,
)
from courses.figure.motion.timeline import Timeline
from courses.figure.motion.tracks import Row, Track, fit_track, fit_tracks

MIN_GAP = 0.06
"""Seconds. Between samples that differ in structure more are taken, until they are this close."""
BODY = ("flex", "bend", "sag", "turn", "tilt", "nod")
CALM, QUICK = 0.55, 0.85
"""Breaths a second when calm, and how many more when fast.

Only so that they look right: no rule for babies.
"""
PAINT_TOLERANCE = 2


@dataclass(frozen=True)
class Samples:
    """Figures of a timeline at rising times in seconds, and the drawing merged from them all."""

    times: list[float]
    drawing: MovingDrawing
    figures: list[Figure]

    @property
    def ticks(self) -> list[int]:
        """The times in hundredths of a second, as the player counts."""
        return [round(time * 100) for time in self.times]


def motion_of(timeline: Timeline, uid: str) -> str:
    """The whole file as JSON.

    `uid` begins every id in it: a letter first, then letters, digits and hyphens.
    """
    samples = sample_timeline(timeline, uid)
    ticks = samples.ticks
    root = samples.drawing.root
    nodes = root.walk()[1:]
    # The player finds a piece by its index among the elements of the drawing.
    index = {node: i for i, node in enumerate(nodes)}
    tracks = _line_tracks(timeline, samples)
    body = "".join(_markup(child, tracks) for child in root.children)
    file = {
        "end": ticks[-1],
        "svg": wrap_drawing(samples.figures[0], body),
        "lines": list(_encoded_lines(tracks, index)),
        "paint": list(_paint_tracks(samples.drawing.lines, index, ticks)),
        "seen": list(_visibility(root, index, ticks, set(range(len(ticks))))),
        "breath": _breath(nodes, index, samples),
    }
    return json.dumps(file, separators=(",", ":"))


def sample_timeline(timeline: Timeline, uid: str) -> Samples:
    """Samples a timeline wherever something changes, and more closely where the structure does."""
    cache: LayerCache = {}
    sampled = {time: _sample(timeline, time, uid, cache) for time in timeline.sample_times()}
    gaps = list(pairwise(sorted(sampled)))
    while gaps:
        begin, end = gaps.pop()
        (_, first) = sampled[begin]
        (_, last) = sampled[end]
        if end - begin <= MIN_GAP or first.structure == last.structure:
            continue
        # The player counts hundredths of a second.
        middle = round((begin + end) / 2, 2)
        sampled[middle] = _sample(timeline, middle, uid, cache)
        gaps += [(begin, middle), (middle, end)]
    times = sorted(sampled)
    merged = MovingDrawing()
    figures = []
    for i, time in enumerate(times):
        figure, drawing = sampled[time]
        merged.add(i, drawing)
        figures.append(figure)
    return Samples(times, merged, figures)


def _sample(
    timeline: Timeline, time: float, uid: str, cache: LayerCache
) -> tuple[Figure, DrawingNode]:
    figure = timeline.figure_at(time)
    # The player moves the chest, so that no lines are drawn beside it.
    numbers = figure.numbers | {"breath": 0.0}
    without_breath = replace(figure, numbers=numbers)
    layers = draw_layers(without_breath, uid, cache)
    return figure, read_drawing(stable_order(layers))


def _line_tracks(timeline: Timeline, samples: Samples) -> dict[MovingNode, Track]:
    """The track of every line, those of a group keyed together."""
    view = timeline.keyframes[0].pose.view
    ticks = samples.ticks
    tracks: dict[MovingNode, Track] = {}
    for name, group in samples.drawing.groups:
        lines = [node for node in group if node.states]
        wanted = timeline.sample_times(_drivers(name, view))
        indexes = _sample_indexes(lines, samples.times, wanted)
        rows = [_rows(line, indexes) for line in lines]
        key_ticks = [ticks[i] for i in indexes]
        fitted = fit_tracks(key_ticks, rows)
        tracks.update(zip(lines, fitted, strict=True))
    return tracks


def _rows(line: MovingNode, indexes: Sequence[int]) -> list[Row | None]:
    """The numbers of a line at some samples, None where it is not there."""
    states = [line.states.get(i) for i in indexes]
    return [state.numbers if state else None for state in states]


def _drivers(name: str, view: str) -> tuple[str, ...]:
    """How the names of the numbers begin that move a layer of the drawing.

    Seen from the side a body lies on what touches the mat, so that everything moves everything.
    """
    if view == "side":
        return ("",)
    if name.startswith("leg"):
        return (f"leg_{_side(name)}",)
    if name.startswith("arm"):
        return (f"arm_{_side(name)}", *BODY)
    if name.startswith("carer"):
        return ("carer_",)
    return ("",)


def _side(name: str) -> str:
    """The letter of a limb's side, from a layer's name such as "leg0 1"."""
    index = int(name[3])
    return "lr"[index]


def _sample_indexes(
    lines: Sequence[MovingNode], times: Sequence[float], wanted: set[float]
) -> list[int]:
    """The indexes of the wanted times, and of those where one of the lines comes or goes."""
    last = len(times) - 1
    indexes = {0, last}
    indexes.update(i for i, time in enumerate(times) if time in wanted)
    present = [_present(lines, i) for i in range(len(times))]
    for i, (before, after) in enumerate(pairwise(present)):
        if before != after:
            indexes |= {i, i + 1}
    return sorted(indexes)


def _present(lines: Sequence[MovingNode], index: int) -> list[bool]:
    """Which of the lines are there at a sample."""
    return [index in line.states for line in lines]


def _encoded_lines(
    tracks: Mapping[MovingNode, Track], index: Mapping[MovingNode, int]
) -> Iterator[list[object]]:
    for node, track in tracks.items():
        if not track.is_moving:
            continue
        encoded = track.encode()
        yield [index[node], node.template, *encoded]


def _markup(node: MovingNode, tracks: Mapping[MovingNode, Track]) -> str:
    """The drawing itself. What moves has no path data of its own: the player writes it."""
    if node.is_line:
        state = next(iter(node.states.values()))
        attributes = _line_attributes(node, state, tracks[node])
        return f"<path{_written(attributes)}/>"
    attributes = node.attributes
    attributes.pop("part", "")
    inner = "".join(_markup(child, tracks) for child in node.children)
    return f"<{node.tag}{_written(attributes)}>{inner}</{node.tag}>"


def _line_attributes(node: MovingNode, state: LineState, track: Track) -> dict[str, str]:
    attributes = {}
    if not track.is_moving:
        attributes["d"] = state.d
    for name in PAINTS:
        if state.paint(name):
            attributes[name] = state.paint(name)
    return attributes | node.attributes


def _written(attributes: Mapping[str, str]) -> str:
    """Attributes as they stand in a tag."""
    text = ""
    for name, value in attributes.items():
        text += f' {name}="{escape(value)}"'
    return text


def _paint_tracks(
    lines: Sequence[MovingNode], index: Mapping[MovingNode, int], ticks: list[int]
) -> Iterator[list[object]]:
    """Colours and opacities that change, each with the indexes of the lines that have it."""
    alike: dict[tuple[str, Track], list[int]] = defaultdict(list)
    for line, name in product(lines, PAINTS):
        paints = {i: state.paint(name) for i, state in line.states.items()}
        if len(set(paints.values())) == 1:
            continue
        rows = [_paint_row(paints.get(i)) for i in range(len(ticks))]
        track = fit_track(ticks, rows, PAINT_TOLERANCE)
        alike[name, track].append(index[line])
    for (name, track), places in alike.items():
        yield [places, name, *track.encode()]


def _paint_row(paint: str | None) -> Row | None:
    """A colour as red, green and blue, an opacity in percent."""
    if paint is None:
        return None
    if paint.startswith("#"):
        return tuple(bytes.fromhex(paint[1:]))
    return (round(float(paint) * 100),)


def _visibility(
    node: MovingNode, index: Mapping[MovingNode, int], ticks: list[int], around: set[int]
) -> Iterator[list[object]]:
    """What is not always there, with the times at which it comes and goes; it begins away.

    `around` has the samples at which what holds the node is there.
    """
    present: set[int] = set()
    for inner in node.walk():
        present.update(inner.states)
    if not present:
        return  # a group that is always empty
    if present != around:
        turns = [tick for i, tick in enumerate(ticks) if (i in present) != (i - 1 in present)]
        yield [index[node], turns]
    for child in node.children:
        yield from _visibility(child, index, ticks, present)


def _breath(
    nodes: list[MovingNode], index: Mapping[MovingNode, int], samples: Samples
) -> list[object]:
    """The trunk, and its middle, breaths in a hundred seconds and their depth in percent."""
    trunk = next(node for node in nodes if node.identity[1:] == ("part", "trunk"))
    outline = trunk.children[0]
    rows: list[Row | None] = []
    for i, figure in enumerate(samples.figures):
        breath = figure.numbers["breath"]
        pace = CALM + QUICK * max(breath, 0.0)
        depth = 1 + min(breath, 0.0)
        x, y = _middle_of(outline.states[i])
        rows.append((x, y, round(pace * 100), round(depth * 100)))
    return [index[trunk], *fit_track(samples.ticks, rows).encode()]


def _middle_of(state: LineState) -> tuple[int, int]:
    """The middle of a line's points."""
    across = state.numbers[0::2]
    down = state.numbers[1::2]
    x = sum(across) / len(across)
    y = sum(down) / len(down)
    return round(x), round(y)
