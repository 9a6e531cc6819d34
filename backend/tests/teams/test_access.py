"""The table of roles, and who sees what, as the domain states them."""

import itertools
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import literal
from sqlmodel import Uuid, select

from roster.core.actor import Actor, Anonymous, Caller
from roster.core.db import Database
from roster.core.errors import Forbidden
from roster.core.model import utc_now
from roster.teams.access import (
    Verb,
    may,
    of_member,
    require,
    role_in,
    roles_in,
    visible_to,
)
from roster.teams.models import Membership, Role, Team, Visibility
from roster.users.models import User

ALLOWED = {
    (Role.viewer, Verb.read),
    (Role.editor, Verb.read),
    (Role.editor, Verb.edit),
    (Role.owner, Verb.read),
    (Role.owner, Verb.edit),
    (Role.owner, Verb.manage),
}


@pytest.mark.parametrize(("role", "verb"), list(itertools.product([*Role, None], Verb)))
def test_roles(role: Role | None, verb: Verb) -> None:
    assert may(role, verb) is ((role, verb) in ALLOWED)


@pytest.fixture
async def actor(ada: httpx.AsyncClient, database: Database) -> Actor:
    async with database.read() as session:
        user = (await session.exec(select(User))).one()
    return Actor(user.id, user.username, user.is_admin, uuid4())


@pytest.fixture
async def teams(actor: Actor, database: Database) -> dict[str, UUID]:
    """Teams by Ada's role in them; in `none` she has no role."""
    made = {}
    async with database.write() as session:
        for role in (*Role, None):
            team = Team(slug=f"of-{role}", name="Team")
            session.add(team)
            await session.flush()
            made[str(role)] = team.id
            if role:
                session.add(Membership(user_id=actor.id, team_id=team.id, role=role))
    return made


async def test_role_in(
    actor: Actor, teams: dict[str, UUID], database: Database
) -> None:
    async with database.read() as session:
        found = {
            name: await role_in(session, actor, key) for name, key in teams.items()
        }

    assert found == {
        "owner": Role.owner,
        "editor": Role.editor,
        "viewer": Role.viewer,
        "None": None,
    }


@pytest.mark.parametrize(
    ("role", "verb", "needed"),
    [
        ("viewer", Verb.edit, "editor"),
        ("viewer", Verb.manage, "owner"),
        ("editor", Verb.manage, "owner"),
        ("None", Verb.edit, "editor"),
    ],
)
async def test_a_refusal_names_the_role_that_is_needed(
    actor: Actor,
    teams: dict[str, UUID],
    database: Database,
    role: str,
    verb: Verb,
    needed: str,
) -> None:
    async with database.read() as session:
        with pytest.raises(Forbidden) as refusal:
            await require(session, actor, teams[role], verb)

    assert f"role {needed} " in refusal.value.detail


async def test_what_a_role_allows_passes(
    actor: Actor, teams: dict[str, UUID], database: Database
) -> None:
    async with database.read() as session:
        await require(session, actor, teams["editor"], Verb.edit)
        await require(session, actor, teams["owner"], Verb.manage)


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("role", ["owner", "editor", "viewer", "None"])
async def test_visibility(
    actor: Actor,
    teams: dict[str, UUID],
    database: Database,
    visibility: Visibility,
    role: str,
) -> None:
    team_id = literal(teams[role], Uuid())
    async with database.read() as session:
        seen = await session.exec(
            select(literal(1)).where(
                visible_to(actor, team_id, literal(visibility.value))
            )
        )

    member = role != "None"
    assert bool(seen.first()) is (member or visibility is not Visibility.private)


async def seen(
    database: Database, caller: Caller, team_id: UUID
) -> set[tuple[Visibility, bool]]:
    """What of a team's things the caller may see; and whether they are in it."""
    team, found = literal(team_id, Uuid()), set()
    member = select(Membership).join(Team).where(of_member(caller), Team.id == team_id)
    async with database.read() as session:
        is_member = (await session.exec(member)).first() is not None
        for visibility in Visibility:
            rows = await session.exec(
                select(literal(1)).where(
                    visible_to(caller, team, literal(visibility.value))
                )
            )
            if rows.first():
                found.add((visibility, is_member))
    return found


ALL_AS_MEMBER = {(visibility, True) for visibility in Visibility}
SHARED = {(Visibility.internal, False), (Visibility.public, False)}


async def change(database: Database, team_id: UUID, **fields: Any) -> None:
    async with database.write() as session:
        (await session.get_one(Team, team_id)).sqlmodel_update(fields)


async def test_the_anonymous_see_what_is_public(
    teams: dict[str, UUID], database: Database
) -> None:
    for team_id in teams.values():
        assert await seen(database, Anonymous(), team_id) == {
            (Visibility.public, False)
        }


async def test_a_team_may_require_a_second_factor(
    actor: Actor, teams: dict[str, UUID], database: Database
) -> None:
    team_id = teams["owner"]
    assert await seen(database, actor, team_id) == ALL_AS_MEMBER
    await change(database, team_id, require_second_factor=True)

    assert await seen(database, actor, team_id) == SHARED
    safe = replace(actor, has_second_factor=True)
    assert await seen(database, safe, team_id) == ALL_AS_MEMBER
    async with database.read() as session:
        assert await role_in(session, actor, team_id) is None
        assert await role_in(session, safe, team_id) is Role.owner
        with pytest.raises(Forbidden):
            await require(session, actor, team_id, Verb.edit)


async def test_a_token_for_some_teams_sees_nothing_of_others(
    actor: Actor, teams: dict[str, UUID], database: Database
) -> None:
    limited = replace(actor, team_ids=frozenset({teams["viewer"], teams["None"]}))

    assert await seen(database, limited, teams["viewer"]) == ALL_AS_MEMBER
    assert await seen(database, limited, teams["None"]) == SHARED
    assert await seen(database, limited, teams["owner"]) == set()
    async with database.read() as session:
        assert await role_in(session, limited, teams["owner"]) is None
        roles = await roles_in(session, limited, list(teams.values()))
    assert roles == {teams["viewer"]: Role.viewer}


async def test_a_deleted_team_is_gone_for_everybody(
    actor: Actor, teams: dict[str, UUID], database: Database
) -> None:
    team_id = teams["owner"]
    await change(database, team_id, deleted_at=utc_now())

    for caller in (actor, replace(actor, has_second_factor=True), Anonymous()):
        assert await seen(database, caller, team_id) == set()
    async with database.read() as session:
        assert await role_in(session, actor, team_id) is None
