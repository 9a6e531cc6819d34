from typing import Annotated

from fastapi import APIRouter, Body, Depends, Response
from pydantic import MISSING

from roster.auth import addresses
from roster.auth.deps import CurrentUserDep, PersonDep
from roster.auth.limiting import MailLimitDep
from roster.auth.password_change import ReentryDep
from roster.core.caching import ConditionalRoute, IfMatch, require_match, version_tag
from roster.core.db import SessionDep
from roster.core.errors import Invalid, NotSignedIn, Stale, TooManyRequests, problems
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


async def changes_to_me(
    data: Annotated[UserUpdate, Body(examples=[{"display_name": "Ada Lovelace"}])],
    reentry: ReentryDep,
) -> UserUpdate:
    """Ask for the password where the address changes.

    Before the account is locked: nobody waits for a hash.

    Raises:
        Invalid: The password is missing or wrong.
    """
    if data.email is MISSING:
        return data
    if data.current_password is MISSING:
        raise Invalid.field(
            "current_password", "Enter your password to change the address.", "missing"
        )
    await reentry.prove(data.current_password, field="current_password")
    return data


ChangesDep = Annotated[UserUpdate, Depends(changes_to_me)]


@router.patch(
    "/me",
    summary="Change your own account",
    responses=problems(Stale, TooManyRequests),
)
async def update_me(
    data: ChangesDep,
    user: CurrentUserDep,
    actor: PersonDep,
    session: SessionDep,
    limit: MailLimitDep,
    response: Response,
    if_match: IfMatch = None,
) -> UserMe:
    """Send the fields to change, and no others.

    Another e-mail address needs your password, and replaces the present one once the
    link was opened in the mail that goes to it.
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
