"""What is live: nothing that is recorded of these things is forgotten."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

import roster
from roster.core.actor import Actor
from roster.live.catalogue import ACTIONS, FOR_MEMBERS, NOT_LIVE, SUBJECTS
from roster.repositories.service import take
from tests.components.conftest import agent_file, create, publish
from tests.live.conftest import Seal
from tests.live.wire import Stream
from tests.services.apps import do_jobs_of
from tests.teams.conftest import make_team, put_member

PACKAGE = Path(roster.__file__).parent
THINGS = "component|revision|label|promotion|collection|release|policy|team|member"


def recorded() -> set[str]:
    """Every action of these things that the source names."""
    found = {
        action
        for path in PACKAGE.rglob("*.py")
        if path.parent.name != "live"
        for action in re.findall(rf'"((?:{THINGS})\.[a-z_]+)"', path.read_text())
    }
    assert len(found) > 20
    return found


def test_every_action_is_live_or_said_not_to_be() -> None:
    assert recorded() <= set(ACTIONS) | NOT_LIVE
    assert set(ACTIONS) >= FOR_MEMBERS
    assert NOT_LIVE.isdisjoint(ACTIONS)


async def done(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def open_promotion(ada: httpx.AsyncClient, made: dict[str, Any]) -> None:
    policy = {"who_may_move": "editor", "approvals": 1, "checks": [], "frozen": False}
    await done(
        await ada.put(
            "/teams/backend/policy/labels/stable",
            json=policy,
            headers={"If-None-Match": "*"},
        )
    )
    await done(
        await ada.post(
            f"/components/{made['id']}/promotions",
            json={"label": "stable", "number": 1, "message": "Good."},
        )
    )


async def test_no_hidden_release_is_told_of(
    app: FastAPI, ada: httpx.AsyncClient, bob: httpx.AsyncClient, seal: Seal
) -> None:
    await seal()
    async with Stream(app, ada) as stream:
        begin = (await stream.begin()).position
    await make_team(ada)
    kept = await create(ada, "backend", "kept", visibility="internal")
    hidden = await create(ada, "backend", "hidden", visibility="internal")
    body = {"team": "backend", "name": "all", "visibility": "internal"}
    kit = await done(await ada.post("/collections", json=body))
    place, state = f"/collections/{kit['id']}", {"If-Match": "*"}
    for members in ([kept, hidden], [kept]):
        entries = [{"component_id": one["id"]} for one in members]
        await done(
            await ada.put(f"{place}/entries", json={"entries": entries}, headers=state)
        )
        await done(await ada.post(f"{place}/releases", json={}, headers=state))

    async def told(client: httpx.AsyncClient) -> list[int]:
        found: list[int] = []
        async with Stream(app, client, begin, "follow=false") as stream:
            await stream.begin()
            while len(found) == 0 or found[-1] != 2:
                event = await stream.event()
                if event["action"] == "release.made":
                    found.append(event["details"]["number"])
        activity = (await done(await client.get("/stats")))["activity"]
        shown = [one for one in activity if one["action"] == "release.made"]
        assert [one["details"]["number"] for one in shown] == found[::-1]
        return found

    await seal()
    assert await told(bob) == [1, 2]
    await done(
        await ada.patch(
            f"/components/{hidden['id']}",
            json={"visibility": "private"},
            headers=state,
        )
    )
    assert await told(bob) == [2]
    assert await told(ada) == [1, 2]


async def add_repository(app: FastAPI, made: dict[str, Any]) -> None:
    """Let who made a component add a repository to its team."""
    author = made["latest"]["author"]
    actor = Actor(UUID(author["id"]), author["username"], is_admin=False)
    async with app.state.database.write() as session:
        await take(
            session,
            UUID(made["team"]["id"]),
            "https://git.example.org/kit.git",
            "",
            "",
            None,
            cipher=app.state.cipher,
            actor=actor,
        )


async def import_one(client: httpx.AsyncClient) -> None:
    file = ("files", ("a.md", agent_file("imported")))
    taken = await done(
        await client.post("/imports", data={"team": "backend"}, files=[file])
    )
    await do_jobs_of(client)
    await done(
        await client.post(f"/imports/{taken['id']}/apply", headers={"If-Match": "*"})
    )
    await do_jobs_of(client)


async def test_each_kind_of_target_is_told_of(
    app: FastAPI, ada: httpx.AsyncClient, bob: httpx.AsyncClient, seal: Seal
) -> None:
    await seal()
    async with Stream(app, ada) as stream:
        begin = (await stream.begin()).position
    await make_team(ada)
    await put_member(ada, "bob", "viewer")
    made = await create(ada, "backend", "reviewer")
    await open_promotion(ada, made)
    await done(await ada.post("/collections", json={"team": "backend", "name": "all"}))
    await import_one(ada)
    await add_repository(app, made)
    again = agent_file("reviewer", body="Again.\n")
    assert (await publish(ada, made, again)).status_code == 201
    await seal()

    async def told(client: httpx.AsyncClient) -> dict[str, tuple[str, str]]:
        found = {}
        async with Stream(app, client, begin, "follow=false") as stream:
            await stream.begin()
            while True:
                event = await stream.event()
                found[event["action"]] = (
                    event["target"]["kind"],
                    event["target"]["name"],
                )
                if event["action"] == "revision.published":
                    return found

    assert await told(ada) == {
        "team.created": ("team", "backend"),
        "member.added": ("user", "bob"),
        "component.created": ("component", "agent:backend/imported"),
        "policy.changed": ("team", "backend"),
        "promotion.opened": ("promotion", "agent:backend/reviewer@stable"),
        "collection.created": ("collection", "backend/all"),
        "import.applied": ("import", "upload"),
        "repository.added": ("repository", "https://git.example.org/kit.git"),
        "revision.published": ("component", "agent:backend/reviewer"),
    }
    assert {kind for kind, _ in (await told(ada)).values()} == set(SUBJECTS)
    # Imports are for those who edit.
    assert set(await told(ada)) - set(await told(bob)) == {"import.applied"}
