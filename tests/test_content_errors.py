"""What authors get wrong, one fault at a time, in a copy of the tiny course: each is told with its file, line and advice."""

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.assessment.items import KINDS
from courses.library.files import read_courses
from courses.library.problems import Problem
from courses.practice.figure import Pose
from tests.conftest import SHIPPED, TINY

COURSE, REFERENCES, GLOSSARY = "tiny/course.yaml", "references.yaml", "glossary.yaml"
LESSON, LAST = "tiny/lessons/01-first-things.md", "tiny/lessons/02-last-things.md"
ITEMS, SAFETY = "tiny/items/first-things.yaml", "tiny/items/last-things.yaml"
SCENE, PICTURE = "tiny/scenes/first.yaml", "tiny/images/dot.svg"


@dataclass(frozen=True)
class Fault:
    """One mistake: `old` becomes `new` in `file`; the problem is told of `told` (else of `file`).

    `at` is in the line the problem must name, give or take one; empty where the format cannot know it. `said` is in
    what the problem says.
    """

    name: str
    file: str
    old: str
    new: str
    said: str
    at: str = ""
    told: str = ""

    def make(self, root: Path) -> None:
        path = root / self.file
        text = path.read_text(encoding="utf-8")
        assert self.old in text, f"{self.name}: the tiny course has changed"
        path.write_text(text.replace(self.old, self.new, 1), encoding="utf-8")

    def is_told(self, problems: list[Problem], root: Path) -> bool:
        """Whether one of the problems is of this file, near this line, and says this."""
        file = self.told or self.file
        lines = (root / file).read_text(encoding="utf-8").split("\n") if self.at else []
        near = [number for number, line in enumerate(lines, 1) if self.at in line] if self.at else []
        assert bool(near) == bool(self.at), f"{self.name}: {self.at!r} is not in {file}"
        return any(
            problem.path == file
            and self.said in f"{problem.where}: {problem.what}"
            and (not near or min(abs(problem.line - line) for line in near) <= 1)
            for problem in problems
        )


def course(name: str, old: str, new: str, said: str, at: str = "", told: str = "") -> Fault:
    return Fault(f"course: {name}", COURSE, old, new, said, at, told)


def lesson(name: str, old: str, new: str, said: str, at: str = "", told: str = "") -> Fault:
    return Fault(f"lesson: {name}", LESSON, old, new, said, at, told)


def last(name: str, old: str, new: str, said: str, at: str = "", told: str = "") -> Fault:
    return Fault(f"lesson: {name}", LAST, old, new, said, at, told)


def items(name: str, old: str, new: str, said: str, at: str = "", told: str = "") -> Fault:
    return Fault(f"items: {name}", ITEMS, old, new, said, at, told)


def scene(name: str, old: str, new: str, said: str, at: str = "", told: str = "") -> Fault:
    return Fault(f"scene: {name}", SCENE, old, new, said, at, told)


def picture(name: str, old: str, new: str, said: str) -> Fault:
    return Fault(f"picture: {name}", PICTURE, old, new, said)


def shelf(name: str, old: str, new: str, said: str, at: str = "") -> Fault:
    return Fault(f"references: {name}", REFERENCES, old, new, said, at)


FORM = re.compile(r"[a-z0-9/.-]+:[1-9]\d*: [^\n]+?: [^\n]+; [^\n]+")
CIRCLE = '<circle cx="5" cy="5" r="4" fill="#5b2a6e"/>'
CHECK = "::: check which-grows\nkind: single"
STONE = "  - text: A stone\n    feedback: CANARY-CHECK-WRONG It does not.\n    sources: [A1]\n"
EXTRA_CHECK = (
    "::: check one-more\nkind: multiple\nprompt: Which?\noptions:\n  - text: One\n    correct: true\n    feedback: Yes.\n"
    "  - text: Two\n    correct: true\n    feedback: Yes.\n:::\n\n::: check which-grows"
)
BOMB = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><svg '

