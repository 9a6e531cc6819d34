"""Releases: their numbers, locks, policy, changelogs and archives."""

import asyncio
import hashlib
import io
import zipfile
from typing import Any
from uuid import UUID

import httpx
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.collections.changes import moved
from roster.collections.models import Collection
from roster.core.db import Database
from roster.core.model import utc_now
from roster.teams.models import Role
from tests.collections.conftest import (
    ANY,
    Join,
    collect,
    create,
    publish,
    put,
    read,
    release,
    released,
)
from tests.components.conftest import agent_file
from tests.components.test_races import until_someone_waits
from tests.conftest import Connect, StartApp

POLICY = "/teams/ada/policy/labels/production"


async def test_a_release_locks_what_entries_stand_for(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada", visibility="internal")
    other = await create(ada, "ada", "other", visibility="internal")
    kit = await collect(ada, "kit", agent, visibility="internal")
    place = f"/collections/{kit['id']}/releases"
    assert (await ada.post(place, json={})).status_code == 428
    assert (await bob.post(place, json={}, headers=ANY)).status_code == 403
    stale = {"If-Match": '"v1"'}
    assert (await ada.post(place, json={}, headers=stale)).status_code == 412
    match = {"If-Match": kit["etag"]}
    answer = await ada.post(place, json={"notes": "First"}, headers=match)
    assert answer.status_code == 201, answer.text
    first = answer.json()
    assert answer.headers["location"] == f"/api/v1{place}/1"
    assert (first["number"], first["notes"], first["entry_count"]) == (1, "First", 1)
    assert first["author"]["username"] == "ada"
    assert first["entries"] == [
        {
            "component_id": agent["id"],
            "kind": "agent",
            "team": "ada",
            "name": "reviewer",
            "identifier": "roster:agent:ada/reviewer@1",
            "number": 1,
            "digest": agent["latest"]["digest"],
            "shadowed": False,
            "reference": "agent:ada/reviewer",
            "yanked": False,
            "deleted": False,
        }
    ]
    assert (await bob.get(f"{place}/1")).json() == first
    again = await release(ada, kit)
    assert again.json()["type"] == "/problems/unchanged"

    await release_twice_more(ada, kit, (agent, other), first)
    await list_and_count(bob, kit)
    async with database.read() as session:
        told = await session.exec(
            select(AuditEvent)
            .where(AuditEvent.action == "release.made")
            .order_by(col(AuditEvent.id))
        )
        events = told.all()
    assert [event.details["number"] for event in events] == [1, 2, 3]
    assert events[0].details["digest"] == first["digest"]
    assert events[0].target_name == "ada/kit"


async def release_twice_more(
    ada: httpx.AsyncClient,
    kit: dict[str, Any],
    entries: tuple[dict[str, Any], dict[str, Any]],
    first: dict[str, Any],
) -> None:
    (agent, other), place = entries, f"/collections/{kit['id']}/releases"
    await put(ada, kit, {"component_id": other["id"]}, {"component_id": agent["id"]})
    by_digest = {"If-Match": f'"{first["digest"]}"'}
    second = await ada.post(place, json={}, headers=by_digest)
    assert second.json()["number"] == 2
    await put(ada, kit, {"component_id": agent["id"]})
    assert (await ada.post(place, json={}, headers=by_digest)).status_code == 412
    third = await released(ada, kit)
    # Going back is a release of its own, with the lock that it had.
    assert (third["number"], third["digest"]) == (3, first["digest"])


async def list_and_count(bob: httpx.AsyncClient, kit: dict[str, Any]) -> None:
    place = f"/collections/{kit['id']}/releases"
    page = (await bob.get(place, params={"limit": 2, "count": True})).json()
    assert [one["number"] for one in page["items"]] == [3, 2]
    rest = await bob.get(place, params={"cursor": page["next_cursor"], "limit": 2})
    assert ([one["number"] for one in rest.json()["items"]], page["total"]) == ([1], 3)
    assert (await read(bob, kit))["latest_release"] == 3
    assert (await bob.get(f"{place}/4")).status_code == 404


async def test_the_lock_is_its_digest(
    ada: httpx.AsyncClient, start_app: StartApp, connect: Connect
) -> None:
    agent = await create(ada, "ada")
    public = {"visibility": "public", "licence": "MIT"}
    await ada.patch(f"/components/{agent['id']}", json=public, headers=ANY)
    kit = await collect(ada, "kit", agent, visibility="public")
    made = await released(ada, kit)
    path = f"/collections/{kit['id']}/releases/1/lock"
    answer = await ada.get(path)
    assert answer.headers["etag"] == f'"{made["digest"]}"'
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert hashlib.sha256(answer.content).hexdigest() == made["digest"]
    assert answer.json() == {
        "lock": 1,
        "entries": [
            {
                "kind": "agent",
                "name": "ada/reviewer",
                "number": 1,
                "digest": agent["latest"]["digest"],
                "shadowed": False,
            }
        ],
    }
    known = {"If-None-Match": answer.headers["etag"]}
    again = await ada.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    everybody = connect(await start_app(public_read=True))
    shared = await everybody.get(path)
    assert shared.content == answer.content
    assert shared.headers["cache-control"] == "public, no-cache"
    taken = await everybody.get(path.replace("lock", "export"))
    assert taken.headers["cache-control"] == shared.headers["cache-control"]


async def test_a_policy_for_production_holds_for_releases(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, join: Join
) -> None:
    own = await create(ada, "ada", "own")
    foreign = await create(bob, "bob", "foreign", visibility="internal")
    await join("bob", "ada", Role.editor)
    kit = await collect(ada, "kit", own, foreign)
    rule = {"who_may_move": "editor", "approvals": 0, "checks": [], "frozen": False}
    answer = await ada.put(POLICY, json=rule, headers={"If-None-Match": "*"})
    assert answer.status_code == 200, answer.text
    refused = await release(ada, kit)
    assert refused.status_code == 409
    [error] = refused.json()["errors"]
    assert (error["loc"], error["code"]) == ("agent:ada/own", "not_promoted")

    async def promote(number: int) -> None:
        body = {"label": "production", "number": number, "message": "Good."}
        opened = await ada.post(f"/components/{own['id']}/promotions", json=body)
        assert opened.status_code == 201, opened.text
        path = f"/promotions/{opened.json()['id']}/apply"
        applied = await ada.post(path, headers=ANY)
        assert applied.status_code == 200, applied.text

    await promote(1)
    assert (await released(ada, kit))["entries"][0]["number"] == 1
    await publish(ada, own, agent_file("own", body="Second.\n"))
    assert (await release(ada, kit)).status_code == 409  # latest is ahead of it
    await put(ada, kit, {"component_id": own["id"], "label": "production"})
    assert (await released(ada, kit))["entries"][0]["number"] == 1
    await promote(2)
    assert (await released(ada, kit))["entries"][0]["number"] == 2
    # What passed once has passed, though the label is elsewhere.
    await put(ada, kit, {"component_id": own["id"], "number": 1})
    assert (await released(ada, kit))["entries"][0]["number"] == 1
    # The label alone is enough where it was set before there was a policy.
    late = await create(ada, "ada", "late")
    await ada.delete(POLICY, headers=ANY)
    label = f"/components/{late['id']}/labels/production"
    assert (await ada.put(label, json={"number": 1}, headers=ANY)).is_success
    await ada.put(POLICY, json=rule, headers={"If-None-Match": "*"})
    await put(ada, kit, {"component_id": late["id"]})
    assert (await released(ada, kit))["number"] == 5
    # Things of other teams have policies of their own.
    await put(ada, kit, {"component_id": foreign["id"]})
    assert (await released(ada, kit))["number"] == 6


async def test_a_yanked_revision_is_not_released(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")
    await publish(ada, agent, agent_file(body="Second.\n"))
    kit = await collect(ada, "kit")
    await put(ada, kit, {"component_id": agent["id"], "number": 1})
    yank = f"/components/{agent['id']}/revisions/1/yank"
    assert (await ada.post(yank, json={"reason": "It loops."})).is_success
    [entry] = (await read(ada, kit))["entries"]
    assert (entry["state"], entry["yank_reason"]) == ("yanked", "It loops.")
    refused = await release(ada, kit)
    assert refused.json()["errors"][0]["code"] == "yanked"
    await put(ada, kit, {"component_id": agent["id"]})
    assert (await released(ada, kit))["entries"][0]["number"] == 2


async def test_a_token_that_does_not_reach_all_of_it(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    connect: Connect,
    start_app: StartApp,
) -> None:
    own = await create(ada, "ada")
    foreign = await create(bob, "bob", "foreign", visibility="internal")
    kit = await collect(ada, "kit", own, foreign)
    body = {"name": "CI", "scopes": ["read", "write", "publish"], "teams": ["ada"]}
    made = await ada.post("/auth/tokens", json=body)
    assert made.status_code == 201, made.text
    client = connect(await start_app())
    client.headers["Authorization"] = f"Bearer {made.json()['token']}"
    assert [entry["name"] for entry in (await read(client, kit))["entries"]] == [
        "reviewer"
    ]
    assert (await release(client, kit)).status_code == 403
    await put(ada, kit, {"component_id": own["id"]})
    assert (await release(client, kit)).status_code == 201


async def test_changes_between_two_releases(ada: httpx.AsyncClient) -> None:
    agents = {
        name: await create(ada, "ada", name) for name in ("a", "b", "c", "d", "e")
    }
    kit = await collect(ada, "kit", *(agents[name] for name in "abcd"))
    await released(ada, kit)
    for text, message in (("Two.\n", "Second"), ("Three.\n", "Third")):
        present = await ada.get(f"/components/{agents['b']['id']}")
        await ada.post(
            f"/components/{agents['b']['id']}/revisions",
            json={"content": agent_file("b", body=text), "message": message},
            headers={"If-Match": present.headers["etag"]},
        )
    await put(ada, kit, *({"component_id": agents[name]["id"]} for name in "dbce"))
    await released(ada, kit)
    place = f"/collections/{kit['id']}/releases"
    changes = (await ada.get(f"{place}/2/changes")).json()
    assert (changes["against"], changes["number"]) == (1, 2)
    assert [one["name"] for one in changes["added"]] == ["e"]
    assert [(one["name"], one["number"]) for one in changes["removed"]] == [("a", 1)]
    [updated] = changes["updated"]
    assert (updated["name"], updated["before"], updated["after"]) == ("b", 1, 3)
    assert [(one["number"], one["message"]) for one in updated["revisions"]] == [
        (3, "Third"),
        (2, "Second"),
    ]
    [turned] = changes["moved"]
    assert (turned["name"], turned["before"], turned["after"]) == ("d", 4, 1)
    back = (await ada.get(f"{place}/1/changes", params={"against": 2})).json()
    assert [one["name"] for one in back["added"]] == ["a"]
    assert back["updated"][0]["revisions"] == []
    first = (await ada.get(f"{place}/1/changes")).json()
    assert (first["against"], len(first["added"])) == (0, 4)
    same = (await ada.get(f"{place}/1/changes", params={"against": 1})).json()
    assert not any(same[part] for part in ("added", "removed", "updated", "moved"))
    assert (await ada.get(f"{place}/1/changes?against=7")).status_code == 404


def test_the_fewest_moves_explain_an_order() -> None:
    one, two, three, four, five = (UUID(int=number) for number in range(5))
    assert moved([], []) == []
    assert moved([one, two, three], [one, two, three]) == []
    assert moved([one, two, three, four], [two, three, four, one]) == [one]
    assert moved([one, two, three, four], [four, one, two, three]) == [four]
    assert moved([one, two, three], [three, five, one]) in ([three], [one])
    assert len(moved([one, two, three], [three, two, one])) == 2


def unzipped(answer: httpx.Response) -> dict[str, bytes]:
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def test_the_archive_holds_the_locked_bytes(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada", body="First.\n", visibility="internal")
    shadowed = await create(bob, "bob", visibility="internal")
    server = await ada.post(
        "/servers",
        json={
            "team": "ada",
            "name": "files",
            "content": '{"type": "stdio", "command": "files"}\n',
            "visibility": "internal",
        },
    )
    assert server.status_code == 201, server.text
    kit = await collect(
        ada, "kit", agent, shadowed, server.json(), visibility="internal"
    )
    await released(ada, kit)
    await publish(ada, agent, agent_file(body="Second.\n"))
    path = f"/collections/{kit['id']}/releases/1/export"
    answer = await bob.get(path)
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="ada-kit-1.zip"' in answer.headers["content-disposition"]
    files = unzipped(answer)
    assert len(files) == 2
    assert files[".claude/agents/reviewer.md"] == agent_file(body="First.\n").encode()
    assert (await bob.get(path)).content == answer.content
    known = {"If-None-Match": answer.headers["etag"]}
    assert (await bob.get(path, headers=known)).status_code == 304
    async with database.read() as session:
        told = await session.exec(
            select(AuditEvent).where(AuditEvent.action == "export.made")
        )
        events = told.all()
    assert [event.actor_name for event in events] == ["bob", "bob"]
    assert events[0].details["revisions"] == [
        "agent:ada/reviewer@1",
        "server:ada/files@1",
    ]


async def test_what_was_redacted_is_in_no_archive(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")
    other = await create(ada, "ada", "other")
    kit = await collect(ada, "kit", agent, other)
    made = await released(ada, kit)
    place = f"/collections/{kit['id']}/releases/1"
    lock = (await ada.get(f"{place}/lock")).content
    known = {"If-None-Match": (await ada.get(f"{place}/export")).headers["etag"]}
    revision = await ada.get(f"/components/{agent['id']}/revisions/1")
    [file] = revision.json()["files"]
    body = {"team": "ada", "reason": "It named a customer."}
    redacted = await ada.post(f"/blobs/{file['digest']}/redact", json=body)
    assert redacted.is_success, redacted.text
    refused = await ada.get(f"{place}/export")
    assert refused.status_code == 410
    assert "It named a customer." in refused.json()["detail"]
    assert (await ada.get(f"{place}/export", headers=known)).status_code == 410
    assert (await ada.get(f"{place}/lock")).content == lock
    assert (await ada.get(place)).json()["digest"] == made["digest"]


async def test_an_archive_has_a_largest_size(
    ada: httpx.AsyncClient, connect: Connect, start_app: StartApp
) -> None:
    texts = {"small": "x" * 1000, "large": "x" * 5000}
    agents = [
        await create(ada, "ada", name, body=text, visibility="internal")
        for name, text in texts.items()
    ]
    place = {}
    for agent in agents:
        kit = await collect(ada, agent["name"], agent, visibility="internal")
        await released(ada, kit)
        place[agent["name"]] = f"/collections/{kit['id']}/releases/1"
    small = connect(await start_app(unpacked_bytes=4096))
    small.headers["Authorization"] = ada.headers["Authorization"]
    assert (await small.get(f"{place['small']}/export")).status_code == 200
    refused = await small.get(f"{place['large']}/export")
    assert refused.status_code == 413
    assert "4,096 bytes" in refused.json()["detail"]
    assert (await small.get(f"{place['large']}/lock")).status_code == 200


async def test_deleted_while_a_release_waited(
    ada: httpx.AsyncClient, database: Database
) -> None:
    kit = await collect(ada, "kit", await create(ada, "ada"))
    async with database.write() as session:
        rows = await session.exec(
            select(Collection).where(Collection.id == UUID(kit["id"])).with_for_update()
        )
        collection = rows.one()
        waiting = asyncio.create_task(release(ada, kit))
        await until_someone_waits(database)
        collection.deleted_at = utc_now()
    assert (await waiting).status_code == 404
