"""Skills with all their files: made, edited in a draft, published, taken out."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from roster.settings import Settings
from tests.components.skills import FILES, packed, skill_file


async def post(
    client: httpx.AsyncClient, files: Mapping[str, bytes], **fields: str
) -> httpx.Response:
    return await client.post(
        "/skills",
        data={"team": "ada", **fields},
        files=[("files", (path, data)) for path, data in files.items()],
    )


async def tree_of(client: httpx.AsyncClient, url: str) -> dict[str, bytes]:
    answer = await client.get(url, headers={"Accept": "application/zip"})
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
async def skill(ada: httpx.AsyncClient) -> dict[str, Any]:
    answer = await post(ada, {"SKILL.md": skill_file(), **FILES})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
async def draft(ada: httpx.AsyncClient, skill: dict[str, Any]) -> str:
    """The address of a draft of the skill."""
    url = f"/components/{skill['id']}/draft"
    answer = await ada.put(
        url,
        json={"content": skill["content"], "base_digest": skill["latest"]["digest"]},
        headers={"If-None-Match": "*"},
    )
    assert answer.status_code == 200, answer.text
    return url


async def test_files_and_an_archive_of_them_make_the_same_skill(
    ada: httpx.AsyncClient, skill: dict[str, Any]
) -> None:
    revision = f"/components/{skill['id']}/revisions/1"
    assert await tree_of(ada, revision) == {"SKILL.md": skill_file(), **FILES}
    assert "skill.missing-file" not in [f["rule"] for f in skill["findings"]]
    below = {f"notes/{path}": data for path, data in FILES.items()}
    archive = packed({"notes/SKILL.md": skill_file("other"), **below})
    answer = await post(ada, {"upload.zip": archive}, message="All at once")
    assert answer.status_code == 201, answer.text
    other = answer.json()
    read = (await ada.get(f"/components/{other['id']}/revisions/1")).json()
    assert read["message"] == "All at once"
    assert {file["path"] for file in read["files"]} == {"SKILL.md", *FILES}
    # JSON alone still makes one, of one file.
    plain = await ada.post(
        "/skills", json={"team": "ada", "content": skill_file("plain").decode()}
    )
    assert plain.status_code == 201, plain.text
    assert "skill.missing-file" in [f["rule"] for f in plain.json()["findings"]]


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"README.md": b"# No skill\n"}, 422),
        ({"a/SKILL.md": skill_file(), "b/other.md": b"x"}, 422),
        ({"SKILL.md": skill_file(), "../up.md": b"x"}, 422),
        ({"SKILL.md": skill_file(), "/etc/x": b"x"}, 422),
        ({"SKILL.md": skill_file(), "a": b"x", "a/b": b"x"}, 422),
        ({"SKILL.md": skill_file(), "n" * 600: b"x"}, 422),
        ({"SKILL.md": b"---\nname: x\n"}, 422),
        ({"SKILL.md": skill_file() + b"x" * 1_100_000}, 413),
        ({"skill.zip": packed({"SKILL.md": skill_file()})[:-30]}, 422),
        ({"skill.zip": packed({"SKILL.md": skill_file(), "z": bytes(9**7)})}, 422),
        ({}, 422),
    ],
)
async def test_what_is_no_skill_is_refused(
    ada: httpx.AsyncClient, files: dict[str, bytes], status: int
) -> None:
    answer = await post(ada, files or {"": b""})
    assert answer.status_code == status, answer.text
    assert (await ada.get("/skills")).json()["items"] == []


async def test_a_body_that_is_neither(ada: httpx.AsyncClient) -> None:
    for kind, body, status in (
        ("text/plain", b"x", 415),
        ("application/json", b"{", 400),
        ("application/json", b'{"team": 1}', 422),
        ("multipart/form-data", b"x", 400),
    ):
        answer = await ada.post("/skills", content=body, headers={"Content-Type": kind})
        assert answer.status_code == status, answer.text


@pytest.fixture
def small(settings: Settings) -> Settings:
    settings.tree_files, settings.tree_bytes = 3, 5000
    return settings


@pytest.mark.usefixtures("small")
async def test_the_limits_of_a_tree(ada: httpx.AsyncClient) -> None:
    fine = {"SKILL.md": skill_file(), "a": b"a" * 2000, "b": b"b" * 2000}
    many = {**fine, "c": b"c"}
    large = {**fine, "b": b"b" * 3000}
    for files in (many, large):
        assert (await post(ada, files)).status_code == 413
        zipped = {"all.zip": packed(files)}
        assert (await post(ada, zipped)).status_code == 413
    assert (await post(ada, fine)).status_code == 201


async def test_a_revision_of_text_alone_keeps_the_other_files(
    ada: httpx.AsyncClient, skill: dict[str, Any]
) -> None:
    url = f"/components/{skill['id']}/revisions"
    changed = skill_file() + b"And be brief.\n"
    answer = await ada.post(
        url, json={"content": changed.decode()}, headers={"If-Match": skill["etag"]}
    )
    assert answer.status_code == 201, answer.text
    assert await tree_of(ada, f"{url}/2") == {"SKILL.md": changed, **FILES}


async def publish_and_compare(
    ada: httpx.AsyncClient,
    skill: dict[str, Any],
    draft: str,
    tag: str,
    expected: dict[str, bytes],
) -> None:
    answer = await ada.post(
        f"{draft}/publish", json={"message": "Move"}, headers={"If-Match": tag}
    )
    assert answer.status_code == 201, answer.text
    revision = f"/components/{skill['id']}/revisions/2"
    assert await tree_of(ada, revision) == {"SKILL.md": skill_file(), **expected}
    diff = (await ada.get(f"{revision}/diff", params={"against": 1})).json()
    assert {one["path"]: one["status"] for one in diff["files"]} == {
        "SKILL.md": "same",
        "assets/logo.png": "removed",
        "docs/how to.md": "renamed",
        "scripts/collect.sh": "same",
        "scripts/run it.py": "added",
    }


async def test_files_of_a_draft_are_added_replaced_moved_and_removed(
    ada: httpx.AsyncClient, skill: dict[str, Any], draft: str
) -> None:
    listed = (await ada.get(f"{draft}/files")).json()
    assert [file["path"] for file in listed["items"]] == sorted(FILES)
    tag = listed["etag"]
    script = b"#!/usr/bin/env python3\n" + b"print('x')\n" * 50_000
    answer = await ada.put(
        f"{draft}/files/scripts/run it.py",
        params={"executable": "true"},
        content=script,
        headers={"If-Match": tag},
    )
    assert answer.status_code == 200, answer.text
    [file] = [one for one in answer.json()["items"] if "run it" in one["path"]]
    assert (file["mode"], file["size"]) == ("100755", len(script))
    stale = await ada.delete(
        f"{draft}/files/assets/logo.png", headers={"If-Match": tag}
    )
    assert stale.status_code == 412
    tag = answer.headers["etag"]
    answer = await ada.delete(
        f"{draft}/files/assets/logo.png", headers={"If-Match": tag}
    )
    assert answer.status_code == 204
    tag = answer.headers["etag"]
    move = f"{draft}/files/references/style.md/move"
    for path, status in (
        ("scripts/collect.sh", 409),
        ("scripts/collect.sh/x", 422),
        ("SKILL.md", 422),
        ("docs/how to.md", 200),
    ):
        answer = await ada.post(move, json={"path": path}, headers={"If-Match": tag})
        assert answer.status_code == status, answer.text
    tag = answer.json()["etag"]
    expected = {
        "docs/how to.md": FILES["references/style.md"],
        "scripts/collect.sh": FILES["scripts/collect.sh"],
        "scripts/run it.py": script,
    }
    for path, data in expected.items():
        assert (await ada.get(f"{draft}/files/{path}")).content == data
    assert (await ada.get(f"{draft}/files/assets/logo.png")).status_code == 404
    await publish_and_compare(ada, skill, draft, tag, expected)


async def test_a_draft_takes_a_whole_archive(
    ada: httpx.AsyncClient, skill: dict[str, Any], draft: str
) -> None:
    url, zipped = f"{draft}/tree", {"Content-Type": "application/zip"}
    text = skill_file() + b"All new.\n"
    archive = packed({"x/SKILL.md": text, "x/a/run": b"#!"}, runs=("x/a/run",))
    for body, match, status in (
        (archive, None, 428),
        (archive, '"d9"', 412),
        (b"no zip", '"d1"', 422),
        (packed({"a": b"a"}), '"d1"', 422),
        (archive, '"d1"', 200),
    ):
        headers = {**zipped, **({"If-Match": match} if match else {})}
        answer = await ada.put(url, content=body, headers=headers)
        assert answer.status_code == status, answer.text
    assert [(one["path"], one["mode"]) for one in answer.json()["items"]] == [
        ("a/run", "100755")
    ]
    kept = (await ada.get(draft)).json()
    assert kept["content"].encode() == text
    assert kept["base_digest"] == skill["latest"]["digest"]


async def test_only_who_has_a_draft_of_a_tree_uploads_into_it(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, draft: str
) -> None:
    url = f"{draft}/files/a.txt"
    assert (await bob.put(url, content=b"x")).status_code == 404
    assert (await bob.get(f"{draft}/files")).status_code == 404
    command = await ada.post(
        "/commands",
        json={"team": "ada", "name": "tidy", "content": "Tidy up $ARGUMENTS.\n"},
    )
    assert command.status_code == 201, command.text
    other = f"/components/{command.json()['id']}/draft"
    assert (await ada.put(f"{other}/files/a", content=b"x")).status_code == 404
    await ada.put(
        other,
        json={
            "content": "Tidy.\n",
            "base_digest": command.json()["latest"]["digest"],
        },
        headers={"If-None-Match": "*"},
    )
    assert (await ada.put(f"{other}/files/a", content=b"x")).status_code == 409
