"""What a list says of the question that it answers."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field

from roster.search.marking import Segment


class MarkedField(StrEnum):
    name = "name"
    description = "description"
    body = "body"


class MarkedText(BaseModel):
    """A piece of plain text; to show it as HTML, escape it."""

    text: str
    match: bool = Field(description="Whether the question asked for it.")


class Highlight(BaseModel):
    field: MarkedField
    segments: list[MarkedText] = Field(
        description="The whole field, or of a body what stands around the first match."
    )

    @classmethod
    def of(cls, field: MarkedField, segments: Iterable[Segment]) -> "Highlight":
        texts = [MarkedText(text=one.text, match=one.match) for one in segments]
        return cls(field=field, segments=texts)


Highlights = dict[UUID, list[Highlight]]


class SearchAnswer(BaseModel):
    corrected: str | None = Field(
        default=None,
        description=(
            "The question that is answered, where nothing holds the words of the one "
            "that was asked."
        ),
        examples=["invoices"],
    )
    complete: bool = Field(
        description=(
            "Whether all that holds the words is on these pages; else the most "
            "recently published were ranked."
        )
    )
    highlights: Highlights | None = Field(
        default=None,
        description="By the id of each item, where `highlights` asked for it.",
    )
