"""The drawing of a case: nothing in it, its ids or its addresses says what there is to see.

How a figure is drawn lives in `figure`; scenes of lessons are in `queries`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse

from courses.library.content import Exemplar, Keyframe
from courses.practice.queries import CODE, drawing_code
from courses.web.caching import get_or_make

if TYPE_CHECKING:
    from courses.figure.motion.timeline import Timeline

TITLE = "A baby"  # of every picture before the answer


@dataclass(frozen=True)
class LaterMoment:
    """One of the stills of a moving case after the first: its address, and when it is."""

    url: str
    moment: Keyframe


def draw_case(exemplar: Exemplar, case_key: UUID) -> str:
    """What goes into the figure of a case: an accessible SVG, or the stills of a moving one."""
    uid = f"c{case_key.hex[:8]}"
    if not exemplar.timeline:
        return _draw(exemplar, uid)
    later = []
    for number, moment in enumerate(exemplar.timeline):
        url = reverse("courses:case-still", args=[case_key, number])
        later.append(LaterMoment(url, moment))
    context = {
        "exemplar": exemplar,
        "uid": uid,
        "first": _draw_moment(exemplar, 0, uid),
        "motion_url": reverse("courses:case-motion", args=[case_key]),
        "later": later[1:],
    }
    return render_to_string("practice/_moving_case.html", context)


@dataclass(frozen=True)
class DrawnMoment:
    """A still picture, and the second of it; None of an exemplar that does not move."""

    svg: str
    at: float | None


def draw_in_moments(exemplar: Exemplar) -> list[DrawnMoment]:
    """Every moment of an exemplar as a picture of its own, for reviewers."""
    if not exemplar.timeline:
        return [DrawnMoment(_draw(exemplar, "m0"), None)]
    return [
        DrawnMoment(_draw_moment(exemplar, number, f"m{number}"), moment.at)
        for number, moment in enumerate(exemplar.timeline)
    ]


def draw_beside(exemplar: Exemplar, uid: str) -> str:
    """One still picture of an exemplar, for beside another one after the answer."""
    if not exemplar.timeline:
        return _draw(exemplar, uid)
    return _draw_moment(exemplar, _telling_moment(exemplar), uid)


def still_of_case(exemplar: Exemplar, number: int) -> str | None:
    """The picture of one moment of a moving case, counted from 0; None: there is no such moment."""
    if number >= len(exemplar.timeline):
        return None
    return _draw_moment(exemplar, number, "case")


def motion_of_case(exemplar: Exemplar) -> str:
    """What static/js/scene.js plays, as JSON; made once and kept for all processes."""

    def make() -> str:
        from courses.figure.motion.scene_motion import motion_of

        return motion_of(_timeline_of(exemplar), "m")

    # Another way of drawing is another file: what is cached for ever must not outlive it.
    version = exemplar.motion_digest + drawing_code()[:CODE]
    return get_or_make(f"case-motion-{version}", make, None)


def _draw(exemplar: Exemplar, uid: str) -> str:
    from courses.figure.baby import Pose, draw

    pose = Pose.from_dict(exemplar.pose)
    return draw(pose, title=TITLE, description=exemplar.description, uid=uid)


def _draw_moment(exemplar: Exemplar, number: int, uid: str) -> str:
    from courses.figure.baby import draw

    keyframe = _timeline_of(exemplar).still(number)
    text = exemplar.timeline[number].text
    return draw(keyframe, title=TITLE, description=text, uid=uid)


def _timeline_of(exemplar: Exemplar) -> "Timeline":
    from courses.figure.motion.timeline import Timeline

    return Timeline.from_dicts([moment.model_dump() for moment in exemplar.timeline])


def _telling_moment(exemplar: Exemplar) -> int:
    """The number of the moment in the middle of the span in which the cue can be seen."""
    if exemplar.watch is None:
        return len(exemplar.timeline) // 2
    middle = sum(exemplar.watch) / 2
    begun = [moment for moment in exemplar.timeline if moment.at <= middle]
    return max(0, len(begun) - 1)
