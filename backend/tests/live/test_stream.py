"""Who is told what over GET /events, and when a stream ends."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, select, update

from roster.audit.models import AuditEvent
from roster.auth.models import ApiToken
from roster.core.db import Database
from roster.core.model import utc_now
from roster.live import hub as live
from roster.live.listeners import MOST_PER_USER
from tests.components.conftest import agent_file, create, publish
from tests.live.conftest import Seal, seal_all
from tests.live.wire import Stream
from tests.teams.conftest import make_team, put_member


async def make_token(
    client: httpx.AsyncClient, **wanted: Any
) -> tuple[str, httpx.AsyncClient]:
    answer = await client.post("/auth/tokens", json={"name": "CI", **wanted})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    bearer = httpx.AsyncClient(headers={"Authorization": f"Bearer {made['token']}"})
    return made["id"], bearer


async def show(client: httpx.AsyncClient, component: dict[str, Any], to: str) -> None:
    answer = await client.patch(
        f"/components/{component['id']}",
        json={"visibility": to},
        headers={"If-Match": "*"},
    )
    assert answer.status_code == 200, answer.text


async def test_what_happens_is_told_as_it_is_now(
    app: FastAPI, ada: httpx.AsyncClient, seal: Seal
) -> None:
    async with Stream(app, ada) as stream:
        await seal()
        assert (await stream.begin()).said == "ready"
        made = await create(ada, "ada", "reviewer")
        again = agent_file("reviewer", body="Again.\n")
        assert (await publish(ada, made, again)).status_code == 201
        await seal()
        first = await stream.event()
        second = await stream.event()

    assert first["action"] == "component.created"
    assert second == {
        "id": second["id"],
        "at": second["at"],
        "action": "revision.published",
        "actor": {"username": "ada"},
        "target": {
            "kind": "component",
            "id": made["id"],
            "name": "agent:ada/reviewer",
        },
        "team": "ada",
        "details": {"number": 2},
    }


async def test_nobody_hears_of_what_they_may_not_see(
    app: FastAPI,
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    seal: Seal,
) -> None:
    await seal()
    async with Stream(app, bob) as stream:
        began = await stream.begin()
        hidden = await create(ada, "ada", "hidden")
        shut = await create(ada, "ada", "shut", visibility="internal")
        seen = await create(ada, "ada", "seen", visibility="internal")
        await seal()
        # Not `hidden`, or it would come first.
        assert (await stream.event())["target"]["id"] == shut["id"]
        assert (await stream.event())["target"]["id"] == seen["id"]

        await ada.delete(f"/components/{seen['id']}", headers={"If-Match": "*"})
        await show(ada, shut, "private")
        await show(ada, hidden, "internal")
        await seal()
        # Both are about the same: that it was made is no secret any more either.
        assert (await stream.event())["target"]["id"] == hidden["id"]

    # Who comes back is told only of what they may see by now.
    async with Stream(app, bob, began.position, "follow=false") as stream:
        assert (await stream.begin()).said == "ready"
        told = [(await stream.event())["action"] for _ in range(2)]
        await stream.until_over()
    assert told == ["component.created", "component.visibility_changed"]

    async with Stream(app, ada, began.position, "follow=false") as stream:
        await stream.begin()
        told = [(await stream.event())["action"] for _ in range(6)]
        await stream.until_over()
    assert "component.deleted" in told


async def test_members_hear_of_their_team_and_everybody_of_themselves(
    app: FastAPI, ada: httpx.AsyncClient, bob: httpx.AsyncClient, seal: Seal
) -> None:
    await make_team(ada)
    await seal()
    async with Stream(app, bob) as stream:
        await stream.begin()
        renamed = await ada.patch(
            "/teams/backend", json={"name": "Back"}, headers={"If-Match": "*"}
        )
        assert renamed.status_code == 200, renamed.text
        assert (await put_member(ada, "bob", "viewer")).status_code < 300
        await seal()
        told = await stream.event()
        # Bob is in the team by now, so the change before is no secret to him.
        assert told["action"] in {"team.changed", "member.added"}
        while told["action"] != "member.added":
            told = await stream.event()
        assert told["target"]["name"] == "bob"
        assert (told["team"], told["details"]) == ("backend", {"role": "viewer"})
        gone = await ada.delete("/teams/backend/members/bob")
        assert gone.status_code == 204, gone.text
        await ada.patch(
            "/teams/backend", json={"name": "End"}, headers={"If-Match": "*"}
        )
        made = await create(bob, "bob")
        await seal()
        assert (await stream.event())["action"] == "member.removed"
        assert (await stream.event())["target"]["id"] == made["id"]


async def test_a_token_hears_only_of_its_teams(
    app: FastAPI, ada: httpx.AsyncClient, seal: Seal
) -> None:
    await make_team(ada)
    _, limited = await make_token(ada, scopes=["read"], teams=["backend"])
    await seal()
    async with limited, Stream(app, limited) as stream:
        await stream.begin()
        await create(ada, "ada", "elsewhere", visibility="public")
        within = await create(ada, "backend", "within")
        await seal()
        assert (await stream.event())["target"]["id"] == within["id"]


async def test_nothing_is_lost_or_doubled_by_coming_back(
    app: FastAPI, ada: httpx.AsyncClient, database: Database
) -> None:
    """Writers commit in any order, and the line is cut again and again."""
    await seal_all(app)
    made = [await create(ada, "ada", f"agent-{number}") for number in range(4)]
    await seal_all(app)
    async with Stream(app, ada) as stream:
        position = (await stream.begin()).position
    writing = True

    async def write(component: dict[str, Any]) -> None:
        for number in range(4):
            body = agent_file(component["name"], body=f"{number}\n")
            assert (await publish(ada, component, body)).status_code == 201

    async def sealing() -> None:
        while writing:
            await seal_all(app)
            await asyncio.sleep(0)
        await seal_all(app)

    heard: list[str] = []

    async def listen() -> None:
        nonlocal position
        while len(heard) < 16:
            async with Stream(app, ada, position) as stream:
                assert (await stream.begin()).said == "ready"
                for _ in range(min(3, 16 - len(heard))):
                    told = await stream.told()
                    assert told.said == "event", told
                    heard.append(told.data["id"])
                    position = told.position

    listening = asyncio.create_task(listen())
    at_work = asyncio.create_task(sealing())
    await asyncio.gather(*(write(component) for component in made))
    writing = False
    await at_work
    await asyncio.wait_for(listening, 60)

    async with database.read() as session:
        rows = await session.exec(
            select(AuditEvent)
            .where(AuditEvent.action == "revision.published")
            .order_by(col(AuditEvent.seq))
        )
        assert heard == [str(event.id) for event in rows]


@pytest.mark.parametrize("how", ["sign out", "expiry", "revoked token"])
async def test_a_stream_ends_with_what_it_was_opened_with(
    app: FastAPI, ada: httpx.AsyncClient, how: str, database: Database
) -> None:
    if how == "revoked token":
        token_id, client = await make_token(ada, scopes=["read"])
    else:
        token_id, client = "", httpx.AsyncClient(headers=ada.headers)
    if how == "expiry":
        given = ada.headers["authorization"].removeprefix("Bearer ")
        claims = app.state.tokens.read_access(given)
        short = app.state.tokens.access(
            claims.user_id, claims.session_id, timedelta(seconds=3)
        )
        client.headers["authorization"] = f"Bearer {short}"
    async with client, Stream(app, client) as stream:
        await stream.begin()
        if how == "sign out":
            await ada.post("/auth/logout")
        elif how == "revoked token":
            async with database.write() as session:
                await session.exec(
                    update(ApiToken)
                    .where(col(ApiToken.id) == UUID(token_id))
                    .values(revoked_at=utc_now())
                )
        await stream.until_over()


async def test_who_may_not_listen(
    app: FastAPI, ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    assert (await anonymous.get("/events")).status_code == 401
    _, writer = await make_token(ada, scopes=["write"])
    anonymous.headers["Authorization"] = writer.headers["Authorization"]
    assert (await anonymous.get("/events")).status_code == 403
    await writer.aclose()

    streams = [Stream(app, ada) for _ in range(MOST_PER_USER)]
    for stream in streams:
        await stream.__aenter__()
        await stream.begin()
    refused = await ada.get("/events", params={"follow": "false"})
    assert refused.status_code == 429
    assert refused.headers["retry-after"]
    await streams[0].hang_up()
    assert (await ada.get("/events", params={"follow": "false"})).status_code == 200
    for stream in streams[1:]:
        await stream.hang_up()


async def test_who_was_away_too_long_is_told_to_load_again(
    app: FastAPI, ada: httpx.AsyncClient, database: Database
) -> None:
    made = await create(ada, "ada")
    await seal_all(app)
    async with Stream(app, ada) as stream:
        position = (await stream.begin()).position
    for strange in ("17", "%%%", "A" * 54, position[:-2] + "AA"):
        async with Stream(app, ada, strange) as stream:
            assert (await stream.begin()).said == "reset"

    async with database.write() as session:
        session.add_all(
            AuditEvent(
                action="label.moved",
                target_kind="component",
                target_id=UUID(made["id"]),
                details={"label": "production", "number": number, "secret": [1]},
            )
            for number in range(live.MOST_TOLD + 1)
        )
    await seal_all(app)
    async with Stream(app, ada, position) as stream:
        assert (await stream.begin()).said == "ready"
        told = await stream.told()
        while told.said == "event":
            assert set(told.data["details"]) == {"label", "number"}
            told = await stream.told()
        assert told.said == "reset"

    app.state.hub.pace = replace(app.state.hub.pace, remember_seconds=-1.0)
    async with Stream(app, ada, position) as stream:
        assert (await stream.begin()).said == "reset"


async def test_a_quiet_line_beats(app: FastAPI, ada: httpx.AsyncClient) -> None:
    app.state.hub.pace = replace(app.state.hub.pace, beat_seconds=0.01)
    async with Stream(app, ada) as stream:
        began = await stream.begin()
        beat = await stream.told()
    assert beat.said == "beat"
    assert beat.position != began.position


async def test_who_takes_nothing_is_dropped(
    app: FastAPI, ada: httpx.AsyncClient
) -> None:
    app.state.hub.pace = replace(
        app.state.hub.pace, beat_seconds=0.01, send_seconds=0.05
    )
    stream = Stream(app, ada)
    async with stream:
        await stream.begin()
        stream.taking.clear()
        await stream.ended()
    assert stream.over is False


async def test_streams_end_when_the_process_stops(
    app: FastAPI, ada: httpx.AsyncClient
) -> None:
    async with Stream(app, ada) as stream:
        await stream.begin()
        app.state.hub.close()
        await stream.until_over()
    assert (await ada.get("/events")).status_code == 503


async def test_a_head_needs_no_end(ada: httpx.AsyncClient) -> None:
    answer = await ada.head("/events")
    assert answer.status_code == 200
    assert answer.content == b""
