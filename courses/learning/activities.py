"""Activities inside lessons: what comes in from their forms, and what is shown before and after the answer.

Feedback, right answers and model answers are only in what is shown after an answer was kept.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.crypto import salted_hmac

from courses.assessment import items
from courses.assessment.forms import answer_from_page, presented_on_page
from courses.assessment.items import BadAnswer, Line, PresentedItem
from courses.library.content import Block, Course, Item, Moment, Seen, Step
from courses.practice.queries import drawing_of

LONGEST_TEXT = 5_000  # characters: about two pages
LONGEST_SENTENCE = 300  # characters of one's own commitment
OWN = "own"  # the choice of a commitment in one's own words


@dataclass(frozen=True)
class Walked:
    """One choice made in a branch: the moment it was made in, what was chosen, and what it led to."""

    html: str
    chosen: str
    feedback: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Pledge:
    """A commitment as its form shows it: the sentence chosen (its number, OWN or ""), own words, and the ISO day."""

    sentence: str = ""
    own: str = ""
    on: str = ""


@dataclass(frozen=True)
class Shown:
    """A block as the page shows it. `asked` is for activities that are items; `lines` and `seen` only after an answer.

    `name` is what the page calls an activity (`page_name`), empty for other blocks.
    """

    block: Block
    name: str = ""
    url: str = ""
    error: str = ""
    is_answered: bool = False
    is_restored: bool = False
    asked: PresentedItem | None = None
    lines: tuple[Line, ...] = ()
    text: str = ""
    ticked: tuple[tuple[int, str, bool], ...] = ()
    headline: str = ""
    sources: tuple[str, ...] = ()
    drawing: str = ""
    seen: Seen | None = None
    walk: tuple[Walked, ...] = ()
    moment: Moment | None = None
    path: str = ""
    pledge: Pledge = Pledge()

    @property
    def error_id(self) -> str:
        """The id of the error's element, empty when there is none."""
        return f"{self.name}-error" if self.error else ""


def page_name(lesson_key: str, activity_key: str) -> str:
    """What pages and addresses call an activity: an `a` and eight hexadecimal digits.

    Authors name activities for themselves, and "asleep-first" says what is to be seen.
    """
    digest = salted_hmac("courses.activity", f"{lesson_key}:{activity_key}", algorithm="sha256")
    return f"a{digest.hexdigest()[:8]}"


def activity_called(step: Step, lesson_key: str, name: str) -> Block | None:
    """The activity of a step that a page calls so, None when there is none.

    The author's key is taken too: pages opened before activities had opaque names send it.
    """
    for block in step.blocks:
        if block.is_activity and name in (block.key, page_name(lesson_key, block.key)):
            return block
    return None


def answer_in(block: Block, data: QueryDict, *, strict: bool = True) -> Any:
    """The answer a form gives to an activity: option keys, placed cards, ticked points, choices made, or text.

    `strict=False` gives what can be shown again of a form that was refused.

    Raises:
        BadAnswer: strict, and it is empty, too long or names what is not there.
    """
    if block.item:
        return _item_answer_in(block.item, data, strict)
    if block.kind == "branch":
        return _path_in(block, data, strict)
    if block.kind == "checklist":
        known = {str(n): n for n in range(len(block.points))}
        ticked = data.getlist("point")
        if strict and set(ticked) - set(known):
            raise BadAnswer(
                "This list has a point that is not part of it. Load the page again and choose once more."
            )
        return sorted({known[point] for point in ticked if point in known})
    if block.kind == "commitment":
        return _commitment_in(block, data, strict)
    text = _text_in(data, "text")
    if strict and not text:
        raise BadAnswer("Write a sentence or two first. Nothing was changed.")
    if strict and len(text) > LONGEST_TEXT:
        raise BadAnswer(
            f"This has {len(text):,} characters; up to {LONGEST_TEXT:,} are kept. Shorten it, and save again."
        )
    return text


def _text_in(data: QueryDict, name: str) -> str:
    return data.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()


def _commitment_in(block: Block, data: QueryDict, strict: bool) -> dict[str, str]:
    """What somebody will do and on which day: {"sentence": a number from 0 or OWN, "own": text, "on": an ISO day}."""
    given = Pledge(
        _text_in(data, "sentence"), _text_in(data, "own")[:2000], _text_in(data, "on")[:10]
    )
    known = {str(number) for number in range(len(block.points))}
    if strict and given.sentence not in known | {OWN}:
        raise BadAnswer("Choose a sentence, or write your own. Nothing was changed.")
    if strict and given.sentence == OWN and not given.own:
        raise BadAnswer("Write what you will do in one sentence. Nothing was changed.")
    if strict and len(given.own) > LONGEST_SENTENCE:
        raise BadAnswer(f"Keep your sentence to {LONGEST_SENTENCE} characters, and save again.")
    if strict and _day_in(given.on) is None:
        raise BadAnswer("Choose the day on which you will do it. Nothing was changed.")
    return asdict(given)


