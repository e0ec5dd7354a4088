"""A timeline as the file that static/js/scene.js plays: one drawing, and how its lines, paint and breath go over time.
Figures over time come from timeline.py, what belongs together from frames.py, few values from tracks.py."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape
from itertools import pairwise
from typing import Any

from courses.figure.anatomy.person import Layer
from courses.figure.baby import Figure, draw_layers, wrap_drawing
from courses.figure.motion.frames import EASED, Drawn, Film, Node, Value, in_layers, read_drawing
from courses.figure.motion.paths import data_of
from courses.figure.motion.timeline import Timeline
from courses.figure.motion.tracks import Row, Track, keep_few, keep_together

CLOSEST = 0.06
"""Seconds: between two times at which different things are drawn, it is looked again until they are as close as this."""
BODY = ("flex", "bend", "sag", "turn", "tilt", "nod")
CALM, QUICK = 0.55, 0.85
"""Breaths a second when calm, and how many more when fast. Only so that they look right: no rule for babies."""


def motion_of(timeline: Timeline, uid: str) -> str:
    """The whole file as JSON. `uid` begins every id in it: a letter first, then letters, digits and hyphens."""
    times, film, figures = shoot(timeline, uid)
    ticks = [round(t * 100) for t in times]
    nodes = film.root.walk()[1:]
    place = {node: i for i, node in enumerate(nodes)}
    tracks: dict[Node, Track] = {}
    for name, group in film.groups:
        lines = [node for node in group if node.values]
        places = _places(
            lines, times, timeline.times(_drivers(name, timeline.moments[0].pose.view))
        )
        rows = [
            [node.values[i].numbers if i in node.values else None for i in places] for node in lines
        ]
        tracks |= zip(lines, keep_together([ticks[i] for i in places], rows), strict=True)
    whole = {
        "end": ticks[-1],
        "svg": wrap_drawing(
            figures[0], "".join(_markup(part, tracks, uid) for part in film.root.parts)
        ),
        "lines": [
            [place[node], node.mark[1], *track.packed()]
            for node, track in tracks.items()
            if len(track.rows) > 1
        ],
        "paint": list(_paints(film.lines, place, ticks)),
        "seen": list(_seen(film.root, place, ticks, set(range(len(ticks))))),
        "breath": _breath(nodes, place, figures, ticks),
    }
    return json.dumps(whole, separators=(",", ":"))


def shoot(timeline: Timeline, uid: str) -> tuple[list[float], Film, list[Figure]]:
    """When it was looked, the drawing that holds what was seen, and the figures."""
    kept: dict[Any, list[Layer]] = {}
    shots = {t: _shot(timeline, t, uid, kept) for t in timeline.times()}
    todo = sorted(shots)
    gaps = list(pairwise(todo))
    while gaps:
        a, b = gaps.pop()
        if b - a > CLOSEST and shots[a][1].outline != shots[b][1].outline:
            middle = round((a + b) / 2, 2)
            shots[middle] = _shot(timeline, middle, uid, kept)
            gaps += [(a, middle), (middle, b)]
    times, film = sorted(shots), Film()
    for i, t in enumerate(times):
        film.add(i, shots[t][1])
    return times, film, [shots[t][0] for t in times]


def _shot(
    timeline: Timeline, t: float, uid: str, kept: dict[Any, list[Layer]]
) -> tuple[Figure, Drawn]:
    figure = timeline.figure_at(t)
    drawn = replace(
        figure, numbers=figure.numbers | {"breath": 0.0}
    )  # the chest moves: no lines beside it
    return figure, read_drawing(in_layers(draw_layers(drawn, uid, kept)))


def _drivers(name: str, view: str) -> tuple[str, ...]:
    """How the names of the numbers begin that move a part of the drawing.

    Seen from the side a body lies on what touches the mat, so that everything moves everything.
    """
    if view == "side":
        return ("",)
    side = name[3:4].translate({ord("0"): "l", ord("1"): "r"})
    if name.startswith("leg"):
        return (f"leg_{side}",)
    if name.startswith("arm"):
        return (f"arm_{side}", *BODY)
    return ("carer_",) if name.startswith("carer") else ("",)


def _places(lines: Sequence[Node], times: Sequence[float], wanted: set[float]) -> list[int]:
    """The places of the wanted times, and of those where one of the lines comes or goes."""
    there = [tuple(i in node.values for node in lines) for i in range(len(times))]
    last = len(times) - 1
    turns = {k for i in range(last) if there[i] != there[i + 1] for k in (i, i + 1)}
    return sorted({0, last} | turns | {i for i, t in enumerate(times) if t in wanted})


def _markup(node: Node, tracks: dict[Node, Track], uid: str) -> str:
    """The drawing itself. What moves has no path data of its own: the player writes it."""
    if node.mark[0] == "path":
        first = next(iter(node.values.values()))
        return f"<path{_attributes(node, first, tracks[node])}/>"
    fixed = dict(zip(node.mark[1::2], node.mark[2::2], strict=True))
    fixed.pop("part", "")
    inner = "".join(_markup(part, tracks, uid) for part in node.parts)
    return f"<{node.mark[0]}{_written(fixed)}>{inner}</{node.mark[0]}>"


def _attributes(node: Node, value: Value, track: Track) -> str:
    own = {} if len(track.rows) > 1 else {"d": data_of(node.mark[1], value.numbers)}
    own |= {name: getattr(value, name) for name in EASED if getattr(value, name)}
    return _written(own | dict(zip(node.mark[5::2], node.mark[6::2], strict=True)))


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


def _paints(
    lines: Sequence[Node], place: dict[Node, int], ticks: list[int]
) -> Iterable[list[object]]:
    """Colours and opacities that change; those that change alike are told once."""
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for node in lines:
        for name in EASED:
            told = {i: getattr(value, name) for i, value in node.values.items()}
            if len(set(told.values())) > 1:
                track = keep_few(ticks, [_paint_row(told.get(i)) for i in range(len(ticks))], 2)
                alike[name, track].append(place[node])
    for (name, track), places in alike.items():
        yield [places, name, *track.packed()]


def _paint_row(told: str | None) -> Row | None:
    if told is None:
        return None
    if told.startswith("#"):
        return tuple(int(told[i : i + 2], 16) for i in (1, 3, 5))
    return (round(float(told) * 100),)


def _seen(
    node: Node, place: dict[Node, int], ticks: list[int], around: set[int]
) -> Iterable[list[object]]:
    """What is not always there, with the times at which it comes and goes; it begins away."""
    there = {i for part in node.walk() for i in part.values}
    if not there:
        return  # a group that is always empty
    if there != around:
        turns = [ticks[i] for i in range(len(ticks)) if (i in there) != (i - 1 in there)]
        yield [place[node], turns]
    for part in node.parts:
        yield from _seen(part, place, ticks, there)


def _breath(
    nodes: list[Node], place: dict[Node, int], figures: list[Figure], ticks: list[int]
) -> list[object]:
    """The trunk, and over time where its middle is, breaths in a hundred seconds, and how deep they are in percent."""
    trunk = next(node for node in nodes if node.mark[1:] == ("part", "trunk"))
    body = trunk.parts[0].values
    rows: list[Row | None] = []
    for i, figure in enumerate(figures):
        x, y = body[i].numbers[0::2], body[i].numbers[1::2]
        breath = figure.numbers["breath"]
        pace, depth = CALM + QUICK * max(breath, 0.0), 1 + min(breath, 0.0)
        rows.append(
            (round(sum(x) / len(x)), round(sum(y) / len(y)), round(pace * 100), round(depth * 100))
        )
    return [place[trunk], *keep_few(ticks, rows).packed()]
