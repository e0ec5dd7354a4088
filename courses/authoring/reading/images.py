"""Pictures of a course: SVG that is safe to stand inside a page.

Drawing them does not live here.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from courses.authoring.reading.diagnostics import Problems
from courses.authoring.reading.files import decode, read_bytes
from courses.library.markdown import control_character_in

SVG = "http://www.w3.org/2000/svg"
TAGS = {"svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon"}
TAGS |= {"defs", "clipPath", "mask", "use", "linearGradient", "radialGradient", "stop"}
TAGS |= {"title", "desc", "text", "tspan"}
DEEPEST = 30  # elements in one another; writing a picture out again calls itself for each
LARGEST = 40_000  # bytes: a drawing of the house is under 20 kB
NAME = re.compile(r"[a-z0-9-]{1,100}\.svg")

ElementTree.register_namespace("", SVG)


def read_svg(
    folder: Path, name: str, alt: str, problems: Problems, place: tuple[Path, int, str]
) -> str:
    """The picture as one `<svg role="img">` with `alt` as its accessible name.

    Empty (and a problem) when it cannot be used. `place` is where the picture is asked for: file,
    line and field.
    """
    path = folder / name
    if not NAME.fullmatch(name):
        # It would lead out of the folder, or is longer than a name may be.
        what = f"picture {name[:40]!r} has no plain name; write something like 'a-picture.svg'"
        problems.add(*place, what)
        return ""
    if not os.path.lexists(path):
        problems.add(*place, f"picture {name!r} is not in images/; draw it, or name another")
        return ""
    root = _read_root(path, problems)
    if root is None:
        return ""
    errors = sorted(set(_errors(root)))
    for error in errors:
        problems.add(path, 1, name, error)
    return "" if errors else _written(root, alt)


def _read_root(path: Path, problems: Problems) -> ElementTree.Element | None:
    """The root of the picture; None (and a problem) when the file is none."""
    data = read_bytes(path, problems)
    if data is None:
        return None
    if reason := _reason_not_to_parse(data):
        problems.add(path, 1, path.name, reason)
        return None
    text = decode(data, path, problems)
    if text is None:
        return None
    problems.texts[path] = text
    # A DOCTYPE was refused, so no entity can grow; depth is bounded by the tree.
    parser = ElementTree.XMLParser(target=_ShallowTree())  # noqa: S314
    try:
        parser.feed(text)
        return parser.close()
    except _TooDeep:
        what = f"is nested deeper than {DEEPEST} elements; export it flatter"
        problems.add(path, 1, path.name, what)
    except ElementTree.ParseError as error:
        problems.add(path, error.position[0], path.name, "is not an SVG picture; export it again")
    return None


class _TooDeep(Exception):
    """The picture has more elements in one another than `DEEPEST`."""


class _ShallowTree(ElementTree.TreeBuilder):
    """Builds the tree of a picture, and gives up as soon as it is too deep."""

    depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> ElementTree.Element:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _TooDeep
        return super().start(tag, attributes)

    def end(self, tag: str) -> ElementTree.Element:
        self.depth -= 1
        return super().end(tag)


def _reason_not_to_parse(data: bytes) -> str:
    """Why the file is not even parsed; empty when it is."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "is not an SVG picture, whatever its name says; draw it as one"
    if len(data) > LARGEST:
        return f"is larger than {LARGEST // 1000} kB; draw it simpler"
    # A comment that is never closed goes to the end, so that this takes one pass.
    without_comments = re.sub(rb"<!--.*?(?:-->|\Z)", b"", data, flags=re.S)
    if b"<!" in without_comments:
        return "has a DOCTYPE; write a plain SVG without one"
    return ""


def _errors(root: ElementTree.Element) -> Iterator[str]:
    """Whatever could run, load, restyle or hide: elements and attributes that are not allowed."""
    if root.tag != f"{{{SVG}}}svg" or "viewBox" not in root.attrib:
        yield "a root that is not <svg viewBox> is not allowed in a picture; take it out"
    for node in root.iter():
        tag = str(node.tag).removeprefix(f"{{{SVG}}}")
        if tag not in TAGS:
            yield f"<{tag}> is not allowed in a picture; take it out"
        for attribute, value in node.attrib.items():
            if not_allowed := _attribute_error(attribute, value):
                yield f"{not_allowed} is not allowed in a picture; take it out"
        words = " ".join([node.text or "", node.tail or "", *node.attrib.values()])
        if character := control_character_in(words):
            yield f"has the control character {character}; take it out"


def _attribute_error(name: str, value: str) -> str:
    """What is wrong with an attribute, as a noun; empty when it is allowed."""
    is_foreign = ":" in name.replace(f"{{{SVG}}}", "")
    if name == "style" or name.lower().startswith("on") or is_foreign:
        return f"the attribute {name}"
    leads_out = name.endswith("href") and not value.startswith("#")
    if leads_out or re.search(r"url\((?!#)", value):
        return f"{name}={value[:30]!r}"
    return ""


def _written(root: ElementTree.Element, alt: str) -> str:
    """The picture as text, named by `alt` alone."""
    names = {f"{{{SVG}}}title", f"{{{SVG}}}desc"}
    for child in [node for node in root if node.tag in names]:
        root.remove(child)
    root.attrib.pop("aria-labelledby", None)
    root.attrib |= {"role": "img", "aria-label": alt}
    return re.sub(r">\s+<", "><", ElementTree.tostring(root, encoding="unicode"))