FAULTS = [
    course("a field is missing", "title: Tiny things\n", "", "title: is missing; write it", "key: tiny"),
    course("a field is misspelt", "title: Tiny", "titel: Tiny", "is not a known field; write 'title'", "titel:"),
    course(
        "a field is unknown", "cover: dot", "price: 7\ncover: dot", "is not a known field; use key, title", "price:"
    ),
    course("a number for words", "title: Tiny things", "title: 7", "valid string", "title: 7"),
    course("words for a list", "[first-things, last-things]", "first-things", "valid list", "lessons:"),
    course("an empty text", "title: Tiny things", 'title: ""', "title: is empty; write its text", 'title: ""'),
    course("an empty list", "afterwards:\n  - Name a small thing", "afterwards: []", "at least 1 item", "afterwards:"),
    course("a bad key", "key: tiny", "key: Tiny_Course", "write something like 'lower-case-words'", "key: Tiny_Course"),
    course("a key too long", "key: tiny", f"key: {'long-' * 13}end", "at most 60 characters", "key: long-"),
    course("a key that is not the folder", "key: tiny", "key: small", "write 'tiny'", "key: small"),
    course(
        "a field twice",
        "title: Tiny things",
        "title: Tiny\ntitle: Things",
        "has the field 'title' twice; keep one",
        "title: Things",
    ),
    course("a tab", "title: Tiny", "\ttitle: Tiny", "check indents, colons and quotes", "title: Tiny"),
    course("an unclosed quote", "title: Tiny", 'title: "Tiny', "check indents, colons and quotes"),
    course("a pass mark of nothing", "pass_mark: 0.8", "pass_mark: 0", "greater than or equal to 0.01", "pass_mark:"),
    course("a pass mark above all", "pass_mark: 0.8", "pass_mark: 1.5", "less than or equal to 1", "pass_mark:"),
    course("a pass mark between two percents", "0.8", "0.625", "multiple of 0.01; got '0.625'", "pass_mark:"),
    course("a pass mark in percent", "pass_mark: 0.8", 'pass_mark: "80%"', "valid number; got '80%'", "pass_mark:"),
    course("a pass mark that is no number", "pass_mark: 0.8", "pass_mark: .nan", "got 'nan'", "pass_mark:"),
    course("a draw of nothing", "draw: 3", "draw: 0", "greater than or equal to 1", "draw: 0"),
    course("a draw larger than the pool", "draw: 3", "draw: 7", "draws 7 of 6 items; write more items", "- key: final"),
    course("a pool too small", "draw: 3", "draw: 4", "has a pool of 6 for a draw of 4", "- key: final"),
    course("no attempts", "attempts: 2", "attempts: 0", "greater than or equal to 1", "attempts: 0"),
    course("a kind of quiz", "kind: final", "kind: exam", "write 'pretest', 'final' or 'review'", "kind: exam"),
    course(
        "two quizzes of a key",
        "quizzes:\n",
        "quizzes:\n  - {key: final, title: Q, kind: final, draw: 3, pass_mark: 0.8, attempts: 1, minutes: 1}\n",
        "is the key of 2 quizzes; keys are used once",
        "quizzes:",
    ),
    course(
        "a lesson listed, not written", "last-things]", "last-things, more]", "no lesson has the key 'more'", "lessons:"
    ),
    course("a lesson not listed", ", last-things]", "]", "lesson 'last-things' is not in the list; add it", "lessons:"),
    course("a lesson listed twice", "last-things]", "last-things, first-things]", "first-things", "lessons:"),
    course(
        "a picture missing", "cover: dot.svg", "cover: gone.svg", "picture 'gone.svg' is not in images/", "cover: gone"
    ),
    course(
        "a picture outside", "cover: dot.svg", "cover: ../dot.svg", "write something like 'a-picture.svg'", "cover: .."
    ),
    Fault("course: nothing but a comment", COURSE, (TINY / COURSE).read_text(), "# later\n", "", told=COURSE),
    Fault("course: a list", COURSE, (TINY / COURSE).read_text(), "- key: tiny\n", "is not a mapping of fields"),
    lesson("no front matter", "---\nkey:", "key:", "is missing; begin the file with `---`", "key: first-things"),
    lesson("front matter never ends", "sources_only: []\n---\n", "sources_only: []\n", "begin the file with `---`"),
    lesson("empty front matter", "---\nkey:", "---\n---\nkey:", "is not a mapping of fields", "---"),
    lesson("a field is missing", "version: 1\n", "", "version: is missing; write it", "key: first-things"),
    lesson("a field is misspelt", "minutes: 5", "minuets: 5", "write 'minutes'", "minuets:"),
    lesson("a version of nothing", "version: 1", "version: 0", "greater than or equal to 1", "version: 0"),
    lesson("minutes in words", "minutes: 5", "minutes: five", "valid integer; got 'five'", "minutes: five"),
    lesson("an unclosed quote in front", "title: First", "title: 'First", "check indents, colons and quotes"),
    lesson(
        "a key that is not the file's", "key: first-things", "key: first", "name the file NN-first.md", "key: first"
    ),
    lesson(
        "a picture missing", "image: dot.svg", "image: gone.svg", "picture 'gone.svg' is not in images/", "image: gone"
    ),
    lesson("no outcomes", "outcomes:\n", "outcomes: []\nothers:\n", "at least 1 item", "outcomes: []"),
    lesson("a bad key of an outcome", "key: sorts-things", "key: Sorts Things", "lower-case-words", "Sorts Things"),
    lesson(
        "an unknown source apart", "sources_only: []", "sources_only: [H9]", "source 'H9' is not in", "sources_only:"
    ),
    lesson("a bad source id apart", "sources_only: []", "sources_only: [Z9]", "'B1' or 'C2.4'", "sources_only:"),
    lesson("text before the first step", "## Opening {#", "Hello.\n\n## Opening {#", "begin with `## Title", "Hello."),
    lesson("a step without a key", "## Opening {#opening}", "## Opening", "write `## Title {#key}`", "## Opening"),
    lesson("a bad key of a step", "{#opening}", "{#The Opening}", "small letters, digits and hyphens", "## Opening"),
    lesson("two steps of a key", "{#writing}", "{#opening}", "give one another key", "## Writing {#opening}"),
    lesson(
        "two activities of a key", "::: match pairs", "::: match put-in-place", "another key", "::: match put-in-place"
    ),
    lesson("a step with a page's name", "{#placing}", "{#done}", "done", "{#done}"),
    lesson("an empty step", "## Placing {#", "## Nothing {#nothing}\n\n## Placing {#", "is empty; write", "## Nothing"),
    lesson("a heading too large", "Small things grow", "# Large\n\nSmall things grow", "write `###`", "# Large"),
    lesson("a heading too small", "Small things grow", "#### Fine\n\nSmall things grow", "write `###`", "#### Fine"),
    lesson("HTML", "Small things grow", "<b>Small</b> things grow", "raw HTML is not allowed", "<b>Small"),
    lesson(
        "a script", "Small things grow", "<script>alert(1)</script>\n\nSmall", "raw HTML is not allowed", "<script>"
    ),
    lesson("HTML in a reveal", "Small.\n", "<b>Small.</b>\n", "raw HTML", "<b>Small."),
    lesson("HTML in an option", "text: A stone", "text: A <b>stone</b>", "raw HTML"),
    lesson(
        "an unknown source", "[@B1 @A1]", "[@B1 @H9]", "[@H9] is not in references.yaml; add it there", "## Opening"
    ),
    lesson("a source id that is none", "[@B1 @A1]", "[@b1]", "[@b1]"),
    lesson("an unknown term", "[[smallness]]", "[[bigness]]", "[[bigness]] is not in glossary.yaml", "## Opening"),
    lesson(
        "a kind of block",
        "::: reflect one-thing",
        "::: relfect one-thing",
        "is no kind of block; write",
        "relfect",
    ),
    lesson("a block in capitals", "::: reflect one-thing", "::: Reflect one-thing", "Reflect", "::: Reflect"),
    lesson("an indented block", "::: reflect one-thing", "  ::: reflect one-thing", ":::", "::: reflect one-thing"),
    lesson("a block without a key", "::: reflect one-thing", "::: reflect", "write `::: reflect a-key`", "::: reflect"),
    lesson("a bad key of a block", "::: reflect one-thing", "::: reflect One Thing", "has no key", "::: reflect One"),
    lesson(
        "a block never closed", "caption: A dot again.\n:::\n", "caption: A dot.\n", "is never closed", "::: figure"
    ),
    lesson(
        "a check never closed",
        "It does not.\n    sources: [A1]\n:::\n",
        "It does not.\n    sources: [A1]\n",
        "is never closed",
        CHECK[:21],
    ),
    lesson("a note never closed", "Follow it.\n:::\n", "Follow it.\n", "is never closed", "::: note"),
    lesson(
        "a note never closed before a check",
        "::: check which-grows",
        "::: note Mind\nMind it.\n\n::: check which-grows",
        "is never closed",
        "::: note Mind",
    ),
    lesson("a close too many", "::: check which-grows", ":::\n\n::: check which-grows", ":::"),
    lesson(
        "a reveal without a title", "::: reveal After all", "::: reveal", "write `::: reveal A title`", "::: reveal"
    ),
    lesson("an empty block", "prompt: What small thing did you notice?\n", "", "field: value", "::: reflect one-thing"),
    lesson("a check of a kind", CHECK, CHECK[:-6] + "sort", "write 'single' or 'multiple'", "kind: sort"),
    lesson(
        "no right option", "    correct: true\n    feedback: CANARY-CHECK-RIGHT", "    feedback: Hm", "has no correct"
    ),
    lesson(
        "two right in a single",
        "  - text: A stone\n",
        "  - text: A stone\n    correct: true\n",
        "has 2 correct options",
    ),
    lesson("all right", "::: check which-grows", EXTRA_CHECK, "has only correct options", "::: check one-more"),
    lesson(
        "an option twice", "text: A stone", "text: A small thing", "has the same option twice", "::: check which-grows"
    ),
    lesson("one option", STONE, "", "at least 2 items", "options:"),
    lesson(
        "no feedback", "    feedback: CANARY-CHECK-WRONG It does not.\n", "", "feedback: is missing", "text: A stone"
    ),
    lesson("right in words", "    correct: true", "    correct: yes indeed", "valid boolean", "correct: yes indeed"),
    lesson(
        "an unknown source of an option", "sources: [B1]", "sources: [H9]", "source 'H9' is not in", "::: check which"
    ),
    lesson("a bad source id of an option", "sources: [B1]", "sources: [b1]", "'B1' or 'C2.4'", "sources: [b1]"),
    lesson("an unknown group", "    group: small", "    group: tiny", "use small, large", "::: sort put-in-place"),
    lesson(
        "a card twice", "text: Whale\n", "text: Seed\n", "has the same card twice; change one", "::: sort put-in-place"
    ),
    lesson("a bad key of a group", "  small: Small", "  Very Small: Small", "lower-case-words", "Very Small:"),
    lesson("one group", "  large: Large\n", "", "at least 2 items", "groups:"),
    lesson("a pair twice", "  - left: Cup", "  - left: Key", "has the same card twice; change one", "::: match pairs"),
    lesson("no right side", "    right: Lock\n", "", "right: is missing; write it", "left: Key"),
    lesson(
        "no criteria", "criteria:\n  - CANARY-CRITERION It says some", "criteria: []", "at least 1 item", "criteria: []"
    ),
    lesson(
        "an unknown source of a rewrite",
        "  - CANARY-CRITERION It says some\nsources: [A1]",
        "  - It says some\nsources: [H9]",
        "source 'H9' is not in references.yaml",
        "::: rewrite own-words",
    ),
    lesson(
        "an unknown source in a model", "model: CANARY-MODEL", "model: Grown [@H9]", "[@H9]", "::: rewrite own-words"
    ),
    lesson(
        "an unknown term in a model", "model: CANARY-MODEL", "model: Grown [[bigness]]", "[[bigness]]", "::: rewrite"
    ),
    lesson(
        "an unknown term in a group", "  small: Small", '  small: "[[bigness]]"', "[[bigness]]", "::: sort put-in-place"
    ),
    lesson("an unknown term in a match", "right: Lock", 'right: "[[bigness]]"', "[[bigness]]", "::: match pairs"),
    lesson("an unknown term in a point", "  - Look\n", '  - "[[bigness]]"\n', "[[bigness]]", "::: checklist tomorrow"),
    lesson(
        "an unknown term in feedback", "CANARY-CHECK-WRONG", '"[[bigness]]" #', "[[bigness]]", "::: check which-grows"
    ),
    lesson("no points", "points:\n  - Look\n  - Wait", "points: []", "at least 1 item", "points: []"),
    lesson("an empty prompt", "prompt: Tomorrow", 'prompt: ""', "is empty; write its text", 'prompt: ""'),
    lesson(
        "a figure missing", "::: figure dot.svg", "::: figure gone.svg", "picture 'gone.svg'", "::: figure gone.svg"
    ),
    lesson("a figure without words", "alt: Another dot.\n", "", "alt: is missing; write it", "caption:"),
    lesson(
        "YAML in a block", "prompt: Which grows?", "prompt: Which: grows?", "check indents", "prompt: Which: grows?"
    ),
    Fault(
        "lesson: no step",
        LAST,
        (TINY / LAST).read_text().split("---\n")[2],
        "",
        "has no step; begin one with `## Title",
    ),
    lesson(
        "an outcome that no item tests",
        "  - key: sorts-things",
        "  - key: weighs-things\n    text: Weigh small things\n  - key: sorts-things",
        "weighs-things",
        "key: weighs-things",
    ),
    lesson("a link that leads nowhere", "Small things grow", "[Small](../nowhere/) things grow", "nowhere"),
    last(
        "an order too short",
        "  - text: Shoot\n    feedback: CANARY-ORDER-TWO Then a shoot.\n",
        "",
        "at least 3 items",
        "turns:",
    ),
    last("a turn twice", "text: Shoot", "text: Seed", "has the same card twice; change one", "::: order in-turn"),
    last(
        "a turn without feedback",
        "    feedback: CANARY-ORDER-ONE First a seed.\n",
        "",
        "feedback: is missing",
        "text: Seed",
    ),
    last("a spot of no scene", "scene: first", "scene: second", "asks for scene 'second', which is not in", "::: spot"),
    last(
        "a spot with no right option",
        "    correct: true\n    feedback: CANARY-SPOT",
        "    feedback: A",
        "no correct",
        "::: spot",
    ),
    last(
        "a choice that leads nowhere",
        "to: wave",
        "to: wait",
        "leads to 'wait', which is no moment; name one",
        "::: branch",
    ),
    last("a circle", "to: near", "to: opening", "goes round in a circle; let every choice lead", "::: branch a-talk"),
    last(
        "a moment never reached", "to: startled", "to: gone", "moment 'startled' is never reached", "::: branch a-talk"
    ),
    last(
        "too few endings",
        "    ending: Startled\n",
        "    choices: [{text: On, to: gone, feedback: F.}]\n",
        "three endings",
        "::: branch",
    ),
    last(
        "a moment without an end",
        "    ending: Gone\n",
        "",
        "needs either choices or an ending; write one",
        "::: branch",
    ),
    last("a choice twice", "text: Leave\n", "text: Wave\n", "twice", "::: branch a-talk"),
    last(
        "a choice without feedback",
        "        feedback: CANARY-BRANCH-ONE They wave back.\n",
        "",
        "feedback: is missing",
        "Wave",
    ),
    last(
        "an unknown source of a choice",
        "        to: wave\n",
        "        to: wave\n        sources: [H9]\n",
        "source 'H9'",
        "::: br",
    ),
    last(
        "an unknown term of a moment",
        "text: They come nearer.",
        'text: "[[bigness]]"',
        "[[bigness]]",
        "::: branch a-talk",
    ),
    items(
        "a field is misspelt",
        "    stem: Which of these grows in a g",
        "    stam: Which of these grows in a g",
        "'stem'",
        "stam:",
    ),
    items("a field of an option is misspelt", "feedback: CANARY-GROWS-A-RIGHT", "feedbak: X", "'feedback'", "feedbak:"),
    items(
        "a lesson that is none", "lesson: first-things", "lesson: gone", "'gone', which does not exist", "lesson: gone"
    ),
    items("a quiz that is none", "use: [final]", "use: [finale]", "is for quiz 'finale', which", "- key: grows-a"),
    items(
        "an outcome that is none",
        "outcome: names-a-thing",
        "outcome: names-it",
        "outcome 'names-it', which",
        "- key: grows-a",
    ),
    items(
        "two items of a key",
        "key: grows-b",
        "key: grows-a",
        "is the key of 2 items; keys are used once",
        "- key: grows-a",
    ),
    items(
        "a difficulty", "difficulty: easy", "difficulty: trivial", "'easy', 'medium' or 'hard'", "difficulty: trivial"
    ),
    items("no use", "use: [final]", "use: []", "at least 1 item", "use: []"),
    items(
        "a kind that is not for items", "kind: multiple", "kind: essay", "'single', 'multiple', 'sort'", "kind: essay"
    ),
    items(
        "no right option",
        "        correct: true\n        feedback: CANARY-GROWS-A",
        "        feedback: A",
        "no correct",
        "grows-a",
    ),
    items(
        "all but one right",
        "- text: A garden gnome",
        "- correct: true\n        text: A gnome",
        "has 2 correct",
        "- key: grows-a",
    ),
    items(
        "an option twice",
        "text: A garden gnome",
        "text: A metal bench",
        "same option twice; change one",
        "- key: grows-a",
    ),
    items(
        "an unknown source", "sources: [B1]", "sources: [H9]", "source 'H9' is not in references.yaml", "- key: grows-a"
    ),
    items(
        "an unknown source in the stem",
        "stem: Which of these grows",
        "stem: Which [@H9] of these grows",
        "[@H9]",
        "grows-a",
    ),
    items("not a list", "items:\n  - key: grows-a", "items: 7\nrest:\n  - key: grows-a", "valid list", "items: 7"),
    Fault("items: empty", ITEMS, (TINY / ITEMS).read_text(), "", "", told=ITEMS),
    Fault(
        "items: empty list", SAFETY, (TINY / SAFETY).read_text(), "lesson: last-things\nitems: []\n", "at least 1 item"
    ),
    scene(
        "a field is missing",
        "description: A baby lies on a mat.\n",
        "",
        "description: is missing; write it",
        "key: first",
    ),
    scene("an age too high", "age_months: 4", "age_months: 40", "less than or equal to 36", "age_months: 40"),
    scene("a field of a pose", "pose: {}", "pose: {gase: left}", "unknown field (did you mean gaze?)", "pose:"),
    scene("a word of a pose", "pose: {}", "pose: {mouth: grinning}", "'grinning' is not allowed", "pose:"),
    scene("a number of a pose", "pose: {}", "pose: {head: {turn: 7}}", "a number from -1 to 1", "pose:"),
    scene("no mapping for a pose", "pose: {}", "pose: left", "valid dictionary", "pose:"),
    scene("a key that is not the file's", "key: first", "key: second", "second", "key: second"),
    scene("no right option", "    correct: true\n", "", "has no correct option", "options:"),
    scene("an unknown source", "sources: [A1]", "sources: [H9]", "source 'H9' is not in references.yaml", "options:"),
    scene("an unknown source in the prompt", "prompt: What do you see?", 'prompt: "See [@H9]?"', "[@H9]"),
    scene("an unknown family", "family: fine", "family: odd", "'odd' is not allowed; write 'states'", "family:"),
    scene("no cue", "cues: [CANARY-KEY-CUE A baby]", "cues: []", "at least 1 item", "cues:"),
    scene("a certain meaning", "MEAN It may mean", "MEAN It means", "claims to know; write what it", "may_mean:"),
    scene("a step that is no rung", "step: R0", "step: R5", "'R5' is not allowed", "next:"),
    scene(
        "an unknown source of the key",
        "hello.}\nsources: [A1]",
        "hello.}\nsources: [H9]",
        "source 'H9'",
        "sources: [H9]",
    ),
    Fault("scene: empty", SCENE, (TINY / SCENE).read_text(), "", "", told=SCENE),
    picture("a script", CIRCLE, "<script>alert(1)</script>", "<script> is not allowed in a picture; take it out"),
    picture("a style element", CIRCLE, "<style>*{}</style>", "<style> is not allowed in a picture"),
    picture("a foreign object", CIRCLE, "<foreignObject/>", "<foreignObject> is not allowed in a picture"),
    picture("a link", CIRCLE, f'<a href="#x">{CIRCLE}</a>', "<a> is not allowed in a picture"),
    picture("an image", CIRCLE, '<image href="#x"/>', "<image> is not allowed in a picture"),
    picture("a style", 'fill="#5b2a6e"', 'style="fill:red"', "the attribute style is not allowed"),
    picture("an onload", "<svg ", '<svg onload="alert(1)" ', "the attribute onload is not allowed"),
    picture("an onclick in capitals", "<circle ", '<circle onClick="x()" ', "the attribute onClick is not allowed"),
    picture("a far reference", CIRCLE, '<use href="https://example.org/x#y"/>', "href='https://example.org"),
    picture("a reference of a script", CIRCLE, '<use href="javascript:alert(1)"/>', "href='javascript:alert(1)'"),
    picture("a far fill", 'fill="#5b2a6e"', 'fill="url(https://example.org/x)"', "fill='url(https://"),
    picture("an old link", CIRCLE, '<use xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"/>', "is not allowed"),
    picture("a bomb", "<svg ", BOMB, "has a DOCTYPE; write a plain small SVG"),
    picture("an entity from a file", "<svg ", '<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg ', "has a DOCTYPE"),
    picture("no SVG", "<svg ", "Hello <svg ", "is not an SVG picture; export it again"),
    picture("HTML", "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "not allowed in a picture"),
    picture("no viewBox", 'viewBox="0 0 10 10"', 'width="10"', "a root that is not <svg viewBox>"),
    picture("too large", CIRCLE, CIRCLE * 1000, "is larger than 40 kB"),
    picture("too deep", CIRCLE, "<g>" * 5000 + "</g>" * 5000, "tiny/images/dot.svg"[12:]),
    shelf(
        "a publication that is none",
        "[tiny-2020]",
        "[gone-2020]",
        "publication 'gone-2020' is not listed; add it",
        "A1:",
    ),
    shelf("a source without a publication", "[tiny-2020]", "[]", "at least 1 item", "publications: []"),
    shelf("a bad source id", "  A1:", "  Z1:", "write something like 'B1' or 'C2.4'", "Z1:"),
    shelf("a status", "status: read", "status: seen", "'read' or 'known'", "status: seen"),
    shelf("a day in words", "check_by: 2027-05-23", "check_by: soon", "valid date", "check_by: soon"),
    shelf("a day that is none", "check_by: 2027-05-23", "check_by: 2027-13-45", ""),
    shelf("no words for a source", "    says: Small things grow.\n", "", "says: is missing; write it", "B1:"),
    Fault("references: empty", REFERENCES, (TINY / REFERENCES).read_text(), "", "", told=REFERENCES),
    Fault("glossary: no meaning", GLOSSARY, "  means: Being small.", "", "means: is missing; write it", "smallness:"),
    Fault(
        "glossary: a bad key", GLOSSARY, "smallness:\n", "Small Ness: {term: x, means: y}\nsmallness:\n", "Small Ness"
    ),
    Fault(
        "glossary: an unknown source",
        GLOSSARY,
        "small.",
        "small.\n  sources: [H9]",
        "source 'H9' is not in",
        "smallness:",
    ),
    Fault("glossary: a list", GLOSSARY, (TINY / GLOSSARY).read_text(), "- smallness\n", "", told=GLOSSARY),
]


@pytest.fixture
def root(tmp_path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "courses"))


