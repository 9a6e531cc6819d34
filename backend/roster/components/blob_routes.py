from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Path
from pydantic import BaseModel, Field

from roster.auth.deps import WriterDep
from roster.components import redaction
from roster.components.schemas import Digest
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.errors import Conflict, Forbidden, NotFound, NotSignedIn, problems
from roster.core.model import Payload
from roster.core.names import Slug
from roster.core.text import DisplayText

router = APIRouter(
    prefix="/blobs",
    route_class=ConditionalRoute,
    tags=["blobs"],
    responses=problems(NotSignedIn),
)

DigestPath = Annotated[Digest, Path(description="SHA-256 of the content.")]


class RedactionWrite(Payload):
    team: Slug = Field(description="A team of yours whose revision holds it.")
    reason: DisplayText = Field(
        min_length=1, max_length=500, description="Everybody who looks for it reads it."
    )


class HeldPublic(BaseModel):
    component_id: UUID
    number: int
    path: str


class RedactedPublic(BaseModel):
    digest: str
    redacted_at: datetime
    reason: str
    files: list[HeldPublic] = Field(description="Where revisions of the team hold it.")


@router.post(
    "/{digest}/redact",
    summary="Redact content: it is gone for good, wherever it stands in the team",
    responses=problems(NotFound, Forbidden, Conflict),
)
async def redact_blob(
    digest: DigestPath,
    data: Annotated[
        RedactionWrite,
        Body(examples=[{"team": "platform", "reason": "A password stood in it."}]),
    ],
    actor: WriterDep,
    session: SessionDep,
) -> RedactedPublic:
    """Its digest, who did this, when and why stay. The team can never publish it again.

    Other teams that have the same content keep it, and learn nothing of this.
    """
    marker, held = await redaction.redact(
        session, digest, data.team, data.reason, actor=actor
    )
    files = [
        HeldPublic(component_id=one.component_id, number=one.number, path=one.path)
        for one in held
    ]
    return RedactedPublic(
        digest=digest,
        redacted_at=marker.redacted_at,
        reason=data.reason,
        files=files,
    )
