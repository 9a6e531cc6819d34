"""What is in a deleted team is there no more, for anybody."""

from typing import Any

import httpx
import pytest
from sqlmodel import select

from roster.components.models import Component
from roster.core.db import Database
from tests.components.conftest import agent_file, create
from tests.teams.conftest import put_member


@pytest.mark.parametrize("visibility", ["private", "internal", "public"])
async def test_nobody_sees_its_components(
    bob: httpx.AsyncClient,
    eve: httpx.AsyncClient,
    ada: httpx.AsyncClient,
    database: Database,
    visibility: str,
) -> None:
    await put_member(bob, "eve", "editor")
    made: dict[str, Any] = await create(bob, "backend", visibility=visibility)
    await bob.delete("/teams/backend", params={"confirm": "backend"})

    for person in (bob, eve, ada):
        one = await person.get(f"/components/{made['id']}")
        listed = await person.get("/components", params={"count": True})
        searched = await person.get("/components", params={"q": "reviewer"})
        again = await person.post(
            "/agents", json={"team": "backend", "content": agent_file("tester")}
        )
        assert (one.status_code, again.status_code) == (404, 404)
        assert (listed.json()["items"], listed.json()["total"]) == ([], 0)
        assert searched.json()["items"] == []
    late = await bob.post(
        f"/components/{made['id']}/revisions",
        json={"content": agent_file(body="New.\n")},
        headers={"If-Match": "*"},
    )
    assert late.status_code == 404
    async with database.read() as session:
        kept = (await session.exec(select(Component.name))).all()
    assert kept == ["reviewer"]