def problems_in(root: Path) -> list[Problem]:
    return read_courses(root, Pose.from_dict, KINDS)[1]


def told(problems: list[Problem]) -> str:
    return "\n".join(map(str, problems)) or "no problem at all"


def test_it_works(root):
    assert problems_in(root) == []
    FAULTS[1].make(root)
    assert [str(problem) for problem in problems_in(root)] == [
        "tiny/course.yaml:1: course title: is missing; write it",
        "tiny/course.yaml:2: course titel: is not a known field; write 'title'",
    ]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_told_with_its_file_its_line_and_what_to_write(root, fault):
    fault.make(root)
    problems = problems_in(root)
    assert fault.is_told(problems, root), told(problems)
    for problem in problems:
        assert FORM.fullmatch(str(problem)), f"not `path:line: where: what, and what to write`: {problem}"
        assert (root / problem.path).is_file(), f"{problem.path} is no file"


MISSING = [
    ("references.yaml", "references.yaml", "cannot be read; create it"),
    ("glossary.yaml", "glossary.yaml", "cannot be read; create it"),
    ("tiny/lessons/02-last-things.md", "tiny/course.yaml", "no lesson has the key 'last-things'; write its file"),
    ("tiny/items/first-things.yaml", "tiny/course.yaml", "draws 3 of 2 items"),
    ("tiny/images/dot.svg", "tiny/course.yaml", "picture 'dot.svg' is not in images/; draw it"),
    ("tiny/course.yaml", "course.yaml", "has no course; make a folder with a course.yaml"),
]


