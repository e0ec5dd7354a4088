"""Items as a QTI 3.0 package: a zip archive with a manifest and one file an item.

What QTI has no field for stands in one data attribute of a rubric for authors.
"""

import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import quoteattr

from courses.assessment.items import KINDS
from courses.assessment.items.making import short_key
from courses.assessment.items.neutral import Card, Item, Option, Shape
from courses.exchange.markup import rendered
from courses.exchange.metadata import to_json, to_tags

MANIFEST = "imsmanifest.xml"
QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
ITEM_TYPE = "imsqti_item_xmlv3p0"
WHOLE = "data-notice-item"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same items give the same bytes
ITEM_FILE = Path(__file__).with_name("qti_item.xml").read_text()
MANIFEST_FILE = Path(__file__).with_name("qti_manifest.xml").read_text()


def write(items: Sequence[Item]) -> bytes:
    """The items as one package, in their order."""
    resources = []
    files = {}
    for item in items:
        path = f"items/{item.key}.xml"
        files[path] = assessment_item(item)
        resource = f'<resource identifier="item-{item.key}" type="{ITEM_TYPE}" href="{path}">'
        resources.append(f'{resource}<file href="{path}"/></resource>')
    # The manifest comes first, so that a reader of a stream knows what follows.
    files = {MANIFEST: MANIFEST_FILE.format(resources="\n".join(resources)), **files}
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, EPOCH), text, zipfile.ZIP_DEFLATED)
    return data.getvalue()


class Parts:
    """What the interactions of an item add to each place of its file, as XML."""

    def __init__(self) -> None:
        self.responses = ""
        self.outcomes = ""
        self.interactions = ""
        self.processing = ""
        self.feedback = ""

    def set_outcome(self, name: str, value: str) -> None:
        rule = _xml("set-outcome-value", value, identifier=name)
        self.processing += f"{rule}\n"

    def add_feedback(
        self, outcome: str, cardinality: str, answers: Mapping[str, Option | Card]
    ) -> None:
        """What is said of each answer, by its identifier, shown when the outcome has it."""
        kind = {"cardinality": cardinality, "base_type": "identifier"}
        self.outcomes += _xml("outcome-declaration", identifier=outcome, **kind) + "\n"
        for name, answer in answers.items():
            body = _xml("content-body", _html(answer.feedback))
            shown = {"outcome_identifier": outcome, "identifier": name, "show_hide": "show"}
            self.feedback += _xml("modal-feedback", body, **shown) + "\n"


def assessment_item(item: Item) -> str:
    """The file of an item."""
    parts = Parts()
    shape = KINDS[item.kind].exchange_shape
    if shape is Shape.PARTS:
        _add_case(parts, item)
    elif shape is Shape.ORDER:
        _add_order(parts, item)
    elif shape is Shape.PLACES:
        _add_places(parts, item)
    else:
        earned = _add_choice(parts, item.options, item.kind)
        parts.set_outcome("SCORE", earned)
    # For people who author there; it is not read again.
    sources = sorted({source for answer in item.answers for source in answer.sources})
    about = [*to_tags(item), *(f"source {source}" for source in sources)]
    return ITEM_FILE.format(
        key=item.key,
        whole=f"{WHOLE}={quoteattr(to_json(item))}",
        about="".join(f"<li>{line}</li>" for line in about),
        stem=_html(item.stem, is_inline=False),
        parts=parts,
    )


def _xml(tag: str, inside: str = "", **attributes: str) -> str:
    """An element of QTI; underscores in the names of attributes stand for hyphens."""
    pairs = ""
    for name, value in attributes.items():
        pairs += f' {name.replace("_", "-")}="{value}"'
    return f"<qti-{tag}{pairs}>{inside}</qti-{tag}>" if inside else f"<qti-{tag}{pairs}/>"


def _html(markdown: str, is_inline: bool = True) -> str:
    """A text as HTML that is XML too."""
    html = rendered(markdown, is_inline)
    return html.replace("<br>", "<br/>").replace("&nbsp;", "\u00a0")


def _number(value: int) -> str:
    return _xml("base-value", str(value), base_type="float")


def _declaration(
    name: str, cardinality: str, base: str, right: Iterable[str], earns: Mapping[str, float]
) -> str:
    """A response with its right answer and what each part of an answer earns."""
    values = "".join(_xml("value", value) for value in right)
    inside = _xml("correct-response", values)
    entries = ""
    for key, marks in earns.items():
        entries += _xml("map-entry", map_key=key, mapped_value=repr(marks))
    if entries:
        inside += _xml("mapping", entries, default_value="0", lower_bound="0")
    kind = {"cardinality": cardinality, "base_type": base}
    return _xml("response-declaration", inside, identifier=name, **kind) + "\n"


