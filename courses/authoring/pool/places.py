"""Where on its picture the parts of a baby are, from the joints of its skeleton."""

from collections.abc import Sequence
from math import hypot

from courses.figure.anatomy.skeleton import BUILDS, Build, Skeleton, place_joints
from courses.figure.baby import Numbers, Pose
from courses.figure.geometry.vectors import Space
from courses.figure.motion.timeline import Keyframe, Timeline
from courses.figure.surfaces import root_frame
from courses.library.content.exemplars import Place
from courses.library.content.pictures import Ring

Spot = tuple[str, Space, float]
"""A key of `PLACES`, its middle on the whole picture, and its radius in half heads."""
SMALLEST = 5  # percent: a finger covers as much of a picture 320 pixels wide


def places_of(poses: Sequence[Pose]) -> tuple[Place, ...]:
    """Rings in percent of the picture: of a moving baby round where each part goes.

    A part outside the picture has none.
    """
    timeline = Timeline(tuple(Keyframe(float(at), pose) for at, pose in enumerate(poses)))
    rows = timeline.keyframe_numbers
    moments = [_spots(pose, numbers) for pose, numbers in zip(poses, rows, strict=True)]
    places = []
    for spots in zip(*moments, strict=True):
        ring = _ring(spots, rows[0])
        if ring:
            places.append(Place(key=spots[0][0], ring=ring))
    return tuple(places)


def _spots(pose: Pose, numbers: Numbers) -> list[Spot]:
    build = BUILDS[pose.age]
    root = root_frame(pose.setting, pose.view, build, numbers)
    skeleton = place_joints(root, build, numbers)
    return _spots_of(skeleton, build)


def _spots_of(skeleton: Skeleton, build: Build) -> list[Spot]:
    u = skeleton.root.unit
    head = skeleton.head
    spots: list[Spot] = [
        ("eyes", head.point(0, -0.08, 0.8), 0.52 * u),
        ("face", head.point(0, -0.55, 0.85), 0.5 * u),
    ]
    for arm in skeleton.arms:
        hand = _beyond(arm.joint, arm.end, 0.45 * build.hand * u)
        spots.append(("hands", hand, 0.62 * u))
    spots.append(("body", _between(skeleton.chest.origin, skeleton.root.origin, 0.45), 0.95 * u))
    for leg in skeleton.legs:
        spots.append(("legs", _between(leg.joint, leg.end, 0.7), 0.8 * u))
    return spots


def _between(a: Space, b: Space, t: float) -> Space:
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t)


def _beyond(joint: Space, end: Space, distance: float) -> Space:
    """A point past the end of a limb: the hand past its wrist."""
    length = hypot(end[0] - joint[0], end[1] - joint[1], end[2] - joint[2])
    return _between(joint, end, 1 + distance / max(length, 1e-6))


def _ring(spots: Sequence[Spot], view: Numbers) -> Ring | None:
    """One ring round a part in all moments; None when it is outside the picture."""
    side = view["view_side"]
    xs = [(spot[1][0] - view["view_x"]) * 100 / side for spot in spots]
    ys = [(spot[1][1] - view["view_y"]) * 100 / side for spot in spots]
    x = (min(xs) + max(xs)) / 2
    y = (min(ys) + max(ys)) / 2
    reach = hypot(max(xs) - min(xs), max(ys) - min(ys)) / 2
    radius = spots[0][2] * 100 / side + reach
    inside = min(x, y, 100 - x, 100 - y)
    if inside < SMALLEST:
        return None
    return Ring(x=round(x), y=round(y), r=max(SMALLEST, int(min(radius, inside))))
