"""A question of another system while it is read, and the item that it is here.

How the kinds here are scored is in `assessment.items`. A question that is marked otherwise is
refused.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from courses.assessment.items.neutral import Card, Group, Item, Option, Part, Shape
from courses.exchange.keys import Keys
from courses.exchange.markup import as_seen, rendered, to_markdown
from courses.exchange.metadata import Tags
from courses.exchange.refusals import Location, Misfit, TooMuch

MOST_ANSWERS = 100  # far more than any item has: what is read is bounded before it is understood
CLOSE = 0.01  # of a mark: 33.333 is a third
MOST_GROUPS = 5  # keep in step with items.sort
# The kind that a question of another system is here; one with places may be a sort, see `_placed`.
KIND_OF = {
    Shape.ONE_OPTION: "single",
    Shape.MANY_OPTIONS: "multiple",
    Shape.PLACES: "match",
    Shape.ORDER: "order",
    Shape.PARTS: "case",
}

NUMBER = re.compile(r"[+-]?[0-9]{1,6}(\.[0-9]{0,20})?")


@dataclass(frozen=True)
class Answer:
    """An option with the share of the mark it earns, -1 to 1, or a card with the name of its place.

    Texts are clean HTML.
    """

    text: str
    weight: float = 0.0
    feedback: str = ""
    goes_to: str = ""


@dataclass
class Question:
    """Its `shape` says what its `answers` are: options, cards, or turns in their right order.

    A question in parts has choices as its `parts`. `places` are those that cards are put in, by
    name. `weigh` refuses what would take too long to render.
    """

    place: Location
    weigh: Callable[[str, Location], None]
    name: str = ""
    shape: Shape = Shape.ONE_OPTION
    stem: str = ""
    answers: Sequence[Answer] = ()
    places: dict[str, str] = field(default_factory=dict)
    parts: Sequence["Question"] = ()
    tags: Tags = field(default_factory=Tags)

    def text(self, html: str, is_inline: bool = True) -> str:
        self.weigh(html, self.place)
        return to_markdown(html, self.place, is_inline)

    def check_count(self, answers: Sequence[object]) -> None:
        if len(answers) > MOST_ANSWERS:
            what = f"has {len(answers):,} answers; an item has no more than {MOST_ANSWERS}"
            raise TooMuch(self.place, what)


def to_marks(words: str, place: Location) -> float:
    """The number that these words are, 0 for none; raises Misfit for infinity and the like."""
    words = words.strip() or "0"
    if not NUMBER.fullmatch(words):
        what = f"has {words[:20]!r} where a number of marks belongs; export it again"
        raise Misfit(place, what)
    return float(words)


def to_item(question: Question) -> Item:
    """The item, without a key; raises Misfit and TooMuch."""
    item = Item("", KIND_OF[question.shape], question.text(question.stem, is_inline=False))
    if question.shape is Shape.PARTS:
        item = replace(item, parts=tuple(_part(part) for part in question.parts))
    elif question.shape is Shape.PLACES:
        item = _placed(question, item)
    elif question.shape is Shape.ORDER:
        item = replace(item, cards=_cards(question, {}))
    else:
        item = replace(item, options=_options(question))
    item = question.tags.apply(item)
    _check_texts(item, question.place)
    return item


def _part(question: Question) -> Part:
    prompt = question.text(question.stem, is_inline=False)
    kind = KIND_OF[question.shape]
    options = _options(question)
    return Part(prompt, kind, options)


def _options(question: Question) -> tuple[Option, ...]:
    question.check_count(question.answers)
    is_multiple = question.shape is Shape.MANY_OPTIONS
    right = [answer for answer in question.answers if answer.weight > CLOSE]
    wrong = [answer for answer in question.answers if answer.weight <= CLOSE]
    if not right:
        raise Misfit(question.place, "marks no option as right; mark one")
    if len(right) > 1 and not is_multiple:
        what = "gives marks for more than one of its options, of which one is chosen"
        raise Misfit(question.place, f"{what}; let one earn all, or ask for all of them")
    share = 1 / len(right)
    if any(abs(answer.weight - share) > CLOSE for answer in right):
        what = "gives its right options unlike shares of the mark; here each earns the same"
        raise Misfit(question.place, what)
    # What a learner who chooses everything would earn is nothing, as in `items.multiple`.
    share = -1 / len(wrong) if is_multiple and wrong else 0.0
    if any(abs(answer.weight - share) > CLOSE for answer in wrong):
        what = "takes other marks off for its wrong options than is done here"
        raise Misfit(question.place, f"{what}: {share:.0%} for each")
    options = []
    for answer in question.answers:
        feedback = question.text(answer.feedback)
        options.append(Option(question.text(answer.text), answer in right, feedback))
    return tuple(options)


def _placed(question: Question, item: Item) -> Item:
    """A match when each place belongs to one card, else a sort, unless a tag says which it is."""
    question.check_count([*question.answers, *question.places])
    if len(question.answers) < 2:
        raise Misfit(question.place, "has fewer than two pairs; a match has at least two")
    # Places are known by name: two that look alike are refused below, not taken for one.
    used = list(dict.fromkeys(answer.goes_to for answer in question.answers))
    spare = [name for name in question.places if name not in used]
    # A match shows each place once a card; with places used twice a sort is the plainer page.
    is_shared = len(used) < len(question.answers) and len(used) <= MOST_GROUPS
    is_sort = bool(spare) or {"sort": True, "match": False}.get(question.tags.kind, is_shared)
    if is_sort and len(question.places) > MOST_GROUPS:
        what = f"has {len(question.places)} places, a sort at most {MOST_GROUPS}; take some out"
        raise Misfit(question.place, what)
    keys = Keys()
    groups = {}
    for number, name in enumerate([*used, *spare], 1):
        text = question.text(question.places[name])
        key = keys.give(text, f"group-{number}") if is_sort else f"right-{number}"
        groups[name] = Group(key, text)
    kind = "sort" if is_sort else "match"
    cards = _cards(question, groups)
    return replace(item, kind=kind, cards=cards, groups=tuple(groups.values()))


def _cards(question: Question, groups: dict[str, Group]) -> tuple[Card, ...]:
    question.check_count(question.answers)
    cards = []
    for answer in question.answers:
        group = groups[answer.goes_to].key if groups else ""
        feedback = question.text(answer.feedback)
        cards.append(Card(question.text(answer.text), group, feedback))
    return tuple(cards)


def _check_texts(item: Item, place: Location) -> None:
    """Texts that became empty or alike could not be told apart by a learner."""
    questions = [item.stem, *(part.prompt for part in item.parts)]
    if not all(questions):
        raise Misfit(place, "asks nothing in words; write its question")
    shown_together: list[Sequence[Option | Card | Group]] = [item.options, item.cards, item.groups]
    shown_together += [part.options for part in item.parts]
    for answers in shown_together:
        seen: list[str] = []
        for text in (answer.text for answer in answers):
            words = as_seen(rendered(text, is_inline=True))
            if not words or words in seen:
                what = f"has an answer that is empty or looks like another, {text[:40]!r}"
                raise Misfit(place, f"{what}; change it")
            seen.append(words)
