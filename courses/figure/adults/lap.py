"""The lap of somebody who is seated: thighs towards us, and the shade between them.
The rest of a grown-up is in body.py."""

from __future__ import annotations

from courses.figure.adults.body import Adult
from courses.figure.geometry.path_data import capsule
from courses.figure.palette import fill_path

TROUSERS, TROUSERS_SHADE = "#5d6672", "#495260"

# Hip and knee of each thigh on the picture, with their radii.
THIGHS = (
    ((236.0, 446.0), 58.0, (96.0, 438.0), 52.0),
    ((300.0, 450.0), 58.0, (430.0, 446.0), 52.0),
)


def draw_seat(adult: Adult) -> str:
    """Both thighs, on which the baby sits."""
    ink = adult.look.ink
    svg = ""
    for hip, hip_radius, knee, knee_radius in THIGHS:
        svg += ink.shape(capsule(hip, hip_radius, knee, knee_radius), TROUSERS)
    shade = capsule((262.0, 470.0), 34.0, (262.0, 520.0), 20.0)
    return svg + fill_path(shade, TROUSERS_SHADE, 0.6)
