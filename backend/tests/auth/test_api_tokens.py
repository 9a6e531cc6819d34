"""API tokens: made once, known by their id, and never more than their maker."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import select, update

from roster.audit.models import AuditEvent
from roster.auth.models import ApiToken
from roster.core.db import Database
from roster.core.model import utc_now
from roster.core.topics import EVERYTHING
from roster.jobs.models import Job
from tests.conftest import Connect, StartApp

QUICK = timedelta(minutes=1)
NewClient = Callable[[], httpx.AsyncClient]


async def make(person: httpx.AsyncClient, *scopes: str, **more: Any) -> dict[str, Any]:
    body = {"name": "Build server", "scopes": scopes or ["read"], **more}
    answer = await person.post("/auth/tokens", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def using(client: httpx.AsyncClient, token: str) -> httpx.AsyncClient:
    client.headers["Authorization"] = f"Bearer {token}"
    return client


async def listed(person: httpx.AsyncClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await person.get("/auth/tokens")).json()["items"]
    return items


async def test_it_is_shown_once_and_works(
    ada: httpx.AsyncClient, new_client: NewClient
) -> None:
    answer = await ada.post(
        "/auth/tokens", json={"name": " Build server ", "scopes": ["write", "read"]}
    )

    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    made = answer.json()
    assert answer.headers["location"] == f"/api/v1/auth/tokens/{made['id']}"
    token = made.pop("token")
    assert token.startswith("rst_")
    assert made["hint"] == f"rst_…{token[-4:]}"
    assert made["name"] == "Build server"
    assert made["scopes"] == ["read", "write"]
    assert made["teams"] is None
    assert made["last_used_at"] is made["revoked_at"] is None
    assert await listed(ada) == [made]
    client = using(new_client(), token)
    assert (await client.get("/agents")).status_code == 200
    created = await client.put(
        f"/components/{uuid4()}/draft", json={"content": "", "base_digest": "0" * 64}
    )
    assert created.status_code == 404


async def test_no_row_holds_it(ada: httpx.AsyncClient, database: Database) -> None:
    token = (await make(ada))["token"]

    async with database.read() as session:
        row = (await session.exec(select(ApiToken))).one()
        job = (await session.exec(select(Job))).one()
        events = (await session.exec(select(AuditEvent))).all()
    for kept in (row, job, *events):
        assert token.removeprefix("rst_")[-20:] not in kept.model_dump_json()


async def test_its_making_is_told(ada: httpx.AsyncClient, database: Database) -> None:
    made = await make(ada, "read", "publish", expires_in_days=7)

    async with database.read() as session:
        job = (await session.exec(select(Job))).one()
        event = (
            await session.exec(
                select(AuditEvent).where(AuditEvent.action == "token.created")
            )
        ).one()
    me = (await ada.get("/users/me")).json()
    assert job.kind == "mail.token_made"
    assert job.payload == {"user_id": me["id"], "token_id": made["id"]}
    assert event.target_id == UUID(made["id"])
    assert event.target_name == "Build server"
    assert event.actor_name == "ada"
    assert event.details["scopes"] == ["read", "publish"]


async def test_it_lasts_as_long_as_was_asked_for(ada: httpx.AsyncClient) -> None:
    for asked, days in (({}, 90), ({"expires_in_days": 7}, 7)):
        made = await make(ada, **asked)
        ends = datetime.fromisoformat(made["expires_at"])
        assert timedelta(0) <= utc_now() + timedelta(days=days) - ends < QUICK


@pytest.mark.parametrize("asked", [{"expires_in_days": 31}, {"expires_in_days": None}])
async def test_it_lasts_no_longer_than_the_instance_allows(
    start_app: StartApp, ada: httpx.AsyncClient, connect: Connect, asked: dict[str, Any]
) -> None:
    strict = connect(await start_app(token_max_days=30))
    strict.headers["Authorization"] = ada.headers["Authorization"]

    refused = await strict.post(
        "/auth/tokens", json={"name": "Long", "scopes": ["read"], **asked}
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["loc"] == "expires_in_days"
    assert "30 days" in refused.json()["detail"]
    made = await make(strict)
    assert made["expires_at"] < (utc_now() + timedelta(days=31)).isoformat()


async def test_it_may_be_without_end_where_the_instance_allows_it(
    start_app: StartApp, ada: httpx.AsyncClient, connect: Connect
) -> None:
    free = connect(await start_app(token_max_days=None))
    free.headers["Authorization"] = ada.headers["Authorization"]
    made = await make(free, expires_in_days=None)
    assert made["expires_at"] is None
    client = using(connect(await start_app(token_max_days=30)), made["token"])
    assert (await client.get("/agents")).status_code == 200

    strict = connect(await start_app(token_max_days=30))
    strict.headers["Authorization"] = ada.headers["Authorization"]
    rotated = (await strict.post(f"/auth/tokens/{made['id']}/rotate")).json()
    assert rotated["expires_at"] < (utc_now() + timedelta(days=31)).isoformat()


async def test_rotating_ends_the_one_before(
    ada: httpx.AsyncClient, new_client: NewClient, database: Database
) -> None:
    made = await make(ada, "read", expires_in_days=7)
    async with database.write() as session:
        earlier = utc_now() + timedelta(days=1)
        await session.exec(
            update(ApiToken).values(expires_at=earlier, warned_at=utc_now())
        )

    answer = await ada.post(f"/auth/tokens/{made['id']}/rotate")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    rotated = answer.json()
    assert rotated["id"] == made["id"]
    assert rotated["expires_at"] > (utc_now() + timedelta(days=6)).isoformat()
    old, new = (using(new_client(), one["token"]) for one in (made, rotated))
    assert (await old.get("/agents")).status_code == 401
    assert (await new.get("/agents")).status_code == 200
    async with database.read() as session:
        row = (await session.exec(select(ApiToken))).one()
        actions = (await session.exec(select(AuditEvent.action))).all()
    assert row.warned_at is None
    assert "token.rotated" in actions


async def test_revoking_ends_it_at_once(
    ada: httpx.AsyncClient, new_client: NewClient, database: Database
) -> None:
    made = await make(ada)
    client = using(new_client(), made["token"])
    assert (await client.get("/agents")).status_code == 200

    for _ in range(2):
        assert (await ada.delete(f"/auth/tokens/{made['id']}")).status_code == 204

    refused = await client.get("/agents")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    [shown] = await listed(ada)
    assert shown["revoked_at"] is not None
    assert (await ada.post(f"/auth/tokens/{made['id']}/rotate")).status_code == 409
    async with database.read() as session:
        events = await session.exec(
            select(AuditEvent).where(AuditEvent.action == "token.revoked")
        )
        assert len(events.all()) == 1


async def test_past_its_time_it_is_over(
    ada: httpx.AsyncClient, new_client: NewClient, database: Database
) -> None:
    made = await make(ada)
    async with database.write() as session:
        await session.exec(update(ApiToken).values(expires_at=utc_now()))

    client = using(new_client(), made["token"])

    assert (await client.get("/agents")).status_code == 401
    assert (await ada.post(f"/auth/tokens/{made['id']}/rotate")).status_code == 409


async def test_it_is_its_makers_alone(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    made = await make(ada)

    assert await listed(bob) == []
    for token_id in (made["id"], uuid4()):
        rotated = await bob.post(f"/auth/tokens/{token_id}/rotate")
        revoked = await bob.delete(f"/auth/tokens/{token_id}")
        assert rotated.status_code == revoked.status_code == 404
        assert rotated.json()["detail"] == "You have no such token."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "two\nlines"),
        ("scopes", []),
        ("scopes", ["everything"]),
        ("teams", []),
        ("expires_in_days", 0),
        ("id", "00000000-0000-7000-8000-000000000000"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    ada: httpx.AsyncClient, field: str, value: object
) -> None:
    body = {"name": "Odd", "scopes": ["read"], field: value}

    refused = await ada.post("/auth/tokens", json=body)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["loc"].startswith(field)


async def test_its_last_use_is_exact_to_an_hour(
    ada: httpx.AsyncClient, new_client: NewClient, database: Database
) -> None:
    client = using(new_client(), (await make(ada))["token"])

    async def used_at(path: str, tag: str = '"other"') -> str:
        await client.get(path, headers={"If-None-Match": tag})
        used: str = (await listed(ada))[0]["last_used_at"]
        return used

    first = await used_at("/agents")
    assert await used_at("/agents") == first
    for path, tag in (
        ("/agents", "*"),  # nothing new for it
        (f"/agents/{uuid4()}", '"other"'),  # refused
        ("/auth/tokens", '"other"'),
    ):
        earlier = utc_now() - timedelta(hours=1)
        async with database.write() as session:
            await session.exec(update(ApiToken).values(last_used_at=earlier))
        # It wrote that down itself, and does not expect anybody else to.
        database.changes.learn([EVERYTHING])
        assert await used_at(path, tag) > first, path


async def test_the_list_has_pages(ada: httpx.AsyncClient) -> None:
    names = [f"Number {number}" for number in range(5)]
    for name in names:
        await make(ada, name=name)
    seen, cursor = [], ""
    while cursor is not None:
        page = (await ada.get(f"/auth/tokens?limit=2{cursor}")).json()
        seen += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"

    assert seen == names[::-1]
