"""What the audit learns of components, in the transaction of each change."""

from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.core.db import Database
from tests.components.conftest import agent_file, create, publish

Told = Callable[[], Coroutine[None, None, list[AuditEvent]]]


@pytest.fixture
def told(database: Database) -> Told:
    """Give all events about components, oldest first."""

    async def load() -> list[AuditEvent]:
        async with database.read() as session:
            events = await session.exec(
                select(AuditEvent)
                .where(AuditEvent.target_kind == "component")
                .order_by(col(AuditEvent.id))
            )
            return list(events.all())

    return load


async def test_every_change_is_told(ada: httpx.AsyncClient, told: Told) -> None:
    agent = await create(ada, "ada")
    base = f"/components/{agent['id']}"
    state = {"If-Match": "*"}
    second = (await publish(ada, agent, agent_file(body="Second.\n"))).json()
    for number in (1, 2):
        await ada.put(f"{base}/labels/stable", json={"number": number}, headers=state)
    await ada.delete(f"{base}/labels/stable", headers=state)
    await ada.patch(
        base, json={"visibility": "public", "licence": "MIT"}, headers=state
    )
    await ada.delete(base, headers=state)
    await ada.post(f"{base}/restore")

    events = await told()

    label: dict[str, Any] = {"label": "stable"}
    assert [(event.action, event.details) for event in events] == [
        ("component.created", {"number": 1, "digest": agent["latest"]["digest"]}),
        ("revision.published", {"number": 2, "digest": second["digest"]}),
        ("label.moved", {**label, "number": 1, "before": None}),
        ("label.moved", {**label, "number": 2, "before": 1}),
        ("label.removed", {**label, "number": 2}),
        ("component.visibility_changed", {"from": "private", "to": "public"}),
        ("component.licence_changed", {"from": None, "to": "MIT"}),
        ("component.deleted", {}),
        ("component.restored", {}),
    ]
    for event in events:
        assert str(event.target_id) == agent["id"]
        assert event.target_name == "agent:ada/reviewer"
        assert str(event.team_id) == agent["team"]["id"]
        assert event.actor_name == "ada"
        assert event.session_id is not None


async def test_what_changes_nothing_is_not_told(
    ada: httpx.AsyncClient, told: Told
) -> None:
    agent = await create(ada, "ada")
    base = f"/components/{agent['id']}"
    await ada.put(
        f"{base}/labels/stable", json={"number": 1}, headers={"If-Match": "*"}
    )
    before = await told()

    for refused in (
        await ada.put(
            f"{base}/labels/stable", json={"number": 1}, headers={"If-Match": "*"}
        ),
        await ada.patch(
            base, json={"visibility": "private"}, headers={"If-Match": "*"}
        ),
        await ada.patch(
            base,
            json={"visibility": "public", "licence": "MIT"},
            headers={"If-Match": '"v9"'},
        ),
        await publish(ada, agent, agent_file()),
        await ada.get(base),
    ):
        assert refused.status_code in {200, 409, 412}

    assert await told() == before


async def test_a_token_is_named(ada: httpx.AsyncClient, told: Told) -> None:
    body = {"name": "Build server", "scopes": ["publish"]}
    made = (await ada.post("/auth/tokens", json=body)).json()
    ada.headers["Authorization"] = f"Bearer {made['token']}"

    await create(ada, "ada")

    [event] = await told()
    assert str(event.token_id) == made["id"]
    assert event.session_id is None
    assert event.address == "127.0.0.1"
