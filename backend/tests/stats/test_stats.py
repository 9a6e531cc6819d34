"""Figures of the dashboard: right ones, and only of what their reader may see."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from roster.core.db import Database
from tests.components.conftest import agent_file, counted, create, publish
from tests.services.apps import do_jobs_of
from tests.teams.conftest import make_team, put_member

STATEMENTS = 23
LISTS = ("revisions", "components", "moves", "imports")


async def stats(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/stats", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def today(found: dict[str, Any]) -> list[int]:
    return [found["series"][name][-1] for name in LISTS]


def selects(statements: list[str]) -> int:
    return sum(one.startswith("SELECT") for one in statements)


async def move_label(client: httpx.AsyncClient, component: dict[str, Any]) -> None:
    answer = await client.put(
        f"/components/{component['id']}/labels/production",
        json={"number": 1},
        headers={"If-Match": "*"},
    )
    assert answer.status_code == 200, answer.text


async def apply_import(client: httpx.AsyncClient, team: str) -> None:
    file = ("files", ("a.md", agent_file("imported")))
    taken = await client.post("/imports", data={"team": team}, files=[file])
    assert taken.status_code == 201, taken.text
    await do_jobs_of(client)
    applied = await client.post(
        f"/imports/{taken.json()['id']}/apply", headers={"If-Match": "*"}
    )
    assert applied.status_code == 202, applied.text
    await do_jobs_of(client)


async def save_draft(client: httpx.AsyncClient, component: dict[str, Any]) -> None:
    answer = await client.put(
        f"/components/{component['id']}/draft",
        json={"content": "---\n", "base_digest": component["latest"]["digest"]},
        headers={"If-None-Match": "*"},
    )
    assert answer.status_code == 200, answer.text


async def ask_for_promotion(
    owner: httpx.AsyncClient, author: httpx.AsyncClient, component: dict[str, Any]
) -> dict[str, Any]:
    policy = {"who_may_move": "editor", "approvals": 1, "checks": [], "frozen": False}
    protected = await owner.put(
        "/teams/backend/policy/labels/stable",
        json=policy,
        headers={"If-None-Match": "*"},
    )
    assert protected.status_code in {200, 201}, protected.text
    opened = await author.post(
        f"/components/{component['id']}/promotions",
        json={"label": "stable", "number": 2, "message": "Good."},
    )
    assert opened.status_code == 201, opened.text
    made: dict[str, Any] = opened.json()
    return made


@dataclass
class World:
    """A team of two, with one of everything that is counted."""

    wrong: dict[str, Any]
    promotion: dict[str, Any]


@pytest.fixture
async def world(ada: httpx.AsyncClient, bob: httpx.AsyncClient) -> World:
    await make_team(ada)
    await put_member(ada, "bob", "editor")
    made = await create(ada, "backend", "reviewer")
    again = agent_file("reviewer", body="Again.\n")
    assert (await publish(bob, made, again)).status_code == 201
    wrong = await create(bob, "backend", "wrong", description="Do this: that")
    assert wrong["health"]["errors"] > 0
    await move_label(ada, made)
    await apply_import(ada, "backend")
    await save_draft(ada, wrong)
    promotion = await ask_for_promotion(ada, bob, made)
    # Somebody else's draft is theirs alone.
    await save_draft(bob, wrong)
    return World(wrong, promotion)


async def test_everything_is_counted_once(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database, world: World
) -> None:
    await stats(ada, team="backend", days=7)  # now it is known who asks
    with counted(database) as statements:
        found = await stats(ada, team="backend", days=7)
    assert selects(statements) == STATEMENTS, "\n".join(statements)

    assert today(found) == [4, 3, 1, 1]
    assert len(found["series"]["days"]) == 7
    assert sum(sum(found["series"][name][:-1]) for name in LISTS) == 0
    assert found["kinds"] == {"agent": 3}
    needs = found["needs_me"]
    assert needs["errors"]["count"] == needs["drafts"]["count"] == 1
    assert needs["errors"]["first"][0]["reference"] == "agent:backend/wrong"
    assert needs["errors"]["first"][0]["errors"] == world.wrong["health"]["errors"]
    assert needs["drafts"]["first"][0]["id"] == world.wrong["id"]
    # Ada did not open it, and published only the first revision.
    assert needs["approvals"]["count"] == 1
    assert needs["approvals"]["first"][0]["id"] == world.promotion["id"]
    assert found["mine"] == {"components": 2, "revisions": 2}
    [team] = found["teams"]
    assert (team["team"]["slug"], team["role"], team["members"]) == (
        "backend",
        "owner",
        2,
    )
    assert (team["components"], team["errors"], team["revisions"]) == (3, 1, 4)
    newest = found["activity"][0]
    assert newest["action"] == "promotion.opened"
    assert newest["target"]["name"] == "agent:backend/reviewer@stable"
    times = [event["at"] for event in found["activity"]]
    assert times == sorted(times, reverse=True)

    # Bob opened the promotion; and more to count takes no more statements.
    assert (await stats(bob))["needs_me"]["approvals"]["count"] == 0
    for number in range(3):
        await create(ada, "backend", f"more-{number}", description="Do this: that")
    await stats(ada)
    with counted(database) as statements:
        found = await stats(ada, team="backend", days=7)
    assert selects(statements) == STATEMENTS
    assert found["needs_me"]["errors"]["count"] == 4


async def test_what_one_may_not_see_changes_nothing(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    shown = await create(ada, "ada", "shown", visibility="internal")
    before = await bob.get("/stats")
    assert today(before.json())[:2] == [1, 1]

    await create(ada, "ada", "hidden")
    await apply_import(ada, "ada")
    again = agent_file("hidden", body="Again.\n")
    hidden = (await ada.get("/agents", params={"q": "hidden"})).json()["items"][0]
    assert (await publish(ada, hidden, again)).status_code == 201
    await move_label(ada, hidden)
    await save_draft(ada, shown)
    etag = before.headers["etag"]
    after = await bob.get("/stats", headers={"If-None-Match": etag})
    assert after.status_code == 304

    await move_label(ada, shown)
    after = await bob.get("/stats", headers={"If-None-Match": etag})
    assert after.status_code == 200
    assert today(after.json()) == [1, 1, 1, 0]
    assert after.json()["activity"][0]["action"] == "label.moved"

    answer = await bob.get("/stats", params={"team": "ada"})
    assert answer.status_code == 404
    for wrong in ({"days": 0}, {"days": 366}, {"team": "No"}, {"more": 1}):
        assert (await bob.get("/stats", params=wrong)).status_code == 422, wrong
