"""What waits, for whom; nobody learns of what they may not see."""

from typing import Any

import httpx

from tests.components.conftest import counted, create
from tests.conftest import StartApp
from tests.promotions.conftest import ANY, Crew
from tests.teams.conftest import make_team


async def listed(
    client: httpx.AsyncClient, **params: Any
) -> list[tuple[str, int, str]]:
    answer = await client.get("/promotions", params={"count": True, **params})
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["total"] == len(page["items"])
    return [(one["label"], one["number"], one["state"]) for one in page["items"]]


async def test_filters(crew: Crew) -> None:
    await make_team(crew.ada, "other")
    other = await create(crew.ada, "other", "helper")
    await crew.ada.post(
        f"/components/{other['id']}/promotions", json={"label": "beta", "number": 1}
    )
    first, second = await crew.open(2), await crew.open(3)
    await first.do(crew.bob, "withdraw")
    await (await crew.open(1, "beta")).do(crew.bob, "apply")
    everything = [
        ("beta", 1, "applied"),
        ("production", 3, "open"),
        ("production", 2, "withdrawn"),
        ("beta", 1, "open"),
    ]
    assert await listed(crew.ada) == everything
    assert await listed(crew.bob) == everything[:3]
    assert await listed(crew.eve) == []
    assert await listed(crew.ada, team="platform") == everything[:3]
    assert await listed(crew.ada, component=other["id"]) == everything[3:]
    assert await listed(crew.ada, label="beta") == [everything[0], everything[3]]
    assert await listed(crew.ada, state="open") == [everything[1], everything[3]]
    assert await listed(crew.ada, mine=True) == everything[3:]
    assert await listed(crew.bob, mine=True, state="open") == [everything[1]]
    assert second.seen["state"] == "open"
    page = (await crew.ada.get("/promotions?limit=3")).json()
    assert page["total"] is None
    rest = await crew.ada.get("/promotions", params={"cursor": page["next_cursor"]})
    labels = [one["label"] for one in page["items"] + rest.json()["items"]]
    assert labels == [label for label, _, _ in everything]
    for wrong in ("state=new", "cursor=x", "why=1", "team=A", "component=1"):
        assert (await crew.ada.get(f"/promotions?{wrong}")).status_code == 422


async def test_what_needs_me(crew: Crew) -> None:
    await crew.protect(approvals=1)
    promotion = await crew.open(2)
    await crew.open(2, "beta")  # which needs nobody
    waiting = [("production", 2, "open")]
    people = (crew.ada, crew.bob, crew.cleo, crew.dora, crew.eve)

    async def needed() -> list[bool]:
        found = [await listed(person, needs_me=True) for person in people]
        assert all(one in ([], waiting) for one in found)
        return [bool(one) for one in found]

    # Neither its author, nor that of the revision.
    assert await needed() == [False, False, True, True, False]
    await promotion.do(crew.cleo, "object")
    assert await needed() == [False, False, False, True, False]
    await promotion.approve(crew.dora)
    assert await needed() == [False] * 5
    await crew.protect(approvals=2)
    assert await needed() == [False] * 5
    await promotion.change(crew.bob, number=3)
    waiting = [("production", 3, "open")]
    assert await needed() == [False, False, True, True, False]
    await promotion.approve(crew.cleo)
    await crew.ada.delete("/teams/platform/members/cleo", headers=ANY)
    assert await needed() == [False, False, False, True, False]
    await crew.yank(3)
    assert await needed() == [False] * 5


async def test_a_page_takes_as_many_statements_for_many_as_for_one(crew: Crew) -> None:
    await crew.protect(approvals=2)
    counts = []
    await crew.dora.get("/promotions")  # now it is known who asks
    for _ in range(2):
        for _ in range(3):
            await (await crew.open(2)).approve(crew.cleo)
        with counted(crew.database) as statements:
            page = await crew.dora.get("/promotions?count=true&needs_me=true")
        counts.append(len(statements))
    assert page.json()["total"] == 6
    assert counts[0] == counts[1]


async def test_those_of_public_components_are_public(
    crew: Crew, start_app: StartApp, connect: Any
) -> None:
    promotion = await crew.open(2)
    nobody = connect(await start_app(public_read=True))
    assert (await nobody.get(promotion.path)).status_code == 404
    assert await listed(nobody) == []
    shown = await crew.ada.patch(
        crew.base, json={"visibility": "public", "licence": "MIT"}, headers=ANY
    )
    assert shown.status_code == 200, shown.text
    assert await listed(nobody) == [("production", 2, "open")]
    assert await listed(nobody, mine=True) == []
    assert await listed(nobody, needs_me=True) == []
    seen = (await nobody.get(promotion.path)).json()
    assert not any(one["allowed"] for one in seen["permissions"].values())
