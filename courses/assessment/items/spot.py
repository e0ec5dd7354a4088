"""Spot: a drawn scene, and what one sees in it. Scored as a single choice; the picture itself is drawn in practice."""

from typing import Annotated, Any

from pydantic import Field

from courses.assessment.items.making import ItemReader
from courses.assessment.items.single import Single
from courses.library.authored_fields import Authored, Key, Option


class Fields(Authored):
    scene: Key
    options: Annotated[list[Option], Field(min_length=2, max_length=8)]


class Spot(Single):
    fields: type[Authored] = Fields

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        reader.check_scene(fields.scene, line, where)
        return {**super().make(reader, fields, line, where), "scene": fields.scene}
