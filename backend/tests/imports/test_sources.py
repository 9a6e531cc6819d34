"""Imports from git repositories, and from what lock files of other instances list."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlmodel import select

from roster.core.db import Database
from roster.imports.models import ImportInput, ImportSource
from roster.repositories.models import Repository as RepositoryRow
from roster.settings import Settings
from tests.components.skills import skill_file
from tests.imports.conftest import Importer, Preview, agent, broken
from tests.services.apps import settled
from tests.services.git_server import GitServer, Repository

MIT = """MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this
software and associated documentation files (the "Software"), to deal in the Software
without restriction, including without limitation the rights to use, copy, modify,
merge, publish, distribute, sublicense, and/or sell copies of the Software, and to
permit persons to whom the Software is furnished to do so, subject to the following
conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Of an instance that may fetch from the git server of a test."""
    return settings.model_copy(update={"fetch_allowed": ["127.0.0.1"]})


async def fetched(importer: Importer, remote: Repository, **more: Any) -> Preview:
    """Fetch a repository, and look at it."""
    body = {"team": importer.team, "url": remote.url, **more}
    answer = await importer.client.post("/imports/repository", json=body)
    assert answer.status_code == 201, answer.text
    read = await settled(importer.client, f"/imports/{answer.json()['id']}")
    return Preview(importer.client, read.json())


def of_all_sorts() -> dict[str, bytes]:
    """What a repository may hold, with one file of each outcome."""
    return {
        "LICENSE": MIT.encode(),
        "README.md": b"# Read me\n",
        ".claude/agents/reviewer.md": agent("reviewer"),
        ".claude/agents/planner.md": broken("planner"),
        ".claude/agents/silent.md": agent("silent", "''"),
        ".claude/commands/ship.md": b"---\ndescription: Ship it.\n---\nShip $1.\n",
        "skills/style/SKILL.md": skill_file("style"),
        "skills/style/references/all.md": b"# All\n",
        "x/twin.md": agent("twin", "One."),
        "y/twin.md": agent("twin", "Another."),
        ".mcp.json": b'{"mcpServers": {"docs": {"url": "https://mcp.example.org"}}}',
    }


async def test_a_repository_to_the_end_and_again(
    importer: Importer, git_server: GitServer
) -> None:
    remote = git_server.add("kit", of_all_sorts())

    preview = await fetched(importer, remote)

    made = preview.made
    assert (made["state"], made["source"]) == ("preview", "repository")
    assert (made["origin"], len(made["commit"])) == (remote.url, 40)
    assert made["repository_id"] is not None
    files = await preview.files()
    # Each file has its row, but for the one that comes with the skill.
    assert len(files) == sum(made["counts"].values()) == len(of_all_sorts()) - 1
    assert made["counts"] == {
        "new": 4,
        "changed": 0,
        "unchanged": 0,
        "clash": 2,
        "needs_repair": 1,
        "left_aside": 2,
        "refused": 1,
    }
    await everything_is_stored(importer, preview, remote)
    again = await fetched(importer, remote)
    await again.decided("y/twin.md", decision="skip")
    assert (await again.read())["open"]["unchanged"] == 6
    second = (await again.apply()).json()
    assert second["results"]["unchanged"] == 6
    assert second["results"]["created"] == second["results"]["published"] == 0
    assert second["repository_id"] == made["repository_id"]


async def everything_is_stored(
    importer: Importer, preview: Preview, remote: Repository
) -> None:
    await preview.decided("y/twin.md", decision="skip")
    applied = (await preview.apply()).json()
    assert applied["state"] == "applied"
    assert Counter(applied["results"]) == {
        "created": 6,
        "skipped": 1,
        "published": 0,
        "unchanged": 0,
        "reused": 0,
    }
    [revision] = await importer.revisions("reviewer")
    assert revision["origin"] == {
        "path": ".claude/agents/reviewer.md",
        "repository": remote.url,
        "commit": preview.made["commit"],
    }
    assert revision["licence"] == "MIT"


async def test_a_folder_of_a_branch(importer: Importer, git_server: GitServer) -> None:
    remote = git_server.add("kit", {"a.md": agent("a")})
    remote.commit({"in/b.md": agent("b"), "out/c.md": agent("c")}, branch="next")
    preview = await fetched(importer, remote, ref="next", folder="in")
    assert list(await preview.files()) == ["b.md"]


async def test_a_private_repository(
    importer: Importer, git_server: GitServer, database: Database
) -> None:
    remote = git_server.add("kit", {"a.md": agent("a")}, token="9fKx-for-tests")
    failed = (await fetched(importer, remote)).made
    assert failed["state"] == "failed"
    assert "token" in failed["error"]
    preview = await fetched(importer, remote, token="9fKx-for-tests")
    assert preview.made["counts"]["new"] == 1
    assert "9fKx" not in str(preview.made)
    async with database.read() as session:
        sealed = (await session.exec(select(RepositoryRow.sealed_token))).one()
    assert sealed is not None
    assert "9fKx" not in sealed
    # The job that failed before has a token to go with now.
    job = failed["job"]["id"]
    assert (await importer.client.post(f"/jobs/{job}/retry")).status_code == 201
    read = await settled(importer.client, f"/imports/{failed['id']}")
    assert (read.json()["state"], read.json()["error"]) == ("preview", "")


Wrong = Callable[[GitServer], tuple[Repository, dict[str, str]]]


@pytest.mark.parametrize(
    ("files", "more", "words"),
    [
        ({"a.md": agent("a")}, {"ref": "nope"}, "nope"),
        ({"a.md": agent("a")}, {"folder": "not/there"}, "not/there"),
        ({"README.md": b"# Hi\n"}, {}, "Nothing found here"),
        (None, {}, ""),
    ],
)
async def test_an_empty_or_wrong_repository(
    importer: Importer,
    git_server: GitServer,
    files: dict[str, str | bytes] | None,
    more: dict[str, str],
    words: str,
) -> None:
    remote = git_server.add("kit", files)
    made = (await fetched(importer, remote, **more)).made
    assert made["state"] == "failed", made
    assert words in made["error"]
    assert made["error"].endswith(".")
    assert made["job"]["state"] == "failed"


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://user:word@git.example.org/x.git", 422),
        ("file:///etc/passwd", 422),
        ("ssh://git.example.org/x", 422),
        ("https://git.example.org", 422),
        ("x" * 600, 422),
    ],
)
async def test_addresses_that_are_none(
    importer: Importer, url: str, status: int
) -> None:
    body = {"team": "ada", "url": url}
    answer = await importer.client.post("/imports/repository", json=body)
    assert answer.status_code == status
    assert [error["loc"] for error in answer.json()["errors"]] == ["url"]


async def test_a_repository_needs_an_editor(
    importer: Importer, bob: httpx.AsyncClient, git_server: GitServer
) -> None:
    remote = git_server.add("kit", {"a.md": agent("a")})
    body = {"team": "ada", "url": remote.url}
    assert (await bob.post("/imports/repository", json=body)).status_code == 404
    await importer.client.put("/teams/ada/members/bob", json={"role": "viewer"})
    assert (await bob.post("/imports/repository", json=body)).status_code == 403


async def sent(importer: Importer, lock: bytes, **fields: str) -> httpx.Response:
    return await importer.client.post(
        "/imports/lock",
        data={"team": importer.team, **fields},
        files=[("files", ("kit.lock.json", lock))],
    )


async def test_a_lock_that_is_none(importer: Importer, database: Database) -> None:
    answer = await sent(importer, b"{}", address="https://roster.example.org")
    assert answer.status_code == 201, answer.text
    assert answer.json()["source"] == ImportSource.lock
    read = (await settled(importer.client, f"/imports/{answer.json()['id']}")).json()
    assert (read["state"], read["origin"]) == ("failed", "https://roster.example.org/")
    assert read["error"].endswith(".")
    for fields in ({"address": "ftp://x"}, {"colour": "red"}):
        assert (await sent(importer, b"{}", **fields)).status_code == 422


async def test_the_token_of_an_instance_is_sealed(
    importer: Importer, database: Database
) -> None:
    answer = await sent(
        importer, b"{}", address="https://roster.example.org", token="9fKx-for-tests"
    )
    assert "9fKx" not in answer.text
    async with database.read() as session:
        row = (await session.exec(select(ImportInput))).one()
    assert row.sealed_token is not None
    assert "9fKx" not in row.sealed_token
