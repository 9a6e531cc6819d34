"""Hashes of passwords, and the process that makes them.

    python -m roster.auth.hashing ROUNDS SCHEDULING

It takes one errand a line on standard input, answers each with a line, and knows
nothing else of the instance. When its parent ends it ends too, because standard input
does.
"""

import json
import os
import secrets
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from typing import IO

from passlib.context import CryptContext

from roster.auth.hashing_errands import Errand, Scheduling, Verdict

CHEAPEST_ROUNDS = 4
NICENESS = 10


class Scheme:
    """bcrypt over SHA-256, so that long passwords count to their last byte."""

    def __init__(self, rounds: int) -> None:
        self._context = CryptContext(["bcrypt_sha256"], bcrypt_sha256__rounds=rounds)
        # Right in form, at the same cost, and of no password: what is checked when
        # there is no such user. Only its cost matters, so it need not be computed.
        cheap = self._context.using(bcrypt_sha256__rounds=CHEAPEST_ROUNDS)
        self._nobody = cheap.hash(secrets.token_hex()).replace(
            f"r={CHEAPEST_ROUNDS}$", f"r={rounds}$"
        )

    def hash(self, password: str) -> str:
        return self._context.hash(password)

    def verify(self, password: str, stored: str | None) -> Verdict:
        """Compare, at the same cost for a user that does not exist (no hash)."""
        matches = self._context.verify(password, stored or self._nobody)
        if stored is None or not matches:
            return Verdict(correct=False)
        if self._context.needs_update(stored):
            return Verdict(correct=True, upgraded_hash=self.hash(password))
        return Verdict(correct=True)

    def do(self, errand: Errand) -> Verdict:
        if errand.compares:
            return self.verify(errand.password, errand.stored)
        return Verdict(correct=True, upgraded_hash=self.hash(errand.password))


def answer(scheme: Scheme, line: bytes) -> bytes:
    """Do what a line says; what goes wrong is told by its name alone."""
    told = json.loads(line)
    said: dict[str, object] = {"number": told.pop("number")}
    try:
        said |= asdict(scheme.do(Errand(**told)))
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent raises it
        said["error"] = type(error).__name__
    return json.dumps(said).encode() + b"\n"


def serve(rounds: int, errands: Iterable[bytes], answers: IO[bytes]) -> None:
    scheme = Scheme(rounds)
    for line in errands:
        answers.write(answer(scheme, line))
        answers.flush()


def step_back(scheduling: Scheduling) -> None:
    """Let others run first, as far as this system knows how."""
    if scheduling == "idle" and hasattr(os, "SCHED_IDLE"):
        # A container may forbid it.
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
            return
    os.nice(NICENESS)


def main() -> None:
    rounds, scheduling = sys.argv[1:]
    step_back("idle" if scheduling == "idle" else "nice")
    # Ctrl+C in a terminal is for the parent, which ends this one.
    with suppress(KeyboardInterrupt):
        serve(int(rounds), sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