@pytest.mark.parametrize(("file", "path", "said"), MISSING, ids=[row[0] for row in MISSING])
def test_a_missing_file_is_told(root, file, path, said):
    (root / file).unlink()
    problems = problems_in(root)
    assert any(problem.path == path and said in problem.what for problem in problems), told(problems)


@pytest.mark.parametrize("file", [COURSE, LESSON, ITEMS, SCENE, PICTURE, REFERENCES, GLOSSARY])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"key: \xe9\xff\n", "is not UTF-8 at byte 5; save it as UTF-8"),
        (b"# " + b"x" * 400_001, "is larger than 400 kB; split it"),
        (b"key: [\n", ""),
        (b"\x00\x01\x02", ""),
        (b"key: &a [*a, *a]\n", ""),
        (b"!!python/object/apply:os.system ['true']\n", ""),
        (b"key: {[[term]]: words}\n", ""),
    ],
    ids=["not UTF-8", "too large", "cut off", "not text", "in circles", "a tag", "a list for a key"],
)
def test_a_file_that_cannot_be_read_is_told(root, file, content, said):
    (root / file).write_bytes(content)
    problems = problems_in(root)
    assert any(problem.path == file and said in problem.what for problem in problems), told(problems)


@pytest.mark.parametrize("file", [COURSE, ITEMS, SCENE, REFERENCES, GLOSSARY])
def test_a_field_whose_name_is_a_list_is_told_with_its_line(root, file):
    (root / file).write_bytes(b"key:\n  - one\n  - {[[term]]: words}\n")
    assert f"{file}:3: YAML: has a list or a mapping where a field's name belongs" in told(problems_in(root))


