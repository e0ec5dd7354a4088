"""A grown-up's hair, before the face and behind the head, in the shapes that people wear.
Hairlines are given as places on the cranium, so that they turn with the head. Scarves are in
scarf.py, babies' hair in anatomy/hair.py."""

from __future__ import annotations

from dataclasses import dataclass

from courses.figure.adults.look import AdultLook
from courses.figure.adults.scarf import draw_scarf
from courses.figure.anatomy.hair import CROWN, direction_of, hood, rim_directions, waved
from courses.figure.anatomy.head import Skull
from courses.figure.geometry.outlines import ellipses_outline, project_ellipsoid
from courses.figure.geometry.path_data import smooth_path
from courses.figure.geometry.vectors import Frame, Point, Space, dot_product, unit_vector
from courses.figure.palette import fill_path, mix_colours

Line = tuple[tuple[float, float], ...]
"""Places of the cranium: degrees from the face to the picture's right, and up."""
RIM_POINTS = 26


@dataclass(frozen=True)
class Style:
    """One way to wear hair.

    Attributes:
        rim: the hairline from the middle of the forehead round the right side to the nape.
        left: the same round the left side where a parting makes it another; () for the same.
        grow: how much wider, higher and deeper than the cranium the hair is.
        wave: how far its edge goes in and out, for curls and coils.
        strands: lines that show which way it is combed.
        behind: what falls behind the head, as centres and radii of ellipsoids.
        covers_ears: whether the ears are under it.
    """

    rim: Line
    left: Line = ()
    grow: Space = (1.06, 1.07, 1.05)
    wave: float = 0.0
    strands: tuple[Line, ...] = ()
    behind: tuple[tuple[Space, Space], ...] = ()
    covers_ears: bool = False


CROPPED: Line = ((0, 41), (24, 43), (46, 41), (60, 24), (72, -4), (82, -10), (100, -14))
CROPPED += ((118, -28), (140, -44), (180, -48))
DRAWN_BACK: Line = ((0, 48), (26, 46), (48, 36), (62, 12), (72, -4), (86, -6), (104, -10))
DRAWN_BACK += ((122, -26), (180, -40))
SWEPT_RIGHT: Line = ((-16, 62), (0, 50), (22, 34), (44, 16), (58, -6), (68, -34), (84, -48))
SWEPT_RIGHT += ((120, -52), (180, -54))
SWEPT_LEFT: Line = ((-26, 52), (-44, 26), (-60, -4), (-70, -34), (-86, -48), (-120, -52))
FULL: Line = ((0, 44), (26, 43), (46, 34), (58, 12), (66, -14), (82, -28), (120, -40), (180, -44))

AFRO: Line = ((0, 42), (26, 42), (46, 36), (60, 22), (74, 4), (90, -2), (108, -12), (124, -30))
AFRO += ((180, -42),)

STYLES: dict[str, Style] = {
    "short": Style(
        CROPPED,
        grow=(1.05, 1.1, 1.05),
        strands=(((-4, 46), (8, 62), (30, 74)), ((18, 46), (30, 60), (56, 68))),
    ),
    "bun": Style(
        DRAWN_BACK,
        grow=(1.04, 1.07, 1.05),
        strands=(
            ((-22, 52), (-14, 66), (-4, 80)),
            ((2, 52), (4, 66), (8, 80)),
            ((34, 48), (40, 62), (60, 76)),
            ((58, 26), (72, 44), (100, 60)),
        ),
    ),
    "long": Style(
        SWEPT_RIGHT,
        SWEPT_LEFT,
        grow=(1.1, 1.11, 1.08),
        strands=(
            ((-10, 64), (20, 52), (52, 26)),
            ((0, 72), (40, 58), (70, 24)),
            ((-34, 56), (-54, 34), (-70, 4)),
        ),
        covers_ears=True,
    ),
    "bob": Style(
        SWEPT_RIGHT,
        SWEPT_LEFT,
        grow=(1.12, 1.11, 1.1),
        strands=(
            ((-10, 64), (20, 52), (54, 24)),
            ((-34, 56), (-54, 34), (-70, 4)),
        ),
        behind=(
            ((0, 0.2, -0.12), (0.93, 0.9, 1.04)),
            ((-0.5, -0.42, -0.12), (0.42, 0.46, 0.5)),
            ((0.5, -0.42, -0.12), (0.42, 0.46, 0.5)),
        ),
        covers_ears=True,
    ),
    "curls": Style(
        FULL,
        grow=(1.1, 1.12, 1.1),
        wave=0.035,
        behind=(
            ((0, 0.28, -0.16), (1.12, 1.02, 1.1)),
            ((-0.62, -0.36, -0.16), (0.52, 0.5, 0.54)),
            ((0.62, -0.36, -0.16), (0.52, 0.5, 0.54)),
        ),
        covers_ears=True,
    ),
    "coils": Style(AFRO, grow=(1.13, 1.18, 1.12), wave=0.05),
    "locs": Style(
        FULL,
        grow=(1.08, 1.1, 1.08),
        strands=(
            ((-30, 48), (-34, 62), (-40, 76)),
            ((-8, 48), (-10, 62), (-14, 78)),
            ((14, 48), (16, 62), (20, 78)),
            ((36, 42), (42, 58), (54, 74)),
            ((56, 18), (66, 40), (80, 62)),
        ),
        behind=(((0, 0.2, -0.12), (0.9, 0.9, 1.02)),),
        covers_ears=True,
    ),
}


