"""Where a baby is (mat, lap, cot, bouncer, highchair, arms): how the body lies there, and the surface itself.
The baby's pose is in figure.py, the grown-up in carer.py, toys in toys.py, lines of movement in marks.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from math import cos, radians, sin

from courses.figure.anatomy.limbs import Part
from courses.figure.anatomy.skeleton import Build, Skeleton, place_joints
from courses.figure.geometry import (
    Frame,
    around,
    box,
    capsule,
    circle,
    number,
    oval,
    smooth,
    track,
    turned,
    written,
)
from courses.figure.palette import CREAM, DEEP_SAGE, LINE, MARIGOLD, PLUM, SAGE, Ink, flat, mixed

Numbers = Mapping[str, float]
WOOD, WOOD_DARK, SHEET, TUBE = "#d9b483", "#b98d5a", "#fffaf1", "#b9bfc4"
FLOOR = 356.0
"""How far down the picture a surface seen from the side is."""

# x, y of the pelvis, unit (half a head), and the turn of the body in degrees: yaw, pitch, roll.
STAGES: dict[tuple[str, str], tuple[float, float, float, float, float, float]] = {
    ("mat", "front"): (256, 294, 60, 0, 0, -20),
    ("mat", "side"): (290, 300, 56, 62, 0, -90),
    ("cot", "front"): (240, 314, 60, 0, 0, 0),
    ("cot", "side"): (290, 300, 54, 62, 0, -90),
    ("bouncer", "front"): (240, 324, 60, 0, -12, 0),
    ("bouncer", "side"): (272, 330, 50, 55, 0, -40),
    ("highchair", "front"): (240, 332, 56, 0, 0, 0),
    ("highchair", "side"): (232, 332, 54, 42, 0, 0),
    ("lap", "front"): (196, 356, 52, 0, -3, 0),
    ("lap", "side"): (196, 356, 52, 38, 0, -6),
    ("arms", "front"): (300, 330, 52, 14, 0, -60),
    ("arms", "side"): (300, 330, 52, 36, 0, -66),
}
AGE_SIZE = {"newborn": 0.94, "young": 1.0, "older": 0.97, "toddler": 0.9}
STAGE_KEYS = ("x", "y", "unit", "yaw", "pitch", "roll")


def stage_numbers(setting: str, view: str, age: str) -> dict[str, float]:
    values = dict(zip(STAGE_KEYS, STAGES[setting, view], strict=True))
    values["unit"] *= AGE_SIZE[age]
    return {f"stage_{key}": value for key, value in values.items()}


def root_frame(setting: str, view: str, build: Build, n: Numbers) -> Frame:
    """The pelvis on the picture. A body seen from the side is let down until it touches the surface."""
    axes = turned(n["stage_yaw"], n["stage_pitch"], n["stage_roll"])
    root = Frame((n["stage_x"], n["stage_y"], 0.0), axes, n["stage_unit"])
    if view != "side" or setting not in ("mat", "cot"):
        return root
    s, u = place_joints(root, build, n), root.unit
    lowest = [s.head.origin[1] + 0.93 * u, s.root.origin[1] + 0.44 * u, s.waist.origin[1] + 0.6 * u]
    lowest += [limb.end[1] + build.leg_r[2] * u for limb in s.legs] + [
        limb.joint[1] for limb in s.legs
    ]
    x, y, z = root.origin
    return replace(root, origin=(x, y + FLOOR - max(lowest), z))


def draw_shadow(s: Skeleton, build: Build) -> str:
    """The shade of a body that lies flat, seen from above."""
    u = s.root.unit
    shapes = circle(s.head.at(0, 0), 0.97 * u) + capsule(
        s.chest.at(0, -0.3), 0.72 * u, s.root.at(0, 0.1), 0.66 * u
    )
    limbs = ""
    for group, radius in ((s.arms, build.arm_r[1]), (s.legs, build.leg_r[1])):
        lines = "".join(track((limb.root, limb.joint, limb.end)) for limb in group)
        limbs += f'<path d="{lines}" fill="none" stroke-width="{number(2 * radius * u)}"/>'
    move = f"translate({number(8)} {number(10)})"
    return f'<g opacity=".13" transform="{move}"><path d="{shapes}" fill="{LINE}" stroke="none"/>{limbs}</g>'


@lru_cache(maxsize=64)
def draw_behind(setting: str, view: str, ink: Ink) -> str:
    """What is under and behind the baby."""
    sides = {"mat": _mat_side, "cot": _cot_side, "bouncer": _bouncer_side}
    if view == "side" and setting in sides:
        return sides[setting](ink)
    surfaces = {
        "mat": _mat,
        "cot": _cot,
        "bouncer": _bouncer,
        "highchair": _highchair,
        "lap": _room,
        "arms": _room,
    }
    return surfaces[setting](ink)


def draw_before(setting: str, view: str, s: Skeleton, ink: Ink) -> list[Part]:
    """What is in front of some of the baby: straps, a tray, the near rail of a cot."""
    if setting == "bouncer":
        return [Part(s.middle + 0.001, _harness(s, ink), "straps")]
    if setting == "highchair":
        return [
            Part(s.middle + 0.001, _harness(s, ink), "straps"),
            Part(s.middle + 1.3 * s.root.unit, _tray(ink), "tray"),
        ]
    if setting == "cot" and view == "side":
        return [Part(950.0, _cot_rail(ink), "rail")]
    return []


def _harness(s: Skeleton, ink: Ink) -> str:
    """A strap round the waist and one between the legs, with a buckle."""
    buckle = s.root.at(0, 0.5, 0.75)
    strap = track((s.waist.at(-0.78, -0.15, 0.2), buckle, s.waist.at(0.78, -0.15, 0.2))) + track(
        (buckle, s.root.at(0, -0.42, 0.5))
    )
    x, y = buckle[0], buckle[1]
    return ink.band(strap, mixed(PLUM, "#ffffff", 0.25), 9, 0.6) + ink.shape(
        box(x - 10, y - 8, 20, 16, 4), CREAM, 0.7
    )


def _turned_box(cx: float, cy: float, w: float, h: float, angle: float) -> str:
    """A soft-cornered rectangle that does not lie quite straight; `w` and `h` are half its sides."""
    a = radians(angle)
    corners = [(-w, -h), (w, -h), (w, h), (-w, h)]
    out = []
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        for k in (0.06, 0.35, 0.65, 0.94):
            x, y = x1 + (x2 - x1) * k, y1 + (y2 - y1) * k
            out.append((cx + x * cos(a) - y * sin(a), cy + x * sin(a) + y * cos(a)))
    return smooth(out)


def _mat(ink: Ink) -> str:
    """A quilted play mat seen from above."""
    svg = flat(_turned_box(246, 251, 207, 215, 4), LINE, 0.12)
    svg += ink.shape(_turned_box(240, 242, 206, 214, 4), MARIGOLD, 0.8) + flat(
        _turned_box(240, 242, 182, 190, 4), SAGE
    )
    lines = "".join(
        track(((227 + i, 58), (253 + i, 428))) + track(((58, 255 + i), (424, 229 + i)))
        for i in (-92, 0, 92)
    )
    return svg + ink.stroke(lines, mixed(SAGE, DEEP_SAGE, 0.5), 0.9)


def _mat_side(ink: Ink) -> str:
    svg = flat(box(20, 70, 440, 300, 60), SAGE)
    svg += ink.shape(box(24, FLOOR, 432, 26, 13), MARIGOLD, 0.9)
    return svg + ink.stroke(track(((10, 383), (470, 383))), thin=0.9)


def _cot(ink: Ink) -> str:
    """A cot seen from above: rails on all four sides, a clear flat mattress with a fitted sheet."""
    svg = flat(box(38, 18, 412, 456, 18), LINE, 0.1) + ink.shape(
        box(30, 10, 420, 460, 18), WOOD, 0.9
    )
    svg += ink.shape(box(52, 32, 376, 416, 12), mixed(WOOD_DARK, LINE, 0.25), 0.7)
    bars = ""
    for i in range(8):
        y = 62 + i * 51
        lean = (240 - y) * 0.03
        bars += track(((40, y), (68, y + lean))) + track(((440, y), (412, y + lean)))
    for i in range(6):
        x = 90 + i * 60
        bars += track(((x, 20), (x, 46))) + track(((x, 460), (x, 434)))
    svg += ink.band(bars, WOOD, 8, 0.7) + ink.shape(box(72, 50, 336, 380, 26), SHEET, 0.8)
    dots = "".join(
        circle(p, 3.2)
        for p in ((108, 96), (370, 88), (100, 210), (382, 200), (108, 400), (372, 396))
    )
    return svg + flat(dots, mixed(SHEET, MARIGOLD, 0.55))


def _cot_side(ink: Ink) -> str:
    svg = flat(box(26, 60, 428, 330, 30), mixed(SAGE, CREAM, 0.4))
    svg += ink.shape(box(30, 50, 20, 390, 8) + box(430, 50, 20, 390, 8), WOOD, 0.8)
    return svg + ink.shape(box(50, FLOOR, 380, 34, 12), SHEET, 0.8)


def _cot_rail(ink: Ink) -> str:
    bars = "".join(track(((80 + i * 40, 392), (80 + i * 40, 424))) for i in range(9))
    rails = box(36, 384, 408, 14, 6) + box(36, 424, 408, 14, 6)
    return ink.band(bars, WOOD, 9, 0.7) + ink.shape(rails, WOOD, 0.8)


def _bouncer(ink: Ink) -> str:
    """A bouncer seat from the front: a padded shell on a bent tube frame that stands on the floor."""
    svg = flat(oval((240, 454), 180, 16), LINE, 0.12)
    tube = written("M96 448Q60 448 70 412L128 250M384 448Q420 448 410 412L352 250M96 448L384 448")
    svg += ink.band(tube, TUBE, 9)
    shell = around([((240, 128), 118), ((240, 250), 132), ((240, 372), 84)], 24)
    inner = around([((240, 128), 98), ((240, 250), 112), ((240, 372), 66)], 24)
    return svg + ink.shape(smooth(shell), "#a98bbb", 0.95) + flat(smooth(inner), "#e3d7ea")


def _bouncer_side(ink: Ink) -> str:
    """A bouncer from the side: a bent padded seat over a tube that stands on the floor."""
    svg = flat(oval((250, 454), 190, 14), LINE, 0.12)
    svg += ink.band(
        written("M196 330L104 446Q96 456 112 456L404 456Q420 456 410 444L340 376"), TUBE, 9
    )
    return svg + ink.band(written("M112 166Q150 330 244 372Q320 400 408 344"), "#a98bbb", 34, 0.95)


def _highchair(ink: Ink) -> str:
    """A highchair from the front: legs, foot plate, a padded back; its tray is drawn in front of the baby."""
    legs = capsule((168, 340), 9, (112, 472), 9) + capsule((312, 340), 9, (368, 472), 9)
    svg = ink.shape(legs, WOOD, 0.9) + ink.shape(box(150, 440, 180, 16, 8), WOOD_DARK, 0.8)
    back = around([((240, 150), 116), ((240, 340), 104)], 24)
    inner = around([((240, 154), 96), ((240, 340), 86)], 24)
    return (
        svg
        + ink.shape(smooth(back), WOOD, 0.95)
        + flat(smooth(inner), mixed(SAGE, DEEP_SAGE, 0.45))
    )


def _tray(ink: Ink) -> str:
    rim = written("M78 330Q78 380 114 380L366 380Q402 380 402 330Z")
    top = written(
        "M78 330Q78 304 106 302L374 302Q402 304 402 330Q402 360 366 364L114 364Q78 360 78 330Z"
    )
    inner = written(
        "M100 330Q100 316 118 315L362 315Q380 316 380 330Q380 348 358 350L122 350Q100 348 100 330Z"
    )
    svg = ink.shape(rim, mixed(CREAM, LINE, 0.18), 0.9) + ink.shape(top, CREAM, 0.9)
    return svg + flat(inner, mixed(CREAM, MARIGOLD, 0.16))


def _room(ink: Ink) -> str:
    wall = "M30 250C20 120 120 24 250 28C380 30 462 130 456 262C452 392 372 462 238 460C110 458 40 380 30 250Z"
    return flat(written(wall), SAGE)
