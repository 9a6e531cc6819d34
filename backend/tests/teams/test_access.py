"""The table of roles, and who sees what, as the domain states them."""

import itertools
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import literal
from sqlmodel import Uuid, select

from roster.core.actor import Actor
from roster.core.db import Database
from roster.core.errors import Forbidden
from roster.teams.access import Verb, may, require, role_in, visible_to
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
