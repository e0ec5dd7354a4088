"""Moodle's XML of questions, read only: multichoice, truefalse, matching, ddmatch and ordering.

Tags that our GIFT carried into Moodle come back here. What Moodle has and no item of ours has is told.
"""

from dataclasses import dataclass, replace

from courses.exchange import kind_mapping
from courses.exchange.markup import from_html, from_plain, to_markdown
from courses.exchange.neutral import Book, Card, Item, Option, is_key, normal
from courses.exchange.reading import Reading
from courses.exchange.refusals import BadXml, Location, Misfit, UnknownKind
from courses.exchange.tags import Tagged, from_tags
from courses.exchange.trees import Node, parse

TEXT_ENTRIES = {"shortanswer", "numerical", "essay"}
COMBINED = {
    "generalfeedback": "the general feedback",
    "correctfeedback": "the feedback on a right answer",
    "partiallycorrectfeedback": "the feedback on a partly right answer",
    "incorrectfeedback": "the feedback on a wrong answer",
    "hint": "a hint",
}


@dataclass(frozen=True)
class Source:
    """A question while it is read."""

    reading: Reading
    place: Location
    node: Node
    tagged: Tagged

    def say(self, what: str) -> None:
        self.reading.say(self.place, what)

    def text(self, holder: Node | None, inline: bool = True) -> str:
        """The `<text>` of an element as Markdown, by the format the element names; empty when there is none."""
        node = holder.one("text") if holder else None
        if holder is None or node is None:
            return ""
        words, form = normal(node.text), holder.get("format", "html")
        self.reading.weigh(words, self.place)
        if holder.all("file"):
            self.say("leaves out a file that stands in its text; say it in words where it matters")
        if form == "markdown":
            return words
        if form == "plain_text":
            return from_plain(words, inline)
        if form == "moodle_auto_format":
            words = words.replace("\n", "<br>")
        left: list[str] = []
        markdown = to_markdown(from_html(words, self.place, left), inline, left)
        self.reading.say_left(self.place, left)
        return markdown


def read(data: bytes, name: str) -> Book:
    """All of a Moodle XML file.

    Raises:
        RefusedAll: questions that no item can be, each named with its line.
        Refused: the file as a whole.
    """
    root = parse(data, name)
    if root.tag != "quiz":
        raise BadXml(
            Location(name, root.line),
            f"is <{root.tag[:40]}>, not <quiz>; export the questions as Moodle XML",
        )
    reading = Reading(name)
    for number, node in enumerate(root.all("question"), 1):
        if node.get("type") != "category":
            with reading.item():
                _read_question(reading, node, number)
    return reading.book()


def _read_question(reading: Reading, node: Node, number: int) -> None:
    title, kind = _word(node, "name"), node.get("type")
    place = Location(reading.name, node.line, title[:60])
    if kind == "description":
        reading.say(
            place, "is a description, not a question; put its words into a step of a lesson"
        )
        return
    if kind not in MAKERS:
        hint = (
            "export it as GIFT, where a text entry becomes an activity"
            if kind in TEXT_ENTRIES
            else "take it out"
        )
        raise UnknownKind(place, f"is of kind {kind[:40]!r}, which no item of ours is; {hint}")
    tags = node.one("tags")
    tagged = from_tags(_word_of(tag) for tag in tags.all("tag")) if tags else Tagged()
    named = _word_of(node.one("idnumber"), "") if node.one("idnumber") else ""
    key = reading.key(named if is_key(named) else title, place, number)
    source = Source(reading, replace(place, item=key), node, tagged)
    _tell(source)
    stem = source.text(node.one("questiontext"), inline=False)
    reading.add(MAKERS[kind](source, Item(key, "", stem)), place)


def _word(node: Node, tag: str) -> str:
    """The words of a child, which may stand in a `<text>` of its own."""
    return _word_of(node.one(tag))


def _word_of(node: Node | None, otherwise: str = "") -> str:
    return " ".join(node.text.split()) if node else otherwise


def _tell(source: Source) -> None:
    """What will not come along."""
    if source.tagged.unknown:
        source.say(f"leaves out the tags {', '.join(source.tagged.unknown)[:80]}")
    if source.node.one("defaultgrade") and _number(source, _word(source.node, "defaultgrade")) != 1:
        source.say(
            f"is worth {_word(source.node, 'defaultgrade')[:10]} marks there; here every item is worth one"
        )
    for tag, name in COMBINED.items():
        said = [words for node in source.node.all(tag) if (words := source.text(node))]
        if said:
            source.say(
                f"leaves out {name}, {said[0][:60]!r}; put what matters into the feedback of its answers"
            )


def _number(source: Source, words: str) -> float:
    try:
        number = float(words or "0")
    except ValueError:
        number = float("nan")
    if not -1e6 < number < 1e6:
        raise Misfit(
            source.place, f"has {words[:20]!r} where a number of marks belongs; export it again"
        )
    return number


def _answers(source: Source) -> list[Node]:
    answers = source.node.all("answer")
    kind_mapping.check_count(answers, source.place)
    return answers


def _multichoice(source: Source, item: Item) -> Item:
    rows = []
    for node in _answers(source):
        share = _number(source, node.get("fraction")) / 100
        rows.append(
            kind_mapping.Weighed(source.text(node), share, source.text(node.one("feedback")))
        )
    many = _word(source.node, "single").lower() in {"false", "0"}
    if many:
        return _ours(
            source,
            replace(item, kind="multiple", options=kind_mapping.choose_many(rows, source.say)),
        )
    kind = "spot" if source.tagged.kind == "spot" else "single"
    return _ours(
        source, replace(item, kind=kind, options=kind_mapping.choose_one(rows, source.say))
    )


def _truefalse(source: Source, item: Item) -> Item:
    options = []
    for node in _answers(source):
        word = source.text(node).capitalize()
        right = _number(source, node.get("fraction")) >= 99
        options.append(Option(word, right, source.text(node.one("feedback"))))
    return _ours(source, replace(item, kind="single", options=tuple(options)))


def _matching(source: Source, item: Item) -> Item:
    """A blank left-hand side is a place that fits nothing."""
    rows: list[kind_mapping.Row] = []
    spare: list[str] = []
    nodes = source.node.all("subquestion")
    kind_mapping.check_count(nodes, source.place)
    for node in nodes:
        answer = node.one("answer")
        left = source.text(node)
        right = source.text(
            replace(answer, attributes={"format": answer.get("format", "plain_text")})
            if answer
            else None
        )
        if left:
            rows.append((left, right, "", ()))
        else:
            spare.append(right)
    if len(rows) < 2:
        raise Misfit(source.place, "has fewer than two pairs; a match has at least two")
    is_sort = {"sort": True, "match": False}.get(source.tagged.kind)
    kind, cards, groups = kind_mapping.place_cards(rows, spare, {}, is_sort, source.place)
    return _ours(source, replace(item, kind=kind, cards=cards, groups=groups))


def _ordering(source: Source, item: Item) -> Item:
    """The answers stand in their right order."""
    if _word(source.node, "selecttype") not in {"", "ALL", "0"}:
        source.say("asks for some of its turns at a time; here all are asked")
    turns = (
        Card(source.text(node), "", source.text(node.one("feedback"))) for node in _answers(source)
    )
    return _ours(source, replace(item, kind="order", cards=tuple(turns)))


def _ours(source: Source, item: Item) -> Item:
    """The item with what its tags say."""
    return replace(source.tagged.on(item), scene=source.tagged.scene if item.kind == "spot" else "")


MAKERS = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "matching": _matching,
    "ddmatch": _matching,
    "ordering": _ordering,
}