def _add_choice(
    parts: Parts, options: Sequence[Option], kind: str, number: str = "", prompt: str = ""
) -> str:
    """Adds a choice, the whole item or a part of a case with its `number`.

    Returns the expression of what it earns, 0 to 1.
    """
    is_multiple = KINDS[kind].exchange_shape is Shape.MANY_OPTIONS
    names = {f"c{number}-{short_key(option.text)}": option for option in options}
    right = [name for name, option in names.items() if option.is_correct]
    wrong = [name for name, option in names.items() if not option.is_correct]
    earns = dict.fromkeys(right, 1 / len(right))
    if is_multiple:
        earns |= dict.fromkeys(wrong, -1 / len(wrong))
    response = f"RESPONSE{number}"
    cardinality = "multiple" if is_multiple else "single"
    parts.responses += _declaration(response, cardinality, "identifier", right, earns)
    inside = prompt
    for name, option in names.items():
        inside += _xml("simple-choice", _html(option.text), identifier=name)
    form = {"response_identifier": response, "shuffle": "true"}
    most = "0" if is_multiple else "1"
    parts.interactions += _xml("choice-interaction", inside, **form, max_choices=most)
    parts.set_outcome(f"FEEDBACK{number}", _xml("variable", identifier=response))
    parts.add_feedback(f"FEEDBACK{number}", cardinality, names)
    return _xml("map-response", identifier=response)


def _add_case(parts: Parts, item: Item) -> None:
    """Every part is a choice of its own; the score is the mean of what they earn."""
    earned = ""
    for number, part in enumerate(item.parts, 1):
        prompt = _xml("prompt", _html(part.prompt, is_inline=False))
        earned += _add_choice(parts, part.options, part.kind, str(number), prompt)
    mean = _xml("divide", _xml("sum", earned) + _number(len(item.parts)))
    parts.set_outcome("SCORE", mean)


def _add_order(parts: Parts, item: Item) -> None:
    """The whole mark for the right order: QTI has no words for the pairs that stand right."""
    # Names drawn from the words tell nothing of the order, as numbers would.
    names = {f"c-{short_key(card.text)}": card for card in item.cards}
    parts.responses += _declaration("RESPONSE", "ordered", "identifier", names, {})
    turns = ""
    for name, card in names.items():
        turns += _xml("simple-choice", _html(card.text), identifier=name)
    form = {"response_identifier": "RESPONSE", "shuffle": "true"}
    parts.interactions += _xml("order-interaction", turns, **form)
    given = _xml("variable", identifier="RESPONSE") + _xml("correct", identifier="RESPONSE")
    score = _xml("set-outcome-value", _number(1), identifier="SCORE")
    rule = _xml("response-if", _xml("match", given) + score)
    parts.processing += _xml("response-condition", rule)
    _show_every_feedback(parts, names)


def _add_places(parts: Parts, item: Item) -> None:
    """Cards left, places right. Every place that is used counts the same, as in `items.sort`."""
    names = {f"c-{short_key(card.text)}": card for card in item.cards}
    size = Counter(card.group for card in item.cards)
    earns = {f"{name} g-{card.group}": 1 / size[card.group] for name, card in names.items()}
    parts.responses += _declaration("RESPONSE", "multiple", "directedPair", earns, earns)
    cards = places = ""
    for name, card in names.items():
        cards += _associable(name, "1", card.text)
    for group in item.groups:
        places += _associable(f"g-{group.key}", "0", group.text)
    sets = _xml("simple-match-set", cards) + _xml("simple-match-set", places)
    form = {"response_identifier": "RESPONSE", "shuffle": "true"}
    most = str(len(names))
    parts.interactions += _xml("match-interaction", sets, **form, max_associations=most)
    # One place for all cards earns one share, which is taken off.
    mapped = _xml("map-response", identifier="RESPONSE")
    beyond = _xml("subtract", mapped + _number(1))
    share = _xml("divide", beyond + _number(max(len(size) - 1, 1)))
    parts.set_outcome("SCORE", _xml("max", _number(0) + share))
    _show_every_feedback(parts, names)


def _associable(name: str, most: str, text: str) -> str:
    form = {"identifier": name, "match_max": most}
    return _xml("simple-associable-choice", _html(text), **form)


def _show_every_feedback(parts: Parts, names: Mapping[str, Card]) -> None:
    """Once the item is answered, what is said of every card is shown."""
    values = "".join(_xml("base-value", name, base_type="identifier") for name in names)
    parts.set_outcome("FEEDBACK", _xml("multiple", values))
    parts.add_feedback("FEEDBACK", "multiple", names)
