"""A component that goes to another team and comes back brings nothing unapproved."""

from typing import Any

import httpx

from tests.promotions.conftest import ANY, Crew, Events
from tests.teams.conftest import make_team


async def give(crew: Crew, team: str) -> None:
    answer = await crew.ada.post(
        f"{crew.base}/transfer", json={"team": team}, headers=ANY
    )
    assert answer.status_code == 200, answer.text


async def set_alone(crew: Crew, number: int) -> None:
    """Ada sets the label in a team of her own."""
    answer = await crew.ada.put(
        f"{crew.base}/labels/production", json={"number": number}, headers=ANY
    )
    assert answer.status_code == 200, answer.text


async def release(crew: Crew) -> httpx.Response:
    body: dict[str, Any] = {"team": "platform", "name": "kit"}
    made = (await crew.ada.post("/collections", json=body)).json()
    base = f"/collections/{made['id']}"
    entries = {"entries": [{"component_id": crew.id}]}
    assert (await crew.ada.post(f"{base}/entries", json=entries)).is_success
    return await crew.ada.post(f"{base}/releases", json={}, headers=ANY)


async def test_a_protected_label_does_not_come_in(crew: Crew, events: Events) -> None:
    await crew.protect(approvals=1)
    await give(crew, "ada")
    await set_alone(crew, 1)
    await set_alone(crew, 3)
    await give(crew, "platform")
    assert await crew.label() is None
    action, actor, details = (await events())[-1]
    assert (action, actor, details["number"]) == ("label.removed", "ada", 3)
    assert "protects" in details["reason"]
    # Nor is it there by going back to where it was elsewhere.
    back = await crew.ada.post(
        f"{crew.base}/labels/production/rollback", json={"message": ""}, headers=ANY
    )
    assert back.status_code == 409, back.text
    assert await crew.label() is None


async def test_what_is_not_protected_comes_along(crew: Crew) -> None:
    await crew.protect(approvals=1)
    assert (await crew.move(2, "stable")).is_success
    await give(crew, "ada")
    await give(crew, "platform")
    assert await crew.label("stable") == 2


async def test_promotions_of_another_team_do_not_count(crew: Crew) -> None:
    await crew.protect(approvals=1)
    await give(crew, "ada")
    body = {"label": "production", "number": 3, "message": "Alone."}
    opened = await crew.ada.post(f"{crew.base}/promotions", json=body)
    applied = await crew.ada.post(
        f"/promotions/{opened.json()['id']}/apply", headers=ANY
    )
    assert applied.json()["state"] == "applied", applied.text
    await give(crew, "platform")
    answer = await release(crew)
    assert answer.status_code == 409, answer.text
    assert [error["code"] for error in answer.json()["errors"]] == ["not_promoted"]


async def test_an_open_promotion_stays_behind(crew: Crew) -> None:
    await crew.protect(approvals=0)
    promotion = await crew.open(2)
    await make_team(crew.ada, "harbour")
    await give(crew, "harbour")
    await promotion.read()
    refused = await promotion.do(crew.ada, "apply")
    assert refused.status_code == 409
    assert "Another team asked for it" in refused.json()["detail"]
    assert (await promotion.do(crew.ada, "withdraw")).status_code == 200
    assert promotion.seen["state"] == "withdrawn"
