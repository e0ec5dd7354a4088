"""Fields that authors write in more than one kind of file: keys, source ids, texts, options.

The files themselves are in `authoring.schema`, what an item of each kind is asked with in
`assessment.items`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
SourceId = Annotated[str, Field(pattern=r"^[A-H]\d{1,2}(\.\d{1,2})?[a-z]?$")]
Text = Annotated[str, Field(pattern=r"\S")]
FileName = Annotated[str, Field(pattern=r"^[a-z0-9-]+\.svg$")]


class Authored(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Option(Authored):
    text: Text
    correct: bool = False
    leans: Literal["", "waits", "acts"] = (
        ""  # of a critical item: does less or later, or sounds urgent
    )
    feedback: Text
    sources: list[SourceId] = []
