"""What is answered to who makes something is what they read of it afterwards."""

import httpx
import pytest

from roster.components.kind_schemas import create_example
from roster.components.kinds import KINDS
from tests.components.conftest import agent_file, create

ODD = {
    "plain": agent_file("plain"),
    "broken": "---\nname: broken\ndescription: It says: no\ntools: 3\n---\nDo.\n",
    "marked": agent_file("marked", description='"é", <b> and \\ too', body="\r\n"),
}
STATE = {"If-Match": "*"}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_component_is_answered_as_it_is_read(
    ada: httpx.AsyncClient, kind: str
) -> None:
    await ada.patch("/users/me", json={"display_name": "Ada Ångström"})
    body = {**create_example(KINDS[kind]), "team": "ada", "licence": "MIT"}
    body["visibility"] = "public"
    made = await ada.post(f"/{KINDS[kind].plural}", json=body)
    assert made.status_code == 201, made.text

    place = made.headers["Location"].removeprefix("/api/v1")
    read = await ada.get(place)

    assert made.content == read.content
    assert read.headers["ETag"].startswith(made.headers["ETag"].rstrip('"'))


@pytest.mark.parametrize("name", ODD)
async def test_odd_files_are_answered_as_they_are_read(
    ada: httpx.AsyncClient, name: str
) -> None:
    made = await ada.post("/agents", json={"team": "ada", "content": ODD[name]})
    assert made.status_code == 201, made.text
    read = await ada.get(f"/agents/{made.json()['id']}")
    assert made.content == read.content


@pytest.mark.parametrize("kind", KINDS)
async def test_a_revision_is_answered_as_it_is_read(
    ada: httpx.AsyncClient, kind: str
) -> None:
    example = create_example(KINDS[kind])
    body = {**example, "team": "ada"}
    made = (await ada.post(f"/{KINDS[kind].plural}", json=body)).json()
    again = {"content": f"{example['content']}\n", "message": "Once more, ☂."}

    place = f"/components/{made['id']}"
    published = await ada.post(f"{place}/revisions", json=again, headers=STATE)

    assert published.status_code == 201, published.text
    assert published.headers["Location"] == f"/api/v1{place}/revisions/2"
    assert published.json() == (await ada.get(f"{place}/revisions/2")).json()
    there = await ada.get(f"/{KINDS[kind].plural}/{made['id']}")
    assert there.json()["etag"] == published.headers["ETag"]


async def test_a_label_is_answered_as_it_is_read(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")
    place = f"/components/{agent['id']}/labels"
    answers = [
        await ada.put(f"{place}/prod", json={"number": 1}, headers=STATE)
        for _ in range(2)
    ]
    read = {item["name"]: item for item in (await ada.get(place)).json()["items"]}
    assert [answer.json() for answer in answers] == [read["prod"]] * 2
    tags = {answer.headers["ETag"] for answer in answers}
    assert tags == {'"v2"'}
