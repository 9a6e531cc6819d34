"""What thirty people who sign in at once cost everybody else."""

import asyncio
import statistics
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import urlencode

from bench.client import Connection

PEOPLE = 30
API = "/api/v1"
PASSWORD = "a password for an hour"  # noqa: S105 - of accounts that are thrown away
FORM = {"content-type": "application/x-www-form-urlencoded"}
GOAL = 3.0
ROUNDS = 3


async def sign_in(connection: Connection, name: str) -> None:
    form = urlencode({"username": name, "password": PASSWORD}).encode()
    status, _, content = await connection.request(
        "POST", f"{API}/auth/token", FORM, form
    )
    if status != HTTPStatus.OK:
        message = f"{name} could not sign in: {status} {content.decode()}"
        raise RuntimeError(message)


async def make_people(port: int) -> list[str]:
    """Make accounts, each of which was signed in to from here before."""
    names = [f"person-{number}" for number in range(PEOPLE)]
    connection = await Connection.open(port)
    for name in names:
        account = {
            "username": name,
            "email": f"{name}@example.org",
            "password": PASSWORD,
        }
        await connection.json("POST", f"{API}/auth/register", {}, account)
        await sign_in(connection, name)
    await connection.close()
    return names


async def signing_in(
    port: int, names: list[str], reading: Callable[[], Awaitable[dict[str, float]]]
) -> tuple[float, int]:
    """Measure while all of them sign in again and again; count how often."""
    done = asyncio.Event()
    finished = 0

    async def keep_signing_in(name: str) -> None:
        nonlocal finished
        connection = await Connection.open(port)
        while not done.is_set():
            await sign_in(connection, name)
            finished += 1
        await connection.close()

    people = [asyncio.create_task(keep_signing_in(name)) for name in names]
    found = await reading()
    done.set()
    await asyncio.gather(*people)
    return found["p99_ms"], finished


async def compare(
    port: int, reading: Callable[[], Awaitable[dict[str, float]]]
) -> dict[str, float]:
    """Measure other requests by turns without sign-ins and while thirty go on.

    The medians of the rounds are compared: other programs disturb one of them.
    """
    names = await make_people(port)
    without, during, sign_ins = [], [], 0
    for _ in range(ROUNDS):
        without.append((await reading())["p99_ms"])
        slowed, finished = await signing_in(port, names, reading)
        during.append(slowed)
        sign_ins += finished
    before, after = statistics.median(without), statistics.median(during)
    ratio = round(after / before, 2)
    print(
        f"p99 under {PEOPLE} concurrent sign-ins ÷ p99 without: "
        f"{after} ms ÷ {before} ms = {ratio} (goal: ≤ {GOAL})"
    )
    return {
        "ratio": ratio,
        "goal": GOAL,
        "without_ms": before,
        "during_ms": after,
        "sign_ins": sign_ins,
    }
