"""Invariant 5: ways to read a secret without the right to, none of which works."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import httpx
import pytest
import sqlalchemy
from cryptography.fernet import Fernet
from fastapi import FastAPI
from sqlmodel import col, select

from roster.components.models import Component
from roster.core.db import Database
from roster.core.idempotency import HEADER
from roster.core.model import Model
from roster.secrets.models import Secret
from roster.secrets.sealing import bound_to
from tests.conftest import Connect, SignUp, StartApp
from tests.secrets.conftest import (
    ELSEWHERE,
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
    write,
)
from tests.teams.conftest import put_member


@pytest.fixture
async def kept(owner: httpx.AsyncClient, server: dict[str, Any]) -> dict[str, Any]:
    """The server, with a secret."""
    assert (await write(owner, server)).status_code == 200
    return server


async def test_by_asking_for_it_as_somebody_else(
    ada: httpx.AsyncClient,
    owner: httpx.AsyncClient,
    editor: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    sign_up: SignUp,
    kept: dict[str, Any],
    events: Events,
) -> None:
    viewer, stranger = await sign_up("vera"), await sign_up("stan")
    await put_member(owner, "vera", "viewer")

    async def ask_all() -> list[int]:
        people = (anonymous, stranger, ada, viewer, editor)
        answers = [await reveal(person, kept) for person in people]
        assert not any(VALUE in answer.text for answer in answers)
        return [answer.status_code for answer in answers]

    assert await ask_all() == [401, 404, 404, 403, 403]
    shown = await owner.patch(
        f"/components/{kept['id']}",
        json={"visibility": "internal"},
        headers={"If-Match": "*"},
    )
    assert shown.status_code == 200
    assert await ask_all() == [401, 403, 403, 403, 403]
    for person in (stranger, ada):  # not even which ones there are
        answer = await person.get(f"/components/{kept['id']}/secrets")
        assert answer.status_code == 403
    for person in (stranger, viewer, editor):
        assert (await write(person, kept, OTHER_VALUE)).status_code == 403
        removed = await person.delete(place(kept), headers={"If-Match": "*"})
        assert removed.status_code == 403

    refused = [who for action, who, _ in await events() if action.endswith("refused")]
    assert refused == ["vera", "eve", "stan", "ada", "vera", "eve"]
    whys = {details.get("why") for _, _, details in await events()}
    assert whys == {None, "role"}


async def test_with_a_token_that_is_for_less(
    owner: httpx.AsyncClient, kept: dict[str, Any], app: FastAPI, connect: Connect
) -> None:
    for limits, status in [
        ({"scopes": ["read"]}, 403),
        ({"scopes": ["read", "write", "publish", "report", "knowledge"]}, 403),
        ({"scopes": ["secrets:reveal"], "teams": ["bob"]}, 404),
    ]:
        made = await owner.post("/auth/tokens", json={"name": "Token", **limits})
        client = connect(app)
        client.headers["Authorization"] = f"Bearer {made.json()['token']}"
        answer = await reveal(client, kept)
        assert answer.status_code == status
        assert VALUE not in answer.text


async def everything_readable(
    client: httpx.AsyncClient, app: FastAPI, server: dict[str, Any]
) -> AsyncIterator[tuple[str, httpx.Response]]:
    """Read every address of the API that can be read, as far as it can be filled in."""
    me = (await client.get("/users/me")).json()
    ids = {
        "component_id": server["id"],
        "number": "1",
        "path": "SERVER.json",
        "label": "latest",
        "team": "backend",
        "user_id": me["id"],
        "kind": "server",
        "code": "invalid",
    }
    for path, item in app.openapi()["paths"].items():
        live = path.endswith(("/events", "/ws"))  # they never end
        if "get" not in item or live or not path.startswith("/api/v1/"):
            continue
        filled = path.removeprefix("/api/v1")
        for name in {part.split("}")[0] for part in path.split("{")[1:]}:
            filled = filled.replace(f"{{{name}}}", ids.get(name, str(uuid4())))
        for query in ("", "?against=1", "?team=backend", "?ref=server:backend/tickets"):
            yield path, await client.get(f"{filled}{query}")


async def test_by_reading_all_that_can_be_read(
    owner: httpx.AsyncClient, kept: dict[str, Any], app: FastAPI
) -> None:
    """Lists, revisions, files, comparisons, search, the audit: also as their owner."""
    await reveal(owner, kept)
    read = set()
    async for path, answer in everything_readable(owner, app, kept):
        assert answer.status_code < 500, path
        assert VALUE not in answer.text, path
        if answer.status_code == 200:
            read.add(path)

    for path in (
        "/api/v1/servers/{component_id}",
        "/api/v1/components/{component_id}/secrets",
        "/api/v1/components/{component_id}/revisions/{number}/diff",
        "/api/v1/components/{component_id}/revisions/{number}/files/{path}",
        "/api/v1/audit-events",
    ):
        assert path in read
    for query in (VALUE, VALUE[:8]):
        found = await owner.get("/components", params={"q": query})
        assert found.json()["items"] == []


async def test_by_taking_the_server_out(
    owner: httpx.AsyncClient, kept: dict[str, Any]
) -> None:
    answer = await owner.post("/exports", json={"components": [kept["id"]]})
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.content)) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist()]

    assert any(f"${{{KEY}}}" in text for text in texts)
    assert not any(VALUE in text for text in texts)


async def test_by_making_it_come_back_in_an_error(
    owner: httpx.AsyncClient, kept: dict[str, Any]
) -> None:
    path = place(kept)
    etag = {"If-Match": (await listed(owner, kept))[0]["etag"]}
    answers = [
        await owner.put(path, json={"value": VALUE, "more": VALUE}, headers=etag),
        await owner.put(path, json={"value": [VALUE]}, headers=etag),
        await owner.put(path, json={"value": f"{VALUE}\0"}, headers=etag),
        await owner.put(path, content=f'{{"value": "{VALUE}', headers=etag),
        await owner.put(path, json={"value": VALUE}, headers={"If-Match": '"v9"'}),
        await owner.put(f"{path}/x", json={"value": VALUE}, headers=etag),
        await owner.post(path, json={"value": VALUE}),
    ]

    assert all(400 <= answer.status_code < 500 for answer in answers)
    assert not any(VALUE in answer.text for answer in answers)


async def test_by_sending_the_owners_request_again(
    owner: httpx.AsyncClient, kept: dict[str, Any], database: Database
) -> None:
    """What reveals is never kept for those who retry."""
    headers = {HEADER: "the-same"}
    path = f"{place(kept)}/reveal"
    first = await owner.post(path, json=REASON, headers=headers)
    assert first.json()["value"] == VALUE

    assert VALUE not in await whole_database(database)


async def whole_database(database: Database) -> str:
    """Every text and every byte that any table holds."""
    found: list[str] = []
    async with database.read() as session:
        connection = await session.connection()
        for table in Model.metadata.tables.values():
            for row in await connection.execute(sqlalchemy.select(table)):
                found += [
                    value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    for value in row
                ]
    return "\n".join(found)


async def test_by_changing_what_it_is_sent_to(
    editor: httpx.AsyncClient, owner: httpx.AsyncClient, kept: dict[str, Any]
) -> None:
    """An editor lets the server send it elsewhere: then nobody gets it any more."""
    await publish(editor, kept, ELSEWHERE)
    assert (await reveal(owner, kept)).status_code == 409
    path = f"/components/{kept['id']}"
    assert (await owner.delete(path, headers={"If-Match": "*"})).status_code == 204
    assert (await reveal(owner, kept)).status_code == 404
    assert (await owner.post(f"{path}/restore")).status_code == 200
    assert (await reveal(owner, kept)).status_code == 409


async def swap(
    database: Database, one: tuple[dict[str, Any], str], other: tuple[Any, str]
) -> None:
    """Exchange what is sealed, as who reaches the database could."""
    rows = []
    async with database.write() as session:
        for server, key in (one, other):
            found = await session.exec(
                select(Secret).where(
                    col(Secret.component_id) == id_of(server), Secret.key == key
                )
            )
            rows.append(found.one())
        first, second = rows
        first.sealed, second.sealed = second.sealed, first.sealed
        first.target_digest, second.target_digest = (
            second.target_digest,
            first.target_digest,
        )


async def test_by_moving_what_is_sealed_to_another_row(
    owner: httpx.AsyncClient,
    kept: dict[str, Any],
    database: Database,
    events: Events,
) -> None:
    other = await make_server(owner, name="other")  # at the same address
    await write(owner, other, OTHER_VALUE)
    await write(owner, kept, OTHER_VALUE, key="SECOND")

    await swap(database, (kept, KEY), (other, KEY))
    for server in (kept, other):
        assert (await reveal(owner, server)).status_code == 409
    await swap(database, (kept, KEY), (other, KEY))
    await swap(database, (kept, KEY), (kept, "SECOND"))
    for key in (KEY, "SECOND"):
        assert (await reveal(owner, kept, key)).status_code == 409
    await swap(database, (kept, KEY), (kept, "SECOND"))
    assert (await reveal(owner, kept)).json()["value"] == VALUE

    # Nor by writing that it is for the present address.
    await publish(owner, kept, ELSEWHERE)
    async with database.write() as session:
        rows = await session.exec(select(Secret).where(Secret.key == KEY))
        elsewhere = bound_to(await session.get_one(Component, id_of(kept)))
        for row in rows:
            row.target_digest = elsewhere
    answer = await reveal(owner, kept)
    assert answer.status_code == 409
    assert "not written for this server" in answer.json()["detail"]
    assert (await events())[-1][2]["why"] == "not opened"


async def test_without_the_key_of_the_instance(
    owner: httpx.AsyncClient,
    kept: dict[str, Any],
    start_app: StartApp,
    connect: Connect,
    database: Database,
) -> None:
    """Who takes the database along has nothing; an instance with other keys neither."""
    assert VALUE not in await whole_database(database)
    stranger = await start_app(encryption_keys=[Fernet.generate_key().decode()])
    client = connect(stranger)
    client.headers["Authorization"] = owner.headers["Authorization"]
    answer = await reveal(client, kept)
    assert answer.status_code == 409
    assert (await reveal(owner, kept)).json()["value"] == VALUE
