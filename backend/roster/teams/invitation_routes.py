"""Invitations into a team, and what their links are good for."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Response, status

from roster.auth.deps import CurrentUserDep, PersonDep
from roster.auth.throttle import ThrottleDep
from roster.core.caching import ConditionalRoute
from roster.core.db import ReadSessionDep, SessionDep
from roster.core.deps import AppAddressDep, SettingsDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NotFound,
    NotSignedIn,
    TooManyRequests,
    problems,
)
from roster.core.idempotency import NOBODY_YET, SHOWN_ONCE, without_key
from roster.core.paging import Page, PageQuery
from roster.teams import accepting, invitations
from roster.teams.deps import InvitationId, ManagedTeam, OverseenTeam
from roster.teams.models import TeamMembership
from roster.teams.schemas import (
    InvitationCreate,
    InvitationCreated,
    InvitationDetails,
    InvitationPublic,
    InvitationToken,
)

router = APIRouter(
    prefix="/{team}/invitations",
    route_class=ConditionalRoute,
    responses=problems(Forbidden, NotFound),
)
links = APIRouter(
    prefix="/invitations", route_class=ConditionalRoute, tags=["invitations"]
)

NEW_INVITATION = {"role": "editor", "email": "grace@example.org"}
GIVEN_TOKEN = {"token": "what-follows-the-hash-of-the-link"}


async def get_delivery(
    settings: SettingsDep, address: AppAddressDep, throttle: ThrottleDep
) -> invitations.Delivery:
    return invitations.Delivery(
        by_mail=settings.smtp_url is not None,
        page=f"{address}/join",
        throttle=throttle,
    )


DeliveryDep = Annotated[invitations.Delivery, Depends(get_delivery)]


@router.get("", summary="List the invitations into a team")
async def list_invitations(
    query: Annotated[PageQuery, Query()], team: OverseenTeam, session: SessionDep
) -> Page[InvitationPublic]:
    return await invitations.page_of(session, team, query)


@router.post(
    "",
    summary="Invite somebody into a team",
    status_code=status.HTTP_201_CREATED,
    responses=problems(Conflict, TooManyRequests),
)
@without_key(SHOWN_ONCE)
async def create_invitation(
    data: Annotated[InvitationCreate, Body(examples=[NEW_INVITATION])],
    team: ManagedTeam,
    actor: PersonDep,
    session: SessionDep,
    delivery: DeliveryDep,
    response: Response,
) -> InvitationCreated:
    """Invite by mail, where mail is set up and an address is given, or by a link.

    The link is shown this once.
    """
    made = await invitations.create(session, team, data, delivery, actor=actor)
    response.headers["Location"] = f"/api/v1/teams/{team.slug}/invitations/{made.id}"
    response.headers["Cache-Control"] = "no-store"
    return made


@router.delete(
    "/{invitation_id}",
    summary="Revoke an invitation",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(Conflict),
)
async def revoke_invitation(
    invitation_id: InvitationId,
    team: ManagedTeam,
    actor: PersonDep,
    session: SessionDep,
) -> None:
    await invitations.revoke(session, team, invitation_id, actor=actor)


@links.post(
    "/inspect",
    summary="Read what an invitation is for",
    responses=problems(NotFound),
)
@without_key(NOBODY_YET)
async def inspect_invitation(
    data: Annotated[InvitationToken, Body(examples=[GIVEN_TOKEN])],
    session: ReadSessionDep,
    response: Response,
) -> InvitationDetails:
    response.headers["Cache-Control"] = "no-store"
    return await accepting.inspect(session, data.token.get_secret_value())


@links.post(
    "/accept",
    summary="Accept an invitation into a team",
    responses=problems(NotSignedIn, Forbidden, NotFound, Conflict),
)
async def accept_invitation(
    data: Annotated[InvitationToken, Body(examples=[GIVEN_TOKEN])],
    user: CurrentUserDep,
    actor: PersonDep,
    session: SessionDep,
) -> TeamMembership:
    """Join the team; it works once.

    An invitation that was sent to an address is for the account with that address.
    """
    token = data.token.get_secret_value()
    return await accepting.join(session, user, token, actor=actor)
