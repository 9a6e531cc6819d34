"""Revisions of more than one file: how they are shown, compared and given out."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx
import pytest

from roster.blobs.staging import Source, stage
from roster.blobs.storage import store_of
from roster.components import draft_files
from roster.components.content import Content, TreeFile
from roster.components.kinds import KINDS
from roster.components.models import Component, Draft, RevisionSource
from roster.components.publish import publish
from roster.core.actor import Actor
from roster.core.db import Database
from roster.settings import Settings
from tests.components.conftest import agent_file, counted, create

IMAGE = b"\x89PNG\r\n\x1a\n\xff\xfe"
LARGE = bytes(range(256)) * 4096
Tree = Mapping[str, tuple[str, bytes]]

FIRST: Tree = {
    "docs/gone.txt": ("100644", b"gone\n"),
    "docs/old name.md": ("100644", b"# Moved\n"),
    "logo.png": ("100644", IMAGE),
    "run.sh": ("100644", b"true\n"),
    "page.html": ("100644", b"<script>alert(1)</script>\n"),
    "large.bin": ("100644", LARGE),
}
SECOND: Tree = {
    "docs/new.txt": ("100644", b"new\n"),
    "docs/name.md": ("100644", b"# Moved\n"),
    "logo.png": ("100644", IMAGE + b"\xff"),
    "run.sh": ("100755", b"true\n"),
    "page.html": ("100644", b"<script>alert(1)</script>\n"),
    "large.bin": ("100644", LARGE + b"!"),
}


async def content_of(
    database: Database, settings: Settings, main: str, tree: Tree
) -> Content:
    sources = [
        Source(len(data), lambda data=data: io.BytesIO(data))  # type: ignore[misc]
        for _, data in tree.values()
    ]
    digests = await stage(database, settings, store_of(settings), sources)
    others = tuple(
        TreeFile(path, digest, len(data), mode)
        for (path, (mode, data)), digest in zip(tree.items(), digests, strict=True)
    )
    kind = KINDS["agent"]
    parsed = kind.parse(main.encode())
    first = TreeFile.of(kind.main, main.encode())
    return Content(first, parsed, "", RevisionSource.api, others)


@pytest.fixture
async def component(
    ada: httpx.AsyncClient, database: Database, settings: Settings, actor: Actor
) -> dict[str, Any]:
    """An agent whose second and third revision have more files than one."""
    made = await create(ada, "ada")
    for tree in (FIRST, SECOND):
        content = await content_of(database, settings, agent_file(), tree)
        async with database.write() as session:
            found = await session.get_one(Component, UUID(made["id"]))
            await publish(session, found, content, actor=actor)
    return made


async def test_a_revision_shows_its_tree_and_reads_its_main_file_alone(
    ada: httpx.AsyncClient, database: Database, component: dict[str, Any]
) -> None:
    url = f"/components/{component['id']}/revisions/2"
    with counted(database) as statements:
        answer = await ada.get(url)
    assert answer.json()["content"] == agent_file()
    shown = {file["path"]: file for file in answer.json()["files"]}
    assert list(shown) == sorted([*FIRST, "AGENT.md"])
    for path, (mode, data) in FIRST.items():
        digest = hashlib.sha256(data).hexdigest()
        known = {"path": path, "mode": mode, "size": len(data), "digest": digest}
        assert shown[path] == {**known, "redaction": None}
    # Who may see it, the revision, its tree, its labels: whatever the size of the tree.
    assert len([one for one in statements if "blobs" in one]) == 1


async def test_files_are_given_as_they_are_and_never_run(
    ada: httpx.AsyncClient, component: dict[str, Any]
) -> None:
    url = f"/components/{component['id']}/revisions/2/files"
    for path, (_, data) in FIRST.items():
        answer = await ada.get(f"{url}/{path}")
        digest = hashlib.sha256(data).hexdigest()
        assert answer.content == data
        assert answer.headers["etag"] == f'"{digest}"'
        assert answer.headers["content-length"] == str(len(data))
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "private, no-cache"
        is_text = path in {"logo.png", "large.bin"}
        expected = "application/octet-stream" if is_text else "text/plain"
        assert answer.headers["content-type"].startswith(expected)
        is_active = path == "page.html"
        assert ("content-disposition" in answer.headers) == is_active
        again = await ada.get(
            f"{url}/{path}", headers={"If-None-Match": answer.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
    main = await ada.get(f"{url}/AGENT.md")
    assert main.headers["content-type"] == "text/markdown; charset=utf-8"
    for wrong in ("docs", "docs/none.txt", "../AGENT.md"):
        assert (await ada.get(f"{url}/{wrong}")).status_code == 404


async def test_the_tree_comes_as_an_archive_that_is_always_the_same(
    ada: httpx.AsyncClient, component: dict[str, Any]
) -> None:
    url = f"/components/{component['id']}/revisions/3"
    wanted = {"Accept": "application/zip"}
    answer = await ada.get(url, headers=wanted)
    assert answer.headers["content-type"] == "application/zip"
    assert "reviewer-3.zip" in answer.headers["content-disposition"]
    assert answer.headers["content-length"] == str(len(answer.content))
    assert (await ada.get(url, headers=wanted)).content == answer.content
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        found = {
            info.filename: (f"{info.external_attr >> 16:o}", archive.read(info))
            for info in archive.infolist()
        }
    assert list(found) == sorted(found)
    assert found == {**SECOND, "AGENT.md": ("100644", agent_file().encode())}
    tag = {"If-None-Match": answer.headers["etag"]}
    assert (await ada.get(url, headers={**wanted, **tag})).status_code == 304


async def test_trees_are_compared_file_by_file(
    ada: httpx.AsyncClient, component: dict[str, Any]
) -> None:
    url = f"/components/{component['id']}/revisions"
    result = (await ada.get(f"{url}/3/diff", params={"against": 2})).json()
    assert result["identical"] is False
    assert {
        file["path"]: (file["status"], file["binary"], file["unified"])
        for file in result["files"]
    } == {
        "AGENT.md": ("same", False, ""),
        "docs/gone.txt": ("removed", False, "@@ -1 +0,0 @@\n-gone\n"),
        "docs/name.md": ("renamed", False, ""),
        "docs/new.txt": ("added", False, "@@ -0,0 +1 @@\n+new\n"),
        "large.bin": ("changed", True, ""),
        "logo.png": ("changed", True, ""),
        "page.html": ("same", False, ""),
        "run.sh": ("changed", False, ""),
    }
    [moved] = [file for file in result["files"] if file["status"] == "renamed"]
    assert moved["previous_path"] == "docs/old name.md"
    same = (await ada.get(f"{url}/3/diff", params={"against": 3})).json()
    assert same["identical"] is True
    assert {file["status"] for file in same["files"]} == {"same"}


async def test_a_draft_starts_with_the_other_files_of_a_revision(
    database: Database, component: dict[str, Any], actor: Actor
) -> None:
    async with database.write() as session:
        found = await session.get_one(Component, UUID(component["id"]))
        draft = Draft(component_id=found.id, user_id=actor.id, content="x")
        session.add(draft)
        for number, tree in ((2, FIRST), (3, SECOND), (1, {}), (0, {})):
            await draft_files.start_from(session, draft, found, number)
            files = await draft_files.tree_of(session, draft)
            assert {file.path: file.mode for file in files} == {
                path: mode for path, (mode, _) in tree.items()
            }


async def test_another_kind_is_not_found_under_this_one(
    ada: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada")
    async with database.write() as session:
        component = await session.get_one(Component, UUID(agent["id"]))
        component.kind = "skill"
    assert (await ada.get(f"/agents/{agent['id']}")).status_code == 404
    assert (await ada.get("/agents")).json()["items"] == []
    assert (await ada.get(f"/components/{agent['id']}")).json()["kind"] == "skill"
