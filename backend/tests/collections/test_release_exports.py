"""Releases laid out for tools: previews, archives, losses, and who is told."""

import base64
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.collections import shipping
from roster.core.db import Database
from roster.exports.targets.base import Weight
from roster.exports.targets.registry import TARGETS
from roster.usage.models import ComponentPull, ReleasePull
from tests.collections.conftest import collect, create, publish, released
from tests.components.conftest import agent_file
from tests.components.skills import FILES, packed, skill_file

RUNS = "scripts/collect.sh"
ROSTER = {"User-Agent": "roster/0.1"}


@pytest.fixture(autouse=True)
def forgetting() -> Iterator[None]:
    shipping.forget()
    yield
    shipping.forget()


@pytest.fixture
async def place(ada: httpx.AsyncClient) -> str:
    """A release of an agent, and of a skill with its files."""
    agent = await create(ada, "ada", visibility="internal")
    archive = packed({"SKILL.md": skill_file(), **FILES}, runs=(RUNS,))
    data = {"team": "ada", "visibility": "internal"}
    skill = await ada.post("/skills", data=data, files=[("files", ("s.zip", archive))])
    assert skill.status_code == 201, skill.text
    kit = await collect(ada, "kit", agent, skill.json(), visibility="internal")
    await released(ada, kit)
    return f"/collections/{kit['id']}/releases/1"