def hides_ears(hair: str) -> bool:
    """Whether a style or a scarf lies over the ears."""
    return hair == "scarf" or (hair in STYLES and STYLES[hair].covers_ears)


def draw_hair_before(head: Frame, skull: Skull, look: AdultLook) -> str:
    """The hair that is seen over the head, and the locks that fall beside the face."""
    if look.hair == "scarf":
        return draw_scarf(head, skull, look)
    if look.hair == "none":
        return ""
    style = STYLES[look.hair]
    _, (rx, ry, rz) = skull.solids[0]
    gx, gy, gz = style.grow
    radii = (rx * gx, ry * gy, rz * gz)
    edge = hood(
        head,
        skull,
        radii,
        CROWN,
        rim_directions(style.rim, style.left),
        style.wave,
        points=RIM_POINTS,
    )
    svg = _draw_hood(edge, style, look) if edge else ""
    svg += _strands(head, skull, radii, style, look)
    return svg + _falling(head, look, is_before=True)


def _draw_hood(edge: list[Point], style: Style, look: AdultLook) -> str:
    """The hair over the head; where more of it falls behind, that has the outer line."""
    if not style.behind:
        return look.ink.shape(smooth_path(edge), look.hair_colour, 0.95)
    rim = edge[: RIM_POINTS * 2 - 1] if style.wave else edge[:RIM_POINTS]
    svg = fill_path(smooth_path(edge), look.hair_colour)
    return svg + look.ink.stroke(smooth_path(rim, closed=False), weight=0.95)


def strand_colour(look: AdultLook) -> str:
    """A line in the hair: lighter in dark hair, darker in fair hair."""
    red = int(look.hair_colour[1:3], 16)
    if red < 90:
        return mix_colours(look.hair_colour, "#ffffff", 0.15)
    return mix_colours(look.hair_colour, look.ink.line, 0.22)


def _strands(head: Frame, skull: Skull, radii: Space, style: Style, look: AdultLook) -> str:
    svg = ""
    for strand in style.strands:
        line = _visible_line(head, skull, radii, strand)
        if line:
            path = smooth_path(line, closed=False)
            svg += look.ink.stroke(path, strand_colour(look), 0.75)
    return svg


def _visible_line(head: Frame, skull: Skull, radii: Space, places: Line) -> list[Point]:
    """A line on the hair; [] when some of it is round the edge."""
    (cx, cy, cz), _ = skull.solids[0]
    x, y, z = head.axes[2]
    view = unit_vector((x * radii[0], y * radii[1], z * radii[2]))
    points = []
    for place in places:
        dx, dy, dz = direction_of(place)
        if dot_product((dx, dy, dz), view) < 0.12:
            return []
        spot = (cx + radii[0] * dx, cy + radii[1] * dy, cz + radii[2] * dz)
        right, down, _ = head.point(*spot)
        points.append((right, down))
    return points


def draw_hair_behind(head: Frame, look: AdultLook) -> str:
    """What falls or stands behind the head."""
    if look.hair not in STYLES:
        return ""
    svg = _falling(head, look, is_before=False)
    if look.hair == "bun":
        svg += _solid(head, (((0, 0.92, -0.62), (0.4, 0.36, 0.4)),), look)
    behind = STYLES[look.hair].behind
    return svg + (_solid(head, behind, look) if behind else "")


