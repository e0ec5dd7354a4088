"""QTI 3.0 packages: a zip archive with imsmanifest.xml and one file an item, both ways.

One item is written in `qti_written` and read in `qti_read`.
"""

import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from posixpath import join, normpath
from urllib.parse import unquote

from courses.exchange.archive import ZIP, Archive
from courses.exchange.neutral import Book, Item
from courses.exchange.qti_read import read_item
from courses.exchange.qti_written import XSI, assessment_item
from courses.exchange.reading import MOST_ITEMS, Reading
from courses.exchange.refusals import BadPackage, Location, TooMany, UnknownKind
from courses.exchange.trees import MOST_ELEMENTS, Node, parse
from courses.exchange.trees import write as write_xml

MANIFEST = "imsmanifest.xml"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
SCHEMA = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd"
ITEM = "imsqti_item_xmlv3p0"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same items give the same bytes


def write(items: Sequence[Item]) -> bytes:
    """The items as one package, in their order."""
    files = {MANIFEST: _manifest(items)}
    files |= {_path(item): assessment_item(item) for item in items}
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, root in files.items():
            archive.writestr(zipfile.ZipInfo(path, EPOCH), write_xml(root), zipfile.ZIP_DEFLATED)
    return data.getvalue()


def _path(item: Item) -> str:
    return f"items/{item.key}.xml"


def _manifest(items: Sequence[Item]) -> Node:
    about = [Node("schema", {}, ["QTI Package"]), Node("schemaversion", {}, ["3.0.1"])]
    resources: list[Node | str] = []
    for item in items:
        files: list[Node | str] = [Node("file", {"href": _path(item)})]
        resources.append(
            Node(
                "resource",
                {"identifier": f"item-{item.key}", "type": ITEM, "href": _path(item)},
                files,
            )
        )
    head = {
        "xmlns": PACKAGE,
        "xmlns:xsi": XSI,
        "xsi:schemaLocation": f"{PACKAGE} {SCHEMA}",
        "identifier": "notice-items",
    }
    return Node(
        "manifest",
        head,
        [Node("metadata", {}, [*about]), Node("organizations"), Node("resources", {}, resources)],
    )


def read(data: bytes, name: str) -> Book:
    """All items of a package, or of a file with one item.

    Raises:
        RefusedAll: items that none of ours can be, each with its entry and line.
        Refused: the file as a whole.
    """
    reading = Reading(name)
    count = 0
    for number, (entry, raw) in enumerate(_items(data, name), 1):
        with reading.item():
            root = parse(raw, entry)
            count += sum(1 for _ in root.walk())
            if count <= MOST_ELEMENTS:
                read_item(reading, root, entry, number)
        if count > MOST_ELEMENTS:
            raise TooMany(
                Location(name),
                f"has more than {MOST_ELEMENTS:,} elements; export fewer items at once",
            )
    return reading.book()


def _items(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """The entries that the manifest names as items, in its order."""
    if not data.startswith(ZIP) and data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield name, data
        return
    archive = Archive(data, name)
    if MANIFEST not in archive.entries:
        raise BadPackage(
            Location(name), f"has no {MANIFEST} at its root; export it as a QTI 3.0 package"
        )
    root = parse(archive.read(MANIFEST), MANIFEST)
    resources = [node for node in root.walk() if node.tag == "resource"]
    if len(resources) > MOST_ITEMS:
        raise TooMany(
            Location(MANIFEST),
            f"names more than {MOST_ITEMS:,} resources; export fewer items at once",
        )
    seen: set[str] = set()
    for node in resources:
        path = _href(node, archive)
        if path in seen:
            raise BadPackage(
                Location(MANIFEST, node.line), f"names the file {path!r} twice; export it again"
            )
        if path:
            seen.add(path)
            yield path, archive.read(path)


def _href(node: Node, archive: Archive) -> str:
    """The entry of an item that a resource names; empty when the resource is something else."""
    kind, place = node.get("type"), Location(MANIFEST, node.line, node.get("identifier")[:60])
    if kind.startswith("imsqti_item_") and kind != ITEM:
        raise UnknownKind(
            place, f"is an item of another version, {kind[:40]!r}; export it as QTI 3.0"
        )
    if kind != ITEM:
        return ""
    base = next(iter(value for key, value in node.attributes.items() if key.endswith("base")), "")
    path = normpath(join(base, unquote(node.get("href"))))
    if path not in archive.entries:
        raise BadPackage(
            place,
            f"names the file {node.get('href')[:60]!r}, which is not in the package; export it again",
        )
    return path
