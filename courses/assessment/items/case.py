"""Case: a short case with two or three linked parts, each a choice. A mark is the mean of what its parts earn."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field

from courses.assessment.items.kind import Answer, Form, Line, PresentedItem
from courses.assessment.items.making import ItemReader
from courses.assessment.items.single import Single
from courses.assessment.scoring import Score
from courses.library import content
from courses.library.authored_fields import Authored, Option, Text
from courses.library.content import Item


class Part(Authored):
    prompt: Text
    kind: Literal["single", "multiple"] = "single"
    options: Annotated[list[Option], Field(min_length=2, max_length=8)]


class Fields(Authored):
    parts: Annotated[list[Part], Field(min_length=2, max_length=3)]


class Case:
    """`choices` are the kinds a part may be of, by name."""

    rule = "A case in parts: the mean of what its parts earn."
    fields: type[Authored] = Fields

    def __init__(self, choices: Mapping[str, Any]) -> None:
        self.choices: Mapping[str, Single] = choices

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        parts = []
        for n, part in enumerate(fields.parts, 1):
            made = self.choices[part.kind].make(reader, part, line, f"{where} part {n}")
            options = tuple(
                one.model_copy(update={"key": f"{n}-{one.key}"}) for one in made["options"]
            )
            stem = reader.block(part.prompt, line, where)
            parts.append(content.Item(key=f"part-{n}", kind=part.kind, stem=stem, options=options))
        return {"parts": tuple(parts)}

    def answer_in(self, item: Item, form: Form) -> Answer | None:
        sent = {part.key: [str(one) for one in form.getlist(part.key)] for part in item.parts}
        chosen = {
            part.key: self.choices[part.kind].choice_in(part, sent[part.key]) for part in item.parts
        }
        return {key: keys for key, keys in chosen.items() if keys} or None

    def missing_answer_message(self, item: Item, answer: object) -> str:
        missing = [n for n, part in enumerate(item.parts, 1) if not _of(part, answer)]
        return f"Part {missing[0]} has no answer yet. Choose one." if missing else ""

    def asked(self, item: Item, order: Sequence[str], answer: object) -> PresentedItem:
        parts = (
            replace(self.choices[part.kind].asked(part, order, _of(part, answer)), name=part.key)
            for part in item.parts
        )
        return PresentedItem(item.stem, parts=tuple(parts))

    def score(self, item: Item, answer: object) -> Score:
        earned = (
            self.choices[part.kind].score(part, _of(part, answer)).earned for part in item.parts
        )
        return Score(sum(earned, Fraction(0)) / len(item.parts), 1)

    def right(self, item: Item) -> Answer:
        return {part.key: self.choices[part.kind].right(part) for part in item.parts}

    def feedback(self, item: Item, answer: object) -> tuple[Line, ...]:
        return tuple(
            replace(line, part=part.stem)
            for part in item.parts
            for line in self.choices[part.kind].feedback(part, _of(part, answer))
        )


def _of(part: Item, answer: object) -> object:
    return answer.get(part.key) if isinstance(answer, Mapping) else None
