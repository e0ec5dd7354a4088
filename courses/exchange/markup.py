"""Rich text of other systems as an author's Markdown, rendered as `library.markdown` does.

Words, emphasis, code, lists, quotations and https links pass. A text with anything else is refused,
and so is one that would look different here.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import count, repeat
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt

from courses.exchange.refusals import Location, Misfit, TooMuch
from courses.library.markdown import Notes, faults_of, render, render_inline

MOST_TAGS = 500  # in one text: cleaning takes the square of their depth
DEEPEST = 60
BLOCKS = {"p", "div", "ul", "ol", "li", "blockquote"}
SAME = {"i": "em", "b": "strong"}
MARKS = {"em": "*", "strong": "**"}
KEPT = BLOCKS | set(SAME) | set(MARKS) | {"code", "a", "br", "span"}
OPENED_ONLY = {"p", "li", "br"}  # HTML closes these by itself
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
ALT, SRC = re.compile(r"""\balt=["']([^"']+)"""), re.compile(r"""\bsrc=["']([^"']+)""")
TEX = re.compile(r"\\[(\[]|\$\$")
LOOK = re.compile(r"style\s*=[^>]{0,99}(color|background|decoration|vertical|display|visib)", re.I)
COMMON_MARKDOWN = MarkdownIt("commonmark")


def rendered(markdown: str, is_inline: bool, notes: Notes | None = None) -> str:
    """Markdown as the HTML a learner would see: terms as their words, citations left out."""
    notes = notes or Notes({}, {}, is_bare=True)
    html = render_inline(markdown, notes) if is_inline else render(markdown, notes)
    return re.sub(r' (rel|class)="[^"]*"', "", html)


def to_html(words: str, form: str, place: Location) -> str:
    """A text in a format of Moodle (plain, moodle, markdown, else HTML) as clean HTML.

    Raises:
        TooMuch, Misfit: as `clean` does.
    """
    if form == "markdown":
        # HTML in it counts there, so it does here.
        words = COMMON_MARKDOWN.render(words)
    elif form.startswith("plain"):
        return escape(words, quote=False).replace("\n", "<br>")
    elif form.startswith("moodle"):
        # Its own format shows each line as one, and takes HTML in it for HTML.
        words = words.replace("\n", "<br>")
    return clean(words, place)


def clean(html: str, place: Location) -> str:
    """The HTML without what is never seen; raises Misfit for other tags, TooMuch for too many."""
    tags = [(slash, tag.lower()) for slash, tag in TAG.findall(html)]
    opened = [tag for slash, tag in tags if not slash]
    if len(opened) > MOST_TAGS:
        raise TooMuch(place, f"has a text of more than {MOST_TAGS} HTML tags; write it plainer")
    # Before it is parsed: a parser takes the square of the depth.
    depth = 0
    for slash, tag in tags:
        depth += -1 if slash else tag not in OPENED_ONLY
        if depth > DEEPEST:
            what = f"has a text nested more than {DEEPEST} deep; write it plainer"
            raise TooMuch(place, what)
    if img := re.search(r"<img\b[^>]*", html, re.I):
        name = ALT.search(img[0]) or SRC.search(img[0])
        what = name[1][-60:] if name else ""
        raise Misfit(place, f"has the picture {what!r}; say it in words")
    for tag in dict.fromkeys(opened):
        if tag not in KEPT:
            raise Misfit(place, f"has <{tag[:40]}> in its text; write it without")
        if tag not in OPENED_ONLY and opened.count(tag) > tags.count(("/", tag)):
            raise Misfit(place, f"has <{tag}> that is not closed; close it, or write &lt;{tag}>")
    if TEX.search(html):
        raise Misfit(place, "has a formula in its text; write it in words")
    if LOOK.search(html):
        raise Misfit(place, "has words with a look of their own; say in words what it means")
    # What is dropped now is never seen; the rest was refused by its name.
    schemes = {"https", "http"}
    kept: dict[str, set[str]] = {"*": set(), "a": {"href"}}
    return nh3.clean(html, tags=KEPT, attributes=kept, link_rel=None, url_schemes=schemes)


def as_seen(html: str) -> str:
    """What a reader sees of clean HTML: words, marks, line ends. Equal when texts look alike."""
    html = html.replace("&nbsp;", " ")
    html = re.sub(r"\s+", " ", html)
    for tag, same in SAME.items():
        html = html.replace(f"<{tag}>", f"<{same}>").replace(f"</{tag}>", f"</{same}>")
    # Markdown cannot say which of the two is outside.
    html = html.replace("<strong><em>", "<em><strong>").replace("</em></strong>", "</strong></em>")
    html = re.sub(r'href="[^"]*"', lambda href: unquote(href[0]), html)
    html = re.sub(r"</?span>", "", html)
    html = re.sub(r"</?(?:p|div)>|<br>", "\n", html)
    html = _spaces_outside(html)
    html = re.sub(r"\s*(</?(?:ul|ol|li|blockquote)>)\s*", r"\1", html)
    return re.sub(r"\s*\n\s*", "\n", html).strip()


def _spaces_outside(html: str) -> str:
    """Blank space at the ends of emphasis, put outside of it; emphasis of nothing is taken out."""
    html = re.sub(r"<(em|strong|i|b|code)>(\s?)</\1>", r"\2", html)
    html = re.sub(r"((?:<(?:em|strong|i|b|code|a [^>]*)>)+)(\s)", r"\2\1", html)
    html = re.sub(r"(\s)((?:</(?:em|strong|i|b|code|a)>)+)", r"\2\1", html)
    return re.sub(" +", " ", html)


def to_markdown(html: str, place: Location, is_inline: bool = True) -> str:
    """The Markdown that looks the same as clean HTML; `is_inline` for one paragraph (an option).

    Raises:
        Misfit: there is none, or a course file may not have it.
    """
    made = _Converter(place, is_inline).convert(html)
    notes = Notes({}, {}, is_bare=True)
    if as_seen(rendered(made, is_inline, notes)) != as_seen(html):
        raise Misfit(
            place, "has a text that looks different here (emphasis, list); write it plainer"
        )
    faults = [fault for line in made.split("\n") for fault in faults_of(line)]
    faults += [fault for _, fault in notes.faults]
    if faults:
        raise Misfit(place, f"has a text that no course file may have: {faults[0]}")
    return made


class _Converter:
    """Writes Markdown tag by tag.

    `around` is what the next line begins with in each open entry and quotation, `lists` has the
    marks of the entries of each open list, `code` is the text of open code.
    """

    def __init__(self, place: Location, is_inline: bool) -> None:
        self.place = place
        self.is_inline = is_inline
        self.made = ""
        self.text = ""
        self.around: list[str] = []
        self.lists: list[Iterator[str]] = []
        self.was_in_list = False
        self.code: str | None = None
        self.href = ""

    def convert(self, html: str) -> str:
        html = re.sub(r"[ \t\n\r\f]+", " ", html.replace("&nbsp;", "\u00a0"))
        html = _spaces_outside(html)
        for piece in re.split(r"(<[^>]*>)", html):
            if tag := TAG.match(piece):
                self.add_tag(SAME.get(tag[2], tag[2]), not tag[1], piece)
            elif self.code is not None:
                self.code += unescape(piece)
            else:
                self.text += _escape(unescape(piece))
        self.end_block()
        return self.made

    def add_tag(self, tag: str, is_opened: bool, piece: str) -> None:
        # Blocks part lines; every other tag is a mark within one.
        if tag in BLOCKS:
            self.end_block()
            self.add_block(tag, is_opened)
        elif tag == "br":
            self.text += "\n"
        elif tag == "code":
            self.text += _code(self.code or "")
            self.code = "" if is_opened else None
        elif tag == "a":
            self.text += self.open_link(piece) if is_opened else f"]({self.href})"
        else:
            self.text += MARKS.get(tag, "")

    def add_block(self, tag: str, is_opened: bool) -> None:
        if tag in {"p", "div"}:
            return
        if not is_opened:
            closed: list[Any] = self.lists if tag in {"ul", "ol"} else self.around
            closed.pop()
        elif tag == "ol":
            self.lists.append(f"{number}. " for number in count(1))
        elif tag == "ul":
            self.lists.append(repeat("- "))
        elif tag == "li" and not self.lists:
            raise Misfit(self.place, "has an entry of no list in its text; write it without")
        else:
            self.around.append(next(self.lists[-1]) if tag == "li" else "> ")

    def end_block(self) -> None:
        """Writes the lines that were gathered as a paragraph."""
        lines = [_paragraph(line) for line in self.text.split("\n")]
        text = "\\\n".join(line for line in lines if line)
        self.text = ""
        if not text:
            return
        first = "".join(self.around)
        self.around = [mark if mark == "> " else " " * len(mark) for mark in self.around]
        rest = "".join(self.around)
        if self.is_inline:
            gap = "\\\n"
        elif first != rest and self.was_in_list:
            gap = "\n"
        else:
            gap = f"\n{rest.rstrip()}\n"
        self.made += (gap if self.made else "") + first + text.replace("\n", f"\n{rest}")
        self.was_in_list = bool(self.lists)

    def open_link(self, piece: str) -> str:
        href = unescape("".join(re.findall(r'href="([^"]*)"', piece)))
        if not re.fullmatch(r"https://[^\s<>\\]+", href):
            raise Misfit(self.place, f"has the link {href[:60]!r}, which is not https; take it out")
        self.href = href.replace("(", "%28").replace(")", "%29")
        return "["


def _code(text: str) -> str:
    """Words as code, between more ticks than stand anywhere in them (CommonMark 6.1)."""
    text = text.strip()
    if not text:
        return ""
    runs = re.findall("`+", text)
    if not runs:
        return f"`{text}`"
    longest = max(len(run) for run in runs)
    ticks = "`" * (longest + 1)
    return f"{ticks} {text} {ticks}"


def _paragraph(line: str) -> str:
    """The line, with a sign that would make it a heading, list, quotation or rule escaped."""
    line = line.strip()
    if number := re.match(r"(\d{1,9})([.)])(?=\s|$)", line):
        return f"{number[1]}\\{line[len(number[1]) :]}"
    return re.sub(r"^(?=[#>+=|:~-])", r"\\", line)


def _escape(text: str) -> str:
    """Words as Markdown that shows them; `<b` and `[@`, which no course may have, as references.

    At the end of a stretch it is not known what follows, so it is taken for the worst.
    """
    text = re.sub(r"[\\`*_\[\]]", r"\\\g<0>", text)
    text = re.sub(r"&(?=#?\w+;|#?\w*$)", "&amp;", text)
    text = re.sub(r"\\\[(?=@|$)", "&#91;", text)
    text = re.sub(r"^@", "&#64;", text)
    return re.sub(r"<(?=\S|$)", "&lt;", text)
