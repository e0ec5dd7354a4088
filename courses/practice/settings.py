"""Where a baby is: mat, lap, cot, bouncer, highchair or arms, how the body lies there, and the surface itself.
The baby's own pose is in figure.py, the grown-up in carer.py; toys a hand can hold are here too."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, radians, sin

from .geometry import Frame, around, capsule, chain, circle, number, smooth, turned
from .limbs import Build, Skeleton
from .palette import CREAM, DEEP_SAGE, LILAC, LINE, MARIGOLD, PLUM, ROSE, SAGE, SKY, Ink, flat, mixed

Numbers = Mapping[str, float]
WOOD, WOOD_DARK, SHEET = "#d9b483", "#b98d5a", "#fffaf1"

# x, y of the pelvis, unit (half a head), and the turn of the body in degrees.
STAGES: dict[tuple[str, str], tuple[float, float, float, float, float, float]] = {
    ("mat", "front"): (252, 290, 57, 0, 0, -20),
    ("mat", "side"): (285, 305, 54, 66, 0, -90),
    ("cot", "front"): (240, 300, 54, 0, 0, 0),
    ("cot", "side"): (285, 300, 52, 66, 0, -90),
    ("bouncer", "front"): (240, 318, 56, 0, -14, 0),
    ("bouncer", "side"): (272, 330, 50, 62, 0, -48),
    ("highchair", "front"): (240, 318, 54, 0, 0, 0),
    ("highchair", "side"): (225, 322, 52, 55, 0, 0),
    ("lap", "front"): (200, 352, 50, 0, -4, 0),
    ("lap", "side"): (200, 352, 50, 40, 0, -6),
    ("arms", "front"): (300, 336, 50, 14, 0, -60),
    ("arms", "side"): (300, 336, 50, 34, 0, -66),
}
AGE_SIZE = {"newborn": 0.92, "young": 1.0, "older": 0.97, "toddler": 0.9}
STAGE_KEYS = ("x", "y", "unit", "yaw", "pitch", "roll")


def stage_numbers(setting: str, view: str, age: str) -> dict[str, float]:
    values = dict(zip(STAGE_KEYS, STAGES[setting, view], strict=True))
    values["unit"] *= AGE_SIZE[age]
    return {f"stage_{key}": value for key, value in values.items()}


def root_frame(n: Numbers) -> Frame:
    axes = turned(n["stage_yaw"], n["stage_pitch"], n["stage_roll"])
    return Frame((n["stage_x"], n["stage_y"], 0.0), axes, n["stage_unit"])


def _box(x: float, y: float, w: float, h: float, r: float) -> str:
    return (
        f"M{number(x + r)} {number(y)}h{number(w - 2 * r)}a{r} {r} 0 0 1 {r} {r}v{number(h - 2 * r)}"
        f"a{r} {r} 0 0 1 -{r} {r}h{number(2 * r - w)}a{r} {r} 0 0 1 -{r} -{r}v{number(2 * r - h)}a{r} {r} 0 0 1 {r} -{r}Z"
    )


def draw_shadow(s: Skeleton, build: Build) -> str:
    """The shade of a body that lies flat, seen from above."""
    u, shift = s.root.unit, (9.0, 11.0)
    parts = [circle(s.head.at(0, 0), 0.98 * u), capsule(s.chest.at(0, -0.3), 0.72 * u, s.root.at(0, 0.1), 0.66 * u)]
    parts += [chain((a.root, a.joint, a.end), [r * u for r in build.arm_r]) for a in s.arms]
    parts += [chain((a.root, a.joint, a.end), [r * u for r in build.leg_r]) for a in s.legs]
    return f'<path d="{"".join(parts)}" fill="{LINE}" stroke="none" opacity=".13" transform="translate({shift[0]} {shift[1]})"/>'


def draw_behind(setting: str, view: str, ink: Ink) -> str:
    """What is under and behind the baby."""
    if view == "side" and setting in ("mat", "cot"):
        return _mat_side(ink) if setting == "mat" else _cot_side(ink)
    return {
        "mat": _mat,
        "cot": _cot,
        "bouncer": _bouncer,
        "highchair": _highchair,
        "lap": _room,
        "arms": _room,
    }[setting](ink)


def draw_before(setting: str, view: str, ink: Ink) -> str:
    """What is in front of the baby."""
    if setting == "highchair":
        return _tray(ink)
    if setting == "bouncer":
        return _harness(ink)
    if setting == "cot" and view == "side":
        return _cot_bars(ink)
    return ""


def _turned_box(cx: float, cy: float, w: float, h: float, angle: float, waves: int = 0) -> list[tuple[float, float]]:
    a = radians(angle)
    corners = [(-w, -h), (w, -h), (w, h), (-w, h)]
    out = []
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        for k in (0.06, 0.35, 0.65, 0.94):
            x, y = x1 + (x2 - x1) * k, y1 + (y2 - y1) * k
            out.append((cx + x * cos(a) - y * sin(a), cy + x * sin(a) + y * cos(a)))
    return out


def _mat(ink: Ink) -> str:
    """A padded play mat seen from above, with a fringe of loops and a quilted middle."""
    edge = smooth(_turned_box(240, 242, 206, 214, 4))
    inner = smooth(_turned_box(240, 242, 182, 190, 4))
    svg = flat(smooth(_turned_box(246, 251, 207, 215, 4)), LINE, 0.12)
    svg += ink.shape(edge, MARIGOLD, 0.8) + flat(inner, SAGE)
    lines = ""
    for i in (-1, 0, 1):
        lines += (
            f"M{number(240 + i * 92 - 13)} 58L{number(240 + i * 92 + 13)} 428"
            + f"M58 {number(242 + i * 92 - 13)}L424 {number(242 + i * 92 + 13)}"
        )
    return svg + ink.stroke(lines, mixed(SAGE, DEEP_SAGE, 0.5), 0.9)


def _mat_side(ink: Ink) -> str:
    svg = flat(_box(20, 60, 440, 300, 60), SAGE)
    svg += ink.shape(_box(24, 356, 432, 26, 13), MARIGOLD, 0.9)
    return svg + ink.stroke("M10 383H470", thin=0.9)


def _cot(ink: Ink) -> str:
    """A cot seen from above: rails on all four sides, a clear flat mattress with a fitted sheet."""
    svg = flat(_box(38, 18, 412, 456, 18), LINE, 0.1)
    svg += ink.shape(_box(30, 10, 420, 460, 18), WOOD, 0.9)
    svg += ink.shape(_box(52, 32, 376, 416, 12), mixed(WOOD_DARK, LINE, 0.25), 0.7)
    bars = ""
    for i in range(9):
        y = 56 + i * 46
        bars += capsule((40, y, 0), 5, (66, y + (240 - y) * 0.03, 0), 4) + capsule(
            (440, y, 0), 5, (414, y + (240 - y) * 0.03, 0), 4
        )
    for i in range(7):
        x = 82 + i * 52.6
        bars += capsule((x, 20, 0), 5, (x, 46, 0), 4) + capsule((x, 460, 0), 5, (x, 434, 0), 4)
    svg += ink.shape(bars, WOOD, 0.6)
    svg += ink.shape(_box(72, 50, 336, 380, 26), SHEET, 0.8)
    pattern = "".join(
        circle((x, y), 3.2)
        for x, y in (
            (108, 96),
            (370, 88),
            (100, 200),
            (382, 190),
            (104, 320),
            (378, 310),
            (120, 400),
            (360, 398),
            (240, 72),
        )
    )
    return svg + flat(pattern, mixed(SHEET, MARIGOLD, 0.55))


def _cot_side(ink: Ink) -> str:
    svg = flat(_box(26, 50, 428, 330, 30), mixed(SAGE, CREAM, 0.4))
    svg += ink.shape(_box(30, 40, 20, 400, 8), WOOD, 0.8) + ink.shape(_box(430, 40, 20, 400, 8), WOOD, 0.8)
    svg += ink.shape(_box(50, 352, 380, 34, 12), SHEET, 0.8)
    return svg


def _cot_bars(ink: Ink) -> str:
    bars = "".join(_box(76 + i * 40, 384, 9, 44, 4) for i in range(9))
    return ink.shape(bars, WOOD, 0.7) + ink.shape(_box(36, 384, 408, 14, 6) + _box(36, 424, 408, 14, 6), WOOD, 0.8)


def _bouncer(ink: Ink) -> str:
    """A bouncer seat from the front: a padded shell on a bent tube frame."""
    svg = flat("M70 452a170 16 0 1 0 340 0a170 16 0 1 0 -340 0Z", LINE, 0.12)
    tube = "M96 446Q60 446 70 410L128 250M384 446Q420 446 410 410L352 250M96 446H384"
    svg += ink.stroke(tube, thin=5.4) + ink.stroke(tube, "#b9bfc4", 3.4)
    shell = around([((240, 128), 118), ((240, 250), 132), ((240, 372), 84)], 15)
    inner = around([((240, 128), 98), ((240, 250), 112), ((240, 372), 66)], 15)
    return svg + ink.shape(smooth(shell), "#a98bbb", 0.95) + flat(smooth(inner), "#e3d7ea")


def _harness(ink: Ink) -> str:
    return ""


def _highchair(ink: Ink) -> str:
    """A highchair from the front: legs, foot plate, a padded back; its tray is drawn in front of the baby."""
    legs = capsule((168, 330, 0), 9, (112, 470, 0), 9) + capsule((312, 330, 0), 9, (368, 470, 0), 9)
    svg = ink.shape(legs, WOOD, 0.9)
    svg += ink.shape(_box(150, 428, 180, 16, 8), WOOD_DARK, 0.8)
    back = around([((240, 160), 112), ((240, 330), 104)], 15)
    inner = around([((240, 164), 92), ((240, 330), 86)], 15)
    return svg + ink.shape(smooth(back), WOOD, 0.95) + flat(smooth(inner), mixed(SAGE, DEEP_SAGE, 0.45))


def _tray(ink: Ink) -> str:
    top = "M78 322Q78 296 106 294H374Q402 296 402 322Q402 352 366 356H114Q78 352 78 322Z"
    inner = "M100 322Q100 308 118 307H362Q380 308 380 322Q380 340 358 342H122Q100 340 100 322Z"
    rim = "M78 322Q78 372 114 372H366Q402 372 402 322Z"
    return (
        ink.shape(rim, mixed(CREAM, LINE, 0.18), 0.9)
        + ink.shape(top, CREAM, 0.9)
        + flat(inner, mixed(CREAM, MARIGOLD, 0.16))
    )


def _room(ink: Ink) -> str:
    return flat(
        "M30 250C20 120 120 24 250 28C380 30 462 130 456 262C452 392 372 462 238 460C110 458 40 380 30 250Z", SAGE
    )
