"""What one may not see cannot be told from what does not exist.

Not by a status, a word, a header, a count, a page, an ETag, or by how many times the
database is asked, which is what an answer's time depends on.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select

from roster.core.db import Database
from roster.core.model import utc_now
from roster.teams.models import Team
from roster.users.models import User
from tests.components.conftest import agent_file, counted
from tests.conftest import StartApp
from tests.house import authorization_requests as requests
from tests.house.authorization_world import World, bearer, make_world
from tests.house.test_authorization import operations

IDS = ("component_id", "import_id", "file_id", "token_id", "session_id")
CHANGES_FROM_ONE_TO_THE_NEXT = ("instance", "request_id", "timestamp")
KNOW_THE_TEAM = ("admin", "locked")
"""They may know that the team is there, though nothing of what is in it."""
LEAST = 25
OUTSIDERS = ("stranger", "admin", "other-team", "anonymous", "locked", "late")
LISTS = (
    "/agents?count=true",
    "/agents?limit=1&sort=name",
    "/agents?sort=-created_at&limit=2&count=true",
    "/agents?q=reviews&count=true",
    "/agents?q=poem&limit=1",
    "/agents?tool=Read&tool=Bash&count=true",
    "/agents?label=latest&label=stable&count=true",
    "/agents?team={team}&count=true",
    "/agents?ref=agent:{team}/hidden-0&ref=agent:{team}/seen-0&count=true",
    "/agents?deleted=true&count=true",
    "/agents/facets",
    "/agents/facets?q=poems",
    "/components?count=true&sort=name",
)
OWN_LISTS = ("/imports", "/teams", "/audit-events?actor=me")


@dataclass
class Outside:
    """A team with things in it, and people who may see nothing private of it."""

    world: World
    database: Database
    client: httpx.AsyncClient

    def headers(self, who: str) -> dict[str, str]:
        world = self.world
        if who == "anonymous":
            return {}
        if who == "other-team":
            return bearer(world.secrets[who])
        # `locked` lacks a second factor that the team requires; the team of `late`
        # was deleted. Both were members.
        members = {"locked": "viewer", "late": "editor"}
        return bearer(world.people[members.get(who, who)].access())

    async def ask(
        self, who: str, method: str, path: str, **parts: Any
    ) -> tuple[httpx.Response, int]:
        """Answer, and how many statements it took."""
        headers = self.headers(who) | {"If-Match": "*"}
        # However long the last question took, it is known by now who asks.
        await self.world.app.state.following.look()
        with counted(self.database) as statements:
            answer = await self.client.request(
                method, f"http://roster.test{path}", headers=headers, **parts
            )
        return answer, len(statements)

    async def get(self, who: str, path: str) -> httpx.Response:
        place = path.format(team=self.world.team.slug)
        answer, _ = await self.ask(who, "GET", f"/api/v1{place}")
        return answer

    async def shut_out(self, who: str) -> None:
        """Change the team so that this person has no business in it any more."""
        if who == "locked":
            await self._change_team(require_second_factor=True)
        if who == "late":
            await self._change_team(deleted_at=utc_now())

    @asynccontextmanager
    async def reopened(self) -> AsyncGenerator[None]:
        """Let members work in the team for a while."""
        async with self.database.read() as session:
            team = await session.get_one(Team, self.world.team.id)
        shut = {"require_second_factor", "deleted_at"}
        await self._change_team(require_second_factor=False, deleted_at=None)
        yield
        await self._change_team(**team.model_dump(include=shut))

    async def _change_team(self, **fields: Any) -> None:
        async with self.database.write() as session:
            team = await session.get_one(Team, self.world.team.id)
            team.sqlmodel_update(fields)


@pytest.fixture
async def outside(
    start_app: StartApp, ada: httpx.AsyncClient
) -> AsyncGenerator[Outside]:
    assert not ada.is_closed
    app = await start_app(public_read=True)
    database: Database = app.state.database
    async with database.read() as session:
        password_hash = (await session.exec(select(User.password_hash))).one()
    transport = httpx.ASGITransport(app)
    base = "http://roster.test/api/v1"
    async with httpx.AsyncClient(transport=transport, base_url=base) as client:
        world = await make_world(app, client, 1, password_hash)
        await world.add_component()
        await world.add_collection()
        await world.add_release()
        await world.add_import(tree=True)
        yield Outside(world, database, client)


def told(answer: httpx.Response, hide: dict[str, str]) -> tuple[int, Any, Any]:
    """What an answer gives away, beside what every answer has of its own."""
    body = answer.json()
    for name in CHANGES_FROM_ONE_TO_THE_NEXT:
        body.pop(name, None)
    text = str(body)
    for given, name in hide.items():
        text = text.replace(given, name)
    headers = {**answer.headers}
    headers.pop("x-request-id")
    return answer.status_code, text, headers


def about_things(app: FastAPI) -> list[tuple[str, str, str]]:
    """Operations whose path or body names something that may be hidden."""
    bodies = {"create_agent", "create_import", "create_samples_import"}
    bodies |= {"create_export", "list_audit_events"}
    return [
        (name, method, path)
        for name, method, path in operations(app.openapi())
        if name in bodies
        or "{team}" in path
        or any(f"{{{id_}}}" in path for id_ in IDS)
    ]


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_hidden_is_as_good_as_missing(outside: Outside, who: str) -> None:
    await outside.shut_out(who)
    await outside.get(who, "/agents")  # the first use of a token is noted
    body = {"team": "team-0", "content": "---\nname: a\ndescription: b\n---\n"}
    # What the session was begun with is looked up once.
    await outside.ask(who, "POST", "/api/v1/agents", json=body)
    world, asked = outside.world, 0
    there = dict(world.ids)
    nowhere = {name: str(uuid4()) for name in (*IDS, "invitation_id")}
    nowhere["team"] = "team-0"
    for name, method, path in about_things(world.app):
        if who in KNOW_THE_TEAM and ("{team}" in path or name == "list_audit_events"):
            continue
        found = []
        for ids in (there, there | nowhere):
            world.ids = ids
            slug, world.team.slug = world.team.slug, ids["team"]
            place = requests.address(world, name, path)
            parts = requests.parts(world, name)
            world.team.slug = slug
            answer, statements = await outside.ask(who, method, place, **parts)
            names = {value: key for key, value in ids.items() if key != "number"}
            found.append((*told(answer, names), statements))
        hidden, missing = found
        assert hidden[0] >= HTTPStatus.BAD_REQUEST, (name, hidden)
        assert hidden == missing, name
        asked += 1

    assert asked >= LEAST


async def test_a_team_that_is_named_in_a_filter_does_not_show(outside: Outside) -> None:
    for who in ("stranger", "admin", "anonymous"):
        for path in ("/agents?team={}&count=true", "/agents?ref=agent:{}/reviewer"):
            hidden, missing = [
                await outside.get(who, path.format(team))
                for team in (outside.world.team.slug, "team-0")
            ]
            assert hidden.status_code == missing.status_code == HTTPStatus.OK
            assert hidden.content == missing.content
            assert hidden.headers["etag"] == missing.headers["etag"]


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_nothing_hidden_changes_a_list_a_count_or_an_etag(
    outside: Outside, who: str
) -> None:
    for number in range(3):
        await add_agent(outside, f"seen-{number}", "internal")
        await add_agent(outside, f"shown-{number}", "public")
    await outside.shut_out(who)
    lists = LISTS if who == "anonymous" else LISTS + OWN_LISTS
    before = {path: await pages(outside, who, path) for path in lists}

    async with outside.reopened():
        for number in range(4):
            await add_agent(outside, f"hidden-{number}", "private", tools="Bash")
        await outside.world.add_import()
        await outside.world.delete_component()

    for path, old in before.items():
        assert await pages(outside, who, path) == old, path


async def add_agent(outside: Outside, name: str, visibility: str, **parts: str) -> None:
    description = f"Reviews {'poems ' * len(name)}daily."
    content = agent_file(name, description, body="Poems. " * 50, **parts)
    body = {"team": outside.world.team.slug, "content": content, "licence": "MIT"}
    answer = await outside.client.post(
        "/agents",
        json=body | {"visibility": visibility},
        headers=bearer(outside.world.owner.access()),
    )
    assert answer.status_code == HTTPStatus.CREATED, answer.text


async def pages(outside: Outside, who: str, path: str) -> list[tuple[bytes, str]]:
    """All pages of a list, to the byte, with their ETags."""
    found, cursor = [], ""
    while cursor is not None:
        answer = await outside.get(who, f"{path}{cursor}")
        assert answer.status_code == HTTPStatus.OK, answer.text
        found.append((answer.content, answer.headers["etag"]))
        following = answer.json().get("next_cursor")
        joint = "&" if "?" in path else "?"
        cursor = following and f"{joint}cursor={following}"
    return found