def unzipped(data: bytes) -> dict[str, tuple[int, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            one.filename: (one.external_attr >> 16 & 0o777, archive.read(one))
            for one in archive.infolist()
        }


def untarred(data: bytes) -> dict[str, tuple[int, bytes]]:
    found = {}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        for one in archive:
            held = archive.extractfile(one)
            assert held is not None
            found[one.name] = (one.mode, held.read())
    return found


async def preview(client: httpx.AsyncClient, place: str, target: str) -> dict[str, Any]:
    answer = await client.get(f"{place}/targets/{target}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("target", TARGETS)
async def test_an_archive_holds_what_the_preview_says(
    bob: httpx.AsyncClient, place: str, target: str
) -> None:
    said = await preview(bob, place, target)
    taken = await bob.get(f"{place}/export?target={target}")
    tar = await bob.get(f"{place}/export?target={target}&format=tar.gz")
    assert taken.status_code == tar.status_code == 200, taken.text
    assert tar.headers["content-type"] == "application/gzip"
    files = unzipped(taken.content)
    assert untarred(tar.content) == files
    assert {
        path: (mode, hashlib.sha256(data).hexdigest())
        for path, (mode, data) in files.items()
    } == {
        file["path"]: (int(file["mode"], 8) & 0o777, file["sha256"])
        for file in said["files"]
    }
    for answer, end in ((taken, "zip"), (tar, "tar.gz")):
        digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
        assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
        assert answer.headers["content-length"] == str(len(answer.content))
        name = f'filename="ada-kit-1-{target}.{end}"'
        assert name in answer.headers["content-disposition"]


async def test_kept_archives_are_those_that_are_made_anew(
    ada: httpx.AsyncClient, place: str
) -> None:
    for query in ("", "?format=tar.gz", "?target=claude-plugin"):
        first = await ada.get(f"{place}/export{query}")
        kept = await ada.get(f"{place}/export{query}")
        shipping.forget()
        anew = await ada.get(f"{place}/export{query}")
        assert first.content == kept.content == anew.content
        assert first.headers["etag"] == kept.headers["etag"] == anew.headers["etag"]
        known = {"If-None-Match": first.headers["etag"]}
        assert (await ada.get(f"{place}/export{query}", headers=known)).is_redirect


async def test_a_renamed_collection_gives_the_same_bytes(
    ada: httpx.AsyncClient, place: str
) -> None:
    before = await ada.get(f"{place}/export?target=claude-plugin")
    kit = place.split("/releases", maxsplit=1)[0]
    renamed = await ada.post(
        f"{kit}/rename", json={"name": "other"}, headers={"If-Match": "*"}
    )
    assert renamed.status_code == 200, renamed.text
    shipping.forget()
    after = await ada.get(f"{place}/export?target=claude-plugin")
    assert after.content == before.content


async def test_strict_refuses_what_loses_something(
    ada: httpx.AsyncClient, place: str
) -> None:
    fine = await ada.get(f"{place}/export?target=claude-code&strict=true")
    assert fine.status_code == 200
    refused = await ada.get(f"{place}/export?target=agent-skills&strict=true")
    assert refused.status_code == 409
    problem = refused.json()
    assert problem["type"] == "/problems/export-loses"
    [error] = problem["errors"]
    assert error["code"] == "dropped"
    assert "1 thing would get lost, 1 of them serious" in problem["detail"]
    assert error["loc"] == "agent:ada/reviewer@1"
    assert (await ada.get(f"{place}/export?target=agent-skills")).status_code == 200


async def test_how_much_each_target_holds(ada: httpx.AsyncClient, place: str) -> None:
    listed = (await ada.get(f"{place}/targets")).json()
    assert [one["target"] for one in listed] == list(TARGETS)
    for one in listed:
        said = await preview(ada, place, one["target"])
        assert one["files"] == len(said["files"])
        assert one["losses"] == said["losses"]
        assert one["serious"] == said["serious"]
        weights = [note["weight"] for note in said["notes"]]
        assert weights.count("serious") == said["serious"]
        assert weights == sorted(weights, key=list(Weight).index)
        assert one["size"] == sum(file["size"] for file in said["files"])


async def test_one_file_of_an_export(ada: httpx.AsyncClient, place: str) -> None:
    said = await preview(ada, place, "claude-plugin")
    for file in said["files"]:
        path = f"{place}/targets/claude-plugin/files/{file['path']}"
        answer = await ada.get(path)
        assert answer.status_code == 200, answer.text
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
    missing = await ada.get(f"{place}/targets/claude-plugin/files/no.md")
    assert missing.status_code == 404


@pytest.mark.parametrize(
    "path", ["/export?target=emacs", "/targets/emacs", "/targets/emacs/files/a"]
)
async def test_an_unknown_target_is_named(
    ada: httpx.AsyncClient, place: str, path: str
) -> None:
    answer = await ada.get(f"{place}{path}")
    assert answer.status_code == 404
    assert "claude-code" in answer.json()["detail"]


@pytest.mark.parametrize("query", ["format=rar", "strict=maybe", "targets=codex"])
async def test_a_wrong_question(ada: httpx.AsyncClient, place: str, query: str) -> None:
    assert (await ada.get(f"{place}/export?{query}")).status_code == 422


async def test_each_download_is_told_and_counted_once(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, place: str, database: Database
) -> None:
    await preview(bob, place, "codex")
    answer = await bob.get(f"{place}/export?target=codex", headers=ROSTER)
    known = {"If-None-Match": answer.headers["etag"], **ROSTER}
    await bob.get(f"{place}/export?target=codex", headers=known)
    await bob.get(f"{place}/export", headers=ROSTER)
    refused = await bob.get(f"{place}/export?target=agent-skills&strict=true")
    assert refused.status_code == 409
    async with database.read() as session:
        told = await session.exec(
            select(AuditEvent).where(AuditEvent.action == "export.made")
        )
        assert [event.actor_name for event in told.all()] == ["bob", "bob"]
        pulls = await session.exec(
            select(ReleasePull).order_by(col(ReleasePull.target))
        )
        assert [(one.target, one.client, one.count) for one in pulls] == [
            ("", "roster", 1),
            ("codex", "roster", 1),
        ]


async def test_who_may_not_see_it_finds_no_export(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    kit = await collect(ada, "hidden", await create(ada, "ada"))
    await released(ada, kit)
    place = f"/collections/{kit['id']}/releases/1"
    for path in ("/targets", "/targets/codex", "/export?target=codex"):
        assert (await ada.get(place + path)).status_code == 200
        assert (await bob.get(place + path)).status_code == 404
    assert (await bob.get("/collections/by-name/ada/hidden")).status_code == 404


async def test_what_was_redacted_is_in_no_export(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")
    kit = await collect(ada, "kit", agent)
    await released(ada, kit)
    place = f"/collections/{kit['id']}/releases/1"
    assert (await ada.get(f"{place}/export?target=codex")).status_code == 200
    revision = (await ada.get(f"/components/{agent['id']}/revisions/1")).json()
    body = {"team": "ada", "reason": "It named a customer."}
    digest = revision["files"][0]["digest"]
    redacted = await ada.post(f"/blobs/{digest}/redact", json=body)
    assert redacted.is_success, redacted.text
    for path in ("/targets", "/targets/codex", "/export?target=codex"):
        assert (await ada.get(place + path)).status_code == 410


async def test_a_collection_is_found_by_its_names(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada", visibility="internal")
    kit = await collect(ada, "kit", agent, visibility="internal")
    address = "/collections/by-name/ada/kit"
    assert (await bob.get(address)).json()["latest_release"] is None
    await released(ada, kit)
    assert (await bob.get(address)).json()["latest_release"] == 1
    renamed = await ada.post(
        f"/collections/{kit['id']}/rename",
        json={"name": "other"},
        headers={"If-Match": "*"},
    )
    assert renamed.status_code == 200, renamed.text
    for name in ("kit", "other"):
        found = await ada.get(f"/collections/by-name/ada/{name}")
        assert found.json()["reference"] == "ada/other"
    assert (await ada.get("/collections/by-name/ada/none")).status_code == 404


async def test_chosen_components_are_laid_out_and_counted(
    ada: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada")
    await publish(ada, agent, agent_file(body="Second.\n"))
    body = {"components": [agent["id"]], "target": "codex", "format": "tar.gz"}
    answer = await ada.post("/exports", json=body, headers=ROSTER)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/gzip"
    assert "repr-digest" in answer.headers
    disposition = answer.headers["content-disposition"]
    assert disposition == 'attachment; filename="ada-agents-codex.tar.gz"'
    files = untarred(answer.content)
    assert b"Second." in files[".codex/agents/reviewer.toml"][1]
    assert (await ada.post("/exports", json=body)).content == answer.content
    async with database.read() as session:
        pulls = (await session.exec(select(ComponentPull))).all()
    assert sorted((one.number, one.client, one.count) for one in pulls) == [
        (2, "other", 1),
        (2, "roster", 1),
    ]
    strict = {"components": [agent["id"]], "target": "agent-skills", "strict": True}
    refused = await ada.post("/exports", json=strict)
    assert refused.json()["type"] == "/problems/export-loses"
    unknown = await ada.post("/exports", json={**body, "target": "emacs"})
    assert unknown.status_code == 404
