"""Labels move by hand, and `latest` by itself."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from roster.components.models import Label
from roster.core.db import Database
from tests.components.conftest import agent_file, create, publish


@pytest.fixture
async def agent(ada: httpx.AsyncClient) -> dict[str, Any]:
    agent = await create(ada, "ada")
    await publish(ada, agent, agent_file(body="Second.\n"))
    present: dict[str, Any] = (await ada.get(f"/agents/{agent['id']}")).json()
    return present


async def test_set_move_and_take_away(
    ada: httpx.AsyncClient, agent: dict[str, Any]
) -> None:
    base = f"/components/{agent['id']}"
    etag = agent["etag"]
    for number in (1, 2):
        answer = await ada.put(
            f"{base}/labels/production",
            json={"number": number},
            headers={"If-Match": etag},
        )
        assert answer.status_code == 200, answer.text
        moved = answer.json()
        assert (moved["name"], moved["number"]) == ("production", number)
        assert moved["moved_by"]["username"] == "ada"
        assert answer.headers["etag"] != etag
        etag = answer.headers["etag"]
        listed = (await ada.get(f"{base}/labels")).json()["items"]
        assert [item["name"] for item in listed] == ["latest", "production"]
        assert listed[1] == moved
        assert (await ada.get(base)).json()["labels"] == [
            {"name": "latest", "number": 2, "yanked": False},
            {"name": "production", "number": number, "yanked": False},
        ]
    revision = (await ada.get(f"{base}/revisions/2")).json()
    assert revision["labels"] == ["latest", "production"]
    address = f"{base}/labels/production"
    again = await ada.put(address, json={"number": 2}, headers={"If-Match": etag})
    assert again.headers["etag"] == etag
    gone = await ada.delete(address, headers={"If-Match": etag})
    assert gone.status_code == 204
    assert gone.headers["etag"] != etag
    missing = await ada.delete(address, headers={"If-Match": "*"})
    assert missing.status_code == 404
    listed = (await ada.get(f"{base}/labels")).json()["items"]
    assert [item["name"] for item in listed] == ["latest"]


async def test_latest_moves_by_itself(
    ada: httpx.AsyncClient, agent: dict[str, Any]
) -> None:
    address = f"/components/{agent['id']}/labels/latest"
    headers = {"If-Match": "*"}
    answer = await ada.put(address, json={"number": 1}, headers=headers)
    assert answer.status_code == 409
    assert (await ada.delete(address, headers=headers)).status_code == 409
    await publish(ada, agent, agent_file(body="Third.\n"))
    listed = (await ada.get(f"/components/{agent['id']}/labels")).json()["items"]
    assert [(item["name"], item["number"]) for item in listed] == [("latest", 3)]


@pytest.mark.parametrize(
    ("label", "body", "loc"),
    [
        ("production", {"number": 9}, "number"),
        ("production", {"number": 0}, "number"),
        ("production", {"number": 2**40}, "number"),
        ("production", {}, "number"),
        ("production", {"number": 1, "why": "x"}, "why"),
        ("Production", {"number": 1}, "label"),
        ("a--b", {"number": 1}, "label"),
        ("x" * 65, {"number": 1}, "label"),
    ],
)
async def test_wrong_fields_are_named(
    ada: httpx.AsyncClient, agent: dict[str, Any], label: str, body: Any, loc: str
) -> None:
    answer = await ada.put(
        f"/components/{agent['id']}/labels/{label}",
        json=body,
        headers={"If-Match": "*"},
    )
    assert answer.status_code == 422, answer.text
    assert [error["loc"] for error in answer.json()["errors"]] == [loc]


async def test_if_match(ada: httpx.AsyncClient, agent: dict[str, Any]) -> None:
    address = f"/components/{agent['id']}/labels/production"
    body = {"number": 1}
    assert (await ada.put(address, json=body)).status_code == 428
    assert (await ada.delete(address)).status_code == 428
    stale = {"If-Match": '"v1"'}
    assert (await ada.put(address, json=body, headers=stale)).status_code == 412
    assert (await ada.delete(address, headers=stale)).status_code == 412


async def test_of_many_moves_with_one_base_one_wins(
    ada: httpx.AsyncClient, agent: dict[str, Any]
) -> None:
    address = f"/components/{agent['id']}/labels/production"
    answers = await asyncio.gather(
        *(
            ada.put(
                address,
                json={"number": 1 + number % 2},
                headers={"If-Match": agent["etag"]},
            )
            for number in range(10)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9


async def test_a_label_cannot_point_at_nothing(
    ada: httpx.AsyncClient, agent: dict[str, Any], database: Database
) -> None:
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            await session.exec(
                update(Label).where(col(Label.name) == "latest").values(number=9)
            )


async def test_a_number_is_no_name_of_a_label(
    ada: httpx.AsyncClient, agent: dict[str, Any]
) -> None:
    base, match = f"/components/{agent['id']}", {"If-Match": "*"}
    made = await ada.post("/collections", json={"team": "ada", "name": "set"})
    entry = {"component_id": agent["id"], "label": "7"}
    items = [{"id": agent["id"]}]
    label = {"label": "7", "number": 1}
    answers = [
        await ada.put(f"{base}/labels/7", json={"number": 1}, headers=match),
        await ada.put("/teams/ada/policy/labels/7", json={}, headers=match),
        await ada.post(f"{base}/promotions", json=label),
        await ada.post(
            "/components/bulk", json={"action": "label", "items": items, **label}
        ),
        await ada.post(
            f"/collections/{made.json()['id']}/entries", json={"entries": [entry]}
        ),
    ]
    assert [answer.status_code for answer in answers] == [422] * 5
    assert all("add a letter" in answer.text for answer in answers)
    gone = await ada.delete(f"{base}/labels/7", headers=match)
    assert gone.status_code == 404
