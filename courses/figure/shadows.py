"""The shadow where a baby touches what it lies or sits on, by setting and view.
The surfaces themselves are in surfaces.py."""

from __future__ import annotations

from collections.abc import Iterable

from courses.figure.anatomy.skeleton import Build, Limb, Skeleton
from courses.figure.geometry.path_data import capsule, circle, ellipse, path_number, polyline
from courses.figure.geometry.vectors import Space
from courses.figure.palette import LINE, fill_path
from courses.figure.surfaces import FLOOR

NEAR = 0.7
"""How far above a surface, in half heads, a part still darkens it."""


def draw_shadow(skeleton: Skeleton, build: Build, setting: str, view: str) -> str:
    """What a body darkens: the mattress all round it, the seat behind it, the floor below it."""
    if view == "side" and setting in ("mat", "cot"):
        return _below(skeleton, build)
    if setting in ("mat", "cot"):
        return _around(skeleton, build, with_limbs=True)
    # Arms and legs stick out past a seat, and would darken the far wall.
    if setting in ("bouncer", "highchair") and view == "front":
        return _around(skeleton, build, with_limbs=False)
    return ""


def _around(skeleton: Skeleton, build: Build, with_limbs: bool) -> str:
    u = skeleton.root.unit
    head = circle(skeleton.head.point(0, 0), 0.97 * u)
    chest = skeleton.chest.point(0, -0.3)
    hips = skeleton.root.point(0, 0.1)
    trunk = capsule(chest, 0.72 * u, hips, 0.66 * u)
    limbs = ""
    if with_limbs:
        limbs = _limb_shadow(skeleton.arms, build.arm_r[1] * u)
        limbs += _limb_shadow(skeleton.legs, build.leg_r[1] * u)
    move = f"translate({path_number(8)} {path_number(10)})"
    return (
        f'<g opacity=".13" transform="{move}">'
        f'<path d="{head + trunk}" fill="{LINE}" stroke="none"/>{limbs}</g>'
    )


def _limb_shadow(limbs: Iterable[Limb], radius: float) -> str:
    lines = ""
    for limb in limbs:
        lines += polyline((limb.root, limb.joint, limb.end))
    width = path_number(2 * radius)
    return f'<path d="{lines}" fill="none" stroke-width="{width}"/>'


def _below(skeleton: Skeleton, build: Build) -> str:
    """A flat pool under each part that rests: an arched back leaves the surface light."""
    u = skeleton.root.unit
    parts: list[tuple[Space, float, float]] = [
        (skeleton.head.origin, 0.93, 0.95),
        (skeleton.waist.origin, 0.6, 1.05),
        (skeleton.root.origin, 0.44, 0.8),
    ]
    for leg in skeleton.legs:
        parts.append((leg.end, build.leg_r[2], 0.45))
    pools = ""
    for place, radius, wide in parts:
        gap = (FLOOR - place[1]) / u - radius
        closeness = 1 - gap / NEAR
        if closeness > 0:
            share = min(closeness, 1.0)
            pools += ellipse((place[0], FLOOR + 7), wide * u * share, 7 * share)
    return fill_path(pools, LINE, 0.2) if pools else ""
