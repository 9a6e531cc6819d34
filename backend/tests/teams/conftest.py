"""Teams and their members, made as people make them."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.auth.models import TotpFactor
from roster.core.db import Database
from roster.core.model import utc_now
from roster.users.models import User

Events = Callable[[], Awaitable[list[tuple[str, str, str]]]]
AddFactor = Callable[[str], Awaitable[None]]


async def make_team(client: httpx.AsyncClient, slug: str = "backend") -> dict[str, Any]:
    answer = await client.post("/teams", json={"slug": slug, "name": slug.title()})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def put_member(
    owner: httpx.AsyncClient, username: str, role: str, team: str = "backend"
) -> httpx.Response:
    return await owner.put(f"/teams/{team}/members/{username}", json={"role": role})


async def change_team(
    client: httpx.AsyncClient, team: str = "backend", /, **changes: Any
) -> httpx.Response:
    """Change a team on top of whatever is there now."""
    present = await client.get(f"/teams/{team}")
    headers = {"If-Match": present.headers.get("etag", "*")}
    return await client.patch(f"/teams/{team}", json=changes, headers=headers)


async def invite(
    client: httpx.AsyncClient, team: str = "backend", **wanted: Any
) -> dict[str, Any]:
    body = {"role": "editor", **wanted}
    answer = await client.post(f"/teams/{team}/invitations", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def token_in(invitation: dict[str, Any]) -> str:
    page, _, token = invitation["link"].partition("#")
    assert page.endswith("/join")
    return str(token)


@pytest.fixture
def events(database: Database) -> Events:
    """Give what was recorded about teams: action, who did it, and to what."""

    async def read() -> list[tuple[str, str, str]]:
        async with database.read() as session:
            rows = await session.exec(select(AuditEvent).order_by(col(AuditEvent.id)))
        return [
            (event.action, event.actor_name, event.target_name)
            for event in rows
            if event.action.startswith(("team.", "member.", "invitation."))
        ]

    return read


@pytest.fixture
def add_factor(database: Database) -> AddFactor:
    """Give an account a second factor."""

    async def add(username: str) -> None:
        async with database.write() as session:
            found = await session.exec(select(User).where(User.username == username))
            factor = TotpFactor(
                user_id=found.one().id, secret="encrypted", confirmed_at=utc_now()
            )
            session.add(factor)

    return add


@pytest.fixture
async def team(ada: httpx.AsyncClient, bob: httpx.AsyncClient) -> dict[str, Any]:
    """A team that Bob owns; Ada, who administers, is no member."""
    return await make_team(bob)


@pytest.fixture
async def eve(team: dict[str, Any], sign_up: Any) -> httpx.AsyncClient:
    """A person in no team with the others."""
    client: httpx.AsyncClient = await sign_up("eve")
    return client
