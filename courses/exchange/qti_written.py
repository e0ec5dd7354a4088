"""One item of ours as a QTI 3.0 assessment item. The package around it is in `qti`.

What QTI has no field for stands in data-notice-* attributes of plain elements. A text whose Markdown its HTML would not
give back carries its Markdown too; when somebody changes the HTML, the HTML counts.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from courses.assessment.items.making import short_key
from courses.exchange.markup import canonical, rendered, to_markdown
from courses.exchange.neutral import Card, Item, Option
from courses.exchange.tags import to_tags
from courses.exchange.trees import Node

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
SCHEMA = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0p1_v1p0.xsd"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
MARKDOWN, SOURCES, TAGS, KEY = (
    "data-notice-markdown",
    "data-notice-sources",
    "data-notice-tags",
    "data-notice-key",
)


def assessment_item(item: Item) -> Node:
    """The whole item: declarations, body, processing and feedback, in the order of the schema."""
    asked = _case(item) if item.kind == "case" else _cards(item) if item.cards else _choices(item)
    head = {
        "xmlns": QTI,
        "xmlns:xsi": XSI,
        "xsi:schemaLocation": f"{QTI} {SCHEMA}",
        "identifier": f"item-{item.key}",
    }
    head |= {"title": item.key, "adaptive": "false", "time-dependent": "false", "xml:lang": "en-GB"}
    head |= {"tool-name": "Notice", "tool-version": "1"}
    outcomes = [_outcome("SCORE", "0"), _outcome("MAXSCORE", "1"), *asked.outcomes]
    body = _node(
        "qti-item-body", {}, _rubric(item), *_rich(item.stem, inline=False), *asked.interactions
    )
    processing = _node("qti-response-processing", {}, *asked.processing)
    return _node(
        "qti-assessment-item", head, *asked.responses, *outcomes, body, processing, *asked.feedback
    )


class _Asked:
    """What the interactions of an item add to each place of it."""

    def __init__(self) -> None:
        self.responses: list[Node] = []
        self.outcomes: list[Node] = []
        self.interactions: list[Node] = []
        self.processing: list[Node] = []
        self.feedback: list[Node] = []


def _node(tag: str, attributes: dict[str, str], *children: Node | str) -> Node:
    return Node(tag, attributes, list(children))


def _rich(text: str, inline: bool) -> list[Node | str]:
    """A text as HTML; in a div with its Markdown when the HTML alone would not give it back."""
    html = _plain(rendered(text, inline))
    if to_markdown(html, inline, []) == text and canonical(html):
        return html
    return [_node("div", {MARKDOWN: text}, *html)]


def _plain(rich: Iterable[Node | str]) -> list[Node | str]:
    """HTML without attributes but where a link leads, and without blank lines between blocks."""
    kept: list[Node | str] = []
    for one in rich:
        if isinstance(one, Node):
            href = {"href": one.get("href")} if one.get("href") else {}
            kept.append(_node(one.tag, href, *_plain(one.children)))
        elif one != "\n":
            kept.append(one)
    return kept


def _rubric(item: Item) -> Node:
    """What an author of another system should know, and what makes the item ours again."""
    sources = sorted({source for one in item.answers for source in one.sources})
    words = [*to_tags(item), *(["sources " + " ".join(sources)] if sources else [])]
    rows = [_node("li", {}, word) for word in words]
    about = _node("div", {KEY: item.key, TAGS: " ".join(to_tags(item))}, _node("ul", {}, *rows))
    return _node(
        "qti-rubric-block",
        {"view": "author", "use": "scoring"},
        _node("qti-content-body", {}, about),
    )


def _outcome(name: str, value: str) -> Node:
    default = _node("qti-default-value", {}, _node("qti-value", {}, value))
    kind = {"identifier": name, "cardinality": "single", "base-type": "float"}
    return _node("qti-outcome-declaration", kind, default)


def _response(
    name: str, cardinality: str, base: str, right: Iterable[str], weights: dict[str, float]
) -> Node:
    """A declaration with its right answer and what each part of an answer earns."""
    correct = _node("qti-correct-response", {}, *(_node("qti-value", {}, one) for one in right))
    entries = [
        _node("qti-map-entry", {"map-key": key, "mapped-value": repr(one)})
        for key, one in weights.items()
    ]
    mapping = (
        [_node("qti-mapping", {"default-value": "0", "lower-bound": "0"}, *entries)]
        if entries
        else []
    )
    kind = {"identifier": name, "cardinality": cardinality, "base-type": base}
    return _node("qti-response-declaration", kind, correct, *mapping)


def _set(name: str, value: Node) -> Node:
    return _node("qti-set-outcome-value", {"identifier": name}, value)


def _base(kind: str, value: str) -> Node:
    return _node("qti-base-value", {"base-type": kind}, value)


def _ask(
    asked: _Asked, options: Sequence[Option], many: bool, number: str, prompt: list[Node]
) -> Node:
    """Adds one choice; gives back what it earns, 0 to 1. `number` is that of a part of a case, else empty."""
    response, said = f"RESPONSE{number}", f"FEEDBACK{number}"
    right, cardinality = (
        sum(option.is_correct for option in options),
        "multiple" if many else "single",
    )
    names = [f"c{number}-{short_key(option.text)}" for option in options]
    shares = [
        1 / right if option.is_correct else -1 / (len(options) - right) if many else 0.0
        for option in options
    ]
    weights = {name: share for name, share in zip(names, shares, strict=True) if share}
    correct = [name for name, option in zip(names, options, strict=True) if option.is_correct]
    asked.responses.append(_response(response, cardinality, "identifier", correct, weights))
    kind = {"identifier": said, "cardinality": cardinality, "base-type": "identifier"}
    asked.outcomes.append(_node("qti-outcome-declaration", kind))
    choices = [
        _node("qti-simple-choice", {"identifier": name}, *_rich(option.text, inline=True))
        for name, option in zip(names, options, strict=True)
    ]
    form = {"response-identifier": response, "shuffle": "true", "max-choices": "0" if many else "1"}
    asked.interactions.append(_node("qti-choice-interaction", form, *prompt, *choices))
    asked.processing.append(_set(said, _node("qti-variable", {"identifier": response})))
    asked.feedback += _feedback(said, names, options)
    return _node("qti-map-response", {"identifier": response})


def _feedback(outcome: str, names: Iterable[str], answers: Sequence[Option | Card]) -> list[Node]:
    """What is said of each option or card, shown when the outcome names it."""
    made = []
    for name, one in zip(names, answers, strict=True):
        said = _rich(one.feedback, inline=True)
        if one.sources:
            said = [_node("div", {SOURCES: " ".join(one.sources)}, *said)]
        shown = {"outcome-identifier": outcome, "identifier": name, "show-hide": "show"}
        made.append(_node("qti-modal-feedback", shown, _node("qti-content-body", {}, *said)))
    return made


def _choices(item: Item) -> _Asked:
    asked = _Asked()
    asked.processing.append(
        _set("SCORE", _ask(asked, item.options, item.kind == "multiple", "", []))
    )
    return asked


def _case(item: Item) -> _Asked:
    """Every part is a choice of its own; the score is the mean of what they earn."""
    asked, earned = _Asked(), []
    for n, part in enumerate(item.parts, 1):
        prompt = _node("qti-prompt", {}, *_rich(part.prompt, inline=False))
        earned.append(_ask(asked, part.options, part.kind == "multiple", str(n), [prompt]))
    mean = _node("qti-divide", {}, _node("qti-sum", {}, *earned), _base("float", str(len(earned))))
    asked.processing.append(_set("SCORE", mean))
    return asked


def _cards(item: Item) -> _Asked:
    """A sort, match or order. Once it is answered, what is said of every card is shown."""
    asked = _Asked()
    names = [f"c-{short_key(card.text)}" for card in item.cards]
    asked.outcomes.append(
        _node(
            "qti-outcome-declaration",
            {"identifier": "FEEDBACK", "cardinality": "multiple", "base-type": "identifier"},
        )
    )
    (_order if item.kind == "order" else _places)(asked, item, names)
    asked.processing.append(
        _set("FEEDBACK", _node("qti-multiple", {}, *(_base("identifier", name) for name in names)))
    )
    asked.feedback = _feedback("FEEDBACK", names, item.cards)
    return asked


def _order(asked: _Asked, item: Item, names: list[str]) -> None:
    """The whole mark for the right order: QTI has no words for the pairs that stand right."""
    asked.responses.append(_response("RESPONSE", "ordered", "identifier", names, {}))
    turns = [
        _node("qti-simple-choice", {"identifier": name}, *_rich(card.text, inline=True))
        for name, card in zip(names, item.cards, strict=True)
    ]
    form = {"response-identifier": "RESPONSE", "shuffle": "true"}
    asked.interactions.append(_node("qti-order-interaction", form, *turns))
    given = _node(
        "qti-match",
        {},
        _node("qti-variable", {"identifier": "RESPONSE"}),
        _node("qti-correct", {"identifier": "RESPONSE"}),
    )
    right = _node("qti-response-if", {}, given, _set("SCORE", _base("float", "1")))
    asked.processing.append(_node("qti-response-condition", {}, right))


def _places(asked: _Asked, item: Item, names: list[str]) -> None:
    """Cards on the left, places on the right. Every place that has cards counts the same, as `items.sort` has it."""
    belongs = [f"{name} g-{card.group}" for name, card in zip(names, item.cards, strict=True)]
    size = Counter(card.group for card in item.cards)
    shares = {pair: 1 / size[card.group] for pair, card in zip(belongs, item.cards, strict=True)}
    asked.responses.append(_response("RESPONSE", "multiple", "directedPair", belongs, shares))
    cards = [_choice(name, "1", card.text) for name, card in zip(names, item.cards, strict=True)]
    places = [_choice(f"g-{group.key}", "0", group.text) for group in item.groups]
    sets = [_node("qti-simple-match-set", {}, *cards), _node("qti-simple-match-set", {}, *places)]
    form = {
        "response-identifier": "RESPONSE",
        "shuffle": "true",
        "max-associations": str(len(cards)),
    }
    asked.interactions.append(_node("qti-match-interaction", form, *sets))
    beyond = _node(
        "qti-subtract",
        {},
        _node("qti-map-response", {"identifier": "RESPONSE"}),
        _base("float", "1"),
    )
    share = _node("qti-divide", {}, beyond, _base("float", str(max(len(size) - 1, 1))))
    asked.processing.append(_set("SCORE", _node("qti-max", {}, _base("float", "0"), share)))


def _choice(name: str, most: str, text: str) -> Node:
    return _node(
        "qti-simple-associable-choice",
        {"identifier": name, "match-max": most},
        *_rich(text, inline=True),
    )
