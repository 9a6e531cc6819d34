from typing import Annotated

from fastapi import APIRouter, Body, Query, Response, status

from roster.auth.deps import AdminDep
from roster.core.caching import ConditionalRoute, IfMatch, require_match, version_tag
from roster.core.db import SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NotFound,
    NotSignedIn,
    Stale,
    TooManyRequests,
    problems,
)
from roster.core.idempotency import SHOWN_ONCE, without_key
from roster.core.paging import Page, PageQuery
from roster.instance import service
from roster.instance.models import InstancePolicy, InstancePolicyUpdate
from roster.teams import invitations
from roster.teams.deps import InvitationId
from roster.teams.invitation_routes import DeliveryDep
from roster.teams.schemas import (
    InstanceInvitationCreate,
    InvitationCreated,
    InvitationPublic,
)

router = APIRouter(
    prefix="/instance",
    route_class=ConditionalRoute,
    tags=["instance"],
    responses=problems(NotSignedIn, Forbidden),
)


@router.get("/policy", summary="Read what administrators decided for this instance")
async def read_policy(
    _actor: AdminDep, session: SessionDep, settings: SettingsDep, response: Response
) -> InstancePolicy:
    response.headers["ETag"] = version_tag(await service.version(session))
    return await service.current(session, settings)


@router.patch(
    "/policy", summary="Decide for this instance", responses=problems(Stale, Conflict)
)
async def update_policy(
    data: Annotated[
        InstancePolicyUpdate, Body(examples=[{"registration": "invitation"}])
    ],
    actor: AdminDep,
    session: SessionDep,
    settings: SettingsDep,
    response: Response,
    if_match: IfMatch = None,
) -> InstancePolicy:
    """Change what is given; it counts from the next request on."""
    if if_match is not None:
        require_match(if_match, await service.version(session))
    policy = await service.change(session, settings, data, by=actor)
    response.headers["ETag"] = version_tag(await service.version(session))
    return policy


@router.get("/invitations", summary="List the invitations to make an account")
async def list_instance_invitations(
    query: Annotated[PageQuery, Query()], _actor: AdminDep, session: SessionDep
) -> Page[InvitationPublic]:
    return await invitations.page_of(session, None, query)


@router.post(
    "/invitations",
    summary="Invite somebody to make an account",
    status_code=status.HTTP_201_CREATED,
    responses=problems(Conflict, TooManyRequests),
)
@without_key(SHOWN_ONCE)
async def create_instance_invitation(
    data: Annotated[
        InstanceInvitationCreate, Body(examples=[{"email": "grace@example.org"}])
    ],
    actor: AdminDep,
    session: SessionDep,
    delivery: DeliveryDep,
    response: Response,
) -> InvitationCreated:
    """Invite by mail, where mail is set up and an address is given, or by a link.

    The link is shown this once.
    """
    made = await invitations.create(session, None, data, delivery, actor=actor)
    response.headers["Location"] = f"/api/v1/instance/invitations/{made.id}"
    response.headers["Cache-Control"] = "no-store"
    return made


@router.delete(
    "/invitations/{invitation_id}",
    summary="Revoke an invitation to make an account",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, Conflict),
)
async def revoke_instance_invitation(
    invitation_id: InvitationId, actor: AdminDep, session: SessionDep
) -> None:
    await invitations.revoke(session, None, invitation_id, actor=actor)
