"""Registering, proving an address, and a new password by mail."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Body, Response

from roster.auth import addresses, mail_tokens, password_reset, password_rules, setup
from roster.auth.deps import AddressDep, CurrentUserDep, PasswordsDep
from roster.auth.limiting import MailLimitDep, RegistrationLimit
from roster.auth.models import MailPurpose
from roster.auth.registration_schemas import (
    EmailVerification,
    EmailVerified,
    PasswordResetAsked,
    PasswordResetConfirmation,
    PasswordResetRequest,
    Registered,
)
from roster.auth.throttle import ThrottleDep
from roster.core.caching import ConditionalRoute
from roster.core.db import DatabaseDep, SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NameTaken,
    NotFound,
    NotSignedIn,
    RegistrationClosed,
    TooManyRequests,
    problems,
)
from roster.core.idempotency import NOBODY_YET, without_key
from roster.teams import pending, registration
from roster.users.models import UserCreate

router = APIRouter(prefix="/auth", route_class=ConditionalRoute, tags=["auth"])

NEW_ACCOUNT = {
    "username": "ada",
    "email": "ada@example.org",
    "password": "correct horse battery staple",
    "display_name": "Ada Lovelace",
}
LINK = {"token": "AyAomV6MVIvPKf6TGNGo-wR6bFbyhoIT7mXvBSWKdnM"}


@router.post(
    "/register",
    status_code=201,
    summary="Make an account",
    dependencies=[RegistrationLimit],
    responses=problems(
        NameTaken, RegistrationClosed, Conflict, NotFound, TooManyRequests
    ),
)
@without_key(NOBODY_YET)
async def register(
    data: Annotated[UserCreate, Body(examples=[NEW_ACCOUNT])],
    settings: SettingsDep,
    database: DatabaseDep,
    session: SessionDep,
    passwords: PasswordsDep,
    address: AddressDep,
    limit: MailLimitDep,
    response: Response,
    background: BackgroundTasks,
) -> Registered:
    """Make an account and its personal team.

    The first account of an instance needs the setup code that was printed when it
    started, and administers the instance. Where mail is set up other accounts are
    made when the link in a mail was opened; the answer is the same whether or not an
    account has the address.
    """
    admission = await registration.admit(settings, database, data)
    password_rules.check(data.password, username=data.username, email=data.email)
    if settings.smtp_url is not None and not (admission.first or admission.proved):
        await limit.ask(data.email)
        waiting = await pending.find(database, data)
        await pending.hold(
            session, passwords, data, waiting=waiting, invitation=admission.invitation
        )
        return Registered(username=data.username, next="verify_email")
    password_hash = await passwords.hash(data.password)
    await registration.register(
        session, data, password_hash, admission, address=address
    )
    if admission.first:
        # After the commit: until then the code must stay good.
        background.add_task(setup.forget_code, settings)
    response.headers["Location"] = "/api/v1/users/me"
    return Registered(username=data.username, next="sign_in")


@router.post(
    "/verify-email",
    summary="Prove that an e-mail address is yours",
    responses=problems(NotFound, NameTaken, RegistrationClosed, Conflict),
)
@without_key(NOBODY_YET)
async def verify_email(
    data: Annotated[EmailVerification, Body(examples=[LINK])],
    settings: SettingsDep,
    session: SessionDep,
    address: AddressDep,
) -> EmailVerified:
    """Send the secret of a link that came by mail.

    It makes the account that waited for it, or gives an account the address that the
    mail was sent to.
    """
    token = await mail_tokens.find(
        session,
        data.token.get_secret_value(),
        MailPurpose.register,
        MailPurpose.verify_email,
    )
    if token.purpose is MailPurpose.register:
        user = await pending.complete(session, settings, token, address=address)
    else:
        user = await addresses.prove(session, token, address=address)
    return EmailVerified(username=user.username)


@router.post(
    "/verify-email/resend",
    status_code=204,
    summary="Send the mail with the link to prove your address again",
    responses=problems(NotSignedIn, Forbidden, TooManyRequests),
)
async def resend_verification(
    user: CurrentUserDep, session: SessionDep, limit: MailLimitDep
) -> None:
    """Mail it to the new address that you gave, or else to the present one.

    The links of mails before stop working. A proved address gets none.
    """
    recipient = await addresses.to_be_proved(session, user)
    if recipient is not None:
        await limit.ask(recipient)
        await addresses.ask_for_proof(session, user, recipient)


@router.post(
    "/password-reset",
    status_code=202,
    summary="Ask for a mail to set a new password",
    responses=problems(TooManyRequests),
)
@without_key(NOBODY_YET)
async def ask_for_password_reset(
    data: Annotated[
        PasswordResetRequest, Body(examples=[{"email": "ada@example.org"}])
    ],
    session: SessionDep,
    limit: MailLimitDep,
) -> PasswordResetAsked:
    """A link is sent if an account has this address; the answer never tells."""
    await limit.ask(data.email)
    password_reset.ask(session, data.email)
    return PasswordResetAsked(email=data.email)


@router.post(
    "/password-reset/confirm",
    status_code=204,
    summary="Set a new password with the link of a mail",
    responses=problems(NotFound),
)
@without_key(NOBODY_YET)
async def confirm_password_reset(
    data: Annotated[
        PasswordResetConfirmation,
        Body(examples=[LINK | {"new_password": NEW_ACCOUNT["password"]}]),
    ],
    database: DatabaseDep,
    session: SessionDep,
    passwords: PasswordsDep,
    throttle: ThrottleDep,
    address: AddressDep,
) -> None:
    """All sessions of the account end. A second factor stays on."""
    secret = data.token.get_secret_value()
    password_hash = await password_reset.hash_for(
        database, passwords, secret, data.new_password
    )
    await password_reset.confirm(
        session, throttle, secret, password_hash, address=address
    )
