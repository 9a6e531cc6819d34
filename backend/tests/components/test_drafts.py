"""One autosaved draft for each person and component."""

import asyncio
from typing import Any

import httpx
import pytest

from roster.settings import Settings
from tests.components.conftest import agent_file, create, publish

NEW = {"If-None-Match": "*"}


@pytest.fixture
async def agent(ada: httpx.AsyncClient) -> dict[str, Any]:
    return await create(ada, "ada")


@pytest.fixture
def address(agent: dict[str, Any]) -> str:
    return f"/components/{agent['id']}/draft"


@pytest.fixture
def body(agent: dict[str, Any]) -> dict[str, str]:
    return {"content": "half a thought", "base_digest": agent["latest"]["digest"]}


async def test_save_read_change_discard(
    ada: httpx.AsyncClient, address: str, body: dict[str, str]
) -> None:
    assert (await ada.get(address)).status_code == 404
    made = await ada.put(address, json=body, headers=NEW)
    assert made.status_code == 200, made.text
    draft = made.json()
    assert draft["content"] == "half a thought"
    assert draft["base_number"] == 1
    assert draft["etag"] == made.headers["etag"] == '"d1"'
    read = await ada.get(address)
    assert read.json() == draft
    assert read.headers["etag"].startswith('"d1-')
    same = await ada.get(address, headers={"If-None-Match": read.headers["etag"]})
    assert same.status_code == 304
    body["content"] = "a whole thought"
    for tag, etag in ((read.headers["etag"], '"d2"'), ('"d2"', '"d3"')):
        changed = await ada.put(address, json=body, headers={"If-Match": tag})
        assert changed.json()["etag"] == etag
        assert changed.json()["updated_at"] > draft["updated_at"]
    stale = await ada.delete(address, headers={"If-Match": '"d2"'})
    assert stale.status_code == 412
    assert (await ada.delete(address)).status_code == 428
    gone = await ada.delete(address, headers={"If-Match": '"d3"'})
    assert gone.status_code == 204
    assert (await ada.delete(address, headers={"If-Match": "*"})).status_code == 404


async def test_an_older_edit_never_overwrites_a_newer_one(
    ada: httpx.AsyncClient, address: str, body: dict[str, str]
) -> None:
    """Invariant: the second of two tabs is told, and the first one's text stays."""
    none = await ada.put(address, json=body)
    assert none.status_code == 428
    gone = await ada.put(address, json=body, headers={"If-Match": '"d1"'})
    assert gone.status_code == 412
    await ada.put(address, json={**body, "content": "first"}, headers=NEW)
    assert (await ada.put(address, json=body)).status_code == 428
    for headers in (NEW, {"If-Match": '"d0"'}, {"If-Match": '"v1"'}):
        answer = await ada.put(address, json=body, headers=headers)
        assert answer.status_code == 412, headers
        assert answer.headers["etag"] == '"d1"'
    assert (await ada.get(address)).json()["content"] == "first"


async def test_two_tabs_at_once_make_one_draft(
    ada: httpx.AsyncClient, address: str, body: dict[str, str]
) -> None:
    for headers in (NEW, {"If-Match": '"d1"'}):
        answers = await asyncio.gather(
            *(ada.put(address, json=body, headers=headers) for _ in range(6))
        )
        codes = sorted(answer.status_code for answer in answers)
        assert codes == [200] + [412] * 5


async def test_publishing_ends_ones_own_draft(
    ada: httpx.AsyncClient,
    editor: httpx.AsyncClient,
    agent: dict[str, Any],
    address: str,
    body: dict[str, str],
) -> None:
    for client in (ada, editor):
        await client.put(address, json=body, headers=NEW)
    refused = await publish(ada, agent, agent_file())
    assert refused.status_code == 409
    assert (await ada.get(address)).status_code == 200
    await publish(ada, agent, agent_file(body="Second.\n"))
    assert (await ada.get(address)).status_code == 404
    assert (await editor.get(address)).json()["base_number"] == 1


async def test_a_draft_may_be_based_on_any_revision(
    ada: httpx.AsyncClient, agent: dict[str, Any], address: str, body: dict[str, str]
) -> None:
    for text in ("Second.\n", "You review changes.\n"):
        await publish(ada, agent, agent_file(body=text))
    answer = await ada.put(address, json=body, headers=NEW)
    assert answer.json()["base_number"] == 3  # the newest with this content


async def test_wrong_drafts_are_refused(
    ada: httpx.AsyncClient, address: str, body: dict[str, str], settings: Settings
) -> None:
    for wrong, loc in (
        ({"base_digest": "0" * 64}, "base_digest"),
        ({"base_digest": "short"}, "base_digest"),
        ({"content": ""}, "content"),
        ({"more": "1"}, "more"),
    ):
        answer = await ada.put(address, json={**body, **wrong}, headers=NEW)
        assert answer.status_code == 422
        assert [error["loc"] for error in answer.json()["errors"]] == [loc]
    body["content"] = "é" * (settings.file_bytes // 2 + 1)
    answer = await ada.put(address, json=body, headers=NEW)
    assert answer.status_code == 413
