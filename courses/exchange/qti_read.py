"""One QTI 3.0 assessment item as one of ours, or as an activity. The package around it is in `qti`.

Right answers come from the response declarations; response processing is not run. What it cannot say is told.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from courses.exchange import kind_mapping
from courses.exchange.markup import KEPT, MOST_TAGS, SILENT, Rich, canonical, rendered, to_markdown
from courses.exchange.neutral import Card, Group, Item, Option, Part, Task, is_key, normal
from courses.exchange.qti_written import KEY, MARKDOWN, QTI, SOURCES, TAGS
from courses.exchange.reading import Reading
from courses.exchange.refusals import BadPackage, Location, Misfit, TooMany, UnknownKind
from courses.exchange.tags import Tagged, from_tags
from courses.exchange.trees import Node

CHOICE, MATCH, ORDER = "qti-choice-interaction", "qti-match-interaction", "qti-order-interaction"
ENTRY, ESSAY = "qti-text-entry-interaction", "qti-extended-text-interaction"
KNOWN = {CHOICE, MATCH, ORDER, ENTRY, ESSAY}
BEYOND = {
    "qti-template-declaration",
    "qti-template-processing",
    "qti-assessment-stimulus-ref",
    "include",
}
GAP = "_____"


@dataclass(frozen=True)
class Response:
    """What a response declaration says: the right values in their order, and what single values earn where it is told."""

    right: tuple[str, ...]
    weights: dict[str, float]
    cardinality: str

    @property
    def earning(self) -> set[str]:
        return {name for name, weight in self.weights.items() if weight > 0}

    def shares(self, many: bool, right: set[str]) -> dict[str, float]:
        """What each answer earns of the mark, of which the best answer earns the whole. Without weights, each its share."""
        if not self.weights:
            return dict.fromkeys(right, 1 / max(len(right), 1) if many else 1.0)
        earned = [self.weights[name] for name in self.earning] or [1.0]
        whole = sum(earned) if many else max(earned)
        return {name: weight / whole for name, weight in self.weights.items()}


@dataclass(frozen=True)
class Source:
    """An item while it is read."""

    reading: Reading
    place: Location
    tagged: Tagged
    responses: dict[str, Response]
    feedback: dict[tuple[str, str], tuple[str, tuple[str, ...]]]

    def say(self, what: str) -> None:
        self.reading.say(self.place, what)

    def response(self, interaction: Node) -> Response:
        name = interaction.get("response-identifier")
        if name not in self.responses:
            what = f"has no declaration of the response {name[:40]!r}; export it again"
            raise Misfit(replace(self.place, line=interaction.line), what)
        return self.responses[name]

    def text(self, rich: Rich, inline: bool = True) -> str:
        """A text as Markdown: that which our export put beside it while it still fits, else what its HTML says."""
        whole = Node("div", {}, rich)
        if sum(1 for _ in whole.walk()) > MOST_TAGS:
            raise TooMany(
                self.place, f"has a text of more than {MOST_TAGS} HTML tags; write it plainer"
            )
        self.reading.weigh(
            whole.text + "".join(node.get(MARKDOWN) for node in whole.walk()), self.place
        )
        return _ours(rich, inline) or self._theirs(rich, inline)

    def _theirs(self, rich: Rich, inline: bool) -> str:
        left: list[str] = []
        markdown = to_markdown(_kept(rich, left), inline, left)
        self.reading.say_left(self.place, left)
        return markdown


def _ours(rich: Rich, inline: bool) -> str:
    """The Markdown of a text that our export wrote and nobody changed; else empty."""
    nodes = [one for one in rich if isinstance(one, Node) or one.strip()]
    only = nodes[0] if len(nodes) == 1 else None
    if not isinstance(only, Node) or MARKDOWN not in only.attributes:
        return ""
    source = normal(only.get(MARKDOWN))
    return source if canonical(rendered(source, inline)) == canonical(only.children) else ""


def _kept(rich: Rich, left: list[str]) -> Rich:
    """The elements that may stay; what is in others stays without them, but for what only a machine reads."""
    kept: Rich = []
    for one in rich:
        if isinstance(one, str):
            kept.append(one)
        elif one.tag in SILENT:
            left.append(f"<{one.tag}>")
        elif one.tag in KEPT:
            kept.append(replace(one, children=_kept(one.children, left)))
        else:
            left.append(f"<{one.tag[:40]}>")
            kept += _kept(one.children, left)
    return kept


def read_item(reading: Reading, root: Node, entry: str, number: int) -> None:
    """Adds the item to what was read.

    Raises:
        UnknownKind, Misfit, BadPackage: no item of ours can be it; the interaction is named.
    """
    place = Location(entry, root.line, root.get("identifier")[:60])
    if root.space != QTI or root.tag != "qti-assessment-item":
        raise BadPackage(place, f"is <{root.tag[:40]}>, not a QTI 3.0 item; export it as QTI 3.0")
    for node in root.walk():
        if node.tag in BEYOND or (node is root and root.get("adaptive") == "true"):
            what = "adaptive" if node is root else node.tag
            raise UnknownKind(
                replace(place, line=node.line), f"is of an unknown kind, {what}; write it without"
            )
    body = root.one("qti-item-body")
    interactions = [node for node in body.walk() if _is_interaction(node)] if body else []
    kind_mapping.check_count([*interactions, *root.all("qti-modal-feedback")], place)
    if body is None or not interactions:
        reading.say(place, "asks nothing; put its words into a step of a lesson")
        return
    for node in interactions:
        if node.tag not in KNOWN:
            raise UnknownKind(
                replace(place, line=node.line),
                f"has a {node.tag[:60]}, which no item of ours is; take it out",
            )
    about = next((node for node in body.walk() if TAGS in node.attributes), None)
    key = reading.key(_name(root, about), place, number)
    place = replace(place, item=key)
    tagged = from_tags(about.get(TAGS).split()) if about else Tagged()
    _add(Source(reading, place, tagged, _responses(root, place), {}), root, body, interactions, key)


def _add(source: Source, root: Node, body: Node, interactions: list[Node], key: str) -> None:
    source = replace(source, feedback=_feedback(source, root))
    made = _made(source, body, interactions, key)
    _tell_the_rest(source, root, body, made)
    if isinstance(made, Task):
        source.reading.tasks.append(made)
    else:
        source.reading.add(made, source.place)


def _name(root: Node, about: Node | None) -> str:
    """The key our export wrote, else the identifier; the title where it is a key and the identifier is none."""
    own = about.get(KEY) if about else ""
    return (
        own
        if is_key(own)
        else root.get("title")
        if is_key(root.get("title"))
        else root.get("identifier")
    )


def _is_interaction(node: Node) -> bool:
    return node.tag.startswith("qti-") and node.tag.endswith("-interaction")


def _responses(root: Node, place: Location) -> dict[str, Response]:
    found = {}
    for node in root.all("qti-response-declaration"):
        correct, mapping = node.one("qti-correct-response"), node.one("qti-mapping")
        right = (
            tuple(" ".join(value.text.split()) for value in correct.all("qti-value"))
            if correct
            else ()
        )
        weights = {}
        for entry in mapping.all("qti-map-entry") if mapping else ():
            weights[" ".join(entry.get("map-key").split())] = _number(entry, place)
        found[node.get("identifier")] = Response(right, weights, node.get("cardinality"))
    return found


def _number(entry: Node, place: Location) -> float:
    """What an answer earns."""
    said = entry.get("mapped-value")
    if not re.fullmatch(r"\s*[+-]?[0-9]{1,6}(\.[0-9]{1,20})?\s*", said):
        what = f"gives {said[:20]!r} marks for an answer, which is no number; export it again"
        raise Misfit(replace(place, line=entry.line), what)
    return float(said)


def _feedback(source: Source, root: Node) -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
    """What is said of an answer and what it rests on, by outcome and identifier."""
    said = {}
    for node in root.all("qti-modal-feedback"):
        body = node.one("qti-content-body") or node
        inner = [one for one in body.children if isinstance(one, Node) or one.strip()]
        ids: tuple[str, ...] = ()
        rich: Rich = body.children
        if len(inner) == 1 and isinstance(inner[0], Node) and SOURCES in inner[0].attributes:
            ids, rich = tuple(inner[0].get(SOURCES).split()), inner[0].children
        said[node.get("outcome-identifier"), node.get("identifier")] = (source.text(rich), ids)
    return said


def _said(source: Source, node: Node, number: str = "") -> tuple[str, tuple[str, ...]]:
    """The feedback on an option or card: that of its identifier, or the words that stand in it to be shown later."""
    name = node.get("identifier")
    for (outcome, identifier), said in source.feedback.items():
        if identifier == name and (not number or outcome.endswith(number)):
            return said
    inside = [
        one for one in node.walk() if one.tag in {"qti-feedback-inline", "qti-feedback-block"}
    ]
    return (source.text(inside[0].children), ()) if inside else ("", ())


def _label(source: Source, node: Node) -> str:
    """The words of an option or card, without feedback that stands in it."""
    return source.text(_without(node.children, {"qti-feedback-inline", "qti-feedback-block"}))


def _without(rich: Rich, tags: set[str]) -> Rich:
    kept: Rich = []
    for one in rich:
        if isinstance(one, str):
            kept.append(one)
        elif one.tag == ENTRY and ENTRY in tags:
            kept.append(GAP)
        elif one.tag not in tags:
            kept.append(replace(one, children=_without(one.children, tags)))
    return kept


def _stem(source: Source, body: Node, prompts: Sequence[Node]) -> str:
    """What stands around the interactions, then their prompts."""
    around = source.text(_without(body.children, {*KNOWN, "qti-rubric-block"}), inline=False)
    asked = [source.text(prompt.children, inline=False) for prompt in prompts]
    return "\n\n".join(text for text in [around, *asked] if text)


def _made(source: Source, body: Node, interactions: list[Node], key: str) -> Item | Task:
    kinds = {node.tag for node in interactions}
    first = interactions[0]
    prompts = [node for one in interactions for node in one.all("qti-prompt")]
    for node in interactions:
        kind_mapping.check_count(node.all("qti-simple-choice"), source.place)
    if len(interactions) > 1 and kinds != {CHOICE}:
        named = "a cloze of " if kinds == {ENTRY} else "a mixture of "
        raise UnknownKind(
            source.place,
            f"is {named}{len(interactions)} × {', '.join(sorted(kinds))}; write an item for each",
        )
    if len(interactions) > 1:
        return _case(source, body, interactions, key)
    plain = Item(key, "", _stem(source, body, prompts))
    if first.tag in {ENTRY, ESSAY}:
        return _task(source, first, plain)
    if first.tag == ORDER:
        return replace(
            source.tagged.on(replace(plain, kind="order", cards=_turns(source, first))), scene=""
        )
    if first.tag == MATCH:
        kind, cards, groups = _placed(source, first)
        return replace(
            source.tagged.on(replace(plain, kind=kind, cards=cards, groups=groups)), scene=""
        )
    kind, options = _choice(source, first)
    if kind == "single" and source.tagged.kind == "spot":
        return source.tagged.on(replace(plain, kind="spot", options=options))
    return replace(source.tagged.on(replace(plain, kind=kind, options=options)), scene="")


def _case(source: Source, body: Node, interactions: list[Node], key: str) -> Item:
    parts = []
    for n, node in enumerate(interactions, 1):
        kind, options = _choice(source, node, str(n))
        prompt = node.one("qti-prompt")
        parts.append(
            Part(source.text(prompt.children, inline=False) if prompt else "", kind, options)
        )
    whole = Item(key, "case", _stem(source, body, []), parts=tuple(parts))
    return replace(source.tagged.on(whole), scene="")


def _choice(source: Source, node: Node, number: str = "") -> tuple[str, tuple[Option, ...]]:
    """Whether one or several are to be chosen, and the options. Without weights, right ones share the mark."""
    response, choices = source.response(node), node.all("qti-simple-choice")
    many = node.get("max-choices", "1") != "1" or response.cardinality == "multiple"
    right = set(response.right) or response.earning
    if response.weights and right != response.earning:
        source.say(
            "names other right answers than those it gives marks for; here they earn what it gives"
        )
    shares, costs = response.shares(many, right), -1 / max(len(choices) - len(right), 1)
    otherwise = costs if many and not response.weights else 0.0
    rows = [
        kind_mapping.Weighed(
            _label(source, choice),
            shares.get(choice.get("identifier"), otherwise),
            *_said(source, choice, number),
        )
        for choice in choices
    ]
    if many and not response.weights:
        source.say(
            "gives its mark for the whole set of right options; here each earns a share, and each wrong one costs one"
        )
    return (
        ("multiple", kind_mapping.choose_many(rows, source.say))
        if many
        else ("single", kind_mapping.choose_one(rows, source.say))
    )


def _turns(source: Source, node: Node) -> tuple[Card, ...]:
    """The turns in their right order, which must name each of them once."""
    choices = {choice.get("identifier"): choice for choice in node.all("qti-simple-choice")}
    right = source.response(node).right
    if sorted(right) != sorted(choices):
        raise Misfit(
            source.place,
            "has a right order that does not name each of its turns once; ask for all of them",
        )
    return tuple(
        Card(_label(source, choices[name]), "", *_said(source, choices[name])) for name in right
    )


def _placed(source: Source, node: Node) -> tuple[str, tuple[Card, ...], tuple[Group, ...]]:
    """Cards are the set of which each has one place, the left one first."""
    sets = [
        {one.get("identifier"): one for one in part.all("qti-simple-associable-choice")}
        for part in node.all("qti-simple-match-set")
    ]
    ends = [tuple(value.split()) for value in source.response(node).right]
    if len(sets) != 2 or any(len(end) != 2 for end in ends):
        raise Misfit(source.place, "has no two sets with pairs between them; export it again")
    kind_mapping.check_count([*sets[0], *sets[1]], source.place)
    belongs = _belongs(sets[0], [(a, b) for a, b in ends]) or _belongs(
        sets[1], [(b, a) for a, b in ends]
    )
    if not belongs or not set(belongs.values()) <= {*sets[0], *sets[1]}:
        raise Misfit(
            source.place, "has cards with no place or several; here each card has one place"
        )
    labels = {name: _label(source, one) for part in sets for name, one in part.items()}
    rows = [
        (labels[card], labels[place], *_said(source, (sets[0] | sets[1])[card]))
        for card, place in belongs.items()
    ]
    places = [name for name in labels if name not in belongs]
    is_sort = {"sort": True, "match": False}.get(source.tagged.kind)
    names = {labels[name]: name.removeprefix("g-") for name in places} if is_sort else {}
    spare = [labels[name] for name in places if name not in belongs.values()]
    return kind_mapping.place_cards(rows, spare, names, is_sort, source.place)


def _belongs(cards: dict[str, Node], ends: list[tuple[str, str]]) -> dict[str, str]:
    """The place of each card, in the order of the cards; empty unless each has exactly one."""
    places = dict(ends)
    if sorted(card for card, _ in ends) != sorted(cards):
        return {}
    return {card: places[card] for card in cards}


def _task(source: Source, node: Node, plain: Item) -> Task:
    response = source.response(node)
    best = max(response.weights.values(), default=0.0)
    answers = [
        *response.right,
        *(name for name in sorted(response.earning) if response.weights[name] == best),
    ]
    for name in sorted(response.earning - set(answers)):
        source.say(f"gives a part of the mark for {name[:40]!r}; it is left out")
    rewrite = "rewrite activity, its answers are the model: write its start and criteria"
    source.say(f"is a text entry; it becomes a {rewrite if answers else 'reflect activity'}")
    return Task(plain.key, plain.stem, tuple(normal(one) for one in dict.fromkeys(answers)))


def _tell_the_rest(source: Source, root: Node, body: Node, made: Item | Task) -> None:
    """Tells of feedback and rubrics that belong to no option."""
    used = {one.feedback for one in made.answers} if isinstance(made, Item) else set()
    for (_, name), (text, _) in source.feedback.items():
        if text and text not in used:
            source.say(
                f"leaves out the feedback {name[:40]!r}, which belongs to no option: {text[:60]!r}"
            )
    for node in body.all("qti-rubric-block"):
        if not any(TAGS in one.attributes for one in node.walk()):
            source.say(
                f"leaves out a rubric for {node.get('view')[:40]!r}: {' '.join(node.text.split())[:60]!r}"
            )
