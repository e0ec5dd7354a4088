"""What a page shows of an activity inside a lesson, before and after its answer.

Feedback, right answers and model answers are only there after an answer was saved. What their
forms send is in `activity_forms`.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from courses.assessment import items
from courses.assessment.forms import presented_on_page
from courses.assessment.items import PresentedItem
from courses.learning.activity_forms import Commitment, field_prefix
from courses.learning.branches import BranchPath, follow_branch
from courses.learning.step_records import NOTHING_GIVEN, ActivityRecord
from courses.learning.tries import Reply, reply_to
from courses.library.content import Block, Course, Focus, Item, Seen
from courses.practice.queries import drawing_of


@dataclass(frozen=True)
class ActivityState:
    """What is known of one activity when its page is rendered.

    `name` is what the page calls it (`page_name`), `url` where it sends its answer, `draft_url`
    where what stands in its form is saved, and `seed` what the order of its options is drawn from.
    `record` is what is stored of it. `entered` is what the learner sent that was not saved, `error`
    why; `unsent_path` is where it was sent to after they were signed out, empty where it was not.
    """

    name: str
    url: str
    seed: str
    draft_url: str = ""
    record: ActivityRecord = NOTHING_GIVEN
    entered: Any = None
    error: str = ""
    unsent_path: str = ""

    @property
    def answer(self) -> Any:
        """The saved answer that the page gives feedback on; None while there is an error."""
        return None if self.error else self.record.answer

    @property
    def filled(self) -> Any:
        """What the form is filled with."""
        return self.record.filled if self.entered is None else self.entered


@dataclass(frozen=True)
class ShownActivity:
    """A block of a step as the page shows it; blocks that are no activity have only `block`.

    `presented` is for activities that are items. `reply`, `focus`, `seen` and `sources` are
    feedback: there once the activity is answered, `seen` once its answer is open. `focus` says
    where to look again, which a hint may. `ticked` is of a checklist:
    number, point, and whether it is ticked. `next_choice` is of a branch: the key of the choice
    that is marked and was not gone on with.

    `tries`, `sequence` and `replaced` are as in `ActivityRecord`; `saved_at` is when what stands in
    the form was saved, None where it was not.
    """

    block: Block
    name: str = ""
    url: str = ""
    draft_url: str = ""
    error: str = ""
    is_answered: bool = False
    unsent_path: str = ""
    tries: int = 0
    sequence: int = 0
    replaced: tuple[str, ...] = ()
    saved_at: datetime | None = None
    presented: PresentedItem | None = None
    reply: Reply | None = None
    text: str = ""
    ticked: tuple[tuple[int, str, bool], ...] = ()
    sources: tuple[str, ...] = ()
    drawing: str = ""
    seen: Seen | None = None
    focus: Focus | None = None
    path: BranchPath | None = None
    next_choice: str = ""
    commitment: Commitment = field(default_factory=Commitment)

    @property
    def error_id(self) -> str:
        """The id of the error's element, empty when there is none."""
        return f"{self.name}-error" if self.error else ""

    @property
    def prefix(self) -> str:
        """What the names of its fields begin with."""
        return field_prefix(self.name)

    @property
    def is_open(self) -> bool:
        """Whether what teaches its answer may follow."""
        if self.block.item:
            return self.reply is not None and self.reply.is_open
        return self.is_answered


def show_activity(block: Block, state: ActivityState, course: Course) -> ShownActivity:
    """An activity as its page shows it now."""
    shown = ShownActivity(
        block=block,
        name=state.name,
        url=state.url,
        draft_url=state.draft_url,
        error=state.error,
        is_answered=state.answer is not None,
        unsent_path=state.unsent_path,
        tries=state.record.tries,
        sequence=state.record.sequence,
        replaced=state.record.replaced,
        saved_at=state.record.filled_at,
    )
    scene = course.scene(block.scene) if block.scene else None
    if scene:
        shown = replace(shown, drawing=drawing_of(scene, state.name))
        if shown.is_answered:
            shown = replace(shown, focus=scene.focus)
    if block.item:
        shown = _show_item(shown, block.item, state)
        return replace(shown, seen=scene.seen) if scene and shown.is_open else shown
    if block.kind == "branch":
        return _show_branch(shown, state)
    if block.kind == "checklist":
        return replace(shown, ticked=_ticked(block, state.filled))
    if block.kind == "commitment":
        return replace(shown, commitment=_commitment(state.filled))
    return _show_writing(shown, state)


# Saved answers are read with care from here on: an author may have made the activity another
# kind since they were saved, and then the form is shown empty.


def _show_branch(shown: ShownActivity, state: ActivityState) -> ShownActivity:
    path = _path(shown.block, state.record.answer)
    # What a choice leads to is told when the learner goes on with it.
    entered = _path(shown.block, state.filled).keys
    is_next = entered[:-1] == path.keys
    return replace(shown, path=path, next_choice=entered[-1] if entered and is_next else "")


def _path(block: Block, filled: Any) -> BranchPath:
    keys = filled if isinstance(filled, list) else []
    return follow_branch(block, [key for key in keys if isinstance(key, str)])


def _ticked(block: Block, filled: Any) -> tuple[tuple[int, str, bool], ...]:
    ticks = filled if isinstance(filled, list) else []
    points = enumerate(block.points)
    return tuple((number, point, number in ticks) for number, point in points)


def _commitment(filled: Any) -> Commitment:
    fields = filled if isinstance(filled, dict) else {}
    return Commitment(
        sentence=str(fields.get("sentence", "")),
        own=str(fields.get("own", "")),
        on=str(fields.get("on", "")),
    )


def _show_writing(shown: ShownActivity, state: ActivityState) -> ShownActivity:
    block = shown.block
    start = block.start if block.kind == "rewrite" else ""
    text = state.filled if isinstance(state.filled, str) else start
    sources = block.sources if shown.is_answered else ()
    return replace(shown, text=text, sources=sources)


def _show_item(shown: ShownActivity, item: Item, state: ActivityState) -> ShownActivity:
    order = _shuffled(items.answer_keys(item), state.seed)
    shown = replace(shown, presented=presented_on_page(item, order, state.filled))
    if not shown.is_answered:
        return shown
    return replace(shown, reply=reply_to(item, state.answer, state.record.tries, order))


def _shuffled(keys: list[str], seed: str) -> list[str]:
    """The keys in an order drawn from the seed, which says nothing about what is right.

    The seed is made of the learner and the lesson, so that the order stays the same for them.
    """

    def drawn(key: str) -> bytes:
        return hashlib.sha256(f"{seed}:{key}".encode()).digest()

    return sorted(keys, key=drawn)
