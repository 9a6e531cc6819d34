"""Revisions of more than one file, and components of a kind with no routes here.

No kind of this version makes them; the tables and the reading side hold them.
"""

import hashlib
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx

from roster.components.diff import FileDiff, between
from roster.components.kinds import KINDS
from roster.components.models import Component
from roster.components.revisions import StoredFile, StoredRevision
from roster.core.db import Database
from tests.components.conftest import agent_file, create

IMAGE = b"\x89PNG\r\n\x1a\n\xff\xfe"


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


def stored(files: dict[str, tuple[str, bytes]], main: str) -> StoredRevision:
    kept = [
        StoredFile(path, mode, len(data), hashlib.sha256(data).hexdigest(), data)
        for path, (mode, data) in files.items()
    ]
    [first] = [file for file in kept if file.path == main]
    row: Any = SimpleNamespace(number=1, digest=str(files), manifest={})
    return StoredRevision(row, kept, first, KINDS["agent"].parse(first.data))


def shown(files: Sequence[FileDiff]) -> dict[str, tuple[str, str]]:
    return {file.path: (file.status, file.unified) for file in files}


async def test_trees_are_compared_file_by_file() -> None:
    main = ("100644", agent_file().encode())
    old = stored(
        {
            "AGENT.md": main,
            "gone.txt": ("100644", b"gone\n"),
            "logo.png": ("100644", IMAGE),
            "run.sh": ("100644", b"true\n"),
        },
        "AGENT.md",
    )
    new = stored(
        {
            "AGENT.md": main,
            "logo.png": ("100644", IMAGE + b"\xff"),
            "new.txt": ("100644", b"new\n"),
            "run.sh": ("100755", b"true\n"),
        },
        "AGENT.md",
    )
    result = await between(old, new)
    assert result.identical is False
    assert shown(result.files) == {
        "AGENT.md": ("same", ""),
        "gone.txt": ("removed", "@@ -1 +0,0 @@\n-gone\n"),
        "logo.png": ("changed", "Binary files differ\n"),
        "new.txt": ("added", "@@ -0,0 +1 @@\n+new\n"),
        "run.sh": ("changed", ""),
    }
