"""What a scored attempt is said to be first: a heading and its reason. Plain rules.

How the marks come about is in `scoring`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from courses.assessment.scoring import shown_marks

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@dataclass(frozen=True)
class Verdict:
    """A heading without a full stop at its end, and one or two sentences that give the reason."""

    title: str
    reason: str


@dataclass(frozen=True)
class Marks:
    """The marks of one attempt: `earned` of `possible`, and those that pass."""

    earned: Fraction
    possible: int
    needed: Fraction

    @property
    def words(self) -> str:
        """What was earned, as learners read it: 13 of 14."""
        return f"{shown_marks(self.earned)} of {self.possible}"

    @property
    def needed_words(self) -> str:
        """The marks that pass, as learners read them: whole, 12 for 11.2."""
        whole = ceil(self.needed)
        # Part marks may pass between the two, and then the whole number would be untrue.
        if self.needed <= self.earned < whole:
            return shown_marks(self.needed)
        return str(whole)

    @property
    def missing(self) -> int:
        """How many more right answers would pass, 0 where there are marks enough."""
        return max(0, ceil(self.needed - self.earned))


def verdict_of_final(marks: Marks, passed: bool, unsafe: Sequence[int]) -> Verdict:
    """The verdict on a final quiz.

    `unsafe` is the numbers of the critical items that were not right: each must be right to pass.
    """
    if passed:
        reason = f"You have {marks.words}; {marks.needed_words} were needed."
        return Verdict(f"Passed: {marks.words}", reason)
    if marks.missing:
        reason = f"You have {marks.words}; {marks.needed_words} are needed."
    else:
        reason = f"You have enough marks ({marks.words}; {marks.needed_words} needed)."
    if unsafe:
        reason += f" {_about_safety(unsafe)}"
    # Where the safety items would bring the marks too, they are all there is to get right.
    if unsafe and marks.missing <= len(unsafe):
        return Verdict(f"{_counted(len(unsafe), 'safety question')} to get right", reason)
    if marks.missing:
        return Verdict(f"{_counted(marks.missing, 'more right answer')} to pass", reason)
    return Verdict("Not passed yet", reason)


def verdict_of_pretest(to_learn: int) -> Verdict:
    """The verdict on a pre-test, by the number of its items that were not right."""
    reason = "Nothing was passed or failed."
    if not to_learn:
        return Verdict("Your starting point. You know all of this already", reason)
    things = "thing" if to_learn == 1 else "things"
    reason += " What you did not know is what the lessons are for."
    return Verdict(f"Your starting point. {to_learn} {things} to learn", reason)


def verdict_of_review(right: int, asked: int) -> Verdict:
    """The verdict on what stayed after weeks: how many items were right, of those asked."""
    reason = "Nothing was passed or failed, and your certificate stays as it is."
    if right < asked:
        reason += " What has faded is below, with why; a second look brings most of it back."
    return Verdict(f"What stayed: {right} of {asked}", reason)


def _counted(number: int, noun: str) -> str:
    words = NUMBERS[number] if number < len(NUMBERS) else str(number)
    return f"{words} {noun}" if number == 1 else f"{words} {noun}s"


def _about_safety(numbers: Sequence[int]) -> str:
    """Which questions were about safety: Question 5; Questions 2, 5 and 8."""
    if len(numbers) == 1:
        return f"Question {numbers[0]} was about safety, and has to be right."
    *first, last = map(str, numbers)
    return f"Questions {', '.join(first)} and {last} were about safety, and have to be right."
