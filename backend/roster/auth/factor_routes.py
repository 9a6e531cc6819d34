from typing import Annotated

from fastapi import APIRouter, Body, Response

from roster.auth import second_factor
from roster.auth.account_schemas import (
    CodeEntry,
    FactorsPublic,
    PasswordReentry,
    RecoveryCodes,
    TotpSetup,
)
from roster.auth.deps import CurrentUserDep, PersonDep
from roster.auth.password_change import ReentryDep
from roster.auth.second_factor import CipherDep
from roster.auth.throttle import REENTRY, Counter, ThrottleDep
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NotSignedIn,
    TooManyRequests,
    problems,
)
from roster.core.idempotency import GUESSABLE_BODY, SHOWN_ONCE, without_key

router = APIRouter(
    prefix="/auth/factors",
    route_class=ConditionalRoute,
    tags=["second factor"],
    responses=problems(NotSignedIn, Forbidden),
)

PASSWORD = {"password": "correct horse battery staple"}
AskedAgain = Annotated[PasswordReentry, Body(examples=[PASSWORD])]


def _not_to_be_kept(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"


@router.get("", summary="Read whether you have a second factor")
async def read_factors(actor: PersonDep, session: SessionDep) -> FactorsPublic:
    return await second_factor.describe(session, actor.id)


@router.post(
    "/totp",
    summary="Set a second factor up",
    responses=problems(Conflict, TooManyRequests),
)
@without_key(SHOWN_ONCE)
async def set_up_totp(
    data: AskedAgain,
    reentry: ReentryDep,
    session: SessionDep,
    cipher: CipherDep,
    response: Response,
) -> TotpSetup:
    """Make a seed for an app that shows codes.

    It counts once it was confirmed with a code. Asked for again before, it is
    replaced.
    """
    _not_to_be_kept(response)
    user = await reentry.prove(data.password)
    return await second_factor.set_up(session, user, cipher)


@router.post(
    "/totp/confirm",
    summary="Switch the second factor on",
    responses=problems(Conflict, TooManyRequests),
)
@without_key(SHOWN_ONCE)
async def confirm_totp(
    data: Annotated[CodeEntry, Body(examples=[{"code": "123456"}])],
    actor: PersonDep,
    user: CurrentUserDep,
    session: SessionDep,
    cipher: CipherDep,
    throttle: ThrottleDep,
    response: Response,
) -> RecoveryCodes:
    """Prove that the app shows the right codes, and get the recovery codes."""
    _not_to_be_kept(response)
    attempt = await throttle.enter([Counter(REENTRY, f"code\n{user.id}")])
    codes = await second_factor.confirm(
        session, user, data.code, cipher=cipher, by=actor
    )
    await attempt.right()
    return RecoveryCodes(recovery_codes=codes)


@router.post(
    "/totp/remove",
    status_code=204,
    summary="Switch the second factor off",
    responses=problems(TooManyRequests),
)
@without_key(GUESSABLE_BODY)
async def remove_totp(
    data: AskedAgain, reentry: ReentryDep, session: SessionDep
) -> None:
    """Sign in with the password alone again. The recovery codes are gone too."""
    user = await reentry.prove(data.password)
    await second_factor.remove(session, user, by=reentry.actor)


@router.post(
    "/recovery-codes",
    summary="Get new recovery codes",
    responses=problems(Conflict, TooManyRequests),
)
@without_key(SHOWN_ONCE)
async def replace_recovery_codes(
    data: AskedAgain, reentry: ReentryDep, session: SessionDep, response: Response
) -> RecoveryCodes:
    """Make ten new recovery codes; the ones before stop working."""
    _not_to_be_kept(response)
    user = await reentry.prove(data.password)
    codes = await second_factor.make_recovery_codes(session, user, by=reentry.actor)
    return RecoveryCodes(recovery_codes=codes)
