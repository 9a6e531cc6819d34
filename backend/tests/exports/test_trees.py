"""Skills come out with all their files, servers in the one file that tools read."""

import io
import json
import zipfile
from typing import Any

import httpx
import pytest

from tests.components.skills import FILES, packed, skill_file

RUNS = "scripts/collect.sh"


def unpacked(answer: httpx.Response) -> dict[str, tuple[int, bytes]]:
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {
            info.filename: (info.external_attr >> 16, archive.read(info))
            for info in archive.infolist()
        }


async def make_server(
    client: httpx.AsyncClient, content: str, name: str | None = None
) -> dict[str, Any]:
    body = {"team": "ada", "content": content} | ({"name": name} if name else {})
    answer = await client.post("/servers", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
async def skill(ada: httpx.AsyncClient) -> str:
    archive = packed({"SKILL.md": skill_file(), **FILES}, runs=(RUNS,))
    answer = await ada.post(
        "/skills", data={"team": "ada"}, files=[("files", ("s.zip", archive))]
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_skill_comes_out_with_all_its_files(
    ada: httpx.AsyncClient, skill: str
) -> None:
    answer = await ada.post("/exports", json={"components": [skill]})
    folder = ".claude/skills/release-notes"
    found = unpacked(answer)
    assert list(found) == sorted(found)
    assert found == {
        f"{folder}/{path}": (0o100755 if path == RUNS else 0o100644, data)
        for path, data in {"SKILL.md": skill_file(), **FILES}.items()
    }
    assert 'filename="ada-skills.zip"' in answer.headers["content-disposition"]


async def test_servers_are_merged_and_one_alone_keeps_its_bytes(
    ada: httpx.AsyncClient,
) -> None:
    written = '{"mcpServers":  {"files": {"command": "npx", "args": ["files@1.0.0"]}}}'
    files = await make_server(ada, written)
    bare = await make_server(
        ada, '{"type": "http", "url": "https://mcp.example.org/"}', "remote"
    )
    alone = unpacked(await ada.post("/exports", json={"components": [files["id"]]}))
    assert alone == {".mcp.json": (0o100644, written.encode())}
    for ids, names in (
        ([files["id"], bare["id"]], ["files", "remote"]),
        ([bare["id"]], ["remote"]),
    ):
        answer = await ada.post("/exports", json={"components": ids})
        _, data = unpacked(answer)[".mcp.json"]
        servers = json.loads(data)["mcpServers"]
        assert list(servers) == names
        assert servers["remote"]["url"] == "https://mcp.example.org/"
