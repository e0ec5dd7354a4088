"""Filters that every template has without loading them: what a text rests on."""

import re
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from django import template
from django.utils.safestring import SafeString, mark_safe

from courses.library.citations import without_marks
from courses.library.content import Course, Publication

register = template.Library()
PARAGRAPH_ENDS = re.compile(r"</p>\s*<p>")
PARAGRAPH = re.compile(r"</?p>")
ENDED = re.compile(r"[.?!…][”’)]?(</\w+>)*$")


class CitedPublication(NamedTuple):
    """A publication, and the id of the first cited source that rests on it."""

    publication: Publication
    source: str


@register.filter
def publications_in(keys: Iterable[str], course: Course) -> list[CitedPublication]:
    """`{% for cited in sources|publications_in:course %}`: each once, in the order of the ids.

    An id that the edition does not have is left out.
    """
    cited: dict[str, CitedPublication] = {}
    for key in keys:
        source = course.sources.get(key)
        for name in source.publications if source else ():
            cited.setdefault(name, CitedPublication(course.publications[name], key))
    return list(cited.values())


class Cites(Protocol):
    """What names its sources by id: a line of feedback, or what there is to see in a scene."""

    @property
    def sources(self) -> tuple[str, ...]: ...


@register.filter
def sources_of(lines: Iterable[Cites], seen: Cites | None = None) -> list[str]:
    """`{{ part.lines|sources_of:part.seen }}`: the ids that feedback cites, each once, in order."""
    keys: list[str] = []
    for cites in (*lines, seen):
        if cites:
            keys += cites.sources
    return list(dict.fromkeys(keys))


@register.filter
def unmarked(html: str) -> SafeString:
    """`{{ entry.html|unmarked }}`: an author's text without the marks of its citations."""
    return mark_safe(without_marks(html))


@register.filter
def phrasing(html: str) -> SafeString:
    """`{{ item.stem|phrasing }}`: paragraphs as lines; a label or legend may hold none."""
    inside = PARAGRAPH_ENDS.sub("<br>", html.strip())
    return mark_safe(PARAGRAPH.sub("", inside))


@register.filter
def sentence(html: str) -> SafeString:
    """`{{ line.placed|sentence }}`: an author's text with a full stop, unless it ends with one."""
    text = html.strip()
    stop = "" if ENDED.search(text) else "."
    return mark_safe(text + stop)
