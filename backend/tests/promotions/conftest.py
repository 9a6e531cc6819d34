"""A team whose members decide together what is in production."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.components.models import Yank
from roster.core.db import Database
from tests.components.conftest import agent_file, create
from tests.conftest import SignUp
from tests.teams.conftest import make_team, put_member

POLICY = "/teams/platform/policy/labels/production"
ANY = {"If-Match": "*"}
Events = Callable[[], Awaitable[list[tuple[str, str, dict[str, Any]]]]]


@dataclass
class Crew:
    """Ada owns the team and published all revisions; Bob, Cleo and Dora edit."""

    ada: httpx.AsyncClient
    bob: httpx.AsyncClient
    cleo: httpx.AsyncClient
    dora: httpx.AsyncClient
    eve: httpx.AsyncClient
    """In no team with the others."""
    id: str
    """Of an agent with three revisions."""
    database: Database

    @property
    def base(self) -> str:
        return f"/components/{self.id}"

    async def protect(self, **policy: Any) -> None:
        """Protect the label production, or change how."""
        present = await self.ada.get("/teams/platform/policy")
        there = any(one["label"] == "production" for one in present.json()["labels"])
        headers = ANY if there else {"If-None-Match": "*"}
        answer = await self.ada.put(POLICY, json=policy, headers=headers)
        assert answer.status_code == 200, answer.text

    async def open(
        self, number: int = 2, label: str = "production", **changes: Any
    ) -> "Promotion":
        """Bob asks for the label to be moved."""
        body = {"label": label, "number": number, "message": "It asks first."}
        answer = await self.bob.post(
            f"{self.base}/promotions", json={**body, **changes}
        )
        assert answer.status_code == 201, answer.text
        return Promotion(self, answer.json())

    async def label(self, name: str = "production") -> int | None:
        listed = (await self.ada.get(f"{self.base}/labels")).json()["items"]
        return next((one["number"] for one in listed if one["name"] == name), None)

    async def move(self, number: int, label: str = "production") -> httpx.Response:
        """Move a label at once."""
        return await self.bob.put(
            f"{self.base}/labels/{label}", json={"number": number}, headers=ANY
        )

    async def publish(self, client: httpx.AsyncClient, body: str) -> int:
        answer = await client.post(
            f"{self.base}/revisions",
            json={"content": agent_file(body=body)},
            headers=ANY,
        )
        assert answer.status_code == 201, answer.text
        number: int = answer.json()["number"]
        return number

    async def yank(self, number: int) -> None:
        user = (await self.ada.get("/users/me")).json()
        async with self.database.write() as session:
            session.add(
                Yank(
                    component_id=UUID(self.id),
                    number=number,
                    reason="It loops.",
                    yanked_by=UUID(user["id"]),
                )
            )


@dataclass
class Promotion:
    crew: Crew
    seen: dict[str, Any]
    """As it was answered last."""

    @property
    def path(self) -> str:
        return f"/promotions/{self.seen['id']}"

    async def read(self, client: httpx.AsyncClient | None = None) -> dict[str, Any]:
        answer = await (client or self.crew.ada).get(self.path)
        assert answer.status_code == 200, answer.text
        self.seen = answer.json()
        assert answer.headers["etag"].startswith(self.seen["etag"].rstrip('"') + "-")
        return self.seen

    async def do(
        self, client: httpx.AsyncClient, verb: str, body: Any = None
    ) -> httpx.Response:
        """Do something with it, as it was read last."""
        headers = {"If-Match": self.seen["etag"]}
        answer = await client.post(f"{self.path}/{verb}", json=body, headers=headers)
        if answer.is_success:
            self.seen = answer.json()
        return answer

    async def change(self, client: httpx.AsyncClient, **body: Any) -> httpx.Response:
        headers = {"If-Match": self.seen["etag"]}
        answer = await client.patch(self.path, json=body, headers=headers)
        if answer.is_success:
            self.seen = answer.json()
        return answer

    async def approve(self, *clients: httpx.AsyncClient) -> None:
        for client in clients:
            answer = await self.do(client, "approve")
            assert answer.status_code == 200, answer.text

    def lapsed(self) -> dict[str, str | None]:
        return {
            voice["user"]["username"]: voice["lapsed"] for voice in self.seen["voices"]
        }

    def blocked_by(self) -> list[str]:
        return [blocker["code"] for blocker in self.seen["blockers"]]


@pytest.fixture
async def crew(ada: httpx.AsyncClient, sign_up: SignUp, database: Database) -> Crew:
    await make_team(ada, "platform")
    people = {name: await sign_up(name) for name in ("bob", "cleo", "dora", "eve")}
    for name in ("bob", "cleo", "dora"):
        await put_member(ada, name, "editor", "platform")
    agent = await create(ada, "platform")
    made = Crew(ada=ada, id=agent["id"], database=database, **people)
    assert [await made.publish(ada, f"{part}.\n") for part in "ab"] == [2, 3]
    return made


@pytest.fixture
def events(database: Database) -> Events:
    """Give what was recorded of promotions and labels: action, who, details."""

    async def read() -> list[tuple[str, str, dict[str, Any]]]:
        async with database.read() as session:
            rows = await session.exec(select(AuditEvent).order_by(col(AuditEvent.id)))
        return [
            (event.action, event.actor_name, event.details)
            for event in rows
            if event.action.startswith(("promotion.", "label."))
        ]

    return read
