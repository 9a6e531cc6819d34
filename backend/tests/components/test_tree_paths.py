"""Paths that not every system can have, alone or together, are in no tree."""

from typing import Any

import httpx
import pytest

from roster.components.tree_upload import clashes
from roster.uploads.paths import objection, unportable
from tests.components.skills import skill_file
from tests.components.test_skill_trees import post


@pytest.mark.parametrize(
    "paths",
    [
        ("lib", "lib/x.py"),
        ("Lib", "lib/x.py"),
        ("lib/x.py", "LIB"),
        ("a.md", "A.md"),
        ("docs/a.md", "Docs/A.md"),
        ("caf\u00e9.md", "cafe\u0301.md"),
        ("a", "a"),
    ],
)
def test_what_cannot_be_together(paths: tuple[str, str]) -> None:
    [(path, other, reason)] = clashes(paths)
    assert {path, other} == {*paths}
    assert path in reason


def test_what_can_be_together() -> None:
    assert list(clashes(["a/b", "a/c", "A/d", "ab", "b"])) == []


@pytest.mark.parametrize("char", "\u061c\u200b\u200c\u200d\u2060\ufeff")
def test_hidden_characters_are_in_no_path(char: str) -> None:
    assert objection(f"a{char}.md")


@pytest.mark.parametrize(
    "path", ["con", "docs/AUX.txt", "Nul/x", "com1.a.b", "lpt9", "a.", "b /c", "prn .x"]
)
def test_what_windows_cannot_have(path: str) -> None:
    assert unportable(path)


@pytest.mark.parametrize("path", ["console", "com10", "a.con", ".env", "a b/c.d"])
def test_what_windows_can_have(path: str) -> None:
    assert unportable(path) is None


@pytest.mark.parametrize("path", ["aux.txt", "A.md", "skill.md/x", "b."])
async def test_an_upload_names_the_file(ada: httpx.AsyncClient, path: str) -> None:
    files = {"SKILL.md": skill_file(), "a.md": b"a", path: b"b"}
    answer = await post(ada, files)
    assert answer.status_code == 422
    assert path in answer.text


async def _draft(client: httpx.AsyncClient, skill: dict[str, Any], path: str) -> str:
    """Start a draft with one more file; its address."""
    url = f"/components/{skill['id']}/draft"
    kept = await client.put(
        url,
        json={"content": skill["content"], "base_digest": skill["latest"]["digest"]},
        headers={"If-None-Match": "*"},
    )
    tag = {"If-Match": kept.headers["etag"]}
    answer = await client.put(f"{url}/files/{path}", content=b"x", headers=tag)
    assert answer.status_code == 200, answer.text
    return url


async def test_a_merge_makes_no_impossible_tree(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    await ada.put("/teams/ada/members/bob", json={"role": "editor"})
    skill = (await post(ada, {"SKILL.md": skill_file()})).json()
    mine = await _draft(ada, skill, "lib")
    await _draft(bob, skill, "lib/x.py")
    match = {"If-Match": "*"}
    done = await bob.post(f"{mine}/publish", json={}, headers=match)
    assert done.status_code == 201, done.text

    merge = (await ada.get(f"{mine}/merge")).json()
    assert not merge["clean"]
    sides = {file["path"]: file["side"] for file in merge["files"]}
    assert sides == {"lib": None, "lib/x.py": None}
    body = {"content": merge["merged"], "latest_digest": merge["latest_digest"]}
    url = f"{mine}/merge"
    both = await ada.post(url, json={**body, "theirs": ["lib/x.py"]}, headers=match)
    assert both.status_code == 422
    assert "cannot be a file and the folder" in both.text
    theirs = {**body, "theirs": ["lib", "lib/x.py"]}
    taken = await ada.post(url, json=theirs, headers=match)
    assert taken.status_code == 200, taken.text
    listed = (await ada.get(f"{mine}/files")).json()["items"]
    assert [file["path"] for file in listed] == ["lib/x.py"]
