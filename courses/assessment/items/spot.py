"""Spot: a drawn scene, and what can be seen in it. Scored as a single choice.

The picture itself is drawn in `practice`.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from courses.assessment.items import neutral
from courses.assessment.items.making import ItemReader
from courses.assessment.items.single import Single
from courses.library.authored_fields import Authored, Key, Option


class Fields(Authored):
    scene: Key
    options: Annotated[list[Option], Field(min_length=2, max_length=8)]


class BlockFields(Fields):
    kind: Literal["single", "multiple"] = "single"


class Spot(Single):
    """In a quiz it is a single choice; in a lesson its author may let several options fit."""

    name = "spot"
    fields: type[Authored] = Fields
    block = "spot"
    quiz_options = 0  # not every picture has four things to take it for
    exchange_loss = "ask what is seen in a scene, whose picture stays here"

    @property
    def block_fields(self) -> type[Authored]:
        return BlockFields

    def kind_in_block(self, fields: Any) -> str:
        # The scene is the block's there, and what is left of the item is a plain choice.
        return str(fields.kind)

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        reader.check_scene(fields.scene, line, where)
        choice = super().make(reader, fields, line, where)
        return {**choice, "scene": fields.scene}

    def to_exchange(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        options = neutral.read_options(raw["options"])
        return {"scene": str(raw["scene"]), "options": options}

    def from_exchange(self, item: neutral.Item) -> dict[str, Any]:
        choice = super().from_exchange(item)
        return {"scene": item.scene, **choice}
