"""XML of other systems as a tree that knows its lines. What the elements mean is read elsewhere.

The parser is Python's own expat with handlers of ours: it reports a DOCTYPE before a word of it
counts, and depth, elements and attributes are bounded while the tree grows. Nothing is fetched.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Union
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from courses.exchange.archive import as_text
from courses.exchange.refusals import BadFile, BadXml, Location, TooMuch

DEEPEST = 60
MOST_ELEMENTS = 200_000
MOST_ATTRIBUTES = 50
LONGEST_ATTRIBUTE = 20_000  # characters; a whole item may stand in one


@dataclass
class Node:
    """An element. `space` is its namespace, `line` where it begins."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Union["Node", str]] = field(default_factory=list)
    space: str = ""
    line: int = 0

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def elements(self) -> list["Node"]:
        children = self.children
        return [child for child in children if isinstance(child, Node)]

    def all(self, tag: str) -> list["Node"]:
        """The children of this name."""
        children = self.elements
        return [child for child in children if child.tag == tag]

    def first(self, tag: str) -> "Node":
        """The first child of this name, an empty element when there is none."""
        children = self.all(tag)
        return children[0] if children else Node(tag)

    def walk(self) -> Iterator["Node"]:
        """Itself and every element in it, in the order of the text."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.elements)

    @property
    def text(self) -> str:
        """Its words and those of everything in it; a tree is too flat to exhaust the stack."""
        words = [child if isinstance(child, str) else child.text for child in self.children]
        return "".join(words)

    @property
    def words(self) -> str:
        """Its text on one line."""
        return " ".join(self.text.split())


class _Builder:
    """Grows the tree while expat reads, and stops it at the first thing that is too much."""

    def __init__(self, parser: expat.XMLParserType, entry: str) -> None:
        self.parser = parser
        self.entry = entry
        self.count = 0
        # A node above the root, so that the root has a parent like any other.
        self.open = [Node("")]
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.refuse_doctype
        parser.EntityDeclHandler = self.refuse_doctype
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.add_words

    @property
    def place(self) -> Location:
        return Location(self.entry, self.parser.CurrentLineNumber)

    def refuse_doctype(self, *_: object) -> None:
        raise BadXml(self.place, "has a DOCTYPE; take it out, no item needs one")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        for what in self.faults(attributes):
            raise TooMuch(self.place, what)
        # Expat gives the namespace before the name, parted by the blank it was set to use.
        space, _, tag = name.rpartition(" ")
        node = Node(tag, attributes, [], space, self.place.line)
        self.open[-1].children.append(node)
        self.open.append(node)

    def faults(self, attributes: dict[str, str]) -> Iterator[str]:
        if self.count > MOST_ELEMENTS:
            yield f"has more than {MOST_ELEMENTS:,} elements; export fewer items at once"
        if len(self.open) > DEEPEST:
            yield f"is nested more than {DEEPEST} deep; export it again, flatter"
        if len(attributes) > MOST_ATTRIBUTES:
            yield f"has an element with more than {MOST_ATTRIBUTES} attributes; take them out"
        if any(len(value) > LONGEST_ATTRIBUTE for value in attributes.values()):
            yield f"has an attribute of more than {LONGEST_ATTRIBUTE:,} characters; shorten it"

    def end(self, _: str) -> None:
        self.open.pop()

    def add_words(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(data: bytes, entry: str) -> Node:
    """The tree of an XML file; raises BadFile, BadXml and TooMuch, with the line."""
    text = as_text(data, Location(entry))
    if "\0" in text:
        raise BadFile(Location(entry), "is not text; export it again as XML")
    # A declared encoding is not believed: the text was decoded as UTF-8 above.
    parser = expat.ParserCreate("utf-8", " ")
    builder = _Builder(parser, entry)
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        what = f"is not well-formed XML ({expat.ErrorString(error.code)}); export it again"
        raise BadXml(Location(entry, error.lineno), what) from None
    return builder.open[0].elements[0]


def to_xml(node: Node | str) -> str:
    """The element as XML with sorted attributes, without namespaces and the schema's address."""
    if isinstance(node, str):
        return escape(node)
    attributes = ""
    for name, value in sorted(node.attributes.items()):
        if not name.endswith("schemaLocation"):
            attributes += f" {name}={quoteattr(value)}"
    inside = "".join(to_xml(child) for child in node.children)
    # HTML knows no other element that is closed where it opens.
    if node.tag == "br" or (node.tag.startswith("qti-") and not inside):
        return f"<{node.tag}{attributes}/>"
    return f"<{node.tag}{attributes}>{inside}</{node.tag}>"
