"""Learners by team in numbers that name nobody: a rule from facts, without rows.

Source of the rule: numbers below five people are suppressed wherever a group is shown beyond its
own trainers. There are no totals, so nothing hidden can be worked out from them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from courses.people.suppression import FEWEST

NO_TEAM = "Not in a team"
SMALL_TEAMS = "Smaller teams together"


@dataclass
class Person:
    """A learner over all courses of their cohorts. `team` "": none is known."""

    team: str
    has_started: bool = False
    has_completed: bool = False
    is_overdue: bool = False


@dataclass(frozen=True)
class TeamFigures:
    """A team in words: "12", "none", or "fewer than 5"."""

    team: str
    people: str
    started: str
    completed: str
    overdue: str


def figures_of(people: Iterable[Person]) -> list[TeamFigures]:
    """A line for each team of at least five people, by name; the others are taken together.

    Where those are fewer than five together, they are left out. Empty: there is nothing to say.
    """
    teams: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        teams[person.team or NO_TEAM].append(person)
    small: list[Person] = []
    lines = []
    for team, members in sorted(teams.items()):
        if len(members) < FEWEST:
            small.extend(members)
        else:
            lines.append(_figures(team, members))
    if len(small) >= FEWEST:
        lines.append(_figures(SMALL_TEAMS, small))
    return lines


def _figures(team: str, members: list[Person]) -> TeamFigures:
    return TeamFigures(
        team=team,
        people=_words(len(members)),
        started=_words(sum(person.has_started for person in members)),
        completed=_words(sum(person.has_completed for person in members)),
        overdue=_words(sum(person.is_overdue for person in members)),
    )


def _words(number: int) -> str:
    if number == 0:
        return "none"
    return str(number) if number >= FEWEST else f"fewer than {FEWEST}"
