"""What was redacted is not used any more: no label, release or team takes it on."""

import httpx

from tests.blobs.test_redaction import digest_of, redact
from tests.components.conftest import agent_file, create


async def test_nothing_is_pointed_at_what_was_redacted(
    ada: httpx.AsyncClient,
) -> None:
    content = agent_file(body="One.\n")
    agent = await create(ada, "ada", body="One.\n")
    url = f"/components/{agent['id']}"
    opened = await ada.post(f"{url}/promotions", json={"label": "beta", "number": 1})
    kit = (await ada.post("/collections", json={"team": "ada", "name": "kit"})).json()
    entries = {"entries": [{"component_id": agent["id"], "number": 1}]}
    await ada.post(f"/collections/{kit['id']}/entries", json=entries)
    assert (await redact(ada, digest_of(content.encode()))).status_code == 200
    any_ = {"If-Match": "*"}
    assert opened.status_code == 201, opened.text
    applied = f"/promotions/{opened.json()['id']}/apply"
    for refused in (
        await ada.put(f"{url}/labels/stable", json={"number": 1}, headers=any_),
        await ada.post(f"{url}/promotions", json={"label": "candidate", "number": 1}),
        await ada.post(applied, headers=any_),
        await ada.post(f"/collections/{kit['id']}/releases", json={}, headers=any_),
        await ada.post(f"{url}/revisions/1/restore", json={}, headers=any_),
    ):
        assert refused.status_code == 409, refused.text
        assert "redacted" in refused.text or "released" in refused.text


async def test_it_stays_in_the_team_that_redacted_it(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada", body="One.\n")
    made = await ada.post("/teams", json={"slug": "other", "name": "Other"})
    assert made.status_code == 201, made.text
    digest = digest_of(agent_file(body="One.\n").encode())
    assert (await redact(ada, digest)).status_code == 200
    moved = await ada.post(
        f"/components/{agent['id']}/transfer",
        json={"team": "other"},
        headers={"If-Match": "*"},
    )
    assert moved.status_code == 409, moved.text
