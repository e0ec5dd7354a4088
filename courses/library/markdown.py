"""Text an author wrote, as safe HTML: Markdown, citations `[@B1]` and glossary terms `[[term]]`.

No files, no items.
"""

import re
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

ID = r"@[A-H]\d{1,2}(?:\.\d{1,2})?[a-z]?"
CITE = re.compile(rf"\[({ID}(?:[\s,]+{ID})*)\]")
CITE_BEGUN = re.compile(rf"\[{ID}(?:[\s,]+{ID})*[\s,]*")
TERM = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]|\n]+))?\]\]")
RAW_HTML = re.compile(r"<[a-zA-Z/!?]")
# C0 and C1 without tabs and line ends, and what turns the direction of the text around it: these
# hide or change what a reader, a reviewer or a terminal shows.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
DEEPEST = 12  # markdown-it counts a list as two; from 20 on it would leave text out in silence
TAGS = {"p", "em", "strong", "ul", "ol", "li", "a", "blockquote", "code", "br", "sup", "button"}
TAGS |= {"h2", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {
    "a": {"href", "class", "aria-label"},
    "button": {"type", "class", "popovertarget"},
    "table": {"class"},
}


@dataclass
class Notes:
    """What rendering a text needs to know, and what it found in the text.

    `sources` and `terms` are in the order they are met, `publications` in that of their numbers.
    `unknown` are citations and terms that are not in `known_…`, `faults` what is not allowed, each
    with its line.
    """

    known_sources: dict[str, tuple[str, ...]]
    known_terms: dict[str, str]
    # Where nothing opens or folds out, terms stay words and citations are only remembered.
    is_bare: bool = False
    sources: list[str] = field(default_factory=list)
    publications: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def number(self, publication: str) -> int:
        """The number of a publication in this text, from 1, given at its first citation."""
        if publication not in self.publications:
            self.publications.append(publication)
        return self.publications.index(publication) + 1


def _cite(state: StateInline, silent: bool) -> bool:
    match = CITE.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        ids = re.findall(r"@([^\s,@]+)", match[1])
        state.push("cite", "", 0).meta = {"ids": ids}
    state.pos = match.end()
    return True


def _term(state: StateInline, silent: bool) -> bool:
    match = TERM.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        shown = match[1].strip()
        entry = (match[2] or match[1]).strip()
        key = entry.lower().replace(" ", "-")
        state.push("term", "", 0).meta = {"shown": shown, "key": key}
    state.pos = match.end()
    return True


def _reference_link(number: int) -> str:
    label = f"Reference {number}"
    return f'<a href="#ref-{number}" class="cite" aria-label="{label}">{number}</a>'


def _render_cite(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping
) -> str:
    notes: Notes = env["notes"]
    numbers: list[int] = []
    for source in tokens[index].meta["ids"]:
        if source not in notes.known_sources:
            notes.unknown.append(f"[@{source}]")
            continue
        notes.sources.append(source)
        numbers += [notes.number(publication) for publication in notes.known_sources[source]]
    if notes.is_bare:
        return ""
    # Two ids may rest on the same publication, which is shown once.
    links = [_reference_link(number) for number in dict.fromkeys(numbers)]
    return f"<sup>{' '.join(links)}</sup>" if links else ""


def _render_term(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping
) -> str:
    notes: Notes = env["notes"]
    shown, key = tokens[index].meta["shown"], tokens[index].meta["key"]
    if key not in notes.known_terms:
        notes.unknown.append(f"[[{key}]]")
        return escape(shown)
    if notes.is_bare:
        return escape(shown)
    notes.terms.append(key)
    return f'<button type="button" class="term" popovertarget="term-{key}">{escape(shown)}</button>'


def _render_link(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping
) -> str:
    """A link to another step, `#key` in the file, is the address beside this one on the page."""
    target = str(tokens[index].attrs.get("href", ""))
    env["notes"].links.append(target)
    href = f"../{target[1:]}/" if target.startswith("#") else target
    return f'<a href="{escape(href)}">'


def control_character_in(text: str) -> str:
    """The first control character of a text, as `U+202E`; empty when it has none."""
    match = CONTROL.search(text)
    return f"U+{ord(match[0]):04X}" if match else ""


def faults_of(line: str) -> Iterator[str]:
    """What a line of a course file may not have: HTML of its own, and citations that are none."""
    plain_line = re.sub(r"`[^`]*`", "", line)
    if RAW_HTML.search(plain_line):
        yield "raw HTML is not allowed; write Markdown"
    for cited in re.findall(r"\[@[^\]]*\]?", plain_line):
        whole = CITE if cited.endswith("]") else CITE_BEGUN  # a citation may go on in the next line
        if not whole.fullmatch(cited):
            yield f"{cited[:30]} is no citation; write something like [@B1 @C2.4]"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.inline.ruler.before("link", "term", _term)
    parser.inline.ruler.before("link", "cite", _cite)
    parser.add_render_rule("cite", _render_cite)
    parser.add_render_rule("term", _render_term)
    parser.add_render_rule("link_open", _render_link)
    return parser


PARSER = _parser()


def _clean(html: str) -> str:
    """The HTML with the tags and attributes this module makes, and no others.

    A second line of defence: `html: False` has escaped what an author wrote already.
    """
    # Authors begin at `###` inside a step; on the page the step's title is the h1.
    html = html.replace("<h3>", "<h2>").replace("</h3>", "</h2>")
    html = html.replace("<table>", '<table class="nhsuk-table">')
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"https"},
        link_rel="noopener noreferrer",
    )


