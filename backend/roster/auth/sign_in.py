"""Signing in: the limits, the password, the second factor, in this order."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends
from pydantic import SecretStr
from sqlalchemy import Uuid
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.auth import second_factor, throttle
from roster.auth.deps import PasswordsDep
from roster.auth.hashing_errands import Verdict
from roster.auth.models import AuthSession, PasswordGrant
from roster.auth.passwords import PasswordHasher
from roster.auth.second_factor import CipherDep, user_target
from roster.auth.throttle import ThrottleDep
from roster.core.actor import Actor, Anonymous
from roster.core.compiled import Asking
from roster.core.crypto import Cipher
from roster.core.db import Database, DatabaseDep, SessionDep
from roster.core.direct import slot
from roster.core.errors import SecondFactorRequired, WrongCode, WrongCredentials
from roster.core.inserting import table_of
from roster.core.model import utc_now
from roster.users import service as users
from roster.users.models import User

KNOWN_FOR = timedelta(days=30)
WRONG = "The user name or the password is wrong."


@dataclass(frozen=True)
class Proven:
    """Who it is, beyond doubt."""

    user_id: UUID
    upgraded_hash: str | None
    """The password hashed anew, where the cost has changed."""


_ASKING_ADDRESSES = Asking(
    select(AuthSession.address)
    .where(
        AuthSession.user_id == slot("user_id", Uuid()),
        AuthSession.created_at > slot("since", table_of(AuthSession).c.created_at.type),
    )
    .distinct()
)


async def _is_known(session: AsyncSession, user_id: UUID, address: str) -> bool:
    """Tell whether an account was signed in from an address lately."""
    values = {"user_id": user_id, "since": utc_now() - KNOWN_FOR}
    found = await _ASKING_ADDRESSES.rows(session, values)
    network = throttle.network_of(address)
    return network in {throttle.network_of(one) for (one,) in found if one}


class SignIn:
    """Judges one request to sign in."""

    def __init__(
        self,
        database: Database,
        session: AsyncSession,
        passwords: PasswordHasher,
        throttle: throttle.Throttle,
        cipher: Cipher,
    ) -> None:
        self._database = database
        self._session = session
        self._passwords = passwords
        self._throttle = throttle
        self._cipher = cipher

    async def prove(self, grant: PasswordGrant, address: str) -> Proven:
        """Find who signs in.

        No connection is held while the password is hashed: many sign-ins at once
        must not keep the others from the database.

        Raises:
            TooManyRequests: Too many tries failed before this one.
            WrongCredentials: There is no such active user, or the password is wrong.
            SecondFactorRequired: A code is missing.
            WrongCode: The code is wrong.
        """
        async with self._database.read() as reading:
            user = await users.find_by_login(reading, grant.username)
            # Asked for an account that does not exist too: at the same cost.
            user_id = user.id if user else uuid4()
            known = await _is_known(reading, user_id, address)
        counters = throttle.password_counters(grant.username, address, known=known)
        attempt = await self._throttle.enter(counters)
        try:
            verdict = await self._passwords.verify(
                grant.password, user.password_hash if user else None
            )
        except BaseException:
            await attempt.undecided()
            raise
        if user is None or not user.is_active or not verdict.correct:
            self._note_failure(user, "password", address)
            raise WrongCredentials(WRONG, keep=True)
        upgraded_hash = await self._settle(user, verdict, grant.password, address)
        await attempt.right()
        if await second_factor.is_on(self._session, user.id):
            by = Actor(user.id, user.username, user.is_admin, address=address)
            await self._require_second_factor(user, grant.otp, known=known, by=by)
        return Proven(user.id, upgraded_hash)

    async def _settle(
        self, seen: User, verdict: Verdict, password: SecretStr, address: str
    ) -> str | None:
        """Lock the account, and judge anew if its password changed meanwhile.

        Else who knew the old one could come in after all sessions were ended, or put
        it back by a hash made anew. Only then is a connection held while hashing.
        """
        user = await users.lock(self._session, seen.id)
        if user is not None and user.password_hash != seen.password_hash:
            verdict = await self._passwords.verify(password, user.password_hash)
        if user is None or not user.is_active or not verdict.correct:
            self._note_failure(user, "password", address)
            raise WrongCredentials(WRONG, keep=True)
        return verdict.upgraded_hash

    async def _require_second_factor(
        self, user: User, otp: SecretStr | None, *, known: bool, by: Actor
    ) -> None:
        if otp is None:
            raise SecondFactorRequired(
                "Send the password again with the code that your app shows."
            )
        counters = throttle.code_counters(str(user.id), by.address, known=known)
        attempt = await self._throttle.enter(counters)
        given = otp.get_secret_value()
        if not await second_factor.accept(
            self._session, user, given, cipher=self._cipher, by=by
        ):
            self._note_failure(user, "second_factor", by.address)
            raise WrongCode(
                "This code is wrong or was used; send the next one that your app "
                "shows, or a recovery code.",
                keep=True,
            )
        await attempt.right()

    def _note_failure(self, user: User | None, step: str, address: str) -> None:
        record(
            self._session,
            "sign_in.failed",
            # What was typed as a name may be a password.
            user_target(user) if user else Target("user", None, ""),
            by=Anonymous(address),
            details={"step": step},
        )


async def get_sign_in(
    database: DatabaseDep,
    session: SessionDep,
    passwords: PasswordsDep,
    throttle: ThrottleDep,
    cipher: CipherDep,
) -> SignIn:
    return SignIn(database, session, passwords, throttle, cipher)


SignInDep = Annotated[SignIn, Depends(get_sign_in)]
