"""Whom a token speaks for, told to the token itself."""

from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Field, SQLModel

from roster.auth.deps import ActorDep
from roster.core.actor import Scope
from roster.core.caching import ConditionalRoute
from roster.core.errors import NotSignedIn, problems

router = APIRouter(prefix="/auth", route_class=ConditionalRoute, tags=["API tokens"])


class Whoami(SQLModel):
    username: str
    is_admin: bool
    through_token: bool = Field(description="By an API token, and not by a session.")
    scopes: list[Scope]
    all_teams: bool = Field(description="Whether it reaches all teams of the person.")
    expires_at: datetime | None = Field(description="Null: it has no end.")


@router.get(
    "/whoami", summary="Read whom a token speaks for", responses=problems(NotSignedIn)
)
async def read_whoami(actor: ActorDep) -> Whoami:
    return Whoami(
        username=actor.username,
        is_admin=actor.is_admin,
        through_token=actor.token_id is not None,
        scopes=sorted(actor.scopes),
        all_teams=actor.team_ids is None,
        expires_at=actor.expires_at,
    )
