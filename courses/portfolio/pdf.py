"""A reflective account as a document: what a learner wrote, under the questions of the regulator.

A rule: what was chosen in, PDF or plain text out. It holds the learner's own words and the facts of
their learning, and never a word in their name: where they wrote nothing there are lines to write
on. The questions are those of the NMC's form (fact E4), which the account is to be copied into.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from courses.typesetting.compiler import TYPESETTER
from courses.typesetting.glyph_coverage import (
    WIDE_FONT,
    PrintableText,
    coverage,
    printable_text,
)
from courses.web import dates

TEMPLATE = Path(__file__).parent / "account.typ"
TITLE = "Reflective account"
WARNING = (
    "Before you share this, take out anything that could identify a baby, a family or a colleague."
)
FORM = (
    "The NMC asks for its own form. This page follows its four questions, so that you can copy "
    "your words into it."
)
NATURE = (
    "What was the nature of the CPD activity and/or practice-related feedback and/or event or "
    "experience in your practice?"
)
LEARNT = "What did you learn from it?"
CHANGED = "How did you change or improve your practice as a result?"
CODE = "How is this relevant to the Code?"
THEMES = (
    "Prioritise people",
    "Practise effectively",
    "Preserve safety",
    "Promote professionalism and trust",
)
RULE = "_" * 60  # a line to write on, in plain text
RULES = 4


@dataclass(frozen=True)
class Passage:
    """Something the learner wrote. `about` says what was asked and when; empty for nothing."""

    about: str
    text: str


@dataclass(frozen=True)
class AccountFacts:
    """What goes into one account.

    `nature` are sentences about the learning itself, from the record. `made_on` is the London day
    it is made, `site_name` who made it.
    """

    nature: tuple[str, ...]
    learnt: tuple[Passage, ...]
    changed: tuple[Passage, ...]
    made_on: date
    site_name: str

    @property
    def sections(self) -> list[tuple[str, list[Passage]]]:
        """The questions with what answers them, nothing where the learner wrote nothing."""
        nature = [Passage("", sentence) for sentence in self.nature]
        return [
            (NATURE, nature),
            (LEARNT, list(self.learnt)),
            (CHANGED, list(self.changed)),
            (CODE, []),
        ]


def account_text(facts: AccountFacts) -> str:
    """The account as plain text, to copy from."""
    lines = [TITLE, "", WARNING, FORM, ""]
    for question, passages in facts.sections:
        lines += [question, ""]
        for passage in passages:
            if passage.about:
                lines.append(passage.about)
            lines += [passage.text, ""]
        if question == CODE:
            lines += [f"[ ] {theme}" for theme in THEMES]
            lines.append("")
        if not passages:
            lines += [RULE] * RULES
            lines.append("")
    lines.append(f"{facts.site_name}, {dates.day(facts.made_on)}")
    return "\n".join(lines) + "\n"


def account_pdf(facts: AccountFacts) -> bytes:
    """The account as PDF/UA-1 and PDF/A-2a on A4, as many pages as it needs.

    Letters that none of our fonts has are printed as □.

    Raises:
        RuntimeError: this process was forked from one that had made a PDF already: see
            `typesetting.compiler`.
    """
    return TYPESETTER.pdf_of_any_text(TEMPLATE, partial(_page, facts))


def _page(facts: AccountFacts, covered: frozenset[int]) -> dict[str, object]:
    """Everything `account.typ` prints, as JSON values; keep its keys in step with that file."""
    say = partial(printable_text, covered=covered)
    sections = []
    for question, passages in facts.sections:
        printed = [_passage(passage, covered) for passage in passages]
        themes = list(THEMES) if question == CODE else []
        sections.append({"question": question, "passages": printed, "themes": themes})
    day = facts.made_on
    return {
        "title": TITLE,
        "warning": WARNING,
        "form": FORM,
        "sections": sections,
        "issuer": say(facts.site_name),
        "made_on": dates.day(day),
        "made": {"year": day.year, "month": day.month, "day": day.day},
        "fonts": list(coverage()),
        "wide_fonts": [WIDE_FONT, *coverage()],
    }


def _passage(passage: Passage, covered: frozenset[int]) -> dict[str, object]:
    paragraphs: list[PrintableText] = []
    for line in passage.text.split("\n"):
        if line.strip():
            paragraphs.append(printable_text(line, covered))
    return {"about": printable_text(passage.about, covered), "paragraphs": paragraphs}
