"""The password of who is signed in: asked for again, or changed."""

from typing import Annotated

from fastapi import Depends
from pydantic import SecretStr
from sqlmodel import col, update

from roster.audit.service import record
from roster.auth import password_rules, sessions
from roster.auth.account_schemas import PasswordChange
from roster.auth.deps import PasswordsDep, PersonDep
from roster.auth.models import EndReason, MailPurpose, MailToken
from roster.auth.second_factor import user_target
from roster.auth.throttle import REENTRY, Counter, ThrottleDep
from roster.core.db import DatabaseDep, SessionDep
from roster.core.errors import Conflict, Invalid
from roster.core.model import utc_now
from roster.jobs.service import enqueue
from roster.users.models import User


class Reentry:
    """Asks for the password again: a stolen access token is not enough."""

    def __init__(
        self,
        actor: PersonDep,
        database: DatabaseDep,
        session: SessionDep,
        passwords: PasswordsDep,
        throttle: ThrottleDep,
    ) -> None:
        self.actor = actor
        self.passwords = passwords
        self._database = database
        self._session = session
        self._throttle = throttle

    async def prove(self, password: SecretStr, *, field: str = "password") -> User:
        """Give the account as it was read, its password having been right.

        Raises:
            Invalid: It was wrong; the error stands at `field`.
            TooManyRequests: It was wrong too often.
        """
        # No connection is held while the password is hashed.
        async with self._database.read() as reading:
            user = await reading.get_one(User, self.actor.id)
        attempt = await self._throttle.enter([Counter(REENTRY, str(user.id))])
        try:
            verdict = await self.passwords.verify(password, user.password_hash)
        except BaseException:
            await attempt.undecided()
            raise
        if verdict.correct:
            await attempt.right()
            return user
        record(
            self._session,
            "sign_in.failed",
            user_target(user),
            by=self.actor,
            details={"step": "reentry"},
        )
        wrong = Invalid.field(field, "This is not your password.", "wrong_password")
        wrong.keep = True
        raise wrong


ReentryDep = Annotated[Reentry, Depends()]


async def change(session: SessionDep, data: PasswordChange, reentry: Reentry) -> None:
    """Set a new password, and end all sessions but this one.

    Raises:
        Invalid: The current one is wrong, or the new one too easy to guess.
        Conflict: It was changed at the same moment.
    """
    actor = reentry.actor
    user = await reentry.prove(data.current_password, field="current_password")
    password_rules.check(
        data.new_password,
        username=user.username,
        email=user.email,
        field="new_password",
    )
    new_hash = await reentry.passwords.hash(data.new_password)
    now = utc_now()
    changed = await session.exec(
        update(User)
        .where(col(User.id) == user.id, col(User.password_hash) == user.password_hash)
        .values(password_hash=new_hash, updated_at=now)
    )
    if not changed.rowcount:
        raise Conflict("Your password was changed just now; try again.")
    # Links to set another one stop working too.
    await session.exec(
        update(MailToken)
        .where(
            col(MailToken.user_id) == user.id,
            col(MailToken.purpose) == MailPurpose.reset_password,
            col(MailToken.used_at).is_(None),
        )
        .values(used_at=now)
    )
    await sessions.end_all(
        session, user.id, EndReason.password, by=actor, but=actor.session_id
    )
    record(session, "password.changed", user_target(user), by=actor)
    enqueue(session, "mail.password_changed", {"user_id": str(user.id)})
