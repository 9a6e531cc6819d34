from typing import Annotated

from fastapi import APIRouter, Body

from roster.auth import password_change
from roster.auth.account_schemas import PasswordChange
from roster.auth.password_change import ReentryDep
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NotSignedIn,
    TooManyRequests,
    problems,
)
from roster.core.idempotency import GUESSABLE_BODY, without_key

router = APIRouter(
    prefix="/auth",
    route_class=ConditionalRoute,
    tags=["password"],
    responses=problems(NotSignedIn, Forbidden),
)

EXAMPLE = {
    "current_password": "correct horse battery staple",
    "new_password": "violet tram under seven bridges",
}


@router.post(
    "/password",
    status_code=204,
    summary="Change your password",
    responses=problems(Conflict, TooManyRequests),
)
@without_key(GUESSABLE_BODY)
async def change_password(
    data: Annotated[PasswordChange, Body(examples=[EXAMPLE])],
    reentry: ReentryDep,
    session: SessionDep,
) -> None:
    """Set a new password.

    All your other sessions end, and a mail tells you of it. API tokens go on.
    """
    await password_change.change(session, data, reentry)
