"""One action on many components, and what came of it for each of them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from roster.components.lifecycle_schemas import Reason
from roster.components.schemas import Number
from roster.core.errors import ProblemDocument
from roster.core.model import Payload, holds_unstorable
from roster.core.names import ComponentName, LabelName, Slug

MOST = 500


class BulkItem(Payload):
    id: UUID
    etag: str | None = Field(
        default=None,
        max_length=200,
        description="As `If-Match`: leave it alone if it was changed since.",
        examples=['"v7"'],
    )


def _once_each(items: list[BulkItem]) -> list[BulkItem]:
    if len({item.id for item in items}) < len(items):
        message = "name a component twice; name each once."
        raise ValueError(message)
    return items


class _Bulk(BaseModel):
    """A `Payload` but for its validator of each field: `action` may have none."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, value: object) -> object:
        if holds_unstorable(value):
            message = "holds a NUL character or half a surrogate pair; remove it."
            raise ValueError(message)
        return value

    items: Annotated[
        list[BulkItem],
        AfterValidator(_once_each),
        Field(min_length=1, max_length=MOST),
    ]


class LabelMany(_Bulk):
    """Set a label, or move it."""

    action: Literal["label"]
    label: LabelName
    number: Number | None = Field(
        default=None,
        description="Of the revision; the newest of each if none is given.",
    )


class UnlabelMany(_Bulk):
    """Take a label away."""

    action: Literal["unlabel"]
    label: ComponentName


class CollectMany(_Bulk):
    """Append them to a collection; those that are in it stay where they are."""

    action: Literal["collect"]
    collection: UUID
    label: LabelName | None = Field(
        default=None, description="Label to follow; `latest` if none is given."
    )


class MoveMany(_Bulk):
    """Give them to another team."""

    action: Literal["move"]
    team: Slug


class DeleteMany(_Bulk):
    action: Literal["delete"]
    reason: Reason | None = None


class RestoreMany(_Bulk):
    action: Literal["restore"]


Bulk = Annotated[
    LabelMany | UnlabelMany | CollectMany | MoveMany | DeleteMany | RestoreMany,
    Field(discriminator="action"),
]


class BulkResult(BaseModel):
    id: UUID
    status: int = Field(
        description="What this would have been answered alone.", examples=[200]
    )
    etag: str | None = Field(
        description="That of the state it is in now; null where it is gone.",
        examples=['"v8"'],
    )
    problem: ProblemDocument | None = Field(
        description="Why it was left as it is; null where it was done."
    )


class BulkResults(BaseModel):
    items: list[BulkResult] = Field(description="In the order of the request.")
