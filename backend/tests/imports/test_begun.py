"""A name under which somebody else has begun a component."""

import httpx
import pytest

from tests.imports.conftest import Importer, agent
from tests.teams.conftest import make_team, put_member


@pytest.fixture
async def editing(ada: httpx.AsyncClient, bob: httpx.AsyncClient) -> Importer:
    """Bob, who edits in a team where Ada has begun a reviewer."""
    await make_team(ada, "platform")
    await put_member(ada, "bob", "editor", "platform")
    body = {"kind": "agent", "team": "platform", "name": "reviewer"}
    assert (await ada.post("/components", json=body)).status_code == 201
    return Importer(bob, "platform")


async def test_a_name_that_somebody_began_is_a_clash(editing: Importer) -> None:
    preview = await editing.upload({"reviewer.md": agent()})
    file = (await preview.files())["reviewer.md"]
    assert file["outcome"] == "clash"
    assert file["reason"].startswith("Somebody has begun a component of this name")
    assert (await preview.decide("reviewer.md", decision="original")).status_code == 422
    many = await preview.decide_many(decision="original")
    assert many.json() == {"updated": 0}
    assert (await preview.apply()).status_code == 409
    await preview.decided("reviewer.md", decision="original", target_name="critic")
    assert (await preview.apply()).status_code == 200
    assert list(await editing.agents()) == ["critic"]


async def test_ones_own_beginning_is_published(
    ada: httpx.AsyncClient, editing: Importer
) -> None:
    own = Importer(ada, editing.team)
    await own.take({"reviewer.md": agent()})
    assert list(await own.agents()) == ["reviewer"]
