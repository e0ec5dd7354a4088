"""Rich text of other systems as the Markdown of an author, and Markdown as the small HTML that other systems read.

Only words, emphasis, lists, quotations, tables and https links pass; what else there was is told by name. The HTML of
strangers is cleaned before it is looked at, and Markdown is rendered by `library.markdown`, as for a learner.
"""

import re
from html.parser import HTMLParser
from itertools import groupby

import nh3

from courses.exchange.refusals import Location, TooDeep, TooMany
from courses.exchange.trees import DEEPEST, Node
from courses.library.markdown import Notes, render, render_inline

Rich = list[Node | str]

MOST_TAGS = 500  # in one text: cleaning takes the square of their depth
WIDEST = 20  # columns of a table
BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "center",
    "body",
    "html",
    "header",
    "footer",
    "figure",
    "figcaption",
}
BLOCKS |= {
    "qti-content-body",
    "ul",
    "ol",
    "blockquote",
    "table",
    "pre",
    "dl",
    "dt",
    "dd",
    "address",
    "main",
}
BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6"}
INLINE = {
    "em",
    "i",
    "strong",
    "b",
    "code",
    "a",
    "br",
    "span",
    "small",
    "big",
    "font",
    "label",
    "bdi",
    "bdo",
    "wbr",
}
INLINE |= {
    "u",
    "ins",
    "abbr",
    "acronym",
    "cite",
    "q",
    "dfn",
    "tt",
    "kbd",
    "samp",
    "var",
    "time",
    "hr",
    "nobr",
}
INSIDE = {"li", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"}
TOLD = {
    "sub",
    "sup",
    "img",
    "s",
    "del",
    "strike",
    "mark",
}  # their words stay, what they meant is told as left out
SILENT = {
    "script",
    "style",
    "template",
    "noscript",
    "title",
    "head",
    "object",
    "iframe",
    "svg",
    "math",
}
VOID = {"br", "hr", "img", "wbr", "col"}
KEPT = BLOCKS | INLINE | INSIDE | TOLD
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}


def rendered(markdown: str, inline: bool) -> Rich:
    """Markdown as the HTML a learner would see: terms as their words, citations left to `sources`."""
    notes = Notes({}, {}, is_bare=True)
    return _tree(
        render_inline(markdown, notes) if inline else render(markdown, notes), Location("Markdown")
    )


def from_html(html: str, place: Location, left: list[str]) -> Rich:
    """A text in HTML as a tree of what may stay; adds to `left` what is left out.

    Raises:
        TooMany, TooDeep: one text of this many tags or levels is none.
    """
    tags = [tag.lower() for tag in re.findall(r"<([a-zA-Z][a-zA-Z0-9:-]*)", html)]
    if len(tags) > MOST_TAGS:
        raise TooMany(place, f"has a text of more than {MOST_TAGS} HTML tags; write it plainer")
    left += [f"<{tag[:40]}>" for tag in dict.fromkeys(tags) if tag not in KEPT]
    cleaned = nh3.clean(
        html,
        tags=KEPT,
        clean_content_tags=SILENT,
        attributes=ATTRIBUTES,
        link_rel=None,
        url_schemes={"https", "http"},
    )
    return _tree(cleaned, place)


class _Reader(HTMLParser):
    """Clean HTML as a tree."""

    def __init__(self, place: Location) -> None:
        super().__init__(convert_charrefs=True)
        self.place = place
        self.open = [Node("root")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)
        if len(self.open) > DEEPEST:
            raise TooDeep(
                self.place, f"has a text nested more than {DEEPEST} deep; write it plainer"
            )

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def _tree(html: str, place: Location) -> Rich:
    reader = _Reader(place)
    reader.feed(html)
    reader.close()
    return reader.open[0].children


def canonical(rich: Rich) -> list[object]:
    """What a reader would see of it: blank space folded, and none where blocks meet. Two texts alike are equal."""
    seen: list[object] = []
    for one in rich:
        if isinstance(one, Node):
            href = one.get("href") if one.tag == "a" else ""
            seen.append((one.tag, href, tuple(canonical(one.children))))
        elif seen and isinstance(seen[-1], str):
            seen[-1] = _fold(seen[-1] + one)
        else:
            seen.append(_fold(one))
    return [one for n, one in enumerate(seen) if not (one in {"", " "} and _meets_a_block(seen, n))]


