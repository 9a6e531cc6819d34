"""A token for another instance goes where the person said, not where a file says."""

from typing import Any

import httpx
import orjson

LOCK: dict[str, Any] = {
    "lock": 1,
    "instance": "https://elsewhere.example",
    "entries": [],
}


async def begin(
    client: httpx.AsyncClient, lock: dict[str, Any] = LOCK, **fields: str
) -> httpx.Response:
    return await client.post(
        "/imports/lock",
        data={"team": "ada", **fields},
        files=[("files", ("roster.lock", orjson.dumps(lock)))],
    )


async def test_a_token_needs_the_address_that_it_is_for(ada: httpx.AsyncClient) -> None:
    refused = await begin(ada, token="9fKx-for-tests")
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert error["loc"] == "address"
    assert "gets the token" in error["message"]
    assert (await ada.get("/imports")).json()["items"] == []

    taken = await begin(
        ada, token="9fKx-for-tests", address="https://roster.example.org"
    )
    assert taken.status_code == 201, taken.text
    assert taken.json()["origin"].startswith("https://roster.example.org")
    assert (await begin(ada)).status_code == 201
    assert (await begin(ada, token="")).status_code == 201


async def test_the_address_is_asked_for_where_the_file_has_none(
    ada: httpx.AsyncClient,
) -> None:
    nameless = {"lock": 1, "entries": []}
    refused = await begin(ada, nameless)
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert error["loc"] == "address"
    assert (await ada.get("/imports")).json()["items"] == []
    taken = await begin(ada, nameless, address="https://roster.example.org")
    assert taken.status_code == 201, taken.text
