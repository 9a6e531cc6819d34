"""The one way by which the value of a secret comes out, once for each reason.

Whether it does or not, the audit has it: a refusal is stored before it is raised.
"""

import math
from datetime import timedelta
from typing import NoReturn

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.models import AuditEvent
from roster.components.models import Component
from roster.components.trail import Happening, tell
from roster.core.actor import Actor, Scope
from roster.core.crypto import Cipher, NotOpenedError
from roster.core.errors import (
    Conflict,
    Forbidden,
    NotFound,
    Problem,
    ScopeMissing,
    SecretDetached,
    TooManyRequests,
)
from roster.core.model import utc_now
from roster.secrets.models import Secret, SecretRevealed
from roster.secrets.sealing import is_attached, unseal
from roster.secrets.service import find
from roster.teams.access import Verb, may, role_in
from roster.users.models import User

PER_HOUR = 10
"""Values that one person gets to see, of all servers together."""
HOUR = timedelta(hours=1)
REVEALED, REFUSED = "secret.revealed", "secret.reveal_refused"


class Reveal:
    """One request for the value of a secret."""

    def __init__(
        self,
        session: AsyncSession,
        component: Component,
        key: str,
        reason: str,
        *,
        actor: Actor,
    ) -> None:
        self._session = session
        self._component = component
        self._key = key
        self._reason = reason
        self._actor = actor

    async def carry_out(self, cipher: Cipher) -> SecretRevealed:
        """Show the value.

        Raises:
            Forbidden: The actor does not own the team, or lacks the scope.
            TooManyRequests: The actor was shown too many in the last hour.
            NotFound: There is no such secret.
            SecretDetached: It is for something else than what the server does now.
            Conflict: What is stored cannot be opened.
        """
        await self._require_rights()
        await self._require_patience()
        secret = await find(self._session, self._component.id, self._key)
        if secret is None:
            await self._refuse("missing", NotFound("The server has no such secret."))
        if not is_attached(secret, self._component):
            await self._refuse(
                "detached",
                SecretDetached(
                    "The command or address of the server was changed after this "
                    "value was written. An owner can write it again, and thereby "
                    "trust the new one with it."
                ),
            )
        value = await self._opened(secret, cipher)
        await self._tell(REVEALED)
        return SecretRevealed(key=self._key, value=value)

    async def _require_rights(self) -> None:
        role = await role_in(self._session, self._actor, self._component.team_id)
        if not may(role, Verb.manage):
            await self._refuse(
                "role", Forbidden("Only owners of the team reveal secrets.")
            )
        if Scope.reveal_secrets not in self._actor.scopes:
            needed = f"This needs an API token with the scope {Scope.reveal_secrets}."
            await self._refuse("scope", ScopeMissing(needed))

    async def _require_patience(self) -> None:
        # Of two requests at once the second one counts the first.
        mine = select(User.id).where(User.id == self._actor.id)
        await self._session.exec(mine.with_for_update())
        now = utc_now()
        rows = await self._session.exec(
            select(AuditEvent.created_at)
            .where(
                AuditEvent.actor_id == self._actor.id,
                AuditEvent.action == REVEALED,
                AuditEvent.created_at > now - HOUR,
            )
            .order_by(col(AuditEvent.id).desc())
            .limit(PER_HOUR)
        )
        shown = rows.all()
        if len(shown) == PER_HOUR:
            wait = max(1, math.ceil((min(shown) + HOUR - now).total_seconds()))
            await self._refuse(
                "limit",
                TooManyRequests(
                    f"You were shown {PER_HOUR} secrets in the last hour; wait "
                    f"{wait} seconds.",
                    headers={"Retry-After": str(wait)},
                ),
            )

    async def _opened(self, secret: Secret, cipher: Cipher) -> str:
        try:
            return unseal(cipher, secret, self._component)
        except NotOpenedError:
            await self._refuse(
                "not opened",
                Conflict(
                    "What is stored was not written for this server, or with a key "
                    "that this instance has no more. Write the value again."
                ),
            )

    async def _refuse(self, why: str, problem: Problem) -> NoReturn:
        await self._tell(REFUSED, why=why)
        problem.keep = True
        raise problem from None

    async def _tell(self, action: str, **more: str) -> None:
        details = {"key": self._key, "reason": self._reason, **more}
        happening = Happening(action, self._component, details)
        await tell(self._session, [happening], by=self._actor)