def _meets_a_block(seen: list[object], n: int) -> bool:
    beside = [seen[at] for at in (n - 1, n + 1) if 0 <= at < len(seen)]
    return len(beside) < 2 or any(
        isinstance(one, tuple) and one[0] in BLOCKS | INSIDE for one in beside
    )


def _fold(text: str) -> str:
    return re.sub(r"[ \t\n\r\f]+", " ", text)


def words(rich: Rich) -> str:
    """All its letters, without any blank space: what must not change when a format does."""
    return "".join("".join(Node("root", {}, rich).text.split()))


def to_markdown(rich: Rich, inline: bool, left: list[str]) -> str:
    """The Markdown that renders as this; `inline` for what must be one line. Adds to `left` what is left out.

    Where emphasis would change the words, they stand without it.
    """
    whole = Node("root", {}, rich)
    pictures = [
        node.get("alt") or node.get("src")[-60:] for node in whole.walk() if node.tag == "img"
    ]
    left += [f"the picture {name!r}" for name in pictures]
    left += [
        f"<{tag}>"
        for tag in dict.fromkeys(node.tag for node in whole.walk())
        if tag in TOLD - {"img"}
    ]
    said: list[str] = []
    for form in (rich, _without_marks(rich)):
        line = _lines(_flat(form, said).split("\n"), inline=True) if inline else ""
        markdown = line if inline else "\n\n".join(_blocks(form, said)).strip()
        if words(rendered(markdown, inline)) == words(rich):
            left += dict.fromkeys(said)
            return markdown
        said.append("the emphasis")
    left += dict.fromkeys(said)
    return from_plain(whole.text, inline)


def _without_marks(rich: Rich) -> Rich:
    marks = {"em", "i", "strong", "b", "code", "a"}
    return [
        one
        if isinstance(one, str)
        else Node("span" if one.tag in marks else one.tag, {}, _without_marks(one.children))
        for one in rich
    ]


def _flat(rich: Rich, left: list[str]) -> str:
    """The words of all its blocks on one line; a newline is a break the text asks for."""
    runs: list[str] = []
    for is_block, run in groupby(rich, key=_is_block):
        if is_block:
            runs += [_flat(one.children, left) for one in run if isinstance(one, Node)]
        else:
            runs.append(_inline(list(run), left))
    return " ".join(run for run in runs if run.strip())


def _is_block(one: Node | str) -> bool:
    return isinstance(one, Node) and one.tag in BLOCKS | INSIDE


def from_plain(text: str, inline: bool) -> str:
    """Markdown that shows exactly these words. Blank lines part paragraphs, other lines break where they did."""
    joint = " " if inline else "\n\n"
    paragraphs = [part for part in re.split(r"\n[ \t]*\n", text) if part.strip()]
    return joint.join(
        _lines([_escape(_fold(line).strip()) for line in part.strip().split("\n")], inline)
        for part in paragraphs
    )


def _blocks(rich: Rich, left: list[str]) -> list[str]:
    """The paragraphs, lists and other blocks of it, each as Markdown."""
    blocks: list[str] = []
    for is_block, run in groupby(rich, key=_is_block):
        if is_block:
            blocks += [text for one in run if isinstance(one, Node) for text in _block(one, left)]
        elif text := _lines(_inline(list(run), left).split("\n")):
            blocks.append(text)
    return blocks


def _block(node: Node, left: list[str]) -> list[str]:
    if node.tag in {"ul", "ol"}:
        return [_list(node, left)] if node.all("li") else []
    if node.tag == "blockquote":
        inside = "\n\n".join(_blocks(node.children, left))
        return ["\n".join(f"> {line}".rstrip() for line in inside.split("\n"))] if inside else []
    if node.tag == "table":
        return _table(node, left)
    if re.fullmatch(r"h[1-6]", node.tag):
        text = " ".join(_inline(node.children, left).split())
        return [f"### {text}"] if text else []
    return _blocks(node.children, left)


