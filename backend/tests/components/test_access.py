"""Who may see and do what with a component, and what nobody can infer."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from roster.teams.models import Role
from tests.components.conftest import Join, agent_file, create

READS = (
    "",
    "/revisions",
    "/revisions/1",
    "/revisions/1/diff?against=1",
    "/revisions/1/files/AGENT.md",
    "/labels",
    "/draft",
)


def writes(agent: dict[str, Any]) -> list[tuple[str, str, dict[str, Any] | None]]:
    return [
        ("POST", "/revisions", {"content": agent_file(body="Changed.\n")}),
        ("PUT", "/labels/stable", {"number": 1}),
        ("DELETE", "/labels/stable", None),
        (
            "PUT",
            "/draft",
            {"content": "draft", "base_digest": agent["latest"]["digest"]},
        ),
        ("PATCH", "", {"visibility": "internal"}),
        ("DELETE", "", None),
    ]


async def statuses(
    client: httpx.AsyncClient, agent: dict[str, Any]
) -> dict[tuple[str, str], int]:
    found = {}
    headers = {"If-Match": agent["etag"]}
    for method, path, body in writes(agent):
        answer = await client.request(
            method, f"/components/{agent['id']}{path}", json=body, headers=headers
        )
        found[method, path] = answer.status_code
    return found


async def test_what_is_private_is_not_found_by_others(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada")
    base = f"/components/{agent['id']}"
    for path in READS:
        assert (await bob.get(base + path)).status_code == 404, path
    assert (await bob.get(f"/agents/{agent['id']}")).status_code == 404
    assert set((await statuses(bob, agent)).values()) == {404}
    assert (await bob.post(f"{base}/restore")).status_code == 404


@pytest.mark.parametrize("visibility", ["internal", "public"])
async def test_what_others_may_see_they_may_not_change(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, visibility: str
) -> None:
    agent = await create(ada, "ada", visibility=visibility)
    base = f"/components/{agent['id']}"
    for path in READS[:-1]:
        assert (await bob.get(base + path)).status_code == 200, path
    seen = (await bob.get(f"/agents/{agent['id']}")).json()
    assert seen["permissions"] == {"edit": False, "manage": False}
    assert set((await statuses(bob, agent)).values()) == {403}


@pytest.mark.parametrize("role", list(Role))
async def test_roles(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, join: Join, role: Role
) -> None:
    await join("bob", "ada", role)
    agent = await create(ada, "ada")
    seen = (await bob.get(f"/agents/{agent['id']}")).json()
    edits, manages = role is not Role.viewer, role is Role.owner
    assert seen["permissions"] == {"edit": edits, "manage": manages}
    headers = {"If-Match": "*"}
    for method, path, body in writes(agent):
        answer = await bob.request(
            method, f"/components/{agent['id']}{path}", json=body, headers=headers
        )
        allowed = manages if path == "" else edits
        if path == "/draft":  # there is none yet that "*" could match
            assert answer.status_code == (412 if edits else 403)
        else:
            assert (answer.status_code < 300) is allowed, (path, answer.text)
            assert allowed or answer.status_code == 403


async def test_deleted_is_gone_for_all_but_those_who_manage(
    ada: httpx.AsyncClient, editor: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada", visibility="internal")
    base = f"/components/{agent['id']}"
    stale = await ada.delete(base, headers={"If-Match": '"v9"'})
    assert stale.status_code == 412
    assert (await ada.delete(base)).status_code == 428
    deleted = await ada.delete(base, headers={"If-Match": agent["etag"]})
    assert deleted.status_code == 204
    assert deleted.content == b""
    for client in (ada, editor):
        for path in READS:
            assert (await client.get(base + path)).status_code == 404, path
        assert (await client.get("/agents")).json()["items"] == []
        facets = (await client.get("/agents/facets")).json()
        assert (facets.pop("counted"), facets.pop("complete")) == (0, True)
        assert all(values == [] for values in facets.values())
    query = {"deleted": "true"}
    assert (await editor.get("/agents", params=query)).json()["items"] == []
    [item] = (await ada.get("/agents", params=query)).json()["items"]
    assert item["id"] == agent["id"]
    assert item["deleted_at"] is not None
    assert (await editor.post(f"{base}/restore")).status_code == 404
    restored = await ada.post(f"{base}/restore")
    assert restored.status_code == 200
    assert restored.json()["deleted_at"] is None
    assert restored.json()["etag"] == restored.headers["etag"] == '"v3"'
    assert (await editor.get(base)).status_code == 200
    assert (await ada.post(f"{base}/restore")).status_code == 404


async def test_visibility_changes_at_once(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada")
    base = f"/components/{agent['id']}"
    etag = agent["etag"]
    for visibility, status in (("internal", 200), ("private", 404)):
        body = {"visibility": visibility}
        answer = await ada.patch(base, json=body, headers={"If-Match": etag})
        assert answer.status_code == 200
        assert answer.json()["visibility"] == visibility
        assert (await bob.get(base)).status_code == status
        etag = answer.json()["etag"]
    for nothing in ({}, {"visibility": "private"}):
        answer = await ada.patch(base, json=nothing, headers={"If-Match": etag})
        assert answer.json()["etag"] == etag
    for wrong in ({"visibility": None}, {"visibility": "secret"}, {"name": "other"}):
        answer = await ada.patch(base, json=wrong, headers={"If-Match": etag})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["loc"] == next(iter(wrong))
    assert (await ada.patch(base, json={})).status_code == 428


async def test_an_administrator_sees_no_private_content(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    assert (await ada.get("/users/me")).json()["is_admin"] is True
    agent = await create(bob, "bob")
    assert (await ada.get(f"/agents/{agent['id']}")).status_code == 404


Change = Callable[[httpx.AsyncClient], Any]


async def test_nothing_invisible_changes_a_list_a_count_or_an_etag(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    """Invariant: every answer to Bob stays the same, to the byte."""
    for number in range(3):
        await create(
            ada,
            "ada",
            f"seen-{number}",
            visibility="internal",
            description=f"Reviews {'poems ' * number}daily.",
        )
    addresses = [
        "/agents?count=true",
        "/agents?q=reviews+daily&count=true",
        "/agents?q=poem&limit=1",
        "/agents?tool=Read&tool=Bash&count=true",
        "/agents?label=latest&label=stable&count=true",
        "/agents?team=ada&count=true",
        "/agents?ref=agent:ada/hidden-1&ref=agent:ada/seen-1&count=true",
        "/agents?deleted=true&count=true",
        "/agents/facets",
        "/agents/facets?q=poems",
        "/components?count=true&sort=name",
    ]
    before = [await bob.get(address) for address in addresses]
    for number in range(5):
        hidden = await create(
            ada,
            "ada",
            f"hidden-{number}",
            description="Reviews poems daily, poems only.",
            tools="Bash",
            model="opus",
            body="Poems. " * 50,
        )
    await ada.put(
        f"/components/{hidden['id']}/labels/stable",
        json={"number": 1},
        headers={"If-Match": hidden["etag"]},
    )
    await ada.delete(f"/components/{hidden['id']}", headers={"If-Match": "*"})
    for address, old in zip(addresses, before, strict=True):
        new = await bob.get(address)
        assert new.content == old.content, address
        assert new.headers["etag"] == old.headers["etag"]


async def test_a_draft_is_its_owners_alone(
    ada: httpx.AsyncClient, editor: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada")
    address = f"/components/{agent['id']}/draft"
    body = {"content": "mine", "base_digest": agent["latest"]["digest"]}
    new = {"If-None-Match": "*"}
    assert (await ada.put(address, json=body, headers=new)).status_code == 200
    assert (await editor.get(address)).status_code == 404
    for client, mine in ((ada, True), (editor, False)):
        [item] = (await client.get("/agents")).json()["items"]
        assert item["draft"] is mine
    body["content"] = "theirs"
    assert (await editor.put(address, json=body, headers=new)).status_code == 200
    assert (await ada.get(address)).json()["content"] == "mine"
