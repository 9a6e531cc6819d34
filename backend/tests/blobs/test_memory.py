"""A skill of 200 files and 20 MB: byte for byte, and hardly any memory more."""

import io
import random
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from roster.settings import Settings
from tests.components.skills import packed, skill_file
from tests.imports.test_kill import running, sign_up

FILES, SIZE = 199, 100 * 1024
MOST_GROWTH = 16 * 1024 * 1024
"""Of a server that has done the same with a small skill before. All of it is larger."""


def tree(seed: int, files: int, size: int) -> dict[str, bytes]:
    """Half of it text, half of it what cannot be compressed."""
    made = random.Random(seed)  # noqa: S311 - the same each time
    found = {"SKILL.md": skill_file(f"skill-{files}")}
    for number in range(files):
        if number % 2:
            found[f"assets/{number:03}.bin"] = made.randbytes(size)
        else:
            lines = [made.randbytes(32).hex() for _ in range(size // 65)]
            found[f"references/{number:03}.md"] = "\n".join(lines).encode()
    return found


def peak(pid: int) -> int:
    """The most memory that the process ever held since it was last reset."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def reset_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def unpacked(answer: httpx.Response) -> dict[str, bytes]:
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def upload(client: httpx.AsyncClient, files: Mapping[str, bytes]) -> Any:
    answer = await client.post(
        "/skills",
        data={"team": "ada"},
        files=[("files", (path, data)) for path, data in files.items()],
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def live(client: httpx.AsyncClient, first: Mapping[str, bytes]) -> None:
    """All that happens to a skill: made, shown, edited, compared, taken out."""
    skill = await upload(client, first)
    url = f"/components/{skill['id']}"
    shown = (await client.get(f"{url}/revisions/1")).json()
    assert [file["path"] for file in shown["files"]] == sorted(first)
    draft = {"content": skill["content"], "base_digest": skill["latest"]["digest"]}
    made = await client.put(f"{url}/draft", json=draft, headers={"If-None-Match": "*"})
    last = max(first)
    second = {**first, "assets/large.bin": first[last] * 2, last: b"# Changed\n"}
    taken = await client.put(
        f"{url}/draft/tree",
        content=packed(second),
        headers={"If-Match": made.headers["etag"]},
    )
    assert taken.status_code == 200, taken.text
    answer = await client.post(
        f"{url}/draft/publish",
        json={"message": "Changed"},
        headers={"If-Match": taken.headers["etag"]},
    )
    assert answer.status_code == 201, answer.text
    diff = (await client.get(f"{url}/revisions/2/diff?against=1")).json()
    changed = {one["path"] for one in diff["files"] if one["status"] != "same"}
    assert changed == {"assets/large.bin", last}
    as_zip = {"Accept": "application/zip"}
    assert unpacked(await client.get(f"{url}/revisions/1", headers=as_zip)) == first
    assert unpacked(await client.get(f"{url}/revisions/2", headers=as_zip)) == second
    exported = await client.post("/exports", json={"components": [skill["id"]]})
    folder = f".claude/skills/{skill['name']}"
    found = {f"{folder}/{path}": data for path, data in second.items()}
    assert unpacked(exported) == found


async def test_a_large_skill_takes_hardly_any_memory(
    tmp_path: Path, sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "roster.db")
    settings = Settings(
        environment="test",
        data_dir=tmp_path,
        database_url=SecretStr(f"sqlite+aiosqlite:///{tmp_path / 'roster.db'}"),
    )
    async with running(settings) as server:
        client = (await sign_up(server.client)).client
        await live(client, tree(1, 3, 1024))
        reset_peak(server.pid)
        before = peak(server.pid)
        await live(client, tree(2, FILES, SIZE))
        growth = peak(server.pid) - before
    assert growth < MOST_GROWTH, f"{growth / 2**20:.1f} MiB more"
