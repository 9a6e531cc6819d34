from pydantic import BaseModel, Field

from roster.components.schemas import RevisionFilePublic
from roster.core.model import Payload


class DraftTree(BaseModel):
    """The files of a draft beside its main one, and the state of the draft."""

    items: list[RevisionFilePublic]
    etag: str = Field(examples=['"d3"'], description="Send it as `If-Match`.")


class FileMove(Payload):
    path: str = Field(
        min_length=1,
        max_length=512,
        description="Where it is to be.",
        examples=["references/style.md"],
    )
