from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Path, Query, Request, Response, status
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth import api_tokens
from roster.auth.api_token_schemas import ApiTokenCreate
from roster.auth.deps import PersonDep, TokensDep
from roster.auth.models import ApiToken
from roster.core.actor import Scope
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import Conflict, Forbidden, NotFound, NotSignedIn, problems
from roster.core.idempotency import SHOWN_ONCE, without_key
from roster.core.paging import Page, PageQuery
from roster.teams.models import TeamRef
from roster.teams.refs import ids_of, refs_of

router = APIRouter(
    prefix="/auth/tokens",
    route_class=ConditionalRoute,
    tags=["API tokens"],
    responses=problems(NotSignedIn, Forbidden),
)

TokenId = Annotated[UUID, Path(description="Id of the API token.")]
EXAMPLE = {"name": "Build server", "scopes": ["read"], "expires_in_days": 90}


class ApiTokenPublic(SQLModel):
    id: UUID
    name: str
    scopes: list[Scope]
    teams: list[TeamRef] | None = Field(
        description="The only teams that it reaches; null: all of yours."
    )
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="Exact to an hour.")
    revoked_at: datetime | None
    hint: str = Field(description="How it begins and ends, to know it by.")


class ApiTokenCreated(ApiTokenPublic):
    token: str = Field(description="Shown this once.")


async def _described(
    session: AsyncSession, rows: Sequence[ApiToken]
) -> list[ApiTokenPublic]:
    limits = {row.id: [UUID(team) for team in row.team_ids or ()] for row in rows}
    refs = await refs_of(session, {id_ for ids in limits.values() for id_ in ids})
    return [
        ApiTokenPublic.model_validate(
            row,
            update={
                "hint": api_tokens.hint_of(row),
                "teams": None
                if row.team_ids is None
                else [refs[id_] for id_ in limits[row.id] if id_ in refs],
            },
        )
        for row in rows
    ]


async def _created(
    session: AsyncSession, signed: api_tokens.Signed, response: Response
) -> ApiTokenCreated:
    response.headers["Cache-Control"] = "no-store"
    [public] = await _described(session, [signed.row])
    return ApiTokenCreated(**dict(public), token=signed.token)


@router.get("", summary="List your API tokens, the newest first")
async def list_api_tokens(
    query: Annotated[PageQuery, Query()], person: PersonDep, session: SessionDep
) -> Page[ApiTokenPublic]:
    rows, cursor = await api_tokens.page_of(session, query, actor=person)
    return Page(items=await _described(session, rows), next_cursor=cursor)


@router.post("", status_code=status.HTTP_201_CREATED, summary="Make an API token")
@without_key(SHOWN_ONCE)
async def create_api_token(
    data: Annotated[ApiTokenCreate, Body(examples=[EXAMPLE])],
    person: PersonDep,
    session: SessionDep,
    settings: SettingsDep,
    tokens: TokensDep,
    request: Request,
    response: Response,
) -> ApiTokenCreated:
    """The token is in this answer and nowhere else: only its id is kept."""
    teams = None
    if data.teams is not None:
        teams = await ids_of(session, data.teams, actor=person)
    days = await api_tokens.days_for(session, settings, data)
    signed = await api_tokens.make(
        session, data, tokens, days=days, team_ids=teams, actor=person
    )
    address = request.app.url_path_for("revoke_api_token", token_id=signed.row.id)
    response.headers["Location"] = str(address)
    return await _created(session, signed, response)


@router.post(
    "/{token_id}/rotate",
    summary="Replace an API token by a new one with the same rights",
    responses=problems(NotFound, Conflict),
)
@without_key(SHOWN_ONCE)
async def rotate_api_token(
    token_id: TokenId,
    person: PersonDep,
    session: SessionDep,
    settings: SettingsDep,
    tokens: TokensDep,
    response: Response,
) -> ApiTokenCreated:
    """The old one stops working at once; the new one lasts as long as it did."""
    signed = await api_tokens.rotate(
        session, token_id, tokens, settings=settings, actor=person
    )
    return await _created(session, signed, response)


@router.delete(
    "/{token_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Revoke an API token",
    responses=problems(NotFound),
)
async def revoke_api_token(
    token_id: TokenId, person: PersonDep, session: SessionDep
) -> None:
    await api_tokens.revoke(session, token_id, actor=person)
