"""What an attempt keeps of its quiz as JSON, with a version. Read whatever release wrote it.

Version 0, without the word: `draw`, `pass_mark`, `attempts`; since 26 November 2026 also
`certainty`, `wait_hours`, `limit_minutes`. Version 1: the same and `version`, which counts for the
drawn items too.
"""

from collections.abc import Mapping
from typing import Any

from courses.library import content

VERSION = 1
FIELDS = ("draw", "pass_mark", "attempts", "certainty", "wait_hours", "limit_minutes")


def rule_of(quiz: content.Quiz) -> dict[str, Any]:
    """What of a quiz is frozen into an attempt. A change of its fields raises VERSION."""
    return {"version": VERSION, **quiz.model_dump(include=set(FIELDS))}


def rule_in(stored: Mapping[str, Any], quiz: content.Quiz) -> content.Quiz:
    """The quiz by the rule that an attempt froze.

    What the rule lacks is as `quiz` of the attempt's own edition has it, which the rule was made
    of; what this release does not know of a later one is left out.
    """
    known = {name: stored[name] for name in FIELDS if name in stored}
    return quiz.model_copy(update=known)


def order_in(drawn: Mapping[str, Any]) -> list[str]:
    """The keys of a drawn item's options or cards as shown; empty: in the edition's order."""
    return list(drawn.get("options", ()))