def render(text: str, notes: Notes, line: int = 1) -> str:
    """Markdown as safe HTML; what it cites, explains and may not have is added to `notes`.

    `line` is where the text begins in its file.
    """
    tokens = PARSER.parse(text, {})
    return _clean(_rendered(tokens, notes, line))


def _rendered(tokens: list[Token], notes: Notes, line: int) -> str:
    for token in tokens:
        # Not every token knows its lines; those without stand in the first.
        first_line, _ = token.map or (0, 0)
        for fault in _unsupported_syntax(token):
            notes.faults.append((line + first_line, fault))
    html = PARSER.renderer.render(tokens, PARSER.options, {"notes": notes})
    return str(html)


def _unsupported_syntax(token: Token) -> Iterator[str]:
    """Markdown that a course does not support: it would vanish, or break the order of headings."""
    if token.type == "heading_open" and token.tag != "h3":
        yield "heading jumps; inside a step write `###`"
    if token.type in {"fence", "code_block"}:
        yield "is set as code; take away the backticks, or the spaces before it"
    if token.type == "hr":
        yield "a rule across the page is not shown; take it out"
    if token.level > DEEPEST and token.nesting >= 0:
        yield "is nested too deep in lists and quotations; write it flatter"
    for child in token.children or ():
        if child.type == "image":
            yield "a picture cannot stand in a text; write a `::: figure` block"
        if character := control_character_in(child.content):
            # It was written as an entity: the file itself has none.
            yield f"has the control character {character}; take it out"


def render_inline(text: str, notes: Notes) -> str:
    """One line of Markdown without a paragraph around it (an option, a card, a label)."""
    tokens = PARSER.parseInline(text.strip(), {})
    return _clean(_rendered(tokens, notes, 1))


def paragraphs(html: str) -> list[str]:
    """The paragraphs and list entries of rendered HTML as plain text; no headings, no tables."""
    html = re.sub(r"<(h2|table)\b.*?</\1>", "\n", html, flags=re.S)
    broken = re.sub(r"</?(?:p|li|ul|ol|blockquote|br)\b[^>]*>", "\n", html.replace("\n", " "))
    lines = [unescape(plain(part)) for part in broken.split("\n")]
    # Where a citation stood before a full stop, it left its space.
    return [re.sub(r"\s+(?=[.,;:!?])", "", line) for line in lines if line]


@lru_cache(4096)
def plain(html: str) -> str:
    """The words of rendered HTML, for counting, comparing and plain contexts."""
    without_citations = re.sub(r"<sup>.*?</sup>", "", html)
    text = nh3.clean(without_citations, tags=set())
    return re.sub(r"\s+", " ", text).strip()


def plain_text(html: str) -> str:
    """The words of rendered HTML as text that is no HTML: an ampersand is an ampersand."""
    return unescape(plain(html))


def count_words(html: str) -> int:
    """How many words a rendered text has, headings and tables with it."""
    return len(plain(html).split())
