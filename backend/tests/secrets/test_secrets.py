"""Secrets are written, listed, replaced and removed; who reveals one is on record."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, select, update

from roster.audit.models import AuditEvent
from roster.components.models import Component
from roster.core.db import Database
from roster.core.model import utc_now
from roster.secrets.models import Secret
from roster.secrets.revealing import PER_HOUR
from roster.secrets.service import MOST
from tests.components.conftest import create
from tests.conftest import Connect
from tests.secrets.conftest import (
    ELSEWHERE,
    HOME,
    KEY,
    OTHER_VALUE,
    REASON,
    VALUE,
    Events,
    id_of,
    listed,
    make_server,
    place,
    publish,
    reveal,
    states,
    write,
)


async def test_write_list_replace_reveal_remove(
    owner: httpx.AsyncClient,
    editor: httpx.AsyncClient,
    server: dict[str, Any],
    events: Events,
) -> None:
    assert await listed(owner, server) == []
    written = await write(owner, server)
    assert written.status_code == 200
    assert written.headers["cache-control"] == "no-store"
    first = written.json()
    assert written.headers["etag"] == first["etag"]
    assert (first["key"], first["state"]) == (KEY, "attached")
    assert first["written_by"]["username"] == "bob"
    assert await listed(editor, server) == [first]

    assert (await write(owner, server, OTHER_VALUE)).status_code == 428
    second = await write(owner, server, OTHER_VALUE, if_match=first["etag"])
    late = await write(owner, server, VALUE, if_match=first["etag"])
    assert (second.status_code, late.status_code) == (200, 412)

    shown = await reveal(owner, server)
    assert shown.status_code == 200
    assert shown.json() == {"key": KEY, "value": OTHER_VALUE}
    assert shown.headers["cache-control"] == "no-store"

    stale = await owner.delete(place(server), headers={"If-Match": first["etag"]})
    now = {"If-Match": second.json()["etag"]}
    gone = await owner.delete(place(server), headers=now)
    again = await owner.delete(place(server), headers=now)
    missing = await reveal(owner, server)
    replaced = await write(owner, server, if_match=second.json()["etag"])
    assert [answer.status_code for answer in (stale, gone, again)] == [412, 204, 404]
    assert [missing.status_code, replaced.status_code] == [404, 412]
    assert await listed(owner, server) == []

    assert await events() == [
        ("secret.written", "bob", {"key": KEY, "replaced": False}),
        ("secret.written", "bob", {"key": KEY, "replaced": True}),
        ("secret.revealed", "bob", {"key": KEY, **REASON}),
        ("secret.removed", "bob", {"key": KEY}),
        ("secret.reveal_refused", "bob", {"key": KEY, **REASON, "why": "missing"}),
    ]


async def test_a_changed_address_detaches(
    owner: httpx.AsyncClient, editor: httpx.AsyncClient, server: dict[str, Any]
) -> None:
    await write(owner, server)
    await publish(editor, server, ELSEWHERE)
    assert await states(owner, server) == {KEY: "detached"}
    refused = await reveal(owner, server)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/secret-detached"

    # What the owner trusted with it is trusted again.
    await publish(editor, server, HOME)
    assert await states(owner, server) == {KEY: "attached"}
    assert (await reveal(owner, server)).json()["value"] == VALUE

    await publish(editor, server, ELSEWHERE)
    [item] = await listed(owner, server)
    written = await write(owner, server, OTHER_VALUE, if_match=item["etag"])
    assert written.json()["state"] == "attached"
    assert (await reveal(owner, server)).json()["value"] == OTHER_VALUE


async def test_a_transferred_server_brings_no_secret_along(
    owner: httpx.AsyncClient,
    ada: httpx.AsyncClient,
    server: dict[str, Any],
    database: Database,
) -> None:
    await write(owner, server)
    team = (await ada.get("/teams/ada")).json()
    async with database.write() as session:
        await session.exec(
            update(Component)
            .where(col(Component.id) == id_of(server))
            .values(team_id=id_of(team))
        )

    assert await states(ada, server) == {KEY: "detached"}
    assert (await reveal(ada, server)).status_code == 409


async def test_a_server_that_does_nothing_yet_has_no_secrets(
    owner: httpx.AsyncClient, server: dict[str, Any], database: Database
) -> None:
    await write(owner, server)
    async with database.write() as session:
        row = await session.get_one(Component, id_of(server))
        row.target_digest = ""

    refused = await write(owner, server, key="OTHER")
    assert refused.status_code == 409
    assert "Publish the server first" in refused.json()["detail"]
    assert await states(owner, server) == {KEY: "detached"}


async def test_only_servers_have_secrets(
    ada: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    agent = await create(owner, "backend", visibility="internal")
    answers = [
        await owner.get(f"/components/{agent['id']}/secrets"),
        await write(owner, agent),
        await owner.delete(place(agent), headers={"If-Match": "*"}),
        await reveal(owner, agent),
        await reveal(ada, agent),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert {answer.json()["detail"] for answer in answers} == {
        "Only servers have secrets, and this is one agent."
    }


@pytest.mark.parametrize("key", ["1ST", "WITH-DASH", "A" * 129, "%C3%84", "A%20B"])
async def test_what_is_no_variable_is_refused(
    owner: httpx.AsyncClient, server: dict[str, Any], key: str
) -> None:
    answer = await write(owner, server, key=key)

    assert answer.status_code == 422
    assert VALUE not in answer.text


async def test_values_and_reasons_are_bounded(
    owner: httpx.AsyncClient, server: dict[str, Any], database: Database
) -> None:
    for value in ("", "x" * 10_001, f"{VALUE}\0"):
        answer = await write(owner, server, value)
        assert answer.status_code == 422
        assert VALUE not in answer.text
    long = VALUE * 500
    assert (await write(owner, server, long)).status_code == 200
    assert (await reveal(owner, server)).json()["value"] == long
    for reason in ("", "  no ", "x" * 501):
        path = f"{place(server)}/reveal"
        answer = await owner.post(path, json={"reason": reason})
        assert answer.status_code == 422

    async with database.write() as session:
        one = (await session.exec(select(Secret))).one()
        fields = one.model_dump(exclude={"id", "key"})
        session.add_all(Secret(key=f"K{n}", **fields) for n in range(MOST - 1))
    full = await write(owner, server, key="ONE_MORE")
    assert full.status_code == 409
    etag = (await listed(owner, server))[0]["etag"]
    assert (await write(owner, server, key="K0", if_match=etag)).status_code == 200


async def test_ten_in_an_hour_also_at_once(
    owner: httpx.AsyncClient,
    server: dict[str, Any],
    database: Database,
    events: Events,
) -> None:
    await write(owner, server)
    other = await make_server(owner, name="other")
    await write(owner, other)

    answers = await asyncio.gather(
        *(
            reveal(owner, one)
            for one in (server, other)
            for _ in range(PER_HOUR // 2 + 1)
        )
    )

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] * PER_HOUR + [429] * 2
    [refused, _] = [answer for answer in answers if answer.status_code == 429]
    assert 3500 < int(refused.headers["retry-after"]) <= 3600
    recorded = [details.get("why") for _, _, details in await events()]
    assert recorded.count("limit") == 2
    assert (await reveal(owner, server)).status_code == 429


async def test_two_write_a_new_one_at_once(
    owner: httpx.AsyncClient, server: dict[str, Any], database: Database
) -> None:
    answers = await asyncio.gather(write(owner, server), write(owner, server))

    assert sorted(answer.status_code for answer in answers) == [200, 428]
    async with database.read() as session:
        assert len((await session.exec(select(Secret))).all()) == 1


async def test_a_token_reveals_with_the_scope_alone(
    owner: httpx.AsyncClient,
    server: dict[str, Any],
    app: FastAPI,
    connect: Connect,
    events: Events,
) -> None:
    await write(owner, server)
    found = []
    for scopes in (["secrets:reveal"], ["read", "write", "publish"]):
        made = await owner.post("/auth/tokens", json={"name": "T", "scopes": scopes})
        client = connect(app)
        client.headers["Authorization"] = f"Bearer {made.json()['token']}"
        found.append(await reveal(client, server))

    assert found[0].json()["value"] == VALUE
    assert found[1].status_code == 403
    assert found[1].json()["type"] == "/problems/scope-missing"
    [_, (shown, _, _), (refused, _, details)] = await events()
    assert (shown, refused) == ("secret.revealed", "secret.reveal_refused")
    assert details["why"] == "scope"


async def test_an_old_reveal_counts_no_longer(
    owner: httpx.AsyncClient, server: dict[str, Any], database: Database
) -> None:
    """Rows of the audit are never changed: these are written as of an hour ago."""
    await write(owner, server)
    me = id_of((await owner.get("/users/me")).json())
    before = utc_now() - timedelta(hours=1)
    async with database.write() as session:
        session.add_all(
            AuditEvent(action="secret.revealed", actor_id=me, created_at=before)
            for _ in range(PER_HOUR)
        )

    assert (await reveal(owner, server)).status_code == 200
