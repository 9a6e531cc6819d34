import httpx
import pytest

from roster import samples
from roster.settings import Settings
from tests.imports.conftest import Importer, Preview
from tests.services.apps import settled


async def test_the_samples_as_an_import(importer: Importer) -> None:
    answer = await importer.client.post("/imports/samples", json={"team": "ada"})
    assert answer.status_code == 201, answer.text
    read = await settled(importer.client, f"/imports/{answer.json()['id']}")
    preview = Preview(importer.client, read.json())
    assert preview.made["source"] == "samples"
    files = await preview.files()
    assert sorted(files) == [path for path, _ in samples.files()]
    counts = preview.made["counts"]
    assert counts["needs_repair"] > 0
    assert preview.made["headline"]["dropped_by_strict"] > 0
    await preview.decide_many(outcome=["clash"], decision="skip")
    made = (await preview.apply()).json()
    created = made["results"]["created"]
    assert created == len(await importer.agents()) > 5
    name = next(iter(await importer.agents()))
    assert (await importer.revisions(name))[0]["source"] == "sample"
    again = await importer.client.post("/imports/samples", json={"team": "ada"})
    read = await settled(importer.client, f"/imports/{again.json()['id']}")
    assert read.json()["counts"]["unchanged"] >= created


async def test_samples_need_a_team_that_one_edits(
    importer: Importer, bob: httpx.AsyncClient
) -> None:
    answer = await bob.post("/imports/samples", json={"team": "ada"})
    assert answer.status_code == 404


@pytest.fixture
def no_samples(settings: Settings) -> Settings:
    settings.samples = False
    return settings


async def test_an_instance_without_samples(
    no_samples: Settings, importer: Importer
) -> None:
    answer = await importer.client.post("/imports/samples", json={"team": "ada"})
    assert answer.status_code == 404
