"""Invariant 8: a POST that is sent again with its key has one effect."""

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, select, update
from starlette.types import Message, Receive, Scope, Send

from roster.audit.models import AuditEvent
from roster.components.models import Component, Revision
from roster.core.db import Database
from roster.core.idempotency import HEADER, KEPT, REPLAYED, IdempotentResponse
from roster.core.model import utc_now
from roster.jobs.models import Job
from tests.components.conftest import agent_file, create
from tests.conftest import Connect, Mails, StartApp
from tests.services.apps import do_jobs_of

KEY = "b2f0c1c8-6f0e-4a0e-9f55-5a1c2f0f7d11"
AT_ONCE = 10


async def send(
    client: httpx.AsyncClient, path: str, key: str = KEY, **parts: Any
) -> httpx.Response:
    headers = {HEADER: key, **parts.pop("headers", {})}
    return await client.post(path, headers=headers, **parts)


async def everything(database: Database, model: type[Any]) -> list[Any]:
    async with database.read() as session:
        return list((await session.exec(select(model))).all())


def same(first: httpx.Response, second: httpx.Response) -> bool:
    kept = ("content-type", "etag", "location", "cache-control")
    return (
        first.status_code == second.status_code
        and first.content == second.content
        and all(first.headers.get(name) == second.headers.get(name) for name in kept)
    )


def agent(name: str = "reviewer") -> dict[str, Any]:
    return {"json": {"team": "ada", "content": agent_file(name)}}


async def test_sent_again_it_is_answered_again(
    ada: httpx.AsyncClient, database: Database
) -> None:
    first = await send(ada, "/agents", **agent())
    second = await send(ada, "/agents", **agent())
    deleted = await ada.delete(
        f"/components/{first.json()['id']}", headers={"If-Match": "*"}
    )
    third = await send(ada, "/agents", **agent())

    assert first.status_code == 201
    assert REPLAYED not in first.headers
    assert deleted.status_code == 204
    for again in (second, third):  # what it answered, whatever became of it
        assert same(first, again)
        assert again.headers[REPLAYED] == "true"
    assert len(await everything(database, Component)) == 1
    actions = [event.action for event in await everything(database, AuditEvent)]
    assert actions.count("component.created") == 1


async def test_an_answer_without_a_body_is_kept_too(ada: httpx.AsyncClient) -> None:
    first = await send(ada, "/auth/logout-all?keep_current=true")
    second = await send(ada, "/auth/logout-all?keep_current=true")

    assert (first.status_code, second.status_code) == (204, 204)
    assert second.content == b""
    assert second.headers[REPLAYED] == "true"


async def test_a_key_is_for_one_request(
    ada: httpx.AsyncClient, database: Database
) -> None:
    made = await send(ada, "/agents", **agent())
    answers = [
        await send(ada, "/agents", **agent("other")),
        await send(ada, "/agents?x=1", **agent()),
        await send(ada, "/teams", json={"slug": "backend", "name": "Backend"}),
        await send(ada, f"/components/{made.json()['id']}/restore"),
    ]

    for answer in answers:
        assert answer.status_code == 409
        assert answer.json()["type"] == "/problems/key-reused"
    assert len(await everything(database, Component)) == 1


async def test_a_key_belongs_to_its_user(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database
) -> None:
    await send(ada, "/teams", json={"slug": "backend", "name": "Backend"})
    theirs = await send(bob, "/teams", json={"slug": "frontend", "name": "Frontend"})

    assert theirs.status_code == 201
    assert REPLAYED not in theirs.headers
    assert len(await everything(database, IdempotentResponse)) == 2


async def test_a_token_reads_nothing_that_another_one_was_answered(
    ada: httpx.AsyncClient, app: FastAPI, connect: Connect
) -> None:
    made = await ada.post(
        "/auth/tokens",
        json={"name": "All", "scopes": ["read", "write", "publish"]},
    )
    client = connect(app)
    client.headers["Authorization"] = f"Bearer {made.json()['token']}"

    first = await send(ada, "/agents", **agent())
    with_token = await send(client, "/agents", **agent())
    own = await send(client, "/agents", "own", **agent("other"))
    again = await send(client, "/agents", "own", **agent("other"))

    assert first.status_code == 201
    assert with_token.status_code == 409
    assert same(own, again)


