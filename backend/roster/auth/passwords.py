"""Hashing passwords, off the event loop and without hurting other requests."""

import asyncio
import os

from pydantic import SecretStr

from roster.auth.hashers import RETRY_SECONDS, Hasher, hasher_for
from roster.auth.hashing_errands import Errand, Verdict
from roster.auth.password_rules import normalised
from roster.core.errors import Unavailable
from roster.users.models import PASSWORD_MAX

MOST_WAITING = 64
"""Passwords that may wait for a hasher: about twenty seconds of them."""


def hashing_slots(cpus: int) -> int:
    """Leave a core to the event loop; a hash takes a whole one for a while."""
    return max(1, min(2, cpus - 1))


def _text(password: SecretStr) -> str:
    text = normalised(password.get_secret_value())
    # Normalising may lengthen it. The rules let no such password pass, so it is wrong.
    return text if len(text) <= PASSWORD_MAX else ""


class PasswordHasher:
    """Lets one password after the other have a hasher, in the order they come."""

    def __init__(self, rounds: int, *, most_waiting: int = MOST_WAITING) -> None:
        self._most_waiting = most_waiting
        self._waiting = 0
        slots = hashing_slots(os.cpu_count() or 1)
        self._slots = asyncio.Semaphore(slots)
        self._hashers: list[Hasher] = [hasher_for(rounds) for _ in range(slots)]

    async def hash(self, password: SecretStr) -> str:
        """Hash a password that the rules let pass.

        Raises:
            Unavailable: Too many wait already, or nothing can hash.
        """
        verdict = await self._done(Errand(_text(password), compares=False))
        if verdict.upgraded_hash is None:
            raise ValueError("A password without a hash.")
        return verdict.upgraded_hash

    async def verify(self, password: SecretStr, stored: str | None) -> Verdict:
        """Compare, at the same cost for a user that does not exist (no hash).

        Raises:
            Unavailable: Too many wait already, or nothing can hash.
        """
        return await self._done(Errand(_text(password), stored))

    async def _done(self, errand: Errand) -> Verdict:
        if self._waiting >= self._most_waiting:
            raise Unavailable(
                "Too many people are signing in at this moment; try again in "
                f"{RETRY_SECONDS} seconds.",
                headers={"Retry-After": str(RETRY_SECONDS)},
            )
        self._waiting += 1
        try:
            async with self._slots:
                # The one used last, so that the other one may rest.
                hasher = self._hashers.pop()
                try:
                    return await hasher.do(errand)
                finally:
                    self._hashers.append(hasher)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        for hasher in self._hashers:
            await hasher.close()
