"""The second factor: codes that change every half minute, and recovery codes.

The seed is encrypted at rest. A code is good for its own half minute and the ones
beside it, and never twice: the step of the newest one used is kept.
"""

import secrets
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pyotp
from fastapi import Depends, Request
from sqlalchemy import Uuid, delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.auth.account_schemas import FactorsPublic, TotpSetup
from roster.auth.models import RecoveryCode, TotpFactor
from roster.auth.setup import ALPHABET
from roster.auth.tokens import digest_of
from roster.core.actor import Actor
from roster.core.compiled import Asking
from roster.core.crypto import Cipher
from roster.core.direct import slot
from roster.core.errors import Conflict, Invalid
from roster.core.model import utc_now
from roster.jobs.service import enqueue
from roster.users.models import User

ISSUER = "Roster"
DIGITS = 6
RECOVERY_CODES = 10
GROUPS, GROUP_LENGTH = 4, 4


async def get_cipher(request: Request) -> Cipher:
    cipher: Cipher = request.app.state.cipher
    return cipher


CipherDep = Annotated[Cipher, Depends(get_cipher)]


def user_target(user: User) -> Target:
    return Target("user", user.id, user.username)


async def _factor(session: AsyncSession, user_id: UUID) -> TotpFactor | None:
    found = await session.exec(
        select(TotpFactor).where(TotpFactor.user_id == user_id).with_for_update()
    )
    return found.one_or_none()


_CONFIRMED = Asking(
    select(TotpFactor.id).where(
        TotpFactor.user_id == slot("user_id", Uuid()),
        col(TotpFactor.confirmed_at).is_not(None),
    )
)


async def is_on(session: AsyncSession, user_id: UUID) -> bool:
    return bool(await _CONFIRMED.rows(session, {"user_id": user_id}))


async def describe(session: AsyncSession, user_id: UUID) -> FactorsPublic:
    confirmed = await session.exec(
        select(TotpFactor.confirmed_at).where(TotpFactor.user_id == user_id)
    )
    left = await session.exec(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, col(RecoveryCode.used_at).is_(None))
    )
    return FactorsPublic(
        totp_confirmed_at=confirmed.one_or_none(), recovery_codes_left=left.one()
    )


async def set_up(session: AsyncSession, user: User, cipher: Cipher) -> TotpSetup:
    """Make a seed, which counts once it is confirmed with a code.

    Raises:
        Conflict: The account has a second factor.
    """
    factor = await _factor(session, user.id)
    if factor is not None and factor.confirmed_at is not None:
        raise Conflict("Your account has a second factor; remove it first.")
    secret = pyotp.random_base32()
    factor = factor or TotpFactor(user_id=user.id, secret="")
    factor.secret = cipher.encrypt(secret)
    factor.updated_at = utc_now()
    session.add(factor)
    await session.flush()
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER)
    # Few make one, and the half megabyte is for nothing else.
    import segno  # noqa: PLC0415 - see above

    picture = segno.make(uri, error="m").svg_inline(scale=4)
    return TotpSetup(secret=secret, uri=uri, qr_svg=picture)


async def confirm(
    session: AsyncSession, user: User, code: str, *, cipher: Cipher, by: Actor
) -> list[str]:
    """Switch the second factor on, and give the recovery codes.

    Raises:
        Conflict: None was set up, or it is on.
        Invalid: The code is wrong.
    """
    factor = await _factor(session, user.id)
    if factor is None or factor.confirmed_at is not None:
        raise Conflict("There is no second factor to confirm; set one up first.")
    if not accept_code(factor, code, cipher=cipher, now=utc_now()):
        raise Invalid.field(
            "code",
            "This code is wrong; send the one that your app shows now, and check "
            "that the clock of your phone is right.",
            "wrong_code",
        )
    factor.confirmed_at = utc_now()
    record(session, "totp.enabled", user_target(user), by=by)
    _notify(session, user)
    return await make_recovery_codes(session, user, by=by)


async def remove(session: AsyncSession, user: User, *, by: Actor) -> bool:
    """Switch the second factor off; tell whether it was on."""
    factor = await _factor(session, user.id)
    if factor is None:
        return False
    was_on = factor.confirmed_at is not None
    await session.delete(factor)
    await session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    if was_on:
        record(session, "totp.disabled", user_target(user), by=by)
        _notify(session, user)
    return was_on


def _notify(session: AsyncSession, user: User) -> None:
    enqueue(session, "mail.second_factor_changed", {"user_id": str(user.id)})


def _digest(user_id: UUID, code: str) -> str:
    bare = "".join(char for char in code.lower() if char in ALPHABET)
    return digest_of(f"{user_id}:{bare}")


async def make_recovery_codes(
    session: AsyncSession, user: User, *, by: Actor
) -> list[str]:
    """Replace all recovery codes by new ones.

    Raises:
        Conflict: There is no second factor that they could stand in for.
    """
    if not await is_on(session, user.id):
        raise Conflict("Set up a second factor first.")
    await session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    codes = [
        "-".join(
            "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH))
            for _ in range(GROUPS)
        )
        for _ in range(RECOVERY_CODES)
    ]
    session.add_all(
        RecoveryCode(user_id=user.id, digest=_digest(user.id, code)) for code in codes
    )
    record(session, "recovery_codes.made", user_target(user), by=by)
    await session.flush()
    return codes


def accept_code(
    factor: TotpFactor, code: str, *, cipher: Cipher, now: datetime
) -> bool:
    """Check a code of the app, and keep its step so that it is never good again."""
    given = "".join(code.split())
    totp = pyotp.TOTP(cipher.decrypt(factor.secret))
    present = totp.timecode(now)
    for step in (present - 1, present, present + 1):
        if factor.last_step is not None and step <= factor.last_step:
            continue
        if secrets.compare_digest(totp.generate_otp(step), given):
            factor.last_step = step
            factor.updated_at = now
            return True
    return False


async def accept(
    session: AsyncSession, user: User, given: str, *, cipher: Cipher, by: Actor
) -> bool:
    """Use a code of the app, or a recovery code, up."""
    factor = await _factor(session, user.id)
    if factor is None:
        return False
    now = utc_now()
    if given.isascii() and accept_code(factor, given, cipher=cipher, now=now):
        return True
    found = await session.exec(
        select(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.digest == _digest(user.id, given),
            col(RecoveryCode.used_at).is_(None),
        )
        .with_for_update()
    )
    recovery = found.one_or_none()
    if recovery is None:
        return False
    recovery.used_at = recovery.updated_at = now
    record(session, "recovery_code.used", user_target(user), by=by)
    return True