def _day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _path_in(block: Block, data: QueryDict, strict: bool) -> list[str]:
    """The choices made so far in a branch, with the new one; none at all when the learner begins again."""
    if data.get("again"):
        return []
    path = [key for key in data.get("path", "").split(",") if key]
    new = data.get("choice", "")
    if strict and not new:
        raise BadAnswer("Choose what you would do first. Nothing was changed.")
    path = [*path, new] if new else path
    walked, _ = walk(block, path)
    if len(walked) < len(path):
        if strict:
            raise BadAnswer(
                "This does not follow from where you were. Here is where you were; choose once more."
            )
        return path[: len(walked)]
    return path


def walk(block: Block, path: Sequence[str]) -> tuple[list[Walked], Moment]:
    """Where these choices lead from the first moment, as far as they can be followed; and the moment one is in then."""
    moment, walked = block.moments[0], []
    for key in path:
        choice = next((choice for choice in moment.choices if choice.key == key), None)
        following = block.moment(choice.to) if choice else None
        if not choice or not following:
            break
        walked.append(Walked(moment.html, choice.html, choice.feedback, choice.sources))
        moment = following
    return walked, moment


def _item_answer_in(item: Item, data: QueryDict, strict: bool) -> Any:
    try:
        answer = answer_from_page(item, data)
    except BadAnswer:
        if strict:
            raise
        return None
    if strict and (missing := items.missing_answer_message(item, answer)):
        raise BadAnswer(f"{missing} Nothing was changed.")
    return answer


def shown_activity(
    block: Block,
    answer: Any,
    entered: Any,
    course: Course,
    seed: str,
    url: str,
    error: str,
    restored: bool,
    name: str = "",
) -> Shown:
    """The block as it is shown: `answer` is what is kept (None: not answered), `entered` what was typed and not kept."""
    if not block.is_activity:
        return Shown(block)
    filled = entered if entered is not None else answer
    answered = answer is not None and not error
    common: dict[str, Any] = {
        "block": block,
        "name": name,
        "url": url,
        "error": error,
        "is_answered": answered,
        "is_restored": restored,
    }
    if block.scene and (scene := course.scene(block.scene)):
        common |= {"drawing": drawing_of(scene), "seen": scene.seen if answered else None}
    if block.item:
        return _shown_item(block.item, filled, answer if answered else None, seed, common)
    if block.kind == "branch":
        path = [key for key in filled if isinstance(key, str)] if isinstance(filled, list) else []
        walked, moment = walk(block, path)
        return Shown(
            **common, walk=tuple(walked), moment=moment, path=",".join(path[: len(walked)])
        )
    if block.kind == "checklist":
        ticks = filled if isinstance(filled, list) else []
        return Shown(
            **common, ticked=tuple((n, point, n in ticks) for n, point in enumerate(block.points))
        )
    if block.kind == "commitment":
        given = filled if isinstance(filled, dict) else {}
        fields = {name: str(given.get(name, "")) for name in ("sentence", "own", "on")}
        return Shown(**common, pledge=Pledge(**fields))
    text = filled if isinstance(filled, str) else (block.start if block.kind == "rewrite" else "")
    return Shown(**common, text=text, sources=block.sources if answered else ())


def _ordered(keys: list[str], seed: str) -> list[str]:
    """An order drawn from the learner and the lesson: it stays the same, and says nothing about what is right."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())


def _shown_item(item: Item, filled: Any, answer: Any, seed: str, common: dict[str, Any]) -> Shown:
    order = _ordered(items.parts_of(item), seed)
    shown = presented_on_page(item, order, filled)
    if answer is None:
        return Shown(**common, asked=shown)
    lines = items.feedback(item, answer)
    if item.options:  # as the form shows them; cards are told in the author's order, which for turns is the right one
        lines = tuple(sorted(lines, key=lambda line: order.index(line.key)))
    return Shown(**common, asked=shown, lines=lines, headline=_headline(item, answer, lines))


def _headline(item: Item, answer: Any, lines: Sequence[Line]) -> str:
    """What the answer comes to, in words and without blame."""
    score = items.score_item(item, answer)
    if score.earned == score.possible:
        return "Yes, that fits."
    if item.cards:
        right = sum(line.verdict == "right" for line in lines)
        return f"{right} of {len(item.cards)} are in their place. Here is why."
    return (
        "Partly. Here is what each option says."
        if score.earned
        else "Not quite. Here is why it tempts."
    )
