"""Case: a short case with two or three linked parts, each of them a choice.

A mark is the mean of what its parts earn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field

from courses.assessment.items import neutral
from courses.assessment.items.kind import Answer, Form, Kind, Line, PresentedItem
from courses.assessment.items.making import ItemReader
from courses.assessment.items.single import Single
from courses.assessment.scoring import Score
from courses.library import content
from courses.library.authored_fields import Authored, Option, Text
from courses.library.content import Item


class Part(Authored):
    prompt: Text
    kind: Literal["single", "multiple"] = "single"  # keep in step with `items.CHOICES`
    options: Annotated[list[Option], Field(min_length=2, max_length=8)]


class Fields(Authored):
    parts: Annotated[list[Part], Field(min_length=2, max_length=3)]


class Case(Kind):
    """`choices` are the kinds that a part may have, by name. Each part is an item of its own."""

    name = "case"
    rule = "A case in parts: the average of its parts."
    fields: type[Authored] = Fields
    template = "assessment/_parts.html"
    exchange_shape = neutral.Shape.PARTS

    def __init__(self, choices: Mapping[str, Single]) -> None:
        self.choices = choices

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        parts = []
        for n, part in enumerate(fields.parts, 1):
            parts.append(self._make_part(reader, part, n, line, where))
        return {"parts": tuple(parts)}

    def _make_part(
        self, reader: ItemReader, part: Part, number: int, line: int, where: str
    ) -> content.Item:
        kind = self.choices[part.kind]
        made = kind.make(reader, part, line, f"{where} part {number}")
        options = []
        for option in made["options"]:
            # Two parts may offer the same option, so the part's number makes its key unique.
            key = f"{number}-{option.key}"
            options.append(option.model_copy(update={"key": key}))
        stem = reader.block(part.prompt, line, where)
        return content.Item(key=f"part-{number}", kind=part.kind, stem=stem, options=tuple(options))

    def answer_in(self, item: Item, form: Form) -> Answer | None:
        answer: dict[str, Any] = {}
        for part in item.parts:
            keys = [str(key) for key in form.getlist(part.key)]
            if chosen := self.choices[part.kind].choice_in(part, keys):
                answer[part.key] = chosen
        return answer or None

    def missing_answer_message(self, item: Item, answer: object) -> str:
        for n, part in enumerate(item.parts, 1):
            if not _answer_to(part, answer):
                return f"Part {n} has no answer yet. Choose one."
        return ""

    def present(self, item: Item, order: Sequence[str], answer: object) -> PresentedItem:
        parts = []
        for part in item.parts:
            kind = self.choices[part.kind]
            presented = kind.present(part, order, _answer_to(part, answer))
            parts.append(replace(presented, name=part.key))
        return PresentedItem(item.stem, parts=tuple(parts), template=self.template)

    def score(self, item: Item, answer: object) -> Score:
        earned = Fraction(0)
        for part in item.parts:
            earned += self.choices[part.kind].score(part, _answer_to(part, answer)).earned
        # An item is worth one mark, whatever its number of parts.
        return Score(earned / len(item.parts), 1)

    def right(self, item: Item) -> Answer:
        answer: dict[str, Any] = {}
        for part in item.parts:
            answer[part.key] = self.choices[part.kind].right(part)
        return answer

    def feedback(self, item: Item, answer: object) -> tuple[Line, ...]:
        lines: list[Line] = []
        for part in item.parts:
            of_part = self.choices[part.kind].feedback(part, _answer_to(part, answer))
            lines += [replace(line, part=part.stem) for line in of_part]
        return tuple(lines)

    def to_exchange(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        parts = []
        for row in raw["parts"]:
            # As in `Part`, where a part without a kind is a single choice.
            kind = str(row.get("kind", "single"))
            options = neutral.read_options(row["options"])
            parts.append(neutral.Part(neutral.normal(row["prompt"]), kind, options))
        return {"parts": tuple(parts)}

    def from_exchange(self, item: neutral.Item) -> dict[str, Any]:
        rows = []
        for part in item.parts:
            options = neutral.option_rows(part.options)
            rows.append({"prompt": part.prompt, "kind": part.kind, "options": options})
        return {"parts": rows}


def _answer_to(part: Item, answer: object) -> object:
    """What a stored answer says to this part, None where it says nothing."""
    if not isinstance(answer, Mapping):
        return None
    return answer.get(part.key)
