"""Single choice: one option is right. One mark for exactly that one, else none."""

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from courses.assessment.items.kind import (
    Answer,
    BadAnswer,
    Choice,
    Form,
    Line,
    PresentedItem,
    in_order,
)
from courses.assessment.items.making import ItemReader, make_options
from courses.assessment.scoring import Score
from courses.library.authored_fields import Authored, Option
from courses.library.content import Item


class Fields(Authored):
    options: Annotated[list[Option], Field(min_length=2, max_length=8)]


class Single:
    """The ground the other choices stand on: they differ in how many options are taken and what a set of them earns."""

    kind = "single"
    takes = "one"
    rule = "Choose one: the mark, if it is the one that fits."
    fields: type[Authored] = Fields

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        return {"options": make_options(reader, self.kind, fields.options, line, where)}

    def answer_in(self, item: Item, form: Form) -> Answer | None:
        return self.choice_in(item, [str(one) for one in form.getlist("option")])

    def choice_in(self, item: Item, keys: Sequence[str]) -> list[str] | None:
        """The options chosen, each once; None for none.

        Raises:
            BadAnswer: one that the item does not have, or more than it takes.
        """
        chosen = list(dict.fromkeys(keys))
        if set(chosen) - {option.key for option in item.options}:
            raise BadAnswer(
                "This answer has an option that is not part of the item. Load the page again and answer once more."
            )
        if self.takes == "one" and len(chosen) > 1:
            raise BadAnswer("This item takes one option. Choose one, and save again.")
        return chosen or None

    def missing_answer_message(self, item: Item, answer: object) -> str:
        return "" if chosen_of(item, answer) else "Choose an option first."

    def asked(self, item: Item, order: Sequence[str], answer: object) -> PresentedItem:
        chosen, options = chosen_of(item, answer), {option.key: option for option in item.options}
        shown = tuple(
            Choice(key, options[key].html, key in chosen) for key in in_order(list(options), order)
        )
        return PresentedItem(item.stem, takes=self.takes, choices=shown)

    def score(self, item: Item, answer: object) -> Score:
        return Score(self.earned(item, chosen_of(item, answer)), 1)

    def earned(self, item: Item, chosen: Collection[str]) -> Fraction:
        """What these options earn of one mark."""
        right = {option.key for option in item.options if option.correct}
        return Fraction(int(bool(right) and set(chosen) == right))

    def right(self, item: Item) -> Answer:
        return [option.key for option in item.options if option.correct]

    def feedback(self, item: Item, answer: object) -> tuple[Line, ...]:
        chosen = chosen_of(item, answer)
        return tuple(
            Line(
                one.key,
                one.html,
                _verdict(one.key in chosen, one.correct),
                one.feedback,
                one.sources,
            )
            for one in item.options
        )


def chosen_of(item: Item, answer: object) -> set[str]:
    """The options of the item that an answer names; whatever else it holds is passed over."""
    if not isinstance(answer, list | tuple):
        return set()
    return {key for key in answer if isinstance(key, str)} & {option.key for option in item.options}


def _verdict(is_chosen: bool, is_correct: bool) -> str:
    if is_chosen:
        return "right" if is_correct else "wrong"
    return "missed" if is_correct else "other"
