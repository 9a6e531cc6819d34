"""Imports of all kinds: skills with their files, servers out of one file."""

import io
import json
import zipfile
from typing import Any

import httpx
import pytest

from roster.blobs.collecting import collect
from roster.blobs.storage import FolderStore
from roster.core.db import Database
from roster.settings import Settings
from tests.blobs.test_blobs import NOW, digests_in
from tests.components.skills import FILES, packed, skill_file
from tests.imports.conftest import Importer, agent

SECRET = b"TOKEN = 'ghp_" + b"q8R2vX7mN4kT9wY3zB6cD1fG5hJ0pLsAeUiO" + b"'\n"
COMMAND = b"---\ndescription: Tidies up.\n---\nTidy up $ARGUMENTS.\n"
SERVERS = {
    "mcpServers": {
        "files": {"command": "npx", "args": ["files@1.0.0"]},
        "remote": {"type": "http", "url": "https://mcp.example.org/"},
    }
}
PROJECT = {
    ".claude/agents/reviewer.md": agent("reviewer"),
    ".claude/commands/tidy.md": COMMAND,
    ".claude/skills/release-notes/SKILL.md": skill_file(),
    **{f".claude/skills/release-notes/{path}": data for path, data in FILES.items()},
    ".claude/skills/reviewer/SKILL.md": skill_file("reviewer"),
    ".mcp.json": json.dumps(SERVERS).encode(),
    "README.md": b"# Project\n",
}
SKILL = ".claude/skills/release-notes/SKILL.md"


