"""Judges one page: how it parses, what stands in what, its attributes, and what refers to what. The tables are `models`."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from justhtml import JustHTML

from tests.html import models

KNOWN = models.FLOW | models.METADATA | models.CHILDREN.keys() | models.VOID | models.PARTS


def problems_of(html: str) -> list[str]:
    """What is wrong with a page, each once; empty where it is valid."""
    parsed = JustHTML(html, sanitize=False, collect_errors=True, scripting_enabled=False)
    problems = [f"line {error.line}: {error.message}" for error in parsed.errors]
    page = Page(parsed.root)
    problems += page.problems()
    written = Written()
    written.feed(html)
    problems += written.repeats
    problems += lost(written.tags, page)
    return list(dict.fromkeys(problems))


class Written(HTMLParser):
    """The tags as they were written: `repeats` are attributes that one has twice, of which a tree keeps the first."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.repeats: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, count in Counter(name for name, _ in attrs).items():
            if count > 1:
                self.repeats.append(f"<{tag}> has {name} {count} times")


def lost(written: Counter[str], page: "Page") -> list[str]:
    """Tags that a browser leaves out, or writes twice, since they stand where they cannot."""
    standing = Counter(node.name.lower() for node, _ in page.elements)
    differing = []
    for name, count in written.items():
        if standing[name] != count:
            differing.append(f"<{name}> is written {count} times and stands {standing[name]} times")
    return differing


def children_of(node: Any) -> list[Any]:
    """The elements in a node."""
    return [child for child in node.children or [] if child.name[0] not in "#!"]


def is_html(node: Any) -> bool:
    return node.namespace in {None, "html"}


def shown(node: Any) -> str:
    """A node as a message names it."""
    attributes = node.attrs or {}
    for name in ("id", "name", "class", "href"):
        if attributes.get(name):
            return f'<{node.name} {name}="{attributes[name][:60]}">'
    return f"<{node.name}>"


@dataclass
class Page:
    """A parsed page; `above` are the elements around the one that is looked at, outermost first."""

    root: Any
    ids: Counter[str] = field(default_factory=Counter)
    elements: list[tuple[Any, tuple[Any, ...]]] = field(default_factory=list)

    def problems(self) -> Iterator[str]:
        self._gather(self.root, ())
        for node, above in self.elements:
            if is_html(node):
                yield from self._of_element(node, above)
        for name, count in self.ids.items():
            if count > 1:
                yield f"id {name!r} stands {count} times"
            if not name or any(letter.isspace() for letter in name):
                yield f"id {name!r} is empty or has a space"
        yield from self._of_whole()

    def _gather(self, node: Any, above: tuple[Any, ...]) -> None:
        for child in children_of(node):
            self.elements.append((child, above))
            if child.attrs and "id" in child.attrs:
                self.ids[child.attrs["id"] or ""] += 1
            self._gather(child, (*above, child))

    def _of_element(self, node: Any, above: tuple[Any, ...]) -> Iterator[str]:
        yield from misplaced(node, above)
        yield from inside_out(node, above)
        yield from bad_attributes(node)
        yield from self._dangling(node)
        yield from special(node)

    def _dangling(self, node: Any) -> Iterator[str]:
        """References to an id that is not on the page."""
        for name in models.IDREFS:
            value = (node.attrs or {}).get(name)
            if node.name == "output" and name == "for":
                continue
            for id_ in (value or "").split():
                if id_ not in self.ids:
                    yield f"{shown(node)}: {name} names #{id_}, which is not there"

    def _of_whole(self) -> Iterator[str]:
        by_name = Counter(node.name for node, _ in self.elements)
        if by_name["main"] > 1:
            yield f"{by_name['main']} <main>"
        head = [node for node, _ in self.elements if node.name == "title" and is_html(node)]
        if not head or not head[0].to_text().strip():
            yield "the page has no <title>"
        root = next((node for node, _ in self.elements if node.name == "html"), None)
        if root is None or not (root.attrs or {}).get("lang"):
            yield "<html> has no lang"
        yield from self._labels()

    def _labels(self) -> Iterator[str]:
        by_id = {(node.attrs or {}).get("id"): node for node, _ in self.elements}
        for node, _ in self.elements:
            named = (node.attrs or {}).get("for")
            target = by_id.get(named) if named else None
            if node.name == "label" and target is not None and not is_labelable(target):
                yield f"{shown(node)} is for {shown(target)}, which takes no label"


