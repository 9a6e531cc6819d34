import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, select

from roster.auth.tokens import digest_of
from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs.models import Job
from roster.jobs.service import enqueue
from roster.teams import accepting
from roster.teams.invitations import MOST_OPEN
from roster.teams.models import Invitation
from roster.users.models import User
from tests.conftest import Connect, Mails, StartApp
from tests.teams.conftest import AddFactor, Events, change_team, put_member
from tests.teams.conftest import invite as invite_to_team
from tests.teams.conftest import token_in as token_of

GONE = {"token": "never-given-to-anybody"}


async def accept(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/invitations/accept", json={"token": token})


async def listed(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await client.get("/teams/backend/invitations")
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["items"]
    return rows


async def test_by_link(
    bob: httpx.AsyncClient,
    eve: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    team: dict[str, Any],
    events: Events,
) -> None:
    made = await invite_to_team(bob)
    token = token_of(made)

    assert made["link"].startswith("http://roster.test/join#")
    assert made["invited_by"]["username"] == "bob"
    assert (made["state"], made["email"], made["accepted_by"]) == ("open", None, None)
    seen = await anonymous.post("/invitations/inspect", json={"token": token})
    assert seen.status_code == 200
    assert seen.headers["cache-control"] == "no-store"
    assert seen.json() == {
        "team": {key: team[key] for key in ("id", "slug", "name")},
        "role": "editor",
        "invited_by": made["invited_by"],
        "email": None,
        "expires_at": made["expires_at"],
    }
    joined = await accept(eve, token)
    assert joined.status_code == 200
    assert (joined.json()["slug"], joined.json()["role"]) == ("backend", "editor")
    assert (await eve.get("/teams/backend")).json()["role"] == "editor"
    [row] = await listed(bob)
    assert (row["state"], row["accepted_by"]["username"]) == ("accepted", "eve")
    assert (await events())[-3:] == [
        ("invitation.created", "bob", "link"),
        ("invitation.accepted", "eve", "link"),
        ("member.added", "eve", "eve"),
    ]


async def test_the_secret_is_kept_nowhere(
    bob: httpx.AsyncClient, team: dict[str, Any], database: Database
) -> None:
    made = await invite_to_team(bob)
    token = token_of(made)

    async with database.read() as session:
        row = (await session.exec(select(Invitation))).one()
    assert token not in row.model_dump_json()
    assert row.digest == digest_of(token)
    assert "link" not in (await listed(bob))[0]


async def test_only_who_signs_in_accepts(
    bob: httpx.AsyncClient, anonymous: httpx.AsyncClient, team: dict[str, Any]
) -> None:
    answer = await accept(anonymous, token_of(await invite_to_team(bob)))

    assert answer.status_code == 401


async def test_every_reason_is_told_in_the_same_words(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, database: Database
) -> None:
    used, revoked, expired = [await invite_to_team(bob) for _ in range(3)]
    await accept(eve, token_of(used))
    await bob.delete(f"/teams/backend/invitations/{revoked['id']}")
    async with database.write() as session:
        digest = digest_of(token_of(expired))
        rows = await session.exec(select(Invitation).where(Invitation.digest == digest))
        rows.one().expires_at = utc_now()

    told = set()
    for body in (GONE, *({"token": token_of(one)} for one in (used, revoked, expired))):
        for way in ("inspect", "accept"):
            answer = await eve.post(f"/invitations/{way}", json=body)
            told.add((answer.status_code, answer.json()["detail"]))

    assert told == {(404, accepting.GONE)}
    states = [row["state"] for row in await listed(bob)]
    assert states == ["expired", "revoked", "accepted"]


async def test_accepted_at_once_by_two_it_lets_one_in(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    token = token_of(await invite_to_team(bob))

    answers = await asyncio.gather(accept(eve, token), accept(ada, token))

    assert sorted(answer.status_code for answer in answers) == [200, 404]
    assert (await bob.get("/teams/backend")).json()["members"] == 2


async def test_accepted_and_revoked_at_once_it_is_one_of_both(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient
) -> None:
    made = await invite_to_team(bob)

    accepted, revoked = await asyncio.gather(
        accept(eve, token_of(made)),
        bob.delete(f"/teams/backend/invitations/{made['id']}"),
    )

    outcome = (accepted.status_code, revoked.status_code)
    assert outcome in {(200, 409), (404, 204)}
    members = (await bob.get("/teams/backend")).json()["members"]
    assert members == (2 if accepted.status_code == 200 else 1)


async def test_it_is_for_the_account_with_its_address(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    made = await invite_to_team(bob, email="EVE@example.org")
    token = token_of(made)

    other = await accept(ada, token)
    seen = await ada.post("/invitations/inspect", json={"token": token})
    hers = await accept(eve, token)

    assert (other.status_code, hers.status_code) == (403, 200)
    assert made["email"] == seen.json()["email"] == "eve@example.org"


@pytest.mark.parametrize(
    ("has", "offered", "then"),
    [
        ("viewer", "editor", "editor"),
        ("owner", "viewer", "owner"),
        ("editor", "editor", "editor"),
    ],
)
async def test_a_member_keeps_the_higher_role(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, has: str, offered: str, then: str
) -> None:
    await put_member(bob, "eve", has)

    answer = await accept(eve, token_of(await invite_to_team(bob, role=offered)))

    assert answer.json()["role"] == then
    assert (await eve.get("/teams/backend")).json()["role"] == then


async def test_into_a_team_that_requires_a_second_factor(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, add_factor: AddFactor
) -> None:
    await add_factor("bob")
    await change_team(bob, require_second_factor=True)

    answer = await accept(eve, token_of(await invite_to_team(bob)))

    assert answer.json()["locked"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "king"}, "role"),
        ({"role": None}, "role"),
        ({"email": "nowhere"}, "email"),
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"expires_in_days": 91}, "expires_in_days"),
    ],
)
async def test_wrong_fields_are_named(
    bob: httpx.AsyncClient, team: dict[str, Any], wrong: dict[str, Any], field: str
) -> None:
    body = {"role": "viewer", **wrong}

    answer = await bob.post("/teams/backend/invitations", json=body)

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == [field]


