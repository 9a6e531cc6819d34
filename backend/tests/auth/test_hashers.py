import asyncio
import io
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from roster.auth.hashers import HashingError, HashingProcess
from roster.auth.hashing import Scheme, serve
from roster.auth.hashing_errands import Errand
from roster.core.errors import Unavailable

ROUNDS = 4
PASSWORD = "correct horse battery"
HASH = Scheme(ROUNDS).hash(PASSWORD)
LONG = 60.0
"""Enough for a process that runs only while others do not."""


@asynccontextmanager
async def hashing(
    *,
    patience: float = LONG,
    rest: float = LONG,
    program: tuple[str, ...] = ("-m", "roster.auth.hashing"),
) -> AsyncGenerator[HashingProcess]:
    hasher = HashingProcess(ROUNDS, patience=patience, rest=rest, program=program)
    try:
        yield hasher
    finally:
        await hasher.close()


def pid_of(hasher: HashingProcess) -> int:
    assert hasher._process is not None
    return hasher._process.pid


async def test_a_process_hashes_and_compares() -> None:
    async with hashing() as hasher:
        made = await hasher.do(Errand(PASSWORD, compares=False))
        stored = made.upgraded_hash

        assert stored is not None
        assert (await hasher.do(Errand(PASSWORD, stored))).correct
        assert not (await hasher.do(Errand("wrong", stored))).correct
        assert not (await hasher.do(Errand(PASSWORD))).correct


async def test_nothing_is_started_before_it_is_needed() -> None:
    async with hashing() as hasher:
        assert hasher._process is None


async def test_it_runs_while_nothing_else_does() -> None:
    async with hashing() as hasher:
        await hasher.do(Errand(PASSWORD, HASH))

        if sys.platform == "linux":
            assert os.sched_getscheduler(pid_of(hasher)) == os.SCHED_IDLE
        else:  # which have no such scheduling
            assert os.getpriority(os.PRIO_PROCESS, pid_of(hasher)) > 0


async def test_one_that_does_not_get_to_run_is_replaced_for_a_while() -> None:
    async with hashing() as hasher:
        await hasher.do(Errand(PASSWORD, HASH))
        first = pid_of(hasher)
        os.kill(first, signal.SIGSTOP)
        hasher._patience = 0.1

        assert (await hasher.do(Errand(PASSWORD, HASH))).correct
        second = pid_of(hasher)
        assert second != first
        assert os.getpriority(os.PRIO_PROCESS, second) > 0
        assert not (await hasher.do(Errand("wrong", HASH))).correct
        assert pid_of(hasher) == second

        hasher._hurries_until, hasher._patience = 0.0, LONG
        assert (await hasher.do(Errand(PASSWORD, HASH))).correct
        assert pid_of(hasher) != second


async def test_one_that_was_killed_is_replaced() -> None:
    async with hashing() as hasher:
        for _ in range(3):
            assert (await hasher.do(Errand(PASSWORD, HASH))).correct
            os.kill(pid_of(hasher), signal.SIGKILL)


async def test_one_that_ended_by_itself_is_replaced_by_its_like() -> None:
    async with hashing() as hasher:
        await hasher.do(Errand(PASSWORD, HASH))
        process = hasher._process
        assert process is not None
        process.kill()
        await process.wait()

        assert (await hasher.do(Errand(PASSWORD, HASH))).correct
        assert hasher._scheduling == "idle"


async def test_nobody_gets_the_answer_to_a_question_that_was_given_up() -> None:
    async with hashing() as hasher:
        await hasher.do(Errand(PASSWORD, HASH))
        given_up = asyncio.create_task(hasher.do(Errand(PASSWORD, HASH)))
        await asyncio.sleep(0)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up

        assert not (await hasher.do(Errand("wrong", HASH))).correct


ALWAYS_RIGHT = (
    "import sys\n"
    "for line in sys.stdin:\n"
    '    said = \'{"number": 0, "correct": true, "upgraded_hash": null}\'\n'
    "    print(said, flush=True)\n"
)


@pytest.mark.parametrize("text", ["pass", "print('{}')", ALWAYS_RIGHT])
async def test_what_answers_something_else_lets_nobody_in(text: str) -> None:
    async with hashing(program=("-c", text)) as hasher:
        with pytest.raises(Unavailable) as refused:
            await hasher.do(Errand(PASSWORD, HASH))

    assert refused.value.headers["Retry-After"] == "5"


async def test_what_is_no_hash_is_nobodys_and_ends_no_process() -> None:
    async with hashing() as hasher:
        with pytest.raises(HashingError, match="UnknownHashError"):
            await hasher.do(Errand(PASSWORD, "no hash"))
        before = pid_of(hasher)

        assert (await hasher.do(Errand(PASSWORD, HASH))).correct
        assert pid_of(hasher) == before


async def test_it_goes_when_nothing_was_asked_for_a_while() -> None:
    async with hashing(rest=0.05) as hasher:
        await hasher.do(Errand(PASSWORD, HASH))
        process = hasher._process
        assert process is not None
        await process.wait()

        assert (await hasher.do(Errand(PASSWORD, HASH))).correct


async def test_it_ends_with_what_it_reads_from() -> None:
    async with hashing() as hasher:
        await hasher.do(Errand(PASSWORD, HASH))
        process = hasher._process
        assert process is not None
        assert process.stdin is not None
        process.stdin.close()

        assert await process.wait() == 0


def test_each_line_is_answered_under_its_number() -> None:
    lines = [
        json.dumps({"number": 7, "password": PASSWORD, "stored": HASH}).encode(),
        json.dumps({"number": 9, "password": PASSWORD, "stored": "no hash"}).encode(),
    ]
    written = io.BytesIO()
    serve(ROUNDS, lines, written)

    first, second = map(json.loads, written.getvalue().splitlines())
    assert first == {"number": 7, "correct": True, "upgraded_hash": None}
    assert second == {"number": 9, "error": "UnknownHashError"}