@pytest.mark.parametrize("file", [COURSE, LESSON, ITEMS, SCENE, REFERENCES, GLOSSARY])
def test_line_ends_and_marks_of_other_systems_are_no_fault(root, file):
    path = root / file
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert told(problems_in(root)) == "no problem at all"


def test_two_lessons_of_a_key_are_told(root):
    shutil.copy(root / LESSON, root / "tiny" / "lessons" / "03-first-things.md")
    problems = problems_in(root)
    assert any("first-things" in problem.where + problem.what for problem in problems), told(problems)


def test_two_faults_of_a_picture_are_both_told(root):
    path = root / PICTURE
    path.write_text(path.read_text().replace("<svg ", '<svg onload="x()" ').replace(CIRCLE, "<script/>"))
    assert "onload" in told(problems_in(root))
    assert "<script>" in told(problems_in(root))


def test_two_faults_of_a_pose_are_two_problems(root):
    scene("", "pose: {}", "pose: {gase: left, mouth: grinning}", "").make(root)
    problems = problems_in(root)
    assert len([one for one in problems if "gase" in one.what]) == 1, told(problems)
    assert len([one for one in problems if "grinning" in one.what]) == 1, told(problems)
    assert len(problems) == 2


def named(*names: str) -> list[Fault]:
    found = [fault for fault in FAULTS if fault.name in names]
    assert len(found) == len(names), sorted(set(names) - {fault.name for fault in found})
    return found


