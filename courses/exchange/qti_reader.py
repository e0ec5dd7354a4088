"""QTI 3.0 packages, and files with one item, read: choices, matches and orders.

Right answers come from the response declarations. Response processing is recognised, not run: an
item with rules of its own, or with anything that is shown on a condition but feedback on an option,
is refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from posixpath import join, normpath
from typing import Any, NoReturn
from urllib.parse import unquote

from courses.assessment.items.neutral import Shape
from courses.exchange.archive import Archive
from courses.exchange.book_builder import MOST_ITEMS, Book, BookBuilder
from courses.exchange.keys import is_key
from courses.exchange.kind_mapping import Answer, Question, to_marks
from courses.exchange.markup import MOST_TAGS, clean
from courses.exchange.metadata import from_json
from courses.exchange.qti_writer import ITEM_TYPE, MANIFEST, QTI, WHOLE, assessment_item
from courses.exchange.refusals import BadFile, Location, Misfit, TooMuch
from courses.exchange.xml_tree import MOST_ELEMENTS, Node, parse, to_xml

CHOICE, MATCH, ORDER = "qti-choice-interaction", "qti-match-interaction", "qti-order-interaction"
INTERACTIONS = frozenset([CHOICE, MATCH, ORDER])
FEEDBACK_INSIDE = "qti-feedback-inline"
UNKNOWN = {"qti-template-declaration", "qti-template-processing", "include"}
UNKNOWN |= {"qti-assessment-stimulus-ref", "qti-template-constraint"}
CONTAINERS = {"div", "section"}
MOST_NODES = 10 * MOST_TAGS  # elements of one item
TEMPLATE = re.compile(r".*/(match_correct|map_response)(\.xml)?")
ONE_RIGHT = "response-condition response-if match variable correct set-outcome-value base-value"
RULES = {
    "set-outcome-value variable": "feedback",
    "set-outcome-value map-response": "map_response",
    ONE_RIGHT: "match_correct",
    f"{ONE_RIGHT} response-else set-outcome-value base-value": "match_correct",
}
NAMING = {"qti-variable", "qti-correct", "qti-map-response", "qti-set-outcome-value"}


def read(data: bytes, name: str) -> Book:
    """What can be taken of a package or a file with one item; raises Refused for the whole file."""
    builder = BookBuilder(name)
    count = 0
    for entry, raw in _items(builder, data):
        with builder.entry():
            root = parse(raw, entry)
            count += sum(1 for _ in root.walk())
            if count <= MOST_ELEMENTS:
                _read_item(builder, root, entry)
        if count > MOST_ELEMENTS:
            what = f"has more than {MOST_ELEMENTS:,} elements; export fewer items at once"
            raise TooMuch(Location(name), what)
    return builder.book()


def _items(builder: BookBuilder, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The entries that the manifest names as items, in its order."""
    # A single item is exported as XML, several are in a zip archive.
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield builder.name, data
        return
    archive = Archive(data, builder.name)
    if MANIFEST not in archive.entries:
        what = f"has no {MANIFEST} at its root; export it as a QTI 3.0 package"
        raise BadFile(Location(builder.name), what)
    root = parse(archive.read(MANIFEST), MANIFEST)
    resources = [node for node in root.walk() if node.tag == "resource"]
    if len(resources) > MOST_ITEMS:
        what = f"names more than {MOST_ITEMS:,} resources; export fewer items at once"
        raise TooMuch(Location(MANIFEST), what)
    seen: set[str] = set()
    for node in resources:
        path = _path(builder, node, archive)
        if path in seen:
            what = f"names the file {path!r} twice; export it again"
            raise BadFile(Location(MANIFEST, node.line), what)
        if path:
            seen.add(path)
            yield path, archive.read(path)


def _path(builder: BookBuilder, node: Node, archive: Archive) -> str:
    """The entry of an item that a resource names; empty when the resource is something else."""
    kind = node.get("type")
    place = Location(MANIFEST, node.line, node.get("identifier")[:60])
    if kind.startswith("imsqti_test"):
        builder.note("has a test, whose order and limits of time are dropped")
    elif kind.startswith(("imsqti_item", "imsqti_xml")) and kind != ITEM_TYPE:
        version = "QTI 1.2" if "v1p2" in kind else "another version of QTI"
        builder.left_out.append(BadFile(place, f"is {version} ({kind[:40]}); export it as QTI 3.0"))
    if kind != ITEM_TYPE:
        return ""
    # xml:base, under whatever name of its namespace.
    base = "".join(value for name, value in node.attributes.items() if name.endswith(" base"))
    path = normpath(join(base, unquote(node.get("href"))))
    if path not in archive.entries:
        what = f"names the file {node.get('href')[:60]!r}, which is not in the package"
        raise BadFile(place, f"{what}; export it again")
    return path


