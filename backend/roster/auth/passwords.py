"""Hashing passwords, off the event loop and without hurting other requests."""

import asyncio
import os
import secrets
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from passlib.context import CryptContext
from pydantic import SecretStr

CHEAPEST_ROUNDS = 4
NICENESS = 10


def hashing_slots(cpus: int) -> int:
    """Leave a core to the event loop; a hash takes a whole one for a while."""
    return max(1, min(2, cpus - 1))


def _yield_to_others() -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


# Only on Linux has a thread a priority of its own.
_INITIALIZER = _yield_to_others if sys.platform == "linux" else None


@dataclass(frozen=True)
class Verdict:
    correct: bool
    upgraded_hash: str | None = None
    """The password hashed anew, when the stored hash was made at another cost."""


class PasswordHasher:
    """bcrypt over SHA-256, so that long passwords count to their last byte."""

    def __init__(self, rounds: int) -> None:
        self._context = CryptContext(["bcrypt_sha256"], bcrypt_sha256__rounds=rounds)
        # Right in form, at the same cost, and of no password: what is checked when
        # there is no such user. Only its cost matters, so it need not be computed.
        cheap = self._context.using(bcrypt_sha256__rounds=CHEAPEST_ROUNDS)
        self._nobody = cheap.hash(secrets.token_hex()).replace(
            f"r={CHEAPEST_ROUNDS}$", f"r={rounds}$"
        )
        self._workers = ThreadPoolExecutor(
            hashing_slots(os.cpu_count() or 1), "hashing", initializer=_INITIALIZER
        )

    async def hash(self, password: SecretStr) -> str:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._workers, self._context.hash, password.get_secret_value()
        )

    async def verify(self, password: SecretStr, stored: str | None) -> Verdict:
        """Compare, at the same cost for a user that does not exist (no hash)."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._workers, self._verify, password.get_secret_value(), stored
        )

    def _verify(self, password: str, stored: str | None) -> Verdict:
        matches = self._context.verify(password, stored or self._nobody)
        if stored is None or not matches:
            return Verdict(correct=False)
        if self._context.needs_update(stored):
            return Verdict(correct=True, upgraded_hash=self._context.hash(password))
        return Verdict(correct=True)

    def close(self) -> None:
        self._workers.shutdown(wait=False, cancel_futures=True)
