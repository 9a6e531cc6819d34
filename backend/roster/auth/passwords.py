"""Hashing passwords, off the event loop and without hurting other requests."""

import asyncio
import os
import secrets
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, TypeVar

from passlib.context import CryptContext
from pydantic import SecretStr

from roster.auth.password_rules import normalised
from roster.core.errors import Unavailable
from roster.users.models import PASSWORD_MAX

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

CHEAPEST_ROUNDS = 4
NICENESS = 10
MOST_WAITING = 64
"""Passwords that may wait for a worker: about twenty seconds of them."""
RETRY_SECONDS = 5


def hashing_slots(cpus: int) -> int:
    """Leave a core to the event loop; a hash takes a whole one for a while."""
    return max(1, min(2, cpus - 1))


def _yield_to_others() -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


# Only on Linux has a thread a priority of its own.
_INITIALIZER = _yield_to_others if sys.platform == "linux" else None


def _text(password: SecretStr) -> str:
    text = normalised(password.get_secret_value())
    # Normalising may lengthen it. The rules let no such password pass, so it is wrong.
    return text if len(text) <= PASSWORD_MAX else ""


@dataclass(frozen=True)
class Verdict:
    correct: bool
    upgraded_hash: str | None = None
    """The password hashed anew, when the stored hash was made at another cost."""


class PasswordHasher:
    """bcrypt over SHA-256, so that long passwords count to their last byte."""

    def __init__(self, rounds: int, *, most_waiting: int = MOST_WAITING) -> None:
        self._most_waiting = most_waiting
        self._waiting = 0
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
        """Hash a password that the rules let pass.

        Raises:
            Unavailable: Too many wait already.
        """
        return await self._in_worker(self._context.hash, _text(password))

    async def verify(self, password: SecretStr, stored: str | None) -> Verdict:
        """Compare, at the same cost for a user that does not exist (no hash).

        Raises:
            Unavailable: Too many wait already.
        """
        return await self._in_worker(self._verify, _text(password), stored)

    async def _in_worker(
        self,
        work: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        if self._waiting >= self._most_waiting:
            raise Unavailable(
                "Too many people are signing in at this moment; try again in "
                f"{RETRY_SECONDS} seconds.",
                headers={"Retry-After": str(RETRY_SECONDS)},
            )
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            call = partial(work, *args, **kwargs)
            return await loop.run_in_executor(self._workers, call)
        finally:
            self._waiting -= 1

    def _verify(self, password: str, stored: str | None) -> Verdict:
        matches = self._context.verify(password, stored or self._nobody)
        if stored is None or not matches:
            return Verdict(correct=False)
        if self._context.needs_update(stored):
            return Verdict(correct=True, upgraded_hash=self._context.hash(password))
        return Verdict(correct=True)

    def close(self) -> None:
        self._workers.shutdown(wait=False, cancel_futures=True)