TOGETHER = named(
    "course: a field is misspelt",
    "course: a pass mark above all",
    "lesson: a field is misspelt",
    "lesson: two right in a single",
    "lesson: an unknown group",
    "lesson: no points",
    "lesson: a heading too large",
    "lesson: a circle",
    "items: a field is misspelt",
    "scene: an age too high",
    "references: a status",
    "glossary: no meaning",
)


@pytest.mark.parametrize("pair", list(pairwise(TOGETHER)), ids=lambda pair: f"{pair[0].name}, {pair[1].name}")
def test_two_faults_at_once_are_both_told(root, pair):
    for fault in pair:
        fault.make(root)
    problems = problems_in(root)
    assert [fault.name for fault in pair if not fault.is_told(problems, root)] == [], told(problems)


def test_many_faults_of_many_files_are_all_told_at_once(root):
    for fault in TOGETHER:
        fault.make(root)
    problems = problems_in(root)
    assert [fault.name for fault in TOGETHER if not fault.is_told(problems, root)] == [], told(problems)


def test_problems_come_in_the_order_of_files_and_lines_and_each_once(root):
    for fault in named("course: a field is missing", "scene: an age too high", "lesson: no points"):
        fault.make(root)
    problems = problems_in(root)
    assert problems == sorted(set(problems))
    assert {one.path for one in problems} >= {COURSE, LESSON, SCENE}


