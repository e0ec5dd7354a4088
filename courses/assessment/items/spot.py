"""Spot: a drawn scene, and what one sees in it. Scored as a single choice; the picture itself is drawn in practice."""

from typing import Annotated, Any

from pydantic import Field

from courses.assessment.items.single import Single
from courses.library import schema
from courses.library.reader import Reader


class Fields(schema.Authored):
    scene: schema.Key
    options: Annotated[list[schema.Option], Field(min_length=2, max_length=8)]


class Spot(Single):
    fields: type[schema.Authored] = Fields

    def make(self, reader: Reader, fields: Any, line: int, where: str) -> dict[str, Any]:
        reader.check_scene(fields.scene, line, where)
        return {**super().make(reader, fields, line, where), "scene": fields.scene}
