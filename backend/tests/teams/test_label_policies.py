"""Owners decide which labels of their team are protected, and how."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.core.db import Database
from tests.components.conftest import create
from tests.teams.conftest import put_member

POLICY = "/teams/backend/policy"
PRODUCTION = f"{POLICY}/labels/production"
NEW = {"If-None-Match": "*"}


async def changes(database: Database) -> list[dict[str, Any]]:
    async with database.read() as session:
        rows = await session.exec(
            select(AuditEvent)
            .where(AuditEvent.action == "policy.changed")
            .order_by(col(AuditEvent.id))
        )
    return [event.details for event in rows]


async def test_protect_change_and_let_go(
    bob: httpx.AsyncClient, team: dict[str, Any], database: Database
) -> None:
    assert (await bob.get(POLICY)).json() == {"labels": []}
    made = await bob.put(PRODUCTION, json={}, headers=NEW)
    assert made.status_code == 200, made.text
    assert made.json() == {
        "label": "production",
        "who_may_move": "editor",
        "approvals": 1,
        "checks": [],
        "frozen": False,
        "freeze_reason": None,
        "etag": made.headers["etag"],
    }
    wanted = {
        "who_may_move": "owner",
        "approvals": 2,
        "checks": ["licence", "no_errors", "licence"],
        "frozen": True,
        "freeze_reason": "The fair is on.",
    }
    headers = {"If-Match": made.headers["etag"]}
    changed = await bob.put(PRODUCTION, json=wanted, headers=headers)
    present = {**wanted, "checks": ["no_errors", "licence"], "label": "production"}
    assert changed.json() == {**present, "etag": changed.headers["etag"]}
    assert changed.headers["etag"] != made.headers["etag"]
    assert (await bob.put(PRODUCTION, json={}, headers=headers)).status_code == 412
    headers = {"If-Match": changed.headers["etag"]}
    same = await bob.put(PRODUCTION, json=wanted, headers=headers)
    assert same.headers["etag"] == changed.headers["etag"]
    thawed = await bob.put(
        PRODUCTION, json={**wanted, "frozen": False}, headers=headers
    )
    assert thawed.json()["freeze_reason"] is None
    listed = await bob.get(POLICY)
    assert listed.json() == {"labels": [thawed.json()]}
    unchanged = {"If-None-Match": listed.headers["etag"]}
    assert (await bob.get(POLICY, headers=unchanged)).status_code == 304
    assert (await bob.delete(PRODUCTION, headers=headers)).status_code == 412
    assert (await bob.delete(PRODUCTION)).status_code == 428
    headers = {"If-Match": thawed.headers["etag"]}
    assert (await bob.delete(PRODUCTION, headers=headers)).status_code == 204
    assert (await bob.delete(PRODUCTION, headers=headers)).status_code == 404
    assert (await bob.get(POLICY)).json() == {"labels": []}
    _compare_changes(await changes(database))


def _compare_changes(told: list[dict[str, Any]]) -> None:
    assert [(one["label"], bool(one["from"]), bool(one["to"])) for one in told] == [
        ("production", False, True),
        ("production", True, True),
        ("production", True, True),
        ("production", True, False),
    ]
    assert told[1]["to"]["approvals"] == 2


async def test_what_a_request_is_based_on(
    bob: httpx.AsyncClient, team: dict[str, Any]
) -> None:
    assert (await bob.put(PRODUCTION, json={})).status_code == 428
    headers = {"If-Match": "*"}
    assert (await bob.put(PRODUCTION, json={}, headers=headers)).status_code == 412
    answers = await asyncio.gather(
        *(bob.put(PRODUCTION, json={}, headers=NEW) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert (await bob.put(PRODUCTION, json={})).status_code == 428
    [first] = [answer.json()["etag"] for answer in answers if answer.is_success]
    await bob.delete(PRODUCTION, headers=headers)
    again = await bob.put(PRODUCTION, json={}, headers=NEW)
    stale = {"If-Match": first}
    assert again.headers["etag"] != first
    assert (await bob.put(PRODUCTION, json={}, headers=stale)).status_code == 412


@pytest.mark.parametrize(
    ("label", "body", "loc"),
    [
        ("production", {"approvals": 6}, "approvals"),
        ("production", {"approvals": -1}, "approvals"),
        ("production", {"who_may_move": "viewer"}, "who_may_move"),
        ("production", {"checks": ["fine"]}, "checks.0"),
        ("production", {"freeze_reason": "x" * 501}, "freeze_reason"),
        ("production", {"why": "x"}, "why"),
        ("Production", {}, "label"),
    ],
)
async def test_wrong_fields_are_named(
    bob: httpx.AsyncClient, team: dict[str, Any], label: str, body: Any, loc: str
) -> None:
    answer = await bob.put(f"{POLICY}/labels/{label}", json=body, headers=NEW)
    assert answer.status_code == 422, answer.text
    assert [error["loc"] for error in answer.json()["errors"]] == [loc]


async def test_members_read_it_and_owners_change_it(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, sign_up: Any
) -> None:
    assert (await eve.get(POLICY)).status_code == 404
    assert (await eve.put(PRODUCTION, json={}, headers=NEW)).status_code == 404
    await put_member(bob, "eve", "editor")
    made = await bob.put(PRODUCTION, json={}, headers=NEW)
    assert (await eve.get(POLICY)).json()["labels"] == [made.json()]
    headers = {"If-Match": "*"}
    assert (await eve.put(PRODUCTION, json={}, headers=headers)).status_code == 403
    assert (await eve.delete(PRODUCTION, headers=headers)).status_code == 403
    latest = await bob.put(f"{POLICY}/labels/latest", json={}, headers=NEW)
    assert latest.status_code == 409


async def test_a_protected_label_does_not_move_at_once(
    bob: httpx.AsyncClient, team: dict[str, Any]
) -> None:
    agent = await create(bob, "backend")
    base, headers = f"/components/{agent['id']}/labels", {"If-Match": "*"}
    stable = f"{base}/stable"
    await bob.put(stable, json={"number": 1}, headers=headers)
    await bob.put(f"{POLICY}/labels/stable", json={"approvals": 0}, headers=NEW)
    moved = await bob.put(stable, json={"number": 1}, headers=headers)
    removed = await bob.delete(stable, headers=headers)
    for refused in (moved, removed):
        assert refused.status_code == 409
        assert refused.json()["type"].endswith("/problems/label-protected")
        assert "promotion" in refused.json()["detail"]
    listed = (await bob.get(base)).json()["items"]
    assert [(one["name"], one["protected"]) for one in listed] == [
        ("latest", False),
        ("stable", True),
    ]
    await bob.delete(f"{POLICY}/labels/stable", headers=headers)
    assert (await bob.delete(stable, headers=headers)).status_code == 204
