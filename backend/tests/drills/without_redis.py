"""What still has to be right while Valkey is away, stuck, or was emptied."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
from redis.asyncio import Redis

from roster.auth.throttle import PASSWORD as RULE
from tests.drills.drilling import Drilling
from tests.drills.faults import killed, paused
from tests.drills.people import Person
from tests.drills.stand import SERVING, Stand

NAME = "without Valkey"
HEAR_SECONDS = 60.0
ASKED = 8
"""How often, over new connections, so that each process that serves is asked."""
REVOKED_SECONDS = 1.0


async def check(drills: Drilling) -> None:
    """Guess, listen, sign out and import in each of these times."""
    victim = "victim-of-all"
    stand = drills.stand
    await is_locked_out(stand, victim)
    async with emptied(stand):
        # What was counted is lost, and counted again.
        await is_locked_out(stand, victim)
        await is_told_and_signed_out(drills.people[0])
    async with killed("valkey")(stand):
        await is_locked_out(stand, "victim-meanwhile")
        await is_told_and_signed_out(drills.people[1])
        await drills.people[1].uploads()
    async with paused("valkey")(stand):
        await is_told_and_signed_out(drills.people[2])
        await drills.people[2].uploads()
    found = await drills.compare()
    assert not found, "\n".join(found)


@asynccontextmanager
async def emptied(stand: Stand) -> AsyncGenerator[None]:
    assert stand.valkey is not None
    async with Redis.from_url(stand.valkey.url.get_secret_value()) as client:
        await client.flushall()
    yield


async def is_locked_out(stand: Stand, name: str) -> None:
    """Guess until it is refused, which each process may do on its own at worst."""
    form = {"username": name, "password": "a wild guess"}
    most = SERVING * RULE.free + 1
    for _ in range(most):
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            url = f"{stand.api.url}/api/v1/auth/token"
            answer = await client.post(url, data=form)
        if answer.status_code == 429:
            assert int(answer.headers["retry-after"]) > 0
            return
        assert answer.status_code == 401, answer.text
    message = f"{most} guesses were let in."
    raise AssertionError(message)


async def is_told_and_signed_out(person: Person) -> None:
    """Hear of what they do, and then be refused everywhere once they signed out."""
    await person.sign_in()
    headers = {"Authorization": f"Bearer {person.token}"}
    async with (
        httpx.AsyncClient(trust_env=False, timeout=HEAR_SECONDS) as client,
        client.stream("GET", f"{person.url}/events", headers=headers) as stream,
    ):
        lines = stream.aiter_lines()
        async for line in lines:
            if line.startswith("event: ready"):
                break
        made = await person.creates()
        async with asyncio.timeout(HEAR_SECONDS):
            async for line in lines:
                if line.startswith("data:") and made in line:
                    assert json.loads(line.removeprefix("data:"))
                    break
    token = await person.signs_out()
    await asyncio.sleep(REVOKED_SECONDS)
    for _ in range(ASKED):
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            url = f"{person.url}/users/me"
            answer = await client.get(url, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, "a token works after its session ended"
