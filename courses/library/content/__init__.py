"""A course as the product uses it: rendered, checked, frozen.

Which files it came from is not known here.

Everything with `correct`, `group`, `feedback` or `model` in it, and what is to be seen in a scene,
is private until the learner has answered.
"""

from courses.library.content.course import Course, Quiz, read
from courses.library.content.exemplars import Category, Exemplar, Place, Pool
from courses.library.content.frozen import Frozen
from courses.library.content.handouts import Handout, HandoutRow, HandoutSection
from courses.library.content.items import Card, Group, Item, Option
from courses.library.content.kinds import ACTIVITIES, TEXT_BLOCKS, register_item_kinds
from courses.library.content.lessons import (
    Block,
    Choice,
    Lesson,
    Moment,
    Outcome,
    Step,
    TakeAway,
    TestOut,
)
from courses.library.content.pictures import Ring
from courses.library.content.references import Entry, Publication, Source, in_sheet_order
from courses.library.content.scenes import Focus, Keyframe, Scene, Seen, motion_digest

__all__ = [
    "ACTIVITIES",
    "TEXT_BLOCKS",
    "Block",
    "Card",
    "Category",
    "Choice",
    "Course",
    "Entry",
    "Exemplar",
    "Focus",
    "Frozen",
    "Group",
    "Handout",
    "HandoutRow",
    "HandoutSection",
    "Item",
    "Keyframe",
    "Lesson",
    "Moment",
    "Option",
    "Outcome",
    "Place",
    "Pool",
    "Publication",
    "Quiz",
    "Ring",
    "Scene",
    "Seen",
    "Source",
    "Step",
    "TakeAway",
    "TestOut",
    "in_sheet_order",
    "motion_digest",
    "read",
    "register_item_kinds",
]
