import asyncio
from typing import Any

import httpx
import pytest
from sqlmodel import select

from roster.audit.models import AuditEvent
from roster.core.db import Database
from tests.conftest import Connect, StartApp


async def test_what_the_environment_says_holds_first(ada: httpx.AsyncClient) -> None:
    answer = await ada.get("/instance/policy")

    assert answer.status_code == 200
    assert answer.json() == {
        "registration": "open",
        "public_read": False,
        "token_max_days": 365,
        "audit_retention_days": None,
        "deleted_retention_days": None,
    }


async def test_only_administrators_decide(
    bob: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    for client, status in ((bob, 403), (anonymous, 401)):
        read = await client.get("/instance/policy")
        change = await client.patch("/instance/policy", json={"public_read": True})
        assert (read.status_code, change.status_code) == (status, status)


async def test_given_fields_change_and_count_at_once(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, database: Database
) -> None:
    changes = {"registration": "closed", "token_max_days": None}

    answer = await ada.patch("/instance/policy", json=changes)

    assert answer.status_code == 200
    assert answer.json()["registration"] == "closed"
    assert answer.json()["token_max_days"] is None
    assert not answer.json()["public_read"]
    assert (await ada.get("/instance/policy")).json() == answer.json()
    assert (await anonymous.get("/instance")).json()["registration"] == "closed"
    body = {
        "username": "bob",
        "email": "bob@example.org",
        "password": "correct horse battery",
    }
    refused = await anonymous.post("/auth/register", json=body)
    assert refused.json()["type"] == "/problems/registration-closed"
    async with database.read() as session:
        rows = await session.exec(
            select(AuditEvent).where(AuditEvent.action == "instance.changed")
        )
    assert [event.details for event in rows] == [
        {"before": {"registration": "open", "token_max_days": 365}, "after": changes}
    ]


async def test_a_decision_outlives_the_process_and_the_environment(
    ada: httpx.AsyncClient, start_app: StartApp, connect: Connect
) -> None:
    await ada.patch("/instance/policy", json={"registration": "invitation"})

    other = connect(await start_app(registration="closed"))

    assert (await other.get("/instance")).json()["registration"] == "invitation"


async def test_what_is_so_already_is_no_change(
    ada: httpx.AsyncClient, database: Database
) -> None:
    before = (await ada.get("/instance/policy")).headers["etag"]

    await ada.patch("/instance/policy", json={"registration": "open"})

    assert (await ada.get("/instance/policy")).headers["etag"] == before
    async with database.read() as session:
        rows = await session.exec(
            select(AuditEvent).where(AuditEvent.action == "instance.changed")
        )
        assert rows.first() is None


async def test_an_edit_of_an_old_state_is_refused(ada: httpx.AsyncClient) -> None:
    headers = {"If-Match": (await ada.get("/instance/policy")).headers["etag"]}

    answers = [
        await ada.patch(
            "/instance/policy", json={"public_read": value}, headers=headers
        )
        for value in (True, False)
    ]

    assert [answer.status_code for answer in answers] == [200, 412]


async def test_decisions_at_once_all_count(ada: httpx.AsyncClient) -> None:
    changes: list[dict[str, Any]] = [
        {"public_read": True},
        {"token_max_days": 30},
        {"audit_retention_days": 400},
    ]

    answers = await asyncio.gather(
        *(ada.patch("/instance/policy", json=change) for change in changes)
    )

    assert {answer.status_code for answer in answers} == {200}
    policy = (await ada.get("/instance/policy")).json()
    assert policy == {
        "registration": "open",
        "public_read": True,
        "token_max_days": 30,
        "audit_retention_days": 400,
        "deleted_retention_days": None,
    }


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"registration": "perhaps"}, "registration"),
        ({"registration": None}, "registration"),
        ({"public_read": None}, "public_read"),
        ({"token_max_days": 0}, "token_max_days"),
        ({"audit_retention_days": -1}, "audit_retention_days"),
        ({"name": "Roster"}, "name"),
    ],
)
async def test_wrong_decisions_are_named(
    ada: httpx.AsyncClient, wrong: dict[str, Any], field: str
) -> None:
    answer = await ada.patch("/instance/policy", json=wrong)

    assert answer.status_code == 422
    assert [error["loc"].split(".")[0] for error in answer.json()["errors"]] == [field]
