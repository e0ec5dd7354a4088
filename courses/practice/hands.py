"""Hands and feet, one system for babies and adults: a palm, four fingers and a thumb; a sole and five toes.
Where a hand or foot is, is decided in limbs.py; what its numbers are called, in words.py."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from .geometry import Space, around, between, capsule, chain, circle, cross, dot, plus, smooth, unit
from .palette import DUSK, Ink, flat


@dataclass(frozen=True)
class Grip:
    """The shape of one hand.

    Attributes:
        curl: 0 flat to 1 closed.
        spread: 0 fingers together to 1 as wide as they go.
        thumb: 0 beside the palm to 1 held out.
        tuck: 0 thumb outside a closed hand to 1 thumb inside it.
    """

    curl: float = 0.25
    spread: float = 0.3
    thumb: float = 0.5
    tuck: float = 0.0


@dataclass(frozen=True)
class Shape:
    """Sizes as fractions of the length of a hand: babies have short round fingers."""

    finger: float = 0.47
    thick: float = 0.092
    palm: float = 0.52


BABY_HAND = Shape()
ADULT_HAND = Shape(finger=0.56, thick=0.072, palm=0.5)

# Across the palm towards the thumb, along it, length and fan in degrees: index to little finger.
FINGERS = ((0.225, 1.0, 0.92, 13.0), (0.078, 1.05, 1.0, 3.5), (-0.07, 1.0, 0.93, -7.0), (-0.21, 0.88, 0.76, -20.0))


def _mix(*parts: tuple[float, Space]) -> Space:
    total: Space = (0.0, 0.0, 0.0)
    for k, vector in parts:
        total = plus(total, vector, k)
    return total


def draw_hand(
    wrist: Space,
    along: Space,
    palm: Space,
    thumb_side: int,
    size: float,
    grip: Grip,
    ink: Ink,
    shape: Shape = BABY_HAND,
    dusk: float = 0.0,
) -> str:
    """A hand from the wrist on.

    Args:
        along: where the fingers would point, a direction on the picture.
        palm: roughly where the palm faces; made square to `along`.
        thumb_side: 1 or -1, the turn from `along` to the thumb as the palm is looked at.
        size: length of the open hand in units of the picture.
        dusk: 0 to 1, how blue the nail beds and finger tips are.
    """
    d = unit(along)
    n = unit(plus(palm, d, -dot(palm, d)))
    side = cross(n, d)
    across: Space = (side[0] * thumb_side, side[1] * thumb_side, side[2] * thumb_side)

    def at(x: float, y: float, z: float = 0.0) -> Space:
        return plus(wrist, _mix((x, across), (y, d), (z, n)), size)

    parts = [_palm(at, shape, size), *_thumb(at, (across, d, n), grip, shape, size)]
    for i, finger in enumerate(FINGERS):
        parts += _finger(at, (across, d, n), finger, grip, shape, size, 0.001 * i, dusk)
    body = "".join(svg for _, svg in sorted(parts, key=lambda part: part[0]))
    return ink.group(body, ink.skin, 0.8)


def _palm(at, shape: Shape, size: float) -> tuple[float, str]:  # type: ignore[no-untyped-def]
    k = shape.palm
    dots = [(at(0, 0.02), 0.135), (at(0.17, k * 0.84), 0.115), (at(-0.15, k * 0.78), 0.115), (at(0.13, k * 0.35), 0.13)]
    outline = around([(c, r * size) for c, r in dots], 36)
    return at(0, k * 0.6)[2], f'<path d="{smooth(outline)}"/>'


def _finger(
    at, axes, finger, grip: Grip, shape: Shape, size: float, nudge: float, dusk: float
) -> list[tuple[float, str]]:  # type: ignore[no-untyped-def]
    across, d, n = axes
    x, y, length, fan = finger
    lean = radians(fan * (0.25 + 1.5 * grip.spread) * (1 - 0.6 * grip.curl))
    ahead = _mix((sin(lean), across), (cos(lean), d))
    first, second = radians(80 * grip.curl), radians(80 * grip.curl + 105 * grip.curl)
    knuckle = at(x, y * shape.palm * 0.92)
    length *= shape.finger * size
    middle = plus(knuckle, _mix((cos(first), ahead), (sin(first), n)), length * 0.55)
    tip = plus(middle, _mix((cos(second), ahead), (sin(second), n)), length * 0.45)
    thick = shape.thick * size
    root = between(knuckle, at(0, shape.palm * 0.35), 0.5)
    patch = f'<path d="{capsule(knuckle, thick * 0.86, root, thick * 0.8)}" stroke="none"/>'
    nail = flat(circle(tip, thick * 0.62), DUSK, 0.75 * dusk) if dusk > 0.2 else ""
    if grip.curl < 0.4:
        line = chain((knuckle, middle, tip), (thick, thick, thick * 0.86))
        return [(max(middle[2], knuckle[2]) + 0.5 + nudge, f'<path d="{line}"/>{patch}{nail}')]
    base = f'<path d="{chain((knuckle, middle), (thick, thick))}"/>{patch}'
    end = f'<path d="{chain((middle, tip), (thick, thick * 0.9))}"/>'
    behind = tip[2] < at(0, shape.palm * 0.6)[2]
    return [(knuckle[2] + 0.5 + nudge, base), (tip[2] + (-2 if behind else 2) + nudge, end)]


def _thumb(at, axes, grip: Grip, shape: Shape, size: float) -> list[tuple[float, str]]:  # type: ignore[no-untyped-def]
    across, d, n = axes
    thick = shape.thick * size * 1.08
    out = radians(18 + 40 * grip.thumb)
    open_way = _mix((sin(out), across), (cos(out), d), (0.15, n))
    tip_way = _mix((sin(out * 0.7), across), (cos(out * 0.7), d), (0.1, n))
    fold_way = _mix((0.1, across), (0.75, d), (0.65, n))
    fold_tip = _mix((-0.95, across), (0.15, d), (0.1, n))
    c = min(max((grip.curl - 0.35) / 0.5, 0.0), 1.0) * (1 - 0.5 * grip.thumb)
    first, second = unit(_mix((1 - c, open_way), (c, fold_way))), unit(_mix((1 - c, tip_way), (c, fold_tip)))
    base = at(0.17, shape.palm * 0.34, 0.05 + 0.1 * c)
    middle = plus(base, first, 0.24 * size)
    tip = plus(middle, second, 0.19 * size)
    line = f'<path d="{chain((base, middle, tip), (thick * 1.15, thick, thick * 0.88))}"/>'
    patch = f'<path d="{capsule(base, thick, at(0.02, shape.palm * 0.3), thick)}" stroke="none"/>'
    depth = max(middle[2], tip[2]) + 4 * c * (1 - grip.tuck) * (1 if n[2] > 0 else -1)
    return [(depth, line + (patch if c < 0.6 else ""))]


def draw_foot(ankle: Space, along: Space, sole: Space, big_toe: int, size: float, ink: Ink, curl: float = 0.0) -> str:
    """A bare foot. `sole` is where the underside faces; `big_toe` is 1 or -1, the side of the big toe as the sole is
    looked at; `curl` 0 to 1 bends the toes, below 0 spreads them."""
    d = unit(along)
    n = unit(plus(sole, d, -dot(sole, d)))
    side = cross(n, d)
    across: Space = (side[0] * big_toe, side[1] * big_toe, side[2] * big_toe)

    def at(x: float, y: float, z: float = 0.0) -> Space:
        return plus(ankle, _mix((x, across), (y, d), (z, n)), size)

    dots = [(at(0, -0.16, 0.12), 0.2), (at(0.1, 0.52, 0.1), 0.16), (at(-0.12, 0.46, 0.1), 0.15)]
    outline = smooth(around([(c, r * size) for c, r in dots], 36))
    toes = ""
    for i, (x, y, r) in enumerate(
        ((0.2, 0.72, 0.105), (0.05, 0.72, 0.075), (-0.06, 0.68, 0.07), (-0.16, 0.62, 0.066), (-0.25, 0.54, 0.062))
    ):
        toes += circle(
            at(x * (1 - 0.25 * min(curl, 0)), y - 0.1 * max(curl, 0), 0.1 + 0.1 * max(curl, 0) + i * 0.001), r * size
        )
    order = [f'<path d="{outline}"/>', f'<path d="{toes}"/>']
    patch = f'<path d="{smooth(around([(at(0.08, 0.45, 0.1), 0.16 * size), (at(-0.1, 0.4, 0.1), 0.15 * size)], 45))}" stroke="none"/>'
    return ink.group("".join(order) + (patch if d[2] < 0.6 else ""), ink.skin, 0.8)
