"""What an attempt stores of its quiz as JSON, with a version. Every version is readable for ever.

Version 0 has no `version`: `draw`, `pass_mark`, `attempts`; since 26 November 2026 also
`certainty`, `wait_hours`, `limit_minutes`. Version 1 is the same with `version`, which counts for
the drawn items too.
"""

from collections.abc import Mapping
from typing import Any

from courses.library import content

VERSION = 1
# Of `content.Quiz`. Its title and kind decide nothing, so the edition's are shown.
FIELDS = ("draw", "pass_mark", "attempts", "certainty", "wait_hours", "limit_minutes")


def rule_of(quiz: content.Quiz) -> dict[str, Any]:
    """The part of a quiz that an attempt stores. A change of its fields raises VERSION."""
    fields = quiz.model_dump(include=set(FIELDS))
    return {"version": VERSION, **fields}


def rule_in(stored: Mapping[str, Any], quiz: content.Quiz) -> content.Quiz:
    """The quiz with the rule that an attempt stored.

    `quiz` is the one of the attempt's own edition: what the stored rule lacks is taken from it.
    Fields of a later release that this one does not know are ignored.
    """
    known = {name: stored[name] for name in FIELDS if name in stored}
    return quiz.model_copy(update=known)


def order_in(drawn: Mapping[str, Any]) -> list[str]:
    """The keys of a drawn item's options or cards as shown; empty for the edition's order."""
    return list(drawn.get("options", ()))
