"""What another team has already is pointed at, and can be used instead."""

from typing import Any
from uuid import uuid4

import httpx

from tests.imports.conftest import Importer, Preview, agent, broken


async def shared(bob: httpx.AsyncClient, visibility: str = "internal") -> str:
    """Let Bob have an agent that others may see; give its id."""
    theirs = Importer(bob, "bob")
    await theirs.take({"reviewer.md": agent()})
    [component] = (await theirs.agents()).values()
    url = f"/components/{component['id']}"
    etag = (await bob.get(url)).headers["etag"]
    changed = await bob.patch(
        url, json={"visibility": visibility}, headers={"If-Match": etag}
    )
    assert changed.status_code == 200, changed.text
    id_: str = component["id"]
    return id_


async def same_as(preview: Preview, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await preview.files())[path]["same_as"]
    return found


async def test_it_is_pointed_at_and_used(
    importer: Importer, bob: httpx.AsyncClient
) -> None:
    id_ = await shared(bob)
    preview = await importer.upload({"x.md": agent(), "y.md": agent("other")})
    [same] = await same_as(preview, "x.md")
    assert same["component_id"] == id_
    assert (same["reference"], same["team"]["slug"]) == ("agent:bob/reviewer", "bob")
    assert await same_as(preview, "y.md") == []

    file = await preview.decided("x.md", decision="reuse", reuse_id=id_)
    assert file["reuse"] == {"component_id": id_, "reference": "agent:bob/reviewer"}
    made = (await preview.apply()).json()

    assert made["state"] == "applied"
    assert (made["results"]["reused"], made["results"]["created"]) == (1, 1)
    assert list(await importer.agents()) == ["other"]
    result = (await preview.files())["x.md"]["result"]
    assert (result["outcome"], result["component_id"]) == ("reused", id_)


async def test_what_one_may_not_see_is_not_pointed_at(
    importer: Importer, bob: httpx.AsyncClient
) -> None:
    id_ = await shared(bob, "private")
    preview = await importer.upload({"x.md": agent()})
    assert await same_as(preview, "x.md") == []
    answers = [
        await preview.decide("x.md", decision="reuse", reuse_id=wanted)
        for wanted in (id_, str(uuid4()))
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    details = {answer.json()["detail"] for answer in answers}
    assert len(details) == 1


async def test_decisions_that_do_not_fit(
    importer: Importer, bob: httpx.AsyncClient
) -> None:
    id_ = await shared(bob)
    await importer.take({"own.md": agent("own")})
    own = (await importer.agents())["own"]["id"]
    preview = await importer.upload({"x.md": agent(), "b.md": broken("b")})
    for data in (
        {"decision": "reuse"},
        {"decision": "original", "reuse_id": id_},
        {"reuse_id": id_},
        {"decision": "reuse", "reuse_id": own},
    ):
        assert (await preview.decide("x.md", **data)).status_code == 422
    answer = await preview.decide_many(decision="reuse")
    assert answer.status_code == 422
    assert (await preview.decide_many()).status_code == 422


async def test_what_is_taken_away_meanwhile_is_decided_again(
    importer: Importer, bob: httpx.AsyncClient
) -> None:
    id_ = await shared(bob)
    preview = await importer.upload({"x.md": agent()})
    await preview.decided("x.md", decision="reuse", reuse_id=id_)
    url = f"/components/{id_}"
    etag = (await bob.get(url)).headers["etag"]
    await bob.delete(url, headers={"If-Match": etag})

    made = (await preview.apply()).json()

    assert (made["state"], made["open"]["clash"]) == ("preview", 1)
    assert "not there any more" in (await preview.files())["x.md"]["reason"]
    await preview.decided("x.md", decision="original")
    assert (await preview.apply()).json()["results"]["created"] == 1