async def components(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    items = (await client.get("/components", params={"team": "ada"})).json()["items"]
    return {f"{item['kind']}:{item['name']}": item for item in items}


async def exported(client: httpx.AsyncClient, ids: list[str]) -> dict[str, bytes]:
    answer = await client.post("/exports", json={"components": ids})
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def test_a_project_comes_in_and_goes_out_again(importer: Importer) -> None:
    runs = (".claude/skills/release-notes/scripts/collect.sh",)
    preview = await importer.upload({"project.zip": packed(PROJECT, runs=runs)})
    found = await preview.files()
    assert {path: (one["kind"], one["outcome"]) for path, one in found.items()} == {
        ".claude/agents/reviewer.md": ("agent", "new"),
        ".claude/commands/tidy.md": ("command", "new"),
        SKILL: ("skill", "new"),
        ".claude/skills/reviewer/SKILL.md": ("skill", "new"),
        ".mcp.json#files": ("server", "new"),
        ".mcp.json#remote": ("server", "new"),
        "README.md": ("readme", "left_aside"),
    }
    assert found[SKILL]["other_files"] == len(FILES)
    headline = (await preview.read())["headline"]
    counts = {"agent": 1, "command": 1, "skill": 2, "server": 2}
    assert headline["components"] == counts
    files = (await preview.detail(SKILL))["files"]
    assert {one["path"]: (one["status"], one["mode"]) for one in files} == {
        "assets/logo.png": ("added", "100644"),
        "references/style.md": ("added", "100644"),
        "scripts/collect.sh": ("added", "100755"),
    }
    address = await preview.file_url(SKILL)
    for path, data in FILES.items():
        answer = await importer.client.get(f"{address}/tree/{path}")
        assert answer.content == data
    assert (await importer.client.get(f"{address}/tree/none")).status_code == 404
    answer = await preview.apply()
    assert answer.json()["results"]["created"] == 6
    made = await components(importer.client)
    out = await exported(importer.client, [one["id"] for one in made.values()])
    servers = json.loads(out.pop(".mcp.json"))
    assert servers == SERVERS
    expected = {path: data for path, data in PROJECT.items() if path[:2] == ".c"}
    assert out == expected
    again = await importer.upload(PROJECT)
    # The executable bit is not in a folder that a browser sends.
    outcomes = {path: one["outcome"] for path, one in (await again.files()).items()}
    assert outcomes.pop("README.md") == "left_aside"
    assert outcomes.pop(SKILL) == "changed"
    assert set(outcomes.values()) == {"unchanged"}


async def test_changes_of_other_files_alone_are_changes(importer: Importer) -> None:
    folder = {"s/SKILL.md": skill_file()} | {f"s/{k}": v for k, v in FILES.items()}
    await importer.take(folder)
    changed = {**folder, "s/references/style.md": b"# Other\n", "s/new.txt": b"new\n"}
    del changed["s/assets/logo.png"]
    preview = await importer.upload(changed)
    detail = await preview.detail("s/SKILL.md")
    assert detail["outcome"] == "changed"
    assert {one["path"]: one["status"] for one in detail["files"]} == {
        "assets/logo.png": "removed",
        "new.txt": "added",
        "references/style.md": "changed",
        "scripts/collect.sh": "same",
    }
    assert (await preview.apply()).json()["results"]["published"] == 1
    [skill] = (await components(importer.client)).values()
    revision = (
        await importer.client.get(f"/components/{skill['id']}/revisions/2")
    ).json()
    assert [one["path"] for one in revision["files"]] == [
        "SKILL.md",
        "new.txt",
        "references/style.md",
        "scripts/collect.sh",
    ]
    assert revision["origin"]["path"] == "s/SKILL.md"
    # A rename keeps the tree together.
    renamed = await importer.upload(changed)
    await renamed.decided("s/SKILL.md", target_name="other-notes")
    assert (await renamed.apply()).json()["results"]["created"] == 1
    other = (await components(importer.client))["skill:other-notes"]
    out = await exported(importer.client, [other["id"]])
    assert out[".claude/skills/other-notes/new.txt"] == b"new\n"
    assert out[".claude/skills/other-notes/SKILL.md"] == skill_file("other-notes")


async def test_what_looks_like_a_secret_in_another_file_is_seen_first(
    importer: Importer,
) -> None:
    preview = await importer.upload({"SKILL.md": skill_file(), "run.py": SECRET})
    file = (await preview.files())["SKILL.md"]
    alone = await importer.upload({"SKILL.md": skill_file(), "run.py": b"pass\n"})
    clean = (await alone.files())["SKILL.md"]
    assert file["health"]["warnings"] == clean["health"]["warnings"] + 1
    [one] = (await preview.detail("SKILL.md"))["files"]
    [finding] = one["findings"]
    assert (finding["rule"], finding["line"]) == ("secret.literal", 1)
    assert SECRET[14:40].decode() not in str(finding)
    assert await components(importer.client) == {}


@pytest.fixture
def few(settings: Settings) -> None:
    settings.tree_files = 3


@pytest.mark.usefixtures("few")
async def test_trees_that_cannot_be_taken(importer: Importer) -> None:
    many = {f"a/{n}.txt": b"x" for n in range(3)}
    preview = await importer.upload(
        {
            "a/SKILL.md": skill_file("a"),
            **many,
            "b/SKILL.md": skill_file("b"),
            f"b/{'n' * 600}": b"x",
            "c/SKILL.md": skill_file("c"),
            "c/fine.txt": b"x",
        }
    )
    found = await preview.files()
    assert {path: one["outcome"] for path, one in found.items()} == {
        "a/SKILL.md": "refused",
        "b/SKILL.md": "refused",
        "c/SKILL.md": "new",
    }
    assert "at most 3" in found["a/SKILL.md"]["reason"]


async def test_discarded_files_are_collected_and_applied_ones_kept(
    importer: Importer, database: Database, settings: Settings
) -> None:
    store = FolderStore(settings.blobs)
    preview = await importer.upload({"SKILL.md": skill_file(), **FILES})
    assert await collect(database, store, NOW) == 0
    assert len(await digests_in(database)) == len(FILES)
    await importer.client.delete(preview.url)
    assert await collect(database, store, NOW) == len(FILES)
    await importer.take({"SKILL.md": skill_file(), **FILES})
    assert await collect(database, store, NOW) == 0


async def test_what_not_every_system_can_have_is_named(importer: Importer) -> None:
    odd = {"x/aux.md": b"1", "x/lib.": b"2", "x/b.txt": b"3", "x/B.txt": b"4"}
    preview = await importer.upload(
        {"x/SKILL.md": skill_file(), "x/a.txt": b"a", **odd}
    )
    found = await preview.files()
    assert found["x/SKILL.md"]["other_files"] == 2
    refused = {path for path, one in found.items() if one["outcome"] == "refused"}
    assert refused == {"x/aux.md", "x/lib.", "x/b.txt"}
