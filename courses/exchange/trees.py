"""XML of strangers as a tree that knows its lines, and a tree as XML. What the elements mean is read elsewhere.

Python's own expat with handlers of ours, not a package around it: the parser itself reports a DOCTYPE in any encoding
before a word of it counts, and depth, elements and attributes are bounded while the tree grows. Nothing is ever fetched.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Union
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from courses.exchange.archive import as_text
from courses.exchange.refusals import (
    BadXml,
    HasDoctype,
    Location,
    NotText,
    TooDeep,
    TooLarge,
    TooMany,
)

DEEPEST = 60
MOST_ELEMENTS = 200_000
MOST_ATTRIBUTES = 50
LONGEST_ATTRIBUTE = 20_000  # characters; the longest text of an item may stand in one
INLINE = {"em", "strong", "code", "a", "br", "span", "sub", "sup"}


@dataclass
class Node:
    """An element. `space` is its namespace, `line` where it begins."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Union["Node", str]] = field(default_factory=list)
    space: str = ""
    line: int = 0

    def get(self, name: str, otherwise: str = "") -> str:
        return self.attributes.get(name, otherwise)

    @property
    def elements(self) -> list["Node"]:
        return [child for child in self.children if isinstance(child, Node)]

    def all(self, *tags: str) -> list["Node"]:
        """The children of these names."""
        return [child for child in self.elements if child.tag in tags]

    def one(self, tag: str) -> "Node | None":
        return next(iter(self.all(tag)), None)

    def walk(self) -> Iterator["Node"]:
        """Itself and everything in it, in the order of the text."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.elements)

    @property
    def text(self) -> str:
        """Its words and those of everything in it."""
        words: list[str] = []
        waiting: list[Node | str] = [self]
        while waiting:
            child = waiting.pop()
            if isinstance(child, str):
                words.append(child)
            else:
                waiting += reversed(child.children)
        return "".join(words)


class _Builder:
    """Grows the tree while expat reads, and stops it at the first thing that is too much."""

    def __init__(self, parser: expat.XMLParserType, entry: str) -> None:
        self.parser, self.entry = parser, entry
        self.count = 0
        self.root: Node | None = None
        self.open: list[Node] = []
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.doctype
        parser.EntityDeclHandler = self.doctype
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.words

    @property
    def place(self) -> Location:
        return Location(self.entry, self.parser.CurrentLineNumber)

    def doctype(self, *_: object) -> None:
        raise HasDoctype(self.place, "has a DOCTYPE; take it out, no item needs one")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS:
            raise TooMany(
                self.place, f"has more than {MOST_ELEMENTS:,} elements; export fewer items at once"
            )
        if len(self.open) >= DEEPEST:
            raise TooDeep(
                self.place, f"is nested more than {DEEPEST} deep; export it again, flatter"
            )
        if len(attributes) > MOST_ATTRIBUTES:
            raise TooMany(
                self.place,
                f"has an element with more than {MOST_ATTRIBUTES} attributes; take them out",
            )
        if any(len(value) > LONGEST_ATTRIBUTE for value in attributes.values()):
            raise TooLarge(
                self.place,
                f"has an attribute of more than {LONGEST_ATTRIBUTE:,} characters; shorten it",
            )
        space, _, tag = name.rpartition(" ")
        node = Node(tag, attributes, [], space, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(node)
        self.root = self.root or node
        self.open.append(node)

    def end(self, _: str) -> None:
        self.open.pop()

    def words(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(data: bytes, entry: str) -> Node:
    """The tree of an XML file.

    Raises:
        NotText, BadXml, HasDoctype, TooDeep, TooMany, TooLarge: with the line.
    """
    text = as_text(data, Location(entry))
    if "\0" in text:
        raise NotText(Location(entry), "is not text; export it again as XML")
    parser = expat.ParserCreate(
        "utf-8", " "
    )  # the encoding is ours to say: a declared one is not believed
    builder = _Builder(parser, entry)
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise BadXml(
            Location(entry, error.lineno), f"is not well-formed XML ({what}); export it again"
        ) from None
    if builder.root is None:
        raise BadXml(Location(entry), "has no element; export it again")
    return builder.root


def write(root: Node) -> bytes:
    """The tree as an XML file; elements that hold only elements stand on lines of their own."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + _written(root, 0) + "\n").encode()


def _written(node: Node, depth: int) -> str:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in node.attributes.items())
    if not node.children:
        return f"<{node.tag}{attributes}/>"
    if _is_mixed(node):
        inside = "".join(
            escape(one) if isinstance(one, str) else _written(one, depth) for one in node.children
        )
        return f"<{node.tag}{attributes}>{inside}</{node.tag}>"
    gap = "\n" + "  " * (depth + 1)
    inside = "".join(gap + _written(one, depth + 1) for one in node.elements)
    return f"<{node.tag}{attributes}>{inside}{gap[:-2]}</{node.tag}>"


def _is_mixed(node: Node) -> bool:
    """Whether blank space between its children would be read as part of its words."""
    return any(isinstance(one, str) or one.tag in INLINE for one in node.children)
