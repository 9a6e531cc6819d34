"""The invariants of components, by their numbers in the design, on both databases."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from roster.components.models import Component, Label, Revision, Yank
from roster.core.db import Database
from tests.components.conftest import agent_file, create, publish

STATE = {"If-Match": "*"}
TABLES = {
    "revisions": "message = 'changed'",
    "revision_files": "path = 'changed'",
    "yanks": "reason = 'changed'",
    "component_names": "name = 'changed'",
}


async def execute(database: Database, statement: str) -> None:
    async with database.write() as session:
        connection = await session.connection()
        await connection.execute(text(statement))


async def newest(database: Database, component_id: str) -> tuple[int, int, int]:
    """What is shown as newest, what `latest` is on, and what should be both; or 0."""
    id_ = UUID(component_id)
    async with database.read() as session:
        shown = (await session.get_one(Component, id_)).latest_number
        label = await session.get(Label, (id_, "latest"))
        yanked = select(Yank.number).where(Yank.component_id == id_)
        numbers = await session.exec(
            select(Revision.number).where(Revision.component_id == id_)
        )
        left = set(numbers.all()) - set((await session.exec(yanked)).all())
    return shown, label.number if label else 0, max(left, default=0)


async def test_1_what_was_published_is_refused_to_direct_sql(
    ada: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada")
    await ada.post(
        f"/components/{agent['id']}/revisions/1/yank", json={"reason": "Wrong."}
    )
    for table, change in TABLES.items():
        statements = [
            f"UPDATE {table} SET {change}",  # noqa: S608 - our own names
            f"DELETE FROM {table}",  # noqa: S608
        ]
        if table == "yanks":  # a yank can be taken back, but says no other words
            statements.pop()
        for statement in statements:
            with pytest.raises(DBAPIError, match="immutable"):
                await execute(database, statement)
    revision = (await ada.get(f"/components/{agent['id']}/revisions/1")).json()
    assert revision["content"] == agent_file()


async def test_2_twenty_publications_at_once_are_numbered_without_a_gap(
    ada: httpx.AsyncClient, editor: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada")
    address = f"/components/{agent['id']}/revisions"

    async def one(number: int) -> httpx.Response:
        client = ada if number % 2 else editor
        content = {"content": agent_file(body=f"Number {number}.\n")}
        return await client.post(address, json=content, headers=STATE)

    answers = await asyncio.gather(*(one(number) for number in range(2, 21)))
    assert {answer.status_code for answer in answers} == {201}
    numbers = sorted(answer.json()["number"] for answer in answers)
    assert [1, *numbers] == list(range(1, 21))
    page = (await ada.get(address)).json()["items"]
    assert [item["number"] for item in page] == list(range(20, 0, -1))
    assert await newest(database, agent["id"]) == (20, 20, 20)


async def test_3_latest_is_the_newest_that_is_not_yanked(
    ada: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada")
    base = f"/components/{agent['id']}"
    for number in (2, 3):
        await publish(ada, agent, agent_file(body=f"Number {number}.\n"))
    for method, number, left in (
        ("POST", 2, 3),
        ("POST", 3, 1),
        ("POST", 1, 0),
        ("DELETE", 2, 2),
        ("DELETE", 1, 2),
        ("DELETE", 3, 3),
    ):
        body = {"reason": "Wrong."} if method == "POST" else None
        await ada.request(
            method, f"{base}/revisions/{number}/yank", json=body, headers=STATE
        )
        assert await newest(database, agent["id"]) == (left, left, left)


async def test_3_yanks_and_publications_at_once_leave_latest_right(
    ada: httpx.AsyncClient, editor: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada")
    base = f"/components/{agent['id']}/revisions"
    for number in (2, 3, 4):
        await publish(ada, agent, agent_file(body=f"Number {number}.\n"))

    def yank(number: int) -> Any:
        return ada.post(f"{base}/{number}/yank", json={"reason": "Wrong."})

    def add(number: int) -> Any:
        content = {"content": agent_file(body=f"Number {number}.\n")}
        return editor.post(base, json=content, headers=STATE)

    answers = await asyncio.gather(
        yank(4), add(5), yank(3), add(6), yank(2), yank(4), add(7)
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200, 200, 200, 201, 201, 201, 409]
    assert await newest(database, agent["id"]) == (7, 7, 7)
    await asyncio.gather(yank(7), yank(6), yank(5), yank(1))
    assert await newest(database, agent["id"]) == (0, 0, 0)


async def test_9_no_edit_overwrites_a_newer_one_and_the_draft_is_kept(
    ada: httpx.AsyncClient, editor: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada")
    base = f"/components/{agent['id']}"
    draft = {
        "content": agent_file(body="Bob's.\n"),
        "base_digest": agent["latest"]["digest"],
    }
    await editor.put(f"{base}/draft", json=draft, headers={"If-None-Match": "*"})
    old = {"If-Match": agent["etag"]}
    newer = await publish(ada, agent, agent_file(body="Ada's.\n"))
    body = {"content": draft["content"]}
    for method, path, sent in (
        ("POST", "/revisions", body),
        ("PATCH", "", {"visibility": "internal"}),
        ("PUT", "/labels/stable", {"number": 1}),
        ("POST", "/rename", {"name": "critic"}),
        ("PUT", "/deprecation", {"message": "Old."}),
        ("DELETE", "", None),
    ):
        client = editor if path in {"/revisions", "/labels/stable"} else ada
        answer = await client.request(method, base + path, json=sent, headers=old)
        assert answer.status_code == 412, (method, path)
    behind = await editor.post(
        f"{base}/draft/publish", json={}, headers={"If-Match": '"d1"'}
    )
    assert behind.status_code == 409
    now = (await ada.get(f"/agents/{agent['id']}")).json()
    assert now["latest"]["digest"] == newer.json()["digest"]
    assert now["content"] == agent_file(body="Ada's.\n")
    kept = (await editor.get(f"{base}/draft")).json()
    assert kept["content"] == draft["content"]
