"""Asking again for the job of an import: no way around what was asked for before."""

from typing import Any

import httpx

from tests.imports.conftest import Importer, Preview, agent
from tests.services.apps import settled

# Made up, and put together here so that no scanner takes this file for a leak.
SECRET = "ghp_" + "Pq3Rs4Tu5Vw6Xy7Za8Bc9De0Fg1Hj2Km3Np4"


async def cancelled(preview: Preview, **headers: str) -> str:
    """Ask for it to be stored, and think better of it; give the job."""
    asked = await preview.client.post(f"{preview.url}/apply", headers=headers)
    assert asked.status_code == 202, asked.text
    job: str = asked.json()["job"]["id"]
    answer = await preview.client.post(f"/jobs/{job}/cancel")
    assert answer.status_code == 200, answer.text
    return job


async def token_of(client: httpx.AsyncClient, *scopes: str) -> dict[str, str]:
    body = {"name": "CI", "scopes": ["read", *scopes]}
    made = await client.post("/auth/tokens", json=body)
    assert made.status_code == 201, made.text
    return {"Authorization": f"Bearer {made.json()['token']}"}


async def again(
    preview: Preview, client: httpx.AsyncClient, job: str, **headers: str
) -> dict[str, Any]:
    answer = await client.post(f"/jobs/{job}/retry", headers=headers)
    assert answer.status_code == 201, answer.text
    seen: dict[str, Any] = (await settled(preview.client, preview.url)).json()
    return seen


async def test_a_token_that_may_not_publish_stores_nothing(importer: Importer) -> None:
    preview = await importer.upload({"a.md": agent("a")})
    job = await cancelled(preview)
    headers = await token_of(importer.client, "write")

    seen = await again(preview, importer.client, job, **headers)

    assert seen["state"] == "preview"
    assert "may not publish" in seen["error"]
    assert await importer.agents() == {}


async def test_what_was_asked_for_with_a_token_others_ask_for_again(
    importer: Importer, bob: httpx.AsyncClient
) -> None:
    await importer.client.put("/teams/ada/members/bob", json={"role": "editor"})
    preview = await importer.upload({"a.md": agent("a")})
    headers = await token_of(importer.client, "write", "publish")
    job = await cancelled(preview, **headers)

    assert (await again(preview, bob, job))["state"] == "applied"


async def test_a_secret_that_is_undecided_is_not_stored(importer: Importer) -> None:
    leaking = agent("bot", body=f"Sign in with {SECRET} first.\n")
    preview = await importer.upload({"a.md": agent("a"), "bot.md": leaking})
    await preview.decided("bot.md", decision="skip")
    job = await cancelled(preview)
    await preview.decided("bot.md", decision="original")

    refused = await importer.client.post(f"/jobs/{job}/retry")

    assert refused.status_code == 409
    assert "secrets that are written out in bot.md" in refused.json()["detail"]
    assert (await preview.read())["state"] == "preview"
    await preview.decided("bot.md", secrets="keep")
    assert (await again(preview, importer.client, job))["state"] == "applied"
