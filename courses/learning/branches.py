"""How far a learner has come in a branching activity: a pure rule.

Its form is in `activity_forms`, what its page shows in `activities`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.library.content import Block, Moment


@dataclass(frozen=True)
class BranchChoice:
    """One choice made: the text of the moment it was made in, the choice, and what it led to."""

    html: str
    chosen: str
    feedback: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class BranchPath:
    """The choices a learner made, with their keys, and the moment that they are in now."""

    keys: tuple[str, ...]
    choices: tuple[BranchChoice, ...]
    moment: Moment


def follow_branch(block: Block, keys: Sequence[str]) -> BranchPath:
    """Follows these choices from the first moment.

    Stops before the first key that the moment does not offer, so the path may be shorter than
    `keys`: an author may have changed the branch since the choices were saved.
    """
    moment = block.moments[0]
    choices: list[BranchChoice] = []
    for key in keys:
        chosen = next((choice for choice in moment.choices if choice.key == key), None)
        following = block.moment(chosen.to) if chosen else None
        if not chosen or not following:
            break
        choices.append(BranchChoice(moment.html, chosen.html, chosen.feedback, chosen.sources))
        moment = following
    return BranchPath(tuple(keys[: len(choices)]), tuple(choices), moment)
