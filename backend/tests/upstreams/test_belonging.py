"""What comes from a repository, as members of its team list it."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import select

from roster.core.db import Database
from roster.repositories.models import Repository, Taken, Upstream
from roster.teams.models import Team
from roster.users.models import User
from tests.components.conftest import agent_file, create
from tests.teams.conftest import make_team, put_member

COMMIT = "3f786850e387550fdab836ed7e6dc881de23001b"


@pytest.fixture
async def repository(bob: httpx.AsyncClient, database: Database) -> UUID:
    """One of a team of Bob's that three agents come from."""
    await make_team(bob, "harbour")
    agents = [await create(bob, "harbour", name) for name in ("pilot", "clerk", "crew")]
    async with database.write() as session:
        team = (await session.exec(select(Team).where(Team.slug == "harbour"))).one()
        user = (await session.exec(select(User).where(User.username == "bob"))).one()
        repository = Repository(
            team_id=team.id,
            url="https://git.example.org/harbour.git",
            created_by=user.id,
        )
        session.add(repository)
        await session.flush()
        for agent in agents:
            session.add(_upstream(repository, agent))
        return repository.id


def _upstream(repository: Repository, agent: dict[str, Any]) -> Upstream:
    return Upstream(
        component_id=UUID(agent["id"]),
        repository_id=repository.id,
        path=f"agents/{agent['name']}.md",
        taken=Taken.original,
        digest=agent["latest"]["digest"],
        number=1,
        base_digest=agent["latest"]["digest"],
        commit=COMMIT,
    )


async def test_members_page_through_what_comes_from_it(
    bob: httpx.AsyncClient, repository: UUID
) -> None:
    address = f"/repositories/{repository}/components"
    first = (await bob.get(address, params={"limit": 2})).json()
    rest = await bob.get(address, params={"limit": 2, "cursor": first["next_cursor"]})
    items = first["items"] + rest.json()["items"]
    names = [item["component"]["name"] for item in items]
    assert names == ["clerk", "crew", "pilot"]
    assert rest.json()["next_cursor"] is None
    assert items[0]["path"] == "agents/clerk.md"
    assert items[0]["state"] == "current"
    assert items[0]["component"]["team"]["slug"] == "harbour"
    assert not items[0]["has_local_changes"]


async def test_changes_made_here_show_and_deleted_ones_do_not(
    bob: httpx.AsyncClient, repository: UUID
) -> None:
    address = f"/repositories/{repository}/components"
    items = (await bob.get(address)).json()["items"]
    of = {item["component"]["name"]: item["component"]["id"] for item in items}
    changed = await bob.post(
        f"/components/{of['crew']}/revisions",
        json={"content": agent_file("crew", body="You row.\n")},
        headers={"If-Match": "*"},
    )
    assert changed.status_code == 201, changed.text
    gone = await bob.delete(f"/components/{of['clerk']}", headers={"If-Match": "*"})
    assert gone.status_code == 204, gone.text
    after = (await bob.get(address)).json()["items"]
    assert [
        (item["component"]["name"], item["has_local_changes"]) for item in after
    ] == [("crew", True), ("pilot", False)]


async def test_nobody_else_learns_of_it(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, repository: UUID, sign_up: Any
) -> None:
    eve = await sign_up("eve")
    address = f"/repositories/{repository}/components"
    for stranger in (ada, eve):
        assert (await stranger.get(address)).status_code == 404
    await put_member(bob, "eve", "viewer", "harbour")
    assert len((await eve.get(address)).json()["items"]) == 3
    missing = await bob.get(f"/repositories/{uuid4()}/components")
    assert missing.status_code == 404