def _list(node: Node, left: list[str]) -> str:
    rows = []
    for n, item in enumerate(node.all("li"), 1):
        mark = f"{n}. " if node.tag == "ol" else "- "
        inside = _blocks(item.children, left)
        joint = "\n" if len(inside) == 2 and re.match(r"- |\d+\. ", inside[1]) else "\n\n"
        rows.append(mark + joint.join(inside).replace("\n", "\n" + " " * len(mark)))
    return "\n".join("\n".join(line.rstrip() for line in row.split("\n")) for row in rows)


def _table(node: Node, left: list[str]) -> list[str]:
    rows = [row.all("td", "th") for row in node.walk() if row.tag == "tr"]
    cells = [
        [" ".join(_inline(cell.children, left).split()).replace("|", "\\|") for cell in row]
        for row in rows
        if row
    ]
    if not cells:
        return []
    width = max(len(row) for row in cells)
    if width > WIDEST:
        left.append(f"the order of a table of {width} columns")
        return [text for row in cells for text in row if text]
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in cells]
    return ["\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])]


def _inline(rich: Rich, left: list[str]) -> str:
    """Words with their emphasis; a newline is a break the text asks for."""
    return "".join(
        _escape(_fold(one)) if isinstance(one, str) else _span(one, left) for one in rich
    )


def _span(node: Node, left: list[str]) -> str:
    if node.tag == "br":
        return "\n"
    if node.tag == "code":
        return _code(node.text)
    inside = _inline(node.children, left)
    if node.tag in {"em", "i"}:
        return _marked("*", inside)
    if node.tag in {"strong", "b"}:
        return _marked("**", inside)
    if node.tag == "a":
        return _link(node.get("href"), inside, left)
    return inside


def _marked(mark: str, inside: str) -> str:
    """The words between marks; blank space at their ends stays outside, for inside it would undo the marks."""
    text = inside.strip()
    before, after = inside[: len(inside) - len(inside.lstrip())], inside[len(inside.rstrip()) :]
    return f"{before}{mark}{text}{mark}{after}" if text else inside


def _code(text: str) -> str:
    """Words as code, between more ticks than stand anywhere in them (CommonMark 6.1)."""
    inside = _fold(text).strip()
    if not inside:
        return ""
    longest = max(map(len, re.findall("`+", inside)), default=0)
    ticks = "`" * (longest + 1)
    return f"{ticks} {inside} {ticks}" if longest else f"{ticks}{inside}{ticks}"


def _link(href: str, inside: str, left: list[str]) -> str:
    if not href:
        left.append(f"the link on {inside.strip()[:40]!r}")
        return inside
    if not re.fullmatch(r"https://[^\s<>\\]+", href):
        left.append(f"the link {href[:60]!r}")
        return inside
    inside = re.sub(r"^@", "&#64;", inside)  # else it would be a citation
    return f"[{inside}]({href.replace('(', '%28').replace(')', '%29')})"


def _lines(lines: list[str], inline: bool = False) -> str:
    """Lines of one paragraph, with a break between each two, and nothing at a line's beginning that would be a mark.

    What is rendered `inline` has no marks at the beginning of a line.
    """
    kept = [line if inline else _begin(line) for line in (line.strip() for line in lines) if line]
    return "\\\n".join(kept)


def _begin(line: str) -> str:
    """The line, with what would make it a heading, list, quotation, rule or table taken as words."""
    if found := re.match(r"(\d{1,9})([.)])(?=\s|$)", line):
        return f"{found[1]}\\{line[len(found[1]) :]}"
    return re.sub(r"^(?=[#>+=|:~-])", r"\\", line)


def _escape(text: str) -> str:
    """Words as Markdown that shows them. What a course file may not have in any line (`<b`, `[@`) becomes a reference.

    At the end of a stretch it is not known what follows, so it is taken for the worst.
    """
    text = re.sub(r"[\\`*_\[\]]", r"\\\g<0>", text)
    text = re.sub(r"&(?=#?\w+;|#?\w*$)", "&amp;", text)
    text = re.sub(r"\\\[(?=@|$)", "&#91;", text)
    return re.sub(r"<(?=\S|$)", "&lt;", text)
