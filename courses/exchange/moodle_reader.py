"""Moodle's XML of questions, read only: multichoice, truefalse, matching, ddmatch and ordering."""

from collections.abc import Callable

from courses.assessment.items.neutral import Shape, normal
from courses.exchange.book_builder import Book, BookBuilder
from courses.exchange.keys import is_key
from courses.exchange.kind_mapping import Answer, Question, to_marks
from courses.exchange.markup import as_seen
from courses.exchange.metadata import from_tags
from courses.exchange.refusals import BadXml, Location, Misfit
from courses.exchange.xml_tree import Node, parse

# What Moodle says of every answer unless an author writes something else.
SAID_OF_ALL = {
    "Your answer is correct.",
    "Your answer is partially correct.",
    "Your answer is incorrect.",
}
SHOWN_TOO = {
    "generalfeedback": "general feedback",
    "correctfeedback": "feedback on any right answer",
    "partiallycorrectfeedback": "feedback on any partly right answer",
    "incorrectfeedback": "feedback on any wrong answer",
    "hint": "a hint",
}
# The only rule of its orderings that compares every turn with every other, as is done here.
EVERY_PAIR = {"RELATIVE_ALL_PREVIOUS_AND_NEXT", "4"}


def read(data: bytes, name: str) -> Book:
    """What can be taken of a Moodle XML file; raises Refused for the file as a whole."""
    root = parse(data, name)
    if root.tag != "quiz":
        what = f"is <{root.tag[:40]}>, not <quiz>; export the questions as Moodle XML"
        raise BadXml(Location(name, root.line), what)
    builder = BookBuilder(name)
    for node in root.all("question"):
        if node.get("type") == "category":
            builder.note("has categories, which are dropped")
            continue
        with builder.entry() as number:
            builder.take(Reader(builder, node, number).question())
    return builder.book()


class Reader:
    """Reads one question."""

    def __init__(self, builder: BookBuilder, node: Node, number: int) -> None:
        self.builder = builder
        self.node = node
        self.title = self.word("name")
        self.place = Location(builder.name, node.line, self.title[:60] or f"item-{number}")

    def question(self) -> Question:
        kind = self.node.get("type")
        if kind == "description":
            what = "is a description, not a question; put its words into a step of a lesson"
            raise Misfit(self.place, what)
        if kind not in READERS:
            what = f"is of kind {kind[:40]!r}, which no item here is; take it out"
            raise Misfit(self.place, what)
        self.check_shown_too()
        if self.word("defaultgrade").rstrip("0").rstrip(".") not in {"", "1"}:
            self.builder.note("gives some items other marks; here each counts the same")
        # The id number is where an author keeps a key of another system; a name is for people.
        number = self.word("idnumber")
        question = Question(self.place, self.builder.weigh)
        question.name = number if is_key(number) else self.title
        question.stem = self.html(self.node.first("questiontext"))
        question.tags = from_tags(tag.words for tag in self.node.first("tags").all("tag"))
        READERS[kind](self, question)
        return question

    def word(self, tag: str) -> str:
        """The words of a child, which may stand in a `<text>` of its own."""
        return self.node.first(tag).words

    def html(self, holder: Node, form: str = "html") -> str:
        """The `<text>` of an element, by the format it names, else by `form`."""
        if holder.all("file"):
            raise Misfit(self.place, "has a file in its text; say in words what it shows")
        words = normal(holder.first("text").text)
        return self.builder.html(words, holder.get("format") or form, self.place)

    def check_shown_too(self) -> None:
        """Refuses what a learner is shown there and no item here has a place for."""
        for tag, name in SHOWN_TOO.items():
            for node in self.node.all(tag):
                words = node.first("text").words
                # In another language Moodle says it otherwise; then an author must look at it.
                if words in SAID_OF_ALL:
                    self.builder.note(
                        "says of answers that they are right or wrong, as is done here"
                    )
                elif as_seen(self.html(node)):
                    what = f"has {name}, {words[:60]!r}; put it into the feedback of its answers"
                    raise Misfit(self.place, what)

    def options(self, question: Question) -> None:
        is_multiple = self.word("single").lower() in {"false", "0"}
        question.shape = Shape.MANY_OPTIONS if is_multiple else Shape.ONE_OPTION
        question.answers = self.answers(question)

    def answers(self, question: Question) -> list[Answer]:
        nodes = self.node.all("answer")
        question.check_count(nodes)
        answers = []
        for node in nodes:
            feedback = self.html(node.first("feedback"))
            marks = to_marks(node.get("fraction"), self.place)
            text = self.html(node)
            if self.node.get("type") == "truefalse":
                text = node.first("text").words.capitalize()
            answers.append(Answer(text, marks / 100, feedback))
        return answers

    def pairs(self, question: Question) -> None:
        """A right-hand side whose left one is blank fits nothing."""
        question.shape = Shape.PLACES
        nodes = self.node.all("subquestion")
        question.check_count(nodes)
        answers = []
        for node in nodes:
            left = self.html(node)
            right = node.first("answer")
            name = right.first("text").words
            question.places[name] = self.html(right, "plain_text")
            if as_seen(left):
                answers.append(Answer(left, goes_to=name))
        question.answers = answers

    def order(self, question: Question) -> None:
        """The answers stand in their right order."""
        if self.word("selecttype") not in {"", "ALL", "0"}:
            raise Misfit(self.place, "asks for some of its turns at a time; ask for all")
        if self.word("gradingtype") not in EVERY_PAIR:
            what = "gives marks by another rule; grade it relative to all previous and next items"
            raise Misfit(self.place, what)
        question.shape = Shape.ORDER
        question.answers = self.answers(question)


READERS: dict[str, Callable[[Reader, Question], None]] = {
    "multichoice": Reader.options,
    "truefalse": Reader.options,
    "matching": Reader.pairs,
    "ddmatch": Reader.pairs,
    "ordering": Reader.order,
}