async def test_revoking(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, events: Events
) -> None:
    made, used = await invite_to_team(bob), await invite_to_team(bob)
    await accept(eve, token_of(used))
    place = "/teams/backend/invitations"

    assert (await bob.delete(f"{place}/{made['id']}")).status_code == 204
    assert (await bob.delete(f"{place}/{made['id']}")).status_code == 204
    assert (await bob.delete(f"{place}/{used['id']}")).status_code == 409
    assert (await bob.delete(f"{place}/{UNKNOWN}")).status_code == 404
    assert (await bob.delete(f"/teams/bob/invitations/{made['id']}")).status_code == 404
    assert (await events()).count(("invitation.revoked", "bob", "link")) == 1


UNKNOWN = "01890000-0000-7000-8000-000000000000"


async def test_pages_newest_first(bob: httpx.AsyncClient, team: dict[str, Any]) -> None:
    made = [(await invite_to_team(bob))["id"] for _ in range(3)]
    place = "/teams/backend/invitations"

    first = (await bob.get(place, params={"limit": 2})).json()
    rest = (await bob.get(place, params={"cursor": first["next_cursor"]})).json()

    items = first["items"] + rest["items"]
    assert [item["id"] for item in items] == made[::-1]
    assert rest["next_cursor"] is None


@pytest.fixture
async def with_mail(start_app: StartApp) -> FastAPI:
    return await start_app(
        smtp_url="smtp://mail.example.org",
        public_url="https://roster.example.org/",
        run_jobs=False,
    )


