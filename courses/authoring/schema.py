"""The fields an author may write, file by file.

What the text in them means, and what must fit together, is elsewhere.
"""

from datetime import date
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, create_model

from courses.library.authored_fields import Authored, FileName, Key, Option, SourceId, Text

Rung = Literal["R0", "R1", "R2", "R3 today", "R3 now", "R4"]
"""The rungs of the action ladder, in order.

R3 today: a clinician sees the baby that day; R3 now: 999 or A&E at once.
"""


class Asked(Authored):
    """An item in a lesson; its kind adds the other fields (`assessment.items`)."""

    prompt: Text


class Choice(Authored):
    text: Text
    to: Key
    feedback: Text
    sources: list[SourceId] = []


class Moment(Authored):
    text: Text
    choices: Annotated[list[Choice], Field(max_length=4)] = []
    ending: str = ""


class Branch(Authored):
    prompt: Text
    moments: Annotated[dict[Key, Moment], Field(min_length=2, max_length=20)]


class Rewrite(Authored):
    prompt: Text
    start: Text
    model: Text
    near_miss: Text
    criteria: Annotated[list[Text], Field(min_length=1, max_length=3)]
    sources: list[SourceId] = []


class Ring(Authored):
    """Where on a picture a sign is: the middle and the radius of a ring, in percent of the
    picture's side.
    """

    x: Annotated[int, Field(ge=0, le=100)]
    y: Annotated[int, Field(ge=0, le=100)]
    r: Annotated[int, Field(ge=4, le=40)]


class Look(Authored):
    scene: Key
    prompt: Text
    missed: Text
    ring: Ring
    sources: Annotated[list[SourceId], Field(min_length=1)]


class Commitment(Authored):
    prompt: Text
    sentences: Annotated[list[Text], Field(min_length=2, max_length=5)]


class Checklist(Authored):
    prompt: Text
    points: Annotated[list[Text], Field(min_length=1, max_length=10)]


class Reflect(Authored):
    prompt: Text


class Figure(Authored):
    alt: Text
    caption: str = ""


class Outcome(Authored):
    key: Key
    text: Text


class TakeAway(Authored):
    text: Annotated[str, Field(pattern=r"\S", max_length=160)]
    sources: Annotated[list[SourceId], Field(min_length=1)]


class TestOut(Authored):
    step: Key
    to: Key


class LessonFront(Authored):
    key: Key
    title: Text
    version: Annotated[int, Field(ge=1)]
    image: FileName
    alt: Text
    care: str = ""
    contacts: list[Literal["antenatal", "new-birth", "6-8-weeks", "12-months", "2-years"]] = []
    read_first: Annotated[int, Field(ge=1, le=20)] | None = None
    local_pathways: bool = False
    take_away: Annotated[list[TakeAway], Field(min_length=3, max_length=3)] | None = None
    test_out: TestOut | None = None
    outcomes: Annotated[list[Outcome], Field(min_length=1)]
    sources_only: list[SourceId] = []


class Item(Authored):
    """What every item of a quiz has; its kind adds what it is asked with (`assessment.items`)."""

    key: Key
    kind: str
    outcome: Key
    use: Annotated[list[Key], Field(min_length=1)]
    parallel: Key
    step: Key | Literal[""] = ""
    difficulty: Literal["easy", "medium", "hard"]
    critical: bool = False
    stem: Text


@cache
def item_fields(own: type[Authored]) -> type[Authored]:
    """What an author writes for an item of a kind: what every item has and the kind's fields."""
    return create_model("Item", __base__=(Item, own))


class ItemFile(Authored):
    lesson: Key
    items: Annotated[list[dict[str, object]], Field(min_length=1)]


class Quiz(Authored):
    key: Key
    title: Text
    kind: Literal["pretest", "final", "review"]
    draw: Annotated[int, Field(ge=1, le=100)]
    pass_mark: Annotated[float, Field(ge=0.01, le=1, multiple_of=0.01)]
    attempts: Annotated[int, Field(ge=1, le=20)]
    minutes: Annotated[int, Field(ge=1, le=120)]
    certainty: bool = False
    wait_hours: Annotated[int, Field(ge=0, le=24 * 60)] = 0
    limit_minutes: Annotated[int, Field(ge=1, le=600)] | None = None


class Course(Authored):
    key: Key
    title: Text
    summary: Annotated[str, Field(pattern=r"\S", max_length=140)]
    for_whom: Text
    afterwards: Annotated[list[Text], Field(min_length=1)]
    cover: FileName
    cover_alt: Text
    lessons: Annotated[list[Key], Field(min_length=1)]
    quizzes: list[Quiz] = []


class Next(Authored):
    step: Rung
    do: Text


class Keyframe(Authored):
    at: Annotated[float, Field(ge=0, le=20)]
    over: Annotated[float, Field(ge=0.1, le=6)] = 0.9
    pose: dict[str, object]
    text: Text


class Focus(Authored):
    """Where the feedback to a scene looks, and in a moving one from when to when, in seconds."""

    ring: Ring
    watch: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None


class Scene(Authored):
    key: Key
    title: Text
    family: Literal["states", "engagement", "disengagement", "stress", "withdrawal", "fine"]
    age_months: Annotated[int, Field(ge=0, le=36)]
    setting: Text
    pose: dict[str, object] = {}
    timeline: Annotated[list[Keyframe], Field(min_length=1)] = []
    description: Text
    prompt: Text
    options: Annotated[list[Option], Field(min_length=2, max_length=6)]
    focus: Focus | None = None
    cues: Annotated[list[Text], Field(min_length=1, max_length=6)]
    not_there: Annotated[list[Text], Field(min_length=1, max_length=6)]
    may_mean: Text
    may_also: Text
    next: Next
    sources: Annotated[list[SourceId], Field(min_length=1)]


class HandoutRow(Authored):
    cells: Annotated[list[Text], Field(min_length=1, max_length=4)]
    sources: Annotated[list[SourceId], Field(min_length=1)]


class HandoutSection(Authored):
    title: Text
    page: Literal[1, 2]
    look: Literal["table", "list", "steps", "urgent", "ladder", "blanks"]
    half: bool = False
    lead: str = ""
    columns: Annotated[list[Text], Field(max_length=4)] = []
    rows: Annotated[list[HandoutRow], Field(min_length=1, max_length=14)]


class Handout(Authored):
    title: Text
    lead: Text
    sections: Annotated[list[HandoutSection], Field(min_length=2, max_length=12)]


class Publication(Authored):
    cite: Text  # as it was printed, so tests/spelling.py leaves it alone
    doi: str = ""
    url: str = ""
    status: Literal["read", "known"]


class Source(Authored):
    publications: Annotated[list[Key], Field(min_length=1)]
    says: Text
    check_by: date | None = None
    reported: bool = False


class References(Authored):
    publications: dict[Key, Publication]
    sources: dict[SourceId, Source]


class Entry(Authored):
    term: Text
    means: Text
    sources: list[SourceId] = []
