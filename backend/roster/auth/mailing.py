"""The mails about accounts: each job finds out whom to write to, and what.

What has become void since it was asked for is not sent. A mail to an address that
nobody has proved says nothing that its sender chose but the user name.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth import mail_tokens
from roster.auth.models import (
    ApiToken,
    AuthSession,
    MailPurpose,
    MailToken,
    PendingRegistration,
    TotpFactor,
)
from roster.core.model import utc_now
from roster.jobs.registry import JobKind, Run
from roster.mail.sending import mail_job, moment, send
from roster.users.models import User

WITHOUT_END = "without end"


def _addressed(user: User) -> dict[str, str]:
    return {"name": user.display_name or user.username, "username": user.username}


async def _user_with(session: AsyncSession, email: str) -> User | None:
    found = await session.exec(select(User).where(User.email == email))
    return found.one_or_none()


async def verify_email(run: Run) -> None:
    async with run.tools.database.write() as session:
        token = await session.get(
            MailToken, UUID(run.payload["mail_token_id"]), with_for_update=True
        )
        if token is None or token.used_at is not None:
            return
        owner = await _user_with(session, token.email)
        if owner is None or owner.id == token.user_id:
            user = await session.get_one(User, token.user_id)
            secret = mail_tokens.renew(token)
    if owner is not None and owner.id != token.user_id:
        await send(run, "already_registered", token.email, **_addressed(owner))
        return
    link = f"{run.tools.settings.app_url}/verify#{secret}"
    words = {"name": user.username, "username": user.username}
    await send(run, "verify_email", token.email, email=token.email, link=link, **words)


async def register(run: Run) -> None:
    async with run.tools.database.write() as session:
        pending = await session.get(
            PendingRegistration,
            UUID(run.payload["registration_id"]),
            with_for_update=True,
        )
        if pending is None or pending.token_id is None:
            return
        owner = await _user_with(session, pending.email)
        token = await session.get_one(MailToken, pending.token_id)
        secret = mail_tokens.renew(token)
        pending.expires_at = token.expires_at
        pending.updated_at = utc_now()
    if owner is not None:
        await send(run, "already_registered", owner.email, **_addressed(owner))
        return
    link = f"{run.tools.settings.app_url}/verify#{secret}"
    words = {"name": pending.username, "username": pending.username}
    await send(run, "register", pending.email, link=link, **words)


async def reset_password(run: Run) -> None:
    """Send a link to an address, if an account has it."""
    async with run.tools.database.write() as session:
        user = await _user_with(session, run.payload["email"])
        if user is None or not user.is_active:
            return
        await mail_tokens.end_all(session, MailPurpose.reset_password, user)
        secret = await mail_tokens.issue(session, MailPurpose.reset_password, user)
    link = f"{run.tools.settings.app_url}/reset#{secret}"
    await send(run, "reset_password", user.email, link=link, **_addressed(user))


async def account_reset(run: Run) -> None:
    """Send a link of its own beside the one that the administrator was given."""
    async with run.tools.database.write() as session:
        user = await session.get(User, UUID(run.payload["user_id"]))
        if user is None or not user.is_active:
            return
        secret = await mail_tokens.issue(session, MailPurpose.reset_password, user)
    link = f"{run.tools.settings.app_url}/reset#{secret}"
    await send(run, "account_reset", user.email, link=link, **_addressed(user))


async def email_changed(run: Run) -> None:
    async with run.tools.database.read() as session:
        user = await session.get(User, UUID(run.payload["user_id"]))
    if user is not None:
        words = {"when": moment(user.updated_at), **_addressed(user)}
        await send(run, "email_changed", run.payload["email"], **words)


Facts = Callable[[AsyncSession, User, Run], Awaitable[dict[str, Any] | None]]


def _notice(kind: str, facts: Facts) -> JobKind:
    """Make a notice to the person whom it is about, unless there is nothing to say."""

    async def notify(run: Run) -> None:
        async with run.tools.database.read() as session:
            user = await session.get(User, UUID(run.payload["user_id"]))
            if user is None:
                return
            words = await facts(session, user, run)
        if words is not None:
            await send(run, kind, user.email, **_addressed(user), **words)

    return mail_job(kind, notify)


async def _session(session: AsyncSession, _user: User, run: Run) -> dict[str, Any]:
    family = await session.get_one(AuthSession, UUID(run.payload["session_id"]))
    return {
        "device": family.device,
        "address": family.address or "unknown",
        "when": moment(family.ended_at or family.created_at),
    }


async def _password(_session: AsyncSession, user: User, _run: Run) -> dict[str, Any]:
    return {"when": moment(user.updated_at)}


async def _token(session: AsyncSession, _user: User, run: Run) -> dict[str, Any] | None:
    token = await session.get(ApiToken, UUID(run.payload["token_id"]))
    if token is None:
        return None
    return {
        "token": token.name,
        "scopes": ", ".join(token.scopes),
        "teams": "all of yours" if token.team_ids is None else "only chosen ones",
        "expires": moment(token.expires_at) if token.expires_at else WITHOUT_END,
    }


async def _factor(session: AsyncSession, user: User, _run: Run) -> dict[str, Any]:
    found = await session.exec(
        select(TotpFactor).where(
            TotpFactor.user_id == user.id, col(TotpFactor.confirmed_at).is_not(None)
        )
    )
    factor = found.first()
    when = factor.confirmed_at if factor and factor.confirmed_at else utc_now()
    return {"state": "on" if factor else "off", "when": moment(when)}


JOBS = [
    mail_job("verify_email", verify_email),
    mail_job("register", register),
    mail_job("reset_password", reset_password),
    mail_job("account_reset", account_reset),
    mail_job("email_changed", email_changed),
    _notice("session_reused", _session),
    _notice("new_device", _session),
    _notice("password_changed", _password),
    _notice("token_made", _token),
    _notice("token_expires", _token),
    _notice("second_factor_changed", _factor),
]
