"""Signs and red flags, read from the tables of a course's handout and from its scenes.

A rule: content in, signs out. Which scenes a learner may see as signs is decided in `look_up`.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from courses.library.content import Course, HandoutRow, HandoutSection, Scene
from courses.library.markdown import plain_text

RUNG = re.compile(r"\bR3 now\b|\bR3 today\b|\bR[0124]\b")
# Longest first, as a page lists them. ORDINARY is for what needs nothing when it stands alone.
ORDINARY = "Ordinary"
URGENT = ("R3 now", "R4", "R3 today")
URGENT_FIRST = (*URGENT, "R2", "R1", "R0", ORDINARY)
# What authors call the columns of a table of signs, by what stands in them.
SEEN = {"What you see", "What is seen", "Thing"}
PLACE = {"Where"}
MAY_MEAN = {"It may mean"}
MAY_ALSO = {"It may also be", "Think of first"}
DO = {"What next", "Step"}


@dataclass(frozen=True)
class Sign:
    """Something to see in a baby, and what to do about it.

    `rungs` are the steps of the action ladder it may need, the usual one first. `do` says them in
    words; empty where the rung says it all, and `mind` what to mind beside it. All are plain text,
    and all but `seen` may be empty. `scene` is there where it is drawn.
    """

    key: str
    course: Course
    group: str
    seen: str
    may_mean: str
    may_also: str
    do: str
    rungs: tuple[str, ...]
    sources: tuple[str, ...]
    mind: str = ""
    scene: Scene | None = None

    @property
    def rung(self) -> str:
        return self.rungs[0]

    @property
    def text(self) -> str:
        """Everything it says, in the order and words of its page, for searching."""
        labelled = [
            ("It may mean", self.may_mean),
            ("It may also be", self.may_also),
            ("What to do", self.do),
            ("Keep in mind", self.mind),
        ]
        said = [f"{label}: {words}." for label, words in labelled if words]
        return " ".join([f"{self.seen}.", *said, f"{self.group}."])


def signs_of(course: Course) -> list[Sign]:
    """The signs in the tables of the course's handout, in their order; none without a handout."""
    signs: list[Sign] = []
    for section in course.handout.sections if course.handout else ():
        if section.look == "table":
            signs += _signs_in_table(course, section)
        elif section.look == "urgent":
            signs += _signs_in_list(course, section, RUNG.findall(section.title))
        elif section.title.startswith(ORDINARY):
            signs += _signs_in_list(course, section, [ORDINARY])
    return signs


def sign_drawn(course: Course, scene: Scene) -> Sign | None:
    """A scene as a sign; None where nobody has written what is to be seen in it.

    It tells the right answer of the scene: only for learners to whom it was told already.
    """
    seen = scene.seen
    if seen is None:
        return None
    return Sign(
        key=sign_key(course.key, "scene", scene.key),
        course=course,
        group=scene.title,
        seen=". ".join(plain_text(cue) for cue in seen.cues),
        may_mean=plain_text(seen.may_mean),
        may_also=plain_text(seen.may_also),
        do=plain_text(seen.do),
        rungs=(seen.step,),
        sources=seen.sources,
        scene=scene,
    )


def sign_key(*parts: str) -> str:
    """What pages call a sign: it says nothing of what an author calls a scene."""
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"s{digest[:10]}"


def ladder_of(courses: Iterable[Course]) -> dict[str, str]:
    """What each rung asks for, in the words of the first course whose handout has a ladder."""
    words: dict[str, str] = {}
    for course in courses:
        for section in course.handout.sections if course.handout else ():
            if section.look != "ladder":
                continue
            for row in section.rows:
                words.setdefault(row.cells[0], row.cells[-1])
    return words


def urgent_first(signs: Iterable[Sign]) -> list[Sign]:
    """Signs by the rung they usually need, the most urgent first; else their order stays."""
    return sorted(signs, key=lambda sign: URGENT_FIRST.index(sign.rung))


def _signs_in_table(course: Course, section: HandoutSection) -> list[Sign]:
    """One sign a row, of a table that has a column of what is seen and one of what to do."""
    columns = set(section.columns)
    if not columns & SEEN or not columns & DO:
        return []
    signs = []
    for row in section.rows:
        do = _cell(section, row, DO)
        rungs = tuple(dict.fromkeys(RUNG.findall(do)))
        if not rungs:
            continue
        place, seen = _cell(section, row, PLACE), _cell(section, row, SEEN)
        signs.append(
            Sign(
                key=sign_key(course.key, section.title, place, seen),
                course=course,
                group=section.title,
                seen=f"{place}: {seen}" if place else seen,
                may_mean=_cell(section, row, MAY_MEAN),
                may_also=_cell(section, row, MAY_ALSO),
                do=do,
                rungs=rungs,
                sources=row.sources,
            )
        )
    return signs


def _cell(section: HandoutSection, row: HandoutRow, names: set[str]) -> str:
    for column, cell in zip(section.columns, row.cells, strict=False):
        if column in names:
            return cell
    return ""


def _signs_in_list(course: Course, section: HandoutSection, rungs: list[str]) -> list[Sign]:
    """One sign a cell, of a list whose title says which rung all of it needs."""
    signs = []
    for row in section.rows if rungs else ():
        for cell in row.cells:
            signs.append(
                Sign(
                    key=sign_key(course.key, section.title, cell),
                    course=course,
                    group=section.title,
                    seen=cell,
                    may_mean="",
                    may_also="",
                    do="",
                    rungs=(rungs[0],),
                    sources=row.sources,
                    mind=section.lead,
                )
            )
    return signs