async def test_where_mail_is_set_up_it_goes_by_mail_alone(
    bob: httpx.AsyncClient,
    team: dict[str, Any],
    with_mail: FastAPI,
    connect: Connect,
    database: Database,
) -> None:
    client = connect(with_mail)
    client.headers["Authorization"] = bob.headers["Authorization"]

    mailed = await invite_to_team(client, email="grace@example.org")
    by_hand = await invite_to_team(client)

    assert mailed["link"] is None
    assert by_hand["link"].startswith("https://roster.example.org/join#")
    async with database.read() as session:
        jobs = await session.exec(select(Job).where(Job.kind == "mail.invitation"))
    assert [job.payload for job in jobs] == [{"invitation_id": mailed["id"]}]


async def test_nobody_has_their_mailbox_filled(
    bob: httpx.AsyncClient,
    team: dict[str, Any],
    with_mail: FastAPI,
    connect: Connect,
) -> None:
    client = connect(with_mail)
    client.headers["Authorization"] = bob.headers["Authorization"]
    body = {"role": "viewer", "email": "grace@example.org"}
    place = "/teams/backend/invitations"

    statuses = [(await client.post(place, json=body)).status_code for _ in range(9)]

    assert statuses[0] == 201
    refused = await client.post(place, json=body)
    assert (statuses[-1], refused.status_code) == (429, 429)
    assert int(refused.headers["retry-after"]) >= 1
    other = await client.post(place, json=body | {"email": "hedy@example.org"})
    assert other.status_code == 201


async def test_the_secret_that_was_mailed_is_the_one_that_counts(
    bob: httpx.AsyncClient,
    eve: httpx.AsyncClient,
    database: Database,
    mails: Mails,
) -> None:
    made = await invite_to_team(bob, email="eve@example.org")
    async with database.write() as session:
        enqueue(session, "mail.invitation", {"invitation_id": made["id"]})

    [mail] = await mails()

    assert mail.to == "eve@example.org"
    assert (await accept(eve, token_of(made))).status_code == 404
    assert (await accept(eve, mail.secret)).status_code == 200


async def test_only_so_many_wait(
    bob: httpx.AsyncClient, team: dict[str, Any], database: Database
) -> None:
    first = await invite_to_team(bob)
    async with database.write() as session:
        session.add_all(
            Invitation(
                team_id=UUID(team["id"]),
                digest=f"{number:064}",
                expires_at=utc_now() + timedelta(days=1),
            )
            for number in range(MOST_OPEN - 1)
        )
    place = "/teams/backend/invitations"

    full = await bob.post(place, json={"role": "viewer"})
    await bob.delete(f"{place}/{first['id']}")
    again = await bob.post(place, json={"role": "viewer"})

    assert (full.status_code, again.status_code) == (409, 201)


async def test_accepted_while_the_team_is_deleted_it_is_one_of_both(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient
) -> None:
    token = token_of(await invite_to_team(bob))

    accepted, deleted = await asyncio.gather(
        accept(eve, token),
        bob.delete("/teams/backend", params={"confirm": "backend"}),
    )

    assert deleted.status_code == 204
    assert accepted.status_code in {200, 404}
    assert (await eve.get("/teams/backend")).status_code == 404


async def test_accepting_while_an_account_is_made(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, database: Database, events: Events
) -> None:
    """As registration does, which has a user and the secret, and nobody signed in."""
    made = await invite_to_team(bob)
    async with database.write() as session:
        rows = await session.exec(select(User).where(User.username == "eve"))
        joined = await accepting.accept(session, rows.one(), token_of(made))

    assert joined is not None
    assert (joined.slug, joined.role) == ("backend", "editor")
    assert ("invitation.accepted", "eve", "link") in await events()


async def test_it_lasts_as_long_as_was_asked_for(
    bob: httpx.AsyncClient, team: dict[str, Any], database: Database
) -> None:
    await invite_to_team(bob)
    await invite_to_team(bob, expires_in_days=30)

    async with database.read() as session:
        rows = await session.exec(select(Invitation).order_by(col(Invitation.id)))
    lasts = [row.expires_at - row.created_at for row in rows]
    assert [round(time / timedelta(days=1)) for time in lasts] == [7, 30]