def is_labelable(node: Any) -> bool:
    if node.name == "input":
        return (node.attrs or {}).get("type") != "hidden"
    return node.name in models.LABELABLE


def misplaced(node: Any, above: tuple[Any, ...]) -> Iterator[str]:
    """Where an element stands in one that cannot have it."""
    if not above or not is_html(above[-1]) or node.name in models.SCRIPTS:
        return
    parent = above[-1]
    allowed = allowed_in(above)
    if node.name not in allowed:
        yield f"{shown(node)} in {shown(parent)}"


def allowed_in(above: tuple[Any, ...]) -> set[str]:
    """The names of what may stand in the innermost of these elements."""
    *outer, parent = above
    if parent.name in models.TRANSPARENT and outer:
        return allowed_in(tuple(outer))
    if parent.name == "div" and outer and outer[-1].name == "dl":
        return {"dt", "dd"}
    if parent.name in models.CHILDREN:
        return models.CHILDREN[parent.name]
    if parent.name in models.OF_PHRASING:
        return models.PHRASING
    if parent.name in models.VOID:
        return set()
    return models.FLOW


def inside_out(node: Any, above: tuple[Any, ...]) -> Iterator[str]:
    """What may not stand in an element however deep, and what must be the first in it."""
    for outer in above:
        if node.name not in models.NEVER_INSIDE.get(outer.name, ()):
            continue
        if node.name == "input" and (node.attrs or {}).get("type") == "hidden":
            continue
        yield f"{shown(node)} somewhere in {shown(outer)}"
    if node.name in models.FIRST_CHILD and above:
        siblings = children_of(above[-1])
        if siblings[0] is not node:
            yield f"{shown(node)} is not the first in {shown(above[-1])}"


def bad_attributes(node: Any) -> Iterator[str]:
    if node.name not in KNOWN:
        yield f"<{node.name}> is no element that we know"
    allowed = models.GLOBAL | set(models.ATTRIBUTES.get(node.name, "").split())
    for name, value in (node.attrs or {}).items():
        if name.startswith(("data-", "aria-", "on")):
            continue
        if name not in allowed:
            yield f"{shown(node)} has {name}, which it cannot have"
        values = models.VALUES.get((node.name, name))
        if values and (value or "").lower() not in values:
            yield f"{shown(node)}: {name} is {value!r}"
        if name in models.NUMBERS and not (value or "").removeprefix("-").isdigit():
            yield f"{shown(node)}: {name} is {value!r}, not a number"


def special(node: Any) -> Iterator[str]:
    """Rules of single elements."""
    attributes = node.attrs or {}
    if node.name == "img" and ("alt" not in attributes or not attributes.get("src")):
        yield f"{shown(node)} has no alt, or no src"
    if node.name == "details" and [child.name for child in children_of(node)].count("summary") != 1:
        yield f"{shown(node)} has no summary, or several"
    if node.name == "fieldset" and [c.name for c in children_of(node)].count("legend") > 1:
        yield f"{shown(node)} has several legends"
    if node.name == "dl":
        yield from bad_list(node)
    is_named = attributes.keys() & {"aria-label", "aria-labelledby"}
    if is_named and node.name in models.NAMELESS and not attributes.get("role"):
        yield f"{shown(node)} has a name for screen readers and no role"
    if node.name == "label" and sum(is_labelable(child) for child in below(node)) > 1:
        yield f"{shown(node)} holds several fields"
    if "href" in attributes and not attributes["href"] and node.name == "link":
        yield f"{shown(node)} has an empty href"


def bad_list(node: Any) -> Iterator[str]:
    """A list of terms whose groups do not go from terms to what is said of them."""
    groups = [child for child in children_of(node) if child.name == "div"] or [node]
    for group in groups:
        names = [child.name for child in children_of(group) if child.name in {"dt", "dd"}]
        if names and (names[0] != "dt" or names[-1] != "dd"):
            yield f"{shown(node)} has a term without a description, or the other way round"


def below(node: Any) -> Iterator[Any]:
    for child in children_of(node):
        yield child
        yield from below(child)
