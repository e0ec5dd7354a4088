"""What a page shows of an activity inside a lesson, before and after its answer.

Feedback, right answers and model answers are only there after an answer was saved. What their
forms send is in `activity_forms`.
"""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

from courses.assessment import items
from courses.assessment.forms import presented_on_page
from courses.assessment.items import Line, PresentedItem
from courses.learning.activity_forms import Commitment
from courses.learning.branches import BranchPath, follow_branch
from courses.library.content import Block, Course, Focus, Item, Seen
from courses.practice.queries import drawing_of


@dataclass(frozen=True)
class ActivityState:
    """What is known of one activity when its page is rendered.

    `name` is what the page calls it (`page_name`), `url` where it sends its answer, and `seed`
    what the order of its options is drawn from. `saved` is the saved answer, None for none.
    `entered` is what the learner sent that was not saved, `error` why; `is_restored` says that
    they were signed out before it was saved.
    """

    name: str
    url: str
    seed: str
    saved: Any = None
    entered: Any = None
    error: str = ""
    is_restored: bool = False

    @property
    def answer(self) -> Any:
        """The saved answer that the page gives feedback on; None while there is an error."""
        return None if self.error else self.saved

    @property
    def filled(self) -> Any:
        """What the form is filled with."""
        return self.saved if self.entered is None else self.entered


@dataclass(frozen=True)
class ShownActivity:
    """A block of a step as the page shows it; blocks that are no activity have only `block`.

    `presented` is for activities that are items. `lines`, `headline`, `is_right`, `seen`,
    `focus` and `sources` are feedback: empty until the activity is answered. `ticked` is of a
    checklist: number, point, and whether it is ticked.
    """

    block: Block
    name: str = ""
    url: str = ""
    error: str = ""
    is_answered: bool = False
    is_restored: bool = False
    presented: PresentedItem | None = None
    lines: tuple[Line, ...] = ()
    text: str = ""
    ticked: tuple[tuple[int, str, bool], ...] = ()
    headline: str = ""
    is_right: bool = False
    sources: tuple[str, ...] = ()
    drawing: str = ""
    seen: Seen | None = None
    focus: Focus | None = None
    path: BranchPath | None = None
    commitment: Commitment = field(default_factory=Commitment)

    @property
    def error_id(self) -> str:
        """The id of the error's element, empty when there is none."""
        return f"{self.name}-error" if self.error else ""


def show_activity(block: Block, state: ActivityState, course: Course) -> ShownActivity:
    """An activity as its page shows it now."""
    shown = ShownActivity(
        block=block,
        name=state.name,
        url=state.url,
        error=state.error,
        is_answered=state.answer is not None,
        is_restored=state.is_restored,
    )
    scene = course.scene(block.scene) if block.scene else None
    if scene:
        shown = replace(shown, drawing=drawing_of(scene))
        if shown.is_answered:
            shown = replace(shown, seen=scene.seen, focus=scene.focus)
    if block.item:
        return _show_item(shown, block.item, state)
    if block.kind == "branch":
        return replace(shown, path=_path(block, state.filled))
    if block.kind == "checklist":
        return replace(shown, ticked=_ticked(block, state.filled))
    if block.kind == "commitment":
        return replace(shown, commitment=_commitment(state.filled))
    return _show_writing(shown, state)


# Saved answers are read with care from here on: an author may have made the activity another
# kind since they were saved, and then the form is shown empty.


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
    lines = items.feedback(item, state.answer)
    if item.options:
        # In the order of the form. Cards keep the author's order: where the task is to put them
        # in turn, that is the right one.
        lines = tuple(sorted(lines, key=lambda line: order.index(line.key)))
    return replace(
        shown,
        lines=lines,
        headline=items.headline(item, state.answer),
        is_right=items.is_right(item, state.answer),
    )


def _shuffled(keys: list[str], seed: str) -> list[str]:
    """The keys in an order drawn from the seed, which says nothing about what is right.

    The seed is made of the learner and the lesson, so that the order stays the same for them.
    """

    def drawn(key: str) -> bytes:
        return hashlib.sha256(f"{seed}:{key}".encode()).digest()

    return sorted(keys, key=drawn)