def _read_item(builder: BookBuilder, root: Node, entry: str) -> None:
    place = Location(entry, root.line, root.get("identifier")[:60])
    if root.tag != "qti-assessment-item" or root.space != QTI:
        what = f"is <{root.tag[:40]}> of the namespace {root.space[:80]!r}, not an item of {QTI!r}"
        raise BadFile(place, f"{what}; export it as QTI 3.0")
    for node in root.walk():
        if WHOLE in node.attributes:
            builder.weigh(node.get(WHOLE), place)
            own = from_json(node.get(WHOLE), assessment_item)
            # Changed elsewhere, it is an item of another system like any other.
            if own and to_xml(parse(own[1].encode(), entry)) == to_xml(root):
                builder.take_own(own[0], place)
                return
    builder.take(Reader(builder, root, place).question())


@dataclass(frozen=True)
class Response:
    """What a declaration says: right values in their order, and what each and any other earns."""

    right: list[str]
    earns: dict[str, float]
    otherwise: float = 0.0


class Reader:
    """Reads one item of another system.

    `shown` names the response that each outcome is set to, `scoring` the rule of its marks,
    `scored` the response that is marked.
    """

    def __init__(self, builder: BookBuilder, root: Node, place: Location) -> None:
        self.builder = builder
        self.root = root
        self.place = place
        self.feedback = root.all("qti-modal-feedback")
        self.shown: dict[str, str] = {}
        self.scoring = self.scored = ""

    def refuse(self, what: str, node: Node | None = None) -> NoReturn:
        line = node.line if node else self.place.line
        raise Misfit(replace(self.place, line=line), what)

    def question(self) -> Question:
        self.check_kinds()
        self.read_processing(self.root.first("qti-response-processing"))
        segments = self.segments(self.root.first("qti-item-body"))
        question = self.case(segments) if len(segments) > 1 else self.asked(*segments[0])
        if self.feedback:
            self.refuse("has feedback that is shown on a condition no option here has; take it out")
        # Many tools make identifiers of random letters and keep the name in the title.
        title, name = self.root.get("title"), self.root.get("identifier")
        question.name = title if is_key(title) and not is_key(name) else name
        return question

    def check_kinds(self) -> None:
        interactions = 0
        for number, node in enumerate(self.root.walk()):
            is_adaptive = node.get("adaptive") == "true"
            if is_adaptive or node.tag in UNKNOWN:
                what = "adaptive" if is_adaptive else node.tag
                self.refuse(f"is of an unknown kind, {what}; write it without", node)
            if node.tag.endswith("-interaction"):
                interactions += 1
                if node.tag not in INTERACTIONS:
                    self.refuse(f"has a {node.tag[:60]}, which no item here is; take it out", node)
            if number > MOST_NODES:
                raise TooMuch(self.place, f"has more than {MOST_NODES:,} elements; shorten it")
        if not interactions:
            self.refuse("asks nothing; put its words into a step of a lesson")

    def read_processing(self, processing: Node) -> None:
        """Recognises the rules of marks and feedback that say the same here."""
        if template := processing.get("template"):
            known = TEMPLATE.fullmatch(template)
            if not known:
                self.refuse("gives marks by a template of its own, which is not read", processing)
            self.scoring, self.scored = known[1], "RESPONSE"
        for node in processing.elements:
            rule = RULES.get(" ".join(inner.tag.removeprefix("qti-") for inner in node.walk()))
            named = [inner.get("identifier") for inner in node.walk() if inner.tag in NAMING]
            if rule == "feedback" and named[0] != "SCORE":
                self.shown[named[0]] = named[1]
            elif rule == "map_response" and named[0] == "SCORE":
                self.scoring, self.scored = rule, named[1]
            elif rule == "match_correct" and _is_one_or_nothing(node, named):
                self.scoring, self.scored = rule, named[0]
            else:
                self.refuse("gives marks or feedback by rules of its own, which are not read", node)

    def html(self, parts: Sequence[Node | str]) -> str:
        html = "".join(to_xml(part) for part in parts)
        return clean(html, self.place)

    def segments(self, body: Node) -> list[tuple[str, Node]]:
        """Each interaction with what stands before it, as HTML."""
        segments = []
        before: list[Node | str] = []
        for part in self.opened(body):
            if isinstance(part, Node) and part.tag in INTERACTIONS:
                segments.append((self.html(before), part))
                before = []
            else:
                before.append(part)
        if self.html(before).strip():
            self.refuse("has words after its last answers; put them before")
        if not segments:
            self.refuse("asks inside of something that is shown on a condition; write it without")
        return segments

    def opened(self, body: Node) -> Iterator[Node | str]:
        """What is in the body: containers of an interaction opened, rubrics for others left out."""
        for part in body.children:
            tag = part.tag if isinstance(part, Node) else ""
            if isinstance(part, Node) and tag in CONTAINERS and _asks(part):
                yield from self.opened(part)
            elif (
                isinstance(part, Node) and tag == "qti-rubric-block" and not _is_for_learners(part)
            ):
                self.builder.note("has rubrics for authors and tutors, which are dropped")
            else:
                yield part

    def case(self, segments: list[tuple[str, Node]]) -> Question:
        """Several choices: the words before the first are their story, others go with the next."""
        story, first = segments[0]
        parts = [self.asked("", first)]
        for before, node in segments[1:]:
            parts.append(self.asked(before, node))
        choices = {Shape.ONE_OPTION, Shape.MANY_OPTIONS}
        are_choices = all(part.shape in choices for part in parts)
        if self.scoring or not are_choices:
            self.refuse(f"asks {len(parts)} things at once; write an item for each")
        question = Question(self.place, self.builder.weigh, stem=story, parts=parts)
        question.shape = Shape.PARTS
        return question

    def asked(self, before: str, node: Node) -> Question:
        question = Question(self.place, self.builder.weigh)
        prompt = self.html(node.first("qti-prompt").children)
        question.stem = f"{before}<div>{prompt}</div>"
        identifier = node.get("response-identifier")
        response = self.response(identifier, node)
        readers = {CHOICE: self.choice, MATCH: self.match, ORDER: self.order}
        readers[node.tag](question, node, response)
        if self.scoring == "match_correct" and question.shape is not Shape.ONE_OPTION:
            self.refuse("gives its mark for the whole right answer only; here a part earns a part")
        return question

    def response(self, name: str, node: Node) -> Response:
        for declaration in self.root.all("qti-response-declaration"):
            if declaration.get("identifier") == name and self.scored in {"", name}:
                break
        else:
            self.refuse(f"has no declaration of the response {name[:40]!r}, or other marks", node)
        correct, mapping = (
            declaration.first("qti-correct-response"),
            declaration.first("qti-mapping"),
        )
        right = [value.words for value in correct.all("qti-value")]
        if self.scoring == "match_correct":
            return Response(right, {})
        earns = {}
        for entry in mapping.all("qti-map-entry"):
            key = " ".join(entry.get("map-key").split())
            place = replace(self.place, line=entry.line)
            earns[key] = to_marks(entry.get("mapped-value"), place)
        positive = {name: marks for name, marks in earns.items() if marks > 0}
        if earns and right and set(right) != set(positive):
            self.refuse("names other right answers than it gives marks for; name the same")
        highest = to_marks(mapping.get("upper-bound") or "999999", self.place)
        if highest < sum(positive.values()):
            self.refuse("gives fewer marks than its right answers earn; take the upper bound out")
        return Response(
            right or list(positive), earns, to_marks(mapping.get("default-value"), self.place)
        )

    def choice(self, question: Question, node: Node, response: Response) -> None:
        choices = node.all("qti-simple-choice")
        question.check_count(choices)
        question.check_count(self.feedback)
        is_multiple = node.get("max-choices") not in {"", "1"}
        question.shape = Shape.MANY_OPTIONS if is_multiple else Shape.ONE_OPTION
        earns, otherwise = response.earns, response.otherwise
        if not earns:
            earns = dict.fromkeys(response.right, 1.0)
            wrong = len(choices) - len(response.right)
            # Without marks of its own it is scored as it is here.
            otherwise = -len(response.right) / wrong if is_multiple and wrong > 0 else 0.0
        right = [marks for marks in earns.values() if marks > 0]
        whole = (sum(right) if is_multiple else max(right, default=1.0)) or 1.0
        answers = []
        for choice in choices:
            weight = earns.get(choice.get("identifier"), otherwise) / whole
            feedback = self.feedback_on(choice, node.get("response-identifier"))
            text = [part for part in choice.children if not _is_feedback(part)]
            answers.append(Answer(self.html(text), weight, feedback))
        question.answers = answers

    def feedback_on(self, choice: Node, response: str) -> str:
        """What is shown when the option is chosen, and only then."""
        option = choice.get("identifier")
        shown = []
        for node in choice.all(FEEDBACK_INSIDE):
            if not self.is_shown_with(node, option, response):
                self.refuse("has feedback in an option that is shown with another", node)
            shown.append(node)
        others: list[Node] = []
        for node in self.feedback:
            is_shown = self.is_shown_with(node, option, response)
            (shown if is_shown else others).append(node)
        self.feedback = others
        if len(shown) > 1:
            self.refuse("has several feedbacks on one option; leave one", shown[1])
        if not shown:
            return ""
        body = shown[0].first("qti-content-body")
        return self.html(body.children or shown[0].children)

    def is_shown_with(self, node: Node, option: str, response: str) -> bool:
        outcome = self.shown.get(node.get("outcome-identifier"))
        is_hidden = node.get("show-hide") == "hide"
        return not is_hidden and outcome == response and node.get("identifier") == option

    def order(self, question: Question, node: Node, response: Response) -> None:
        choices = {choice.get("identifier"): choice for choice in node.all("qti-simple-choice")}
        if sorted(response.right) != sorted(choices):
            self.refuse("has a right order that does not name each of its turns once")
        question.shape = Shape.ORDER
        question.answers = [Answer(self.html(choices[name].children)) for name in response.right]

    def match(self, question: Question, node: Node, response: Response) -> None:
        """Cards are the set of which each has one place, the left one first."""
        ends: list[Any] = [tuple(pair.split()) for pair in response.right]
        sets = [_by_name(part) for part in node.all("qti-simple-match-set")]
        if len(sets) != 2 or any(len(end) != 2 for end in ends):
            self.refuse("has no two sets with pairs between them; export it again")
        if not ends:
            self.refuse("names no right answer; write which pairs are right")
        marks = {marks for marks in response.earns.values() if marks}
        if len(marks) > 1 or response.otherwise:
            self.refuse(
                "gives its pairs unlike marks, or takes some off; here each counts the same"
            )
        # Other systems put the cards on either side.
        cards, places = sets
        if sorted(left for left, _ in ends) != sorted(cards):
            cards, places = places, cards
            ends = [(right, left) for left, right in ends]
        belongs = dict(ends)
        if sorted(left for left, _ in ends) != sorted(cards) or not set(belongs.values()) <= set(
            places
        ):
            self.refuse("has cards with no place or several; here each card has one place")
        question.shape = Shape.PLACES
        question.places = {name: self.html(place.children) for name, place in places.items()}
        question.answers = [
            Answer(self.html(card.children), goes_to=belongs[name]) for name, card in cards.items()
        ]


def _is_one_or_nothing(rule: Node, named: list[str]) -> bool:
    """Whether the right answer of one response, and nothing else, gives the mark."""
    response, correct, *outcomes = named
    if response != correct or set(outcomes) != {"SCORE"}:
        return False
    marks = rule.words.replace(".0", "")
    return marks in {"1", "1 0"}


def _asks(node: Node) -> bool:
    tags = {inner.tag for inner in node.walk()}
    return not tags.isdisjoint(INTERACTIONS)


def _is_for_learners(rubric: Node) -> bool:
    return "candidate" in rubric.get("view").split()


def _is_feedback(part: Node | str) -> bool:
    return isinstance(part, Node) and part.tag == FEEDBACK_INSIDE


def _by_name(match_set: Node) -> dict[str, Node]:
    named = {}
    for choice in match_set.all("qti-simple-associable-choice"):
        named[choice.get("identifier")] = choice
    return named
