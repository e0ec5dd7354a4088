"""Single choice: one option is right. One mark for exactly that one, else none."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from courses.assessment.items import neutral
from courses.assessment.items.kind import (
    Answer,
    BadAnswer,
    Choice,
    Form,
    Kind,
    Line,
    PresentedItem,
    in_order,
)
from courses.assessment.items.making import ItemReader, make_options
from courses.assessment.scoring import Score
from courses.library.authored_fields import Authored, Option
from courses.library.content import Item

FOREIGN_OPTION = (
    "This answer has an option that is not part of the question. "
    "Load the page again and answer once more."
)


class Fields(Authored):
    options: Annotated[list[Option], Field(min_length=2, max_length=8)]


class Single(Kind):
    """A choice among options. Subclasses change how many it `takes` and what they have `earned`."""

    name = "single"
    takes = "one"
    rule = "Choose one: a mark for the best answer."
    fields: type[Authored] = Fields
    template = "assessment/_choices.html"
    block = "check"
    minutes = 0.5
    quiz_options = 4
    exchange_shape = neutral.Shape.ONE_OPTION

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        options = make_options(reader, self.takes, fields.options, line, where)
        return {"options": options}

    def answer_in(self, item: Item, form: Form) -> Answer | None:
        keys = [str(key) for key in form.getlist("option")]
        return self.choice_in(item, keys)

    def choice_in(self, item: Item, keys: Sequence[str]) -> list[str] | None:
        """The options chosen, each once; None where no option is chosen.

        Raises:
            BadAnswer: the item has no such option, or takes fewer.
        """
        chosen = list(dict.fromkeys(keys))  # each once, in the order they were sent
        known = {option.key for option in item.options}
        if set(chosen) - known:
            raise BadAnswer(FOREIGN_OPTION)
        if self.takes == "one" and len(chosen) > 1:
            raise BadAnswer("This question takes one option. Choose one, and save again.")
        return chosen or None

    def missing_answer_message(self, item: Item, answer: object) -> str:
        return "" if chosen_of(item, answer) else "Choose an option first."

    def present(self, item: Item, order: Sequence[str], answer: object) -> PresentedItem:
        chosen = chosen_of(item, answer)
        options = {option.key: option for option in item.options}
        keys = in_order(list(options), order)
        choices = tuple(Choice(key, options[key].html, key in chosen) for key in keys)
        return PresentedItem(
            item.stem,
            takes=self.takes,
            choices=choices,
            template=self.template,
        )

    def score(self, item: Item, answer: object) -> Score:
        chosen = chosen_of(item, answer)
        return Score(self.earned(item, chosen), 1)

    def earned(self, item: Item, chosen: Collection[str]) -> Fraction:
        """What choosing these options earns of one mark."""
        right = _right_options(item)
        # Without a right option nothing chosen would be all of it.
        is_right = bool(right) and set(chosen) == set(right)
        return Fraction(int(is_right))

    def right(self, item: Item) -> Answer:
        return _right_options(item)

    def feedback(self, item: Item, answer: object) -> tuple[Line, ...]:
        chosen = chosen_of(item, answer)
        lines = []
        for option in item.options:
            result = _result(option.key in chosen, option.correct)
            line = Line(option.key, option.html, result, option.feedback, option.sources)
            lines.append(line)
        return tuple(lines)

    def to_exchange(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        return {"options": neutral.read_options(raw["options"])}

    def from_exchange(self, item: neutral.Item) -> dict[str, Any]:
        return {"options": neutral.option_rows(item.options)}


def chosen_of(item: Item, answer: object) -> set[str]:
    """The options of the item that a stored answer names. Anything else in it is ignored."""
    if not isinstance(answer, list | tuple):
        return set()
    chosen = {key for key in answer if isinstance(key, str)}
    return chosen & {option.key for option in item.options}


def _right_options(item: Item) -> list[str]:
    return [option.key for option in item.options if option.correct]


def _result(is_chosen: bool, is_correct: bool) -> str:
    if is_chosen:
        return "right" if is_correct else "wrong"
    return "missed" if is_correct else "other"
