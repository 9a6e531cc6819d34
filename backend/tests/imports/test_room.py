"""Nobody fills a queue, or the disk with what waits in it."""

import asyncio

import httpx

from roster.jobs.service import MOST_UNFINISHED
from tests.imports.conftest import Importer, agent


async def test_what_waits_of_one_person_is_limited(
    importer: Importer, bob: httpx.AsyncClient
) -> None:
    ada = importer.client
    for _ in range(MOST_UNFINISHED // 10):
        answers = await asyncio.gather(
            *(ada.post("/imports/samples", json={"team": "ada"}) for _ in range(10))
        )
        assert {answer.status_code for answer in answers} == {201}

    refused = await importer.post({"a.md": agent("a")})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert "cancel some" in refused.json()["detail"]
    fetched = {"team": "ada", "url": "https://git.example.org/a.git"}
    assert (await ada.post("/imports/repository", json=fetched)).status_code == 429
    assert (await ada.get("/repositories")).json()["items"] == []
    theirs = await bob.post("/imports/samples", json={"team": "bob"})
    assert theirs.status_code == 201

    waiting = (await ada.get("/jobs", params={"state": "queued"})).json()["items"]
    await ada.post(f"/jobs/{waiting[0]['id']}/cancel")
    assert (await importer.post({"a.md": agent("a")})).status_code == 201
    again = await ada.post(f"/jobs/{waiting[0]['id']}/retry")
    assert again.status_code == 429
