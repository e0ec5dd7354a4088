"""Files made to do harm: archives, XML and GIFT, each with the refusal it must meet. No test lives here."""

import random
import stat
import struct
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO

from courses.exchange import refusals

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
Entries = Iterable[tuple[zipfile.ZipInfo | str, bytes]]


@dataclass(frozen=True)
class Hostile:
    """One file, the refusal it meets, and what is said of it."""

    name: str
    form: str
    make: Callable[[], bytes]
    reason: type[refusals.Refused]
    said: str


def zipped(entries: Entries, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", how) as archive:
        for name, text in entries:
            archive.writestr(name, text, how)
    return data.getvalue()


def info(name: str, mode: int = 0) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    return made


def renamed(name: bytes) -> bytes:
    """An archive whose entry is called so, byte by byte, which zipfile would not write."""
    plain = b"x" * len(name)
    return zipped([(plain.decode(), b"text")]).replace(plain, name)


def patched(data: bytes, at: int, value: bytes) -> bytes:
    """The archive with these bytes of its first central directory header changed."""
    start = data.index(b"PK\x01\x02") + at
    return data[:start] + value + data[start + len(value) :]


def flagged(bits: int) -> bytes:
    return patched(zipped([("imsmanifest.xml", b"<manifest/>")]), 8, struct.pack("<H", bits))


def dull(size: int, every: int = 60) -> bytes:
    """Bytes that pack to about a part in so many, which is not yet suspicious."""
    chance = random.Random(size)
    return b"".join(
        chance.randbytes(1_000) + bytes(1_000 * (every - 1))
        for _ in range(size // (1_000 * every) + 1)
    )


def manifest(*hrefs: str) -> bytes:
    rows = "".join(
        f'<resource identifier="i" type="imsqti_item_xmlv3p0" href="{href}"/>' for href in hrefs
    )
    return f'<manifest xmlns="{PACKAGE}"><resources>{rows}</resources></manifest>'.encode()


def package(item: bytes) -> bytes:
    return zipped([("imsmanifest.xml", manifest("i.xml")), ("i.xml", item)], zipfile.ZIP_STORED)


def item(inside: str = "", body: str = "", head: str = "") -> bytes:
    root = f'<qti-assessment-item xmlns="{QTI}" identifier="i">'
    return (
        f"{head}{root}{inside}<qti-item-body>{body}</qti-item-body></qti-assessment-item>".encode()
    )


def asking(text: str, options: int = 2) -> bytes:
    right = '<qti-response-declaration identifier="R" cardinality="single"/>'
    rows = "".join(
        f'<qti-simple-choice identifier="c{n}">{n}</qti-simple-choice>' for n in range(options)
    )
    asked = f'<qti-choice-interaction response-identifier="R">{rows}</qti-choice-interaction>'
    return item(right, f"<div>{text}</div>{asked}")


def moodle(stem: str, times: int = 1, answers: int = 2) -> bytes:
    rows = '<answer fraction="100"><text>a</text></answer>' * answers
    asked = f"<questiontext><text>{stem}</text></questiontext>"
    question = f'<question type="multichoice">{asked}{rows}</question>'
    return f"<quiz>{question * times}</quiz>".encode()


def doctype(inside: str) -> str:
    return f"<!DOCTYPE quiz [{inside}]>"


LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def archives() -> list[Hostile]:
    def bad(
        name: str, make: Callable[[], bytes], reason: type[refusals.Refused], said: str
    ) -> Hostile:
        return Hostile(f"zip: {name}", "qti", make, reason, said)

    fine = zipped([("imsmanifest.xml", b"<manifest/>" * 40)])
    lying = patched(patched(fine, 24, struct.pack("<I", 11)), 0, b"PK\x01\x02")
    return [
        bad("no zip", lambda: b"hello", refusals.BadArchive, "h.zip:1: is not a zip file"),
        bad("nothing", lambda: b"", refusals.BadArchive, "h.zip:1: is not a zip file"),
        bad("cut off", lambda: fine[:60], refusals.BadArchive, "h.zip:1: is a damaged zip file"),
        bad(
            "no directory",
            lambda: b"PK\x03\x04" + bytes(500),
            refusals.BadArchive,
            "h.zip:1: is a damaged zip file",
        ),
        bad(
            "from the root",
            lambda: renamed(b"/etc/passwd"),
            refusals.BadArchive,
            "/etc/passwd:1: has a path from the root",
        ),
        bad(
            "from a disk",
            lambda: renamed(b"C:/boot.xml"),
            refusals.BadArchive,
            "C:/boot.xml:1: has a path from the root",
        ),
        bad(
            "upwards",
            lambda: renamed(b"a/../../x.xml"),
            refusals.BadArchive,
            "a/../../x.xml:1: has a path that leads out",
        ),
        bad(
            "upwards at once",
            lambda: renamed(b"../x"),
            refusals.BadArchive,
            "../x:1: has a path that leads out",
        ),
        bad(
            "in place",
            lambda: renamed(b"a/./x.xml"),
            refusals.BadArchive,
            "a/./x.xml:1: has a path that leads out",
        ),
        bad(
            "two slashes",
            lambda: renamed(b"a//x.xml"),
            refusals.BadArchive,
            "a//x.xml:1: has a path that leads out",
        ),
        bad(
            "backslash",
            lambda: renamed(b"..\\x.xml"),
            refusals.BadArchive,
            "..\\x.xml:1: has a backslash or control",
        ),
        bad(
            "NUL in a name",
            lambda: renamed(b"x.xml\0.png"),
            refusals.BadArchive,
            "x.xml?.png:1: has a backslash or control",
        ),
        bad(
            "escape in a name",
            lambda: renamed(b"a\x1b[2Jb"),
            refusals.BadArchive,
            "a?[2Jb:1: has a backslash or control",
        ),
        bad(
            "long name",
            lambda: renamed(b"n" * 5_000),
            refusals.BadArchive,
            "nnn:1: has a name that is too long",
        ),
        bad(
            "deep folders",
            lambda: renamed(b"a/" * 40 + b"x"),
            refusals.BadArchive,
            "has a name that is too long or too deep",
        ),
        bad(
            "link",
            lambda: zipped([(info("l.xml", stat.S_IFLNK | 0o777), b"/etc/passwd")]),
            refusals.BadArchive,
            "l.xml:1: is a link or a device",
        ),
        bad(
            "pipe",
            lambda: zipped([(info("p", stat.S_IFIFO), b"")]),
            refusals.BadArchive,
            "p:1: is a link or a device",
        ),
        bad(
            "device",
            lambda: zipped([(info("d", stat.S_IFBLK), b"")]),
            refusals.BadArchive,
            "d:1: is a link or a device",
        ),
        bad(
            "password", lambda: flagged(0x1), refusals.BadArchive, "imsmanifest.xml:1: is encrypted"
        ),
        bad(
            "strong password",
            lambda: flagged(0x40),
            refusals.BadArchive,
            "imsmanifest.xml:1: is encrypted",
        ),
        bad(
            "masked names",
            lambda: flagged(0x2000),
            refusals.BadArchive,
            "imsmanifest.xml:1: is encrypted",
        ),
        bad(
            "bzip2",
            lambda: zipped([("a.xml", bytes(99))], zipfile.ZIP_BZIP2),
            refusals.BadArchive,
            "a.xml:1: is packed in an unusual way",
        ),
        bad(
            "lzma",
            lambda: zipped([("a.xml", bytes(99))], zipfile.ZIP_LZMA),
            refusals.BadArchive,
            "a.xml:1: is packed in an unusual way",
        ),
        bad(
            "bomb",
            lambda: zipped([("b.xml", bytes(20_000_000))]),
            refusals.BadArchive,
            "b.xml:1: unpacks to more than 100",
        ),
        bad(
            "many entries",
            lambda: zipped((f"{n}.xml", b"") for n in range(2_001)),
            refusals.TooMuch,
            "h.zip:1: has more than 2,000 entries",
        ),
        bad(
            "a directory of nothing but entries",
            lambda: b"PK\x03\x04" + b"PK\x01\x02".ljust(46, b"\0") * 100_000,
            refusals.TooMuch,
            "h.zip:1: has more than 2,000 entries",
        ),
        bad(
            "large together",
            lambda: zipped((f"{n}.bin", dull(9_000_000)) for n in range(6)),
            refusals.TooMuch,
            "h.zip:1: unpacks to more than 50 MB",
        ),
        bad(
            "a large manifest",
            lambda: zipped([("imsmanifest.xml", dull(6_000_000))]),
            refusals.TooMuch,
            "imsmanifest.xml:1: unpacks to more than 5 MB",
        ),
        bad(
            "archive by name",
            lambda: zipped([("a.ZIP", b"x")]),
            refusals.BadArchive,
            "a.ZIP:1: is an archive inside",
        ),
        bad(
            "archive by content",
            lambda: zipped([("a.xml", fine)]),
            refusals.BadArchive,
            "a.xml:1: is an archive inside",
        ),
        bad(
            "gzip by content",
            lambda: zipped([("a.png", b"\x1f\x8bxx")]),
            refusals.BadArchive,
            "a.png:1: is an archive inside",
        ),
        bad(
            "twice",
            lambda: renamed(b"a" * 9).replace(b"a" * 9, b"a.xml1234") and twice("a.xml"),
            refusals.BadArchive,
            "a.xml:1",
        ),
        bad(
            "twice but for case",
            lambda: twice("A.xml"),
            refusals.BadArchive,
            "A.xml:1: stands in the archive twice",
        ),
        bad(
            "wrong checksum",
            lambda: patched(fine, 16, b"\0\0\0\0"),
            refusals.BadArchive,
            "imsmanifest.xml:1: is damaged",
        ),
        bad(
            "a lie about its size",
            lambda: lying,
            refusals.BadArchive,
            "imsmanifest.xml:1: is damaged",
        ),
        bad(
            "two names for one entry",
            lambda: fine.replace(b"imsmanifest.xml", b"imsmanifost.xml", 1),
            refusals.BadArchive,
            "imsmanifest.xml:1: is damaged",
        ),
        bad(
            "no manifest",
            lambda: zipped([("a.xml", item())]),
            refusals.BadFile,
            "h.zip:1: has no imsmanifest.xml",
        ),
        bad(
            "manifest leads out",
            lambda: zipped([("imsmanifest.xml", manifest("../../etc/passwd"))]),
            refusals.BadFile,
            "imsmanifest.xml:1: i: names the file '../../etc/passwd', which is not in the package",
        ),
        bad(
            "manifest names a file twice",
            lambda: zipped([("imsmanifest.xml", manifest("i.xml", "./i.xml")), ("i.xml", item())]),
            refusals.BadFile,
            "imsmanifest.xml:1: names the file 'i.xml' twice",
        ),
        bad(
            "manifest names 2,001 items",
            lambda: zipped(
                [
                    (
                        "imsmanifest.xml",
                        manifest(*(f"{chr(97 + n % 26)}{n * 7919}.xml" for n in range(2_001))),
                    )
                ]
            ),
            refusals.TooMuch,
            "imsmanifest.xml:1: names more than 2,000 resources",
        ),
    ]


def twice(second: str) -> bytes:
    """An archive with two entries of one name, but for case."""
    return zipped([("a.xml", b"1"), ("b.xml", b"2")]).replace(b"b.xml", second.encode())


def trees() -> list[Hostile]:
    def bad(
        name: str,
        make: Callable[[], bytes],
        reason: type[refusals.Refused],
        said: str,
        form: str = "moodle",
    ) -> Hostile:
        return Hostile(f"xml: {name}", form, make, reason, said)

    def quiz(head: str) -> Callable[[], bytes]:
        return lambda: f"{head}<quiz>&i;</quiz>".encode()

    many = "".join(f' a{n}=""' for n in range(51))
    return [
        bad("billion laughs", quiz(doctype(LAUGHS)), refusals.BadXml, "h.xml:1: has a DOCTYPE"),
        bad(
            "another file",
            quiz(doctype('<!ENTITY i SYSTEM "file:///etc/passwd">')),
            refusals.BadXml,
            "h.xml:1: has a DOCTYPE",
        ),
        bad(
            "another address",
            quiz('<!DOCTYPE quiz SYSTEM "http://127.0.0.1:9/x.dtd">'),
            refusals.BadXml,
            "h.xml:1: has a DOCTYPE",
        ),
        bad(
            "parameter entities",
            quiz(doctype('<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;')),
            refusals.BadXml,
            "h.xml:1: has a DOCTYPE",
        ),
        bad(
            "a DOCTYPE behind a comment",
            quiz("<!-- -->\n\n<!DOCTYPE quiz>"),
            refusals.BadXml,
            "h.xml:3: has a DOCTYPE",
        ),
        bad(
            "UTF-16",
            lambda: quiz(doctype(LAUGHS))().decode().encode("utf-16"),
            refusals.BadFile,
            "h.xml:1: is not UTF-8",
        ),
        bad(
            "UTF-16 without a mark",
            lambda: "<!DOCTYPE a><quiz/>".encode("utf-16-le"),
            refusals.BadFile,
            "h.xml:1: is not text",
        ),
        bad(
            "UTF-7",
            lambda: b'<?xml version="1.0" encoding="utf-7"?>+ADw-quiz/>',
            refusals.BadXml,
            "is not well-formed XML",
        ),
        bad(
            "an unknown entity",
            lambda: b"<quiz>&nbsp;</quiz>",
            refusals.BadXml,
            "h.xml:1: is not well-formed XML",
        ),
        bad(
            "never closed",
            lambda: b"<quiz>\n<a>\n</quiz>",
            refusals.BadXml,
            "h.xml:3: is not well-formed XML",
        ),
        bad("nothing", lambda: b"", refusals.BadXml, "h.xml:1: is not well-formed XML"),
        bad(
            "Latin-1",
            lambda: b"<quiz>\xe9</quiz>",
            refusals.BadFile,
            "h.xml:1: is not UTF-8 at byte 6",
        ),
        bad(
            "deep",
            lambda: b"<a>" * 100_000,
            refusals.TooMuch,
            "h.xml:1: is nested more than 60 deep",
        ),
        bad(
            "61 deep",
            lambda: b"<a>" * 61 + b"</a>" * 61,
            refusals.TooMuch,
            "h.xml:1: is nested more than 60 deep",
        ),
        bad(
            "many elements",
            lambda: b"<quiz>" + b"<a/>" * 200_000,
            refusals.TooMuch,
            "has more than 200,000 elements",
        ),
        bad(
            "many attributes",
            lambda: f"<quiz{many}/>".encode(),
            refusals.TooMuch,
            "with more than 50 attributes",
        ),
        bad(
            "a long attribute",
            lambda: f'<quiz a="{"x" * 20_001}"/>'.encode(),
            refusals.TooMuch,
            "attribute of more than",
        ),
        bad(
            "2,001 questions",
            lambda: moodle("Why?", 2_001),
            refusals.TooMuch,
            "h.xml:1: has more than 2,000 items",
        ),
        bad(
            "101 answers",
            lambda: moodle("Why?", 1, 101),
            refusals.TooMuch,
            "h.xml:1: item-1: has 101 answers",
        ),
        bad(
            "a long text",
            lambda: moodle("a " * 60_000),
            refusals.TooMuch,
            "item-1: has a text of more than 100,000",
        ),
        bad(
            "deep HTML",
            lambda: moodle("&lt;div>" * 100),
            refusals.TooMuch,
            "has a text nested more than 60 deep",
        ),
        bad(
            "much HTML",
            lambda: moodle("&lt;b>" * 600),
            refusals.TooMuch,
            "has a text of more than 500 HTML tags",
        ),
        bad(
            "signs",
            lambda: moodle("[" * 40_000, 20),
            refusals.TooMuch,
            "comes after texts of more signs than words",
        ),
        bad(
            "a whole item of ours that is too long",
            lambda: package(asking(f'<div data-notice-item="{"![" * 11_000}"/>')),
            refusals.TooMuch,
            "i.xml:1: has an attribute of more than 20,000",
            "qti",
        ),
        bad(
            "an interaction with an endless name",
            lambda: package(asking(f"<qti-{'x' * 90_000}-interaction/>")),
            refusals.Misfit,
            "i.xml:1: i: has a qti-xxxx",
            "qti",
        ),
        bad(
            "101 options",
            lambda: package(asking("", 101)),
            refusals.TooMuch,
            "i.xml:1: i: has 101 answers",
            "qti",
        ),
        bad(
            "a DOCTYPE in an entry",
            lambda: package(item(head=doctype(LAUGHS))),
            refusals.BadXml,
            "i.xml:1: has a DOCTYPE",
            "qti",
        ),
        bad(
            "elements of all entries together",
            lambda: zipped(
                [
                    ("imsmanifest.xml", manifest("a.xml", "b.xml", "c.xml")),
                    *((f"{name}.xml", item(body="<p>a</p>" * 90_000)) for name in "abc"),
                ],
                zipfile.ZIP_STORED,
            ),
            refusals.TooMuch,
            "h.zip:1: has more than 200,000 elements",
            "qti",
        ),
        bad(
            "XInclude",
            lambda: package(
                asking('<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>')
            ),
            refusals.Misfit,
            "i.xml:1: i: is of an unknown kind, include",
            "qti",
        ),
    ]


def gifts() -> list[Hostile]:
    def bad(
        name: str, make: Callable[[], bytes], reason: type[refusals.Refused], said: str
    ) -> Hostile:
        return Hostile(f"gift: {name}", "gift", make, reason, said)

    def notice(text: str) -> Callable[[], bytes]:
        return lambda: f"// notice: {text}\n::q::Which?{{=a ~b}}".encode()

    return [
        bad(
            "a long question",
            lambda: b"::q::" + b"a" * 200_001,
            refusals.TooMuch,
            "h.gift:1: has a question of more than",
        ),
        bad(
            "2,001 questions",
            lambda: b"Why?{=a ~b}\n\n" * 2_001,
            refusals.TooMuch,
            "h.gift:1: has more than 2,000 items",
        ),
        bad(
            "2,001 texts",
            lambda: b"a\n\n" * 1_000_000,
            refusals.TooMuch,
            "h.gift:1: has more than 2,000 items",
        ),
        bad(
            "never closed",
            lambda: b"\n::q::Why?{=a",
            refusals.BadFile,
            "h.gift:2: q: has a brace without its other",
        ),
        bad(
            "only braces",
            lambda: b"{" * 150_000,
            refusals.BadFile,
            "h.gift:1: has a brace without its other",
        ),
        bad(
            "many gaps",
            lambda: b"::q::" + b"{=a}" * 40_000,
            refusals.Misfit,
            "h.gift:1: q: is a cloze with 40000 gaps",
        ),
        bad(
            "many answers",
            lambda: b"::q::Why?{" + b"~a" * 90_000 + b"}",
            refusals.TooMuch,
            "q: has 90,000 answers",
        ),
        bad(
            "many turns",
            lambda: b"::q::Why?{>9 ALL\n" + b"a\n" * 90_000 + b"}",
            refusals.Misfit,
            "q: is an ordering",
        ),
        bad(
            "a deep notice",
            notice("[" * 100_000),
            refusals.BadFile,
            "h.gift:1: q: has a `// notice:` line that was changed",
        ),
        bad(
            "a notice of lists",
            notice('{"sources":{"a":"B1"}}'),
            refusals.BadFile,
            "h.gift:1: q: has a `// notice:` line",
        ),
        bad("Latin-1", lambda: b"Why? \xe9", refusals.BadFile, "h.gift:1: is not UTF-8 at byte 5"),
        bad(
            "signs",
            lambda: b"::q::[html]" + b"*" * 90_000 + b"{=a ~b}",
            refusals.TooMuch,
            "q: comes after texts of more",
        ),
        bad(
            "deep HTML",
            lambda: b"::q::" + b"<div>" * 200 + b"{=a ~b}",
            refusals.TooMuch,
            "q: has a text nested more than",
        ),
    ]


NAMES = {"qti": "h.zip", "moodle": "h.xml", "gift": "h.gift"}
HOSTILE = [*archives(), *trees(), *gifts()]

WIDE_AND_LONG = f"<table><tr>{'<td>a</td>' * 30_000}</tr>{'<tr><td>b</td></tr>' * 20_000}</table>"


def signs_in_our_own_attribute() -> bytes:
    """A package of items whose copies of themselves are nothing but signs."""
    whole = f"{{&quot;key&quot;:&quot;a&quot;,&quot;kind&quot;:&quot;single&quot;,&quot;stem&quot;:&quot;{'![' * 9_000}&quot;}}"
    one = asking(f'<div data-notice-item="{whole}"/>')
    names = [f"{number}.xml" for number in range(60)]
    entries = [("imsmanifest.xml", manifest(*names)), *((name, one) for name in names)]
    return zipped(entries, zipfile.ZIP_STORED)


# Not refused, or not for this: but each would keep a careless pattern busy for hours.
SLOW = {
    "blanks": ("gift", b"::q::a" + b" " * 99_000 + b"b{=a ~b}"),
    "lines": ("gift", b"::q::a" + b"\n\tb" * 30_000 + b"{=a ~b}"),
    "tags": ("gift", b"// " + b"[tag:" * 30_000 + b"\n::q::Why?{=a ~b}"),
    "numbers": ("gift", b"::q::Why?{#" + b".." * 49_000 + b" x y}"),
    "a title without end": ("gift", b"::" + b": " * 90_000 + b"{=a ~b}"),
    "escapes": ("gift", b"::q::" + b"\\" * 99_000 + b"{=a ~b}"),
    "a wide table": (
        "moodle",
        moodle(f"&lt;table>&lt;tr>{'&lt;td>a' * 240}{'&lt;tr>&lt;td>b' * 120}"),
    ),
    "references": ("moodle", moodle("&amp;amp;" * 10_000)),
    "comments": ("moodle", moodle("&lt;!-- " * 15_000)),
    "an open tag": ("moodle", moodle("&lt;a " * 490 + "x" * 50_000)),
    "a wide and a long table": ("qti", package(asking(WIDE_AND_LONG))),
    "signs in our own attribute": ("qti", signs_in_our_own_attribute()),
    "breaks": ("qti", package(asking("<br/>" * 90_000))),
    "blank space": ("qti", package(asking(" " * 99_000 + "<b>a</b>" + "\t" * 99_000))),
}
