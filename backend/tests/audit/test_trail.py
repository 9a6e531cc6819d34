"""What a person may see of what happened."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from roster.audit.models import AuditEvent
from roster.audit_trail.service import EXPORT_PAGE
from roster.core.db import Database
from tests.conftest import SignUp
from tests.teams.conftest import make_team, put_member

PATH = "/audit-events"
NDJSON = {"Accept": "application/x-ndjson"}
Happen = Callable[..., Awaitable[list[str]]]


@pytest.fixture
def happen(database: Database) -> Happen:
    """Append events as they are, and give their ids."""

    async def append(*events: dict[str, Any]) -> list[str]:
        rows = [AuditEvent(**({"action": "thing.done"} | event)) for event in events]
        async with database.write() as session:
            session.add_all(rows)
        return [str(row.id) for row in rows]

    return append


async def ids(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def id_of(client: httpx.AsyncClient) -> UUID:
    return UUID((await client.get("/users/me")).json()["id"])


async def token_client(
    owner: httpx.AsyncClient, new: httpx.AsyncClient, **wanted: Any
) -> httpx.AsyncClient:
    body = {"name": "tool", "scopes": ["read"], "teams": None, **wanted}
    answer = await owner.post("/auth/tokens", json=body)
    assert answer.status_code == 201, answer.text
    new.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return new


async def test_an_event_is_told_whole(ada: httpx.AsyncClient, happen: Happen) -> None:
    actor, target, team, session = (uuid4() for _ in range(4))
    [event] = await happen(
        {
            "actor_id": actor,
            "actor_name": "carol",
            "session_id": session,
            "team_id": team,
            "target_kind": "component",
            "target_id": target,
            "target_name": "agent:ops/helper",
            "address": "192.0.2.7",
            "request_id": "req-1",
            "details": {"label": "latest", "to": 3},
        }
    )

    [found] = (await ada.get(PATH, params={"target": str(target)})).json()["items"]

    assert datetime.fromisoformat(found.pop("created_at")).tzinfo
    assert found == {
        "id": event,
        "action": "thing.done",
        "actor": {"id": str(actor), "username": "carol"},
        "token_id": None,
        "session_id": str(session),
        "team_id": str(team),
        "target": {
            "kind": "component",
            "id": str(target),
            "name": "agent:ops/helper",
        },
        "address": "192.0.2.7",
        "request_id": "req-1",
        "details": {"label": "latest", "to": 3},
        "seq": None,
    }


async def test_everybody_sees_what_is_theirs_and_administrators_all(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, sign_up: SignUp, happen: Happen
) -> None:
    carol = await sign_up("carol")
    team = await make_team(bob)
    own, in_team, elsewhere, nobodys = await happen(
        {"actor_id": await id_of(bob), "action": "probe.own"},
        {"team_id": UUID(team["id"]), "action": "probe.team"},
        {"team_id": uuid4(), "action": "probe.elsewhere"},
        {"action": "probe.nobody"},
    )

    assert await ids(bob, action="probe") == [in_team, own]
    assert await ids(carol, action="probe") == []
    assert await ids(ada, action="probe") == [nobodys, elsewhere, in_team, own]
    assert await ids(bob, action="probe", actor="me") == [own]


async def test_only_owners_read_what_happened_in_a_team(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, sign_up: SignUp, happen: Happen
) -> None:
    carol, dan = await sign_up("carol"), await sign_up("dan")
    team = await make_team(bob)
    await put_member(bob, "carol", "editor")
    ours, carols, _ = await happen(
        {"team_id": UUID(team["id"]), "action": "probe.one"},
        {
            "team_id": UUID(team["id"]),
            "action": "probe.two",
            "actor_id": await id_of(carol),
        },
        {"actor_id": await id_of(carol), "action": "probe.three"},
    )
    query = {"team": "backend", "action": "probe"}

    assert await ids(bob, **query) == [carols, ours]
    assert await ids(ada, **query) == [carols, ours]
    refused = await carol.get(PATH, params=query)
    assert refused.status_code == 403
    assert await ids(carol, **query, actor="me") == [carols]
    hidden = await dan.get(PATH, params=query)
    unknown = await dan.get(PATH, params={**query, "team": "no-such-team"})
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json()["detail"] == unknown.json()["detail"]
    for headers in ({}, NDJSON):
        hidden = await dan.get(PATH, params=query, headers=headers)
        assert hidden.status_code == 404


async def test_the_trail_outlives_the_team_and_its_names(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, happen: Happen
) -> None:
    team = await make_team(bob)
    [event] = await happen({"team_id": UUID(team["id"]), "action": "probe.one"})
    await bob.patch(
        "/teams/backend", json={"slug": "platform"}, headers={"If-Match": "*"}
    )

    for slug in ("backend", "platform"):
        assert await ids(bob, team=slug, action="probe") == [event]
    answer = await bob.delete("/teams/platform", params={"confirm": "platform"})
    assert answer.status_code == 204, answer.text
    assert await ids(ada, team="backend", action="probe") == [event]
    assert (await bob.get(PATH, params={"team": "platform"})).status_code == 404
    assert await ids(bob, action="probe") == []


async def test_filters(ada: httpx.AsyncClient, happen: Happen) -> None:
    thing = uuid4()
    start = datetime(2026, 3, 1, tzinfo=UTC)

    def at(day: int) -> dict[str, Any]:
        time = start + timedelta(days=day)
        identity = UUID(int=(int(time.timestamp() * 1000) << 80) + (7 << 76) + day)
        return {"created_at": time, "id": identity}

    first, second, third, fourth = await happen(
        {**at(0), "action": "probe.made", "actor_id": await id_of(ada)},
        {**at(1), "action": "probe.gone", "target_id": thing, "target_name": "x y"},
        {**at(2), "action": "probe_other.made", "target_name": "100%"},
        {**at(3), "action": "probe.made"},
    )
    window = {"since": start.isoformat(), "until": "2026-04-01T00:00:00Z"}

    async def found(**query: Any) -> list[str]:
        return await ids(ada, **window, **query)

    assert await found() == [fourth, third, second, first]
    assert await found(action="probe") == [fourth, second, first]
    assert await found(action="probe.made") == [fourth, first]
    assert await found(action="prob") == []
    assert await found(actor="ada") == await found(actor="me") == [first]
    assert await found(actor="nobody") == []
    assert await found(target=str(thing)) == await found(target="x y") == [second]
    assert await found(target="100%") == [third]
    assert await found(target="10") == []
    assert await ids(
        ada, since="2026-03-02T00:00:00Z", until="2026-03-03T00:00:00Z"
    ) == [second]
    assert await ids(ada, until="2026-03-01T01:00:00+01:00") == []
    assert await ids(ada, until="1960-01-01T00:00:00Z") == []
    since = {"since": "1960-01-01T00:00:00Z", "until": "9999-12-31T23:59:59Z"}
    assert set(await ids(ada, **since)) >= {first, fourth}
    ends = {"since": "0001-01-01T00:00:00Z", "until": "9999-12-31T23:59:59.999999Z"}
    assert await ids(ada, **ends) == await ids(ada)
    assert await ids(ada, since=ends["until"]) == []
    assert await ids(ada, until=ends["since"]) == []


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-03-01T00:00:00"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"until": "yesterday"},
        {"action": "Team.Renamed"},
        {"action": "team%"},
        {"team": "No Such"},
        {"actor": "x" * 60},
        {"target": "x" * 301},
        {"target": "\u202e"},
        {"limit": 0},
        {"cursor": "nonsense"},
        {"whom": "ada"},
    ],
)
async def test_what_it_does_not_know_is_refused(
    ada: httpx.AsyncClient, query: dict[str, Any]
) -> None:
    for headers in ({}, NDJSON):
        answer = await ada.get(PATH, params=query, headers=headers)
        if headers and "cursor" in query:
            continue  # an export has no pages
        assert answer.status_code == 422, answer.text


async def test_pages_neither_repeat_nor_skip(
    ada: httpx.AsyncClient, happen: Happen
) -> None:
    expected = await happen(*({"action": "probe.one"} for _ in range(7)))
    seen: list[str] = []
    query: dict[str, Any] = {"action": "probe", "limit": 3}

    while True:
        page = (await ada.get(PATH, params=query)).json()
        seen += [item["id"] for item in page["items"]]
        await happen({"action": "probe.later"})
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]

    assert seen == expected[::-1]


async def test_a_token_sees_no_more_than_its_scopes_and_teams(
    ada: httpx.AsyncClient,
    new_client: Callable[[], httpx.AsyncClient],
    happen: Happen,
) -> None:
    team = await make_team(ada)
    here, elsewhere, own = await happen(
        {"team_id": UUID(team["id"]), "action": "probe.here"},
        {"team_id": uuid4(), "action": "probe.elsewhere"},
        {"actor_id": await id_of(ada), "action": "probe.own"},
    )
    reader = await token_client(ada, new_client())
    admin = await token_client(ada, new_client(), scopes=["read", "admin"])
    limited = await token_client(
        ada, new_client(), scopes=["read", "admin"], teams=["backend"]
    )
    writer = await token_client(ada, new_client(), scopes=["write"])

    assert await ids(reader, action="probe") == [own, here]
    assert await ids(admin, action="probe") == [own, elsewhere, here]
    assert await ids(limited, action="probe") == [here]
    assert (await writer.get(PATH)).status_code == 403
    assert (await reader.get(f"{PATH}/verify")).status_code == 403
    assert (await admin.get(f"{PATH}/verify")).status_code == 200


async def test_all_of_it_comes_as_lines_and_that_is_recorded(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, happen: Happen
) -> None:
    count = EXPORT_PAGE + 2
    expected = await happen(*({"action": "probe.one"} for _ in range(count)))
    query = {"action": "probe", "until": "2100-01-01T00:00:00Z"}

    answer = await ada.get(PATH, params=query, headers=NDJSON)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["cache-control"] == "no-store"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["id"] for line in lines] == expected[::-1]
    page = await ada.get(PATH, params=query)
    assert lines[:50] == page.json()["items"]
    [exported] = (await ada.get(PATH, params={"action": "audit.exported"})).json()[
        "items"
    ]
    assert exported["actor"]["username"] == "ada"
    assert exported["details"]["action"] == "probe"
    assert exported["details"]["until"] == "2100-01-01T00:00:00Z"
    none = await bob.get(PATH, params=query, headers=NDJSON)
    assert (none.status_code, none.text) == (200, "")


async def test_an_export_is_recorded_in_the_team_it_is_of(
    bob: httpx.AsyncClient,
) -> None:
    team = await make_team(bob)

    answer = await bob.get(PATH, params={"team": "backend"}, headers=NDJSON)

    actions = [json.loads(line)["action"] for line in answer.text.splitlines()]
    assert "team.created" in actions
    [exported] = (
        await bob.get(PATH, params={"team": "backend", "action": "audit"})
    ).json()["items"]
    assert exported["team_id"] == team["id"]
    assert exported["target"]["name"] == "backend"


async def test_administrators_verify_the_chain(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    answer = await ada.get(f"{PATH}/verify")

    assert answer.status_code == 200
    report = answer.json()
    assert report.pop("unsealed") > 0
    assert report == {
        "intact": True,
        "sealed": 0,
        "checkpoints": 0,
        "first_problem": None,
    }
    assert (await bob.get(f"{PATH}/verify")).status_code == 403
    for path in (PATH, f"{PATH}/verify"):
        assert (await anonymous.get(path)).status_code == 401
