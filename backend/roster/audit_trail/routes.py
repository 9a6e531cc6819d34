from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from roster.audit import verify
from roster.audit.chain import Chain
from roster.audit.models import ChainReport
from roster.audit.service import Target, record
from roster.audit_trail import service
from roster.audit_trail.schemas import AuditEventPublic, AuditQuery
from roster.auth.deps import ActorDep, AdminDep
from roster.core.caching import ConditionalRoute
from roster.core.db import DatabaseDep, ReadSessionDep
from roster.core.errors import Forbidden, NotFound, NotSignedIn, problems
from roster.core.lines import AS_LINES, WantsLines, as_lines
from roster.core.paging import Page

router = APIRouter(prefix="/audit-events", route_class=ConditionalRoute, tags=["audit"])


async def get_chain(request: Request) -> Chain:
    chain: Chain = request.app.state.chain
    return chain


ChainDep = Annotated[Chain, Depends(get_chain)]


@router.get(
    "",
    summary="List what happened",
    response_model=Page[AuditEventPublic],
    responses={**AS_LINES, **problems(NotSignedIn, Forbidden, NotFound)},
)
async def list_audit_events(
    query: Annotated[AuditQuery, Query()],
    actor: ActorDep,
    session: ReadSessionDep,
    database: DatabaseDep,
    *,
    lines: WantsLines,
) -> Page[AuditEventPublic] | Response:
    """List events, newest first.

    Administrators see all, owners of a team what happened in it, and everybody what
    they did themselves.
    """
    if not lines:
        return await service.list_events(session, query, actor)
    team_id = await service.team_asked_for(session, query, actor)
    async with database.write() as writing:
        record(
            writing,
            "audit.exported",
            Target("audit", None, query.team or "", team_id),
            by=actor,
            details=query.model_dump(mode="json", exclude={"limit", "cursor"}),
        )
    events = service.export(database, service.conditions(query, actor, team_id))
    return as_lines(events, "audit-events")


@router.get(
    "/verify",
    summary="Verify the chain of audit events",
    responses=problems(NotSignedIn, Forbidden),
)
async def verify_audit_events(
    _admin: AdminDep, database: DatabaseDep, chain: ChainDep
) -> ChainReport:
    """Compare every event with what was sealed, and say where they first differ."""
    return await verify.verify(database, chain)
