"""Which revision a file is: found by its digest, among what the caller may see."""

import hashlib
from typing import Any

import httpx
import pytest

from roster.core.db import Database
from roster.drift.schemas import MANY, SHOWN
from tests.components.conftest import agent_file, counted, publish
from tests.components.skills import packed, skill_file
from tests.conftest import SignUp

ANY = {"If-Match": "*"}


def sha(text: str | bytes) -> str:
    data = text if isinstance(text, bytes) else text.encode()
    return hashlib.sha256(data).hexdigest()


def file(
    text: str | bytes, name: str | None = None, kind: str = "agent"
) -> dict[str, Any]:
    known = {"kind": kind, "name": name} if name else {}
    return {"path": f"{name or 'a'}.md", "sha256": sha(text), **known}


async def create(
    client: httpx.AsyncClient, content: str, visibility: str = "private"
) -> dict[str, Any]:
    team = (await client.get("/users/me")).json()["username"]
    body = {"team": team, "content": content, "visibility": visibility}
    answer = await client.post("/agents", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def drift(client: httpx.AsyncClient, *files: dict[str, Any]) -> list[Any]:
    answer = await client.post("/drift", json={"files": list(files)})
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["files"]
    return found


async def test_it_says_which_revision_a_file_is(ada: httpx.AsyncClient) -> None:
    texts = [agent_file("critic", body=f"Step {number}.\n") for number in range(4)]
    made = await create(ada, texts[0])
    for text in texts[1:]:
        await publish(ada, made, text)
    yanked = f"/components/{made['id']}/revisions/2/yank"
    await ada.post(yanked, json={"reason": "It deletes files."}, headers=ANY)

    old, bad, third, newest = await drift(ada, *(file(text) for text in texts))

    assert [one["standing"] for one in (old, bad, third, newest)] == [
        "behind",
        "yanked",
        "behind",
        "identical",
    ]
    assert old["path"] == "a.md"
    # Of three that came later, one is not to be counted.
    assert [one["matches"][0]["behind"] for one in (old, third, newest)] == [2, 1, 0]
    match = bad["matches"][0]
    assert (match["number"], match["latest"]) == (2, 4)
    assert match["yank_reason"] == "It deletes files."
    assert match["reference"] == "agent:ada/critic"


async def test_what_is_no_revision_is_compared_by_kind_and_name(
    ada: httpx.AsyncClient,
) -> None:
    made = await create(ada, agent_file("critic"))
    changed, other = await drift(
        ada, file("changed", "critic"), file("changed", "critic", "skill")
    )
    assert changed["standing"] == "modified"
    match = changed["matches"][0]
    assert (match["component_id"], match["number"]) == (made["id"], None)
    assert (other["standing"], other["matches"]) == ("unknown", [])


async def test_of_several_the_one_of_that_name_comes_first(
    ada: httpx.AsyncClient, sign_up: SignUp
) -> None:
    text = agent_file("critic")
    await create(ada, text)
    for name in ("bob", "carol", "dan", "eve", "fay", "gus"):
        other = await sign_up(name)
        await create(other, text, "internal")
        last = name
    [found] = await drift(ada, file(text, "critic"))
    assert len(found["matches"]) == SHOWN
    assert {one["behind"] for one in found["matches"]} == {0}
    assert last == "gus"


async def test_what_is_hidden_is_not_found(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    text = agent_file("critic")
    made = await create(ada, text)
    asked = file(text, "critic")
    assert (await drift(ada, asked))[0]["standing"] == "identical"
    hidden = await drift(bob, asked)
    nothing = await drift(bob, file("never seen", "nobody"))
    assert hidden[0]["standing"] == nothing[0]["standing"] == "unknown"

    await ada.patch(
        f"/components/{made['id']}", json={"visibility": "internal"}, headers=ANY
    )
    assert (await drift(bob, asked))[0]["standing"] == "identical"
    await ada.delete(f"/components/{made['id']}", headers=ANY)
    assert (await drift(bob, asked))[0]["standing"] == "unknown"
    assert (await drift(ada, asked))[0]["standing"] == "unknown"


async def test_a_file_beside_a_skill_is_no_component(ada: httpx.AsyncClient) -> None:
    body = {"SKILL.md": skill_file(), "notes/style.md": b"Be brief.\n"}
    made = await ada.post(
        "/components",
        json={"kind": "skill", "team": "ada", "name": "release-notes"},
    )
    assert made.status_code == 201, made.text
    place = f"/components/{made.json()['id']}/draft"
    stored = await ada.put(
        f"{place}/tree",
        content=packed(body),
        headers={"Content-Type": "application/zip", **ANY},
    )
    assert stored.is_success, stored.text
    published = await ada.post(f"{place}/publish", json={}, headers=ANY)
    assert published.status_code == 201, published.text
    main, beside = await drift(ada, file(skill_file()), file("Be brief.\n"))
    assert (main["standing"], beside["standing"]) == ("identical", "unknown")


@pytest.mark.parametrize(
    "files",
    [
        [],
        [{"path": "a.md", "sha256": "0"}],
        [{"path": "", "sha256": "0" * 64}],
        [{"path": "a.md", "sha256": "0" * 64}] * (MANY + 1),
        [{"path": "a.md", "sha256": "0" * 64, "content": "secret"}],
    ],
)
async def test_it_takes_no_more_than_it_says(
    ada: httpx.AsyncClient, files: list[Any]
) -> None:
    answer = await ada.post("/drift", json={"files": files})
    assert answer.status_code == 422


async def test_many_files_take_as_many_statements_as_one(
    ada: httpx.AsyncClient, database: Database
) -> None:
    names = [f"critic-{number}" for number in range(12)]
    for name in names:
        await create(ada, agent_file(name))
    files = [file(agent_file(name), name) for name in names]
    changed = [file("changed", name) for name in names]
    await drift(ada, *files)
    with counted(database) as few:
        await drift(ada, files[0], changed[0])
    with counted(database) as many:
        await drift(ada, *files, *changed)
    assert len(few) == len(many) <= 4
