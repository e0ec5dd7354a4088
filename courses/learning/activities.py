"""Activities inside lessons: what comes in from their forms, and what is shown before and after the answer.

Feedback, right answers and model answers are only in what is shown after an answer was kept.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from courses.assessment import forms
from courses.assessment.forms import BadAnswer
from courses.assessment.scoring import score_item
from courses.library.content import Block, Course, Item, Moment
from courses.practice.queries import drawing_of

LONGEST_TEXT = 5_000  # characters: about two pages


@dataclass(frozen=True)
class Choice:
    """One option, or one place for a card, as a form shows it."""

    key: str
    html: str
    is_chosen: bool


@dataclass(frozen=True)
class Line:
    """Feedback on one option or card. `verdict` is right, wrong, missed or other, and is put into words by the page."""

    html: str
    verdict: str
    feedback: str
    sources: tuple[str, ...]
    placed: str = ""
    belongs: str = ""


@dataclass(frozen=True)
class Walked:
    """One choice made in a branch: the moment it was made in, what was chosen, and what it led to."""

    html: str
    chosen: str
    feedback: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """A block as the page shows it. `choices` is for checks, `cards` for sorts and matches; `lines` only after an answer."""

    block: Block
    url: str = ""
    error: str = ""
    is_answered: bool = False
    is_restored: bool = False
    choices: tuple[Choice, ...] = ()
    cards: tuple[tuple[Choice, tuple[Choice, ...]], ...] = ()
    lines: tuple[Line, ...] = ()
    text: str = ""
    ticked: tuple[tuple[int, str, bool], ...] = ()
    headline: str = ""
    sources: tuple[str, ...] = ()
    drawing: str = ""
    walk: tuple[Walked, ...] = ()
    moment: Moment | None = None
    path: str = ""


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
            raise BadAnswer("This list has a point that is not part of it. Load the page again and choose once more.")
        return sorted({known[point] for point in ticked if point in known})
    text = data.get("text", "").replace("\x00", "").replace("\r\n", "\n").strip()
    if strict and not text:
        raise BadAnswer("Write a sentence or two first. Nothing was changed.")
    if strict and len(text) > LONGEST_TEXT:
        raise BadAnswer(
            f"This has {len(text):,} characters; up to {LONGEST_TEXT:,} are kept. Shorten it, and save again."
        )
    return text


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
            raise BadAnswer("This does not follow from where you were. Here is where you were; choose once more.")
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
        answer = forms.answer_in(item, data)
    except BadAnswer:
        if strict:
            raise
        return None
    if strict and answer is None:
        word = "an option" if item.options else "a place for each card"
        raise BadAnswer(f"Choose {word} first. Nothing was changed.")
    if strict and item.cards and isinstance(answer, dict) and len(answer) < len(item.cards):
        raise BadAnswer(f"{len(item.cards) - len(answer)} of {len(item.cards)} have no place yet. Choose one for each.")
    return answer


def shown_activity(
    block: Block, answer: Any, entered: Any, course: Course, seed: str, url: str, error: str, restored: bool
) -> Shown:
    """The block as it is shown: `answer` is what is kept (None: not answered), `entered` what was typed and not kept."""
    if not block.is_activity:
        return Shown(block)
    filled = entered if entered is not None else answer
    answered = answer is not None and not error
    common: dict[str, Any] = {
        "block": block,
        "url": url,
        "error": error,
        "is_answered": answered,
        "is_restored": restored,
    }
    if block.scene and (scene := course.scene(block.scene)):
        common["drawing"] = drawing_of(scene)
    if block.item:
        return _shown_item(block.item, filled, answer if answered else None, seed, common)
    if block.kind == "branch":
        path = [key for key in filled if isinstance(key, str)] if isinstance(filled, list) else []
        walked, moment = walk(block, path)
        return Shown(**common, walk=tuple(walked), moment=moment, path=",".join(path[: len(walked)]))
    if block.kind == "checklist":
        ticks = filled if isinstance(filled, list) else []
        return Shown(**common, ticked=tuple((n, point, n in ticks) for n, point in enumerate(block.points)))
    text = filled if isinstance(filled, str) else (block.start if block.kind == "rewrite" else "")
    return Shown(**common, text=text, sources=block.sources if answered else ())


def _ordered(keys: list[str], seed: str) -> list[str]:
    """An order drawn from the learner and the lesson: it stays the same, and says nothing about what is right."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())


def _shown_item(item: Item, filled: Any, answer: Any, seed: str, common: dict[str, Any]) -> Shown:
    lines = feedback_lines(item, answer) if answer is not None else ()
    headline = _headline(item, answer) if answer is not None else ""
    if item.options:
        chosen = filled if isinstance(filled, list) else []
        by_key = {option.key: option for option in item.options}
        keys = _ordered(list(by_key), seed)
        choices = tuple(Choice(key, by_key[key].html, key in chosen) for key in keys)
        order = {key: n for n, key in enumerate(keys)}
        lines = tuple(sorted(lines, key=lambda line: order.get(line.placed, 0)))
        return Shown(**common, choices=choices, lines=lines, headline=headline)
    placed = filled if isinstance(filled, dict) else {}
    cards = {card.key: card for card in item.cards}
    rows = []
    for key in _ordered(list(cards), seed):
        places = tuple(Choice(group.key, group.html, placed.get(key) == group.key) for group in item.groups)
        rows.append((Choice(key, cards[key].html, key in placed), places))
    return Shown(**common, cards=tuple(rows), lines=lines, headline=headline)


def feedback_lines(item: Item, answer: Any) -> tuple[Line, ...]:
    """Feedback on every option or card of an answered item, in the author's order; `placed` holds an option's key."""
    if item.options:
        chosen = set(answer) if isinstance(answer, list) else set()
        return tuple(
            Line(o.html, _verdict(o.key in chosen, o.correct), o.feedback, o.sources, placed=o.key)
            for o in item.options
        )
    placed = answer if isinstance(answer, dict) else {}
    groups = {group.key: group.html for group in item.groups}
    lines = []
    for card in item.cards:
        verdict = "right" if placed.get(card.key) == card.group else "wrong"
        mine, belongs = groups.get(placed.get(card.key, ""), ""), groups[card.group]
        lines.append(Line(card.html, verdict, card.feedback, card.sources, placed=mine, belongs=belongs))
    return tuple(lines)


def _verdict(is_chosen: bool, is_correct: bool) -> str:
    if is_chosen:
        return "right" if is_correct else "wrong"
    return "missed" if is_correct else "other"


def _headline(item: Item, answer: Any) -> str:
    """What the answer comes to, in words and without blame."""
    score = score_item(item, answer)
    if score.earned == score.possible:
        return "Yes, that fits."
    if item.cards:
        right = sum(answer.get(card.key) == card.group for card in item.cards) if isinstance(answer, dict) else 0
        return f"{right} of {len(item.cards)} are in their place. Here is why."
    return "Partly. Here is what each option says." if score.earned else "Not quite. Here is why it tempts."
