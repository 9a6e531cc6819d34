"""What thirty people who sign in at once cost everybody else."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import urlencode

from bench.client import Connection

PEOPLE = 30
API = "/api/v1"
PASSWORD = "a password for an hour"  # noqa: S105 - of accounts that are thrown away
FORM = {"content-type": "application/x-www-form-urlencoded"}
GOAL = 3.0


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


async def compare(
    port: int, reading: Callable[[], Awaitable[dict[str, float]]]
) -> dict[str, float]:
    """Measure other requests without sign-ins, and while thirty go on all the time."""
    names = await make_people(port)
    without = await reading()
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
    during = await reading()
    done.set()
    await asyncio.gather(*people)
    ratio = round(during["p99_ms"] / without["p99_ms"], 2)
    print(
        f"p99 under {PEOPLE} concurrent sign-ins ÷ p99 without: "
        f"{during['p99_ms']} ms ÷ {without['p99_ms']} ms = {ratio} (goal: ≤ {GOAL})"
    )
    return {
        "ratio": ratio,
        "goal": GOAL,
        "without_ms": without["p99_ms"],
        "during_ms": during["p99_ms"],
        "sign_ins": finished,
    }
