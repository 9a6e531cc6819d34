"""Collections as a whole: made, found, renamed, put aside, copied, deleted."""

from typing import Any

import httpx
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.core.db import Database
from roster.teams.models import Role
from tests.collections.conftest import (
    ANY,
    Join,
    collect,
    counted,
    create,
    names,
    put,
    read,
    released,
)


async def test_a_collection_from_its_making_to_its_end(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database
) -> None:
    body = {"team": "ada", "name": "kit", "title": "Kit", "visibility": "internal"}
    answer = await ada.post("/collections", json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    place = f"/collections/{made['id']}"
    assert answer.headers["location"] == f"/api/v1{place}"
    assert answer.headers["etag"] == made["etag"] == '"v1"'
    assert made["reference"] == "ada/kit"
    assert (made["entries"], made["clashes"], made["latest_release"]) == ([], [], None)
    assert made["permissions"] == {"edit": True, "manage": True}
    seen = (await bob.get(place)).json()
    assert seen["permissions"] == {"edit": False, "manage": False}

    assert (await ada.patch(place, json={"title": "Big kit"})).status_code == 428
    stale = {"If-Match": '"v7"'}
    answer = await ada.patch(place, json={"title": "Big kit"}, headers=stale)
    assert answer.status_code == 412
    match = {"If-Match": (await ada.get(place)).headers["etag"]}
    answer = await ada.patch(place, json={"title": "Big kit"}, headers=match)
    assert (answer.json()["title"], answer.headers["etag"]) == ("Big kit", '"v2"')
    answer = await ada.patch(place, json={"title": "Big kit"}, headers=ANY)
    assert answer.headers["etag"] == '"v2"'  # nothing changed
    answer = await ada.patch(place, json={"title": None}, headers=ANY)
    assert answer.status_code == 422

    await rename(ada, bob, made)
    await delete_and_restore(ada, bob, made)
    async with database.read() as session:
        told = await session.exec(
            select(AuditEvent.action)
            .where(AuditEvent.target_name.like("ada/%"))  # type: ignore[attr-defined] # a column
            .order_by(col(AuditEvent.id))
        )
    assert list(told) == [
        "collection.created",
        "collection.changed",
        "collection.renamed",
        "collection.created",
        "collection.renamed",
        "collection.deleted",
        "collection.restored",
    ]


async def rename(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, made: dict[str, Any]
) -> None:
    place = f"/collections/{made['id']}"
    answer = await ada.post(f"{place}/rename", json={"name": "tools"}, headers=ANY)
    assert (answer.status_code, answer.json()["reference"]) == (200, "ada/tools")
    for ref in ("ada/kit", "ada/tools"):
        found = (await bob.get("/collections", params={"ref": ref})).json()["items"]
        assert [one["name"] for one in found] == ["tools"]
    answer = await ada.post("/collections", json={"team": "ada", "name": "kit"})
    assert answer.json()["type"] == "/problems/name-taken"
    other = await collect(ada, "other")
    taken = await ada.post(
        f"/collections/{other['id']}/rename", json={"name": "kit"}, headers=ANY
    )
    assert taken.json()["type"] == "/problems/name-taken"
    back = await ada.post(f"{place}/rename", json={"name": "kit"}, headers=ANY)
    assert back.json()["name"] == "kit"
    same = await ada.post(f"{place}/rename", json={"name": "kit"}, headers=ANY)
    assert same.headers["etag"] == back.headers["etag"]


async def delete_and_restore(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, made: dict[str, Any]
) -> None:
    place, body = f"/collections/{made['id']}", {"team": "ada", "name": made["name"]}
    answer = await ada.delete(place, params={"confirm": "kot"}, headers=ANY)
    assert answer.json()["errors"][0]["loc"] == "confirm"
    answer = await ada.delete(place, params={"confirm": "kit"}, headers=ANY)
    assert answer.status_code == 204
    assert (await ada.get(place)).status_code == 404
    deleted = {"deleted": True}
    assert (await bob.get("/collections", params=deleted)).json()["items"] == []
    [gone] = (await ada.get("/collections", params=deleted)).json()["items"]
    assert gone["deleted_at"] is not None
    assert (await ada.post("/collections", json=body)).status_code == 409
    assert (await bob.post(f"{place}/restore")).status_code == 404
    assert (await ada.post(f"{place}/restore")).json()["deleted_at"] is None


async def test_an_archived_one_stays_as_it_is(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")
    kit = await collect(ada, "kit", agent)
    place = f"/collections/{kit['id']}"
    answer = await ada.post(f"{place}/archive")
    assert answer.json()["archived_at"] is not None
    again = await ada.post(f"{place}/archive")
    assert again.headers["etag"] == answer.headers["etag"]
    entry = f"{place}/entries/{agent['id']}"
    one = {"entries": [{"component_id": agent["id"]}]}
    for method, path, body in (
        ("PATCH", place, {"title": "Kit"}),
        ("POST", f"{place}/rename", {"name": "tools"}),
        ("PUT", f"{place}/entries", {"entries": []}),
        ("POST", f"{place}/entries", one),
        ("PATCH", entry, {"label": "stable"}),
        ("POST", f"{entry}/move", {"before": None}),
        ("DELETE", entry, None),
        ("POST", f"{place}/releases", {}),
    ):
        answer = await ada.request(method, path, json=body, headers=ANY)
        assert answer.status_code == 409, (method, path, answer.text)
    assert (await ada.get("/collections")).json()["items"] == []
    for query in ({"archived": True}, {"ref": "ada/kit"}):
        found = (await ada.get("/collections", params=query)).json()["items"]
        assert [item["name"] for item in found] == ["kit"]
    assert (await ada.post(f"{place}/unarchive")).json()["archived_at"] is None
    assert (await ada.patch(place, json={"title": "K"}, headers=ANY)).is_success


async def test_lists_are_filtered_sorted_and_cut(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada", visibility="internal")
    hidden = await create(ada, "ada", "hidden")
    for name in ("beta", "alpha", "gamma"):
        await collect(ada, name, agent, visibility="internal")
    await collect(ada, "secret", agent, hidden)
    await collect(bob, "own_kit".replace("_", "-"), team="bob")

    async def listed(client: httpx.AsyncClient, **query: object) -> list[str]:
        answer = await client.get("/collections", params=query)  # type: ignore[arg-type] # numbers and lists, too
        assert answer.status_code == 200, answer.text
        return [item["name"] for item in answer.json()["items"]]

    assert await listed(ada) == ["secret", "gamma", "alpha", "beta"]
    assert await listed(ada, sort="name") == ["alpha", "beta", "gamma", "secret"]
    assert await listed(bob, sort="-name") == ["own-kit", "gamma", "beta", "alpha"]
    assert await listed(bob, team="bob") == ["own-kit"]
    assert await listed(bob, editable=True) == ["own-kit"]
    assert await listed(bob, q="ALP") == ["alpha"]
    assert await listed(bob, q="%") == []
    assert await listed(bob, q=" ", team="bob") == ["own-kit"]
    assert await listed(bob, component=agent["id"], sort="name") == [
        "alpha",
        "beta",
        "gamma",
    ]
    assert await listed(bob, component=hidden["id"]) == []
    assert await listed(ada, component=hidden["id"]) == ["secret"]
    page = (
        await bob.get(
            "/collections", params={"sort": "name", "limit": 2, "count": True}
        )
    ).json()
    assert (page["total"], len(page["items"])) == (4, 2)
    assert [item["entry_count"] for item in page["items"]] == [1, 1]
    rest = await listed(bob, sort="name", cursor=page["next_cursor"])
    assert rest == ["gamma", "own-kit"]


async def test_who_may_do_what(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, join: Join
) -> None:
    kit = await collect(ada, "kit", await create(ada, "ada"))
    place = f"/collections/{kit['id']}"
    assert (await bob.get(place)).status_code == 404
    await join("bob", "ada", Role.editor)
    assert (await bob.patch(place, json={"title": "K"}, headers=ANY)).is_success
    wider = await bob.patch(place, json={"visibility": "public"}, headers=ANY)
    assert wider.status_code == 403
    for method, path in (("POST", f"{place}/rename"), ("DELETE", place)):
        answer = await bob.request(
            method, path, params={"confirm": "kit"}, headers=ANY, json={"name": "k"}
        )
        assert answer.status_code == 403
    assert (await read(bob, kit))["permissions"] == {"edit": True, "manage": False}


async def test_a_copy_has_what_its_maker_sees(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    shown = await create(ada, "ada", "shown", visibility="internal")
    own = await create(ada, "ada", "own")
    gone = await create(ada, "ada", "gone", visibility="internal")
    kit = await collect(ada, "kit", shown, own, gone)
    await ada.delete(f"/components/{gone['id']}", headers=ANY)
    await put(
        ada,
        kit,
        {"component_id": own["id"], "number": 1},
        {"component_id": gone["id"]},
        {"component_id": shown["id"], "label": "stable"},
    )
    place = f"/collections/{kit['id']}/duplicate"
    answer = await ada.post(place, json={"team": "ada", "name": "copy"})
    assert answer.status_code == 201, answer.text
    copy = answer.json()
    assert names(copy) == ["own", "shown"]
    assert [(e["label"], e["number"]) for e in copy["entries"]] == [
        (None, 1),
        ("stable", None),
    ]
    wide = {"team": "ada", "name": "wide", "visibility": "internal"}
    answer = await ada.post(place, json=wide)
    assert answer.status_code == 409
    assert [error["loc"] for error in answer.json()["errors"]] == ["agent:ada/own"]
    assert (await ada.post(place, json={"team": "bob", "name": "x"})).status_code == 404
    await ada.patch(
        f"/components/{own['id']}", json={"visibility": "internal"}, headers=ANY
    )
    await ada.patch(
        f"/collections/{kit['id']}", json={"visibility": "internal"}, headers=ANY
    )
    answer = await bob.post(place, json={"team": "bob", "name": "mine"})
    assert names(answer.json()) == ["own", "shown"]


async def test_the_number_of_statements_does_not_grow(
    ada: httpx.AsyncClient, database: Database
) -> None:
    one = await create(ada, "ada", "first")
    kit = await collect(ada, "kit", one)
    await released(ada, kit)
    paths = (
        "/collections",
        f"/collections/{kit['id']}",
        f"/collections/{kit['id']}/releases",
        f"/collections/{kit['id']}/releases/1",
        f"/collections/{kit['id']}/releases/1/lock",
        f"/collections/{kit['id']}/releases/1/changes",
    )

    async def statements(numbers: tuple[str, str]) -> list[int]:
        await ada.get(paths[0])  # now it is known who asks
        found = []
        for path in paths:
            with counted(database) as ran:
                answer = await ada.get(
                    path.replace("releases/1", "releases/" + numbers[0])
                )
            assert answer.status_code == 200, answer.text
            found.append(len(ran))
        return found

    few = await statements(("1", "1"))
    more = [await create(ada, "ada", f"agent-{number}") for number in range(5)]
    for number in range(3):
        await collect(ada, f"kit-{number}", *more)
    with counted(database) as ran_for_one:
        await put(ada, kit, {"component_id": one["id"]})
    await put(ada, kit, *({"component_id": agent["id"]} for agent in (one, *more)))
    with counted(database) as ran_for_all:
        await put(ada, kit, *({"component_id": agent["id"]} for agent in (one, *more)))
    assert len(ran_for_one) == len(ran_for_all)
    await released(ada, kit)
    assert await statements(("1", "1")) == few
    later = await statements(("2", "2"))
    assert later[:-1] == few[:-1]
    assert later[-1] - few[-1] <= 2  # the older release, and the notes between
