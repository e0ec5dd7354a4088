"""Items as GIFT, the plain-text format of Moodle.

What GIFT has no place for stands in comment lines: tags, which Moodle keeps, and the whole item,
which it drops.
"""

import re
from collections.abc import Iterator, Sequence

from courses.assessment.items import KINDS
from courses.assessment.items.neutral import Item, Option, Shape
from courses.exchange.metadata import to_json, to_tags
from courses.exchange.refusals import Location, Unwritable

NOTICE = "// notice: "


def write(items: Sequence[Item]) -> bytes:
    """The items as one file, in categories by lesson; raises Unwritable."""
    blocks: list[str] = []
    lesson = None
    for item in items:
        # Moodle puts every question into the last category before it.
        if item.lesson != lesson:
            blocks.append(f"$CATEGORY: $course$/top/{item.lesson}")
            lesson = item.lesson
        blocks.append(questions(item))
    return ("\n\n".join(blocks) + "\n").encode()


def questions(item: Item) -> str:
    """An item as one question; a case as one a part, each with the story before its prompt.

    Raises:
        Unwritable: readers of GIFT would take the item for something else.
    """
    _check(item)
    notice = f"{NOTICE}{to_json(item)}\n"
    if KINDS[item.kind].exchange_shape is not Shape.PARTS:
        return _question(item, item.key, notice, item.stem, _answers(item))
    written = []
    for number, part in enumerate(item.parts, 1):
        stem = f"{item.stem}\n\n{part.prompt}"
        answers = _options(part.options, part.kind)
        written.append(_question(item, f"{item.key}-part-{number}", notice, stem, answers))
        # Once is enough: the item is known by the first of its questions.
        notice = ""
    return "\n\n".join(written)


def _check(item: Item) -> None:
    place = Location("export", item=item.key)
    if KINDS[item.kind].exchange_shape is Shape.ORDER:
        what = "is an order, which readers of GIFT take for short answers; export it as QTI"
        raise Unwritable(place, what)
    if len({group.text for group in item.groups}) < len(item.groups):
        raise Unwritable(place, "has two places of one name, which GIFT takes for one; rename one")


def _question(item: Item, name: str, notice: str, stem: str, answers: Iterator[str]) -> str:
    tags = " ".join(f"[tag:{tag}]" for tag in to_tags(item))
    lines = "\n".join(answers)
    return f"// [id:{name}] {tags}\n{notice}::{name}::[markdown]{_escape(stem)}{{\n{lines}\n}}"


def _answers(item: Item) -> Iterator[str]:
    if KINDS[item.kind].exchange_shape is not Shape.PLACES:
        yield from _options(item.options, item.kind)
        return
    texts = {group.key: group.text for group in item.groups}
    for card in item.cards:
        # The left side ends at the first arrow; `-\>` shows an arrow in Markdown too.
        left = _as_text(card.text).replace("->", "-\\>")
        yield f"\t={left} -> {_escape(texts[card.group])}"
    used = {card.group for card in item.cards}
    for group in item.groups:
        if group.key not in used:
            yield f"\t= -> {_escape(group.text)}"


def _options(options: Sequence[Option], kind: str) -> Iterator[str]:
    is_multiple = KINDS[kind].exchange_shape is Shape.MANY_OPTIONS
    right = sum(option.is_correct for option in options)
    for option in options:
        sign = "=" if option.is_correct else "~"
        if is_multiple:
            share = 100 / right if option.is_correct else -100 / (len(options) - right)
            # Moodle knows its own percentages: 33.33333, and 50.
            sign = f"~%{f'{share:.5f}'.rstrip('0').rstrip('.')}%"
        feedback = f"#{_as_text(option.feedback)}" if option.feedback else ""
        yield f"\t{sign}{_as_text(option.text)}{feedback}"


def _as_text(text: str) -> str:
    """A text that begins like a weight or a format has the name of its own format before it."""
    prefix = "[markdown]" if re.match(r"\s*[%\[]", text) else ""
    return prefix + _escape(text)


def _escape(text: str) -> str:
    """The text on one line, so that no letter of it is a sign."""
    escaped = re.sub(r"[\\~=#{}:]", r"\\\g<0>", text)
    return escaped.replace("\n", "\\n")