def _solid(head: Frame, solids: tuple[tuple[Space, Space], ...], look: AdultLook) -> str:
    ellipses = [project_ellipsoid(head, centre, radii) for centre, radii in solids]
    edge = ellipses_outline(ellipses, 30)
    if look.hair == "curls":
        edge = waved([*edge, edge[0]], 0.09 * head.unit)
    return look.ink.shape(smooth_path(edge), look.hair_colour, 0.95)


# Hair that hangs, whichever way the head leans: where it begins on the head (across, up, ahead),
# then how far out and down its points are, and half its width there.
Fall = tuple[Space, tuple[tuple[float, float, float], ...]]
FALLS: dict[str, tuple[Fall, ...]] = {
    "long": (
        (
            (0, 0.5, -0.3),
            ((0, 0, 0.6), (0, 0.6, 1.06), (0, 1.3, 1.12), (0, 2.0, 1.06), (0, 2.5, 0.7)),
        ),
    ),
    "locs": tuple(
        (
            (across, 0.2, -0.3),
            ((0, 0, 0.2), (out * 0.4, 0.6, 0.22), (out, 1.3, 0.2), (out, length, 0.12)),
        )
        for across, out, length in (
            (-0.78, -0.18, 1.7),
            (0.78, 0.18, 1.8),
            (-0.42, -0.1, 1.95),
            (0.42, 0.1, 2.0),
            (0.0, 0.0, 1.95),
        )
    ),
}
FRONT_FALLS: dict[str, tuple[Fall, ...]] = {
    "long": (
        (
            (0.78, 0.2, 0.0),
            ((0, 0, 0.1), (0.06, 0.5, 0.2), (0.14, 1.1, 0.25), (0.06, 1.7, 0.25), (0.1, 2.3, 0.03)),
        ),
        (
            (-0.78, 0.2, 0.0),
            ((0, 0, 0.1), (-0.06, 0.5, 0.16), (-0.12, 1.0, 0.18), (-0.1, 1.6, 0.03)),
        ),
    ),
    "locs": (
        ((0.8, 0.3, 0.06), ((0, 0, 0.1), (0.05, 0.6, 0.12), (0.08, 1.2, 0.12), (0.06, 1.6, 0.05))),
        ((0.82, 0.2, -0.2), ((0, 0, 0.1), (0.1, 0.7, 0.12), (0.16, 1.4, 0.12), (0.14, 1.8, 0.06))),
        (
            (-0.8, 0.3, 0.06),
            ((0, 0, 0.1), (-0.05, 0.6, 0.12), (-0.08, 1.2, 0.12), (-0.06, 1.6, 0.05)),
        ),
        (
            (-0.82, 0.2, -0.2),
            ((0, 0, 0.1), (-0.1, 0.7, 0.12), (-0.16, 1.4, 0.12), (-0.14, 1.8, 0.06)),
        ),
    ),
}


def _falling(head: Frame, look: AdultLook, is_before: bool) -> str:
    """What hangs before the shoulders, or behind the head: locks of the side turned away too."""
    svg = ""
    for fall in () if is_before else FALLS.get(look.hair, ()):
        svg += _fall(head, fall, look)
    for fall in FRONT_FALLS.get(look.hair, ()):
        _, _, ahead = head.direction(*fall[0])
        if (ahead > -0.1) == is_before:
            svg += _fall(head, fall, look)
    return svg


def _fall(head: Frame, fall: Fall, look: AdultLook) -> str:
    start, points = fall
    left, right = _edges_of_fall(head, start, points)
    svg = look.ink.shape(smooth_path([*left, *right[::-1]]), look.hair_colour, 0.9)
    # Dark hair hides its own lines, so that locs and long hair show theirs in another colour.
    line = left if look.hair == "locs" else _middles(left, right)
    lit = smooth_path(line[1:], closed=False)
    return svg + look.ink.stroke(lit, strand_colour(look), 0.75)


def _middles(left: list[Point], right: list[Point]) -> list[Point]:
    return [_middle_of(p, q) for p, q in zip(left, right, strict=True)]


def _middle_of(p: Point, q: Point) -> Point:
    return ((p[0] + q[0]) / 2, (p[1] + q[1]) / 2)


def _edges_of_fall(
    head: Frame, start: Space, points: tuple[tuple[float, float, float], ...]
) -> tuple[list[Point], list[Point]]:
    """The left and the right edge of hair that hangs, from its beginning down."""
    x, y, _ = head.point(*start)
    u = head.unit
    left = [(x + (out - half) * u, y + down * u) for out, down, half in points]
    right = [(x + (out + half) * u, y + down * u) for out, down, half in points]
    return left, right
