"""Whether two exemplars look alike: whoever knew the one would know the other without looking."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import combinations

from PIL import Image, ImageChops, ImageStat

from courses.authoring.pool.growing import Grown
from courses.authoring.pool.pictures import moments_of
from courses.typesetting.raster import render_png

SIDE = 240  # pixels: about as wide as the picture is on a small telephone
FLOOR = 4.0
"""Mean absolute difference of two pictures, of 255, below which they are alike.

Measured on this pool: one pose of one baby in two neighbouring tones of skin is 2.9 apart; one
baby in one place with another expression and another turn of the head 4.3 to 4.8; two babies of
one cue in one room mostly more than 8.
"""


@dataclass(frozen=True)
class Alike:
    """Two exemplars that look alike, and how far their pictures are apart."""

    first: Grown
    second: Grown
    distance: float


def find_alike(grown: tuple[Grown, ...]) -> Iterator[Alike]:
    """Every pair below the floor. Takes about 15 seconds of one core for 480.

    Compared is the middle moment, within one place, room and frame alone: elsewhere most of the
    picture differs anyway. One that moves is never like one that does not.
    """
    groups: dict[tuple[object, ...], list[Grown]] = defaultdict(list)
    for one in grown:
        pose = one.exemplar.pose
        moves = len(one.exemplar.timeline)
        place = pose["setting"], pose["room"], pose["frame"], pose.get("view"), moves
        groups[place].append(one)
    for group in groups.values():
        pictures = [_middle_picture(one) for one in group]
        for first, second in combinations(range(len(group)), 2):
            distance = _distance(pictures[first], pictures[second])
            if distance < FLOOR:
                yield Alike(group[first], group[second], distance)


def _middle_picture(grown: Grown) -> Image.Image:
    moments = moments_of(grown.exemplar)
    png = render_png(moments[len(moments) // 2], SIDE)
    return Image.open(BytesIO(png)).convert("RGB")


def _distance(first: Image.Image, second: Image.Image) -> float:
    bands = ImageStat.Stat(ImageChops.difference(first, second)).mean
    return sum(bands) / len(bands)
