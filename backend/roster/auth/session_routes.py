from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from roster.auth import sessions
from roster.auth.account_schemas import SessionPublic
from roster.auth.deps import PersonDep
from roster.auth.grants import TokenAnswerDep
from roster.auth.models import EndReason
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.errors import Forbidden, NotFound, NotSignedIn, problems
from roster.core.paging import Page, PageQuery

router = APIRouter(
    prefix="/auth",
    route_class=ConditionalRoute,
    tags=["sessions"],
    responses=problems(NotSignedIn, Forbidden),
)

SessionId = Annotated[UUID, Path(description="Id of the session.")]
KeepCurrent = Annotated[
    bool, Query(description="Whether the session of this request goes on.")
]


@router.get("/sessions", summary="List where you are signed in")
async def list_sessions(
    query: Annotated[PageQuery, Query()], actor: PersonDep, session: SessionDep
) -> Page[SessionPublic]:
    return await sessions.list_of(session, query, actor=actor)


@router.delete(
    "/sessions/{session_id}",
    status_code=204,
    summary="End one of your sessions",
    responses=problems(NotFound),
)
async def revoke_session(
    session_id: SessionId, actor: PersonDep, session: SessionDep
) -> None:
    """Sign a device out: its tokens stop working at once."""
    await sessions.revoke(session, session_id, actor=actor)


@router.post("/logout-all", status_code=204, summary="Sign out everywhere")
async def sign_out_everywhere(
    actor: PersonDep,
    session: SessionDep,
    answer: TokenAnswerDep,
    keep_current: KeepCurrent = False,
) -> None:
    """End all your sessions. API tokens go on; revoke those one by one."""
    if not keep_current:
        answer.clear_cookie()
    kept = actor.session_id if keep_current else None
    await sessions.end_all(session, actor.id, EndReason.signed_out, by=actor, but=kept)
