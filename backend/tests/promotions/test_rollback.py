"""One click leads back to where a label pointed before."""

from typing import Any

import httpx

from tests.promotions.conftest import ANY, Crew, Events


async def roll_back(
    crew: Crew, client: httpx.AsyncClient, label: str = "production"
) -> httpx.Response:
    present = await crew.ada.get(crew.base)
    return await client.post(
        f"{crew.base}/labels/{label}/rollback",
        json={"message": "It loops."},
        headers={"If-Match": present.headers["etag"]},
    )


async def test_a_label_that_is_not_protected_moves_at_once(
    crew: Crew, events: Events
) -> None:
    for number in (1, 2, 3):
        await crew.move(number)
    back = await roll_back(crew, crew.cleo)
    assert back.status_code == 200, back.text
    assert back.json()["promotion"] is None
    assert (back.json()["label"]["number"], await crew.label()) == (2, 2)
    assert back.headers["etag"] == (await crew.ada.get(crew.base)).json()["etag"]
    further = await roll_back(crew, crew.cleo)
    assert further.json()["label"]["number"] == 1
    nothing = await roll_back(crew, crew.cleo)
    assert nothing.status_code == 409
    assert (await events())[-1] == (
        "label.moved",
        "cleo",
        {
            "label": "production",
            "number": 1,
            "before": 2,
            "is_rollback": True,
            "message": "It loops.",
        },
    )
    history = (await crew.eve.get(f"{crew.base}/labels/production/history")).status_code
    assert history == 404
    page = await crew.ada.get(f"{crew.base}/labels/production/history?limit=2")
    moves = page.json()
    assert [(one["before"], one["number"]) for one in moves["items"]] == [
        (2, 1),
        (3, 2),
    ]
    assert {one["is_rollback"] for one in moves["items"]} == {True}
    params: dict[str, Any] = {"limit": 2, "cursor": moves["next_cursor"]}
    page = await crew.ada.get(f"{crew.base}/labels/production/history", params=params)
    assert [one["number"] for one in page.json()["items"]] == [3, 2]


async def test_yanked_revisions_are_left_out(crew: Crew) -> None:
    for number in (1, 3, 2, 3):
        await crew.move(number)
    await crew.yank(2)
    back = await roll_back(crew, crew.bob)
    assert back.json()["label"]["number"] == 1


async def test_a_label_that_was_taken_away_comes_back(crew: Crew) -> None:
    await crew.move(2)
    gone = await crew.bob.delete(f"{crew.base}/labels/production", headers=ANY)
    assert gone.status_code == 204
    history = (await crew.ada.get(f"{crew.base}/labels/production/history")).json()
    assert (history["items"][0]["number"], history["items"][0]["before"]) == (None, 2)
    back = await roll_back(crew, crew.bob)
    assert back.json()["label"]["number"] == 2


async def test_what_a_rollback_is_based_on(crew: Crew) -> None:
    place = f"{crew.base}/labels/production/rollback"
    assert (await crew.bob.post(place, json={})).status_code == 428
    stale = {"If-Match": '"v1"'}
    assert (await crew.bob.post(place, json={}, headers=stale)).status_code == 412
    assert (await roll_back(crew, crew.bob)).status_code == 409
    assert (await roll_back(crew, crew.bob, "latest")).status_code == 409
    assert (await roll_back(crew, crew.eve)).status_code == 404


async def test_owners_go_back_without_asking(crew: Crew) -> None:
    """Approvals alone are skipped: a freeze, an objection and a check still hold."""
    await crew.move(1)
    await crew.move(2)
    await crew.protect(approvals=2)
    asked = await roll_back(crew, crew.bob)
    assert asked.status_code == 200, asked.text
    opened = asked.json()["promotion"]
    assert (opened["state"], opened["number"], opened["is_rollback"]) == (
        "open",
        1,
        True,
    )
    assert (asked.json()["label"]["number"], await crew.label()) == (2, 2)
    path = f"/promotions/{opened['id']}"
    changed = await crew.bob.patch(path, json={"number": 3}, headers=ANY)
    assert changed.status_code == 409
    reworded = await crew.bob.patch(path, json={"message": "Slow."}, headers=ANY)
    assert reworded.status_code == 200
    assert (await crew.bob.post(f"{path}/apply", headers=ANY)).status_code == 409
    assert (await crew.cleo.post(f"{path}/object", headers=ANY)).status_code == 200
    assert (await crew.ada.post(f"{path}/apply", headers=ANY)).status_code == 409
    await crew.bob.post(f"{path}/withdraw")
    await crew.protect(approvals=2, frozen=True)
    frozen = await roll_back(crew, crew.ada)
    assert frozen.json()["promotion"]["state"] == "open"
    await crew.protect(approvals=2)
    done = await roll_back(crew, crew.ada)
    assert (done.json()["promotion"]["state"], await crew.label()) == ("applied", 1)
    assert done.json()["label"]["protected"]


async def test_a_label_that_is_not_there_yet_after_a_rollback(crew: Crew) -> None:
    await crew.move(1)
    await crew.bob.delete(f"{crew.base}/labels/production", headers=ANY)
    await crew.protect(approvals=1)
    asked = await roll_back(crew, crew.bob)
    assert asked.json()["label"] is None
    assert asked.json()["promotion"]["from_number"] is None