FOLDERS = sorted(path.parent.name for path in SHIPPED.glob("*/course.yaml"))
HOW = ["delete", "double", "swap", "cut", "indent", "empty"]


def files_of(folder: str) -> list[str]:
    """The files one course is read from, those it shares with the others among them."""
    own = sorted(path for path in (SHIPPED / folder).rglob("*") if path.suffix in {".md", ".yaml", ".svg"})
    return [REFERENCES, GLOSSARY, *(path.relative_to(SHIPPED).as_posix() for path in own)]


@st.composite
def changes(draw) -> tuple[str, list[tuple[str, str, int, int]]]:
    """A course, and up to four changes of its files: the file, what to do, at which line, with how many lines."""
    folder = draw(st.sampled_from(FOLDERS))
    change = st.tuples(
        st.sampled_from(files_of(folder)), st.sampled_from(HOW), st.integers(0, 10_000), st.integers(1, 4)
    )
    return folder, draw(st.lists(change, min_size=1, max_size=4))


def mutated(lines: list[str], how: str, place: int, count: int) -> list[str]:
    place %= max(len(lines), 1)
    before, taken, after = lines[:place], lines[place : place + count], lines[place + count :]
    make: dict[str, Callable[[], list[str]]] = {
        "delete": lambda: before + after,
        "double": lambda: before + taken + taken + after,
        "swap": lambda: before + taken[::-1] + after,
        "cut": lambda: before,
        "indent": lambda: before + ["  " + line for line in taken] + after,
        "empty": lambda: before + ["" for _ in taken] + after,
    }
    return make[how]()


@settings(max_examples=20, deadline=None)
@given(changes())
def test_no_change_of_lines_breaks_the_reading(changed):
    folder, edits = changed
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        for file in files_of(folder):
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SHIPPED / file, root / file)
        for file, how, place, count in edits:
            lines = (root / file).read_text(encoding="utf-8").split("\n")
            (root / file).write_text("\n".join(mutated(lines, how, place, count)), encoding="utf-8")
        courses, problems = read_courses(root, Pose.from_dict, KINDS)
        assert problems == sorted(set(problems))
        assert all(problem.line >= 1 and problem.what for problem in problems)
        assert problems or [course.key for course in courses] == [folder], "the course went away in silence"
