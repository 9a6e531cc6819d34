"""Device sign-in: two codes, a person in between, and a token once."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, select, update

from roster.audit.models import AuditEvent
from roster.auth import device_grants, device_jobs
from roster.auth.device_schemas import DEVICE_GRANT
from roster.auth.models import ApiToken, DeviceGrant
from roster.core import keys
from roster.core.db import Database
from roster.core.keys import KeyKind
from roster.core.model import utc_now
from roster.jobs.models import Job
from roster.jobs.registry import Tools
from roster.jobs.runner import Runner
from roster.users.models import User
from tests.auth.conftest import Rows
from tests.auth.device_support import CLI, approve, let_in, start, time_passes
from tests.conftest import Connect, StartApp

NewClient = Callable[[], httpx.AsyncClient]
SHOWN = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}")


async def test_a_person_lets_a_device_in(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, new_client: NewClient
) -> None:
    answer = await anonymous.post("/auth/device", json=CLI)

    assert answer.headers["cache-control"] == "no-store"
    device = await start(anonymous)
    started = device.started
    assert SHOWN.fullmatch(device.code)
    assert started["verification_uri"].endswith("/device")
    complete = f"{started['verification_uri']}?code={device.code}"
    assert started["verification_uri_complete"] == complete
    assert (started["expires_in"], started["interval"]) == (900, 5)
    assert await device.error() == "authorization_pending"

    await let_in(ada, device, scopes=["write", "read"], expires_in_days=7)

    given = await device.poll()
    assert given.status_code == 200
    assert given.headers["cache-control"] == "no-store"
    token = given.json()
    assert token["token_type"] == "bearer"
    assert token["scope"] == "read write"
    assert 0 <= 7 * 86_400 - token["expires_in"] < 60
    client = new_client()
    client.headers["Authorization"] = f"Bearer {token['access_token']}"
    assert (await client.get("/agents")).status_code == 200
    [made] = (await ada.get("/auth/tokens")).json()["items"]
    assert made["name"] == "roster on quay at 127.0.0.1"
    assert made["scopes"] == ["read", "write"]
    assert made["teams"] is None


async def test_what_is_asked_for_may_come_as_oauth_has_it(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    form = {"client_id": "roster", "scope": "publish read", "audience": "ignored"}
    answer = await anonymous.post("/auth/device", data=form)

    assert answer.status_code == 200
    page = f"/auth/device/{answer.json()['user_code']}"
    asked = (await ada.get(page)).json()
    assert (asked["client_name"], asked["scopes"]) == ("roster", ["read", "publish"])
    body = {
        "grant_type": DEVICE_GRANT,
        "device_code": answer.json()["device_code"],
        "client_id": "roster",
    }
    as_json = await anonymous.post("/auth/device/token", json=body)
    assert as_json.json()["error"] == "authorization_pending"


async def test_nothing_asked_for_is_to_read(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    answer = await anonymous.post("/auth/device", json={"client_name": "roster"})

    page = f"/auth/device/{answer.json()['user_code']}"
    assert (await ada.get(page)).json()["scopes"] == ["read"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"json": {}}, 422),
        ({"json": ["roster"]}, 422),
        ({"json": CLI | {"scopes": ["everything"]}}, 422),
        ({"json": CLI | {"scopes": []}}, 422),
        ({"json": CLI | {"client_name": "two\nlines"}}, 422),
        ({"data": {"client_id": "x" * 101}}, 422),
        ({"content": "{", "headers": {"Content-Type": "application/json"}}, 400),
        (
            {
                "content": b"client_id=\xff",
                "headers": {"Content-Type": "application/x-www-form-urlencoded"},
            },
            400,
        ),
        (
            {
                "content": "&".join(f"a{number}=b" for number in range(200)),
                "headers": {"Content-Type": "application/x-www-form-urlencoded"},
            },
            400,
        ),
        ({"content": "roster", "headers": {"Content-Type": "text/plain"}}, 415),
        ({}, 415),
    ],
)
async def test_what_cannot_be_read_is_refused(
    ada: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    body: dict[str, Any],
    status: int,
) -> None:
    answer = await anonymous.post("/auth/device", **body)

    assert answer.status_code == status, answer.text


async def test_a_person_is_told_who_asks(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    anonymous.headers["User-Agent"] = "roster/1.0"
    device = await start(anonymous, scopes=["read", "admin"])

    answer = await ada.get(device.page)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    asked = answer.json()
    left = datetime.fromisoformat(asked.pop("expires_at")) - utc_now()
    assert timedelta(minutes=14) < left <= device_grants.LIFETIME
    assert asked.pop("created_at") < utc_now().isoformat()
    assert asked == {
        "user_code": device.code,
        "client_name": "roster on quay",
        "device": "roster",
        "address": "127.0.0.1",
        "is_your_address": True,
        "scopes": ["read", "admin"],
        "grantable": ["read", "admin"],
    }


async def test_from_elsewhere_is_told(
    ada: httpx.AsyncClient, app: FastAPI, bob: httpx.AsyncClient
) -> None:
    transport = httpx.ASGITransport(app=app, client=("192.0.2.66", 1))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://roster.test/api/v1"
    ) as elsewhere:
        device = await start(elsewhere, scopes=["read", "admin"])

    asked = (await bob.get(device.page)).json()

    assert (asked["address"], asked["is_your_address"]) == ("192.0.2.66", False)
    assert asked["grantable"] == ["read"]


@pytest.mark.parametrize("write", [str.lower, lambda code: code.replace("-", " ")])
async def test_the_code_may_be_typed_in_any_way(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, write: Callable[[str], str]
) -> None:
    device = await start(anonymous)

    answer = await ada.get(f"/auth/device/{write(device.code)}")

    assert answer.json()["user_code"] == device.code


async def test_no_row_holds_a_code_or_a_token(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, database: Database
) -> None:
    device = await start(anonymous)
    await let_in(ada, device)
    token = (await device.poll()).json()["access_token"]

    async with database.read() as session:
        rows = [*await session.exec(select(DeviceGrant))]
        rows += [*await session.exec(select(AuditEvent))]
        rows += [*await session.exec(select(Job))]
        rows += [*await session.exec(select(ApiToken))]
    told = " ".join(row.model_dump_json() for row in rows)
    for secret in (device.started["device_code"], device.code, token[-20:]):
        assert secret not in told
    assert device.code.replace("-", "") not in told


async def test_a_code_is_good_after_a_new_key_was_put_in_front(
    ada: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    app: FastAPI,
    start_app: StartApp,
    connect: Connect,
) -> None:
    device = await start(anonymous)
    keys.rotate(app.state.settings, KeyKind.signing)
    restarted = connect(await start_app())
    restarted.headers["Authorization"] = ada.headers["Authorization"]

    assert (await restarted.get(device.page)).status_code == 200
    later = await start(restarted)
    assert (await restarted.get(later.page)).status_code == 200


async def test_who_asks_too_often_has_to_wait_longer(
    anonymous: httpx.AsyncClient, database: Database
) -> None:
    device = await start(anonymous)
    assert await device.error() == "authorization_pending"

    early = await device.poll()
    assert early.status_code == 400
    assert early.headers["retry-after"] == "10"
    assert early.json()["error"] == "slow_down"
    assert early.json()["type"] == "/problems/slow-down"
    await time_passes(database, timedelta(seconds=6))
    assert await device.error() == "slow_down"
    await time_passes(database, timedelta(seconds=15))
    patient = await device.poll()
    assert patient.json()["error"] == "authorization_pending"
    assert patient.headers["retry-after"] == "15"


async def test_who_waits_as_long_as_told_is_never_slowed_down(
    anonymous: httpx.AsyncClient, database: Database
) -> None:
    device = await start(anonymous)
    for _ in range(4):
        assert await device.error() == "authorization_pending"
        await time_passes(database, timedelta(seconds=5))


async def test_a_refused_device_is_told_so(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, events: Rows
) -> None:
    device = await start(anonymous)

    assert (await ada.post(f"{device.page}/denial")).status_code == 204

    for _ in range(2):
        assert await device.error() == "access_denied"
    [event] = await events("device.denied")
    assert (event.actor_name, event.target_name) == ("ada", "roster on quay")


async def test_a_token_is_handed_out_once(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, database: Database
) -> None:
    device = await start(anonymous)
    await let_in(ada, device)

    answers = await asyncio.gather(*(device.poll() for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400]
    refused = [answer for answer in answers if answer.status_code == 400]
    assert {answer.json()["error"] for answer in refused} == {"invalid_grant"}
    async with database.read() as session:
        assert len((await session.exec(select(ApiToken))).all()) == 1


async def test_two_who_decide_at_once(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    device = await start(anonymous)

    answers = await asyncio.gather(
        approve(ada, device),
        bob.post(f"{device.page}/denial"),
        approve(ada, device),
    )

    assert sorted(answer.status_code for answer in answers) == [204, 409, 409]
    refused = [answer for answer in answers if answer.status_code == 409]
    assert {one.json()["type"] for one in refused} == {"/problems/code-used"}


async def test_an_unknown_code_of_a_device(anonymous: httpx.AsyncClient) -> None:
    device = await start(anonymous)

    unknown = await device.poll(device_code="something else")
    assert unknown.json()["error"] == "invalid_grant"
    other = await device.poll(grant_type="password")
    assert other.status_code == 400
    assert other.json()["error"] == "unsupported_grant_type"
    missing = await anonymous.post("/auth/device/token", json={})
    assert missing.status_code == 422


@pytest.mark.parametrize("approved", [False, True])
async def test_past_its_time_it_is_over(
    ada: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    database: Database,
    approved: bool,
) -> None:
    device = await start(anonymous)
    if approved:
        await let_in(ada, device)
    await time_passes(database, device_grants.LIFETIME)

    assert await device.error() == "expired_token"
    answer = await ada.get(device.page)
    assert answer.status_code == 409
    kind = "code-used" if approved else "code-expired"
    assert answer.json()["type"] == f"/problems/{kind}"
    assert (await approve(ada, device)).json()["type"] == f"/problems/{kind}"


async def test_old_ones_are_forgotten(
    anonymous: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    old = await start(anonymous)
    await time_passes(database, device_grants.LIFETIME + device_grants.KEPT)
    new = await start(anonymous)
    tools = Tools(app.state.settings, database, app.state.keys)
    async with database.write() as session:
        session.add(Job(kind="devices.forget"))

    await Runner(tools, device_jobs.JOBS).drain()

    assert await old.error() == "invalid_grant"
    assert await new.error() == "authorization_pending"


async def test_whoever_was_deactivated_lets_nothing_in(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    device = await start(anonymous)
    await let_in(bob, device)
    me = (await bob.get("/users/me")).json()
    await ada.patch(
        f"/users/{me['id']}", json={"is_active": False}, headers={"If-Match": "*"}
    )

    assert await device.error() == "access_denied"
    assert (await bob.get(device.page)).status_code == 401


async def test_who_administers_no_more_gives_no_such_token(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, database: Database
) -> None:
    both = await start(anonymous, scopes=["read", "admin"])
    alone = await start(anonymous, scopes=["admin"])
    await let_in(ada, both, scopes=["read", "admin"])
    await let_in(ada, alone, scopes=["admin"])
    async with database.write() as session:
        await session.exec(
            update(User).where(col(User.username) == "ada").values(is_admin=False)
        )

    assert (await both.poll()).json()["scope"] == "read"
    assert await alone.error() == "access_denied"


async def test_it_is_revoked_like_any_other(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, new_client: NewClient
) -> None:
    device = await start(anonymous)
    await let_in(ada, device)
    client = new_client()
    token = (await device.poll()).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    [made] = (await ada.get("/auth/tokens")).json()["items"]

    assert (await ada.delete(f"/auth/tokens/{made['id']}")).status_code == 204

    assert (await client.get("/agents")).status_code == 401
    assert await device.error() == "invalid_grant"
