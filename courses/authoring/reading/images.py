"""Pictures of a course: SVG that is safe to stand inside a page. Drawing them does not live here."""

import re
from pathlib import Path
from xml.etree import ElementTree

from courses.authoring.reading.diagnostics import Problems

SVG = "http://www.w3.org/2000/svg"
TAGS = {
    "svg",
    "g",
    "path",
    "circle",
    "ellipse",
    "rect",
    "line",
    "polyline",
    "polygon",
    "defs",
    "clipPath",
    "use",
}
TAGS |= {"linearGradient", "radialGradient", "stop", "title", "desc", "text", "tspan", "mask"}
MOST_GROUPS = 300  # nested deeper than this, the picture could not be written out again
LARGEST = 40_000  # bytes: a drawing of the house is under 20 kB

ElementTree.register_namespace("", SVG)


def read_svg(path: Path, alt: str, problems: Problems, place: tuple[Path, int, str]) -> str:
    """The picture as one `<svg role="img">` with `alt` as its name; empty (and a problem) when it cannot be used.

    `place` is where the picture is asked for: file, line and field.
    """
    if not path.is_file():
        problems.add(*place, f"picture {path.name!r} is not in images/; draw it, or name another")
        return ""
    problems.read.add(path)
    raw = path.read_bytes()
    text = raw.decode("utf-8-sig", errors="replace")
    if wrong := _too_much(raw, text):
        problems.add(path, 1, path.name, wrong)
        return ""
    problems.texts[path] = text
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  a DOCTYPE was refused above, so no entity can grow
    except ElementTree.ParseError as error:
        problems.add(path, error.position[0], path.name, "is not an SVG picture; export it again")
        return ""
    wrongs = sorted(_wrongs(root))
    for wrong in wrongs:
        problems.add(path, 1, path.name, f"{wrong} is not allowed in a picture; take it out")
    if wrongs:
        return ""
    for child in [node for node in root if node.tag in {f"{{{SVG}}}title", f"{{{SVG}}}desc"}]:
        root.remove(child)
    root.attrib.pop("aria-labelledby", None)
    root.attrib |= {"role": "img", "aria-label": alt}
    return re.sub(r">\s+<", "><", ElementTree.tostring(root, encoding="unicode"))


def _too_much(raw: bytes, text: str) -> str:
    """Why the file is not even looked into; empty when it is."""
    if b"\0" in raw or "\ufffd" in text:
        return "is not an SVG picture, whatever its name says; draw it as one"
    if len(raw) > LARGEST:
        return f"is larger than {LARGEST // 1000} kB; draw it simpler"
    if "<!" in re.sub(r"<!--.*?-->", "", text, flags=re.S):
        return "has a DOCTYPE; write a plain SVG without one"
    if text.count("<g") > MOST_GROUPS:
        return f"has more than {MOST_GROUPS} groups; export it flat"
    return ""


def _wrongs(root: ElementTree.Element) -> set[str]:
    """Whatever could run, load or restyle: an element or attribute that is not on the short list."""
    wrongs = (
        set()
        if root.tag == f"{{{SVG}}}svg" and "viewBox" in root.attrib
        else {"a root that is not <svg viewBox>"}
    )
    for node in root.iter():
        tag = str(node.tag).removeprefix(f"{{{SVG}}}")
        if tag not in TAGS:
            wrongs.add(f"<{tag}>")
        for name, value in node.attrib.items():
            if (
                name == "style"
                or name.lower().startswith("on")
                or ":" in name.replace(f"{{{SVG}}}", "")
            ):
                wrongs.add(f"the attribute {name}")
            if (name.endswith("href") and not value.startswith("#")) or re.search(
                r"url\((?!#)", value
            ):
                wrongs.add(f"{name}={value[:30]!r}")
    return wrongs