async def test_nothing_is_kept_of_what_failed(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, database: Database
) -> None:
    assert (await send(anonymous, "/agents", **agent())).status_code == 401
    missing = await send(ada, f"/components/{uuid4()}/restore")
    invalid = await send(ada, "/agents", json={"team": "ada"})
    taken = await send(ada, "/agents", json={"team": "nobodys", "content": "-"})
    made = await send(ada, "/agents", **agent())

    assert [missing.status_code, invalid.status_code] == [404, 422]
    assert taken.status_code in {404, 422}
    assert made.status_code == 201
    assert len(await everything(database, IdempotentResponse)) == 1


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "schl\xfcssel"])
async def test_what_is_no_key_is_refused(ada: httpx.AsyncClient, key: str) -> None:
    answer = await ada.post(
        "/agents",
        headers=[(b"Idempotency-Key", key.encode("latin-1"))],
        json=agent()["json"],
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == HEADER


async def test_ten_at_once_have_one_effect(
    ada: httpx.AsyncClient, database: Database
) -> None:
    """Those that would fail because of the first one, and those that would not."""
    made = await create(ada, "ada")
    team = {"json": {"slug": "backend", "name": "Backend"}}
    revision = {
        "json": {"content": agent_file(body="More.\n")},
        "headers": {"If-Match": made["etag"]},
    }
    path = f"/components/{made['id']}/revisions"
    for place, parts, status in [
        ("/agents", agent("helper"), 201),
        ("/teams", team, 201),
        (path, revision, 201),
        ("/auth/logout-all?keep_current=true", {}, 204),
    ]:
        answers = await asyncio.gather(
            *(send(ada, place, KEY + place, **parts) for _ in range(AT_ONCE))
        )
        assert {answer.status_code for answer in answers} == {status}, place
        assert all(same(answers[0], answer) for answer in answers)
        replayed = [answer for answer in answers if REPLAYED in answer.headers]
        assert len(replayed) == AT_ONCE - 1

    assert len(await everything(database, Component)) == 2
    assert sorted(row.number for row in await everything(database, Revision)) == [
        1,
        1,
        2,
    ]
    actions = [event.action for event in await everything(database, AuditEvent)]
    assert actions.count("revision.published") == 1
    assert actions.count("team.created") == 1


def zipped(text: str) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("agents/reviewer.md", text)
    return buffer.getvalue()


async def test_uploads_and_their_application_can_be_sent_again(
    ada: httpx.AsyncClient, database: Database
) -> None:
    archive = zipped(agent_file())

    async def upload(team: str = "ada") -> httpx.Response:
        # As forms are sent: with another boundary each time.
        files = {"files": ("agents.zip", archive)}
        return await send(ada, "/imports", data={"team": team}, files=files)

    uploads = await asyncio.gather(*(upload() for _ in range(3)))
    other = await upload("another")
    [made] = {answer.json()["id"] for answer in uploads}
    await do_jobs_of(ada)
    applied = await asyncio.gather(
        *(send(ada, f"/imports/{made}/apply", "apply") for _ in range(3))
    )
    samples = [
        await send(ada, "/imports/samples", "samples", json={"team": "ada"})
        for _ in range(2)
    ]

    assert [answer.status_code for answer in uploads] == [201] * 3
    assert other.json()["type"] == "/problems/key-reused"
    assert [answer.status_code for answer in applied] == [202] * 3
    assert len({answer.content for answer in applied}) == 1
    assert same(*samples)
    await do_jobs_of(ada)
    assert len(await everything(database, Component)) == 1


async def test_a_body_that_breaks_off_is_answered_nothing(
    ada: httpx.AsyncClient, app: FastAPI, connect: Connect
) -> None:
    """Neither the first time nor, where it would be heard out, the second time."""

    def broken(inner: Any) -> Any:
        async def call(scope: Scope, receive: Receive, send: Send) -> None:
            sent = False

            async def stop() -> Message:
                nonlocal sent
                if sent:
                    return {"type": "http.disconnect"}
                sent = True
                return {"type": "http.request", "body": b"x", "more_body": True}

            await inner(scope, stop, send)

        return call

    path = "/auth/logout-all?keep_current=true"
    transport = httpx.ASGITransport(broken(app))
    client = httpx.AsyncClient(
        transport=transport,
        base_url="http://roster.test/api/v1",
        headers={"Authorization": ada.headers["Authorization"]},
    )
    async with client:
        first = await send(client, path)
        whole = await send(ada, path)
        second = await send(client, path)

    assert first.status_code == second.status_code == 400
    assert whole.status_code == 204
    assert REPLAYED not in whole.headers


async def test_after_a_day_the_key_is_free_again(
    ada: httpx.AsyncClient, database: Database, mails: Mails
) -> None:
    await send(ada, "/agents", **agent())
    await send(ada, "/agents", "young", **agent("young"))
    async with database.write() as session:
        await session.exec(
            update(IdempotentResponse)
            .where(col(IdempotentResponse.key) == KEY)
            .values(created_at=utc_now() - KEPT - timedelta(seconds=1))
        )
    again = await send(ada, "/agents", **agent("other"))
    repeated = await send(ada, "/agents", **agent("other"))

    assert again.status_code == 201
    assert REPLAYED not in again.headers
    assert same(again, repeated)

    async with database.write() as session:
        await session.exec(
            update(IdempotentResponse)
            .where(col(IdempotentResponse.key) == KEY)
            .values(created_at=utc_now() - KEPT - timedelta(seconds=1))
        )
        session.add(Job(kind="answers.forget"))
    await mails()

    kept = await everything(database, IdempotentResponse)
    assert [row.key for row in kept] == ["young"]


async def test_the_app_may_read_that_it_was_replayed(
    start_app: StartApp, connect: Connect
) -> None:
    origin = "https://app.example.org"
    client = connect(await start_app(cors_origins=[origin]))

    answer = await client.get("/instance", headers={"Origin": origin})

    assert REPLAYED in answer.headers["access-control-expose-headers"]
