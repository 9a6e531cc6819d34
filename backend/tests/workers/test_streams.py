"""A stream of a job goes on where it was cut, also by the death of its server."""

import contextlib
import json
from uuid import UUID

import httpx
from sqlmodel import select

from roster.users.models import User
from tests.conftest import PASSWORD, SETUP_CODE
from tests.services.postgres import free_port
from tests.workers.conftest import Begin, Program, Table, client_of, served_at

BATCHES = 40
CUTS = (10, 20)
"""How many messages to read until a connection is cut."""


async def signed_in(client: httpx.AsyncClient) -> dict[str, str]:
    account = {"username": "ada", "password": PASSWORD}
    more = {"email": "ada@example.org", "setup_code": SETUP_CODE}
    made = await client.post("/auth/register", json=account | more)
    assert made.is_success, made.text
    token = (await client.post("/auth/token", data=account)).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


class Reader:
    """Reads a job's stream as a browser does."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers
        self.batches: list[str] = []
        self.has_ended = False

    async def read(
        self, client: httpx.AsyncClient, job_id: UUID, messages: int | None = None
    ) -> None:
        """Read so many messages, or to the end."""
        path = f"/jobs/{job_id}/events"
        with contextlib.suppress(httpx.TransportError):
            async with client.stream("GET", path, headers=self.headers) as stream:
                assert stream.status_code == 200
                fields: dict[str, str] = {}
                async for line in stream.aiter_lines():
                    if line:
                        name, _, value = line.partition(": ")
                        fields[name] = value
                        continue
                    self._hear(fields)
                    fields = {}
                    if messages is not None and (messages := messages - 1) <= 0:
                        return

    def _hear(self, fields: dict[str, str]) -> None:
        self.headers["Last-Event-ID"] = fields["id"]
        self.has_ended |= fields.get("event") == "end"
        if fields.get("event") == "line":
            message = json.loads(fields["data"])["message"]
            if message.startswith("Batch"):
                self.batches.append(message)


async def restarted(server: Program, table: Table, port: int) -> None:
    await server.kill()
    await table.time_passes()
    await server.start()
    await served_at(port)


async def test_each_line_is_told_once(table: Table, begin: Begin) -> None:
    port = free_port()
    server = await begin("serve", str(port), run_jobs=None)
    await served_at(port)
    async with client_of(port) as client:
        reader = Reader(await signed_in(client))
        async with table.database.read() as session:
            user_id = (await session.exec(select(User.id))).one()
        job_id = await table.ask(user_id=user_id, batches=BATCHES, pause=0.05)

        for messages in CUTS:
            await reader.read(client, job_id, messages)
        await restarted(server, table, port)
        while not reader.has_ended:
            await reader.read(client, job_id)

    await table.is_whole(job_id, BATCHES)
    assert reader.batches == [f"Batch {number + 1}" for number in range(BATCHES)]
