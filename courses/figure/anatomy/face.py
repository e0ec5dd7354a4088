"""The face: eyes, brows, nose, mouth, cheeks and tears, drawn on the plate of a head from numbers.
Words such as "yawn" become numbers in words.py; the head's shape and hair are in head.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from courses.figure.anatomy.head import Plate
from courses.figure.geometry import circle, smooth
from courses.figure.palette import DUSK, MOTTLE, SKY, Ink, flat, mixed

Numbers = Mapping[str, float]
RIM = 0.3  # eyes and brows end where the head turns away so far: their lines need room inside its outline
WHITE, IRIS, PUPIL, MOUTH, TONGUE, GUM = (
    "#fffdf8",
    "#4b3326",
    "#1d1418",
    "#6d2433",
    "#dd7f84",
    "#efaaa4",
)


@dataclass(frozen=True)
class Look:
    """What a face has that does not move: eye colour, teeth, lashes, fine lines."""

    iris: str = IRIS
    teeth: bool = False
    age_lines: bool = False
    adult: bool = False


def draw_face(plate: Plate, n: Numbers, ink: Ink, uid: str, look: Look = Look()) -> str:
    """Everything on the front of the head, from cheeks to brows. What moves as one is a group, empty when it is not seen."""
    eyes = [_eye(plate, n, ink, side, f"{uid}{'l' if side < 0 else 'r'}", look) for side in (-1, 1)]
    brows = "".join(_brow(plate, n, ink, side, look) for side in (-1, 1))
    groups = [draw_mouth(plate, n, ink, f"{uid}m", look), *eyes, brows]
    grouped = "".join(f"<g>{group}</g>" for group in groups)
    return _cheeks(plate, n, ink) + _nose(plate, n, ink) + grouped + _tears(plate, n)


def _cheeks(plate: Plate, n: Numbers, ink: Ink) -> str:
    strength = min(0.4 + 0.5 * n["flush"], 0.9) * (1 - 0.85 * max(n["pale"], n["dusky"]))
    ex, ey = plate.skull.eye[:2]
    out = ""
    for side in (-1, 1):
        x, y = side * (ex + 0.13), ey - 0.27 + 0.03 * n["cheek"]
        grow = 1 + 0.35 * n["flush"]
        if plate.facing(x, y) > 0.15:
            out += flat(plate.dot(x, y, 0.155 * grow, 0.115 * grow), ink.tone.blush, strength)
            if n["mottle"] > 0.2:
                spots = (
                    (0.1, -0.16, 0.1, 0.05),
                    (-0.14, 0.08, 0.05, 0.08),
                    (0.02, 0.52, 0.13, 0.06),
                    (-0.2, 0.6, 0.07, 0.05),
                )
                patches = "".join(
                    plate.dot(x + side * dx, y + dy, rx, ry, 6) for dx, dy, rx, ry in spots
                )
                out += flat(patches, mixed(ink.tone.blush, MOTTLE, 0.45), 0.42 * n["mottle"])
    return out


def _eye(plate: Plate, n: Numbers, ink: Ink, side: int, uid: str, look: Look) -> str:
    ex, ey, w, h = plate.skull.eye
    x0 = side * ex
    if plate.facing(x0 + 0.3 * side * w, ey) < 0.1:
        return ""
    hidden = _hidden(plate, x0, ey, side, w)
    x0, w = x0 - side * w * hidden / 2, w * (1 - hidden / 2)
    wide = max(n["lid"] - 1, 0)
    h *= 1 + 0.25 * wide
    lifted = n["lid"] * (1 - 0.42 * max(-n["gaze_y"], 0))  # the lid goes down with the eye
    top = h * (-0.42 + 1.42 * min(lifted, 1.25))
    low = -h * (0.42 + 0.18 * min(n["lid"], 1)) + h * 0.42 * n["cheek"] * min(n["lid"], 1)

    def lid(level: float, reach: float = 1.0) -> list[tuple[float, float]]:
        tilt = 0.03 * h
        return [
            (x0 + side * w * t * reach, ey + level * (1 - t * t) * 1.12 + tilt * t)
            for t in (-1, -0.75, -0.35, 0, 0.35, 0.75, 1)
        ]

    upper, lower = lid(top), lid(low)
    if n["lid"] < 0.08 or n["squeeze"] > 0.5:
        return _shut(plate, n, ink, side, x0, ey, w, h)
    d = plate.lens(upper, lower)
    gx, gy = n["gaze_x"] * w * 0.46, n["gaze_y"] * h * 0.42
    r = h * plate.skull.iris
    ix, iy = x0 + gx, ey + h * 0.12 + gy
    spot = plate.at(ix - 0.3 * r, iy + 0.42 * r)
    size = plate.frame.unit * r
    inside = (
        flat(plate.dot(x0, ey, w * 1.2, h * 1.5), WHITE)
        + flat(plate.dot(ix, iy, r, r), look.iris)
        + flat(plate.dot(ix, iy, r * 0.56, r * 0.56), PUPIL)
        + flat(circle(spot, size * 0.26 * (1 - 0.75 * n["glaze"])), WHITE)
    )
    out = ""
    if n["lid"] < 0.85:
        fold = lid(h * 1.0, 0.97)
        out += flat(plate.lens(fold, upper), mixed(ink.skin, ink.tone.shade, 0.4))
        out += ink.stroke(plate.path(fold, False), mixed(ink.tone.shade, ink.line, 0.35), 0.8)
    out += f'<clipPath id="{uid}"><path d="{d}"/></clipPath><g clip-path="url(#{uid})">{inside}</g>'
    out += ink.stroke(plate.path(lower, False), mixed(ink.tone.shade, ink.line, 0.45), 0.7)
    out += ink.stroke(plate.path(upper, False), thin=1.35)
    return out


def _hidden(plate: Plate, x: float, y: float, side: int, reach: float) -> float:
    """How much of the outer half of an eye or brow lies round the edge of a head that is turned, 0 to 1."""
    seen, gone = 0.0, 1.0
    if plate.facing(x + side * reach, y) >= RIM:
        return 0.0
    for _ in range(10):
        middle = (seen + gone) / 2
        seen, gone = (
            (middle, gone) if plate.facing(x + side * reach * middle, y) >= RIM else (seen, middle)
        )
    return 1 - seen


def _shut(
    plate: Plate, n: Numbers, ink: Ink, side: int, x0: float, ey: float, w: float, h: float
) -> str:
    """A closed eye: a soft curve in sleep, a tight line with folds in crying."""
    tight = n["squeeze"]
    sag = -0.5 * h * (1 - tight) + 0.1 * h * tight
    line = [
        (
            x0 + side * w * t,
            ey
            - 0.12 * h
            + (sag if tight < 0.5 else 0.25 * h) * (1 - t * t)
            - 0.25 * h * tight * (abs(t) - 0.3)
            + 0.1 * h * t,
        )
        for t in (-1, -0.6, 0, 0.6, 1)
    ]
    out = ink.stroke(plate.path(line, False), thin=1.6)
    if tight > 0.5:
        for dy, reach in ((0.5, 0.30), (0.0, 0.36), (-0.5, 0.30)):
            fold = [
                (x0 + side * w * 1.02, ey - 0.1 * h + dy * 0.25 * h),
                (x0 + side * w * (1.0 + reach), ey - 0.05 * h + dy * 0.95 * h),
            ]
            if abs(dy) > 0.1:
                out += ink.stroke(plate.path(fold, False), thin=0.8)
        under = [(x0 + side * w * t, ey - h * (0.85 - 0.25 * t * t)) for t in (-0.8, 0, 0.8)]
        return out + ink.stroke(
            plate.path(under, False), mixed(ink.tone.shade, ink.line, 0.35), 0.8
        )
    for t in (0.35, 0.7, 1.0):
        lash = [
            (x0 + side * w * t, ey - 0.12 * h + sag * (1 - t * t) + 0.1 * h * t),
            (x0 + side * w * (t + 0.16), ey - 0.42 * h + sag * (1 - t * t)),
        ]
        out += ink.stroke(plate.path(lash, False), thin=0.8)
    return out


def _brow(plate: Plate, n: Numbers, ink: Ink, side: int, look: Look) -> str:
    up, half = plate.skull.brow
    ex = plate.skull.eye[0]
    if plate.facing(side * (ex + 0.3 * half), up) < 0.12:
        return ""
    pull = 0.055 * n["knit"]
    rise = 0.0 if look.adult else 0.035
    inner = (side * (ex - half - pull), up + rise + 0.14 * n["brow_in"])
    hidden = _hidden(plate, side * ex, up, side, 1.05 * half)
    outer = (
        side * (ex + half * 1.05 * (1 - hidden) - pull * 0.5),
        up - 0.05 + 0.11 * n["brow_out"],
    )
    middle = (
        side * (ex - pull - half * hidden / 2),
        up + 0.095 + 0.12 * (0.55 * n["brow_out"] + 0.45 * n["brow_in"]) - 0.06 * n["knit"],
    )
    colour = mixed(ink.line, ink.skin, 0.0 if look.adult else 0.25)
    out = ink.stroke(plate.path([inner, middle, outer], False), colour, 1.6 if look.adult else 1.3)
    if n["knit"] > 0.45:
        x = side * (ex - half - 0.12)
        crease = [
            (x, up + 0.02 + 0.1 * n["brow_in"]),
            (x + side * 0.015, up - 0.12 + 0.1 * n["brow_in"]),
        ]
        out += ink.stroke(plate.path(crease, False), mixed(ink.tone.shade, ink.line, 0.6), 0.8)
    return out


def _nose(plate: Plate, n: Numbers, ink: Ink) -> str:
    up, half, out_by = plate.skull.nose
    if plate.facing(0, up) < 0.02:
        return ""
    shade = mixed(ink.tone.shade, ink.line, 0.55)
    base = [
        (-half, up + 0.01),
        (-half * 0.9, up - 0.055),
        (-half * 0.3, up - 0.045),
        (0, up - 0.075),
        (half * 0.3, up - 0.045),
        (half * 0.9, up - 0.055),
        (half, up + 0.01),
    ]
    lift = 0.02 * n["squeeze"]
    points = [
        plate.at(x, y + lift, out_by * (0.55 if abs(x) > half * 0.8 else 1.0)) for x, y in base
    ]
    svg = flat(plate.dot(0, up + 0.03, half * 0.8, 0.07), ink.tone.light, 0.55) + ink.stroke(
        smooth(points, False), shade, 0.95
    )
    if n["wrinkle"] > 0.4:
        for dy in (0.1, 0.17):
            svg += ink.stroke(
                plate.path([(-0.05, up + dy), (0, up + dy + 0.025), (0.05, up + dy)], False),
                shade,
                0.8,
            )
    return svg


def draw_mouth(plate: Plate, n: Numbers, ink: Ink, uid: str, look: Look = Look()) -> str:
    level, size = plate.skull.mouth
    y0 = level - 0.04 * n["m_open"]
    if plate.facing(0, y0) < 0.0:
        return ""
    w, o, c, k = n["m_w"] * size, n["m_open"] * size, n["m_curve"] * size, n["m_square"]
    up, low = n["m_up"], 1 - n["m_up"]
    steps = (-1, -0.92, -0.7, -0.35, 0, 0.35, 0.7, 0.92, 1)

    def base(t: float) -> float:
        return y0 + c * (abs(t) ** 1.8 - 0.35)

    def edge(level: float, thick: float = 0.0, bow: float = 0.0) -> list[tuple[float, float]]:
        out = []
        for t in steps:
            bulge = (1 - abs(t) ** k) ** 0.7
            dip = bow * (1 - min(abs(t) / 0.35, 1)) if thick else 0
            out.append(
                (
                    w * t * (1.0 + (0.12 if thick else 0)),
                    base(t) + level * bulge + thick * (1 - abs(t) ** 2.5) - dip,
                )
            )
        return out

    halo = (
        flat(plate.dot(0, y0, w * 1.7, 0.2 + o), DUSK, 0.3 * n["dusky"]) if n["dusky"] > 0.2 else ""
    )
    full = 1 - 0.92 * n["m_press"]
    upper, lower = edge(o * up), edge(-o * low)
    lips_up = edge(o * up, 0.06 * full, 0.022 * full)
    lips_low = edge(-o * low, -(0.068 + 0.05 * n["m_pout"]) * full)
    lip = mixed(
        mixed(mixed(ink.tone.lip, ink.tone.base, 0.55 * n["pale"]), DUSK, 0.85 * n["dusky"]),
        "#b23c40",
        0.15 * n["flush"],
    )
    out = halo + flat(plate.lens(lips_up, lips_low), lip)
    if o > 0.03:
        out += _inside(plate, n, ink, uid, look, (upper, lower), (w, o))
    else:
        out += ink.stroke(plate.path(upper, False), thin=1.15)
    return out + _mouth_marks(plate, n, ink, base, w, o, y0)


def _inside(plate: Plate, n: Numbers, ink: Ink, uid: str, look: Look, edges, sizes) -> str:  # type: ignore[no-untyped-def]
    (upper, lower), (w, o) = edges, sizes
    d = plate.lens(upper, lower)
    parts = ""
    if n["m_tongue"] > 0.05:
        bottom = lower[4][1]
        parts += flat(
            plate.dot(0, bottom + 0.02 * o, w * 0.72, o * 0.42 * n["m_tongue"], 10),
            mixed(TONGUE, "#77658c", 0.8 * n["dusky"]),
        )
    if n["m_gum"] > 0.05:
        band = [(x, y + 0.03) for x, y in upper] + [
            (x * 0.96, y - 0.055 * n["m_gum"]) for x, y in upper[::-1]
        ]
        parts += flat(plate.path(band), WHITE if look.teeth else GUM)
    clip = f'<clipPath id="{uid}"><path d="{d}"/></clipPath>'
    return f'{clip}{flat(d, MOUTH)}<g clip-path="url(#{uid})">{parts}</g>{ink.stroke(d, thin=0.85)}'


def _mouth_marks(plate: Plate, n: Numbers, ink: Ink, base, w: float, o: float, y0: float) -> str:  # type: ignore[no-untyped-def]
    """Corners, dimples, chin: what a mouth does to the skin round it."""
    shade = mixed(ink.tone.shade, ink.line, 0.55)
    out = ""
    sides = [side for side in (-1, 1) if plate.facing(side * (w + 0.12), y0) > 0.2]
    if n["m_curve"] > 0.045:
        for side in sides:
            x, y = side * (w + 0.035), base(1)
            out += ink.stroke(
                plate.path(
                    [
                        (x - side * 0.02, y + 0.055),
                        (x + side * 0.018, y),
                        (x - side * 0.01, y - 0.05),
                    ],
                    False,
                ),
                shade,
                0.9,
            )
    if n["fold"] > 0.3:
        for side in sides:
            x = side * (w + 0.09)
            out += ink.stroke(
                plate.path(
                    [
                        (side * (w * 0.55 + 0.06), y0 + 0.21),
                        (x, y0 + 0.1),
                        (x + side * 0.02, y0 - 0.06),
                    ],
                    False,
                ),
                shade,
                0.9,
            )
    if n["m_press"] > 0.5:
        for side in sides:
            out += ink.stroke(
                plate.path(
                    [
                        (side * (w + 0.05), base(1) + 0.05),
                        (side * (w + 0.025), base(1)),
                        (side * (w + 0.05), base(1) - 0.05),
                    ],
                    False,
                ),
                shade,
                0.9,
            )
        if len(sides) > 1:
            out += ink.stroke(
                plate.path([(-0.09, y0 - 0.13), (0, y0 - 0.11), (0.09, y0 - 0.13)], False),
                shade,
                0.9,
            )
    if n["m_pout"] > 0.5:
        out += ink.stroke(
            plate.path([(-0.1, y0 - 0.17), (0, y0 - 0.15), (0.1, y0 - 0.17)], False), shade, 0.9
        )
    return out


def _tears(plate: Plate, n: Numbers) -> str:
    if n["tears"] < 0.3:
        return ""
    ex, ey, w, h = plate.skull.eye
    out = ""
    for side in (-1, 1):
        x, y = side * (ex + w * 0.55), ey - 1.5 * h
        if plate.facing(x, y) > 0.15:
            out += flat(
                plate.path(
                    [(x, y + 0.12), (x + 0.05, y - 0.03), (x, y - 0.09), (x - 0.05, y - 0.03)]
                ),
                mixed(SKY, "#ffffff", 0.35),
            )
    return out
