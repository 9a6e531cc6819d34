from typing import Annotated

from fastapi import APIRouter, Body, Response
from pydantic import MISSING

from roster.auth import addresses
from roster.auth.deps import CurrentUserDep, PersonDep
from roster.auth.limiting import MailLimitDep
from roster.core.caching import ConditionalRoute, IfMatch, require_match, version_tag
from roster.core.db import SessionDep
from roster.core.errors import NotSignedIn, Stale, TooManyRequests, problems
from roster.teams.models import UserMe
from roster.teams.service import describe_me
from roster.users import service
from roster.users.models import UserUpdate

router = APIRouter(
    prefix="/users",
    route_class=ConditionalRoute,
    tags=["users"],
    responses=problems(NotSignedIn),
)


@router.get("/me", summary="Read your own account")
async def read_me(
    user: CurrentUserDep, session: SessionDep, response: Response
) -> UserMe:
    response.headers["ETag"] = version_tag(service.version_of(user))
    return await describe_me(session, user)


@router.patch(
    "/me", summary="Change your own account", responses=problems(Stale, TooManyRequests)
)
async def update_me(
    data: Annotated[UserUpdate, Body(examples=[{"display_name": "Ada Lovelace"}])],
    user: CurrentUserDep,
    actor: PersonDep,
    session: SessionDep,
    limit: MailLimitDep,
    response: Response,
    if_match: IfMatch = None,
) -> UserMe:
    """Send the fields to change, and no others.

    Another e-mail address replaces the present one once the link was opened in the
    mail that goes to it.
    """
    if if_match is not None:
        require_match(if_match, service.version_of(user))
    user = await service.update(session, user, data, actor=actor)
    if data.email is not MISSING:
        if data.email != user.email:
            await limit.ask(data.email)
        await addresses.change(session, user, data.email)
    response.headers["ETag"] = version_tag(service.version_of(user))
    return await describe_me(session, user)
